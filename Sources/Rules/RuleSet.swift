internal import CRE2

/// The rules of a table, looked for together.
///
/// Most patterns need one of some texts, or many letters and digits one after the other: a look for
/// these leaves those that can match at all. Rules that need the same form a group, whose automaton
/// tells in one pass which of them match, and is made when it is first needed; where, each rule's own
/// tells. All take time in proportion to the text. Text is bytes, and need not be UTF-8.
@safe package final class RuleSet: Sendable {
  /// All of the table. One whose pattern is none never matches.
  package let rules: [Rule]
  // Matching changes nothing that is seen, and may be done by several threads at once.
  private nonisolated(unsafe) let automata: OpaquePointer?
  /// Finds the groups, but for the first: its rules are looked for in every text.
  private let texts: TextAutomaton?
  private let hasFirstGroup: Bool
  /// Groups of rules that need a run of letters and digits, with its length.
  private let runs: [(least: Int, group: Int)]

  private static let groupsMax = 64

  package init(_ table: [Rule]) {
    rules = table
    let needed = table.map { RequiredTexts.of($0.pattern) }
    let groups = Self.groups(of: needed)
    let automata = unsafe cre2_create()
    if let automata = unsafe automata {
      for (rule, group) in zip(table, groups) {
        unsafe cre2_add(automata, rule.pattern, rule.pattern.utf8.count, group)
      }
    }
    unsafe self.automata = automata
    var texts: [(text: [UInt8], group: Int)] = []
    var runs: [Int: Int] = [:]
    for (needed, group) in zip(needed, groups) {
      switch needed {
      case .texts(let needed): for text in needed { texts.append((text, group)) }
      case .run(let least): runs[group] = min(least, runs[group] ?? least)
      case .nothing: break
      }
    }
    self.runs = runs.map { (least: $1, group: $0) }
    self.texts = texts.isEmpty ? nil : TextAutomaton(texts)
    hasFirstGroup = groups.contains(0)
  }

  deinit { if let automata = unsafe automata { unsafe cre2_destroy(automata) } }

  /// The group of each rule: 0 of those that need nothing, else that of the first rule that needs one
  /// of the same texts, or as long a run.
  private static func groups(of needed: [Requirement]) -> [Int] {
    var firstOfText: [[UInt8]: Int] = [:]
    var firsts = Array(needed.indices)
    func first(_ rule: Int) -> Int {
      var rule = rule
      while firsts[rule] != rule { rule = firsts[rule] }
      return rule
    }
    var firstOfRun: [Int: Int] = [:]
    for (rule, needed) in needed.enumerated() {
      if case .run(let least) = needed {
        firsts[rule] = firstOfRun[least] ?? rule
        firstOfRun[least] = firsts[rule]
      }
      guard case .texts(let texts) = needed else { continue }
      for text in texts {
        let (left, right) = (first(firstOfText[text] ?? rule), first(rule))
        firsts[max(left, right)] = min(left, right)
        firstOfText[text] = left
      }
    }
    var numbers: [Int: Int] = [:]
    return needed.indices.map { rule in
      if needed[rule] == .nothing { return 0 }
      let own = first(rule)
      let number = numbers[own] ?? numbers.count
      numbers[own] = number
      return 1 + number % (groupsMax - 1)
    }
  }

  /// What is wrong with the table: patterns that are none. Empty for a table that passes its test.
  package var faults: [String] {
    guard let automata = unsafe automata else { return ["no memory for the rules"] }
    return rules.indices.compactMap { rule in
      var reason = [CChar](repeating: 0, count: 256)
      if unsafe cre2_check(automata, rule, &reason, reason.count) == 0 { return nil }
      let text = String(
        decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return "\(rules[rule].name): \(text)"
    }
  }

  /// The rules that match somewhere in a text, in the table's order.
  package func hits(_ text: Span<UInt8>) -> [Int] {
    let groups = groups(in: text)
    guard groups != 0, let automata = unsafe automata else { return [] }
    return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: rules.count) { found in
      guard let start = found.baseAddress else { return [] }
      let count = unsafe text.withUnsafeBufferPointer { text in
        unsafe cre2_hits(automata, groups, text.baseAddress, text.count, start)
      }
      return unsafe found.prefix(count).map(Int.init)
    }
  }

  /// Whether any rule matches somewhere in a text.
  package func matches(_ text: Span<UInt8>) -> Bool {
    let groups = groups(in: text)
    guard groups != 0, let automata = unsafe automata else { return false }
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe cre2_any(automata, groups, text.baseAddress, text.count) != 0
    }
  }

  /// The groups of which a rule can match.
  private func groups(in text: Span<UInt8>) -> UInt64 {
    var groups = (hasFirstGroup ? 1 : 0) | (texts?.groups(in: text) ?? 0)
    for (least, group) in runs where hasRun(of: least, text) { groups |= 1 << UInt64(group) }
    return groups
  }

  /// The first match of a rule from a place on; what stands before it counts for boundaries.
  package func match(_ rule: Int, in text: Span<UInt8>, from start: Int = 0) -> RuleMatch? {
    guard let automata = unsafe automata else { return nil }
    let count = unsafe cre2_groups(automata, rule) + 1
    return unsafe withUnsafeTemporaryAllocation(of: cre2_span.self, capacity: count) { spans in
      guard let first = spans.baseAddress else { return nil }
      let isFound = unsafe text.withUnsafeBufferPointer { text in
        unsafe cre2_find(automata, rule, text.baseAddress, text.count, start, first, count)
      }
      if isFound == 0 { return nil }
      let whole = unsafe spans[0].start..<spans[0].end
      for group in 1..<max(count, 1) where unsafe spans[group].start != Int(bitPattern: .max) {
        return RuleMatch(whole: whole, found: unsafe spans[group].start..<spans[group].end)
      }
      return RuleMatch(whole: whole, found: whole)
    }
  }
}

/// Whether so many letters and digits stand one after the other. Looks from the end of where they
/// would stand, so that most bytes are passed over.
private func hasRun(of least: Int, _ text: Span<UInt8>) -> Bool {
  var start = 0
  while start + least <= text.count {
    var index = start + least - 1
    while index >= start, isAlphanumeric(text[index]) { index -= 1 }
    if index < start { return true }
    start = index + 1
  }
  return false
}

/// Where a rule matches.
package struct RuleMatch: Equatable, Sendable {
  /// All that the pattern takes in, what it needs on both sides with it.
  package let whole: Range<Int>
  /// Of that, what was looked for.
  package let found: Range<Int>
}
