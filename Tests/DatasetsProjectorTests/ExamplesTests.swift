import Tables
import Bytes
import DatasetsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import TrainingData
import Views

/// An interaction with text, as these specifications need it.
func answered(
  _ number: UInt64, at offset: Offset? = nil, prompt: String, response: String,
  session: String? = "s", domain: String? = nil, score: Int64 = 80, outcome: Outcome = .success,
  basis: OutcomeBasis = .tool
) -> Interaction {
  var fields: [Field: FieldValue] = [.prompt: .text(prompt), .response: .text(response)]
  if let session { fields[.sessionID] = .text(session) }
  if let domain { fields[.domain] = .text(domain) }
  return interaction(
    number, at: offset ?? number * 10, outcome: outcome, basis: basis, score: score, fields)
}

func changed(_ before: Interaction, at offset: Offset, to after: Interaction) -> Fact {
  var after = after
  after.evidence.add(offset)
  return Fact(of: EventID(offset), before: before, after: after)
}

private func texts(_ rows: [[String: Cell]], _ column: String) -> [Cell] {
  rows.map { $0[column] ?? .null }
}

/// Prompt and response of 40 distinct words.
func text(_ tag: String, _ count: Int = 40) -> String {
  (0..<count).map { "\(tag)\($0)" }.joined(separator: " ")
}

@Test(arguments: [
  ("yes", true, false), ("go on", true, false), ("3", true, false), ("yes", false, true),
  // Four words, or 24 bytes.
  ("fix it, will you", true, true), ("fix it, please", true, false),
  ("repair authentication.ts", true, true), ("repair authenticatio.ts", true, false),
])
func `what means nothing without its conversation gives no example`(
  prompt: String, isOfAgent: Bool, isExample: Bool
) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  var fields: [Field: FieldValue] = [.prompt: .text(prompt), .response: "here it is"]
  if isOfAgent { fields[.agent] = "claude-code" }
  try spec.given(facts: [asserted(interaction(0, at: 5, score: 91, fields))])
  #expect(try spec.rows().count == (isExample ? 1 : 0))
}

@Test func `an interaction of high value with text gives an example`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  var fields: [Field: FieldValue] = [.prompt: "write a parser", .response: "here it is"]
  fields[.sessionID] = "session-1"
  fields[.model] = "qwen"
  try spec.given(facts: [asserted(interaction(0, at: 5, score: 91, fields))])
  let rows = try spec.rows()
  #expect(rows.count == 1)
  #expect(rows.first?["example_id"] == .integer(0))
  #expect(rows.first?["offset"] == .integer(5))
  #expect(rows.first?["session_id"] == .text("session-1"))
  #expect(rows.first?["score"] == .decimal(FixedPoint(hundredths: 91)))
  #expect(rows.first?["model"] == .text("qwen"))
  #expect(rows.first?["prompt"] == .text("write a parser"))
  #expect(rows.first?["response"] == .text("here it is"))
  #expect(rows.first?["merged"] == .integer(0))
  #expect(rows.first?["offsets"] == .offsets([5]))
}

@Test func `low value and text that cannot be read give none`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let opaque = "sha256:" + String(repeating: "a", count: 64)
  try spec.given(facts: [
    asserted(answered(0, prompt: "a b c", response: "d", score: 69)),
    asserted(answered(1, prompt: opaque, response: "d")),
    asserted(answered(2, prompt: "a b c", response: "[REDACTED:email]")),
    asserted(interaction(3, at: 30, score: 90, [.prompt: "only a prompt"])),
    asserted(interaction(4, at: 40, score: 90, [.response: "only a response"])),
    asserted(answered(5, prompt: "a b c", response: " \n")),
  ])
  #expect(try spec.rows().isEmpty)
}

