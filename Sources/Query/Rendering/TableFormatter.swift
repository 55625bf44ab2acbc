internal import Views

/// Columns as wide as their cells, fitted to the terminal; notes below on a terminal only.
struct TableFormatter: RowFormatter {
  private let heading: AnswerHeading
  private let style: TextStyle
  /// The column of dollars, and the one that says what they rest on: some are a lower bound.
  private let dollars: (column: Int, basis: Int)?
  /// The first rows, until the widths are computed from them.
  private var sample: [[Cell]] = []
  private var widths: [Int?]?
  private var isEmpty = true
  private static let sampleMax = 1_000
  /// Without a terminal, texts are not cut, but columns are no wider than this.
  private static let textWidthMax = 80

  init(_ heading: AnswerHeading, _ style: TextStyle) {
    self.heading = heading
    self.style = style
    let names = heading.columns.map(\.name)
    if let column = names.firstIndex(of: "cost_usd"), let basis = names.firstIndex(of: "cost_basis")
    {
      dollars = (column, basis)
    } else {
      dollars = nil
    }
  }

  func begin(_ bytes: inout [UInt8]) {}

  mutating func row(_ cells: [Cell], _ bytes: inout [UInt8]) {
    isEmpty = false
    if let widths {
      append(cells, widths, to: &bytes)
    } else {
      sample.append(cells)
      if sample.count == Self.sampleMax { writeSample(to: &bytes) }
    }
  }

  mutating func end(more: Int?, _ bytes: inout [UInt8]) {
    if widths == nil { writeSample(to: &bytes) }
    guard let width = style.width else { return }
    for note in notes(more: more, width: width) {
      bytes.append(utf8: style.dim(note))
      bytes.append(ascii: "\n")
    }
  }

  private func notes(more: Int?, width: Int) -> [String] {
    var notes: [String] = []
    if isEmpty { notes.append("no rows") }
    if let more, more > 0 {
      let rows = more == 1 ? "1 more row" : "\(HumanNumbers.grouped(more)) more rows"
      notes += wrapped(sentence: "\(rows); --limit or --format to see all", width: width)
    }
    let hidden = zip(heading.columns, widths ?? []).filter { $1 == nil }.map(\.0.name)
    if !hidden.isEmpty { notes += wrapped("hidden: ", hidden, width: width) }
    return notes + wrapped(sentence: "\(heading.view) at offset \(heading.offset)", width: width)
  }

  private mutating func writeSample(to bytes: inout [UInt8]) {
    let widths = columnWidths(needs(), width: style.width)
    self.widths = widths
    var titles = TableLine()
    for (column, width) in zip(heading.columns, widths) {
      guard let width else { continue }
      let title = DisplayText(column.name, width: width, isASCII: style.isASCII)
      titles.append(title, width: width, isRight: column.type.isRight)
    }
    bytes.append(utf8: style.bold(titles.text))
    bytes.append(ascii: "\n")
    bytes.append(utf8: style.dim(ruleLine(widths, style)))
    bytes.append(ascii: "\n")
    for cells in sample { append(cells, widths, to: &bytes) }
    sample = []
  }

  private func append(_ cells: [Cell], _ widths: [Int?], to bytes: inout [UInt8]) {
    var line = TableLine()
    for (place, column) in heading.columns.enumerated() {
      guard let width = widths[place] else { continue }
      let limit = style.width == nil ? nil : width
      let text = text(of: cells, at: place, width: limit)
      line.append(text, width: width, isRight: column.type.isRight)
    }
    bytes.append(contentsOf: line.trimmed)
    bytes.append(ascii: "\n")
  }

  private func text(of cells: [Cell], at place: Int, width limit: Int?) -> DisplayText {
    let cell = place < cells.count ? cells[place] : .null
    if place == dollars?.column, let basis = dollars?.basis, !cell.isNull, basis < cells.count,
      let weakest = cells[basis].text, ["partial", "unknown"].contains(weakest)
    {
      let sign = style.isASCII ? ">=" : "≥"
      return DisplayText(
        sign + DisplayText(cell, width: nil, isASCII: style.isASCII).text, width: limit,
        isASCII: style.isASCII)
    }
    return DisplayText(cell, width: limit, isASCII: style.isASCII)
  }

  private func needs() -> [ColumnNeed] {
    let measureMax = style.width ?? Self.textWidthMax
    return heading.columns.enumerated().map { place, column in
      let limit = column.type.isFlexible ? measureMax : nil
      var content = 0
      for cells in sample where place < cells.count {
        content = max(content, text(of: cells, at: place, width: limit).width)
      }
      let worth = worth(of: column, at: place)
      return ColumnNeed(
        title: DisplayText(column.name).width, content: content,
        isFlexible: column.type.isFlexible, worth: worth.number,
        isMinor: worth.number < Worth.usual.number, isAnswer: worth.isAnswer)
    }
  }

  /// What names a row first, then what was asked for, what the table declares, and last what says
  /// nothing new.
  private func worth(of column: Column, at place: Int) -> Worth {
    if heading.key.contains(column.name) { return .key }
    if heading.namedColumns.contains(place) { return .named }
    let cells = sample.lazy.map { place < $0.count ? $0[place] : .null }
    if !sample.isEmpty, cells.allSatisfy(\.isNull) { return .nothing }
    if column.type == .texts || column.type == .offsets { return .list }
    if let rank = heading.shownFirst.firstIndex(of: column.name) { return .declared(rank) }
    if column.name.utf8.suffix(3).elementsEqual("_id".utf8) { return .id }
    if sample.count > 1, let first = cells.first, cells.allSatisfy({ $0 == first }) { return .same }
    return .usual
  }
}

/// How early a column gets its place.
private enum Worth {
  case key, named, usual, same, id, list, nothing
  /// Before the usual ones, the lower ranks first.
  case declared(Int)

  /// Whether it is among the first that a table declares.
  var isAnswer: Bool {
    if case .declared(let rank) = self { return rank < 3 }
    return false
  }

  var number: Int {
    switch self {
    case .key: .max
    case .named: 1_000
    case .declared(let rank): 999 - rank
    case .usual: 4
    case .same: 3
    case .id: 2
    case .list: 1
    case .nothing: 0
    }
  }
}
