import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import DatasetsProjector

/// Monday, 2026-01-05T00:00:00Z.
private let monday: Int64 = 1_767_571_200
private let weekSeconds: Int64 = 7 * 86_400

private func answered(
  _ number: UInt64, at seconds: Int64, prompt: String? = nil, response: String? = nil,
  score: Int64 = 80, outcome: Outcome = .success, basis: OutcomeBasis = .tool
) -> Interaction {
  interaction(
    number, at: number * 10, seconds: seconds, outcome: outcome, basis: basis, score: score,
    [
      .prompt: .text(prompt ?? "number \(number) is"),
      .response: .text(response ?? "it is \(number)"), .sessionID: "s",
    ])
}

/// What a training was on, as its line says.
private func training(_ offset: Offset, on dataset: String?) -> Event {
  var report = TrainedOn()
  report.dataset = dataset
  let bare = event(offset, "training_completed")
  return Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
}

@Suite struct GrowthTests {
  private let spec: ProjectorSpec<DatasetsProjector>

  init() throws { spec = try ProjectorSpec(DatasetsProjector.self) }

  /// As `1 2026-01-05 10/10/0 of 10: 10 true`: week, Monday, what it added, total, milestone.
  private func weeks() throws -> [String] {
    try spec.rows("datasets/growth").map { row in
      let cells = [
        "week", "starts_on", "responses", "examples", "pairs", "examples_total", "milestone", "met",
      ].map { row[$0]?.plainText ?? "?" }
      let added = cells[2...4].joined(separator: "/")
      return ([cells[0], cells[1], added] + cells[5...]).joined(separator: " ")
    }
  }

  @Test(
    arguments: [
      (monday - 1, "2025-12-29"), (monday, "2026-01-05"), (monday + weekSeconds - 1, "2026-01-05"),
      (monday + weekSeconds, "2026-01-12"), (-1, "1969-12-29"), (0, "1969-12-29"),
      (-259_200, "1969-12-29"), (-259_201, "1969-12-22"), (-9_223_372_036, "1677-09-20"),
    ] as [(Int64, String)])
  func `a week begins on Monday, UTC`(seconds: Int64, start: String) throws {
    try spec.given(facts: [asserted(answered(0, at: seconds))])
    #expect(try spec.rows("datasets/growth").map { $0["starts_on"] } == [.text(start)])
  }

  /// What is met once the week of so many examples is, and what while it goes on.
  @Test(
    arguments: [
      (1, 9, "null", "false"), (1, 10, "true", "true"), (4, 99, "null", "false"),
      (4, 100, "true", "true"), (12, 499, "null", "false"), (12, 500, "true", "true"),
      (52, 2_499, "null", "false"), (52, 2_500, "true", "true"),
    ] as [(Int64, Int, String, String)])
  func `so many examples are due by the end of a week`(
    week: Int64, count: Int, during: String, after: String
  ) throws {
    // The first week has one, so that it is the first.
    let last = monday + week * weekSeconds - 1
    try spec.given(
      facts: (0..<count).map {
        asserted(answered(UInt64($0), at: $0 == 0 ? monday : last))
      })
    func met() throws -> Cell? {
      try spec.rows("datasets/growth").first { $0["week"] == .integer(week) }?["met"]
    }
    try spec.given([event(30_000, "judgment", at: last, [.chosen: "a"])])
    #expect(try met()?.plainText == during)
    try spec.given([event(30_001, "judgment", at: last + 1, [.chosen: "a"])])
    #expect(try met()?.plainText == after)
  }

