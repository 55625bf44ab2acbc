internal import CRE2

/// The rules of a table, looked for together.
///
/// Most patterns need one of some texts, a run of letters and digits, or a sign: a look for these
/// leaves those that can match at all. Rules that need the same form a group, whose
/// automaton tells in one pass which of them match, and is made when it is first needed; where, each
/// rule's own tells. All take time in proportion to the text. Text is bytes, and need not be UTF-8.
@safe package final class RuleSet: Sendable {
  /// All of the table. One whose pattern is none never matches.
  package let rules: [Rule]
  // Matching changes nothing that is seen, and may be done by several threads at once.
  private nonisolated(unsafe) let automata: OpaquePointer?
  /// Finds the groups whose rules need texts; the others are looked for in every text.
  private let texts: TextAutomaton?
  /// A bit for each group with a rule that needs no text.
  private let withoutTexts: UInt64
  /// The rules of each group.
  private let members: [[Int]]
  /// What each rule needs.
  private let needed: [Requirement]

  private static let groupsMax = 64

  package init(_ table: [Rule]) {
    rules = table
    needed = table.map { RequiredTexts.of($0.pattern) }
    let groups = Self.groups(of: needed)
    let automata = unsafe cre2_create()
    if let automata = unsafe automata {
      for (rule, group) in zip(table, groups) {
        unsafe cre2_add(automata, rule.pattern, rule.pattern.utf8.count, group)
      }
    }
    unsafe self.automata = automata
    var texts: [(text: [UInt8], group: Int)] = []
    var members = [[Int]](repeating: [], count: Self.groupsMax)
    var withoutTexts: UInt64 = 0
    for (rule, group) in groups.enumerated() {
      members[group].append(rule)
      for text in needed[rule].texts { texts.append((text, group)) }
      if needed[rule].texts.isEmpty { withoutTexts |= 1 << UInt64(group) }
    }
    self.texts = texts.isEmpty ? nil : TextAutomaton(texts)
    self.members = members
    self.withoutTexts = withoutTexts
  }

  deinit { if let automata = unsafe automata { unsafe cre2_destroy(automata) } }

  /// The group of each rule: 0 of those that need neither texts nor runs, else that of the first rule
  /// that needs one of the same texts, or as long a run.
  private static func groups(of needed: [Requirement]) -> [Int] {
    var firstOfText: [[UInt8]: Int] = [:]
    var firstOfRun: [[Int]: Int] = [:]
    var firsts = Array(needed.indices)
    func first(_ rule: Int) -> Int {
      var rule = rule
      while firsts[rule] != rule { rule = firsts[rule] }
      return rule
    }
    for (rule, needed) in needed.enumerated() {
      if needed.texts.isEmpty {
        let run = [needed.run, needed.wordRun]
        firsts[rule] = firstOfRun[run] ?? rule
        firstOfRun[run] = firsts[rule]
      }
      for text in needed.texts {
        let (left, right) = (first(firstOfText[text] ?? rule), first(rule))
        firsts[max(left, right)] = min(left, right)
        firstOfText[text] = left
      }
    }
    var numbers: [Int: Int] = [:]
    return needed.indices.map { rule in
      let needed = needed[rule]
      if needed.texts.isEmpty, needed.run == 0, needed.wordRun == 0 { return 0 }
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
  ///
  /// - Parameter counts: whether a rule's matches count for anything in this text; it may be told of
  ///   one whose do not.
  package func hits(
    _ text: Span<UInt8>, where counts: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    let groups = groups(in: text, where: counts)
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
    let groups = groups(in: text) { _ in true }
    guard groups != 0, let automata = unsafe automata else { return false }
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe cre2_any(automata, groups, text.baseAddress, text.count) != 0
    }
  }

  /// The groups of which a rule can match, and counts.
  private func groups(in text: Span<UInt8>, where counts: (Int) -> Bool) -> UInt64 {
    var look = TextLook()
    var groups = withoutTexts
    if let texts {
      groups |= texts.groups(in: text, &look.seen)
    } else {
      for index in text.indices { look.seen.add(Int(text[index])) }
    }
    var rest = groups
    while rest != 0 {
      let group = rest.trailingZeroBitCount
      rest &= rest &- 1
      if !members[group].contains(where: { counts($0) && look.meets(needed[$0], text) }) {
        groups &= ~(1 << UInt64(group))
      }
    }
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

/// Where a rule matches.
package struct RuleMatch: Equatable, Sendable {
  /// All that the pattern takes in, what it needs on both sides with it.
  package let whole: Range<Int>
  /// Of that, what was looked for.
  package let found: Range<Int>
}
