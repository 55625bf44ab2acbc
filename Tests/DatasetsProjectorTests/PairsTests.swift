import Bytes
import DatasetsProjector
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import TrainingData
import Views

private func attempt(
  _ number: UInt64, prompt: String = "sort the list of names", response: String,
  session: String? = "s", score: Int64, outcome: Outcome, accepted: Bool? = nil
) -> Interaction {
  var one = answered(
    number, prompt: prompt, response: response, session: session, score: score, outcome: outcome)
  one.feedback.accepted = accepted
  return one
}

private func summary(_ spec: ProjectorSpec<DatasetsProjector>) throws -> [String] {
  try spec.rows("datasets/pairs").map { row in
    guard case .text(let reason)? = row["reason"], case .text(let chosen)? = row["chosen"],
      case .text(let rejected)? = row["rejected"]
    else { return "?" }
    return "\(reason): \(chosen) > \(rejected)"
  }
}

@Test func `a corrected response is preferred to what it corrects`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let fields: [Field: FieldValue] = [
    .prompt: "say hello", .response: "a b c d", .correctedResponse: "a b c e", .sessionID: "s",
  ]
  try spec.given(facts: [asserted(interaction(0, at: 3, score: 50, fields))])
  let rows = try spec.rows("datasets/pairs")
  #expect(rows.count == 1)
  #expect(rows.first?["prompt"] == .text("say hello"))
  #expect(rows.first?["chosen"] == .text("a b c e"))
  #expect(rows.first?["rejected"] == .text("a b c d"))
  #expect(rows.first?["reason"] == .text("correction"))
  // Of three shingles one is shared.
  #expect(rows.first?["margin"] == .decimal(FixedPoint(units: 666_666_667)))
  #expect(rows.first?["offsets"] == .offsets([3]))
}

@Test func `a correction that changes nothing is no pair`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(
      interaction(0, at: 0, [.prompt: "p", .response: "same", .correctedResponse: "same"]))
  ])
  #expect(try spec.rows("datasets/pairs").isEmpty)
}

@Test func `of the answers to one prompt the best is preferred to the worst`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(attempt(0, response: "bad", score: 20, outcome: .failure)),
    asserted(attempt(1, response: "fair", score: 70, outcome: .success)),
    asserted(attempt(2, response: "good", score: 90, outcome: .success)),
    asserted(attempt(3, response: "half", score: 40, outcome: .partial)),
    asserted(attempt(4, prompt: "another thing", response: "x", score: 20, outcome: .failure)),
  ])
  #expect(try summary(spec) == ["journey: fair > bad", "outcome: good > bad"])
  let row = try spec.rows("datasets/pairs").last
  #expect(row?["margin"] == .decimal(FixedPoint(hundredths: 70)))
  #expect(row?["offsets"] == .offsets([0, 20]))
}

@Test func `a pair goes when the outcomes no longer differ and comes back under its number`() throws
{
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let bad = attempt(0, response: "bad", score: 20, outcome: .failure)
  let good = attempt(1, response: "good", score: 80, outcome: .success)
  try spec.given(facts: [asserted(bad), asserted(good)])
  let row = try spec.rows("datasets/pairs").first
  let mended = attempt(0, response: "bad", score: 70, outcome: .success)
  try spec.given(facts: [changed(bad, at: 30, to: mended)])
  #expect(try spec.rows("datasets/pairs").isEmpty)
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(0))
  try spec.given(facts: [changed(mended, at: 31, to: bad)])
  #expect(try spec.rows("datasets/pairs").first?["pair_id"] == row?["pair_id"])
}

@Test func `an accepted attempt is preferred to the rejected one before it`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(attempt(0, response: "first", score: 20, outcome: .failure, accepted: false)),
    asserted(attempt(1, response: "second", score: 20, outcome: .failure, accepted: false)),
    asserted(attempt(2, response: "third", score: 90, outcome: .success, accepted: true)),
  ])
  // The first is still the worst answer to this prompt, and makes a pair of its own.
  #expect(try summary(spec) == ["retry: third > second", "outcome: third > first"])

  let single = try ProjectorSpec(DatasetsProjector.self)
  try single.given(facts: [
    asserted(attempt(0, response: "no", score: 20, outcome: .failure, accepted: false)),
    asserted(attempt(1, response: "yes", score: 90, outcome: .success, accepted: true)),
  ])
  #expect(try summary(single) == ["retry: yes > no"])
}

@Test func `acceptance in another session or before the rejection is no retry`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(attempt(0, response: "yes", score: 90, outcome: .success, accepted: true)),
    asserted(attempt(1, response: "no", score: 20, outcome: .failure, accepted: false)),
  ])
  #expect(try summary(spec) == ["outcome: yes > no"])
}

