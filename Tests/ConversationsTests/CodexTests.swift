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
        CodexExec.command("item_0", "npm test", code: code), CodexExec.completed,
      ]
    }
    try transcript.fold(run("x", 0))
    try transcript.fold(run("y", 1), source: 2)
    #expect(transcript.toolCalls["x#1/item_0"]?.ending == .succeeded)
    #expect(transcript.toolCalls["y#1/item_0"]?.ending == .failed)
    #expect(transcript.verdict("x#1") == Verdict(outcome: .success, basis: .tests))
    #expect(transcript.verdict("y#1") == Verdict(outcome: .failure, basis: .tests))
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

  static let completed =
    #"{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":5}}"#
}
