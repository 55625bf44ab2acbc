import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import ValuesProjector
import Tables
import Views

/// The fact that an interaction changed.
private func changed(
  _ before: Interaction, at offset: Offset, _ change: (inout Interaction) -> Void
)
  -> Fact
{
  var after = before
  change(&after)
  after.evidence.add(offset)
  return Fact(of: EventID(offset), before: before, after: after)
}

private func setScore(_ interaction: inout Interaction, _ hundredths: Int64) {
  interaction.score.total = FixedPoint(hundredths: hundredths)
  interaction.score.tier = hundredths >= 70 ? .highValue : .reference
}

@Suite struct ValuesProjectorTests {
  @Test func `a row says what an interaction was worth`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    var first = interaction(
      0, at: 7, kind: "task_failed", stream: .ralph, outcome: .failure, basis: .tests, score: 41,
      [.interactionID: "t1", .sessionID: "s1", .model: "m1", .prompt: "mend it"])
    first.score.outcome = FixedPoint(hundredths: 20)
    first.evidence.add(9)
    try spec.given(facts: [asserted(first), asserted(interaction(1, at: 12, score: 96))])
    let rows = try spec.rows()
    #expect(rows.count == 2)
    let half = Cell.decimal(FixedPoint(hundredths: 50))
    #expect(
      rows[0] == [
        "offset": .integer(7), "part": .integer(0), "interaction_id": .text("t1"),
        "session_id": .text("s1"),
        "stream": .text("ralph"), "kind": .text("task_failed"), "time": .time(first.time),
        "is_time_inferred": .bool(false),
        "model": .text("m1"), "prompt": .text("mend it"), "outcome": .text("failure"),
        "outcome_basis": .text("tests"), "score": .decimal(FixedPoint(hundredths: 41)),
        "outcome_quality": .decimal(FixedPoint(hundredths: 20)), "feedback": half,
        "reusability": half, "complexity": half, "novelty": half, "tier": .text("reference"),
        "confidence": half, "offsets": .offsets([7, 9]), "last_offset": .integer(9),
        "offset_count": .integer(2),
      ])
    #expect(rows[1]["interaction_id"] == .null)
    #expect(rows[1]["model"] == .null)
    #expect(rows[1]["tier"] == .text("exceptional"))
  }

  @Test func `a time that its line does not say is marked`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    var inferred = interaction(0, at: 1)
    inferred.isTimeInferred = true
    try spec.given(facts: [asserted(inferred), asserted(interaction(1, at: 2))])
    #expect(try spec.rows().map { $0["is_time_inferred"] } == [true, false].map(Cell.bool))
    #expect(try spec.rows("values/daily").map { $0["inferred"] } == [.integer(1)])
    try spec.given(facts: [changed(inferred, at: 3) { setScore(&$0, 20) }])
    #expect(try spec.rows("values/daily").map { $0["inferred"] } == [.integer(1)])
  }

  @Test func `a change shows, and leaves no trace of what was`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let first = interaction(0, at: 1, score: 60)
    try spec.given(facts: [asserted(first)])
    let change = changed(first, at: 5) {
      setScore(&$0, 80)
      $0.outcome = .partial
      $0.fields[.model] = "m"
    }
    try spec.given(facts: [change])
    #expect(try spec.rows().map { $0["score"] } == [.decimal(FixedPoint(hundredths: 80))])
    #expect(try spec.rows().map { $0["offsets"] } == [.offsets([1, 5])])
    let whole = try ProjectorSpec(ValuesProjector.self)
    try whole.given(facts: [asserted(change.after)])
    for name in ["values", "values/daily", "values/histogram"] {
      #expect(try spec.rows(name) == whole.rows(name))
    }
    #expect(spec.tables.digest == whole.tables.digest)
  }

  @Test func `days, streams and models are counted apart`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let day: Int64 = 86_400 * 20_000
    let lines: [(Int64, Events.Stream, String?, Int64, Int64)] = [
      (day, .ralph, "m", 70, 30), (day + 86_399, .ralph, "m", 80, 50), (day, .ralph, nil, 10, 30),
      (day, .aidb, "m", 20, 100), (day + 86_400, .ralph, "m", 69, 70),
      (day - 1, .ralph, "m", 1, 30),
      (-1, .editor, "m", 1, 30),
    ]
    let facts = lines.enumerated().map { number, line in
      var made = interaction(
        UInt64(number), at: UInt64(number), stream: line.1, seconds: line.0, score: line.3)
      made.fields[.model] = line.2.map(FieldValue.text)
      made.score.reusability = FixedPoint(hundredths: line.4)
      if line.4 == 50 || line.4 == 100 { made.fields[.contextRetrieved] = true }
      return asserted(made)
    }
    try spec.given(facts: facts)
    let rows = try spec.rows("values/daily")
    #expect(
      rows.map { $0["day"] } == [
        .text("1969-12-31"), .text("2024-10-03"), .text("2024-10-04"), .text("2024-10-04"),
        .text("2024-10-04"), .text("2024-10-05"),
      ])
    #expect(
      rows.map { $0["stream"] } == [
        .text("editor"), .text("ralph"), .text("aidb"), .text("ralph"), .text("ralph"),
        .text("ralph"),
      ])
    #expect(rows[3]["model"] == .null)
    #expect(
      rows[4] == [
        "day": .text("2024-10-04"), "stream": .text("ralph"), "model": .text("m"),
        "count": .integer(2), "mean_score": .real(0.75), "high_value": .integer(2),
        "learning_rate": .real(1), "reused": .integer(1), "reuse_rate": .real(0.5),
        "repeated": .integer(1), "repeat_rate": .real(0.5),
        "inferred": .integer(0),
      ])
    #expect(rows[2]["reuse_rate"] == .real(1))
    #expect(rows[2]["learning_rate"] == .real(0))
  }

  @Test func `models are compared byte by byte, however long they are`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let long = String(repeating: "m", count: 900)
    let models = ["caf\u{e9}", "cafe\u{301}", long + "a", long + "b", long + "b"]
    let facts = models.enumerated().map { number, model in
      asserted(
        interaction(UInt64(number), at: UInt64(number), [.model: .text(model)]))
    }
    try spec.given(facts: facts)
    let rows = try spec.rows("values/daily")
    #expect(
      rows.map { $0["count"] } == [.integer(1), .integer(1), .integer(1), .integer(2)]
        || rows.map { $0["count"] } == [.integer(1), .integer(1), .integer(2), .integer(1)])
    #expect(
      Set(
        rows.compactMap { row in
          if case .text(let model)? = row["model"] { Hash128(of: model) } else { nil }
        }) == Set(models.map { Hash128(of: $0) }))
  }

  @Test func `a score is in its tenth, and one in the last`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    #expect(try spec.rows("values/histogram").count == 10)
    #expect(try spec.rows("values/histogram").allSatisfy { $0["share"] == .null })
    let units: [Int64] = [
      0, 99_999_999, 100_000_000, 699_999_999, 700_000_000, 899_999_999, 900_000_000,
      1_000_000_000,
    ]
    let facts = units.enumerated().map { number, units in
      var made = interaction(UInt64(number), at: UInt64(number))
      made.score.total = FixedPoint(units: units)
      return asserted(made)
    }
    try spec.given(facts: facts)
    let rows = try spec.rows("values/histogram")
    #expect(rows.map { $0["bucket"] } == (0..<10).map { .integer($0) })
    #expect(rows.map { $0["count"] } == [2, 1, 0, 0, 0, 0, 1, 1, 1, 2].map { .integer($0) })
    #expect(rows[0]["share"] == .real(0.25))
    #expect(rows[2]["share"] == .real(0))
  }

  @Test func `a number out of turn stops it there`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let error = #expect(throws: FoldError.self) {
      try spec.given(facts: [asserted(interaction(0, at: 3)), asserted(interaction(2, at: 8))])
    }
    #expect(error?.offset == 8)
  }
}