@Test func `verdicts that come late make and unmake retries`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let first = attempt(0, response: "first", score: 80, outcome: .success)
  let second = attempt(1, response: "second", score: 80, outcome: .success)
  try spec.given(facts: [asserted(first), asserted(second)])
  #expect(try summary(spec).isEmpty)
  let refused = attempt(0, response: "first", score: 20, outcome: .failure, accepted: false)
  let taken = attempt(1, response: "second", score: 90, outcome: .success, accepted: true)
  try spec.given(facts: [
    changed(first, at: 20, to: refused), changed(second, at: 21, to: taken),
  ])
  #expect(try summary(spec) == ["retry: second > first"])
  try spec.given(facts: [changed(taken, at: 22, to: second)])
  #expect(try summary(spec) == ["journey: second > first"])
}

@Test func `what mends a failed attempt in the same session is preferred to it`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(attempt(0, response: "wrong", score: 20, outcome: .failure)),
    asserted(attempt(1, response: "worse", score: 10, outcome: .failure)),
    asserted(attempt(2, response: "half", score: 40, outcome: .partial)),
    asserted(attempt(3, response: "right", score: 80, outcome: .success)),
    asserted(attempt(4, response: "also right", score: 70, outcome: .success)),
  ])
  // Of both failures the last is mended, and only by the first success after it.
  #expect(try summary(spec) == ["journey: right > worse"])
  let row = try spec.rows("datasets/pairs").first
  #expect(row?["margin"] == .decimal(FixedPoint(hundredths: 70)))
  #expect(row?["offsets"] == .offsets([10, 30]))
}

@Test func `a success in another session, or before the failure, mends nothing`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [
    asserted(attempt(0, response: "yes", score: 90, outcome: .success)),
    asserted(attempt(1, response: "no", score: 20, outcome: .failure)),
  ])
  #expect(try summary(spec) == ["outcome: yes > no"])
}

@Test func `a journey goes when its failure is none any more`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let bad = attempt(0, response: "bad", score: 20, outcome: .failure)
  try spec.given(facts: [
    asserted(bad), asserted(attempt(1, response: "good", score: 80, outcome: .success)),
  ])
  #expect(try summary(spec) == ["journey: good > bad"])
  let mended = attempt(0, response: "bad", score: 70, outcome: .success)
  try spec.given(facts: [changed(bad, at: 30, to: mended)])
  #expect(try summary(spec).isEmpty)
}

@Test func `a pair whose sides are in different splits is dropped and counted`() throws {
  // Of these sessions one is in training and the other in test.
  let spec = try ProjectorSpec(DatasetsProjector.self)
  // Nearly the same prompts, which are one group; the same prompt is in one split.
  var good = attempt(1, response: "yes", session: "s92", score: 90, outcome: .success)
  good.fields[.prompt] = "another"
  try spec.given(facts: [
    asserted(attempt(0, response: "no", session: "s66", score: 20, outcome: .failure)),
    asserted(good),
  ])
  #expect(try spec.rows("datasets/pairs").isEmpty)
  let pairs = try spec.rows("datasets/readiness").last
  #expect(pairs?["kind"] == .text("pairs"))
  #expect(pairs?["count"] == .integer(0))
  #expect(pairs?["dropped"] == .integer(1))
}

@Test func `a judgment that holds its texts is a pair`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  func texts(_ chosen: String) -> [Field: FieldValue] {
    [.prompt: "which", .chosen: .text(chosen), .rejected: "that"]
  }
  try spec.given([
    event(0, "judgment", texts("a").merging([.margin: 0.25]) { $1 }),
    event(1, "preference", texts("b").merging([.margin: 80]) { $1 }),
    event(2, "preference", texts("c")),
  ])
  let rows = try spec.rows("datasets/pairs")
  #expect(try summary(spec) == ["a", "b", "c"].map { "judgment: \($0) > that" })
  #expect(
    rows.map { $0["margin"] } == [
      .decimal(FixedPoint(hundredths: 25)), .decimal(FixedPoint(hundredths: 80)), .null,
    ])
  #expect(rows.map { $0["offsets"] } == [.offsets([0]), .offsets([1]), .offsets([2])])
}

// MARK: What masking makes equal

private let people = ["jane.doe@example.org", "li.wei@example.net", "omar@example.com"]

@Test func `judgments that masking makes equal are one pair`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(
    people.enumerated().map { index, person in
      event(
        Offset(index), "judgment",
        [
          .prompt: .text("mail \(person)"), .chosen: .text("sent to \(person)"), .rejected: "no",
        ])
    })
  let rows = try spec.rows("datasets/pairs")
  #expect(rows.map { $0["offsets"] } == [.offsets([0, 1, 2])])
  #expect(rows.first?["prompt"] == .text("mail \(people[0])"))
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(1))
}

