import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import DatasetsProjector

private let day: Int64 = 86_400
/// Sunday, 2026-01-04T02:00:00Z.
private let sunday: Int64 = 1_767_492_000

private func cycle(_ offset: Offset, _ name: CycleReport.Name, at seconds: Int64) -> Event {
  var report = CycleReport()
  report.cycle = name
  let bare = event(offset, "cycle_completed", at: seconds)
  return Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
}

@Suite struct CyclesTests {
  private let spec: ProjectorSpec<DatasetsProjector>

  init() throws { spec = try ProjectorSpec(DatasetsProjector.self) }

  private func row(_ trigger: String) throws -> [String: Cell] {
    try spec.rows("datasets/cycles").first { $0["trigger"] == .text(trigger) } ?? [:]
  }

  /// When it is due, in seconds from the Sunday, and whether it is.
  private func due(_ trigger: String) throws -> String {
    let row = try row(trigger)
    guard case .time(let time)? = row["due_at"] else { return "never" }
    return "\(time.seconds - sunday) \(row["ready"]?.plainText ?? "")"
  }

  /// Something that says what time it is.
  private func happen(_ offset: Offset, at seconds: Int64, isTimeInferred: Bool = false) throws {
    try spec.given([
      event(offset, "judgment", at: seconds, isTimeInferred: isTimeInferred, [.chosen: "a"])
    ])
  }

  @Test func `it says when the next of them is due by time`() throws {
    let due = try #require(DatasetsProjector.view.due)
    func next() throws -> Int64? { try due(spec.tables).map { $0.seconds - sunday } }
    #expect(try next() == nil)
    // A day, then the Sunday after, then a week.
    try happen(1, at: sunday + 1)
    #expect(try next() == 1 + day)
    try happen(2, at: sunday + day)
    #expect(try next() == 1 + day)
    try happen(3, at: sunday + day + 1)
    #expect(try next() == 7 * day)
    try happen(4, at: sunday + 7 * day)
    #expect(try next() == 7 * day + 1)
    try happen(5, at: sunday + 8 * day)
    #expect(try next() == nil)
  }

