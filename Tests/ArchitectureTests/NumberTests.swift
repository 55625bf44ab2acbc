import Testing

/// Numbers and names that lie on disk or count in a digest stand in the source, and never change.
@Suite struct NumberTests {
  @Test func `every case of a numbered enumeration says its number`() throws {
    var seen = 0
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for numbered in numberedCases(of: file) {
        seen += 1
        #expect(
          numbered.number != nil,
          "\(file.relativePath): \(numbered.name) has no number: write `case x = 0`")
      }
    }
    #expect(seen > 200)
  }

  @Test func `numbers and names on disk are what they were`() throws {
    var found: [String] = []
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for entry in numberedCases(of: file) {
        found.append("\(folder(of: file)) \(entry.name) = \(entry.number ?? "?")")
      }
      found += declared(in: file)
    }
    let kept = Set(numbersOnDisk.split(separator: "\n").map(String.init))
    let now = Set(found)
    for line in now.subtracting(kept).sorted() {
      Issue.record("new, or changed: \(line) (what is new belongs into NumbersOnDisk.swift)")
    }
    for line in kept.subtracting(now).sorted() {
      Issue.record("gone, or changed: \(line) (data on disk still has it)")
    }
  }
}

/// `Events`, or `Projectors/Errors`.
private func folder(of file: SourceTree.File) -> String {
  let parts = file.relativePath.split(separator: "/")
  return parts[1] == "Projectors" ? "Projectors/\(parts[2])" : String(parts[1])
}

/// The cases of enumerations whose raw values are numbers.
private func numberedCases(of file: SourceTree.File) -> [(name: String, number: String?)] {
  let types = ["UInt8", "UInt16", "UInt32", "UInt64", "Int", "Int32", "Int64", "NamedChoice"]
  var cases: [(name: String, number: String?)] = []
  var owner: (name: String, depth: Int)?
  var depth = 0
  for line in file.lines {
    let code = withoutTexts(line)
    let words = code.split { " :,{".contains($0) }.map(String.init)
    if owner == nil, let place = words.firstIndex(of: "enum"), place + 1 < words.count,
      code.contains("{"), words[(place + 2)...].contains(where: types.contains)
    {
      owner = (words[place + 1], depth + 1)
    } else if let owner, depth == owner.depth, words.first == "case" {
      for entry in code.split(separator: "case ", maxSplits: 1).last?.split(separator: ",") ?? [] {
        let sides = entry.split(separator: "=").map { $0.filter { !" `".contains($0) } }
        cases.append(("\(owner.name).\(sides[0])", sides.count > 1 ? sides[1] : nil))
      }
    }
    for character in code {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
    }
    if let begun = owner, depth < begun.depth { owner = nil }
  }
  return cases
}

/// A line without what stands between quotation marks, and without a comment.
private func withoutTexts(_ line: Substring) -> String {
  var isText = false
  var code = ""
  for character in line {
    if character == "\"" { isText.toggle() } else if !isText { code.append(character) }
  }
  if let comment = code.firstRange(of: "//") { code.removeSubrange(comment.lowerBound...) }
  return code
}

/// Versions of formats and views, names of tables, and bytes that tell values apart.
private func declared(in file: SourceTree.File) -> [String] {
  // Matching whole files is slow: only lines that can hold something, each with the one after it.
  let lines = file.lines.map { $0.drop { $0 == " " } }.filter { !$0.hasPrefix("//") }
  let signs = ["ersion: ", "StoredTable", "NumberedTable", "tables.keyed("]
  let text = lines.indices.filter { index in signs.contains { lines[index].contains($0) } }
    .map { index in lines[index...].prefix(2).joined(separator: " ") }.joined(separator: "\n")
  let folder = folder(of: file)
  var found: [String] = []
  for match in text.matches(of: #/"([a-z_]+)", version: ([0-9]+)/#) {
    found.append("\(folder) view \(match.1) version = \(match.2)")
  }
  for match in text.matches(
    of: #/static let ([a-z]*[vV]ersion): UInt(?:8|32) = ([0-9]+)/#)
  {
    found.append("\(folder) \(name(of: file)).\(match.1) = \(match.2)")
  }
  for match in text.matches(
    of: #/(?:StoredTable|NumberedTable)(?:<[^(]*>)?\( ?"([^"]+)"/#)
  {
    found.append("\(folder) table \(match.1)")
  }
  for match in text.matches(of: #/tables\.keyed\( ?"([^"]+)"/#) {
    found.append("\(folder) table \(match.1)")
  }
  let writing = lines.filter { $0.contains("append(byte: ") }.joined(separator: "\n")
  let bytes = writing.matches(of: #/append\(byte: ([^()U]*[0-9][^()]*)\)/#).map { String($0.1) }
  if !bytes.isEmpty {
    found.append("\(folder) \(name(of: file)) bytes = \(bytes.joined(separator: ", "))")
  }
  return found
}

private func name(of file: SourceTree.File) -> Substring {
  file.relativePath.split(separator: "/").last?.split(separator: ".").first ?? ""
}
