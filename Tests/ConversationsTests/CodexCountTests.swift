import Bytes
import Events
import Facts
import Testing

/// What Codex says of tokens, of limits, and of tasks that these ended.
@Suite struct CodexCountTests {
  @Test func `a sub-agent's copied lines end at the line that its file names`() throws {
    let numbered = { (line: String, ordinal: Int) in
      line.replacing(#""payload""#, with: #""ordinal":\#(ordinal),"payload""#)
    }
    let total = { (count: Int) in
      CodexLines.line(
        "event_msg", at: 1,
        #""type":"token_count","info":{"total_token_usage":{"input_tokens":\#(count)}}"#)
    }
    var transcript = Transcript()
    try transcript.fold([
      numbered(
        CodexLines.line(
          "session_meta", at: 0,
          #""id":"c","forked_from_id":"p","subagent_history_start_ordinal":3,"source":{"subagent":{"thread_spawn":{"parent_thread_id":"p"}}}"#
        ), 0), numbered(CodexLines.session("p"), 1), numbered(total(10), 2),
      numbered(CodexLines.command("own", "ls", at: 1), 3), numbered(total(15), 4),
    ])
    #expect(transcript.usage.input == 5)
    #expect(transcript.toolCalls.keys.sorted() == ["own"])
    #expect(transcript.toolCalls["own"]?.context.session == "c")
  }

  @Test func `what was written to a cache is no plain input`() throws {
    var transcript = Transcript()
    let counts =
      #"{"input_tokens":1000,"cached_input_tokens":200,"cache_write_input_tokens":600,"output_tokens":10}"#
    try transcript.fold([
      CodexLines.session("x"),
      CodexLines.line(
        "event_msg", at: 1,
        #""type":"token_count","info":{"total_token_usage":\#(counts),"last_token_usage":\#(counts)}"#
      ),
    ])
    #expect(
      transcript.usage
        == TokenUsage(input: 200, cacheRead: 200, cacheWrite: 600, output: 10))
  }

  @Test(
    arguments: [
      (
        #""primary":{"used_percent":100,"window_minutes":300},"rate_limit_reached_type":null"#, true
      ),
      (
        #""primary":{"used_percent":99,"window_minutes":300},"rate_limit_reached_type":null"#, false
      ),
      (
        #""primary":{"used_percent":9,"window_minutes":300},"rate_limit_reached_type":"primary""#,
        true
      ),
      (#""primary_used_percent":12.5,"primary_window_minutes":300"#, false),
      (#""primary_used_percent":100.0,"primary_window_minutes":300"#, true),
    ])
  func `a window that is full is reached, in each form that limits have`(
    _ limits: String, _ isReached: Bool
  ) throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"),
      CodexLines.line(
        "event_msg", at: 1, #""type":"token_count","info":null,"rate_limits":{\#(limits)}"#),
    ])
    let told = transcript.notes.compactMap { note in
      if case .limits(let states) = note.what { states } else { nil }
    }
    #expect(told.flatMap(\.self).map(\.window) == ["300m"])
    #expect(told.flatMap(\.self).map(\.isReached) == [isReached])
  }

  @Test func `a task that ends with an error failed`() throws {
    var transcript = Transcript()
    try transcript.fold([
      CodexLines.session("x"), CodexLines.prompt("do it"), CodexLines.command("c", "ls", at: 1),
      CodexLines.line(
        "event_msg", at: 5,
        #""type":"task_complete","turn_id":"t","last_agent_message":null,"error":{"message":"#
          + #""You've hit your usage limit.","codex_error_info":"usage_limit_exceeded"}"#),
    ])
    let failure = try #require(transcript.events.last { $0.fields.has(.errorMessage) })
    #expect(failure.fields.text(.errorMessage) == "You've hit your usage limit.")
    #expect(failure.fields.text(.errorType) == "usage_limit_exceeded")
    #expect(transcript.verdict("x#1")?.outcome == .failure)
  }
}
