import Testing
import TestSupport

@testable import Events

@Suite struct FieldNamesTests {
  @Test func `each field has one rule, with names`() {
    #expect(FieldNames.rules.map(\.field.rawValue) == Field.allCases.map(\.rawValue))
    for rule in FieldNames.rules { #expect(!rule.names.isEmpty, "\(rule.field)") }
  }

  @Test func `a field is called as lines write it`() {
    #expect(Field.costUSD.name == "cost_usd" && Field.exitCode.name == "exit_code")
    #expect(Set(Field.allCases.map(\.name)).count == Field.allCases.count)
  }

  @Test func `a field fits in the bits that mark its presence`() {
    #expect(Field.allCases.count <= 128)
  }

  @Test func `what is told apart is never taken from inside`() {
    let topOnly = ["id", "status", "error", "type"]
    for rule in FieldNames.rules {
      for name in rule.names {
        #expect(name.isTopOnly == topOnly.contains(name.key), "\(rule.field) \(name.key)")
      }
    }
  }

  /// A value that each shape accepts, and what it becomes.
  private func example(_ shape: FieldShape) -> (json: String, value: FieldValue) {
    switch shape {
    case .text, .term, .identifier, .version: (#""some text""#, "some text")
    case .number, .count: ("2.5", 2.5)
    case .fraction: ("0.5", 0.5)
    case .share: ("true", true)
    case .complexity: (#""simple""#, "simple")
    case .sign: ("-1", -1)
    case .rating: ("4", 4)
    case .flag, .presence, .verdict: ("true", true)
    case .terms: (#"["a","b"]"#, ["a", "b"])
    }
  }

  @Test(arguments: FieldNames.rules.indices)
  func `each name is read, first at the top and then in each object`(index: Int) throws {
    let rule = FieldNames.rules[index]
    for name in rule.names where name.errorMember == nil {
      var (json, value) = example(rule.shape)
      if name.isSingle { (json, value) = (#""a""#, ["a"]) }
      if name.factor != 1 { value = 2500 }
      if name.isOfTests { (json, value) = ("true", 1) }
      let kind = name.kinds.first ?? "k"
      #expect(try fields(#"{"\#(name.key)":\#(json)}"#, kind: kind)[rule.field] == value)
      for container in FieldNames.containers {
        let inside = try fields(#"{"\#(container)":{"\#(name.key)":\#(json)}}"#, kind: kind)
        #expect(inside[rule.field] == (name.isTopOnly ? nil : value), "\(container) \(name.key)")
      }
      if !name.kinds.isEmpty {
        #expect(try fields(#"{"\#(name.key)":\#(json)}"#, kind: "k")[rule.field] == nil)
      }
    }
  }

  @Test(arguments: FieldNames.rules.indices)
  func `earlier names count more`(index: Int) throws {
    let rule = FieldNames.rules[index]
    guard [.text, .term, .identifier, .number].contains(rule.shape) else { return }
    let names = rule.names.filter { $0.errorMember == nil && $0.kinds.isEmpty && $0.factor == 1 }
    for later in names.indices.dropFirst() {
      let (first, last) = (names[later - 1].key, names[later].key)
      let isNumber = rule.shape == .number
      let line = isNumber ? #"{"\#(last)":2,"\#(first)":1}"# : #"{"\#(last)":"2","\#(first)":"1"}"#
      #expect(try fields(line)[rule.field] == (isNumber ? 1 : "1"), "\(first) before \(last)")
    }
  }
}
