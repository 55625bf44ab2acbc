import Bytes
import ErrorsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

/// Prompts that failed three times and more, and never succeeded.
@Suite struct GapTests {
  private let spec: ProjectorSpec<ErrorsProjector>

  init() throws { spec = try ProjectorSpec(ErrorsProjector.self) }

  /// An interaction's first outcome, at the offset ten times its number.
  private func ended(
    _ number: UInt64, _ outcome: Outcome, _ prompt: FieldValue?, cluster: UInt64? = nil
  ) -> Fact {
    var fields: [Field: FieldValue] = [:]
    fields[.prompt] = prompt
    let one = interaction(
      number, at: number * 10, outcome: outcome,
      prompts: cluster.map { PromptClusters(wide: $0, narrow: number) }, fields)
    return Fact(of: EventID(number * 10), before: nil, after: one)
  }

  /// The same interaction with another outcome, by an event that comes later.
  private func changed(_ fact: Fact, to outcome: Outcome, at offset: Offset) -> Fact {
    var after = fact.after
    after.outcome = outcome
    return Fact(of: EventID(offset), before: fact.after, after: after)
  }

  private func fail(_ prompts: FieldValue...) throws {
    try spec.given(
      facts: prompts.enumerated().map { ended(UInt64($0.offset), .failure, $0.element) })
  }

  private func gaps() throws -> [[String: Cell]] { try spec.rows("errors/gaps") }

  @Test func `three failures are a gap, two are none`() throws {
    let failures = (1...3).map { ended($0, .failure, "parse the odd file") }
    try spec.given(facts: Array(failures.prefix(2)))
    #expect(try gaps().isEmpty)
    try spec.given(facts: Array(failures.suffix(1)))
    let rows = try gaps()
    #expect(rows.count == 1)
    #expect(rows.first?["prompt"] == .text("parse the odd file"))
    #expect(rows.first?["failures"] == .integer(3))
    #expect(rows.first?["first_offset"] == .integer(10))
    #expect(rows.first?["last_offset"] == .integer(30))
    #expect(rows.first?["offsets"] == .offsets([10, 20, 30]))
    #expect(rows.first?["offset_count"] == .integer(3))
  }

  @Test func `prompts of one wide cluster are one gap, under the first of them`() throws {
    try spec.given(facts: [
      ended(0, .failure, "parse it", cluster: 4), ended(1, .failure, "parse it now", cluster: 4),
      ended(2, .failure, "parse this", cluster: 6), ended(3, .failure, "parse that", cluster: 4),
    ])
    #expect(try gaps().map { $0["prompt"] } == [.text("parse it")])
    #expect(try gaps().map { $0["offsets"] } == [.offsets([0, 10, 30])])
  }

  @Test(arguments: [0, 1, 2, 3])
  func `one success, whenever it comes, makes it no gap`(place: Int) throws {
    let prompt: FieldValue = "draw the missing owl"
    var facts = (0..<4).map { ended(UInt64($0), .failure, prompt) }
    facts[place] = ended(UInt64(place), .success, prompt)
    try spec.given(facts: facts)
    #expect(try gaps().isEmpty)
    try spec.given(facts: [changed(facts[place], to: .failure, at: 99)])
    let row = try gaps().first
    #expect(row?["failures"] == .integer(4))
    #expect(row?["offsets"] == .offsets([0, 10, 20, 30]))
    #expect(row?["prompt"] == .text("draw the missing owl"))
  }

  @Test func `a success of a similar prompt counts too`() throws {
    try spec.given(facts: (0...2).map { ended($0, .failure, "parse it", cluster: 4) })
    #expect(try gaps().count == 1)
    try spec.given(facts: [ended(3, .success, "parse it now", cluster: 4)])
    #expect(try gaps().isEmpty)
  }

  @Test func `a failure that turns out a success is taken back`() throws {
    let facts = (0..<4).map { ended($0, .failure, "mend the fence") }
    try spec.given(facts: facts)
    try spec.given(facts: [changed(facts[0], to: .partial, at: 50)])
    let row = try gaps().first
    #expect(row?["failures"] == .integer(3))
    #expect(row?["first_offset"] == .integer(10))
    #expect(row?["offsets"] == .offsets([10, 20, 30]))
    #expect(row?["prompt"] == .text("mend the fence"))
    try spec.given(facts: [changed(facts[3], to: .partial, at: 51)])
    #expect(try gaps().isEmpty)
  }

  @Test func `a partial success is neither`() throws {
    try spec.given(
      facts: [ended(0, .partial, "sing it")] + (1...2).map { ended($0, .failure, "sing it") })
    #expect(try gaps().isEmpty)
    try spec.given(facts: [ended(3, .failure, "sing it")])
    #expect(try gaps().map { $0["failures"] } == [.integer(3)])
    #expect(try gaps().map { $0["first_offset"] } == [.integer(10)])
  }

  @Test func `a change that leaves the outcome counts once`() throws {
    let facts = (0..<2).map { ended($0, .failure, "count me") }
    try spec.given(facts: facts)
    try spec.given(facts: [changed(facts[0], to: .failure, at: 50)])
    #expect(try gaps().isEmpty)
  }

  @Test func `a prompt that comes after the outcome counts from then on`() throws {
    try fail("late words", "late words")
    let bare = ended(2, .failure, nil)
    try spec.given(facts: [bare])
    #expect(try gaps().isEmpty)
    var after = bare.after
    after.fields[.prompt] = "late words"
    after.prompts = clustersOfEquals("late words")
    try spec.given(facts: [Fact(of: EventID(60), before: bare.after, after: after)])
    #expect(try gaps().map { $0["failures"] } == [.integer(3)])
  }

  @Test func `gaps come in the order of their first failure`() throws {
    let facts = [
      (0, "b c d"), (1, "a b c"), (2, "a b c"), (3, "a b c"), (4, "b c d"), (5, "b c d"),
    ]
    var first = ended(0, .failure, "b c d")
    try spec.given(facts: [first])
    try spec.given(facts: facts.dropFirst().map { ended(UInt64($0.0), .failure, .text($0.1)) })
    #expect(try gaps().map { $0["prompt"] } == ["b c d", "a b c"].map(Cell.text))
    try spec.given(facts: [ended(6, .failure, "b c d")])
    first = changed(first, to: .partial, at: 80)
    try spec.given(facts: [first])
    #expect(try gaps().map { $0["prompt"] } == ["a b c", "b c d"].map(Cell.text))
  }
}
