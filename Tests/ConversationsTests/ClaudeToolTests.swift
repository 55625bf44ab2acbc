import Bytes
import Events
import Facts
import Testing

/// What Claude Code says of commands: those that go on beside it, that nobody let run, that are a
/// person's own, and what git says in them.
@Suite struct ClaudeToolTests {
  @Test(
    arguments: [
      ("The user doesn't want to proceed with this tool use. It was rejected", .rejected),
      (#"Exit code 1\na.txt: The user doesn't want to proceed with this tool use."#, .failed),
      (#"Exit code 137\npart\n[Request interrupted by user for tool use]"#, .rejected),
      (#"Exit code 1\n[Request interrupted by user] in a.txt\nno more"#, .failed),
    ] as [(String, ToolCall.Ending)])
  func `what a command printed rejects nothing`(_ output: String, _ ending: ToolCall.Ending) throws
  {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "look"),
      Claude.message("a", id: "m", at: 1, stop: "tool_use", Claude.bash("t", "grep -r x logs")),
      Claude.result("r", of: "t", at: 2, isError: true, output),
    ])
    #expect(transcript.toolCalls["t"]?.ending == ending)
  }

  @Test(arguments: [("human", 2), ("peer", 1), ("task-notification", 1), ("hook", 1)])
  func `what another than a person sends begins no turn`(_ kind: String, _ turns: Int) throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", at: 1, stop: "end_turn", Claude.text("done")),
      Claude.line(
        "user", "q", at: 2,
        #""origin":{"kind":"\#(kind)"},"message":{"role":"user","content":"and that"}"#),
    ])
    #expect(transcript.turnNotes == turns)
  }

  @Test func `a call that the service refused is an error, until it is made again`() throws {
    let refused = Claude.line(
      "system", "e", at: 1,
      #""subtype":"api_error","error":{"status":529,"error":{"type":"error","error":{"type":"#
        + #""overloaded_error","message":"Overloaded"}}},"retryAttempt":1"#)
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), refused,
      Claude.message("a", id: "m", at: 9, stop: "end_turn", Claude.text("done")),
    ])
    let errors = transcript.events.compactMap { $0.fields.text(.errorMessage) }
    #expect(errors == ["API error 529: Overloaded"])
    #expect(transcript.modelCalls.count == 1)
    #expect(transcript.verdict("p")?.outcome != .failure)
  }

  private static let background =
    #"{"type":"tool_use","id":"t","name":"Bash","input":{"command":"npm test","#
    + #""run_in_background":true}}"#

  private static func result(
    _ uuid: String, of id: String, at second: Int, _ detail: String, _ text: String = "x",
    isError: Bool = false
  ) -> String {
    Claude.line(
      "user", uuid, at: second,
      """
      "toolUseResult":\(detail),"message":{"role":"user","content":[{"type":"tool_result",\
      "tool_use_id":"\(id)","is_error":\(isError),"content":"\(text)"}]}
      """)
  }

  private static let begun = [
    Claude.prompt("p", "run the tests"),
    Claude.message("a", id: "m", at: 1, stop: "tool_use", background),
    result("b", of: "t", at: 2, #"{"stdout":"","stderr":"","backgroundTaskId":"b1"}"#),
  ]

  @Test(arguments: [
    #"{"retrieval_status":"success","task":{"task_id":"b1","status":"failed","exitCode":1,"#
      + #""output":"1 failed"}}"#,
    #"{"shellId":"b1","command":"npm test","status":"completed","exitCode":1,"stdout":"1 failed"}"#,
  ])
  func `a command in the background ends as the wait for it tells`(_ detail: String) throws {
    var transcript = Transcript()
    try transcript.fold(Self.begun)
    #expect(transcript.toolCalls["t"]?.ending == .open)
    let wait = #"{"type":"tool_use","id":"w","name":"TaskOutput","input":{"task_id":"b1"}}"#
    try transcript.fold([
      Claude.message("c", id: "n", at: 60, stop: "tool_use", wait),
      Self.result("d", of: "w", at: 61, detail),
    ])
    #expect(transcript.toolCalls["t"]?.ending == .failed)
    #expect(transcript.toolCalls["w"]?.ending == .succeeded)
    #expect(transcript.verdict("p") == Verdict(outcome: .failure, basis: .tests))
    let failed = transcript.events.filter { $0.fields.has(.errorMessage) }
    #expect(failed.map { $0.fields.text(.command) } == ["npm test"])
    #expect(failed.map { $0.fields.text(.errorMessage) } == ["1 failed"])
  }

  @Test func `a command in the background ends as a notice tells, which counts once`() throws {
    let notice = """
      <task-notification>\\n<task-id>b1</task-id>\\n<status>failed</status>\\n\
      <summary>Background command \\"npm test\\" failed with exit code 1</summary>\\n\
      </task-notification>
      """
    var transcript = Transcript()
    try transcript.fold(Self.begun)
    for uuid in ["c", "d"] { try transcript.fold([Claude.prompt(uuid, notice, at: 60)]) }
    #expect(transcript.toolCalls["t"]?.ending == .failed)
    #expect(transcript.turnNotes == 1)
    #expect(transcript.events.count { $0.fields.has(.errorMessage) } == 1)
    #expect(transcript.verdict("p") == Verdict(outcome: .failure, basis: .tests))
  }

  @Test(arguments: [
    "Claude requested permissions to write to /p/a, but you haven't granted it yet.",
    "Permission to use Bash with command rm has been denied.", "This command requires approval",
  ])
  func `what nobody let run is a rejection`(_ text: String) throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", at: 1, stop: "tool_use", Claude.bash("t", "rm a")),
      Self.result("b", of: "t", at: 2, "\"Error\"", text, isError: true),
    ])
    #expect(transcript.toolCalls["t"]?.ending == .rejected)
    #expect(!transcript.events.contains { $0.fields.has(.errorMessage) })
  }

  private static func command(_ uuid: String, _ name: String, at second: Int) -> String {
    Claude.prompt(
      uuid,
      #"<command-message>x</command-message>\n<command-name>\#(name)</command-name>\n"#
        + "<command-args>12</command-args>", at: second)
  }

  @Test func `a command of a person's own is a request, once the model works on it`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "add a test"),
      Claude.message("a", id: "m", at: 1, stop: "end_turn", Claude.text("added")),
      Self.command("c", "/fix-issue", at: 2),
      Claude.line(
        "user", "d", at: 2, #""isMeta":true,"message":{"role":"user","content":"Fix issue 12"}"#),
      Claude.message("e", id: "n", at: 3, stop: "tool_use", Claude.bash("t", "cargo test")),
      Claude.result("f", of: "t", at: 4, isError: true, "Exit code 101"),
      Claude.message("g", id: "o", at: 5, stop: "end_turn", Claude.text("I could not fix it")),
    ])
    #expect(transcript.turnNotes == 2)
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .`self`))
    #expect(transcript.verdict("c") == Verdict(outcome: .failure, basis: .tests))
    let requests = transcript.events.filter { $0.kind == "task_submitted" }
    #expect(requests.map { $0.fields.text(.prompt) } == ["add a test", "/fix-issue 12"])
  }

  @Test func `a command that the tool carries out is none, nor is one of the model's`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "add a test"), Self.command("c", "/model", at: 1),
      Claude.prompt("d", "<local-command-stdout>Set</local-command-stdout>", at: 1),
      Claude.prompt("q", "and another", at: 2),
      Claude.message("a", id: "m", at: 3, stop: "tool_use", Claude.bash("t", "ls")),
      Self.command("e", "skill", at: 4),
      Claude.message("g", id: "o", at: 5, stop: "end_turn", Claude.text("done")),
    ])
    #expect(transcript.turnNotes == 2)
  }

  @Test(arguments: [
    ("[main 1a2b3c4] Say it\\n 2 files changed, 3 insertions(+)", 1),
    ("a\\n[x/y (root-commit) 1a2b3c4] b\\n Author: c\\n[main 1a2b3c5] d\\n 1 file changed", 2),
    ("[main 1a2b3c4] Say it", 0), ("[INFO deadbeef] x\\ny", 0),
    ("[1234567] x\\n 1 file changed", 0),
  ])
  func `what a script commits is told by git`(_ output: String, _ count: UInt64) throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "release"),
      Claude.message("a", id: "m", at: 1, stop: "tool_use", Claude.bash("t", "make release")),
      Claude.result("b", of: "t", at: 2, output),
    ])
    #expect(transcript.toolCalls["t"]?.toldCommits == count)
  }

  @Test func `a run whose output is read before its transcript is one interaction`() throws {
    var transcript = Transcript()
    try transcript.fold([
      #"{"type":"system","subtype":"init","session_id":"s","uuid":"i"}"#,
      #"{"type":"assistant","session_id":"s","uuid":"x","message":{"id":"m","model":"m1","content":"#
        + #"[{"type":"text","text":"done"}],"stop_reason":"end_turn","usage":{"input_tokens":1}}}"#,
      #"{"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","#
        + #""result":"done","total_cost_usd":0.1}"#,
    ])
    try transcript.fold(
      [
        Claude.prompt("p", "do it"),
        Claude.message("a", id: "m", at: 1, stop: "end_turn", Claude.text("done")),
      ], source: 2)
    #expect(Set(transcript.turns.keys) == ["s/m"])
    let requests = transcript.events.filter { $0.kind == "task_submitted" }
    #expect(requests.map { $0.fields.text(.interactionID) } == ["s/m"])
  }
}
