/// Lines of agents' transcripts, made up: of Claude Code with failures, retries, a rejection, a tool of
/// an MCP server and a message in two lines; of Codex with limits and a total that is told twice.
enum Transcripts {
  static let claudeCode = claude("s-one", hour: 9) + claude("s-two", hour: 11)
  /// Of another session with the same files.
  static let laterClaudeCode = claude("s-three", hour: 11)
  static let codex = rollout("c-one", hour: 10)

  private static func claude(_ session: String, hour: Int) -> [String] {
    var lines: [String] = []
    func add(_ type: String, _ message: String) {
      let number = lines.count
      let time =
        "2026-05-01T\(hour < 10 ? "0" : "")\(hour):00:\(number < 10 ? "0" : "")\(number).000Z"
      lines.append(
        #"{"type":"\#(type)","sessionId":"\#(session)","uuid":"\#(session)-\#(number)","#
          + #""timestamp":"\#(time)","cwd":"/home/dev/orchard","version":"2.1.0","message":\#(message)}"#
      )
    }
    func answer(_ id: String, _ content: String, output: Int?, stop: String) {
      let usage =
        #"{"input_tokens":100,"cache_read_input_tokens":2000,"cache_creation_input_tokens":300,"#
        + #""cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"#
        + #""output_tokens":\#(output ?? 1)}"#
      add(
        "assistant",
        #"{"id":"\#(session)-\#(id)","role":"assistant","model":"claude-opus-4-5-20251101","#
          + #""content":[\#(content)],"stop_reason":\#(stop),"usage":\#(usage)}"#)
    }
    func use(_ id: String, _ tool: String, _ input: String) -> String {
      #"{"type":"tool_use","id":"\#(session)-\#(id)","name":"\#(tool)","input":\#(input)}"#
    }
    func result(_ id: String, _ text: String, isError: Bool = false) {
      add(
        "user",
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(session)-\#(id)","#
          + #""content":"\#(text)","is_error":\#(isError)}]}"#)
    }
    add("user", #"{"role":"user","content":"Count the apples of \#(session)."}"#)
    answer("m1", #"{"type":"text","text":"I look."}"#, output: nil, stop: "null")
    answer(
      "m1", use("t1", "Bash", #"{"command":"cargo test --all"}"#), output: 40, stop: #""tool_use""#)
    result("t1", "error: test failed", isError: true)
    answer(
      "m2",
      use(
        "t2", "Edit", #"{"file_path":"/home/dev/orchard/a.rs","old_string":"a","new_string":"b"}"#),
      output: 60, stop: #""tool_use""#)
    result("t2", "done")
    answer(
      "m3", use("t3", "Bash", #"{"command":"cargo test --all"}"#), output: 20, stop: #""tool_use""#)
    result("t3", "test result: ok. 2 passed; 0 failed;")
    answer(
      "m4", use("t4", "mcp__baskets__count", #"{"of":"apples"}"#), output: 25,
      stop: #""tool_use""#)
    result("t4", "12")
    answer("m5", #"{"type":"text","text":"There are twelve."}"#, output: 15, stop: #""end_turn""#)
    add("user", #"{"role":"user","content":"And the pears of \#(session)?"}"#)
    answer(
      "m6", use("t5", "Read", #"{"file_path":"/home/dev/orchard/b.rs"}"#), output: 9, stop: "null")
    return lines
  }

  private static func rollout(_ session: String, hour: Int) -> [String] {
    var lines: [String] = []
    func add(_ type: String, _ payload: String) {
      let number = lines.count
      lines.append(
        #"{"timestamp":"2026-05-01T\#(hour):00:\#(number < 10 ? "0" : "")\#(number).000Z","#
          + #""type":"\#(type)","payload":\#(payload)}"#)
    }
    func count(_ input: Int, _ cached: Int, _ output: Int, used: Int) {
      add(
        "event_msg",
        #"{"type":"token_count","info":{"total_token_usage":{"input_tokens":\#(input),"#
          + #""cached_input_tokens":\#(cached),"output_tokens":\#(output)}},"rate_limits":"#
          + #"{"primary":{"used_percent":\#(used),"window_minutes":300,"resets_at":1777640400}}}"#)
    }
    add("session_meta", #"{"id":"\#(session)","cwd":"/home/dev/orchard","cli_version":"0.104.0"}"#)
    add("turn_context", #"{"model":"gpt-5-codex","cwd":"/home/dev/orchard"}"#)
    add("event_msg", #"{"type":"user_message","message":"Prune the trees."}"#)
    add(
      "response_item",
      #"{"type":"function_call","name":"shell","arguments":"{\"command\":[\"bash\",\"-lc\",\"git status\"]}","#
        + #""call_id":"\#(session)-t1"}"#)
    add(
      "response_item",
      #"{"type":"function_call_output","call_id":"\#(session)-t1","output":"clean"}"#)
    count(1_000, 400, 50, used: 7)
    count(1_000, 400, 50, used: 7)
    count(2_500, 1_600, 90, used: 8)
    add("event_msg", #"{"type":"task_complete","last_agent_message":"All is pruned."}"#)
    return lines
  }
}
