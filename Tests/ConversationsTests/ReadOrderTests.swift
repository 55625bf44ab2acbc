import Bytes
import Events
import Facts
import TestSupport
import Testing

/// Lines of a session that stand in several files, which are read in any order: a result may be read
/// before its call, and a summary before what it is of.
@Suite struct ReadOrderTests {
  /// What a call of a tool came to, without what depends on what else is known of its turn.
  private struct Outcome: Equatable {
    let tool: String
    let head: String?
    let ending: ToolCall.Ending
    let commandEnding: ToolCall.Ending
    let latencyMS: FixedPoint?
    let outputSize: UInt64
    let linesAdded: UInt64
    let linesRemoved: UInt64
    let commits: UInt64

    init(_ call: ToolCall) {
      tool = call.tool
      head = call.commandHead
      ending = call.ending
      commandEnding = call.commandEnding
      latencyMS = call.latencyMS
      outputSize = call.outputSize
      linesAdded = call.linesAdded
      linesRemoved = call.linesRemoved
      commits = call.toldCommits
    }
  }

  private static let patch = """
    "toolUseResult":{"structuredPatch":[{"lines":["+a","+b","-c"]}]},\
    "message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t3","content":"done"}]}
    """
  private static let lines: [String] = [
    Claude.prompt("u1", "mend it", at: 0),
    Claude.message(
      "a1", id: "m1", at: 1, stop: "tool_use",
      Claude.bash("t1", "cd /p && cargo test 2>&1 | tail -3")),
    Claude.result("r1", of: "t1", at: 4, "test result: FAILED. 1 passed; 1 failed"),
    Claude.message("a2", id: "m2", at: 5, stop: "tool_use", Claude.bash("t2", "rg nothing src")),
    Claude.result("r2", of: "t2", at: 6, isError: true, "Exit code 1"),
    Claude.message(
      "a3", id: "m3", at: 7, stop: "tool_use",
      #"{"type":"tool_use","id":"t3","name":"Edit","input":{"file_path":"/p/a"}}"#),
    Claude.line("user", "r3", at: 9, patch),
    Claude.message(
      "a4", id: "m4", at: 10, stop: "tool_use", Claude.bash("t4", "git add -A && git commit -m x")),
    Claude.result("r4", of: "t4", at: 15, #"[main 1a2b3c4d] x\n 1 file changed"#),
    Claude.message("a5", id: "m5", at: 16, stop: "tool_use", Claude.bash("t5", "npm run lint")),
    Claude.result("r5", of: "t5", at: 20, isError: true, #"Exit code 2\nerror: no rule"#),
    Claude.message("a6", id: "m6", at: 21, stop: "tool_use", Claude.bash("t6", "rm -r x")),
    Claude.result(
      "r6", of: "t6", at: 22, isError: true,
      "The user doesn't want to proceed with this tool use."),
    Claude.message("a7", id: "m7", at: 23, stop: "end_turn", Claude.text("mended")),
  ]

  private func told(_ transcript: Transcript) -> [String: Outcome] {
    transcript.toolCalls.mapValues(Outcome.init)
  }

  private func errors(_ transcript: Transcript) -> Int {
    transcript.events.count { $0.fields.has(.errorMessage) }
  }

  @Test(arguments: UInt64(0)...60)
  func `tools come to the same, whichever of their lines are read first`(_ seed: UInt64) throws {
    var whole = Transcript()
    try whole.fold(Self.lines)
    #expect(told(whole)["t1"]?.commandEnding == .failed)
    #expect(told(whole)["t2"]?.ending == .succeeded)
    #expect(told(whole)["t3"]?.linesAdded == 2)
    #expect(told(whole)["t4"]?.commits == 1)
    #expect(errors(whole) == 2)

    var random = SeededRandom(seed: seed)
    var files: [[String]] = [Self.lines.reversed()]
    if seed > 0 {
      files = Array(repeating: [], count: Int(UInt64.random(in: 2...5, using: &random)))
      for line in Self.lines {
        files[Int(UInt64.random(in: 0..<UInt64(files.count), using: &random))].append(line)
      }
      files.shuffle(using: &random)
    }
    var parts = Transcript()
    for (number, file) in files.enumerated() {
      try parts.fold(file, source: SourceID(number + 1))
    }
    #expect(told(parts) == told(whole), "seed \(seed)")
    #expect(errors(parts) == errors(whole), "seed \(seed)")
    #expect(parts.usage == whole.usage)
  }

  @Test func `a result that is read before its call is an event of its own time, once`() throws {
    var transcript = Transcript()
    try transcript.fold([Self.lines[2]])
    #expect(transcript.events.isEmpty)
    #expect(transcript.notes.map(\.what) == [.activity])
    try transcript.fold([Self.lines[0], Self.lines[1], Self.lines[2]], source: 2)
    let results = transcript.events.filter { $0.kind == "tool_result" }
    #expect(results.count == 1)
    #expect(results.first?.fields.text(.command)?.contains("cargo test") == true)
    #expect(results.first?.fields.has(.errorMessage) == true)
    #expect(results.first?.time == transcript.events.first?.time.addingSeconds(4))
  }

  @Test func `a failure that is told before its call is named when that is read`() throws {
    var transcript = Transcript()
    let (call, result) = (Self.lines[9], Self.lines[10])
    try transcript.fold([result], source: 2)
    let told = try #require(transcript.events.first { $0.fields.has(.errorMessage) })
    #expect(told.fields.text(.command) == nil)
    try transcript.fold([call])
    let naming = try #require(transcript.events.first { $0.completes != nil })
    #expect(naming.completes == told.id)
    #expect(naming.fields.text(.command) == "npm run lint")
    #expect(naming.time == told.time)
    #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
  }

  @Test(arguments: [[0, 1], [1, 0]])
  func `a failure that printed nothing is told with its command, whichever is read first`(
    _ order: [Int]
  ) throws {
    let lines = [
      CodexLines.session("x"), CodexLines.command("c", "git diff --quiet", at: 1),
      CodexLines.output("c", at: 2, #"Exit code: 2\nWall time: 0.1 seconds\nOutput:\n"#),
    ]
    let files = [[lines[0], lines[1]], [lines[0], lines[2]]]
    var transcript = Transcript()
    for file in order { try transcript.fold(files[file], source: SourceID(file + 1)) }
    #expect(
      transcript.events.compactMap { $0.fields.text(.errorMessage) } == ["git diff exited with 2"])
  }

  @Test func `a call that a file without a session tells first is its session's`() throws {
    let call =
      #"{"timestamp":"2026-05-01T10:00:01Z","type":"response_item","payload":{"type":"function_call","#
      + #""name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"c1"}}"#
    let header =
      #"{"timestamp":"2026-05-01T10:00:00Z","type":"session_meta","payload":{"id":"s","cwd":"/p"}}"#
    var transcript = Transcript()
    try transcript.fold([call])
    #expect(transcript.toolCalls["c1"]?.context.session == nil)
    try transcript.fold([header, call], source: 2)
    #expect(transcript.toolCalls["c1"]?.context.session == "s")
    #expect(transcript.toolCalls.count == 1)
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func `a turn without a request is the same, whichever file of it is read first`(
    _ order: [Int]
  ) throws {
    let files = [
      Claude.message("a1", id: "m1", at: 1, stop: "tool_use", Claude.bash("t1", "cargo test")),
      Claude.result("r1", of: "t1", at: 3, isError: true, "Exit code 101\\ntest result: FAILED."),
      Claude.message(
        "a2", id: "m2", at: 9, model: "m2", stop: "end_turn", Claude.text("It fails.")),
    ]
    var transcript = Transcript()
    for file in order { try transcript.fold([files[file]], source: SourceID(file + 1)) }
    #expect(transcript.turns.keys.sorted() == ["s#1"])
    let turn = try #require(transcript.turns["s#1"])
    #expect(transcript.verdict("s#1") == Verdict(outcome: .failure, basis: .tests))
    #expect(turn.text(.response) == "It fails.")
    #expect(turn.text(.model) == "m1")
    #expect(turn.number(.iterations) == whole(2))
    #expect(turn.number(.steps) == whole(1))
    #expect(turn.number(.modelCalls) == whole(2))
    #expect(turn.number(.latencyMS) == whole(8_000))
    #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
  }

  @Test(arguments: UInt64(0)...40)
  func `a turn in many files comes to the same, whichever is read first`(_ seed: UInt64) throws {
    let files = [
      Claude.message("a1", id: "m1", at: 1, Claude.text("I look.")),
      Claude.message("a2", id: "m2", at: 2, stop: "tool_use", Claude.bash("t1", "ls")),
      Claude.result("r1", of: "t1", at: 4, "a"),
      Claude.message("a3", id: "m3", at: 6, stop: "tool_use", Claude.bash("t2", "ls b")),
      Claude.message("a4", id: "m4", at: 9, stop: "tool_use", Claude.bash("t3", "ls c")),
      Claude.prompt("u9", "and now?", at: 20),
    ]
    var random = SeededRandom(seed: seed)
    let order = seed == 0 ? Array(files.indices) : files.indices.shuffled(using: &random)
    var transcript = Transcript()
    for file in order { try transcript.fold([files[file]], source: SourceID(file + 1)) }
    let turn = try #require(transcript.turns["s#1"], "\(order)")
    #expect(transcript.turns.count == 1, "\(order)")
    #expect(transcript.verdict("s#1") == Verdict(outcome: .partial, basis: .self), "\(order)")
    #expect(turn.text(.response) == "I look.", "\(order)")
    #expect(turn.number(.steps) == whole(3), "\(order)")
    #expect(turn.number(.modelCalls) == whole(4), "\(order)")
    #expect(turn.number(.latencyMS) == whole(8_000), "\(order)")
    #expect(turn.number(.tokensInput) == whole(40), "\(order)")
    #expect(transcript.turnNotes == 1, "\(order)")
    let time = transcript.events.last { $0.kind == "turn_ended" }?.time
    #expect(time == transcript.events.first { $0.kind == "task_submitted" }?.time, "\(order)")
    #expect(
      transcript.toolCalls.values.allSatisfy { $0.context.interaction == "s#1" }, "\(order)")
  }

  @Test(arguments: [true, false])
  func `a file that goes on where a backup of it ends tells no turn anew`(_ isFirst: Bool) throws {
    let lines = [
      Claude.prompt("u1", "mend it"), Claude.message("a1", id: "m1", at: 1, Claude.text("I look.")),
      Claude.message("a2", id: "m2", at: 2, stop: "tool_use", Claude.bash("t1", "ls")),
      Claude.result("r1", of: "t1", at: 4, "a"),
      Claude.message("a3", id: "m3", at: 6, stop: "tool_use", Claude.bash("t2", "ls b")),
    ]
    var transcript = Transcript()
    if isFirst { try transcript.fold(Array(lines.prefix(3)), source: 2) }
    try transcript.fold(lines)
    if !isFirst { try transcript.fold(Array(lines.prefix(3)), source: 2) }
    #expect(transcript.events.count { $0.kind.hasPrefix("turn_") } == 2)
    #expect(transcript.turns["u1"]?.number(.latencyMS) == whole(2_000))
  }

  @Test func `what an agent did that was sent out is told by the lines of its progress`() throws {
    func progress(_ uuid: String, at second: Int, _ type: String, _ message: String) -> String {
      Claude.line(
        "progress", uuid, at: second,
        #""data":{"type":"agent_progress","agentId":"a1","message":{"type":"\#(type)","message":"#
          + message + "}}")
    }
    let use = progress(
      "x", at: 2, "assistant",
      #"{"id":"m0","model":"m1","role":"assistant","content":["# + Claude.bash("t9", "npm run lint")
        + #"],"usage":{"input_tokens":1}}"#)
    let result = progress(
      "y", at: 5, "user",
      #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t9","is_error":true,"#
        + #""content":"Exit code 2\nerror: no rule"}]}"#)
    let own = Claude.line(
      "assistant", "z", at: 2,
      #""isSidechain":true,"agentId":"a1","message":{"id":"m0","model":"m1","content":["#
        + Claude.bash("t9", "npm run lint") + #"],"usage":{"input_tokens":1}}"#)
    for lines in [[use, result], [use, result, own], [own, use, result], [result, own, use]] {
      var transcript = Transcript()
      try transcript.fold([Claude.prompt("p", "do it")] + lines)
      #expect(transcript.modelCalls.count == 1)
      let call = try #require(transcript.toolCalls["t9"])
      #expect(transcript.toolCalls.count == 1)
      #expect(call.ending == .failed)
      #expect(call.context.agentID == "a1")
      #expect(call.latencyMS == whole(3_000))
      #expect(call.commandHead == "npm run lint")
      #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
      #expect(transcript.turnNotes == 1)
    }
  }

  // MARK: What sessions are about

  private let summary = #"{"type":"summary","summary":"Mend the parser","leafUuid":"a7"}"#

  @Test(arguments: [true, false])
  func `a summary is of the session that has its line, in whatever file it stands`(
    _ isFirst: Bool
  ) throws {
    var transcript = Transcript()
    let other = [summary, Claude.prompt("x1", "another", session: "other")]
    if isFirst { try transcript.fold(other, source: 2) }
    try transcript.fold(Self.lines)
    if !isFirst { try transcript.fold(other, source: 2) }
    let titled = transcript.notes.filter { $0.what == .summary("Mend the parser") }
    #expect(titled.map(\.context.session) == ["s"])
  }

  @Test func `a pull request that its tool links to a session is told`() throws {
    let link =
      #"{"type":"pr-link","sessionId":"s","prNumber":12,"prUrl":"https://git.example/pull/12","#
      + #""timestamp":"2026-05-01T10:00:01Z"}"#
    var transcript = Transcript()
    try transcript.fold(Self.lines + [link])
    #expect(transcript.notes.contains { $0.what == .pullRequest("https://git.example/pull/12") })
  }

  // MARK: Times

  @Test func `all lines of a session with a time tell that it was at work`() throws {
    let command = Claude.line(
      "user", "c1", at: -20,
      #""message":{"role":"user","content":"<command-name>clear</command-name>"}"#)
    let hook = Claude.line("system", "h1", at: 90, #""subtype":"informational""#)
    var transcript = Transcript()
    try transcript.fold([command])
    #expect(transcript.notes.isEmpty)
    try transcript.fold(Self.lines + [hook])
    let times = transcript.notes.filter { $0.what == .activity }.map(\.context.time)
    let began = try #require(transcript.events.first?.time)
    #expect(times == [began.addingSeconds(-20), began.addingSeconds(90)])
  }

  @Test func `a command that the tool carries out itself tells its time alone`() throws {
    func command(_ uuid: String, at second: Int) -> String {
      Claude.line(
        "user", uuid, at: second,
        #""message":{"role":"user","content":"<command-name>/clear</command-name>"}"#)
    }
    var transcript = Transcript()
    try transcript.fold([command("c1", at: -20), command("c2", at: -19)])
    #expect(transcript.notes.isEmpty)
    try transcript.fold(Self.lines + [command("c3", at: 90)])
    let times = transcript.notes.filter { $0.what == .activity }.map(\.context.time)
    let began = try #require(transcript.events.first?.time)
    #expect(times == [-20, -19, 90].map { began.addingSeconds($0) })
    #expect(transcript.turnNotes == 1)
  }

  @Test func `a copy of such a line is no work of the session that it was copied to`() throws {
    func command(_ session: String) -> String {
      Claude.line(
        "user", "c1", session: session, at: 1,
        #""isMeta":true,"message":{"role":"user","content":"note"}"#)
    }
    var transcript = Transcript()
    try transcript.fold([Claude.prompt("u1", "a"), command("s")])
    try transcript.fold(
      [command("t"), Claude.prompt("u2", "b", session: "t", at: 900)], source: 2)
    let sessions = transcript.notes.filter { $0.what == .activity }.map(\.context.session)
    #expect(sessions == ["s"])
  }
}

extension Timestamp {
  func addingSeconds(_ seconds: Int64) -> Timestamp {
    Timestamp(nanoseconds: nanoseconds + seconds * 1_000_000_000)
  }
}
