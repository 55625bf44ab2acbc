import Bytes
import Events
import Facts
import Testing

/// Rollouts of Codex before 0.30: items without an envelope, of which the first alone tells a time.
@Suite struct BareCodexTests {
  private static let lines = [
    #"{"id":"s","timestamp":"2025-06-01T10:00:00.000Z","instructions":null,"git":{"branch":"main"}}"#,
    #"{"record_type":"state"}"#,
    #"{"type":"message","id":null,"role":"user","content":[{"type":"input_text","text":"<environment_context>\nCurrent working directory: /p\n</environment_context>"}]}"#,
    #"{"type":"message","id":null,"role":"user","content":[{"type":"input_text","text":"mend it"}]}"#,
    #"{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}]}"#,
    #"{"type":"function_call","id":"f","name":"shell","arguments":"{\"command\":[\"bash\",\"-lc\",\"cargo test\"]}","call_id":"c1"}"#,
    #"{"type":"function_call_output","call_id":"c1","output":"{\"output\":\"test result: FAILED. 1 failed\",\"metadata\":{\"exit_code\":101,\"duration_seconds\":1.5}}"}"#,
    #"{"record_type":"state"}"#,
    #"{"type":"message","id":null,"role":"assistant","content":[{"type":"output_text","text":"It fails."}]}"#,
  ]

  @Test func `turns, tools and failures are read`() throws {
    var transcript = Transcript()
    try transcript.fold(Self.lines)
    #expect(transcript.turnNotes == 1)
    let call = try #require(transcript.toolCalls["c1"])
    #expect(call.context.session == "s")
    #expect(call.context.project == "/p")
    #expect(call.commandHead == "cargo test")
    #expect(call.ending == .failed)
    #expect(call.latencyMS == FixedPoint(hundredths: 150_000))
    let turn = try #require(transcript.turns.keys.first)
    #expect(transcript.verdict(turn)?.outcome == .failure)
    #expect(transcript.turns[turn]?.text(.response) == "It fails.")
  }

  @Test func `what tells no time is of the time at which its file begins`() throws {
    var transcript = Transcript()
    try transcript.fold(Self.lines)
    let began = try #require(transcript.events.first?.time)
    #expect(transcript.events.allSatisfy { $0.time == began })
    #expect(transcript.events.filter { !$0.envelope.isTimeInferred }.count == 1)
  }

  @Test func `the same lines in another file count once`() throws {
    var transcript = Transcript()
    try transcript.fold(Self.lines)
    let count = transcript.events.count
    try transcript.fold(Self.lines, source: 2)
    #expect(transcript.events.count == count)
    #expect(transcript.turnNotes == 1)
  }
}
