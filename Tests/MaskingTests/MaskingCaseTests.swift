import Masking
import Rules
import Testing

/// Lines as they stand in shells, settings, code and speech: what is marked goes, and nothing else.
@Suite struct MaskingCaseTests {
  @Test(arguments: commandCases + namedCases + mixedCases + formCases)
  func `what is marked is masked, and nothing else`(cases: Rule) {
    for example in cases.examples {
      let (text, spans) = Rule.marked(example)
      let once = masked(text)
      #expect(withoutKinds(once) == withMarks(text, spans), "\(cases.name): \(text)")
      #expect(masked(once) == once, "\(cases.name): \(text)")
    }
    for text in cases.counterexamples { #expect(masked(text) == text, "\(cases.name)") }
  }

  @Test func `there are many lines of each kind, with and without a secret`() {
    let cases = commandCases + namedCases + mixedCases + formCases
    let with = cases.reduce(0) { $0 + $1.examples.count }
    let without = cases.reduce(0) { $0 + commaSeparated($1.counterexamples) }
    #expect(with >= 300)
    #expect(without >= 150)
  }

  private func commaSeparated(_ texts: [String]) -> Int {
    texts.reduce(0) { $0 + $1.split(separator: ", ").count }
  }

  /// The text with a mark in place of each span.
  private func withMarks(_ text: String, _ spans: [Range<Int>]) -> String {
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var rest = 0
    for span in spans {
      output += bytes[rest..<span.lowerBound] + Array("[…]".utf8)
      rest = span.upperBound
    }
    return String(decoding: output + bytes[rest...], as: UTF8.self)
  }

  /// A masked text with the same mark for all kinds.
  private func withoutKinds(_ text: String) -> String {
    MaskKind.allCases.reduce(text) { text, kind in
      text.replacing("[\(kind.rawValue.uppercased())]", with: "[…]")
    }
  }
}
