import Events
import Facts
import Testing

/// Lines count once, whatever files they are met in, and in whatever order these are taken.
@Suite struct CopiesTests {
  private static func total(_ input: Int, at second: Int) -> String {
    CodexLines.line(
      "event_msg", at: second,
      #""type":"token_count","info":{"total_token_usage":{"input_tokens":\#(input),"output_tokens":1}}"#
    )
  }

  /// A rollout of two turns; a request stands in it twice, and a total, too.
  private static let rollout: [String] = [
    CodexLines.session("x"), CodexLines.prompt("one", at: 1), total(100, at: 2),
    CodexLines.command("c1", "npm test", at: 3),
    CodexLines.output("c1", at: 4, #"Exit code: 1\nWall time: 1 seconds\nOutput:\nred"#),
    total(100, at: 4), total(250, at: 5),
    CodexLines.line("event_msg", at: 6, #""type":"task_complete","last_agent_message":"done""#),
    CodexLines.prompt("two", at: 20), total(300, at: 21),
    CodexLines.line("event_msg", at: 22, #""type":"agent_message","message":"more""#),
  ]

  /// What a session comes to: turns, calls of models and of tools, tokens.
  private struct Numbers: Equatable, CustomStringConvertible {
    var turns = 0
    var calls = 0
    var tools = 0
    var input: UInt64 = 0

    var description: String { "\(turns) turns, \(calls) calls, \(tools) tools, \(input) tokens" }
  }

  private func numbers(_ transcript: Transcript) -> [String: Numbers] {
    var sessions: [String: Numbers] = [:]
    for note in transcript.notes {
      if case .turn = note.what {
        sessions[note.context.session ?? "", default: .init()].turns += 1
      }
    }
    for call in transcript.modelCalls.values {
      sessions[call.context.session ?? "", default: .init()].calls += 1
      sessions[call.context.session ?? "", default: .init()].input += call.usage.input ?? 0
    }
    for call in transcript.toolCalls.values {
      sessions[call.context.session ?? "", default: .init()].tools += 1
    }
    return sessions
  }

  /// Folds files in some order, each under its own source.
  private func fold(_ files: [[String]], in order: [Int]) throws -> Transcript {
    var transcript = Transcript()
    for file in order { try transcript.fold(files[file], source: SourceID(file + 1)) }
    return transcript
  }

  /// All orders of some places.
  private static func orders(of count: Int) -> [[Int]] {
    var orders: [[Int]] = [[]]
    for place in 0..<count {
      orders = orders.flatMap { order in
        (0...order.count).map { Array(order[..<$0]) + [place] + Array(order[$0...]) }
      }
    }
    return orders
  }

  @Test func `a rollout, its copy and its beginning count once, in any order`() throws {
    let files = [Self.rollout, Self.rollout, Array(Self.rollout[..<5])]
    let expected = ["x": Numbers(turns: 2, calls: 3, tools: 1, input: 300)]
    for order in Self.orders(of: files.count) {
      let transcript = try fold(files, in: order)
      #expect(numbers(transcript) == expected, "\(order)")
      #expect(transcript.turns.keys.sorted() == ["x#1", "x#2"])
    }
  }

  @Test func `a copy that is taken while the original grows leaves it alone`() throws {
    var transcript = Transcript()
    try transcript.fold(Array(Self.rollout[..<9]))
    try transcript.fold(Array(Self.rollout[..<4]), source: 2)
    try transcript.fold(Array(Self.rollout[9...]))
    #expect(numbers(transcript) == ["x": Numbers(turns: 2, calls: 3, tools: 1, input: 300)])
    #expect(transcript.modelCalls.values.filter { $0.context.interaction == "x#2" }.count == 1)
  }

  @Test func `a copy of a fork counts nothing, and the fork its own lines`() throws {
    let fork =
      [
        CodexLines.line("session_meta", at: 30, #""id":"y","forked_from_id":"x""#),
        CodexLines.line("session_meta", at: 30, #""id":"x""#),
        CodexLines.line("event_msg", at: 30, #""type":"user_message","message":"one""#),
        Self.total(250, at: 30),
        CodexLines.line("thread_settings_applied", at: 30, ""),
        CodexLines.prompt("three", at: 31), Self.total(330, at: 32),
      ]
    let files = [Self.rollout, fork, fork, Array(fork[..<6])]
    let expected = [
      "x": Numbers(turns: 2, calls: 3, tools: 1, input: 300),
      "y": Numbers(turns: 1, calls: 1, tools: 0, input: 80),
    ]
    for order in Self.orders(of: files.count) {
      let transcript = try fold(files, in: order)
      #expect(numbers(transcript) == expected, "\(order)")
      let parents = transcript.notes.compactMap { note -> String? in
        if case .parent(let parent) = note.what { parent } else { nil }
      }
      #expect(Set(parents) == ["x"])
    }
  }

  @Test func `a fork that does not name its parent's lines begins with copies all the same`() throws
  {
    let fork = [
      CodexLines.line("session_meta", at: 30, #""id":"y","forked_from_id":"x""#),
      CodexLines.line("event_msg", at: 30, #""type":"user_message","message":"one""#),
      Self.total(250, at: 30), CodexLines.prompt("three", at: 60), Self.total(330, at: 62),
    ]
    for order in Self.orders(of: 2) {
      let transcript = try fold([Self.rollout, fork], in: order)
      #expect(
        numbers(transcript) == [
          "x": Numbers(turns: 2, calls: 3, tools: 1, input: 300),
          "y": Numbers(turns: 1, calls: 1, tools: 0, input: 80),
        ], "\(order)")
    }
    // A session that is taken up again in its file copies nothing.
    var again = Transcript()
    try again.fold(
      fork + [
        CodexLines.line("session_meta", at: 90, #""id":"y","forked_from_id":"x""#),
        CodexLines.prompt("four", at: 91), Self.total(400, at: 92),
      ])
    #expect(numbers(again) == ["y": Numbers(turns: 2, calls: 2, tools: 0, input: 150)])
  }

  /// What ends the copies of a fork that goes on within seconds: a line of its own, or the name of what
  /// it works on, which tells when that was given.
  @Test(arguments: [false, true])
  func `a fork that goes on at once has its own lines`(_ hasSettings: Bool) throws {
    let (parent, own) = (
      "0199a1c4-9e2f-7bd1-a4c6-1f5b2d8e3a70", "0199a1d0-3c77-7a02-9e11-88b4c6f0d215"
    )
    func task(_ id: String, at second: Int) -> String {
      CodexLines.line("turn_context", at: second, #""model":"m1","turn_id":"\#(id)""#)
    }
    func settings(of thread: String, at second: Int) -> String {
      CodexLines.line(
        "event_msg", at: second, #""type":"thread_settings_applied","thread_id":"\#(thread)""#)
    }
    let old = hasSettings ? "1" : "0199a1c4-9e30-7000-8000-000000000000"
    let first = [
      settings(of: parent, at: 1), task(old, at: 1), CodexLines.prompt("one", at: 1),
      Self.total(100, at: 2),
    ]
    let original = [CodexLines.session(parent)] + first
    let fork =
      [
        CodexLines.line(
          "session_meta", at: 30, #""id":"\#(own)","forked_from_id":"\#(parent)""#)
      ] + first.map { $0.replacing("2026-02-01T00:00:01Z", with: "2026-02-01T00:00:30Z") }
      + [
        hasSettings ? settings(of: own, at: 30) : "",
        task(hasSettings ? "2" : "0199a1d0-3c78-7000-8000-000000000000", at: 30),
        CodexLines.prompt("two", at: 30), Self.total(150, at: 31),
      ].filter { !$0.isEmpty }
    for order in Self.orders(of: 2) {
      let transcript = try fold([original, fork], in: order)
      #expect(
        numbers(transcript) == [
          parent: Numbers(turns: 1, calls: 1, tools: 0, input: 100),
          own: Numbers(turns: 1, calls: 1, tools: 0, input: 50),
        ], "\(order)")
    }
  }

  /// Each run says what its thread used so far.
  @Test func `runs of one thread are the differences of their totals, in any order`() throws {
    let runs = (1...3).map { number in
      [
        #"{"type":"thread.started","thread_id":"x"}"#, #"{"type":"turn.started"}"#,
        CodexExec.command("item_0", "ls \(number)", code: 0), CodexExec.completed(number * number),
      ]
    }
    for order in Self.orders(of: 3) {
      let transcript = try fold(runs, in: order)
      #expect(
        numbers(transcript) == ["x": Numbers(turns: 3, calls: 3, tools: 3, input: 90)], "\(order)")
      #expect(
        transcript.modelCalls.values.map { $0.usage.input ?? 0 }.sorted() == [10, 30, 50],
        "\(order)")
    }
    // A count that falls in a file is a new one.
    var again = Transcript()
    try again.fold(
      [#"{"type":"thread.started","thread_id":"x"}"#]
        + [3, 4, 2].flatMap { [#"{"type":"turn.started"}"#, CodexExec.completed($0)] })
    #expect(again.usage.input == 60)
  }

  @Test func `a line of progress tells the parent of its own tool's file alone`() throws {
    let progress = Claude.line(
      "progress", "u", session: "s", at: 3, #""data":{"type":"bash_progress","output":""}"#)
    let parents = { (first: String) throws -> [String] in
      var transcript = Transcript()
      try transcript.fold([first, progress, Claude.prompt("q", "more", session: "t", at: 4)])
      return transcript.notes.compactMap { note in
        if case .parent(let parent) = note.what { parent } else { nil }
      }
    }
    #expect(try parents(CodexLines.session("x")).isEmpty)
    #expect(try parents(Claude.prompt("p", "do it", session: "t")) == ["s"])
    var transcript = Transcript()
    let message = Claude.line(
      "progress", "u", session: "s", at: 3,
      """
      "data":{"type":"agent_progress","agentId":"a","message":{"type":"assistant","message":\
      {"id":"m","model":"m1","usage":{"input_tokens":1,"output_tokens":1}}}}
      """)
    try transcript.fold([CodexLines.session("x"), message, CodexLines.prompt("one", at: 5)])
    #expect(!transcript.notes.contains { $0.what == .parent("s") })
  }

  @Test func `lines before the one that a rollout's history ends at are its parent's`() throws {
    func numbered(_ line: String, _ ordinal: Int) -> String {
      line.replacing(#","type":"#, with: #","ordinal":\#(ordinal),"type":"#, maxReplacements: 1)
    }
    let lines = [
      CodexLines.line(
        "session_meta", at: 30,
        #""id":"y","history_base":{"thread_id":"x","end_ordinal_exclusive":4}"#),
      numbered(CodexLines.prompt("one", at: 1), 1), numbered(Self.total(100, at: 2), 2),
      numbered(CodexLines.prompt("new", at: 90), 4), numbered(Self.total(130, at: 91), 5),
    ]
    var transcript = Transcript()
    try transcript.fold(lines)
    #expect(numbers(transcript) == ["y": Numbers(turns: 1, calls: 1, tools: 0, input: 30)])
  }

  @Test func `a run that is printed, its copy and its beginning count once, in any order`() throws {
    let run = [
      #"{"type":"thread.started","thread_id":"x"}"#, #"{"type":"turn.started"}"#,
      CodexExec.command("item_0", "ls", code: 0), CodexExec.command("item_1", "ls", code: 0),
      CodexExec.completed(), #"{"type":"turn.started"}"#,
      CodexExec.command("item_2", "ls", code: 0),
      CodexExec.completed(2),
    ]
    let files = [run, run, Array(run[..<3]), Array(run[..<6])]
    for order in Self.orders(of: files.count) {
      let transcript = try fold(files, in: order)
      #expect(
        numbers(transcript) == ["x": Numbers(turns: 2, calls: 2, tools: 3, input: 20)], "\(order)")
    }
  }

  @Test func `runs of different threads in one file are told apart`() throws {
    var transcript = Transcript()
    let run = { (thread: String) in
      [
        #"{"type":"thread.started","thread_id":"\#(thread)"}"#, #"{"type":"turn.started"}"#,
        CodexExec.command("item_0", "ls", code: 0), CodexExec.completed(),
      ]
    }
    try transcript.fold(run("x") + run("y"))
    let one = Numbers(turns: 1, calls: 1, tools: 1, input: 10)
    #expect(numbers(transcript) == ["x": one, "y": one])
  }

  @Test func `a request that waited counts once, however often its file is copied`() throws {
    func queue(_ operation: String, at second: Int, _ text: String? = nil) -> String {
      let time = Timestamp(nanoseconds: (1_769_904_000 + Int64(second)) * 1_000_000_000)
      let content = text.map { #","content":"\#($0)""# } ?? ""
      return #"{"type":"queue-operation","operation":"\#(operation)","timestamp":"\#(time)","#
        + #""sessionId":"s"\#(content)}"#
    }
    let lines = [
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", at: 1, stop: "tool_use", Claude.bash("t", "ls")),
      queue("enqueue", at: 2, "this too"), queue("enqueue", at: 3, "and that"),
      // Both are taken at once, by lines that are equal.
      queue("remove", at: 4), queue("remove", at: 4),
      Claude.message("b", id: "n", at: 5, stop: "end_turn", Claude.text("done")),
    ]
    for order in [[0, 1], [1, 0]] {
      let transcript = try fold([lines, lines], in: order)
      #expect(numbers(transcript) == ["s": Numbers(turns: 3, calls: 2, tools: 1, input: 20)])
    }
  }

  @Test func `lines that say whose they are belong to it, whichever file comes first`() throws {
    let first = [
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", stop: "end_turn", Claude.text("done")),
    ]
    let copied = zip(first, ["p", "a"]).map { line, uuid in
      line.replacing(
        #""sessionId":"s""#,
        with: #""sessionId":"t","forkedFrom":{"sessionId":"s","messageUuid":"\#(uuid)"}"#)
    }
    let fork =
      copied + [
        Claude.message("b", id: "n", session: "t", at: 10, stop: "end_turn", Claude.text("ok")),
        Claude.prompt("q", "more", session: "t", at: 20),
      ]
    for order in Self.orders(of: 3) {
      let transcript = try fold([first, fork, fork], in: order)
      #expect(
        numbers(transcript) == [
          "s": Numbers(turns: 1, calls: 1, tools: 0, input: 10),
          "t": Numbers(turns: 1, calls: 1, tools: 0, input: 10),
        ], "\(order)")
      // What follows the copy is of the turn that was copied.
      #expect(transcript.modelCalls["n"]?.context.interaction == "p")
      #expect(transcript.notes.contains { $0.context.session == "t" && $0.what == .parent("s") })
    }
  }
}
