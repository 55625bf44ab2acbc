import Bytes
import Conversations
import Events
import Facts
import Testing

/// What runs say that they used in all, beside what transcripts tell of the same sessions.
@Suite struct RunTotalTests {
  private func start(_ uuid: String) -> String {
    #"{"type":"system","subtype":"init","session_id":"s","model":"m1","uuid":"\#(uuid)"}"#
  }

  private func printed(_ uuid: String, id: String, model: String = "m1", output: Int = 5) -> String
  {
    """
    {"type":"assistant","session_id":"s","uuid":"\(uuid)","message":{"id":"\(id)",\
    "model":"\(model)","content":[{"type":"text","text":"done"}],"stop_reason":"end_turn",\
    "usage":{"input_tokens":10,"output_tokens":\(output)}}}
    """
  }

  private func result(
    _ uuid: String, input: Int = 10, output: Int, dollars: String, model: String = "m1"
  ) -> String {
    """
    {"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"\(uuid)",\
    "result":"done","total_cost_usd":\(dollars),"modelUsage":{"\(model)":{"inputTokens":\(input),\
    "outputTokens":\(output),"costUSD":\(dollars)}}}
    """
  }

  private func message(_ uuid: String, id: String, output: Int = 5) -> String {
    Claude.line(
      "assistant", uuid, at: 1,
      """
      "message":{"id":"\(id)","model":"m1","content":[{"type":"text","text":"done"}],\
      "stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":\(output)}}
      """)
  }

  /// Whether the run's lines have the names of the transcript's, and whether it tells its calls.
  @Test(arguments: [("a", true), ("other", true), ("", false)], [false, true])
  func `a transcript and what its run printed are one sum and one turn, whichever comes first`(
    _ run: (uuid: String, tellsCalls: Bool), _ isTranscriptFirst: Bool
  ) throws {
    let transcript = [Claude.prompt("p", "do it"), message("a", id: "m", output: 90)]
    let printed =
      run.tellsCalls
      ? [start("i"), self.printed(run.uuid, id: "m", output: 1)] : []
    let output = printed + [result("r", output: 90, dollars: "0.5")]
    var all = Transcript()
    try all.fold(isTranscriptFirst ? transcript : output, source: 1)
    try all.fold(isTranscriptFirst ? output : transcript, source: 2)
    #expect(all.usage.input == 10)
    #expect(all.usage.output == 90)
    #expect(all.cost == FixedPoint(hundredths: 50))
    #expect(all.turnNotes == 1)
    #expect(all.turns.count == 1)
    #expect(all.turns.values.first?.number(.tokensOutput) == whole(90))
  }

  @Test func `requests are those of the runs in their order`() throws {
    var transcript = Transcript()
    for number in 1...2 {
      try transcript.fold([
        start("i\(number)"), printed("x\(number)", id: "m\(number)"),
        result("r\(number)", output: 5, dollars: "0.1"),
      ])
    }
    try transcript.fold(
      [
        Claude.prompt("p", "first"), message("a", id: "m1"), Claude.prompt("q", "second"),
        message("b", id: "m2"), Claude.prompt("o", "third"),
        message("c", id: "m3").replacing(":01Z", with: ":09Z"),
      ], source: 2)
    #expect(transcript.turnNotes == 3)
    let requests = transcript.events.filter { $0.kind == "task_submitted" }
    #expect(requests.map { $0.fields.text(.interactionID) } == ["s/m1", "s/m2", "o"])
    #expect(transcript.cost == FixedPoint(hundredths: 20) + FixedPoint(units: 60_000))
  }

  @Test(arguments: [["0.01", "0.02"], ["0.02", "0.01"]])
  func `results that are all that runs print add up`(_ dollars: [String]) throws {
    var transcript = Transcript()
    for (number, dollars) in dollars.enumerated() {
      try transcript.fold(
        [result("r\(number)", output: dollars == "0.01" ? 50 : 90, dollars: dollars)],
        source: 1)
    }
    #expect(transcript.cost == FixedPoint(hundredths: 3))
    #expect(transcript.usage.output == 140)
  }

  @Test func `a run that was stopped leaves the rest of another as it is`() throws {
    var transcript = Transcript()
    try transcript.fold([
      start("i"), printed("x", id: "m"), result("r", output: 80, dollars: "0.5"),
      start("j"), printed("y", id: "n", output: 60),
    ])
    #expect(transcript.usage.output == 140)
  }

  @Test func `totals of one run grow`() throws {
    var transcript = Transcript()
    try transcript.fold([
      start("i"), printed("x", id: "m"), result("r", output: 10, dollars: "0.2"),
      printed("y", id: "n"), result("q", input: 20, output: 15, dollars: "0.7"),
    ])
    #expect(transcript.usage.output == 15)
    #expect(transcript.cost == FixedPoint(hundredths: 70))
  }