@Test func `texts without words are one example when they are equal`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let arrows = ["→ ↑", "→ ↑", "→ ↓", "→ ↑"]
  try spec.given(
    facts: arrows.enumerated().map { index, prompt in
      asserted(
        answered(UInt64(index), prompt: prompt, response: "✓ …", session: "session \(index)"))
    })
  #expect(try texts(spec.rows(), "merged") == [2, 0].map(Cell.integer))
  #expect(try texts(spec.rows(), "offset") == [0, 20].map(Cell.integer))
}

@Test func `what succeeded by its own word alone is shown, and counts as no example`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  func counts() throws -> [Cell?] {
    let row = try spec.rows("datasets/readiness").first
    return [row?["count"], row?["unproven"]]
  }
  let said = answered(0, prompt: text("p"), response: text("r"), score: 95, basis: .`self`)
  try spec.given(facts: [asserted(said)])
  #expect(try texts(spec.rows(), "outcome_basis") == [.text("self")])
  #expect(try counts() == [.integer(0), .integer(1)])
  // A near-duplicate that something else vouches for stands for both, though it scores less.
  let shown = answered(1, prompt: text("p"), response: text("r"), score: 75, basis: .exitCode)
  try spec.given(facts: [asserted(shown)])
  #expect(try texts(spec.rows(), "offset") == [.integer(10)])
  #expect(try texts(spec.rows(), "outcome_basis") == [.text("exit_code")])
  #expect(try counts() == [.integer(1), .integer(0)])
  // Once people vouch for the first, it is the better one.
  var accepted = said
  accepted.basis = .human
  try spec.given(facts: [changed(said, at: 30, to: accepted)])
  #expect(try texts(spec.rows(), "offset") == [.integer(0)])
  #expect(try counts() == [.integer(1), .integer(0)])
}

@Test func `a pair of outcomes rests on the weaker of both`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let good = answered(0, prompt: text("p"), response: "good", basis: .tests)
  let bad = answered(
    1, prompt: text("p"), response: "bad", score: 20, outcome: .failure, basis: .`self`)
  try spec.given(facts: [asserted(good), asserted(bad)])
  func row() throws -> [Cell?] {
    let readiness = try spec.rows("datasets/readiness").last
    return [
      try spec.rows("datasets/pairs").first?["outcome_basis"], readiness?["count"],
      readiness?["unproven"],
    ]
  }
  #expect(try row() == [.text("self"), .integer(0), .integer(1)])
  var failed = bad
  failed.basis = .exitCode
  try spec.given(facts: [changed(bad, at: 20, to: failed)])
  #expect(try row() == [.text("exit_code"), .integer(1), .integer(0)])
}

@Test func `what differs in personal data and secrets only is one example`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let people = [
    ("jane.doe@example.org", "10.1.2.3"), ("li.wei@example.net", "10.9.8.7"),
    ("omar@example.com", "192.168.44.5"), ("pia.k@example.edu", "172.16.3.9"),
  ]
  try spec.given(
    facts: people.enumerated().map { index, person in
      asserted(
        answered(
          UInt64(index), prompt: "Mail \(person.0) that \(person.1) is down",
          response: "Sent to \(person.0): host \(person.1) is down.", session: "s\(index)"))
    })
  let rows = try spec.rows()
  #expect(rows.count == 1)
  #expect(rows.first?["merged"] == .integer(3))
}

@Test func `the split follows the session and without one the prompt`() {
  // SHA-256 modulo 100, by another implementation: 79, 80, 89, 90, 0 and 99.
  let expected: [(String, Split)] = [
    ("s106", .train), ("s41", .validation), ("s62", .validation), ("s170", .test), ("s66", .train),
    ("s92", .test),
  ]
  for (session, split) in expected {
    #expect(Split(session: session, prompt: "s41") == split)
    #expect(Split(session: nil, prompt: session) == split)
  }
}

