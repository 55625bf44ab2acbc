/// Labels and their values, a line each, the values below one another.
package struct KeyValueBlock: Sendable {
  /// A line of its own above; none when nil.
  package var title: String?
  package private(set) var rows: [(label: String, value: String)] = []

  package init(title: String? = nil) { self.title = title }

  package init(title: String? = nil, _ rows: KeyValuePairs<String, String>) {
    self.title = title
    for (label, value) in rows { append(label, value) }
  }

  /// Adds a line; the lines of a value stand below one another.
  package mutating func append(_ label: String, _ value: String) { rows.append((label, value)) }

  /// The lines of one block, none longer than the terminal is wide.
  package func lines(_ style: TextStyle = TextStyle()) -> [String] {
    lines(style, labelWidth: labelWidth)
  }

  /// The lines of several blocks, an empty line between them, all values below one another.
  package static func lines(_ blocks: [KeyValueBlock], _ style: TextStyle = TextStyle()) -> [String]
  {
    let width = blocks.map(\.labelWidth).max() ?? 0
    return Array(blocks.map { $0.lines(style, labelWidth: width) }.joined(separator: [""]))
  }

  private var labelWidth: Int { rows.map { DisplayText($0.label).width }.max() ?? 0 }

  private func lines(_ style: TextStyle, labelWidth: Int) -> [String] {
    let indent = title == nil ? 0 : 2
    let start = indent + labelWidth + columnGap
    var lines = title.map { [style.bold(DisplayText($0, width: style.width).text)] } ?? []
    for (label, value) in rows {
      var shownLabel = label
      for part in value.split(separator: "\n", omittingEmptySubsequences: false) {
        let labelText = DisplayText(shownLabel)
        let space = String(repeating: " ", count: start - indent - labelText.width)
        let text = String(repeating: " ", count: indent) + labelText.text + space + part
        lines.append(
          withoutTrailingSpaces(DisplayText(text, width: style.width, isASCII: style.isASCII).text))
        shownLabel = ""
      }
    }
    return lines
  }
}