@Test func `answers that masking makes equal are no pair`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let fields: [Field: FieldValue] = [
    .prompt: "who", .response: .text("ask \(people[0])"),
    .correctedResponse: .text("ask \(people[1])"),
  ]
  try spec.given(
    [
      event(
        90, "judgment",
        [.prompt: "who", .chosen: .text(people[0]), .rejected: .text(people[1])])
    ],
    facts: [
      asserted(interaction(0, at: 3, score: 50, fields)),
      asserted(attempt(1, response: "to \(people[0])", score: 20, outcome: .failure)),
      asserted(attempt(2, response: "to \(people[1])", score: 90, outcome: .success)),
    ])
  #expect(try summary(spec).isEmpty)
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(0))
}

@Test func `pairs of any reason that masking makes equal are one, and another takes its place`()
  throws
{
  let spec = try ProjectorSpec(DatasetsProjector.self)
  func corrected(_ number: UInt64, _ correction: String) -> Interaction {
    interaction(
      number, at: number * 10, score: 50,
      [
        .prompt: .text("mail \(people[Int(number)])"), .response: "no", .sessionID: "s",
        .correctedResponse: .text(correction),
      ])
  }
  let first = corrected(0, "sent to \(people[0])")
  try spec.given(
    [
      event(
        50, "judgment",
        [
          .prompt: .text("mail \(people[2])"), .chosen: .text("sent to \(people[2])"),
          .rejected: "no", .sessionID: "s",
        ])
    ], facts: [asserted(first), asserted(corrected(1, "sent to \(people[1])"))])
  #expect(try summary(spec) == ["correction: sent to \(people[0]) > no"])
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(1))
  try spec.given(facts: [changed(first, at: 60, to: corrected(0, "yes"))])
  #expect(
    try summary(spec) == ["correction: yes > no", "correction: sent to \(people[1]) > no"])
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(2))
  try spec.given(facts: [changed(corrected(0, "yes"), at: 61, to: first)])
  #expect(try summary(spec) == ["correction: sent to \(people[0]) > no"])
}

/// Of the sessions s66 is in training and s92 in test. Their prompts differ in a secret only.
@Test(arguments: [["s66", "s92", nil], ["s92", "s66", nil], [nil, "s92", "s66"]] as [[String?]])
func `a masked prompt is in the split of the first that asked it`(sessions: [String?]) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let prompts = people.map { "mail the report to \($0)" }
  let split = Split(session: sessions[0], prompt: "mail the report to [EMAIL]")
  func asked(_ number: UInt64, _ session: String?) -> Interaction {
    answered(
      number, prompt: prompts[Int(number)], response: "answer \(number) is", session: session)
  }
  func splits(_ table: String) throws -> [Cell?] { try spec.rows(table).map { $0["split"] } }
  try spec.given(facts: sessions.enumerated().map { asserted(asked(UInt64($0), $1)) })
  try spec.given([
    event(
      40, "judgment",
      [.prompt: .text(prompts[1]), .chosen: "a", .rejected: "b", .sessionID: "s41"])
  ])
  #expect(try splits("datasets") == [Cell?](repeating: .text(split.name), count: 3))
  #expect(try splits("datasets/pairs") == [.text(split.name)])
  // Others are there for its sake: it stays, also when its session becomes known late.
  if sessions[0] == nil {
    try spec.given(facts: [changed(asked(0, nil), at: 50, to: asked(0, "s92"))])
    #expect(try splits("datasets") == [Cell?](repeating: .text(split.name), count: 3))
  }
  #expect(try spec.tables.rehashed() == spec.tables.digest)
  let row = try #require(try Example.answer.row(["1"], in: spec.tables))
  let explanation = try Example.answer.explanation(
    of: AnswerRow(columns: Example.answer.columns, cells: row), in: spec.tables, trace: nil)
  let figure = explanation.figures.first { $0.name == "split" }
  #expect(figure?.inputs.first?.value == .text(sessions[0] ?? "mail the report to [EMAIL]"))
  #expect(figure?.inputs.first?.offsets == [0])
}

@Test func `example and pair of one masked prompt are in one split`() throws {
  for number in 0..<20 {
    let spec = try ProjectorSpec(DatasetsProjector.self)
    let prompts = people.map { "mail number \(number) to \($0)" }
    let corrected = interaction(
      1, at: 10, score: 50,
      [.prompt: .text(prompts[1]), .response: "no", .correctedResponse: "yes"])
    try spec.given(
      [event(20, "judgment", [.prompt: .text(prompts[2]), .chosen: "a", .rejected: "b"])],
      facts: [
        asserted(answered(0, prompt: prompts[0], response: "done", session: nil)),
        asserted(corrected),
      ])
    let splits = try [spec.rows(), spec.rows("datasets/pairs")].joined().map { $0["split"] }
    #expect(splits.count == 3 && splits.allSatisfy { $0 == splits[0] })
  }
}
