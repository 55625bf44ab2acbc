import Masking
import Rules
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
}