@Test func `the best of a cluster stands for it and ties go to the lowest offset`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let prompt = text("p")
  try spec.given(facts: [
    asserted(answered(0, prompt: prompt, response: text("r"), score: 80)),
    asserted(answered(1, prompt: prompt, response: text("r") + " more", score: 90)),
    asserted(answered(2, prompt: prompt, response: text("r"), score: 90)),
    asserted(answered(3, prompt: prompt, response: text("other"), score: 70)),
  ])
  let rows = try spec.rows()
  #expect(texts(rows, "example_id") == [.integer(0), .integer(1)])
  #expect(texts(rows, "offset") == [.integer(10), .integer(30)])
  #expect(texts(rows, "merged") == [.integer(2), .integer(0)])
}

@Test func `an example that loses its value loses its place and the next takes it`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let first = answered(0, prompt: text("p"), response: text("r"), score: 80)
  let second = answered(1, prompt: text("p"), response: text("r"), score: 90)
  try spec.given(facts: [asserted(first), asserted(second)])
  #expect(texts(try spec.rows(), "offset") == [.integer(10)])

  let worse = answered(1, prompt: text("p"), response: text("r"), score: 30)
  try spec.given(facts: [changed(second, at: 20, to: worse)])
  #expect(texts(try spec.rows(), "offset") == [.integer(0)])

  let bad = answered(0, prompt: text("p"), response: text("r"), score: 30)
  try spec.given(facts: [changed(first, at: 21, to: bad)])
  #expect(try spec.rows().isEmpty)

  // It comes back under the same number: clusters are for good.
  let again = answered(1, prompt: text("p"), response: text("r"), score: 75)
  try spec.given(facts: [
    changed(worse, at: 22, to: again),
    asserted(answered(2, prompt: text("q"), response: text("r"), score: 75)),
  ])
  let rows = try spec.rows()
  #expect(texts(rows, "example_id") == [.integer(0), .integer(1)])
  #expect(texts(rows, "offset") == [.integer(10), .integer(20)])
  #expect(texts(rows, "merged") == [.integer(1), .integer(0)])
}

@Test func `a duplicate joins the cluster of the earliest that it resembles`() throws {
  // Similar are 0 and 4, 4 and 7, 4 and 8, 7 and 8, but neither 0 and 7 nor 0 and 8.
  func from(_ start: Int) -> String { (start..<100).map { "w\($0)" }.joined(separator: " ") }
  let spec = try ProjectorSpec(DatasetsProjector.self)
  for (number, start) in [0, 8, 4, 7].enumerated() {
    try spec.given(facts: [
      asserted(answered(UInt64(number), prompt: from(start), response: "end"))
    ])
  }
  // 4 joins 0; 7 joins 8, which came before 4 did.
  #expect(texts(try spec.rows(), "offset") == [.integer(0), .integer(10)])
  #expect(texts(try spec.rows(), "merged") == [.integer(1), .integer(1)])
}

@Test func `the best is right through any changes in a large cluster`() throws {
  var random = SeededRandom(seed: 0xda7a_5e75)
  let spec = try ProjectorSpec(DatasetsProjector.self)
  var members: [Interaction] = []
  for round in 0..<3_000 {
    var fact: Fact
    if members.count < 1_200, round % 3 != 2 || members.isEmpty {
      let member = answered(
        UInt64(members.count), at: UInt64(round), prompt: text("p"), response: text("r"),
        score: Int64.random(in: 70...99, using: &random))
      members.append(member)
      fact = asserted(member)
    } else {
      let index = Int.random(in: members.indices, using: &random)
      let before = members[index]
      members[index].score =
        answered(
          0, prompt: "", response: "", score: Int64.random(in: 40...99, using: &random)
        ).score
      fact = Fact(of: EventID(UInt64(round)), before: before, after: members[index])
    }
    try spec.given(facts: [fact])
    if round % 50 != 0 { continue }
    let best = members.filter(\.score.isHighValue).max {
      ($0.score.total, $1.offset) < ($1.score.total, $0.offset)
    }
    #expect(
      texts(try spec.rows(), "offset") == best.map { [.integer(Int64($0.offset))] } ?? [],
      "seed \(random.seed) round \(round)")
  }
}

