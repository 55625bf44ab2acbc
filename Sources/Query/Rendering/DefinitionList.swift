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
