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
    (#"{"event":"message_send","properties":{},"user_id":"u","time":1}"#, "aider/message_send"),
  ])
  func `kinds are names, and no content`(_ line: String, _ kind: String) throws {
    let bytes = Array(line.utf8)
    let envelope = try LineDecoder(formats: FormatCatalogue.builtIn).envelope(
      of: bytes.span, isPadded: false, given: nil, fileName: nil)
    #expect(envelope.kind == kind)
  }
}
