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

/// Names with what they hold and what they are, in three columns.
struct DefinitionList {
  var entries: [(name: String, type: String, about: String)] = []

  mutating func append(_ name: String, _ type: String, _ about: String) {
    entries.append((name, type, about))
  }

  /// The lines, the sentences broken at `width` columns.
  func lines(width: Int) -> [String] {
    let names = entries.map { $0.name.utf8.count }.max() ?? 0
    let types = entries.map { $0.type.utf8.count }.max() ?? 0
    let indent = String(repeating: " ", count: names + types + (types > 0 ? 6 : 4))
    return entries.flatMap { entry in
      let type = types > 0 ? "\(entry.type.padded(to: types))  " : ""
      let head = "  \(entry.name.padded(to: names))  \(type)"
      let body = broken(entry.about, indent: indent, width: max(width, indent.count + 30))
      return [head + (body.first.map { String($0.dropFirst(indent.count)) } ?? "")]
        + body.dropFirst()
    }
  }
}

/// A text in lines of at most `width` columns, each indented.
package func broken(_ text: String, indent: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, indent.count + line.count + 1 + word.count > width {
      lines.append(indent + line)
      line = ""
    }
    line += line.isEmpty ? "\(word)" : " \(word)"
  }
  return line.isEmpty ? lines : lines + [indent + line]
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - utf8.count))
  }
}

/// Names after a label, with commas, in lines of at most `width` columns; later lines are indented.
/// What is wider than a line is cut.
func wrapped(_ label: String, _ names: [String], width: Int = 80) -> [String] {
  let items = names.enumerated().map { $0 + 1 < names.count ? "\($1)," : $1 }
  return filled(label, items, width: width)
}

/// A sentence in lines of at most `width` columns; later lines are indented.
func wrapped(sentence: String, width: Int) -> [String] {
  filled("", sentence.split(separator: " ").map(String.init), width: width)
}

private func filled(_ label: String, _ items: [String], width: Int) -> [String] {
  var lines: [String] = []
  var line = label
  var isFresh = true
  for item in items {
    let columns = DisplayText(line).width + DisplayText(item).width + (isFresh ? 0 : 1)
    if columns > width, !isFresh || !label.isEmpty {
      lines.append(line)
      line = "  \(item)"
    } else {
      line += isFresh ? item : " \(item)"
    }
    isFresh = false
  }
  return (lines + [line]).map { withoutTrailingSpaces(DisplayText($0, width: width).text) }
}

func withoutTrailingSpaces(_ text: String) -> String {
  let bytes = Array(text.utf8)
  let end = bytes.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
  return String(decoding: bytes[..<end], as: UTF8.self)
}
