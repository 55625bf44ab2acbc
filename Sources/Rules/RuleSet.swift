internal import CRE2

/// The rules of a table, looked for together.
///
/// One automaton tells which of them match a text at all, in one pass; where, each rule's own tells.
/// Both take time in proportion to the text. Text is bytes, and need not be UTF-8.
@safe package final class RuleSet: Sendable {
  package let rules: [Rule]
  /// What is wrong with the table: patterns that are none. Empty for every table that passes its test.
  package let faults: [String]
  // Matching changes nothing that is seen, and may be done by several threads at once.
  private nonisolated(unsafe) let automaton: OpaquePointer?

  /// Takes the rules whose patterns can be read; the others are `faults`.
  package init(_ table: [Rule]) {
    var (rules, faults) = ([Rule](), [String]())
    let automaton = unsafe cre2_create()
    for rule in table {
      guard let automaton = unsafe automaton else { break }
      var reason = [CChar](repeating: 0, count: 256)
      let failed = unsafe cre2_add(
        automaton, rule.pattern, rule.pattern.utf8.count, &reason, reason.count)
      if failed == 0 {
        rules.append(rule)
      } else {
        let text = String(
          decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        faults.append("\(rule.name): \(text)")
      }
    }
    if let automaton = unsafe automaton, unsafe cre2_compile(automaton) != 0 {
      faults.append("the rules are too many for one automaton")
    }
    self.rules = rules
    self.faults = faults
    unsafe self.automaton = automaton
  }

  deinit { if let automaton = unsafe automaton { unsafe cre2_destroy(automaton) } }

  /// The rules that match somewhere in a text, in the table's order.
  package func hits(_ text: Span<UInt8>) -> [Int] {
    guard let automaton = unsafe automaton else { return [] }
    return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: rules.count) { found in
      guard let start = found.baseAddress else { return [] }
      let count = unsafe text.withUnsafeBufferPointer { text in
        unsafe cre2_hits(automaton, text.baseAddress, text.count, start)
      }
      return unsafe found.prefix(count).map(Int.init)
    }
  }

  /// Whether any rule matches somewhere in a text.
  package func matches(_ text: Span<UInt8>) -> Bool {
    guard let automaton = unsafe automaton else { return false }
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe cre2_any(automaton, text.baseAddress, text.count) != 0
    }
  }

  /// The first match of a rule from a place on; what stands before it counts for boundaries.
  package func match(_ rule: Int, in text: Span<UInt8>, from start: Int = 0) -> RuleMatch? {
    guard let automaton = unsafe automaton else { return nil }
    let count = unsafe cre2_groups(automaton, rule) + 1
    return unsafe withUnsafeTemporaryAllocation(of: cre2_span.self, capacity: count) { spans in
      guard let first = spans.baseAddress else { return nil }
      let isFound = unsafe text.withUnsafeBufferPointer { text in
        unsafe cre2_find(automaton, rule, text.baseAddress, text.count, start, first, count)
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
