import Masking
import Rules
import TestSupport
import Testing

/// The table's own examples: each rule finds what is marked in its examples, and nothing in its
/// counterexamples.
@Suite struct SecretRulesTests {
  @Test func `every pattern can be read, and every rule shows what it finds`() {
    #expect(RuleSet(secretRules).faults.isEmpty)
    for rule in secretRules {
      #expect(MaskKind(rawValue: rule.kind) != nil, "\(rule.name)")
      #expect(!rule.examples.isEmpty && !rule.counterexamples.isEmpty, "\(rule.name)")
    }
    #expect(Set(secretRules.map(\.name)).count == secretRules.count)
  }

  @Test(arguments: secretRules.indices)
  func `finds what is marked, and nothing elsewhere`(index: Int) {
    let rule = secretRules[index]
    for example in rule.examples {
      let (text, spans) = Rule.marked(example)
      #expect(Masker.findings(of: index, in: text) == spans, "\(rule.name): \(text)")
    }
    for text in rule.counterexamples {
      let bytes = Array(text.utf8)
      let found = Masker.findings(of: index, in: text).map {
        String(decoding: bytes[$0], as: UTF8.self)
      }
      #expect(found.isEmpty, "\(rule.name): \(text)")
    }
  }

  /// Also in texts that are cut anywhere, stand together, or are of another case.
  @Test(arguments: [true, false])
  func `rules that are looked for together are found where each alone is`(usesGroups: Bool) {
    var random = SeededRandom(seed: 11)
    let rules = RuleSet(secretRules, usesGroups: usesGroups)
    let texts = secretRules.flatMap { $0.examples + $0.counterexamples }
      .map { Array(Rule.marked($0).text.utf8) }
    for text in texts {
      var bytes = text
      if Bool.random(using: &random) {
        bytes += texts[Int.random(in: 0..<texts.count, using: &random)]
        bytes.removeFirst(Int.random(in: 0..<bytes.count, using: &random) / 2)
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        bytes = Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8)
      }
      let alone = rules.rules.indices.filter { rules.match($0, in: bytes.span) != nil }
      #expect(rules.hits(bytes.span) == alone, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }
  /// What numbers, texts and signs tell of a text leaves out no rule that finds something in it.
  @Test(arguments: [UInt64(1), 2])
  func `what any rule finds is masked`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let examples = secretRules.flatMap(\.examples).map { Rule.marked($0).text }
    let pieces = [
      "1", "23", "456", "7890", " ", "-", ".", ":", "::", "(", ")", "/", "+", "a", "f", "DE", "x",
      "0", "é", ", ", "=", "fe80", "2001", "GB", "X", "00", "é", "\n",
    ]
    for _ in 0..<3_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...24, using: &random) {
        text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        text += examples[Int.random(in: 0..<examples.count, using: &random)]
      }
      let isFound = secretRules.indices.contains { !Masker.findings(of: $0, in: text).isEmpty }
      var masker = Masker()
      #expect((masker.mask(text) != text) == isFound, "seed \(seed): \(text)")
    }
  }
}
