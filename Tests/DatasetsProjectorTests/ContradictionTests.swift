import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import DatasetsProjector

/// What becomes of pairs that prefer opposite things, and whether pairs were trained on.
@Suite struct ContradictionTests {
  private let spec: ProjectorSpec<DatasetsProjector>

  init() throws { spec = try ProjectorSpec(DatasetsProjector.self) }

  private func pairs() throws -> [String] {
    try spec.rows("datasets/pairs").map { row in
      ["reason", "chosen", "rejected"].map { row[$0]?.plainText ?? "?" }.joined(separator: " ")
    }
  }

  private func count() throws -> Cell? { try spec.rows("datasets/readiness").last?["count"] }

  private func judged(
    _ offset: Offset, _ chosen: String, over rejected: String, prompt: String = "which",
    session: String = "s", margin: FieldValue? = nil
  ) -> Event {
    var fields: [Field: FieldValue] = [
      .prompt: .text(prompt), .chosen: .text(chosen), .rejected: .text(rejected),
      .sessionID: .text(session),
    ]
    fields[.margin] = margin
    return event(offset, "judgment", fields)
  }

  @Test func `of opposite preferences the one that was stated last stands`() throws {
    try spec.given([judged(0, "a", over: "b")])
    #expect(try pairs() == ["judgment a b"])
    try spec.given([judged(1, "b", over: "a")])
    #expect(try pairs() == ["judgment b a"])
    #expect(try count() == .integer(1))
    // Said again, the first is the last.
    try spec.given([judged(2, "a", over: "b")])
    #expect(try pairs() == ["judgment a b"])
    #expect(try spec.rows("datasets/pairs").first?["pair_id"] == .integer(0))
    #expect(try count() == .integer(1))
    #expect(try spec.tables.rehashed() == spec.tables.digest)
  }

  @Test func `what prefers the opposite for another prompt stands beside it`() throws {
    try spec.given([judged(0, "a", over: "b"), judged(1, "b", over: "a", prompt: "and now")])
    #expect(try pairs() == ["judgment a b", "judgment b a"])
    #expect(try count() == .integer(2))
  }

  @Test func `what masking makes opposite is opposite`() throws {
    let people = ["jane.doe@example.org", "li.wei@example.net"]
    try spec.given([
      judged(0, "sent to \(people[0])", over: "no", prompt: "mail \(people[0])"),
      judged(1, "no", over: "sent to \(people[1])", prompt: "mail \(people[1])"),
    ])
    #expect(try pairs() == ["judgment no sent to \(people[1])"])
  }

  private func corrected(_ number: UInt64, _ response: String, to correction: String) -> Interaction
  {
    interaction(
      number, at: number * 10, score: 50,
      [
        .prompt: "which", .response: .text(response), .correctedResponse: .text(correction),
        .sessionID: "s",
      ])
  }

  @Test func `a pair of any reason contradicts one of another, and comes back`() throws {
    let first = corrected(1, "b", to: "a")
    try spec.given([judged(5, "b", over: "a")], facts: [])
    try spec.given(facts: [asserted(first)])
    #expect(try pairs() == ["correction a b"])
    // Once the correction says something else, nothing contradicts the judgment.
    let other = corrected(1, "b", to: "c")
    try spec.given(facts: [changed(first, at: 20, to: other)])
    #expect(try pairs() == ["judgment b a", "correction c b"])
    #expect(try count() == .integer(2))
    try spec.given([judged(30, "b", over: "c")])
    #expect(try pairs() == ["judgment b a", "judgment b c"])
  }

  /// What rests on its own word: two answers of which nothing but the lines themselves says how they
  /// ended.
  @Test func `what rests on its own word contradicts nothing that rests on more`() throws {
    try spec.given([judged(1, "right", over: "wrong", prompt: "sort it, please do")])
    try spec.given(facts: [
      asserted(
        answered(
          2, prompt: "sort it, please do", response: "right", outcome: .failure, basis: .`self`)),
      asserted(answered(3, prompt: "sort it, please do", response: "wrong", basis: .`self`)),
    ])
    #expect(try pairs() == ["judgment right wrong"])
    #expect(try spec.rows("datasets/readiness").last?["unproven"] == .integer(0))
  }

  // MARK: Margins

  @Test(
    arguments: [
      (0, "0"), (1, "1"), (1.01, "0.0101"), (100, "1"), (-0.01, "null"), (-3, "null"),
      (100.01, "null"), (1_000, "null"),
    ] as [(FieldValue, String)])
  func `a margin is from 0 to 1, or to 100, and nothing else is one`(
    said: FieldValue, expected: String
  ) throws {
    try spec.given([judged(0, "a", over: "b", margin: said)])
    #expect(try spec.rows("datasets/pairs").first?["margin"]?.plainText == expected)
  }

  // MARK: Order of time

  @Test func `what was tried before mends nothing, in whatever order they are read`() throws {
    func tried(_ number: UInt64, _ response: String, at seconds: Int64, _ outcome: Outcome) -> Fact
    {
      asserted(
        interaction(
          number, at: number * 10, seconds: 1_767_225_600 + seconds, outcome: outcome,
          [.prompt: "sort the list", .response: .text(response), .sessionID: "s"]))
    }
    try spec.given(facts: [
      tried(0, "wrong", at: 7_200, .failure), tried(1, "right", at: 120, .success),
    ])
    #expect(try pairs() == ["outcome right wrong"])
    try spec.given(facts: [tried(2, "late", at: 7_201, .success)])
    #expect(try pairs().contains("journey late wrong"))
  }

  // MARK: Trained on

  private func training(_ offset: Offset, on dataset: String?) -> Event {
    let bare = event(offset, "training_completed")
    var payload = TrainedOn()
    payload.dataset = dataset
    return Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [payload])
  }

  private func used(_ table: String = "datasets/pairs") throws -> [Cell?] {
    try spec.rows(table).map { $0["used_in_training"] }
  }

  /// Of these sessions s66 is in training and s92 in test.
  @Test func `a pair is used once a training on pairs completes after it counts`() throws {
    try spec.given([training(0, on: nil), judged(1, "a", over: "b", session: "s66")])
    #expect(try used() == [.bool(false)])
    try spec.given([training(2, on: "examples")])
    #expect(try used() == [.bool(false)])
    try spec.given([training(3, on: "dpo")])
    #expect(try used() == [.bool(true)])
    try spec.given([judged(4, "b", over: "a", session: "s66")])
    #expect(try used() == [.bool(false)])
    try spec.given([judged(5, "a", over: "b", session: "s66")])
    #expect(try used() == [.bool(true)])
  }

  @Test func `what is held back from training is not used in it`() throws {
    try spec.given(
      [judged(1, "a", over: "b", session: "s92")],
      facts: [
        asserted(answered(0, prompt: "explain the parser", response: "so", session: "s92")),
        asserted(answered(1, prompt: "explain the printer", response: "thus", session: "s66")),
      ])
    try spec.given([training(50, on: nil)])
    #expect(try used() == [.bool(false)])
    #expect(try used("datasets") == [.bool(false), .bool(true)])
  }
}
