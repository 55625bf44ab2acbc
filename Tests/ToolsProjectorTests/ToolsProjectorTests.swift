import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import ToolsProjector
import Views

/// What calls of tools came to, worked out by hand.
@Suite struct ToolsProjectorTests {
  @Test func `a call counts when it begins, and once its result has come as that`() throws {
    let spec = try ProjectorSpec(ToolsProjector.self)
    let open = call(1, "Bash", command: "git push -f", head: "git push")
    try spec.given(toolCalls: [CallChange(of: EventID(1), before: nil, after: open)])
    var row = try #require(try spec.rows().first)
    #expect(row["calls"] == .integer(1))
    #expect(row["successes"] == .integer(0))
    #expect(row["failure_rate"] == .null)
    #expect(row["mean_ms"] == .null)
    #expect(row["max_ms"] == .null)
    var ended = open
    ended.ending = .failed
    ended.latencyMS = whole(250)
    ended.outputSize = 40
    try spec.given(toolCalls: [CallChange(of: EventID(4), before: open, after: ended)])
    row = try #require(try spec.rows().first)
    let expected: [String: Cell] = [
      "tool": .text("Bash"), "calls": .integer(1), "successes": .integer(0),
      "failures": .integer(1), "rejections": .integer(0), "failure_rate": .real(1),
      "retries": .integer(0), "mean_ms": .real(250), "max_ms": .decimal(whole(250)),
      "output_bytes": .integer(40), "sessions": .integer(1), "offsets": .offsets([1, 4]),
      "last_offset": .integer(4), "offset_count": .integer(2),
    ]
    #expect(row == expected)
    let command = try #require(try spec.rows("tools/commands").first)
    #expect(command["command"] == .text("git push"))
    #expect(command["failures"] == .integer(1))
    #expect(try spec.rows("tools/servers").isEmpty)
  }

  @Test func `a call that a person did not let run has not failed`() throws {
    let spec = try ProjectorSpec(ToolsProjector.self)
    let endings: [ToolCall.Ending] = [
      .succeeded, .failed, .rejected, .succeeded, .succeeded, .open,
    ]
    let changes = endings.enumerated().map { index, ending in
      var call = call(UInt64(index), "Edit", session: index < 3 ? "a" : "b")
      call.ending = ending
      call.latencyMS = whole(Int64(index) * 10)
      call.isRetry = index == 3
      return CallChange(of: call.event, before: nil, after: call)
    }
    try spec.given(toolCalls: changes)
    let row = try #require(try spec.rows().first)
    #expect(row["calls"] == .integer(6))
    #expect(row["rejections"] == .integer(1))
    // One of the four that ran to their end.
    #expect(row["failure_rate"] == .real(0.25))
    #expect(row["retries"] == .integer(1))
    // (0 + 10 + 30 + 40) / 4: neither the wait for a person, nor a call that goes on.
    #expect(row["mean_ms"] == .real(20))
    #expect(row["max_ms"] == .decimal(whole(40)))
    #expect(row["sessions"] == .integer(2))
  }

  @Test func `a session counts no more for a command that its calls turn out not to be of`() throws
  {
    let spec = try ProjectorSpec(ToolsProjector.self)
    let first = call(1, "Bash", command: "git stash && git pull", head: "git stash", session: "a")
    let other = call(2, "Bash", command: "git stash", head: "git stash", session: "b")
    let open = [first, other].map { CallChange(of: $0.event, before: nil, after: $0) }
    try spec.given(toolCalls: open)
    var moved = first
    (moved.commandHead, moved.ending) = ("git pull", .failed)
    try spec.given(toolCalls: [CallChange(of: EventID(3), before: first, after: moved)])
    let rows = try spec.rows("tools/commands")
    #expect(rows.map { $0["command"] } == ["git pull", "git stash"].map(Cell.text))
    #expect(rows.map { $0["sessions"] } == [1, 1].map(Cell.integer))
    #expect(try spec.rows().first?["sessions"] == .integer(2))
  }

  @Test func `the tools of a server are named in the order of their names`() throws {
    let names = ["mcp__x__b", "mcp__x__a", "mcp__x__c", "mcp__x__a"]
    let spec = try ProjectorSpec(ToolsProjector.self)
    try spec.given(
      toolCalls: names.enumerated().map { index, name in
        let call = call(UInt64(index), name)
        return CallChange(of: call.event, before: nil, after: call)
      })
    #expect(try spec.rows("tools/servers").first?["tools"] == .texts(["a", "b", "c"]))
  }

  @Test func `the tools of a server are counted together`() throws {
    let spec = try ProjectorSpec(ToolsProjector.self)
    let names = [
      "mcp__github__create_issue", "mcp__github__list__all", "mcp__", "mcp__x", "mcp__x__", "mcp",
    ]
    try spec.given(
      toolCalls: names.enumerated().map { index, name in
        let call = call(UInt64(index), name)
        return CallChange(of: call.event, before: nil, after: call)
      })
    let servers = try spec.rows("tools/servers")
    #expect(servers.count == 1)
    #expect(servers.first?["server"] == .text("github"))
    #expect(servers.first?["tools"] == .texts(["create_issue", "list__all"]))
    #expect(servers.first?["calls"] == .integer(2))
    #expect(try spec.rows().count == names.count)
  }

  @Test func `whatever changes, the sums are those of the calls as they are last`() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = SeededRandom(seed: seed)
      let (all, last) = (
        try ProjectorSpec(ToolsProjector.self), try ProjectorSpec(ToolsProjector.self)
      )
      var calls: [ToolCall] = []
      var changes: [CallChange<ToolCall>] = []
      for event in 0..<80 as Range<UInt64> {
        let isNew = calls.isEmpty || Bool.random(using: &random)
        let index = isNew ? calls.count : Int.random(in: 0..<calls.count, using: &random)
        let before = isNew ? nil : calls[index]
        var after =
          before ?? call(event, ["A", "B", "mcp__s__t"].randomElement(using: &random) ?? "")
        after.commandHead = after.tool == "A" ? "ls" : nil
        after.ending =
          [.open, .succeeded, .failed, .rejected].randomElement(using: &random) ?? .open
        after.latencyMS = whole(Int64.random(in: 0...999, using: &random))
        after.outputSize = UInt64.random(in: 0...9, using: &random)
        after.isRetry = Bool.random(using: &random)
        if isNew { calls.append(after) } else { calls[index] = after }
        changes.append(CallChange(of: EventID(event), before: before, after: after))
      }
      try all.given(toolCalls: changes)
      try last.given(toolCalls: calls.map { CallChange(of: $0.event, before: nil, after: $0) })
      for table in ["tools", "tools/commands", "tools/servers"] {
        let (some, others) = (try all.rows(table), try last.rows(table))
        #expect(some.map(summed) == others.map(summed), "\(table), seed \(seed)")
      }
    }
  }
}

/// What is summed: the events, and the longest time that was ever told, are not taken back.
private func summed(_ row: [String: Cell]) -> [String: Cell] {
  row.filter { !["offsets", "last_offset", "offset_count", "max_ms"].contains($0.key) }
}

private func call(
  _ event: UInt64, _ tool: String, command: String? = nil, head: String? = nil,
  session: String = "s"
) -> ToolCall {
  var call = ToolCall(
    event: EventID(event), id: "\(event)",
    context: CallContext(
      stream: .ralph, session: session, time: Timestamp(nanoseconds: 0)), tool: tool)
  call.command = command
  call.commandHead = head
  return call
}

private func whole(_ number: Int64) -> FixedPoint { FixedPoint(hundredths: number * 100) }