  @Test func `what no line dates is of no week, unless nothing is dated`() throws {
    func undated(_ number: UInt64, at seconds: Int64) -> Interaction {
      var interaction = answered(number, at: seconds)
      interaction.isTimeInferred = true
      return interaction
    }
    try spec.given(facts: [
      asserted(undated(0, at: monday - 100 * weekSeconds)),
      asserted(undated(1, at: monday + weekSeconds)),
    ])
    #expect(
      try weeks().first == "1 2024-02-05 1/1/0 1 10 false"
        && spec.rows("datasets/growth").allSatisfy { $0["is_week_inferred"] == .bool(true) })
    try spec.given([event(100, "judgment", at: monday, [.chosen: "a"])])
    try spec.given(facts: [asserted(answered(2, at: monday))])
    #expect(try weeks() == ["null null 2/2/0 null null null", "1 2026-01-05 1/1/0 1 10 null"])
    let rows = try spec.rows("datasets/growth")
    #expect(rows.map { $0["is_week_inferred"] } == [.bool(true), .bool(false)])
    #expect(rows.map { $0["offsets"] } == [.offsets([0, 10]), .offsets([20])])
    #expect(rows.map { $0["offset_count"] } == [.integer(2), .integer(1)])
    // They count, though in no week.
    #expect(try spec.rows("datasets/readiness").first?["count"] == .integer(3))
    #expect(try Growth.answer.row([nil], in: spec.tables) != nil)
  }

  /// More than are named.
  @Test func `all events of a week are counted, and its figures have their inputs`() throws {
    try spec.given(
      facts: (0..<40).map {
        asserted(answered($0, at: monday, basis: $0 < 35 ? .tool : .`self`))
      })
    let cells = try #require(try Growth.answer.row(["1"], in: spec.tables))
    let row = AnswerRow(columns: Growth.answer.columns, cells: cells)
    let explanation = try Growth.answer.explanation(of: row, in: spec.tables, trace: nil)
    #expect(explanation.offsetCount == 35 && row["last_offset"] == .integer(340))
    func inputs(_ name: String) -> [String] {
      explanation.figures.first { $0.name == name }?.inputs.map {
        "\($0.name) \($0.value.plainText)"
      } ?? []
    }
    #expect(inputs("unproven") == ["the first of them 5"])
    #expect(inputs("examples_total") == ["examples 35", "examples_before 0"])
    #expect(inputs("responses") == ["the first 0"])
    let readiness = try #require(try spec.rows("datasets/readiness").first)
    #expect(readiness["offset_count"] == .integer(35))
    let domains = try spec.rows("datasets/domains")
    #expect(domains.map { $0["offset_count"] } == [.integer(35)])
  }

  @Test func `a milestone has its row as soon as something came after it, and none before`() throws
  {
    func add(_ number: UInt64, week: Int64) throws {
      try spec.given(facts: [
        asserted(answered(number, at: monday + (week - 1) * weekSeconds))
      ])
    }
    try add(0, week: 1)
    try add(1, week: 3)
    #expect(try weeks() == ["1 2026-01-05 1/1/0 1 10 false", "3 2026-01-19 1/1/0 2 null null"])
    try add(2, week: 12)
    #expect(
      try weeks().dropFirst(2) == [
        "4 2026-01-26 0/0/0 2 100 false", "12 2026-03-23 1/1/0 3 500 null",
      ])
    try add(3, week: 53)
    #expect(
      try weeks().dropFirst(4)
        == ["52 2026-12-28 0/0/0 3 2500 false", "53 2027-01-04 1/1/0 4 null null"])
  }

  /// Of one example, in the first week: a milestone of 10, of 100, of 500 and of 2,500.
  @Test(
    arguments: [(4, 1), (5, 2), (12, 2), (13, 3), (52, 3), (53, 4), (400, 4)] as [(Int64, Int)])
  func `a milestone that was missed has its row once its week has passed`(
    week: Int64, count: Int
  ) throws {
    try spec.given(facts: [asserted(answered(0, at: monday))])
    // It says what week it is: that one has not passed.
    try spec.given([
      event(5, "judgment", at: monday + (week - 1) * weekSeconds, [.chosen: "a"])
    ])
    let missed = [
      "1 2026-01-05 1/1/0 1 10 false", "4 2026-01-26 0/0/0 1 100 false",
      "12 2026-03-23 0/0/0 1 500 false", "52 2026-12-28 0/0/0 1 2500 false",
    ]
    #expect(try weeks() == Array(missed.prefix(count)))
    for row in missed.prefix(count) {
      let key = String(row.prefix { $0 != " " })
      let cells = try #require(try Growth.answer.row([key], in: spec.tables))
      let explained = AnswerRow(columns: Growth.answer.columns, cells: cells)
      let offsets = try Growth.answer.explanation(of: explained, in: spec.tables, trace: nil)
      #expect(offsets.offsets == [0])
    }
  }

  @Test func `a milestone that was met before has its row too`() throws {
    try spec.given(
      facts: (0..<100).map { asserted(answered(UInt64($0), at: monday + Int64($0))) })
    try spec.given([event(5_000, "judgment", at: monday + 4 * weekSeconds, [.chosen: "a"])])
    #expect(
      try weeks() == ["1 2026-01-05 100/100/0 100 10 true", "4 2026-01-26 0/0/0 100 100 true"])
  }

  @Test func `what vouches for itself is counted beside, in its week`() throws {
    let first = answered(0, at: monday, basis: .`self`)
    let second = answered(1, at: monday + weekSeconds, basis: .text)
    func unproven() throws -> [Cell?] {
      try spec.rows("datasets/growth").map { $0["unproven"] }
        + spec.rows("datasets/readiness").prefix(1).map { $0["unproven"] }
    }
    try spec.given(facts: [asserted(first), asserted(second)])
    #expect(try weeks() == ["1 2026-01-05 1/0/0 0 10 false", "2 2026-01-12 1/0/0 0 null null"])
    #expect(try unproven() == [1, 1, 2].map(Cell.integer))
    var tested = first
    tested.basis = .tests
    try spec.given(facts: [changed(first, at: 20, to: tested)])
    #expect(try weeks() == ["1 2026-01-05 1/1/0 1 10 false", "2 2026-01-12 1/0/0 1 null null"])
    #expect(try unproven() == [0, 1, 1].map(Cell.integer))
    var failed = second
    failed.outcome = .failure
    try spec.given(facts: [changed(second, at: 21, to: failed)])
    #expect(try unproven() == [0, 0, 0].map(Cell.integer))
  }

  @Test func `an example counts in the week of what stands for it, while more than it vouches`()
    throws
  {
    let early = answered(0, at: monday, prompt: text("p"), response: text("r"), score: 80)
    let late = answered(
      1, at: monday + weekSeconds, prompt: text("p"), response: text("r"), score: 90)
    try spec.given(facts: [asserted(early), asserted(late)])
    #expect(try weeks() == ["1 2026-01-05 1/0/0 0 10 false", "2 2026-01-12 1/1/0 1 null null"])
    // The later one turns out to be worth less: the earlier stands for both.
    var worse = late
    worse.score = answered(9, at: 0, score: 40).score
    try spec.given(facts: [changed(late, at: 20, to: worse)])
    #expect(try weeks() == ["1 2026-01-05 1/1/0 1 10 false", "2 2026-01-12 1/0/0 1 null null"])
    var said = early
    said.basis = .`self`
    try spec.given(facts: [changed(early, at: 21, to: said)])
    #expect(try weeks() == ["1 2026-01-05 1/0/0 0 10 false", "2 2026-01-12 1/0/0 0 null null"])
    #expect(try spec.tables.rehashed() == spec.tables.digest)
  }

  @Test func `a pair is of the week of its later answer, a judgment of that in which it was said`()
    throws
  {
    let bad = answered(
      0, at: monday + weekSeconds, prompt: text("p"), response: "bad", score: 20, outcome: .failure)
    let good = answered(1, at: monday, prompt: text("p"), response: "good", score: 60)
    try spec.given(facts: [asserted(bad), asserted(good)])
    #expect(try weeks() == ["1 2026-01-05 1/0/0 0 10 false", "2 2026-01-12 1/0/1 0 null null"])
    func judged(_ offset: Offset, week: Int64) -> Event {
      event(
        offset, "judgment", at: monday + week * weekSeconds,
        [.prompt: "q", .chosen: "a", .rejected: "b"])
    }
    // Said again a week later it is the same preference.
    try spec.given([judged(30, week: -1), judged(31, week: 0)])
    #expect(
      try weeks() == [
        "1 2025-12-29 0/0/1 0 10 false", "2 2026-01-05 1/0/0 0 null null",
        "3 2026-01-12 1/0/1 0 null null",
      ])
  }

  @Test func `the weeks of an event are those that it counts in, and their rows name it`() throws {
    let one = answered(0, at: monday)
    try spec.given(facts: [asserted(one), asserted(answered(1, at: monday + weekSeconds))])
    let about = EventSubject(event: event(0, "task_completed"), interaction: one)
    let rows = try Growth.answer.rows(about: about, in: spec.tables)
    #expect(rows.map { $0["week"] } == [.integer(1)])
    let row = try #require(rows.first)
    let explanation = try Growth.answer.explanation(of: row, in: spec.tables, trace: nil)
    #expect(explanation.offsets == [0])
    // A week that added nothing stands on the last one before it that did.
    try spec.given(facts: [asserted(answered(2, at: monday + 5 * weekSeconds))])
    let fourth = try #require(try Growth.answer.row(["4"], in: spec.tables))
    let empty = AnswerRow(columns: Growth.answer.columns, cells: fourth)
    #expect(
      try Growth.answer.explanation(of: empty, in: spec.tables, trace: nil).offsets == [10])
  }

  // MARK: Trainings

  private func needed() throws -> [Cell?] {
    try spec.rows("datasets/readiness").map { $0["needed"] }
  }

  /// 1,000 examples and 500 pairs, as much as a first training of each needs.
  private func fill() throws {
    try spec.given(
      (0..<500).map {
        event(UInt64($0), "judgment", [.prompt: "q", .chosen: .text("\($0)"), .rejected: "b"])
      },
      facts: (0..<1_000).map { asserted(answered(UInt64($0), at: monday)) })
  }

  @Test(
    arguments: [
      ("examples", 1_500, 500), ("SFT", 1_500, 500), ("supervised", 1_500, 500),
      ("pairs", 1_000, 1_000), ("dpo", 1_000, 1_000), ("KTO", 1_000, 1_000),
      ("preference", 1_000, 1_000), ("everything", 1_500, 1_000), (nil, 1_500, 1_000),
    ] as [(String?, Int64, Int64)])
  func `a training counts for what it names, else for both`(
    dataset: String?, examples: Int64, pairs: Int64
  ) throws {
    try fill()
    #expect(try needed() == [.integer(1_000), .integer(500)])
    try spec.given([training(20_000, on: dataset)])
    #expect(try needed() == [.integer(examples), .integer(pairs)])
  }

  @Test(
    arguments: [
      (.training, 1_500, 1_000), (.full, 1_500, 1_000), (.evaluation, 1_000, 500),
      (.mini, 1_000, 500),
    ] as [(CycleReport.Name, Int64, Int64)])
  func `a cycle of training counts as a training of both`(
    name: CycleReport.Name, examples: Int64, pairs: Int64
  ) throws {
    try fill()
    var report = CycleReport()
    report.cycle = name
    let bare = event(20_000, "cycle_completed")
    let cycle = Event(
      bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
    try spec.given([cycle])
    #expect(try needed() == [.integer(examples), .integer(pairs)])
    let rows = try Readiness.answer.rows(
      about: EventSubject(event: cycle, interaction: nil), in: spec.tables)
    #expect(rows.count == (examples == 1_500 ? 2 : 0))
  }

  @Test func `an example is used once a training on examples completes after it counts`() throws {
    func used() throws -> [Cell?] { try spec.rows().map { $0["used_in_training"] } }
    var said = answered(0, at: monday, basis: .`self`)
    // Of the split train.
    said.fields[.sessionID] = "s66"
    try spec.given(facts: [asserted(said)])
    try spec.given([training(5, on: nil)])
    #expect(try used() == [.bool(false)])
    let before = said
    said.basis = .tests
    try spec.given(facts: [changed(before, at: 10, to: said)])
    #expect(try used() == [.bool(false)])
    try spec.given([training(20, on: "pairs")])
    #expect(try used() == [.bool(false)])
    try spec.given([training(21, on: "examples")])
    try spec.given(facts: [asserted(answered(3, at: monday))])
    #expect(try used() == [.bool(true), .bool(false)])
  }

  @Test func `a training counts before the next is due too, and not without a first`() throws {
    try fill()
    try spec.given([training(20_000, on: nil)])
    try spec.given(facts: (2_001..<2_003).map { asserted(answered(UInt64($0), at: monday)) })
    try spec.given([training(20_040, on: "examples")])
    #expect(try needed() == [.integer(1_502), .integer(1_000)])
    let small = try ProjectorSpec(DatasetsProjector.self)
    try small.given([event(0, "judgment", [.prompt: "q", .chosen: "a", .rejected: "b"])])
    try small.given([training(1, on: "pairs")])
    #expect(
      try small.rows("datasets/readiness").map { $0["needed"] } == [.integer(1_000), .integer(500)])
  }
}
