import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import ValuesProjector
import Views

/// The parts of the profile `quality` as columns, and feedback that was ignored.
@Suite struct QualityTableTests {
  private func row(_ fields: [Field: FieldValue], quality: Int64? = nil) throws -> [String: Cell]? {
    let spec = try ProjectorSpec(ValuesProjector.self)
    var made = interaction(0, at: 3, fields)
    made.score.quality = quality.map { FixedPoint(hundredths: $0) }
    made.score.qualityConfidence = quality.map { FixedPoint(hundredths: $0 - 60) }
    try spec.given(facts: [asserted(made)])
    return try spec.rows("values/quality").first
  }

  private func decimal(_ hundredths: Int64) -> Cell { .decimal(FixedPoint(hundredths: hundredths)) }

  @Test(arguments: [
    ("values", "an event gives it an outcome"), ("values/quality", "satisfaction of rating"),
    ("values/ignored", "values.feedback_per_minute"),
  ])
  func `a table without rows says what makes one`(name: String, part: String) throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let table = try #require(ValuesProjector.view.tables.first { $0.name == name })
    #expect(try table.reasonsForNone(in: spec.tables).joined().contains(part))
  }

  @Test func `an interaction of which nothing is given has no row`() throws {
    #expect(try row([.model: "m"]) == nil)
  }

  /// Satisfaction: rating 4 of 5. Code quality: (0.30 × 0.9 + 0.25 × 0.95) / 0.55.
  @Test func `what is given is shown, the rest is null`() throws {
    let row = try #require(
      try row([.rating: 4, .styleScore: 0.9, .securityScore: 0.95], quality: 86))
    #expect(row["offset"] == .integer(3) && row["offsets"] == .offsets([3]))
    #expect(row["satisfaction"] == decimal(80))
    #expect(row["code_quality"] == .decimal(FixedPoint(units: 922_727_273)))
    #expect(row["correctness"] == .null)
    #expect(row["relevance"] == .null)
    #expect(row["efficiency"] == .null)
    #expect(row["quality"] == decimal(86))
    #expect(row["confidence"] == decimal(26))
    #expect(row["meets"] == .bool(true))
  }

  @Test(
    arguments: [
      (.styleScore, 90), (.maintainabilityScore, 80), (.securityScore, 95),
      (.performanceScore, 75), (.projectScore, 80), (.patternScore, 85), (.domainScore, 75),
    ] as [(Field, Int64)])
  func `each score has its bound`(field: Field, hundredths: Int64) throws {
    let bound = FixedPoint(hundredths: hundredths)
    #expect(try row([field: .number(bound)])?["meets"] == .bool(true))
    let below = FixedPoint(units: bound.units - 1)
    #expect(try row([field: .number(below)])?["meets"] == .bool(false))
  }

  @Test(arguments: [
    Field.codeCompiles, .testsPassed, .lintPasses, .typeCheckPasses, .noRuntimeErrors,
  ])
  func `what passes meets`(field: Field) throws {
    #expect(try row([field: true])?["meets"] == .bool(true))
    #expect(try row([field: false])?["meets"] == .bool(false))
    #expect(try row([field: true, .styleScore: 0.5])?["meets"] == .bool(false))
  }

  /// Each just reaches its bound, and just does not.
  @Test(
    arguments: [
      (.codeCompiles, 95), (.testsPassRate, 85), (.lintPasses, 80), (.typeCheckPasses, 75),
      (.noRuntimeErrors, 80),
    ] as [(Field, Int64)])
  func `what passes in part meets where its share does`(field: Field, hundredths: Int64) throws {
    let bound = FixedPoint(hundredths: hundredths)
    #expect(try row([field: .number(bound)])?["meets"] == .bool(true))
    let below = FixedPoint(units: bound.units - 1)
    #expect(try row([field: .number(below)])?["meets"] == .bool(false))
    #expect(try row([field: .number(below)])?["correctness"] == .decimal(below))
  }

  /// 19 of 20: not all of them, and enough.
  @Test func `of tests the share that passed counts, not whether all did`() throws {
    let row = try row([.testsPassed: false, .testsPassRate: 0.95])
    #expect(row?["correctness"] == decimal(95) && row?["meets"] == .bool(true))
  }

  @Test(arguments: [85, 1.000_000_001, -0.1] as [Double])
  func `what is no share is not given`(value: Double) throws {
    let odd = FieldValue.number(FixedPoint(value) ?? .zero)
    for field in [
      Field.styleScore, .securityScore, .projectScore, .solutionComplexity, .productivityGain,
      .codeCompiles,
    ] {
      #expect(try row([field: odd]) == nil, "\(field)")
    }
    let row = try row([.styleScore: odd, .securityScore: 0.5])
    #expect(row?["code_quality"] == decimal(50))
  }

  @Test func `what has no bound is not measured by one`() throws {
    #expect(try row([.rating: 1])?["meets"] == .null)
    #expect(try row([.productivityGain: 0])?["meets"] == .null)
  }

  @Test func `a change shows`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let before = interaction(0, at: 1)
    var after = before
    after.fields[.rating] = 5
    try spec.given(facts: [
      asserted(before), Fact(of: EventID(2), before: before, after: after),
    ])
    #expect(try spec.rows("values/quality").map { $0["satisfaction"] } == [decimal(100)])
  }

  @Test func `what was retrieved is reuse, a similar prompt is repetition`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let said: [[Field: FieldValue]] = [
      [.contextRetrieved: true], [.contextRetrieved: false], [.contextRetrieved: true], [:],
    ]
    let facts = said.enumerated().map { number, fields in
      var made = interaction(UInt64(number), at: UInt64(number), fields)
      made.score.reusability = FixedPoint(hundredths: number == 3 ? 50 : 30)
      return asserted(made)
    }
    try spec.given(facts: facts)
    let day = try spec.rows("values/daily").first
    #expect(day?["reused"] == .integer(2) && day?["reuse_rate"] == .real(0.5))
    #expect(day?["repeated"] == .integer(1) && day?["repeat_rate"] == .real(0.25))
  }

  @Test func `ignored feedback is counted by session and minute`() throws {
    let spec = try ProjectorSpec(ValuesProjector.self)
    let start: Int64 = 1_767_225_600
    let events: [(String, Int64)] = [("s", 0), ("s", 59), ("s", 60), ("r", 59), ("s", -1)]
    try spec.given(
      ignoredFeedback: events.enumerated().map {
        IgnoredFeedback(
          of: EventID(UInt64($0)), session: $1.0,
          time: Timestamp(nanoseconds: (start + $1.1) * 1_000_000_000), isTimeInferred: $1.1 == 59)
      })
    let rows = try spec.rows("values/ignored")
    #expect(
      rows.map { "\($0["session_id"]?.plainText ?? "") \($0["minute"]?.plainText ?? "")" } == [
        "r 2026-01-01T00:00:00Z", "s 2025-12-31T23:59:00Z", "s 2026-01-01T00:00:00Z",
        "s 2026-01-01T00:01:00Z",
      ])
    #expect(rows.map { $0["ignored"] } == [1, 1, 2, 1].map(Cell.integer))
    #expect(rows.map { $0["is_minute_inferred"] } == [true, false, true, false].map(Cell.bool))
    #expect(rows[2]["offsets"] == .offsets([0, 1]))
  }
}
