import Events
import Formats
import Testing

/// How lines of tools that are not read yet are named.
@Suite struct UnreadFormatTests {
  @Test(arguments: [
    (#"{"sessionId":"s","projectHash":"0f3a9c"}"#, "gemini-cli/session"),
    (#"{"$rewindTo":"message 12"}"#, "gemini-cli/$rewindTo"),
    (
      #"{"topic":"Anything at all","payload":"x","ts":"2026-01-01T00:00:00Z"}"#,
      "ralph-orchestrator/event"
    ),
    (#"{"type":"part","messageID":"m","sessionID":"s"}"#, "opencode/part"),
    (#"{"type":"what a person wrote","messageID":"m","sessionID":"s"}"#, "opencode/type"),
    (#"{"resourceSpans":"secret"}"#, "otlp/resourceSpans"),
    (
      #"{"type":"system","subtype":"ui_telemetry","uuid":"u","sessionId":"s","cwd":"/p","systemPayload":{}}"#,
      "qwen-code/system"
    ),
    (
      #"{"type":"system","subtype":"turn_duration","uuid":"u","sessionId":"s","cwd":"/p"}"#,
      "claude-code/system/turn_duration"
    ),
    (#"{"event":"message_send","properties":{},"user_id":"u","time":1}"#, "aider/message_send"),
    (
      #"{"ts":"2026-01-01T00:00:00Z","type":{"kind":"loop_started"},"data":{}}"#,
      "ralph-orchestrator/history"
    ),
    (
      #"{"id":"o","traceId":"t","type":"GENERATION","startTime":"2026-01-01T00:00:00Z"}"#,
      "langfuse/GENERATION"
    ),
    (#"{"call_type":"acompletion","request_id":"r","spend":0.1}"#, "litellm/acompletion"),
    (#"{"provider":"ollama","promptTokens":3,"generatedTokens":5}"#, "continue/tokensGenerated"),
    (#"{"instance_id":"i","history":[{"id":0}],"metrics":{}}"#, "openhands/output"),
  ])
  func `kinds are names, and no content`(_ line: String, _ kind: String) throws {
    let bytes = Array(line.utf8)
    let envelope = try LineDecoder(formats: FormatCatalogue.builtIn).envelope(
      of: bytes.span, isPadded: false, given: nil, fileName: nil)
    #expect(envelope.kind == kind)
  }
}

/// Which kinds of lines formats know.
@Suite struct KnownKindTests {
  @Test(arguments: [
    ("claude-code/assistant", true), ("claude-code/system/init", true),
    ("claude-code/system/turn_duration", true), ("claude-code/system/new_thing", false),
    ("claude-code/new-thing", false), ("claude-code/result/error_max_turns", true),
    ("codex/event_msg.token_count", true), ("codex/event_msg.new_thing", false),
    ("codex/response_item.reasoning", true), ("codex/response_item.new_thing", false),
    ("codex/compacted", true), ("codex/turn.completed", true),
    ("codex/item.completed.command_execution", true), ("codex/item.completed.new_thing", false),
    ("gemini-cli/session", false), ("query", false),
  ])
  func `a kind that a format does not know is unknown`(_ kind: String, _ isKnown: Bool) {
    #expect(FormatCatalogue.builtIn.knows(kind: kind) == isKnown)
  }
}