  @Test func `what comes before a total that is less is of another process`() throws {
    var transcript = Transcript()
    try transcript.fold([
      printed("x", id: "m"), result("r", output: 5, dollars: "0.2"), printed("y", id: "n"),
      result("q", output: 5, dollars: "0.3"),
    ])
    #expect(transcript.usage.output == 10)
    #expect(transcript.cost == FixedPoint(hundredths: 50))
  }

  @Test func `dollars of a model without a price are said where the run says them`() throws {
    var transcript = Transcript()
    try transcript.fold([
      start("i"), printed("x", id: "m", model: "toy"),
      result("r", output: 5, dollars: "0.5", model: "toy"),
    ])
    #expect(transcript.modelCalls.values.allSatisfy { $0.basis == .said })
    #expect(transcript.cost == FixedPoint(hundredths: 50))
  }

  /// Two runs, the second of two calls, and what is left of them: lines by their numbers. A process
  /// that is given several requests begins each, and its totals count on.
  @Test(
    arguments: [
      [[0, 1, 3, 4, 5]], [[0, 1]], [[1, 3, 4]], [[3, 4], [0, 1]], [[0, 1, 2, 3]], [[4, 5]],
      [[0, 1, 3], [1, 2, 3, 4]], [[1], [4]], [[0, 1, 2, 3, 4, 5, 6]], [], [[6]], [[2], [6]],
      [[1, 4]], [[0, 1, 4, 5, 6]], [[3, 4, 5, 6]], [[2, 3, 4]],
    ], [false, true])
  func `what is read first of a run's output in part counts once`(
    _ parts: [[Int]], _ isOneProcess: Bool
  ) throws {
    let last =
      isOneProcess
      ? result("q", input: 40, output: 70, dollars: "0.6")
      : result("q", input: 20, output: 70, dollars: "0.4")
    let all = [
      start("i"), printed("x", id: "m"), result("r", output: 50, dollars: "0.2"),
      start("j"), printed("y", id: "n"), printed("z", id: "o"), last,
    ]
    for isWholeFirst in [false, true] {
      let files = isWholeFirst ? [Array(all.indices)] + parts : parts + [Array(all.indices)]
      var transcript = Transcript()
      for (source, file) in files.enumerated() {
        try transcript.fold(file.map { all[$0] }, source: SourceID(source + 1))
      }
      #expect(transcript.usage.input == (isOneProcess ? 40 : 30), "\(files)")
      #expect(transcript.usage.output == (isOneProcess ? 70 : 120), "\(files)")
      #expect(transcript.cost == FixedPoint(hundredths: 60), "\(files)")
    }
  }

