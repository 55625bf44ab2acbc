import Bytes
import Events
import Facts
import TestSupport
import Testing

/// Running totals of Codex: of whatever order, with lines missing, and of sessions that go on from others.
@Suite struct RunningTotalTests {
  /// A total of a session of Codex, so many calls of 100 tokens into it.
  private static func total(_ calls: Int, beyond more: Int = 0, at second: Int) -> String {
    let counts = #"{"input_tokens":\#(calls * 100 + more),"output_tokens":\#(calls)}"#
    let last = #"{"input_tokens":\#(100 + (calls == 1 ? more : 0)),"output_tokens":1}"#
    return CodexLines.line(
      "event_msg", at: second,
      #""type":"token_count","info":{"model":"m1","total_token_usage":\#(counts),"#
        + #""last_token_usage":\#(last)}"#)
  }

  @Test(arguments: UInt64(0)...40)
  func `running totals come to the same, in whatever order they are read`(_ seed: UInt64) throws {
    // The tool was started anew after the fourth, and told the second and the last twice.
    let lines = [
      Self.total(1, at: 1), Self.total(2, at: 2), Self.total(2, at: 3), Self.total(3, at: 4),
      Self.total(4, at: 5), Self.total(1, beyond: 7, at: 100), Self.total(2, beyond: 7, at: 101),
      Self.total(2, beyond: 7, at: 102),
    ]
    var random = SeededRandom(seed: seed)
    let order = seed == 0 ? Array(lines.indices) : lines.indices.shuffled(using: &random)
    var transcript = Transcript()
    for line in order {
      try transcript.fold([CodexLines.session("x"), lines[line]], source: SourceID(line + 1))
    }
    let calls = transcript.modelCalls.values.filter { !$0.isUnattributed }
    #expect(calls.count == 6, "\(order)")
    #expect(transcript.usage == TokenUsage(input: 607, output: 6), "\(order)")
    let rests = transcript.modelCalls.values.filter(\.isUnattributed)
    #expect(!rests.contains { !$0.isToldTwice }, "\(order)")
    let began = Timestamp(nanoseconds: 1_769_904_000_000_000_000)
    #expect(
      Set(calls.map(\.context.time))
        == Set([1, 2, 4, 5, 100, 101].map { began.addingSeconds($0) }), "\(order)")
  }

  @Test
  func `what a running total rose by beyond its call is a rest, as long as lines are missing`()
    throws
  {
    var transcript = Transcript()
    try transcript.fold([CodexLines.session("x"), Self.total(1, at: 1), Self.total(4, at: 4)])
    #expect(transcript.usage.input == 400)
    let rest = try #require(transcript.modelCalls.values.first { $0.isUnattributed })
    #expect(rest.usage == TokenUsage(input: 200, output: 2))
    #expect(rest.basis == .partial)
    #expect(transcript.modelCalls.count == 3)
    try transcript.fold([CodexLines.session("x"), Self.total(3, at: 3)], source: 2)
    #expect(transcript.usage.input == 400)
    #expect(transcript.modelCalls[rest.id]?.isToldTwice == true)
  }

  @Test func `a session that goes on from another counts what it used itself`() throws {
    let fork = CodexLines.line(
      "session_meta", at: 50,
      #""id":"y","history_base":{"thread_id":"x","end_ordinal_exclusive":7,"end_byte_offset":9}"#)
    for isFirst in [true, false] {
      var transcript = Transcript()
      let own = [CodexLines.session("x"), Self.total(1, at: 1), Self.total(2, at: 2)]
      if !isFirst { try transcript.fold(own) }
      try transcript.fold([fork, Self.total(3, at: 51), Self.total(4, at: 52)], source: 2)
      if isFirst { try transcript.fold(own) }
      #expect(transcript.usage.input == 400)
      #expect(transcript.modelCalls.count == 4)
    }
  }
}