@Test func `facts and events give the same rows however they are cut`() throws {
  var random = SeededRandom(seed: 0xda7a_5e77)
  let (events, facts) = history(&random)
  let whole = try ProjectorSpec(DatasetsProjector.self)
  try whole.given(events, facts: facts)
  let expected = try answers(of: whole)
  #expect(expected.allSatisfy { !$0.isEmpty })
  for size in [1, 7, 64] {
    let cut = try ProjectorSpec(DatasetsProjector.self)
    for start in stride(from: 0, to: events.count, by: size) {
      let range = UInt64(start)..<UInt64(start + size)
      try cut.given(
        events.filter { range.contains($0.offset) },
        facts: facts.filter { range.contains($0.event.offset) })
    }
    #expect(cut.tables.digest == whole.tables.digest, "seed \(random.seed) size \(size)")
    #expect(try cut.tables.rehashed() == cut.tables.digest)
    #expect(try answers(of: cut) == expected, "seed \(random.seed) size \(size)")
  }
}

/// Interactions that come and change, judgments and trainings, one at each offset.
func history(_ random: inout SeededRandom) -> ([Event], [Fact]) {
  var (events, facts, known) = ([Event](), [Fact](), [Interaction]())
  for offset in 0..<400 as Range<UInt64> {
    let roll = Int.random(in: 0..<10, using: &random)
    let topic = Int.random(in: 0..<12, using: &random)
    if roll == 0 {
      events.append(
        event(
          offset, "judgment",
          [.prompt: .text(text("p\(topic)")), .chosen: "yes", .rejected: "no", .margin: 0.5]))
      continue
    }
    events.append(event(offset, roll == 1 ? "training_completed" : "completion"))
    var after: Interaction
    let index = roll < 5 ? known.indices.randomElement(using: &random) : nil
    if let index {
      after = known[index]
      after.evidence.add(offset)
    } else {
      after = answered(
        UInt64(known.count), at: offset, prompt: text("p\(topic)"), response: text("r\(roll)"),
        session: topic % 3 == 0 ? nil : "s\(topic * 7)",
        domain: topic % 2 == 0 ? nil : "d\(topic)")
      // Some thirteen weeks in all.
      after.time.nanoseconds += Int64(offset) * 20_000 * 1_000_000_000
    }
    let outcome = Outcome.allCases[Int.random(in: 0..<3, using: &random)]
    let scored = answered(
      0, prompt: "", response: "", score: Int64.random(in: 40...99, using: &random))
    after.outcome = outcome
    after.score = scored.score
    after.feedback.accepted = [nil, true, false][Int.random(in: 0..<3, using: &random)]
    facts.append(Fact(of: EventID(offset), before: index.map { known[$0] }, after: after))
    if let index { known[index] = after } else { known.append(after) }
  }
  return (events, facts)
}

private func answers(
  of spec: ProjectorSpec<DatasetsProjector>
) throws -> [[[String: Cell]]] {
  try DatasetsProjector.view.tables.map { try spec.rows($0.name) }
}

@Test func `how facts are cut into batches does not matter`() throws {
  var random = SeededRandom(seed: 0xda7a_5e76)
  let facts = (0..<200).map { number -> Fact in
    let topic = Int.random(in: 0..<30, using: &random)
    return asserted(
      answered(
        UInt64(number), prompt: text("p\(topic)"), response: text("r\(topic % 7)"),
        session: "s\(topic)", score: Int64.random(in: 60...99, using: &random)))
  }
  let whole = try ProjectorSpec(DatasetsProjector.self)
  try whole.given(facts: facts)
  let single = try ProjectorSpec(DatasetsProjector.self)
  for fact in facts { try single.given(facts: [fact]) }
  #expect(whole.tables.digest == single.tables.digest)
  #expect(try whole.tables.rehashed() == whole.tables.digest)
  #expect(try whole.rows() == single.rows())
}
