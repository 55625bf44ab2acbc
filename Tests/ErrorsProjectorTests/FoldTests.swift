import Bytes
import ErrorsProjector
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

/// The view is a function of the order of the events, and of nothing else.
@Suite struct FoldTests {
  @Test func `batches and reopened tables change nothing`() throws {
    var random = SeededRandom(seed: 20_260_105)
    print("seed \(random.seed)")
    let events = randomEvents(400, &random)
    let whole = FoldTables(view: "errors", provider: MemoryTables())
    let facts = randomFacts(of: events, &random)
    try ErrorsProjector(tables: whole).apply(FoldBatch(events: events, facts: facts))
    try whole.flush()
    for _ in 0..<5 {
      let provider = MemoryTables()
      var digest = Digest()
      var rest = events[...]
      while !rest.isEmpty {
        let tables = FoldTables(view: "errors", digest: digest, provider: provider)
        let projector = try ErrorsProjector(tables: tables)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let batch = rest.prefix(Int.random(in: 1...60, using: &random))
          rest = rest.dropFirst(batch.count)
          let ends = facts.filter { batch.indices.contains(Int($0.event.offset)) }
          try projector.apply(FoldBatch(events: Array(batch), facts: ends))
          if Bool.random(using: &random) { try tables.flush() }
        }
        try tables.flush()
        digest = tables.digest
      }
      #expect(digest == whole.digest)
      let last = FoldTables(view: "errors", digest: digest, provider: provider)
      _ = try ErrorsProjector(tables: last)
      #expect(try last.rehashed() == digest)
    }
  }

  @Test func `however new the messages are, the groups are bounded`() throws {
    var random = SeededRandom(seed: 7)
    print("seed \(random.seed)")
    let spec = try ProjectorSpec(ErrorsProjector.self)
    func word() -> String { String(UInt64.random(in: 0..<UInt64.max, using: &random), radix: 36) }
    func letters() -> String { String(word().filter { $0.isLetter }) + "x" }
    for round in 0..<4 {
      try spec.given(
        (0..<500).map { index in
          let message = "\(letters()) \(letters()) \(letters())"
          return event(Offset(round * 500 + index), "error", [.errorMessage: .text(message)])
        })
    }
    let rows = try spec.rows()
    // First words with leaves of their own, second words of all others, and a leaf of the rest, which
    // overflows into one group.
    #expect(rows.count == 256 + 64 + 64 + 1)
    #expect(rows.last?["template"] == .text("<*> <*> <*>"))
    let counts = rows.map { row in
      if case .integer(let count)? = row["count"] { count } else { Int64(0) }
    }
    #expect(counts.reduce(0, +) == 2_000)
  }

  /// An interaction begins or changes at each event.
  private func randomFacts(of events: [Event], _ random: inout SeededRandom) -> [Fact] {
    var known: [Interaction] = []
    return events.map { event in
      let outcome = Outcome.allCases[Int.random(in: 0..<3, using: &random)]
      if !known.isEmpty, Bool.random(using: &random) {
        let index = Int.random(in: 0..<known.count, using: &random)
        let before = known[index]
        known[index].outcome = outcome
        return Fact(of: event.id, before: before, after: known[index])
      }
      let words = (0..<Int.random(in: 1...3, using: &random)).map { "word \($0 % 2)" }
      let prompt = FieldValue.text(words.joined(separator: " and "))
      let new = interaction(
        UInt64(known.count), at: event.offset, outcome: outcome, [.prompt: prompt])
      known.append(new)
      return Fact(of: event.id, before: nil, after: new)
    }
  }

  private func randomEvents(_ count: Int, _ random: inout SeededRandom) -> [Event] {
    let verbs = ["open", "close", "read", "write", "delete", "rename"]
    let things = ["file", "socket", "pipe", "page", "row", "key", "lock"]
    return (0..<count).map { index in
      let verb = verbs[Int.random(in: 0..<verbs.count, using: &random)]
      let thing = things[Int.random(in: 0..<things.count, using: &random)]
      let number = Int.random(in: 0..<1000, using: &random)
      let texts = [
        "cannot \(verb) the \(thing) number \(number) at once",
        "error: \(thing) is gone after \(verb) by \(things[number % 7]) again",
        "sha256:" + String(repeating: "\(number % 3)", count: 64),
        "Traceback (most recent call last):\n  File \"x\"\nKeyError: '\(thing)'",
      ]
      var fields: [Field: FieldValue] = [
        .errorMessage: .text(texts[Int.random(in: 0..<texts.count, using: &random)])
      ]
      if number % 3 > 0 { fields[.sessionID] = .text("s\(number % 17)") }
      if number % 5 > 0 { fields[.command] = .text("run \(number % 2)") }
      if number % 4 == 0 { fields[.errorMessage] = nil }
      fields[.exitCode] = number % 4 == 0 ? 0 : 1
      return event(Offset(index), "error", at: 1_767_225_600 + Int64(index), fields)
    }
  }
}
