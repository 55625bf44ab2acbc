/// The part of a settings file that is about `[values]`, cut out line by line, so that it can stand in
/// another file with its own comments.
struct ScoringText: Equatable {
  /// Settings like `values.profile = "quality"`, that stand before all sections.
  private var bare: [Substring] = []
  private var sections: [Substring] = []
  /// The lines of the file that are about other things, and where the part stood among them.
  private var others: [Substring] = []
  private var place: Int?

  init(of file: String) {
    var section: String?
    for line in file.split(separator: "\n", omittingEmptySubsequences: false) {
      if let name = sectionName(line) { section = name }
      if let section {
        isOfValues(section) ? take(line) : others.append(line)
      } else if isOfValues(keyName(line)) {
        bare.append(line)
      } else {
        others.append(line)
      }
    }
    if others.last == "" { others.removeLast() }
  }

  private mutating func take(_ line: Substring) {
    if place == nil { place = others.count }
    sections.append(line)
  }

  /// The part, empty or ending with a newline.
  var text: String {
    var lines = bare + sections
    while lines.last.map(isBlank) == true { lines.removeLast() }
    return lines.map { "\($0)\n" }.joined()
  }

  /// The file that this was cut out of, with another part in its place.
  func file(with part: String) -> String {
    let part = ScoringText(of: part)
    var before = part.bare + others[..<(place ?? others.count)]
    var after = others[(place ?? others.count)...]
    while before.last.map(isBlank) == true { before.removeLast() }
    while after.first.map(isBlank) == true { after.removeFirst() }
    var middle = part.sections
    while middle.last.map(isBlank) == true { middle.removeLast() }
    let blocks = [before, middle, Array(after)].filter { !$0.isEmpty }
    return blocks.map { block in block.map { "\($0)\n" }.joined() }.joined(separator: "\n")
  }
}

private func isOfValues(_ name: String) -> Bool { name == "values" || name.hasPrefix("values.") }

private func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" } }

/// `values.weights` of ` [values.weights] # mine`; nil of a line that begins no section.
private func sectionName(_ line: Substring) -> String? {
  let words = line.drop { $0 == " " || $0 == "\t" }
  guard words.first == "[" else { return nil }
  return bareName(words.dropFirst().prefix { $0 != "]" })
}

/// The key of a line like `values.profile = "quality"`; empty when it has none.
private func keyName(_ line: Substring) -> String {
  line.contains("=") ? bareName(line.prefix { $0 != "=" }) : ""
}

/// A name without spaces and quotes.
private func bareName(_ name: Substring) -> String {
  name.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" }
}
