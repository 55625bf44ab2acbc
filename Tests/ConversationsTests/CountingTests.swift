import Bytes
import Conversations
import Events
import Facts
import Testing

/// The ways in which tokens are miscounted, each with what is right.
@Suite struct CountingTests {
  @Test func `a message of several lines is one call, with the usage that comes last`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "msg", output: 1, Claude.text("I")),
      Claude.message("b", id: "msg", output: 1, Claude.bash("t", "ls")),
      Claude.message("c", id: "msg", output: 40, stop: "tool_use", Claude.bash("u", "pwd")),
    ])
    #expect(transcript.modelCalls.count == 1)
    let call = try #require(transcript.modelCalls["msg"])
    #expect(call.usage.output == 40)
    #expect(call.usage.input == 10)
    #expect(call.basis == .priced)
    // 10 × 1 + 100 × 0.10 + 20 × 1.25 + 40 × 10 = 445 millionths of a dollar.
    #expect(call.cost?.dollars == FixedPoint(units: 445_000))
  }

  @Test(arguments: [false, true])
  func `of a message that two files tell of the whole one counts, whichever comes first`(
    _ isWholeFirst: Bool
  ) throws {
    let whole = Claude.message("a", id: "msg", output: 900, stop: "end_turn", Claude.text("done"))
    let part = Claude.message("b", id: "msg", output: 1, Claude.text("d"))
    var transcript = Transcript()
    try transcript.fold(
      [Claude.prompt("p", "do it")] + (isWholeFirst ? [whole, part] : [part, whole]))
    #expect(transcript.modelCalls["msg"]?.usage.output == 900)
    #expect(transcript.modelCalls["msg"]?.basis == .priced)
  }

  @Test func `what is streamed in parts counts nothing`() throws {
    var transcript = Transcript()
    try transcript.fold([
      """
      {"type":"stream_event","session_id":"s","uuid":"d","event":{"type":"message_delta",\
      "usage":{"output_tokens":700}}}
      """,
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "msg", output: 7, stop: "end_turn", Claude.text("done")),
    ])
    #expect(transcript.usage.output == 7)
  }

  @Test func `what was still being written is a lower bound`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "msg", Claude.text("I")),
    ])
    #expect(transcript.modelCalls["msg"]?.basis == .partial)
  }

  @Test func `a running total that is told again counts nothing`() throws {
    var transcript = Transcript()
    let total = { (input: Int, output: Int) in
      """
      {"timestamp":"2026-01-01T00:00:02Z","type":"event_msg","payload":{"type":"token_count","info":\
      {"total_token_usage":{"input_tokens":\(input),"cached_input_tokens":100,"output_tokens":\(output),\
      "reasoning_output_tokens":3}}}}
      """
    }
    try transcript.fold([
      #"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x","cwd":"/p"}}"#,
      #"{"timestamp":"2026-01-01T00:00:00Z","type":"turn_context","payload":{"model":"m1"}}"#,
      #"{"timestamp":"2026-01-01T00:00:01Z","type":"event_msg","payload":{"type":"user_message","message":"hi"}}"#,
      total(150, 10), total(150, 10), total(350, 25),
    ])
    #expect(transcript.modelCalls.count == 2)
    // Input without what came from the cache: 350 − 100, of which 50 in the first call.
    #expect(transcript.usage.input == 250)
    #expect(transcript.usage.cacheRead == 100)
    #expect(transcript.usage.output == 25)
    #expect(transcript.modelCalls["x#1"]?.usage.input == 50)
    #expect(transcript.modelCalls["x#2"]?.usage.cacheRead == 0)
  }

  @Test func `the windows of a limit are told apart`() throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"timestamp":"2026-01-01T00:00:00Z","type":"session_meta","payload":{"id":"x"}}"#,
      """
      {"timestamp":"2026-01-01T00:00:02Z","type":"event_msg","payload":{"type":"token_count",\
      "info":null,"rate_limits":{"primary":{"used_percent":15.0,"window_minutes":300,"resets_at":1781699554},\
      "secondary":{"used_percent":53.0,"window_minutes":10080,"resets_at":1781845257}}}}
      """,
    ])
    guard case .limits(let limits) = transcript.notes.last?.what else {
      Issue.record("no limits")
      return
    }
    #expect(limits.map(\.window) == ["300m", "10080m"])
    #expect(limits.map(\.usedPercent) == [whole(15) as FixedPoint?, whole(53)])
  }

  @Test func `a cache that is kept for an hour has its own price`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.line(
        "assistant", "a",
        """
        "message":{"id":"msg","model":"m1","content":[],"stop_reason":"end_turn","usage":\
        {"input_tokens":0,"cache_creation_input_tokens":30,"cache_creation":\
        {"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":0}}
        """),
    ])
    // 10 × 1.25 + 20 × 2 = 52.5 millionths of a dollar.
    #expect(transcript.cost == FixedPoint(units: 52_500))
  }

  @Test(arguments: [
    (#""ephemeral_1h_input_tokens":1000"#, 0, 1_000),
    (#""ephemeral_5m_input_tokens":400"#, 400, 600),
    (#""ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0"#, 1_000, 0),
    (#""ephemeral_1h_input_tokens":300"#, 700, 300), ("", 1_000, 0),
  ])
  func `a split of what went into a cache comes to its total`(
    _ split: String, _ short: UInt64, _ long: UInt64
  ) throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.line(
        "assistant", "a",
        """
        "message":{"id":"msg","model":"m1","content":[],"stop_reason":"end_turn","usage":\
        {"input_tokens":0,"cache_creation_input_tokens":1000,"cache_creation":{\(split)},\
        "output_tokens":0}}
        """),
    ])
    #expect(transcript.usage.cacheWrite ?? 0 == short)
    #expect(transcript.usage.longCacheWrite ?? 0 == long)
  }

  @Test func `a session that is taken up again in another file counts once`() throws {
    var transcript = Transcript()
    let first = [
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", stop: "end_turn", Claude.text("done")),
    ]
    let copied = first.map { $0.replacing("\"sessionId\":\"s\"", with: "\"sessionId\":\"t\"") }
    try transcript.fold(first)
    try transcript.fold(
      copied + [
        Claude.prompt("q", "more", session: "t", at: 9),
        Claude.message("b", id: "n", session: "t", at: 10, stop: "end_turn", Claude.text("ok")),
      ], source: 2)
    #expect(transcript.modelCalls.count == 2)
    #expect(transcript.modelCalls["m"]?.context.session == "s")
    #expect(transcript.modelCalls["n"]?.context.session == "t")
    #expect(transcript.turns.keys.sorted() == ["p", "q"])
    #expect(transcript.notes.contains { $0.context.session == "t" && $0.what == .parent("s") })
    #expect(transcript.notes.filter { if case .turn = $0.what { true } else { false } }.count == 2)
  }

  @Test func `a fork's copies count nothing`() throws {
    var transcript = Transcript()
    let count = { (second: String, total: Int) in
      """
      {"timestamp":"2026-01-01T00:00:\(second)Z","type":"event_msg","payload":{"type":"token_count",\
      "info":{"total_token_usage":{"input_tokens":\(total),"output_tokens":1}}}}
      """
    }
    let asked = { (second: String, text: String) in
      """
      {"timestamp":"2026-01-01T00:00:\(second)Z","type":"event_msg","payload":\
      {"type":"user_message","message":"\(text)"}}
      """
    }
    try transcript.fold([
      #"{"timestamp":"2026-01-01T00:00:30Z","type":"session_meta","payload":{"id":"child"}}"#,
      #"{"timestamp":"2026-01-01T00:00:30Z","type":"session_meta","payload":{"id":"parent"}}"#,
      asked("30", "old"), count("30", 1_000),
      #"{"timestamp":"2026-01-01T00:00:30Z","type":"thread_settings_applied","payload":{}}"#,
      asked("31", "new"), count("32", 1_070),
    ])
    #expect(transcript.usage.input == 70)
    #expect(transcript.modelCalls.values.map(\.context.session) == ["child"])
    #expect(transcript.notes.filter { if case .turn = $0.what { true } else { false } }.count == 1)
  }

  @Test func `prices are those of the day`() throws {
    let dated = { (day: Int64, dollars: Int64) in
      Price(
        model: "m1",
        from: Timestamp(nanoseconds: 1_769_904_000_000_000_000 + (day - 1) * 86_400_000_000_000),
        input: whole(dollars),
        cacheRead: .zero, cacheWrite: .zero, longCacheWrite: .zero, output: .zero)
    }
    let prices = PriceList([dated(1, 1), dated(2, 5)])
    let usage = TokenUsage(input: 1_000_000)
    let cost = { (day: Int64) in
      prices.cost(
        of: usage, model: "m1",
        at: Timestamp(nanoseconds: 1_769_904_000_000_000_000 + (day - 1) * 86_400_000_000_000),
        isPartial: false)
    }
    #expect(cost(1).0?.dollars == whole(1))
    #expect(cost(2).0?.dollars == whole(5))
    #expect(
      prices.cost(of: usage, model: "other", at: Timestamp(nanoseconds: 0), isPartial: false).1
        == .unknown)
  }

  @Test func `a run's total is what its calls cost, and the rest is told as such`() throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"type":"system","subtype":"init","session_id":"s","model":"m1","uuid":"i"}"#,
      """
      {"type":"assistant","session_id":"s","uuid":"a","message":{"id":"msg","model":"m1",\
      "content":[{"type":"text","text":"hi"}],"stop_reason":null,"usage":{"input_tokens":10,\
      "output_tokens":1}}}
      """,
      """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","result":"hi",\
      "total_cost_usd":0.5,"modelUsage":{"m1[1m]":{"inputTokens":10,"outputTokens":90,"costUSD":0.4},\
      "m2":{"inputTokens":7,"outputTokens":3,"costUSD":0.1}}}
      """,
    ])
    #expect(transcript.cost == FixedPoint(hundredths: 50))
    #expect(transcript.usage.output == 93)
    #expect(transcript.usage.input == 17)
    #expect(transcript.modelCalls["msg"]?.basis == .said)
    let rest = transcript.modelCalls.values.filter(\.isUnattributed)
    #expect(rest.count == 2)
    #expect(rest.allSatisfy { $0.basis == .said })
    #expect(rest.first { $0.model == "m1" }?.usage.output == 89)
  }

  @Test func `how lines are cut into batches makes no difference`() throws {
    var lines = [Claude.prompt("p", "do it")]
    for number in 0..<40 {
      lines.append(
        Claude.message(
          "a\(number)", id: "m\(number / 2)", at: number, output: number,
          Claude.bash("t\(number)", number % 3 == 0 ? "npm test" : "ls")))
      lines.append(
        Claude.result(
          "r\(number)", of: "t\(number)", at: number + 1, isError: number % 4 == 0, "Exit code 1"))
    }
    lines.append(Claude.message("z", id: "last", at: 50, stop: "end_turn", Claude.text("done")))
    var all = Transcript()
    try all.fold(lines)
    for size in [1, 3, 7] {
      var cut = Transcript()
      for start in stride(from: 0, to: lines.count, by: size) {
        try cut.fold(Array(lines[start..<min(start + size, lines.count)]))
      }
      #expect(cut.modelCalls == all.modelCalls)
      #expect(cut.toolCalls == all.toolCalls)
      #expect(cut.events.map(\.fields) == all.events.map(\.fields))
      #expect(cut.events.map(\.id) == all.events.map(\.id))
    }
  }
}
