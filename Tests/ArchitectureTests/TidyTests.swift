import Testing

/// What the tree looks like, as a test.
@Suite struct TidyTests {
  /// Lines above which a file has to be more than one thing.
  static let fileLengthMax = 400

  @Test func `files are one thing`() throws {
    for root in ["Sources", "Tests"] {
      for file in try SourceTree.files(under: root, suffix: ".swift") {
        #expect(
          file.lines.count <= Self.fileLengthMax, "\(file.relativePath): \(file.lines.count) lines")
      }
    }
  }

  @Test func `nothing is left for later, and nothing is swallowed`() throws {
    // In pieces, so that this file does not hold them.
    let banned = [
      "TO" + "DO", "FIX" + "ME", "fatal" + "Error(", "try" + "!", "for n" + "ow",
    ]
    for root in ["Sources", "Tests", "tools", "schemas"] {
      for file in try SourceTree.files(under: root, suffix: "") {
        for (number, line) in file.lines.enumerated() {
          for word in banned where line.contains(word) {
            Issue.record("\(file.relativePath):\(number + 1) holds `\(word)`")
          }
        }
      }
    }
  }

  @Test func `what was checked is made by the check alone`() throws {
    var seen = 0
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for (number, line) in file.lines.enumerated() {
        // What comes of a check, and the jobs and names that are a part of it.
        guard line.contains(/package struct (Checked|\w+Job|KeptName)\b.*\{$/) else { continue }
        seen += 1
        let end = "\(line.prefix { $0 == " " })}"
        let body = file.lines[(number + 1)...].prefix { $0 != end }
        #expect(
          body.contains { $0.contains("fileprivate init(") || $0.contains("fileprivate let ") },
          "\(file.relativePath):\(number + 1): anybody can make it")
      }
    }
    #expect(seen > 20)
  }

  @Test func `package declarations have a line of documentation`() throws {
    for file in try SourceTree.files(under: "Sources", suffix: ".swift") {
      for (number, line) in file.lines.enumerated() {
        guard line.hasPrefix("package "), !line.hasPrefix("package import"), number > 0 else {
          continue
        }
        if line.contains(" class ") || line.contains(" struct ") || line.contains(" enum ")
          || line.contains(" protocol ")
        {
          let before = file.lines[number - 1]
          #expect(
            before.hasPrefix("///") || before.hasPrefix("@"),
            "\(file.relativePath):\(number + 1) is not documented")
        }
      }
    }
  }
}