  /// The last line of a run's output, by itself, with and without a name.
  @Test(arguments: [0, 1, 2, 3], [false, true])
  func `a result alone beside what tells its calls counts once`(
    _ first: Int, _ isNamed: Bool
  ) throws {
    var last = result("r", output: 90, dollars: "0.5")
    if !isNamed { last = last.replacing(#","uuid":"r""#, with: "") }
    let whole = [start("i"), printed("x", id: "m", output: 1), last]
    let files = [
      [last], whole, Array(whole.prefix(2)),
      [Claude.prompt("p", "do it"), message("a", id: "m", output: 20)],
    ]
    for kept in [[0, 1], [0, 2], [0, 3], [0, 1, 2], [0, 2, 3], [0, 1, 2, 3]] {
      var all = Transcript()
      for file in kept.map({ ($0 + first) % 4 }).filter(kept.contains) {
        try all.fold(files[file], source: SourceID(file + 1))
      }
      for file in kept where !kept.map({ ($0 + first) % 4 }).contains(file) {
        try all.fold(files[file], source: SourceID(file + 1))
      }
      #expect(all.usage.input == 10, "\(kept)")
      #expect(all.usage.output == 90, "\(kept)")
      #expect(all.cost == FixedPoint(hundredths: 50), "\(kept)")
    }
  }

  @Test func `what another process of the session used lessens no rest`() throws {
    let transcript = [
      Claude.prompt("p", "first"), message("a", id: "early", output: 70),
      Claude.prompt("q", "second", at: 100),
      message("b", id: "m", output: 5).replacing(":01Z", with: ":41Z"),
    ]
    let output = [start("i"), printed("x", id: "m"), result("r", output: 60, dollars: "0.5")]
    for isTranscriptFirst in [false, true] {
      var all = Transcript()
      try all.fold(isTranscriptFirst ? transcript : output, source: 1)
      try all.fold(isTranscriptFirst ? output : transcript, source: 2)
      #expect(all.usage.output == 130)
    }
  }

  @Test(arguments: [
    "us.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5@20251101", "claude-opus-4-5",
  ])
  func `a total names the models of its calls as its provider does`(_ name: String) throws {
    var transcript = Transcript()
    try transcript.fold([
      start("i"), printed("x", id: "m", model: "claude-opus-4-5-20251101"),
      result("r", output: 5, dollars: "0.5", model: name),
    ])
    #expect(transcript.usage.output == 5)
    #expect(transcript.cost == FixedPoint(hundredths: 50))
  }

  /// What a run says of its models, what it says of all, and what of that is told by model.
  @Test(
    arguments: [
      (#"{"m1":{"inputTokens":10,"outputTokens":90}}"#, 150),
      (#"{"m1":{"inputTokens":10,"outputTokens":90,"costUSD":1.0}}"#, 100),
      (#"{"m1":{"inputTokens":10,"outputTokens":40},"m2":{"outputTokens":50}}"#, 0),
    ], [false, true])
  func `the dollars of a run are what it says in all`(
    _ run: (models: String, told: Int64), _ isWithCalls: Bool
  ) throws {
    let end =
      #"{"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","result":"#
      + #""done","total_cost_usd":1.5,"modelUsage":\#(run.models)}"#
    var all = Transcript()
    try all.fold(isWithCalls ? [start("i"), printed("a", id: "m", output: 1), end] : [end])
    #expect(all.cost == FixedPoint(hundredths: 150))
    #expect(all.usage.input == 10)
    #expect(all.usage.output == 90)
    let calls = Array(all.modelCalls.values)
    #expect(!calls.contains { $0.basis != .said })
    if isWithCalls { return }
    let named = calls.filter { $0.model != nil }.reduce(Money()) { $0 + ($1.cost ?? Money()) }
    #expect(named.dollars == FixedPoint(hundredths: run.told))
  }

  @Test func `a result that tells no models is at least its last turn`() throws {
    let end =
      #"{"type":"result","subtype":"success","total_cost":0.05,"is_error":false,"session_id":"s","#
      + #""result":"ok","usage":{"input_tokens":4,"cache_read_input_tokens":1000,"output_tokens":77}}"#
    var alone = Transcript()
    try alone.fold([end])
    #expect(alone.usage == TokenUsage(input: 4, cacheRead: 1_000, output: 77))
    #expect(alone.cost == FixedPoint(hundredths: 5))
    var beside = Transcript()
    try beside.fold([start("i"), printed("a", id: "m", output: 90), end])
    #expect(beside.usage == TokenUsage(input: 10, output: 90))
    #expect(beside.cost == FixedPoint(hundredths: 5))
  }

  @Test func `a run that came to an error is no success, whatever it says beside`() throws {
    var transcript = Transcript()
    try transcript.fold([
      start("i"), printed("a", id: "m"),
      #"{"type":"result","subtype":"error_max_turns","is_error":false,"session_id":"s","uuid":"r"}"#,
    ])
    #expect(transcript.turns.values.first?.bool(.success) == false)
  }

  @Test func `a request that a run repeats is that of its turn`() throws {
    func asked(_ uuid: String, _ text: String, _ rest: String) -> String {
      #"{"type":"user","session_id":"s","uuid":"\#(uuid)",\#(rest),"#
        + #""message":{"role":"user","content":"\#(text)"}}"#
    }
    var transcript = Transcript()
    try transcript.fold([
      start("i"), asked("u1", "add a test", #""isReplay":true"#), printed("a", id: "m"),
      result("r", output: 5, dollars: "0.5"),
      asked("u2", "not a person's", #""isReplay":true,"isSynthetic":true"#),
      asked("u3", "and now the docs", #""isReplay":true"#), printed("b", id: "n"),
      result("q", output: 10, dollars: "0.9"),
    ])
    let prompts = transcript.events.compactMap { $0.fields.text(.prompt) }
    #expect(prompts == ["add a test", "and now the docs"])
    #expect(transcript.turns.count == 2)
    #expect(transcript.turnNotes == 2)
  }

  @Test func `the turn of a result alone has the model that the run used, if it is one`() throws {
    var transcript = Transcript()
    let both = result("q", output: 5, dollars: "0.1").replacing(
      #""modelUsage":{"#, with: #""modelUsage":{"m9":{"inputTokens":1},"#)
    try transcript.fold([result("r", output: 5, dollars: "0.1"), both], source: 1)
    #expect(transcript.turns["r"]?.text(.model) == "m1")
    #expect(transcript.turns["q"]?.text(.model) == nil)
  }
}
