import Bytes
import Events
import Facts
import Projection
import SessionsProjector
import TestSupport
import Testing
import Views

/// 2026-01-01T00:00:00Z.
private let midnight: Int64 = 1_767_225_600

/// What a session did, worked out by hand.
@Suite struct SessionsProjectorTests {
  @Test func `a session is its events`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    try spec.given([
      event(3, "query", stream: .aidb, at: midnight + 5, [.sessionID: "s", .model: "m1"]),
      event(4, "query", at: midnight, [.model: "m9"]),
      event(
        6, "error", at: midnight + 2,
        [.sessionID: "s", .errorMessage: "no", .model: "m2", .project: "p"]),
      event(9, "query", at: midnight + 65, [.sessionID: "s", .model: "m1", .project: "q"]),
    ])
    let rows = try spec.rows()
    #expect(rows.count == 1)
    let expected: [String: Cell] = [
      "session_id": .text("s"), "stream": .text("aidb"), "project": .text("p"),
      "started_at": .time(Timestamp(nanoseconds: (midnight + 2) * 1_000_000_000)),
      "ended_at": .time(Timestamp(nanoseconds: (midnight + 65) * 1_000_000_000)),
      "is_started_at_inferred": .bool(false), "is_ended_at_inferred": .bool(false),
      "duration_s": .decimal(FixedPoint(hundredths: 6_300)), "events": .integer(3),
      "interactions": .integer(0), "errors": .integer(1), "models": .texts(["m1", "m2"]),
      "outcome": .null, "mean_score": .null, "offsets": .offsets([3, 6, 9]),
      "last_offset": .integer(9), "offset_count": .integer(3),
    ]
    let shown = rows.first?.filter { expected.keys.contains($0.key) }
    #expect(shown == expected)
  }

  @Test func `a time that no line says is marked`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    func marks() throws -> [Cell?] {
      let row = try spec.rows().first
      return [row?["is_started_at_inferred"], row?["is_ended_at_inferred"]]
    }
    try spec.given([event(0, "query", at: midnight, isTimeInferred: true, [.sessionID: "s"])])
    #expect(try marks() == [true, true].map(Cell.bool))
    try spec.given([event(1, "query", at: midnight, [.sessionID: "s"])])
    #expect(try marks() == [false, false].map(Cell.bool))
    try spec.given([event(2, "query", at: midnight + 9, isTimeInferred: true, [.sessionID: "s"])])
    #expect(try marks() == [false, true].map(Cell.bool))
  }

  @Test func `an error that is named again counts once`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let fields: [Field: FieldValue] = [.sessionID: "s", .errorMessage: "no"]
    try spec.given([event(0, "error", fields), event(1, "error_resolved", fields)])
    #expect(try spec.rows().first?["errors"] == .integer(1))
  }

  @Test func `a repeat counts once`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let fields: [Field: FieldValue] = [.sessionID: "s", .errorMessage: "no"]
    try spec.given(
      [event(0, "error", fields), event(1, "error", fields)], repeats: [Repeat(of: EventID(1))])
    let row = try spec.rows().first
    #expect(row?["events"] == .integer(1))
    #expect(row?["errors"] == .integer(1))
    #expect(row?["offset_count"] == .integer(1))
  }

  @Test func `interactions count by their outcome, and a change leaves no trace`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let first = interaction(0, at: 1, score: 60, [.sessionID: "s"])
    let second = interaction(1, at: 2, outcome: .failure, score: 20, [.sessionID: "s"])
    var better = first
    better.score.total = FixedPoint(hundredths: 80)
    try spec.given(
      [event(1, "task_completed", [.sessionID: "s"]), event(2, "task_failed", [.sessionID: "s"])],
      facts: [
        asserted(first), asserted(second), Fact(of: EventID(5), before: first, after: better),
      ])
    let row = try spec.rows().first
    #expect(row?["interactions"] == .integer(2))
    #expect(row?["mean_score"] == .real(0.5))
    // The last is the one that came last, not the one that changed last.
    #expect(row?["outcome"] == .text("failure"))
  }

  @Test func `an interaction whose session is told late counts from then on`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let nameless = interaction(0, at: 1, score: 60)
    let named = interaction(0, at: 1, score: 60, [.sessionID: "s"])
    try spec.given(
      [event(1, "task_completed"), event(4, "feedback", [.sessionID: "s"])],
      facts: [asserted(nameless), Fact(of: EventID(4), before: nameless, after: named)])
    #expect(try spec.rows().first?["interactions"] == .integer(1))
  }

  @Test func `sessions come in the order of their names, and each is found by its own`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let long = String(repeating: "x", count: 900)
    let names = ["b", "a", "", "é", "a\u{0}b", "ab", long + "2", long + "1", long]
    try spec.given(
      names.enumerated().map { event(UInt64($0), "query", [.sessionID: .text($1)]) })
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(try spec.rows().map { $0["session_id"] } == sorted.map { .text($0) })
    let table = try #require(SessionsProjector.view.tables.first)
    for name in names {
      let cells = try table.row(RowKey([name]), in: spec.tables)
      #expect(cells?.first == .text(name))
    }
    #expect(try table.row(["nobody"], in: spec.tables) == nil)
  }

  private func call(
    _ offset: Offset, session: String, turn: String? = nil, command: String? = nil,
    paths: [String] = []
  ) -> ToolCall {
    let context = CallContext(
      stream: .ralph, session: session, agentID: nil, agent: nil, project: "p", interaction: turn,
      time: Timestamp(nanoseconds: midnight * 1_000_000_000), isTimeInferred: false)
    var call = ToolCall(event: EventID(offset), id: "\(offset)", context: context, tool: "Bash")
    call.command = command
    call.paths = paths
    return call
  }

  @Test func `a turn that touched a file counts once, in whatever order lines come`() throws {
    let calls = [("s", "a"), ("t", "b"), ("s", "a"), ("t", "b"), ("s", "c"), ("s", "a")]
      .enumerated()
      .map { call(Offset($0), session: $1.0, turn: $1.1, paths: ["/p/x"]) }
    for order in [calls, calls.reversed()] {
      let spec = try ProjectorSpec(SessionsProjector.self)
      try spec.given(toolCalls: order.map { CallChange(of: $0.event, before: nil, after: $0) })
      let row = try #require(try spec.rows("sessions/files").first)
      #expect(row["sessions"] == .integer(2))
      #expect(row["turns"] == .integer(3))
    }
  }

  @Test func `commits and pull requests are commands that were run, and succeeded`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let commands: [(String, ToolCall.Ending)] = [
      ("git -C /x commit -m a", .succeeded), ("git commit -m a", .failed),
      ("git commit --dry-run", .succeeded), ("grep 'git commit' a", .succeeded),
      ("gh -R a/b pr create --fill", .succeeded), ("gh pr create --dry-run", .succeeded),
      ("echo gh pr create", .succeeded),
    ]
    var changes: [CallChange<ToolCall>] = []
    for (number, (command, ending)) in commands.enumerated() {
      var call = call(Offset(number), session: "s", command: command)
      call.ending = ending
      changes.append(CallChange(of: call.event, before: nil, after: call))
    }
    // One that is taken back.
    var again = call(9, session: "s", command: "git commit -m b")
    again.ending = .succeeded
    changes.append(CallChange(of: again.event, before: nil, after: again))
    var gone = again
    gone.isToldTwice = true
    changes.append(CallChange(of: EventID(10), before: again, after: gone))
    try spec.given(toolCalls: changes)
    let row = try #require(try spec.rows().first)
    #expect(row["commits"] == .integer(1))
    #expect(row["pull_requests"] == .integer(1))
  }

  /// Notes of a session, each at its second.
  private func notes(_ told: [(Int64, SessionNote.What)]) -> [SessionNote] {
    told.enumerated().map { number, note in
      var context = call(1, session: "s").context
      context.time = Timestamp(nanoseconds: (midnight + note.0) * 1_000_000_000)
      return SessionNote(of: EventID(Offset(number)), context, note.1)
    }
  }

  @Test func `what is told of a session is the same, in whatever order it is read`() throws {
    let told: [(Int64, SessionNote.What)] = [
      (1, .turn(prompt: "first")), (2, .title("old")), (3, .turn(prompt: "second")),
      (4, .title("new")), (5, .summary("about")), (6, .pullRequest("https://a/pull/1")),
      (7, .pullRequest("https://a/pull/1")), (8, .pullRequest("https://a/pull/2")),
      (9, .parent("p")), (10, .parent("q")),
    ]
    for order in [told, told.reversed()] {
      let spec = try ProjectorSpec(SessionsProjector.self)
      try spec.given([], notes: notes(order))
      let row = try #require(try spec.rows().first)
      #expect(row["first_prompt"] == .text("first"))
      #expect(row["title"] == .text("new"))
      #expect(row["pull_requests"] == .integer(2))
      #expect(row["parent_session_id"] == .text("p"))
      #expect(row["turns"] == .integer(2))
    }
  }

  @Test func `a session without a title is what its last summary says`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    try spec.given([], notes: notes([(2, .summary("later")), (1, .summary("earlier"))]))
    #expect(try spec.rows().first?["title"] == .text("later"))
  }

  @Test func `a call that turns out to be of a session counts in it, as it ended`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    var known = call(0, session: "s", command: "ls")
    known.ending = .failed
    var unknown = known
    unknown.context.session = nil
    try spec.given(
      toolCalls: [
        CallChange(of: unknown.event, before: nil, after: unknown),
        CallChange(of: EventID(1), before: unknown, after: known),
      ])
    let row = try #require(try spec.rows().first)
    #expect(row["tool_calls"] == .integer(1))
    #expect(row["tool_failures"] == .integer(1))
  }

  @Test func `lines of progress are work, and no events`() throws {
    let spec = try ProjectorSpec(SessionsProjector.self)
    let times = [0, 200, 400, 600] as [Int64]
    try spec.given(
      [event(0, "tool_call", at: midnight, [.sessionID: "s", .project: "p"])],
      notes: times.map { seconds in
        var context = call(1, session: "s").context
        context.time = Timestamp(nanoseconds: (midnight + seconds) * 1_000_000_000)
        return SessionNote(of: EventID(Offset(seconds)), context, .activity)
      })
    let whole = Cell.decimal(FixedPoint(hundredths: 60_000))
    let row = try #require(try spec.rows().first)
    #expect(row["active_s"] == whole && row["duration_s"] == whole)
    #expect(row["events"] == .integer(1))
    let hour = try #require(try spec.rows("sessions/hours").first)
    #expect(hour["active_s"] == whole && hour["sessions"] == .integer(1))
  }
}
