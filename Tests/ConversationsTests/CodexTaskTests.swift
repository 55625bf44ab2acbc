import Bytes
import Events
import Facts
import Testing

/// What Codex says of its tasks, its limits and its agents.
@Suite struct CodexTaskTests {
  private static func message(_ type: String, at second: Int, _ rest: String = "") -> String {
    CodexLines.line("event_msg", at: second, #""type":"\#(type)"\#(rest)"#)
  }

  private static func task(_ id: String, at second: Int) -> String {
    CodexLines.line("turn_context", at: second, #""model":"m1","turn_id":"\#(id)""#)
  }

  private static func total(_ input: Int, at second: Int, _ rest: String = "") -> String {
    message(
      "token_count", at: second,
      #","info":{"total_token_usage":{"input_tokens":\#(input),"output_tokens":1}}\#(rest)"#)
  }

  private static func complete(_ id: String, at second: Int, _ answer: String?) -> String {
    let answer = answer.map { "\"\($0)\"" } ?? "null"
    return message(
      "task_complete", at: second, #","turn_id":"\#(id)","last_agent_message":\#(answer)"#)
  }

  @Test func `words are a script where their program is a shell, and a call may have an id alone`()
    throws
  {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("run it"),
      CodexLines.call("c", "shell", at: 1, #"{"command":["python","-c","import os; print(1)"]}"#),
      CodexLines.line(
        "response_item", at: 2,
        #""type":"local_shell_call","id":"l","call_id":null,"action":{"command":["bash","-lc","ls"]}"#
      ),
      CodexLines.output("l", at: 3, #"Exit code: 0\nWall time: 1 seconds\nOutput:\na"#),
    ])
    #expect(transcript.toolCalls["c"]?.commandHead == "python")
    #expect(transcript.toolCalls["l"]?.command == "ls")
    #expect(transcript.toolCalls["l"]?.ending == .succeeded)
  }

  @Test func `the end of a task is no more than the agent's own word`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("one"), Self.total(10, at: 1),
      Self.complete("t1", at: 2, "done"), CodexLines.prompt("two", at: 3),
      Self.total(20, at: 4), Self.complete("t2", at: 5, nil),
    ])
    #expect(transcript.verdict("x#1") == Verdict(outcome: .success, basis: .`self`))
    #expect(transcript.verdict("x#2") == Verdict(outcome: .partial, basis: .`self`))
  }

  @Test func `a turn in which the model was not reached failed`() throws {
    let error = Self.message(
      "error", at: 1,
      #","message":"You've hit your usage limit.","codex_error_info":"usage_limit_exceeded""#)
    for lines in [[error], []] {
      var transcript = Transcript()
      try transcript.fold(
        [CodexLines.session("x"), CodexLines.prompt("one")] + lines + [
          Self.complete("t1", at: 2, nil)
        ])
      #expect(transcript.verdict("x#1") == Verdict(outcome: .failure, basis: .tool))
      let errors = transcript.events.filter { $0.fields.has(.errorMessage) }
      #expect(errors.map(\.kind) == (lines.isEmpty ? [] : ["limit_reached"]))
      #expect(errors.allSatisfy { $0.fields.text(.errorType) == "usage_limit_exceeded" })
    }
  }

  @Test func `a task that nobody asked for says nothing of the turn before it`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), Self.task("t1", at: 0), CodexLines.prompt("one"),
      Self.total(10, at: 1), Self.complete("t1", at: 2, "done"),
      Self.message("entered_review_mode", at: 3),
      Self.message("turn_aborted", at: 4, #","turn_id":"t2","reason":"interrupted""#),
      Self.message("turn_aborted", at: 4, #","turn_id":"t1","reason":"review_ended""#),
      Self.complete("t3", at: 5, nil),
    ])
    #expect(transcript.verdict("x#1") == Verdict(outcome: .success, basis: .`self`))
    #expect(!transcript.notes.contains { $0.what == .interruption })
    try transcript.fold([
      Self.task("t4", at: 6), CodexLines.prompt("two", at: 6), Self.total(20, at: 7),
      Self.message("turn_aborted", at: 8, #","turn_id":"t4","reason":"interrupted""#),
    ])
    #expect(transcript.verdict("x#2") == Verdict(outcome: .partial, basis: .human))
    #expect(transcript.notes.count { $0.what == .interruption } == 1)
  }

  @Test func `limits over the same time are told apart by their names`() throws {
    func limits(_ name: String, _ used: Int, _ reset: String) -> String {
      Self.total(
        10, at: 60,
        """
        ,"rate_limits":{"limit_id":"\(name)","primary":{"used_percent":\(used),\
        "window_minutes":300,\(reset)}}
        """)
    }
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), limits("codex", 80, #""resets_in_seconds":30"#),
      limits("codex_other", 0, #""resets_at":1769904090"#),
    ])
    let told = transcript.notes.flatMap { note -> [LimitState] in
      if case .limits(let limits) = note.what { limits } else { [] }
    }
    #expect(told.map(\.window) == ["300m", "codex_other 300m"])
    #expect(Set(told.map(\.resetsAt)) == [Timestamp(nanoseconds: 1_769_904_090_000_000_000)])
  }

  @Test func `what a sub-agent is asked is no turn, and its session has a parent`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.line(
        "session_meta", at: 0,
        #""id":"c","source":{"subagent":{"thread_spawn":{"parent_thread_id":"p","depth":1}}}"#),
      CodexLines.prompt("Look at the lexer"), Self.total(10, at: 1),
      Self.message("agent_message", at: 2, #","message":"seen""#),
      Self.complete("t", at: 3, "seen"),
    ])
    #expect(transcript.turnNotes == 0)
    #expect(transcript.turns.isEmpty)
    #expect(!transcript.events.contains { $0.kind == "task_submitted" })
    #expect(transcript.notes.contains { $0.what == .parent("p") })
    #expect(transcript.usage.input == 10)
  }

  @Test func `calls are of the tier that the session's settings name`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"),
      Self.message(
        "thread_settings_applied", at: 0,
        #","thread_id":"x","thread_settings":{"service_tier":"fast"}"#),
      Self.task("t", at: 0), CodexLines.prompt("one"), Self.total(10, at: 1),
    ])
    #expect(transcript.modelCalls.values.map(\.basis) == [.partial])
  }

  @Test func `what runs print of files and errors is read`() throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"type":"thread.started","thread_id":"x"}"#, #"{"type":"turn.started"}"#,
      #"{"type":"item.completed","item":{"id":"item_0","type":"file_change","status":"completed","#
        + #""changes":[{"path":"/p/a.swift","kind":"update"}]}}"#,
      #"{"type":"error","message":"stream lost"}"#,
    ])
    #expect(transcript.toolCalls["x#1/item_0"]?.paths == ["/p/a.swift"])
    #expect(transcript.toolCalls["x#1/item_0"]?.isEdit == true)
    #expect(transcript.events.contains { $0.fields.text(.errorMessage) == "stream lost" })
  }
}