  @Test func `of nothing nothing is due`() throws {
    let rows = try spec.rows("datasets/cycles")
    #expect(
      rows.map { $0["trigger"]?.plainText } == [
        "evaluation", "examples", "manual", "pairs", "patterns", "weekly",
      ])
    #expect(rows.allSatisfy { $0["ready"] == .bool(false) && $0["due_at"] == .null })
    #expect(
      rows.map { $0["needed"] } == [.null, .integer(1_000), .null, .integer(500), .null, .null])
  }

  @Test func `an evaluation is due a week after the last one, else after the first event`() throws {
    try happen(0, at: sunday)
    #expect(try due("evaluation") == "\(7 * day) false")
    try happen(1, at: sunday + 7 * day - 1)
    #expect(try due("evaluation") == "\(7 * day) false")
    try happen(2, at: sunday + 7 * day)
    #expect(try due("evaluation") == "\(7 * day) true")
    try spec.given([event(3, "model_evaluated", at: sunday + 7 * day + 5)])
    #expect(try due("evaluation") == "\(14 * day + 5) false")
    // What is told late begins nothing.
    try spec.given([event(4, "model_evaluated", at: sunday)])
    #expect(try due("evaluation") == "\(14 * day + 5) false")
  }

  @Test func `a reason says whether there was one before`() throws {
    try happen(0, at: sunday)
    #expect(
      try ["evaluation", "patterns", "examples"].map { try row($0)["reason"]?.plainText } == [
        "a week since the first event, and no evaluation yet",
        "a day since the first event, and no search for patterns yet",
        "1,000 examples, then 500 more",
      ])
    try spec.given([cycle(1, .full, at: sunday)])
    #expect(
      try ["evaluation", "patterns"].map { try row($0)["reason"]?.plainText } == [
        "a week since the last evaluation", "a day since the last search for patterns",
      ])
    #expect(try row("evaluation")["offsets"] == .offsets([1]))
    #expect(try row("examples")["last_offset"] == .null)
  }

  @Test(arguments: [
    (CycleReport.Name.training, false), (.full, false), (.evaluation, true), (.mini, true),
  ])
  func `a training that ended was what somebody asked for`(
    _ name: CycleReport.Name, isStillAskedFor: Bool
  ) throws {
    try spec.given([event(0, "training_requested", at: sunday)])
    #expect(try row("manual")["ready"] == .bool(true))
    try spec.given([cycle(1, name, at: sunday + 1)])
    #expect(try row("manual")["ready"] == .bool(isStillAskedFor))
  }

  @Test func `patterns are due a day after the last search for them`() throws {
    try spec.given([cycle(0, .patterns, at: sunday)])
    try happen(1, at: sunday + day - 1)
    #expect(try due("patterns") == "\(day) false")
    try happen(2, at: sunday + day)
    #expect(try due("patterns") == "\(day) true")
  }

  @Test(
    arguments: [
      (-1, 0), (0, 7 * day), (1, 7 * day), (7 * day - 1, 7 * day), (7 * day, 14 * day),
      (-21_900 * day, -21_896 * day),
    ] as [(Int64, Int64)])
  func `a training is due on the first Sunday at two after the last one`(
    ended: Int64, expected: Int64
  ) throws {
    try spec.given([event(0, "training_completed", at: sunday + ended)])
    #expect(try due("weekly") == "\(expected) false")
    try happen(1, at: sunday + expected)
    #expect(try due("weekly") == "\(expected) true")
  }

  @Test(
    arguments: [
      (.evaluation, [true, false, false]), (.patterns, [false, true, false]),
      (.training, [false, false, true]), (.full, [true, true, true]),
      (.mini, [false, false, false]),
    ] as [(CycleReport.Name, [Bool])])
  func `a cycle counts for what it names`(name: CycleReport.Name, ends: [Bool]) throws {
    try happen(0, at: sunday)
    try spec.given([cycle(1, name, at: sunday + 30 * day)])
    let triggers = ["evaluation", "patterns", "weekly"]
    #expect(try triggers.map { try row($0)["ready"] } == ends.map { .bool(!$0) })
  }

  @Test func `a training that was asked for is due until one completes`() throws {
    try spec.given([event(0, "training_requested"), event(1, "training_requested")])
    #expect(try row("manual")["count"] == .integer(2) && row("manual")["ready"] == .bool(true))
    let request = EventSubject(event: event(1, "training_requested"), interaction: nil)
    let rows = try Cycle.answer.rows(about: request, in: spec.tables)
    #expect(rows.map { $0["trigger"] } == [.text("manual")])
    let explanation = try Cycle.answer.explanation(of: rows[0], in: spec.tables, trace: nil)
    #expect(explanation.offsets == [0, 1])
    try spec.given([event(2, "training_completed")])
    #expect(try row("manual")["count"] == .integer(0) && row("manual")["ready"] == .bool(false))
  }

  @Test func `a training answers what was asked before it, in whatever order they are read`() throws
  {
    try spec.given([
      event(0, "training_requested", at: sunday + 2),
      event(1, "training_completed", at: sunday + 1),
    ])
    #expect(try row("manual")["count"] == .integer(1))
    try spec.given([
      event(2, "training_completed", at: sunday + 3),
      event(3, "training_requested", at: sunday + 2),
    ])
    #expect(try row("manual")["count"] == .integer(0))
    try spec.given([event(4, "training_requested", at: sunday + 3)])
    #expect(try row("manual")["count"] == .integer(1))
  }

  @Test func `counts are those of readiness`() throws {
    try spec.given(
      (0..<500).map {
        event(UInt64($0), "judgment", [.prompt: "q", .chosen: .text("\($0)"), .rejected: "b"])
      })
    #expect(try row("pairs")["count"] == .integer(500) && row("pairs")["ready"] == .bool(true))
    #expect(try row("examples")["count"] == .integer(0) && row("examples")["ready"] == .bool(false))
  }

  @Test func `a time that no line says passes only where none says one`() throws {
    try happen(0, at: sunday)
    try happen(1, at: sunday + 30 * day, isTimeInferred: true)
    #expect(try due("evaluation") == "\(7 * day) false")
    let other = try ProjectorSpec(DatasetsProjector.self)
    for (offset, seconds) in [sunday, sunday + 30 * day].enumerated() {
      try other.given([event(UInt64(offset), "judgment", at: seconds, isTimeInferred: true)])
    }
    let ready = try other.rows("datasets/cycles").map { $0["ready"] }
    #expect(ready == [true, false, false, false, true, true].map { .bool($0) })
  }

  @Test func `an event of any kind says what time it is, and one that is told again does not`()
    throws
  {
    try spec.given([event(0, "discovery_info", at: sunday)])
    #expect(try due("evaluation") == "\(7 * day) false")
    let again = event(1, "task_completed", at: sunday + 7 * day)
    try spec.given([again], repeats: [Repeat(of: again.id)])
    #expect(try due("evaluation") == "\(7 * day) false")
    try spec.given([event(2, "discovery_info", at: sunday + 7 * day)])
    #expect(try due("evaluation") == "\(7 * day) true")
  }
}
