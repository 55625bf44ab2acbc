internal import CRE2

/// The rules of a table, looked for together.
///
/// Most patterns need one of some texts, a run of letters and digits, or a sign: a look for these
/// leaves those that can match at all. Rules that need the same form a group, whose
/// automaton tells in one pass which of them match, and is made when it is first needed; where, each
/// rule's own tells, and whether where the others of its group cannot. All take time in proportion to
/// the text. Text is bytes, and need not be UTF-8.
@safe package final class RuleSet: Sendable {
  /// All of the table. One whose pattern is none never matches.
  package let rules: [Rule]
  // Matching changes nothing that is seen, and may be done by several threads at once.
  private nonisolated(unsafe) let automata: OpaquePointer?
  /// Finds the marks of the rules that need texts; the others are looked for in every text.
  private let texts: TextAutomaton?
  /// A bit for each mark of rules whose matches all begin with a text that they need.
  private let placed: UInt128
  /// The rules that need no text, ascending.
  private let unmarked: [Int]
  /// The rules of each mark: one, unless more rules need texts than there are marks.
  private let marked: [[Int]]
  /// The bit of each rule's mark; 0 of one that needs no text.
  private let bits: [UInt128]
  /// The group of each rule.
  private let groups: [Int]
  /// What each rule needs.
  private let needed: [Requirement]
  /// Whether several rules of a group are looked for by its automaton, and not each by its own.
  private let usesGroups: Bool

  private static let groupsMax = 64
  private static let marksMax = 128

  /// - Parameter usesGroups: false where groups have many large rules: the automaton of such a group
  ///   has so many states that it meets in most texts some that it has not made yet.
  package init(_ table: [Rule], usesGroups: Bool = true) {
    rules = table
    self.usesGroups = usesGroups
    let needed = table.map { RequiredTexts.of($0.pattern, prefersFirst: !usesGroups) }
    self.needed = needed
    let groups = Self.groups(of: needed)
    let automata = unsafe cre2_create()
    if let automata = unsafe automata {
      for (rule, group) in zip(table, groups) {
        unsafe cre2_add(automata, rule.pattern, rule.pattern.utf8.count, group)
      }
    }
    unsafe self.automata = automata
    self.groups = groups
    var texts: [(text: [UInt8], mark: Int)] = []
    var marked = [[Int]](repeating: [], count: Self.marksMax)
    var bits = [UInt128](repeating: 0, count: table.count)
    var unplaced: UInt128 = 0
    for (count, rule) in table.indices.filter({ !needed[$0].texts.isEmpty }).enumerated() {
      let mark = count % Self.marksMax
      marked[mark].append(rule)
      bits[rule] = 1 << UInt128(mark)
      for text in needed[rule].texts { texts.append((text, mark)) }
      let isPlaced = needed[rule].isFirst && needed[rule].texts.allSatisfy { $0.count < 32 }
      if !isPlaced { unplaced |= bits[rule] }
    }
    placed = ~unplaced
    self.texts = texts.isEmpty ? nil : TextAutomaton(texts, placed: placed)
    self.marked = marked
    self.bits = bits
    unmarked = table.indices.filter { needed[$0].texts.isEmpty }
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
    let candidates = candidates(in: text, where: counts)
    guard !candidates.isEmpty, let automata = unsafe automata else { return [] }
    var hits = candidates.alone.filter { matches($0, text, candidates.places) }
    if candidates.groups == 0 { return hits }
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: rules.count) { found in
      guard let start = found.baseAddress else { return }
      let count = unsafe text.withUnsafeBufferPointer { text in
        unsafe cre2_hits(automata, candidates.groups, text.baseAddress, text.count, start)
      }
      unsafe hits += found.prefix(count).map(Int.init)
    }
    hits.sort()
    return hits
  }

  /// Whether any rule matches somewhere in a text.
  package func matches(_ text: Span<UInt8>) -> Bool {
    let candidates = candidates(in: text) { _ in true }
    guard !candidates.isEmpty, let automata = unsafe automata else { return false }
    for rule in candidates.alone where matches(rule, text, candidates.places) { return true }
    if candidates.groups == 0 { return false }
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe cre2_any(automata, candidates.groups, text.baseAddress, text.count) != 0
    }
  }

  /// Whether a rule matches somewhere in a text, as its own automaton tells: where the texts stand
  /// with which its matches begin, if they all do and these are few.
  private func matches(_ rule: Int, _ text: Span<UInt8>, _ places: TextPlaces) -> Bool {
    guard let automata = unsafe automata else { return false }
    let mark = bits[rule]
    return unsafe text.withUnsafeBufferPointer { text in
      if placed & mark != 0, !places.isFull {
        return places.contains(mark) {
          unsafe cre2_matches_at(automata, rule, text.baseAddress, text.count, $0) != 0
        }
      }
      return unsafe cre2_matches(automata, rule, text.baseAddress, text.count) != 0
    }
  }

  /// The rules that can match in a text, and count.
  private struct Candidates {
    /// A bit for each group of which several can.
    var groups: UInt64 = 0
    /// Those whose groups have no other, ascending.
    var alone: [Int] = []
    /// Where texts stand with which matches begin.
    var places = TextPlaces()

    var isEmpty: Bool { groups == 0 && alone.isEmpty }
  }

  private func candidates(in text: Span<UInt8>, where counts: (Int) -> Bool) -> Candidates {
    var look = TextLook()
    var candidates = Candidates()
    var marks: UInt128 = 0
    if let texts {
      marks = texts.marks(in: text, &look.seen, &candidates.places)
    } else {
      for index in text.indices { look.seen.add(Int(text[index])) }
    }
    var known: UInt64 = 0
    func consider(_ rule: Int) {
      guard counts(rule), look.meets(needed[rule], text) else { return }
      let group: UInt64 = 1 << UInt64(groups[rule])
      if usesGroups { candidates.groups |= known & group }
      known |= group
      candidates.alone.append(rule)
    }
    for rule in unmarked { consider(rule) }
    let isInOrder = candidates.alone.isEmpty && bits.count <= Self.marksMax
    while marks != 0 {
      let mark = marks.trailingZeroBitCount
      marks &= marks &- 1
      for rule in marked[mark] { consider(rule) }
    }
    if candidates.groups != 0 {
      candidates.alone.removeAll { candidates.groups >> UInt64(groups[$0]) & 1 == 1 }
    }
    if !isInOrder { candidates.alone.sort() }
    return candidates
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
