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
