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
  private func ended(_ number: UInt64, _ outcome: Outcome, _ prompt: FieldValue?) -> Fact {
    var fields: [Field: FieldValue] = [:]
    fields[.prompt] = prompt
    let one = interaction(number, at: number * 10, outcome: outcome, fields)
    return Fact(offset: number * 10, before: nil, after: one)
  }

  /// The same interaction with another outcome, by an event that comes later.
  private func changed(_ fact: Fact, to outcome: Outcome, at offset: Offset) -> Fact {
    var after = fact.after
    after.outcome = outcome
    return Fact(offset: offset, before: fact.after, after: after)
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

  /// So many words that differ from one another, as one text.
  private func words(_ range: Range<Int>) -> FieldValue {
    .text(range.map { "w\($0)" }.joined(separator: " "))
  }

  @Test func `prompts from 0.85 on are one cluster`() throws {
    // 19 words have 17 shingles, those and 3 more 20: 17/20 is 0.85.
    try fail(words(0..<19), words(0..<22), words(0..<22))
    #expect(try gaps().map { $0["prompt"] } == [Cell.text("\(words(0..<19).plain)")])
  }

  @Test func `prompts below 0.85 are not`() throws {
    // 16/19 is 0.842.
    try fail(words(0..<18), words(0..<21), words(0..<21))
    #expect(try gaps().isEmpty)
  }

  @Test func `it is the first prompt that the others must be similar to`() throws {
    // The third is similar to the second (21/24), and not to the first (18/24): it begins a cluster.
    try fail(words(0..<20), words(0..<23), words(0..<26))
    #expect(try gaps().isEmpty)
    try spec.given(facts: [ended(3, .failure, words(0..<20))])
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
    try fail(words(0..<19), words(0..<19), words(0..<19))
    #expect(try gaps().count == 1)
    try spec.given(facts: [ended(3, .success, words(0..<22))])
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
    try spec.given(facts: [Fact(offset: 60, before: bare.after, after: after)])
    #expect(try gaps().map { $0["failures"] } == [.integer(3)])
  }

  @Test func `what cannot be read is alike when it is equal`() throws {
    let one = FieldValue.text("sha256:" + String(repeating: "0a", count: 32))
    let other = FieldValue.text("sha256:" + String(repeating: "0b", count: 32))
    try fail(one, other, one, "???", other, "???", "!!!", one, "???")
    #expect(try gaps().map { $0["offsets"] } == [.offsets([0, 20, 70]), .offsets([30, 50, 80])])
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

extension FieldValue {
  fileprivate var plain: String {
    if case .text(let text) = self { text } else { "" }
  }
}
