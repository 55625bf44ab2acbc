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
