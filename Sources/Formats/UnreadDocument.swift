/// A file of a tool that is known when it is seen, and no file of lines that are read.
package struct UnreadDocument: Sendable {
  /// What wrote it, and what it is.
  package let title: String
  private let mark: Mark

  private enum Mark {
    /// Keys of the outermost object, or of the first object of a list.
    case keys([String])
    /// The latter alone.
    case keysInList([String])
    /// What the text, or one of its first lines, begins with.
    case beginning(String)
  }

  private init(_ title: String, keys: String...) {
    (self.title, mark) = (title, .keys(keys))
  }

  private init(_ title: String, keysInList keys: String...) {
    (self.title, mark) = (title, .keysInList(keys))
  }

  private init(_ title: String, beginning: String) {
    (self.title, mark) = (title, .beginning(beginning))
  }

  /// The first that holds all its keys; nil where none does.
  package static func having(_ keys: [String], isList: Bool) -> UnreadDocument? {
    all.first { document in
      switch document.mark {
      case .keys(let own): own.allSatisfy(keys.contains)
      case .keysInList(let own): isList && own.allSatisfy(keys.contains)
      case .beginning: false
      }
    }
  }

  /// The first whose beginning one of some lines has.
  package static func beginning(_ lines: [String]) -> UnreadDocument? {
    all.first { document in
      if case .beginning(let own) = document.mark {
        lines.contains { $0.hasPrefix(own) }
      } else {
        false
      }
    }
  }

  /// Every one that is known, the more telling first.
  private static let all: [UnreadDocument] = [
    UnreadDocument("SWE-agent's trajectory", keys: "trajectory", "history", "info"),
    UnreadDocument("mini-swe-agent's trajectory", keys: "info", "messages", "trajectory_format"),
    UnreadDocument("SWE-bench's report", keys: "resolved_ids", "unresolved_ids"),
    UnreadDocument("SWE-bench's predictions", keys: "instance_id", "model_patch"),
    UnreadDocument("Inspect AI's log", keys: "eval", "status", "version"),
    UnreadDocument("OpenHands' output", keys: "instance_id", "history", "metrics"),
    UnreadDocument("OpenHands' event", keys: "id", "timestamp", "source", "action", "args"),
    UnreadDocument("OpenHands' event", keys: "id", "timestamp", "source", "observation", "content"),
    UnreadDocument("OpenHands' event", keys: "id", "timestamp", "source", "kind", "action"),
    UnreadDocument("tau-bench's runs", keys: "task_id", "reward", "traj"),
    UnreadDocument("OpenCode's export", keys: "info", "messages"),
    UnreadDocument("OpenCode's part of a message", keys: "id", "messageID", "sessionID"),
    UnreadDocument("OpenCode's message", keys: "id", "sessionID", "role"),
    UnreadDocument("OpenCode's session", keys: "id", "projectID", "directory", "time"),
    UnreadDocument("Gemini CLI's session", keys: "sessionId", "projectHash", "messages"),
    UnreadDocument("Gemini CLI's output", keys: "session_id", "response", "stats"),
    UnreadDocument(
      "Gemini CLI's list of what was typed", keys: "sessionId", "messageId", "message"),
    UnreadDocument("Gemini CLI's telemetry", keys: "hrTime", "attributes"),
    UnreadDocument("a Gemini conversation", keys: "role", "parts"),
    UnreadDocument("Cline's messages", keys: "ts", "type", "say"),
    UnreadDocument("Cline's messages", keys: "ts", "type", "ask"),
    UnreadDocument("Cline's files of a task", keys: "files_in_context", "model_usage"),
    UnreadDocument("Cline's list of tasks", keys: "ts", "task", "tokensIn", "tokensOut"),
    UnreadDocument("Codex's transcript of its first versions", keys: "session", "items"),
    UnreadDocument("Continue's session", keys: "sessionId", "workspaceDirectory", "history"),
    UnreadDocument("Continue's list of sessions", keys: "sessionId", "title", "dateCreated"),
    UnreadDocument("ralph-claude-code's status", keys: "loop_count", "calls_made_this_hour"),
    UnreadDocument("ralph-claude-code's analysis of an answer", keys: "loop_number", "analysis"),
    UnreadDocument("ralph-claude-code's circuit breaker", keys: "state", "consecutive_no_progress"),
    UnreadDocument("ralph-claude-code's circuit breaker", keys: "loop", "from_state", "to_state"),
    UnreadDocument("the stories of snarktank's ralph", keys: "branchName", "userStories"),
    UnreadDocument("Aider's benchmark", keys: "testcase", "tests_outcomes"),
    UnreadDocument("Langfuse's observations", keys: "id", "traceId", "type", "startTime"),
    UnreadDocument("Langfuse's scores", keys: "id", "traceId", "name", "value", "source"),
    UnreadDocument("Langfuse's traces", keys: "id", "timestamp", "projectId", "bookmarked"),
    UnreadDocument("LiteLLM's calls", keys: "call_type", "litellm_call_id"),
    UnreadDocument("LiteLLM's calls", keys: "call_type", "response_cost"),
    UnreadDocument("LiteLLM's spending", keys: "call_type", "request_id", "spend"),
    UnreadDocument("OpenTelemetry (OTLP)", keys: "resourceLogs"),
    UnreadDocument("OpenTelemetry (OTLP)", keys: "resourceSpans"),
    UnreadDocument("OpenTelemetry (OTLP)", keys: "resourceMetrics"),
    UnreadDocument(
      "OpenTelemetry's spans", keys: "context", "kind", "start_time", "end_time", "attributes"),
    UnreadDocument("Entire's checkpoint", keys: "checkpoint_id", "session_id", "strategy"),
    UnreadDocument(
      "an API's conversation, as Cline and others keep it", keysInList: "role", "content"),
    UnreadDocument("Aider's chat history", beginning: "# aider chat started at"),
    UnreadDocument("Aider's history of models", beginning: "TO LLM "),
    UnreadDocument("Ollama's log", beginning: "[GIN] "),
    UnreadDocument("llama.cpp's log", beginning: "slot launch_slot"),
    UnreadDocument("llama.cpp's log", beginning: "srv  "),
    UnreadDocument(
      "SQLite's database, as OpenCode and others keep theirs", beginning: "SQLite format 3\u{0}"),
  ]
}
