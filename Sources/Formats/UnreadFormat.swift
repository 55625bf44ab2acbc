package import Events
package import JSON

/// A tool whose lines are known when they are seen, and kept, but not read yet.
package struct UnreadFormat: LineFormat {
  package let name: String
  package let title: String
  package let version: UInt32 = 0
  package let stream: Stream
  package let isRead = false
  /// What its lines hold: one of these sets of members, each with the texts that it may be.
  private let shapes: [Shape]

  struct Shape: Sendable {
    /// Members that a line of it has; `type.kind` is one of an object.
    var members: [String]
    /// For the first of them, the texts that it begins with; empty for anything.
    var texts: [String] = []
    /// The kind of its lines; nil where the first member says it, as `type` does.
    var kind: String?
  }

  init(_ name: String, _ title: String, _ stream: Stream, _ shapes: [Shape]) {
    self.name = name
    self.title = title
    self.stream = stream
    self.shapes = shapes
  }

  package func nativeKind(of line: JSONObject) -> String? {
    for shape in shapes where shape.members.allSatisfy({ has($0, in: line) }) {
      guard let first = shape.members.first else { continue }
      let text = line.text(first)
      if !shape.texts.isEmpty {
        guard let text, shape.texts.contains(where: { text.hasPrefix($0) }) else { continue }
      }
      if let kind = shape.kind { return kind }
      // What is no name is content.
      return text.map { isName($0) ? $0 : first } ?? first
    }
    return nil
  }

  private func has(_ member: String, in line: JSONObject) -> Bool {
    guard let dot = member.utf8.firstIndex(of: UInt8(ascii: ".")) else {
      return line[member] != nil
    }
    return line.object(String(member[..<dot]))?[String(member[member.utf8.index(after: dot)...])]
      != nil
  }

  private func isName(_ text: String) -> Bool {
    text.utf8.count <= 64
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "$"):
          true
        default: false
        }
      }
  }

  package func knows(nativeKind: String) -> Bool { false }

  package func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {}

  /// Every tool that is known so. The first of a shape's members names the kind, or
  /// the shape itself does.
  package static let all: [UnreadFormat] = [
    UnreadFormat(
      "gemini-cli", "Gemini CLI", .ralph,
      [
        Shape(members: ["projectHash", "sessionId"], kind: "session"),
        Shape(members: ["type", "content", "id"], texts: ["gemini", "user", "info", "warning"]),
        Shape(members: ["type", "stats", "status"], texts: ["result"]),
        Shape(members: ["type", "tool_name", "tool_id"], texts: ["tool_use"]),
        Shape(members: ["type", "tool_id", "status"], texts: ["tool_result"]),
        Shape(members: ["type", "session_id", "model"], texts: ["init"]),
        Shape(members: ["$set"], kind: "$set"), Shape(members: ["$patch"], kind: "$patch"),
        Shape(members: ["$rewindTo"], kind: "$rewindTo"),
      ]),
    UnreadFormat(
      "qwen-code", "Qwen Code", .ralph,
      [
        Shape(
          members: ["type", "sessionId", "uuid", "cwd"],
          texts: ["user", "assistant", "system", "tool_result"]),
        Shape(members: ["models", "sessionId", "totalLatencyMs"], kind: "models"),
      ]),
    UnreadFormat(
      "copilot-cli", "GitHub Copilot CLI", .ralph,
      [
        Shape(
          members: ["type", "data", "id", "timestamp"],
          texts: [
            "session.", "user.", "assistant.", "tool.", "hook.", "system.", "subagent.", "abort",
          ])
      ]),
    UnreadFormat(
      "opencode", "OpenCode", .ralph,
      [
        Shape(members: ["role", "sessionID", "id"]),
        Shape(members: ["type", "messageID", "sessionID"]),
        Shape(members: ["info", "messages"], kind: "info"),
        Shape(members: ["type", "sessionID", "part"]),
      ]),
    UnreadFormat(
      "continue", "Continue", .editor,
      [
        Shape(members: ["eventName", "schema", "timestamp"]),
        Shape(members: ["provider", "promptTokens", "generatedTokens"], kind: "tokensGenerated"),
        Shape(members: ["feedback", "modelTitle", "prompt"], kind: "chatFeedback"),
        Shape(members: ["accepted", "prefix", "suffix", "completion"], kind: "autocomplete"),
      ]),
    UnreadFormat(
      "otlp", "OpenTelemetry (OTLP)", .aidb,
      [
        Shape(members: ["resourceLogs"], kind: "resourceLogs"),
        Shape(members: ["resourceSpans"], kind: "resourceSpans"),
        Shape(members: ["resourceMetrics"], kind: "resourceMetrics"),
      ]),
    UnreadFormat(
      "litellm", "LiteLLM", .aidb,
      [
        Shape(members: ["call_type", "litellm_call_id"]),
        Shape(members: ["call_type", "model_group"]),
        Shape(members: ["call_type", "response_cost"]),
        Shape(members: ["call_type", "request_id", "spend"]),
      ]),
    UnreadFormat(
      "aider", "Aider's analytics", .ralph,
      [Shape(members: ["event", "properties", "user_id", "time"])]),
    UnreadFormat(
      "ralph-orchestrator", "ralph-orchestrator", .ralph,
      [
        Shape(members: ["topic", "payload", "ts"], kind: "event"),
        Shape(members: ["ts", "type.kind"], kind: "history"),
        Shape(members: ["iteration", "hat", "event"], kind: "diagnostics"),
      ]),
    UnreadFormat(
      "agent-history", "a coding agent's list of what was typed", .ralph,
      [
        Shape(members: ["display", "pastedContents", "timestamp"], kind: "claude-code"),
        Shape(members: ["session_id", "ts", "text"], kind: "codex"),
        Shape(members: ["id", "thread_name", "updated_at"], kind: "codex"),
      ]),
    UnreadFormat(
      "ralph-claude-code", "ralph-claude-code", .ralph,
      [Shape(members: ["loop", "duration", "success", "calls"], kind: "loop")]),
    UnreadFormat(
      "pi", "pi", .ralph,
      [
        Shape(members: ["type", "provider", "modelId", "cwd"], texts: ["session"]),
        Shape(members: ["type", "message", "timestamp"], texts: ["message"]),
      ]),
    UnreadFormat(
      "cline", "Cline", .ralph,
      [Shape(members: ["say", "ts", "type"]), Shape(members: ["hookName", "ts"])]),
    UnreadFormat(
      "langfuse", "Langfuse", .aidb,
      [
        Shape(members: ["type", "traceId", "id", "startTime"]),
        Shape(members: ["traceId", "id", "name", "value", "source"], kind: "score"),
        Shape(members: ["bookmarked", "id", "timestamp", "projectId"], kind: "trace"),
      ]),
    UnreadFormat(
      "openhands", "OpenHands", .ralph,
      [Shape(members: ["instance_id", "history", "metrics"], kind: "output")]),
  ]
}
