import TestSupport
import Testing

/// A log in which errors were met, and mended or not.
enum AgentFixture {
  /// `tsc` was missing twice, and an installation mended it; a look at the version did not.
  static let lines = [
    run("s1", "2026-03-02T10:00:00Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s1", "2026-03-02T10:00:10Z", "bun install", 0),
    run("s1", "2026-03-02T10:00:20Z", "bun run build", 0),
    run("s2", "2026-03-03T10:00:00Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s2", "2026-03-03T10:00:10Z", "npm link typescript", 0),
    run("s2", "2026-03-03T10:00:20Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s2", "2026-03-03T10:00:30Z", "bun install", 0),
    run("s2", "2026-03-03T10:00:40Z", "bun run build", 0),
    run("s3", "2026-03-04T10:00:00Z", "make flash", 2, "device busy: cannot open the flash port"),
    run("s3", "2026-03-04T10:00:10Z", "rm -rf /dev/shm/port", 0),
    run("s3", "2026-03-04T10:00:20Z", "make flash", 0),
  ]

  static func run(
    _ session: String, _ time: String, _ command: String, _ exit: Int, _ error: String? = nil
  ) -> String {
    let failed = error.map { #","error_message":"\#($0)""# } ?? ""
    return #"{"event":"tool_execute","session_id":"\#(session)","ts":"\#(time)","#
      + #""command":"\#(command)","exit_code":\#(exit),"project":"/home/dev/web"\#(failed)}"#
  }

  /// What Claude Code tells a hook when `tsc` is missing again.
  static func failure(call: String) -> String {
    #"{"hook_event_name":"PostToolUseFailure","session_id":"a1","cwd":"/home/dev/web","#
      + #""tool_name":"Bash","tool_input":{"command":"bun run build"},"tool_use_id":"\#(call)","#
      + #""error":"Exit code 127\nsh: line 9: tsc: command not found"}"#
  }

  /// The transcript of a session `a1`: a build fails; by the call `ask-1`, if there is one, the agent asks
  /// what would mend it; it does that, and the build passes.
  static func transcript(asking: Bool = false) -> String {
    let asked =
      asking
      ? [
        use("u4", "ask-1", "mcp__foldlog__fix", #"{"error":"tsc: command not found"}"#),
        result("u5", "ask-1", "`bun install` mended it", isError: false),
      ] : []
    let lines =
      [
        #"{"type":"user","sessionId":"a1","uuid":"u1","cwd":"/home/dev/web","timestamp":"2026-03-06T10:00:00Z","message":{"role":"user","content":"Build the web application for me"}}"#,
        use("u2", "call-1", "Bash", #"{"command":"bun run build"}"#),
        result("u3", "call-1", "Exit code 127\\nsh: line 9: tsc: command not found", isError: true),
      ] + asked + [
        use("u6", "call-2", "Bash", #"{"command":"bun install"}"#),
        result("u7", "call-2", "ok", isError: false),
        use("u8", "call-3", "Bash", #"{"command":"bun run build"}"#),
        result("u9", "call-3", "built", isError: false),
        #"{"type":"assistant","sessionId":"a1","uuid":"u10","cwd":"/home/dev/web","timestamp":"2026-03-06T10:01:00Z","message":{"id":"m9","role":"assistant","model":"claude-opus-4-5","stop_reason":"end_turn","content":[{"type":"text","text":"Built."}],"usage":{"input_tokens":1,"output_tokens":1}}}"#,
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func use(
    _ line: String, _ id: String, _ tool: String, _ input: String
  ) -> String {
    #"{"type":"assistant","sessionId":"a1","uuid":"\#(line)","cwd":"/home/dev/web","timestamp":"2026-03-06T10:00:01Z","message":{"id":"m-\#(id)","role":"assistant","model":"claude-opus-4-5","content":[{"type":"tool_use","id":"\#(id)","name":"\#(tool)","input":\#(input)}],"usage":{"input_tokens":1,"output_tokens":1}}}"#
  }

  private static func result(
    _ line: String, _ id: String, _ text: String, isError: Bool
  ) -> String {
    #"{"type":"user","sessionId":"a1","uuid":"\#(line)","cwd":"/home/dev/web","timestamp":"2026-03-06T10:00:02Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":"\#(text)","is_error":\#(isError)}]},"toolUseResult":{"stdout":"\#(isError ? "" : text)","stderr":""}}"#
  }

  /// How a client of `foldlog mcp` begins.
  static let hello =
    #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","#
    + #""capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#

  /// Asks over the protocol what mended the error, by the call `ask-1` of an agent.
  static func fix(_ session: Session) throws -> ChildResult {
    let request =
      #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fix","arguments":{"error":"#
      + #""sh: line 9: tsc: command not found"},"_meta":{"claudecode/toolUseId":"ask-1"}}}"#
    return try session.foldlog(
      "mcp", "--project", "/home/dev/web", input: "\(hello)\n\(request)\n")
  }

  /// Of each advice: how often it was shown, in how many turns, and what became of those.
  static func advice(_ session: Session) throws -> [String] {
    let columns = "advice,shown,turns,heeded,successes_with,failures_with,successes_without"
    let answer = try session.foldlog(
      "query", "knowledge/advice", "--columns", columns, "--where", "section=fixes", "--format",
      "csv")
    return answer.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  static func session() throws -> Session {
    let session = try Session()
    let taken = try session.foldlog(
      "ingest", "--stream", "hybrid", input: lines.joined(separator: "\n") + "\n")
    #expect(taken.status == 0, "\(taken.errors)")
    return session
  }
}
