internal import ErrorText
internal import Rules

/// An error that everybody meets: it annotates the groups that are instances of it.
struct BuiltIn: Sendable {
  let name: String
  let category: Category
  let advice: String

  /// The first that an error's type and line are an instance of.
  static func matching(_ line: Span<UInt8>) -> BuiltIn? { rules.hits(line).first.map { all[$0] } }

  /// The phrase by which a line is an instance of it; nil for none.
  func phrase(in line: Span<UInt8>) -> String? {
    Self.all.indices.first { Self.all[$0].name == name && Self.rules.match($0, in: line) != nil }
      .flatMap { Self.rules.phrase(of: $0, in: line) }
  }

  static func named(_ name: String) -> BuiltIn? { byName[name] }

  private static let rules = RuleSet(builtInRules)
  // What names one needs no automata, which take longer to make than all else of an answer.
  private static let all = builtInRules.map { rule in
    BuiltIn(
      name: rule.name, category: Category(named: rule.kind) ?? .other, advice: rule.advice)
  }
  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}

extension RuleSet {
  /// What of a line makes it an instance of a rule, in small letters.
  func phrase(of rule: Int, in line: Span<UInt8>) -> String? {
    match(rule, in: line).map { match in
      String(repairing: line.extracting(match.found)).lowercased()
    }
  }
}
