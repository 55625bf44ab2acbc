import ErrorText
@testable import ErrorsProjector
import Rules
import Testing

/// The tables' own examples: each rule finds what is marked in its examples, and matches none of its
/// counterexamples.
@Suite struct RuleTableTests {
  private static let tables = [
    builtInRules, categoryRules, carrierRules, syntaxRules, pageRules, escapeRules, typeRules,
    thrownRules, silenceRules, markRules, entityRules, fixTypeRules, fileNameRules,
  ]

  @Test(arguments: tables)
  func `every rule finds what is marked, and nothing elsewhere`(table: [Rule]) {
    let rules = RuleSet(table)
    #expect(rules.faults.isEmpty)
    for (index, rule) in table.enumerated() {
      #expect(!rule.examples.isEmpty && !rule.counterexamples.isEmpty, "\(rule.name)")
      for example in rule.examples {
        let (text, spans) = Rule.marked(example)
        #expect(rules.hits(Array(text.utf8).span).contains(index), "\(rule.heading): \(text)")
        var start = 0
        for span in spans {
          let match = rules.match(index, in: Array(text.utf8).span, from: start)
          #expect(match?.found == span, "\(rule.heading): \(text)")
          start = span.upperBound
        }
      }
      for text in rule.counterexamples {
        #expect(!rules.hits(Array(text.utf8).span).contains(index), "\(rule.heading): \(text)")
      }
    }
  }

  @Test func `what is told of a fix is what its example stands for`() {
    for rule in fixTypeRules {
      for example in rule.examples {
        #expect(FixType(of: example).rawValue == rule.kind, "\(example)")
      }
      for text in rule.counterexamples {
        #expect(FixType(of: text).rawValue != rule.kind, "\(text)")
      }
    }
  }

  @Test func `of a text the names of files are found, and nothing else`() {
    for rule in fileNameRules {
      for example in rule.examples {
        let (text, spans) = Rule.marked(example)
        let marked = spans.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        #expect(FileNames.all(in: text) == (rule.kind == "file" ? marked : []), "\(text)")
      }
    }
  }
}
