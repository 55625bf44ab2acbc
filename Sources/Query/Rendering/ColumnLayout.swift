/// What a column of a table wants.
struct ColumnNeed: Equatable {
  /// Columns of the terminal that its title takes.
  var title: Int
  /// Those that its widest cell takes.
  var content: Int
  /// Whether cells may be cut: text, never numbers.
  var isFlexible: Bool
  /// How early it gets its place when there is not enough.
  var worth: Int
  /// Whether it is shown only where the others need not be cut for it.
  var isMinor = false
  /// What the table is asked for: others are cut further before it is hidden.
  var isAnswer = false

  var natural: Int { max(title, content, 1) }

  /// Fewer columns that can be read rather than more that cannot.
  static let leastUsual = 18
  /// What still tells names apart.
  static let leastCut = 10

  func least(_ most: Int) -> Int { isFlexible ? min(natural, most) : natural }

  /// What it can be read at.
  var comfort: Int { isFlexible ? min(natural, 24) : natural }
}

/// Spaces between two columns.
let columnGap = 2

/// The width of each column of a table; nil for those that are hidden.
///
/// Without a width all have what they want. Else columns get their least in the order of their
/// worth, as long as there is room, and at least one does; what is left goes to the narrowest
/// first. Minor ones come in only where all can be read. What the table is asked for is there before
/// names have the room to be read whole.
func columnWidths(_ needs: [ColumnNeed], width limit: Int?) -> [Int?] {
  guard let limit else { return needs.map(\.natural) }
  let width = max(limit, 1)
  var widths: [Int?] = needs.map { _ in nil }
  var left = width
  var comfortLeft = width
  var isFirst = true
  let order = needs.indices.sorted(by: { byWorth(needs, $0, $1) })
  let most = most(order.map { needs[$0] }, width: width)
  for place in order {
    let least = needs[place].least(most)
    let gap = isFirst ? 0 : columnGap
    let comfort = needs[place].comfort + gap
    if least + gap <= left, !needs[place].isMinor || comfort <= comfortLeft {
      widths[place] = least
      left -= least + gap
      comfortLeft -= comfort
    } else if isFirst {
      widths[place] = width
      left = 0
    }
    isFirst = false
  }
  grow(&widths, needs, by: left)
  return widths
}

/// The least that texts have: less than usual where, else, one of the answers had no place.
///
/// - Parameter needs: in the order of their worth.
private func most(_ needs: [ColumnNeed], width: Int) -> Int {
  guard let last = needs.lastIndex(where: \.isAnswer) else { return ColumnNeed.leastUsual }
  // Answers stand one behind the other, whatever names a row before them.
  for end in (0...last).reversed() where needs[end].isAnswer {
    for most in (ColumnNeed.leastCut...ColumnNeed.leastUsual).reversed() {
      let total = needs[...end].reduce(-columnGap) { $0 + $1.least(most) + columnGap }
      if total <= width { return most }
    }
  }
  return ColumnNeed.leastUsual
}

private func byWorth(_ needs: [ColumnNeed], _ left: Int, _ right: Int) -> Bool {
  needs[left].worth != needs[right].worth ? needs[left].worth > needs[right].worth : left < right
}

/// Gives columns what they want beyond their least, one by one, the narrowest first.
private func grow(_ widths: inout [Int?], _ needs: [ColumnNeed], by left: Int) {
  var left = left
  while left > 0 {
    var narrowest: (place: Int, width: Int)?
    for (place, width) in widths.enumerated() {
      guard let width, width < needs[place].natural else { continue }
      if width < (narrowest?.width ?? .max) { narrowest = (place, width) }
    }
    guard let narrowest else { return }
    widths[narrowest.place] = narrowest.width + 1
    left -= 1
  }
}

/// A line of cells in their columns, without spaces at the end.
struct TableLine {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  mutating func append(_ text: DisplayText, width: Int, isRight: Bool) {
    if !isFirst { pad(columnGap) }
    isFirst = false
    if isRight { pad(width - text.width) }
    bytes.append(contentsOf: text.bytes)
    if !isRight { pad(width - text.width) }
  }

  private mutating func pad(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0x20, count: max(count, 0)))
  }

  /// The line, without spaces at its end.
  var trimmed: [UInt8] {
    Array(bytes[..<(bytes.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0)])
  }

  var text: String { String(decoding: trimmed, as: UTF8.self) }
}

/// The line below the titles.
func ruleLine(_ widths: [Int?], _ style: TextStyle) -> String {
  widths.compactMap { $0 }.map { String(repeating: style.isASCII ? "-" : "─", count: $0) }
    .joined(separator: String(repeating: " ", count: columnGap))
}

/// A small table of texts, for reports: titles, a rule, rows. Later columns are hidden first.
package struct TextGrid: Sendable {
  package struct Column: Sendable {
    package let title: String
    /// Whether its cells are numbers: they end at the right, and are never cut.
    package let isNumber: Bool

    package init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  package let columns: [Column]
  package private(set) var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  package mutating func append(_ cells: [String]) { rows.append(cells) }

  /// The lines, none longer than the terminal is wide.
  package func lines(_ style: TextStyle = TextStyle()) -> [String] {
    let widths = columnWidths(needs(style), width: style.width)
    let titles = line(columns.map(\.title), widths, style)
    let hidden = zip(columns, widths).filter { $1 == nil }.map(\.0.title)
    let notes = hidden.isEmpty ? [] : wrapped("hidden: ", hidden, width: style.width ?? 80)
    return [style.bold(titles), style.dim(ruleLine(widths, style))]
      + rows.map { line($0, widths, style) } + notes.map(style.dim)
  }

  private func needs(_ style: TextStyle) -> [ColumnNeed] {
    columns.enumerated().map { place, column in
      let cells = rows.lazy.filter { place < $0.count }.map { DisplayText($0[place]).width }
      return ColumnNeed(
        title: DisplayText(column.title).width, content: cells.max() ?? 0,
        isFlexible: !column.isNumber, worth: -place)
    }
  }

  private func line(_ cells: [String], _ widths: [Int?], _ style: TextStyle) -> String {
    var line = TableLine()
    for (place, column) in columns.enumerated() {
      guard let width = widths[place] else { continue }
      let text = DisplayText(
        place < cells.count ? cells[place] : "", width: width, isASCII: style.isASCII)
      line.append(text, width: width, isRight: column.isNumber)
    }
    return line.text
  }
}
