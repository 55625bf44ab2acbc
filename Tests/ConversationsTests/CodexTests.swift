import Bytes
import Events
import Facts
import Testing

/// What becomes of what Codex writes.
@Suite struct CodexTests {
  @Test func `items of different runs are different tools, though their ids are the same`() throws {
    var transcript = Transcript()
    let run = { (thread: String, code: Int) in
      [
        #"{"type":"thread.started","thread_id":"\#(thread)"}"#, #"{"type":"turn.started"}"#,
        CodexExec.command("item_0", "npm test", code: code), CodexExec.completed(),
      ]
    }
    try transcript.fold(run("x", 0))
    try transcript.fold(run("y", 1), source: 2)
    #expect(transcript.toolCalls["x#1/item_0"]?.ending == .succeeded)
    #expect(transcript.toolCalls["y#1/item_0"]?.ending == .failed)
    #expect(transcript.verdict("x#1") == Verdict(outcome: .success, basis: .tests))
    #expect(transcript.verdict("y#1") == Verdict(outcome: .failure, basis: .tests))
  }

  @Test func `every turn of a run is one of its own`() throws {
    var transcript = Transcript()
    let turn = { (code: Int) in
      [
        #"{"type":"turn.started"}"#, CodexExec.command("item_\(code)", "npm test", code: code),
        CodexExec.completed(code + 1),
      ]
    }
    try transcript.fold([#"{"type":"thread.started","thread_id":"x"}"#] + turn(0) + turn(1))
    // The thread is taken up again, begins as it did, and numbers its items anew.
    let again = [
      #"{"type":"turn.started"}"#,
      CodexExec.command("item_0", "npm test", code: 0, output: "again"),
      CodexExec.completed(3),
    ]
    try transcript.fold([#"{"type":"thread.started","thread_id":"x"}"#] + again, source: 2)
    #expect(transcript.turns.keys.sorted() == ["x#1", "x#2", "x#3"])
    #expect(transcript.verdict("x#1")?.outcome == .success)
    #expect(transcript.verdict("x#2")?.outcome == .failure)
    #expect(transcript.verdict("x#3")?.outcome == .success)
    #expect(transcript.toolCalls.count == 3)
    #expect(transcript.turns.values.allSatisfy { $0.number(.modelCalls) == whole(1) })
    #expect(transcript.turnNotes == 3)
  }

  @Test func `a request with images counts once`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"),
      CodexLines.line(
        "response_item", at: 0,
        #"""
        "type":"message","role":"user","content":[{"type":"input_text",\#
        "text":"<image name=[Image #1]>"},{"type":"input_image","image_url":"data:"},\#
        {"type":"input_text","text":"</image>"},{"type":"input_text","text":"fix <imagery> this"}]
        """#),
      CodexLines.prompt("fix <imagery> this"),
    ])
    #expect(transcript.turnNotes == 1)
    #expect(transcript.events.compactMap { $0.fields.text(.prompt) } == ["fix <imagery> this"])
  }

  @Test(arguments: [
    ("<image>\n</image>\na", "a"), ("<image", "<image"), ("a <image> b", "a <image> b"),
    ("<image></image><image x>y</image>", ""), ("\n a", "\n a"),
    ("<images>a</images>", "<images>a</images>"),
  ])
  func `what stands for images is dropped from a request`(_ text: String, _ kept: String) throws {
    var transcript = Transcript()
    let escaped = text.replacing("\n", with: "\\n")
    try transcript.fold([CodexLines.session("x"), CodexLines.prompt(escaped)])
    let prompts = transcript.events.compactMap { $0.fields.text(.prompt) }
    #expect(prompts == (kept.isEmpty ? [] : [kept]))
  }

  @Test func `a call that another session tells again counts once`() throws {
    var transcript = Transcript()
    for (source, session) in ["x", "y"].enumerated() {
      try transcript.fold(
        [
          CodexLines.session(session), CodexLines.command("call_1", "ls", at: 1),
          CodexLines.output("call_1", at: 2, #"Exit code: 0\nWall time: 1 seconds\nOutput:\na"#),
        ], source: SourceID(source + 1))
    }
    #expect(transcript.toolCalls.keys.sorted() == ["call_1"])
    #expect(transcript.toolCalls["call_1"]?.context.session == "x")
  }

  @Test(arguments: [0, 1])
  func `a command that outlives its first wait ends with a later one`(code: Int) throws {
    var transcript = Transcript()
    let running =
      #"Chunk ID: a\nWall time: 1.0 seconds\nProcess running with session ID 77\nOutput:\nx"#
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("test it"),
      CodexLines.command("call_1", "npm test", at: 1), CodexLines.output("call_1", at: 2, running),
    ])
    #expect(transcript.toolCalls["call_1"]?.ending == .open)
    try transcript.fold([
      CodexLines.call("call_2", "write_stdin", at: 3, #"{"session_id":77,"chars":""}"#),
      CodexLines.output("call_2", at: 4, running),
      CodexLines.call("call_3", "write_stdin", at: 5, #"{"session_id":77,"chars":""}"#),
      CodexLines.output(
        "call_3", at: 9,
        #"Chunk ID: b\nWall time: 4.0 seconds\nProcess exited with code \#(code)\nOutput:\ny"#),
      CodexLines.line("event_msg", at: 10, #""type":"task_complete","turn_id":"t""#),
    ])
    let call = try #require(transcript.toolCalls["call_1"])
    #expect(call.ending == (code == 0 ? .succeeded : .failed))
    #expect(call.latencyMS == whole(8_000))
    #expect(transcript.toolCalls["call_2"]?.ending == .succeeded)
    #expect(transcript.toolCalls["call_3"]?.ending == .succeeded)
    let result = try #require(transcript.events.last { $0.kind == "tool_result" })
    #expect(result.fields.text(.command) == "npm test")
    #expect(result.fields.bool(.success) == (code == 0))
    #expect(result.fields.number(.exitCode) == whole(Int64(code)))
    #expect(
      transcript.verdict("x#1")
        == Verdict(outcome: code == 0 ? .success : .failure, basis: .tests))
  }

  @Test func `a wait for a process that is not there fails by itself`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("test it"),
      CodexLines.call("call_1", "write_stdin", at: 3, #"{"session_id":77,"chars":""}"#),
      CodexLines.output("call_1", at: 4, "execution error: no such session"),
    ])
    #expect(transcript.toolCalls["call_1"]?.ending == .failed)
  }

  @Test(arguments: [
    #"Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code 2\nOutput:\n"#,
    #"Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code 2\nOutput:"#,
    #"Exit code: 2\nWall time: 0.1 seconds\nOutput:\n"#,
    #"{\"output\":\"\",\"metadata\":{\"exit_code\":2,\"duration_seconds\":0.1}}"#,
  ])
  func `a failure without output is told by its command and exit status`(output: String) throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("look"),
      CodexLines.command("call_1", "git diff --quiet", at: 1),
      CodexLines.output("call_1", at: 2, output),
    ])
    let failure = transcript.events.last { $0.fields.has(.errorMessage) }
    #expect(failure?.fields.text(.errorMessage) == "git diff exited with 2")
  }

  @Test(
    arguments: [
      ("rg nothing", 1, nil), ("rg nothing", 2, "rg exited with 2"),
      ("git config --get a.b", 1, nil), ("npm test", 1, "npm test exited with 1"),
    ] as [(String, Int, String?)])
  func `a search that finds nothing is no error`(
    command: String, code: Int, message: String?
  ) throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("look"),
      CodexLines.command("call_1", command, at: 1),
      CodexLines.output(
        "call_1", at: 2,
        #"Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code \#(code)\nOutput:\n"#),
    ])
    let result = try #require(transcript.events.last { $0.kind == "tool_result" })
    #expect(result.fields.text(.errorMessage) == message)
    #expect(result.fields.bool(.success) == (message == nil))
  }

  @Test(arguments: [
    ("write_stdin failed: Unknown process id 7", ToolCall.Ending.failed),
    ("exec_command failed: no such file", .failed), ("command timed out after 9 ms", .failed),
    ("unsupported call: f", .failed), ("tool call error: closed", .failed),
    ("aborted by user after 3.1s", .rejected),
    (#"{\"metadata\":{\"exit_code\":2},\"output\":\"no\"}"#, .failed),
    (#"{\"metadata\":{\"exit_code\":0},\"output\":\"yes\"}"#, .succeeded),
    (#"{\"status\":\"ok\"}"#, .succeeded),
  ])
  func `how the output of a tool ends it`(_ output: String, _ ending: ToolCall.Ending) throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x"}}"#,
      #"{"timestamp":"2026-01-01T00:00:01Z","type":"response_item","payload":"#
        + #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}"#,
      #"{"timestamp":"2026-01-01T00:00:02Z","type":"response_item","payload":"#
        + #"{"type":"function_call_output","call_id":"c","output":"\#(output)"}}"#,
    ])
    #expect(transcript.toolCalls["c"]?.ending == ending)
  }

  @Test(arguments: [(true, false), (true, true), (false, true)])
  func `a command that an item tells of is one call, with or without its own lines`(
    _ hasLines: Bool, _ isItemLast: Bool
  ) throws {
    let call =
      #"{"timestamp":"2026-01-01T00:00:01Z","type":"response_item","payload":"#
      + #"{"type":"function_call","call_id":"c","name":"exec_command","arguments":"{\"cmd\":\"make\"}"}}"#
    let output =
      #"{"timestamp":"2026-01-01T00:00:03Z","type":"response_item","payload":"#
      + #"{"type":"function_call_output","call_id":"c","output":"Exit code: 2\nWall time: 1.5 seconds\nOutput:\nno"}}"#
    let item =
      #"{"timestamp":"2026-01-01T00:00:02Z","type":"event_msg","payload":{"type":"item_completed","#
      + #""item":{"type":"CommandExecution","id":"c","command":"make","exit_code":2,"status":"failed","#
      + #""duration":{"secs":1,"nanos":500000000},"stdout":"","stderr":"no"}}}"#
    var transcript = Transcript()
    try transcript.fold(
      [#"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x"}}"#]
        + (hasLines ? isItemLast ? [call, output, item] : [call, item, output] : [item]))
    #expect(transcript.toolCalls.count == 1)
    #expect(transcript.toolCalls["c"]?.ending == .failed)
    #expect(transcript.toolCalls["c"]?.command == "make")
    #expect(transcript.toolCalls["c"]?.latencyMS == whole(1_500))
    #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
  }

  @Test(arguments: ["Err", "isError"])
  func `a tool of a server that failed is told by the line of its end`(_ form: String) throws {
    let result =
      form == "Err"
      ? #"{"Err":"no such issue"}"#
      : #"{"Ok":{"isError":true,"content":[{"type":"text","text":"no such issue"}]}}"#
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("look"),
      CodexLines.call("c", "mcp__github__get", at: 1, "{}"),
      CodexLines.line(
        "event_msg", at: 2,
        #""type":"mcp_tool_call_end","call_id":"c","invocation":{"server":"github","tool":"get"},"duration":{"secs":1,"nanos":0},"result":\#(result)"#
      ),
      CodexLines.output("c", at: 3, "no such issue"),
    ])
    #expect(transcript.toolCalls.count == 1)
    #expect(transcript.toolCalls["c"]?.ending == .failed)
    #expect(transcript.toolCalls["c"]?.tool == "mcp__github__get")
    #expect(
      transcript.events.compactMap { $0.fields.text(.errorMessage) } == ["no such issue"])
  }

  @Test func `a file that tells of requests tells of them alone`() throws {
    let sent = { (text: String, second: Int) in
      CodexLines.line(
        "response_item", at: second,
        #""type":"message","role":"user","content":[{"type":"input_text","text":"\#(text)"}]"#)
    }
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), sent("# Notes of the project", 0), sent("mend it, please", 0),
      CodexLines.prompt("mend it"), CodexLines.command("c", "ls", at: 1),
      sent("a reminder that no list knows", 2), CodexLines.command("d", "ls", at: 3),
    ])
    #expect(transcript.turnNotes == 1)
    #expect(transcript.events.compactMap { $0.fields.text(.prompt) } == ["mend it"])
    // A file that tells of none otherwise has them in what was sent.
    transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), sent("<environment_context>y</environment_context>", 0),
      sent("mend it", 0), CodexLines.command("c", "ls", at: 1), sent("and that", 2),
      CodexLines.command("d", "ls", at: 3),
    ])
    #expect(transcript.turnNotes == 2)
    #expect(transcript.events.compactMap { $0.fields.text(.prompt) } == ["mend it", "and that"])
    #expect(transcript.toolCalls["d"]?.context.interaction == "x#2")
  }

  @Test func `what the editor tells beside a request is no part of it`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"),
      CodexLines.prompt(
        #"# Context from my IDE setup:\n\n## Open tabs:\n- a.md\n\n## My request for Codex:\nmend it"#
      ),
    ])
    #expect(transcript.events.compactMap { $0.fields.text(.prompt) } == ["mend it"])
  }

  @Test func `turns that are rolled back failed`() throws {
    let turn = { (number: Int) in
      [
        CodexLines.prompt("do \(number)", at: number * 3),
        CodexLines.command("c\(number)", "npm test", at: number * 3 + 1),
        CodexLines.output(
          "c\(number)", at: number * 3 + 1, #"Exit code: 0\nWall time: 1 seconds\nOutput:\nok"#),
        CodexLines.line("event_msg", at: number * 3 + 2, #""type":"task_complete""#),
      ]
    }
    var transcript = Transcript()
    try transcript.fold(
      [CodexLines.session("x")] + turn(0) + turn(1) + turn(2) + [
        CodexLines.line("event_msg", at: 20, #""type":"thread_rolled_back","num_turns":2"#)
      ] + turn(7))
    let verdicts = (1...4).map { transcript.verdict("x#\($0)") }
    let (kept, undone) = (
      Verdict(outcome: .success, basis: .tests), Verdict(outcome: .failure, basis: .human)
    )
    #expect(verdicts == [kept, undone, undone, kept])
  }

  @Test(arguments: [true, false])
  func `a thread that its file and its output tell of counts once`(_ isFileFirst: Bool) throws {
    let file = [
      CodexLines.session("x"), CodexLines.prompt("test it"),
      CodexLines.command("call_1", "npm test", at: 1),
      CodexLines.output("call_1", at: 2, #"Exit code: 1\nWall time: 1 seconds\nOutput:\nbad"#),
      CodexLines.line(
        "event_msg", at: 3,
        #""type":"token_count","info":{"total_token_usage":{"input_tokens":10,"output_tokens":5}}"#),
      CodexLines.line("event_msg", at: 4, #""type":"task_complete""#),
    ]
    let output = [
      #"{"type":"thread.started","thread_id":"x"}"#, #"{"type":"turn.started"}"#,
      CodexExec.command("item_0", "npm test", code: 1, output: "bad"), CodexExec.completed(),
    ]
    var transcript = Transcript()
    try transcript.fold(isFileFirst ? file : output)
    try transcript.fold(isFileFirst ? output : file, source: 2)
    #expect(transcript.turnNotes == 1)
    #expect(transcript.modelCalls.values.filter { !$0.isToldTwice }.count == 1)
    #expect(transcript.usage.input == 10)
    #expect(transcript.usage.output == 5)
    #expect(transcript.toolCalls.values.filter { !$0.isToldTwice }.map(\.id) == ["call_1"])
    #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
    #expect(transcript.turns["x#1"]?.number(.steps) == whole(1))
    #expect(transcript.turns.count == 1)
  }

  @Test(arguments: [
    "<collaboration_mode>x", "<subagent_notification>x", "<user_action>x", "<hook_prompt>x",
    "Warning: x", "\\n<environment_context>x",
  ])
  func `what Codex put in a person's place is no request`(_ text: String) throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x"}}"#,
      #"{"timestamp":"2026-01-01T00:00:01Z","type":"response_item","payload":{"type":"message","#
        + #""role":"user","content":[{"type":"input_text","text":"\#(text)"}]}}"#,
    ])
    #expect(transcript.turnNotes == 0)
  }
}

/// Lines as a rollout has them.
enum CodexLines {
  static func line(_ type: String, at second: Int, _ payload: String) -> String {
    let time = Timestamp(nanoseconds: (1_769_904_000 + Int64(second)) * 1_000_000_000)
    return #"{"timestamp":"\#(time)","type":"\#(type)","payload":{\#(payload)}}"#
  }

  static func session(_ id: String) -> String { line("session_meta", at: 0, #""id":"\#(id)""#) }

  static func prompt(_ text: String, at second: Int = 0) -> String {
    line("event_msg", at: second, #""type":"user_message","message":"\#(text)""#)
  }

  static func call(
    _ id: String, _ tool: String, at second: Int, _ arguments: String
  ) -> String {
    line(
      "response_item", at: second,
      """
      "type":"function_call","name":"\(tool)","call_id":"\(id)",\
      "arguments":"\(arguments.replacing("\"", with: #"\""#))"
      """)
  }

  static func command(_ id: String, _ command: String, at second: Int) -> String {
    call(id, "exec_command", at: second, #"{"cmd":"\#(command)"}"#)
  }

  static func output(_ id: String, at second: Int, _ text: String) -> String {
    line(
      "response_item", at: second,
      #""type":"function_call_output","call_id":"\#(id)","output":"\#(text)""#)
  }
}

/// Lines as `codex exec --json` prints them.
enum CodexExec {
  static func command(_ id: String, _ command: String, code: Int, output: String = "x") -> String {
    """
    {"type":"item.completed","item":{"id":"\(id)","type":"command_execution","command":"\(command)",\
    "aggregated_output":"\(output)","exit_code":\(code),\
    "status":"\(code == 0 ? "completed" : "failed")"}}
    """
  }

  /// The end of a turn, with what the thread used so far.
  static func completed(_ turns: Int = 1) -> String {
    """
    {"type":"turn.completed","usage":{"input_tokens":\(10 * turns),"output_tokens":\(5 * turns)}}
    """
  }
}
