import Bytes
@testable import Conversations
import Events
import Facts
import Rules
import Testing

/// What becomes of a person's request.
@Suite struct TurnTests {
  @Test func `a turn ends with the message that ends it`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", at: 1, Claude.bash("t", "ls")),
      Claude.result("r", of: "t", at: 3, "a.txt"),
      Claude.message("b", id: "n", at: 5, stop: "end_turn", Claude.text("done")),
    ])
    let turn = try #require(transcript.turns["p"])
    #expect(turn.text(.response) == "done")
    #expect(turn.number(.steps) == whole(1))
    #expect(turn.number(.modelCalls) == whole(2))
    #expect(turn.number(.iterations) == whole(1))
    #expect(turn.texts(.toolsUsed) == ["Bash"])
    #expect(turn.number(.latencyMS) == whole(5_000))
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .`self`))
    #expect(transcript.toolCalls["t"]?.latencyMS == whole(2_000))
    #expect(transcript.toolCalls["t"]?.ending == .succeeded)
  }

  @Test func `the last tests decide, and failed checks are iterations`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "mend it"),
      Claude.message("a", id: "m", at: 1, Claude.bash("t", "npm test")),
      Claude.result("r", of: "t", at: 2, isError: true, "Exit code 1\\nTests: 1 failed"),
      Claude.message("b", id: "n", at: 3, Claude.bash("u", "npm test")),
      Claude.result("s", of: "u", at: 4, "Tests: 3 passed"),
      Claude.message("c", id: "o", at: 5, stop: "end_turn", Claude.text("mended")),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .tests))
    #expect(transcript.turns["p"]?.number(.iterations) == whole(2))
    #expect(transcript.toolCalls["t"]?.ending == .failed)
    // The second call was needed since the first test failed.
    #expect(transcript.toolCalls["u"]?.isRetry == true)
    #expect(transcript.modelCalls["n"]?.isRetry == true)
    #expect(transcript.modelCalls["o"]?.isRetry == false)
    let failure = transcript.events.first { $0.fields.has(.errorMessage) }
    #expect(failure?.fields.text(.command) == "npm test")
    #expect(failure?.fields.number(.exitCode) == whole(1))
    #expect(failure?.fields.text(.interactionID) == "p")
  }

  @Test func `a pipe hides the exit status, so that the output decides`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "test"),
      Claude.message("a", id: "m", at: 1, Claude.bash("t", "go test ./... | tail -5")),
      Claude.result("r", of: "t", at: 2, "--- FAIL: TestA (0.00s)\\nFAIL"),
      Claude.message("c", id: "o", at: 5, stop: "end_turn", Claude.text("it fails")),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .failure, basis: .tests))
  }

  @Test func `a turn that a person stopped is partial`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", "ls")),
      Claude.prompt("i", "[Request interrupted by user]", at: 2),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .partial, basis: .human))
    #expect(transcript.notes.contains { $0.what == .interruption })
  }

  @Test func `a tool that was not let run decides where nothing follows`() throws {
    var transcript = Transcript()
    let refused = "The user doesn't want to proceed with this tool use."
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", "rm x")),
      Claude.result("r", of: "t", at: 2, isError: true, refused),
      Claude.prompt("q", "other", at: 9),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .failure, basis: .human))
    #expect(transcript.toolCalls["t"]?.ending == .rejected)
    #expect(!transcript.events.contains { $0.fields.has(.errorMessage) })
  }

  @Test func `an error of the service decides only where nothing follows`() throws {
    let error = Claude.line(
      "assistant", "e", at: 1,
      #""isApiErrorMessage":true,"message":{"id":"e","model":"<synthetic>","content":[{"type":"text","text":"API Error: 529"}]}"#
    )
    var transcript = Transcript()
    try transcript.fold([Claude.prompt("p", "do it"), error])
    #expect(transcript.events.contains { $0.fields.text(.errorMessage) == "API Error: 529" })
    try transcript.fold([
      Claude.message("a", id: "m", at: 2, stop: "end_turn", Claude.text("done"))
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .`self`))
    // What the tool says in the model's place is no error.
    let silence = error.replacing("\"isApiErrorMessage\":true,", with: "").replacing(
      "\"e\"", with: "\"f\"")
    let count = transcript.events.count
    try transcript.fold([silence])
    #expect(transcript.events.count == count)
  }

  @Test func `a request ends the turn before it`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", "ls")),
      Claude.prompt("q", "other", at: 9),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .partial, basis: .`self`))
    #expect(transcript.turns["q"] == nil)
  }

  @Test func `what a sub-agent does is no turn, and its calls are the session's`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.line(
        "user", "x", at: 1,
        #""isSidechain":true,"agentId":"g","message":{"role":"user","content":"look"}"#),
      Claude.line(
        "assistant", "y", at: 2,
        """
        "isSidechain":true,"agentId":"g","message":{"id":"m","model":"m1","content":[],\
        "stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}
        """),
    ])
    #expect(transcript.turns.isEmpty)
    #expect(transcript.modelCalls["m"]?.context.session == "s")
    #expect(transcript.modelCalls["m"]?.context.agentID == "g")
    #expect(transcript.notes.filter { if case .turn = $0.what { true } else { false } }.count == 1)
  }

  @Test(arguments: [
    "<command-name>/clear</command-name>", "<local-command-stdout>x</local-command-stdout>",
    "<task-notification>done</task-notification>",
    "Caveat: The messages below were generated by the user while running local commands",
    "Operation stopped by hook: no", "<system-reminder>x</system-reminder>",
  ])
  func `what the tool put into the conversation is no request`(_ text: String) throws {
    var transcript = Transcript()
    try transcript.fold([Claude.prompt("p", text)])
    #expect(transcript.notes.isEmpty)
    #expect(transcript.events.isEmpty)
  }

  @Test(arguments: [
    "<system-reminder>x</system-reminder>\\nfix it",
    "<ide_opened_file>The user opened a.py</ide_opened_file>\\nfix it",
  ])
  func `what stands behind the tool's own words is the person's`(_ text: String) throws {
    var transcript = Transcript()
    try transcript.fold([Claude.prompt("p", text)])
    #expect(transcript.events.map { $0.fields.text(.prompt) } == ["fix it"])
    #expect(transcript.turnNotes == 1)
  }

  @Test func `an image alone is a request`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.line(
        "user", "p", #""message":{"role":"user","content":[{"type":"image","source":{}}]}"#)
    ])
    #expect(transcript.turnNotes == 1)
  }

  @Test func `an error of the service before any call is a failure`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.line(
        "assistant", "e", at: 1,
        #""isApiErrorMessage":true,"message":{"id":"e","model":"<synthetic>","content":[{"type":"text","text":"API Error: 529"}]}"#
      ),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .failure, basis: .tool))
    #expect(transcript.modelCalls.isEmpty)
  }

  @Test func `a tool that a person interrupted has not failed`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", "sleep 9")),
      Claude.result(
        "r", of: "t", at: 2, isError: true, "[Request interrupted by user for tool use]"),
    ])
    #expect(transcript.toolCalls["t"]?.ending == .rejected)
    #expect(!transcript.events.contains { $0.fields.has(.errorMessage) })
  }

  @Test func `what follows the result of a run is another turn`() throws {
    var transcript = Transcript()
    let turn = { (number: Int, isError: Bool) in
      [
        #"{"type":"system","subtype":"init","session_id":"s","model":"m1","uuid":"i\#(number)"}"#,
        """
        {"type":"assistant","session_id":"s","uuid":"a\(number)","message":{"id":"m\(number)",\
        "model":"m1","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn",\
        "usage":{"input_tokens":1,"output_tokens":1}}}
        """,
        """
        {"type":"result","subtype":"success","is_error":\(isError),"session_id":"s",\
        "uuid":"r\(number)","result":"hi \(number)"}
        """,
      ]
    }
    try transcript.fold(turn(1, false) + turn(2, true))
    #expect(transcript.turns.keys.sorted() == ["s/m1", "s/m2"])
    #expect(transcript.turns["s/m1"]?.text(.response) == "hi 1")
    #expect(transcript.verdict("s/m1")?.outcome == .success)
    #expect(transcript.verdict("s/m2")?.outcome == .failure)
    #expect(transcript.turnNotes == 2)
  }

  @Test func `results alone are a turn each`() throws {
    var transcript = Transcript()
    let result = { (number: Int) in
      """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s",\
      "uuid":"r\(number)","result":"hi"}
      """
    }
    try transcript.fold([result(1), result(2)])
    #expect(transcript.turns.keys.sorted() == ["r1", "r2"])
    #expect(transcript.turnNotes == 2)
  }

  @Test func `a run that was killed is stopped once the next one begins`() throws {
    let start = #"{"type":"system","subtype":"init","session_id":"s","model":"m1","uuid":"#
    func message(_ id: String, _ stop: String, _ content: String) -> String {
      """
      {"type":"assistant","session_id":"s","uuid":"u-\(id)","message":{"id":"\(id)","model":"m1",\
      "content":[\(content)],"stop_reason":\(stop),"usage":{"input_tokens":1,"output_tokens":1}}}
      """
    }
    var transcript = Transcript()
    try transcript.fold([
      start + #""i1"}"#, message("a", "null", Claude.bash("t", "ls")),
      start + #""i2"}"#, message("b", "null", Claude.text("done")),
      #"{"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","result":"done"}"#,
    ])
    #expect(transcript.turnNotes == 2)
    #expect(transcript.turns.keys.sorted() == ["s/a", "s/b"])
    #expect(transcript.verdict("s/a") == Verdict(outcome: .partial, basis: .`self`))
    #expect(transcript.verdict("s/b")?.outcome == .success)
    #expect(transcript.modelCalls["b"]?.context.interaction == "s/b")
  }

  @Test func `what a run has beyond its calls is of its own turn`() throws {
    var transcript = Transcript()
    try transcript.fold([
      """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","result":"hi",\
      "total_cost_usd":0.5,"modelUsage":{"m1":{"inputTokens":10,"outputTokens":90,"costUSD":0.5}}}
      """
    ])
    let rest = try #require(transcript.modelCalls.values.first)
    #expect(rest.isUnattributed && transcript.modelCalls.count == 1)
    #expect(rest.context.interaction == "r" && rest.context.session == "s")
    #expect(transcript.turns["r"]?.number(.costUSD) == FixedPoint(hundredths: 50))
    #expect(transcript.turnNotes == 1)
  }

  @Test func `texts that a person takes back are no requests`() throws {
    func queue(_ operation: String, _ text: String? = nil) -> String {
      let content = text.map { #","content":"\#($0)""# } ?? ""
      return #"{"type":"queue-operation","operation":"\#(operation)","timestamp":"#
        + #""2026-02-01T00:00:00Z","sessionId":"s"\#(content)}"#
    }
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), queue("enqueue", "one"), queue("enqueue", "two"),
      queue("popAll"), queue("enqueue", "three"), queue("remove"),
    ])
    let prompts = transcript.events.filter { $0.kind == "task_submitted" }
    #expect(prompts.compactMap { $0.fields.text(.prompt) } == ["do it", "three"])
  }

  @Test func `agents that a copied session sent out name the session that it went on from`() throws
  {
    let progress = Claude.line(
      "progress", "x", session: "old", at: 2,
      """
      "data":{"type":"agent_progress","agentId":"a1","message":{"type":"assistant","message":\
      {"id":"m0","model":"m1","role":"assistant","content":[],"usage":{"input_tokens":1}}}}
      """)
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it", session: "new"), progress,
      Claude.message("b", id: "n", session: "new", at: 3, stop: "end_turn", Claude.text("ok")),
    ])
    #expect(
      transcript.notes.contains { $0.context.session == "new" && $0.what == .parent("old") })
    #expect(transcript.modelCalls["m0"]?.context.session == "old")
  }

  @Test(arguments: [
    ("cd /p && npm test", Check.tests, true), ("npm test | tail -3", .tests, false),
    ("npm test || true", .tests, false), ("FOO=1 timeout 60 pytest -q", .tests, true),
    ("cargo build && cargo test", .tests, true), ("tsc --noEmit", .build, true),
    ("npm test; echo done", .tests, false),
    ("set -o pipefail; go test ./... | tee x", .tests, true), ("sh -c 'npm test'", .tests, true),
    (#"bash -lc "cd a && npm test | tail""#, .tests, false), ("timeout 60s npm test", .tests, true),
    ("timeout -k 5 1.5m npm test", .tests, true), (#"FOO="a b" cargo test"#, .tests, true),
    ("(cd a && cargo test)", .tests, true), ("(cd a && cargo test) | tail", .tests, false),
    ("npx -y vitest run", .tests, true), ("cargo test # all of them", .tests, true),
    ("cargo test \\\n  --all", .tests, true), ("env -u A npm test", .tests, true),
    (#"timeout 9 bash -c 'sh -c "npm test"; true'"#, .tests, false), ("! npm test", .tests, true),
    ("# first\nnpm test\n", .tests, true), ("npm test\n\n# done\n", .tests, true),
  ])
  func `what a command checks`(_ command: String, _ check: Check, _ isExitKnown: Bool) {
    let found = Check.of(command)
    #expect(found?.check == check)
    #expect(found?.isExitKnown == isExitKnown)
  }

  @Test(arguments: [
    ("pytest -q && git push", false), ("git pull && npm run build", false),
    ("cd /p && git add -A && pytest -q && git push", false), ("cd /p && pytest -q", true),
    ("pytest -q", true), ("git pull; pytest -q", true), ("cargo build && cargo test", true),
    ("set -o pipefail; pytest | tail", true), ("pytest | tail", false),
  ])
  func `whose failure that of a line is`(_ command: String, _ isCheck: Bool) {
    #expect(Check.of(command)?.isFailureKnown == isCheck)
  }

  @Test(arguments: [
    ("pytest -q && git push", "3 passed in 0.1s\\nerror: failed to push", Outcome.success),
    ("pytest -q && git push", "1 failed, 2 passed in 0.1s", .failure),
    ("pytest -q", "no tests ran", .failure),
    ("git pull && npm test", "error: would be overwritten by merge", .success),
  ])
  func `a line that failed blames no check that passed or never ran`(
    _ command: String, _ output: String, _ outcome: Outcome
  ) throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", command)),
      Claude.result("r", of: "t", at: 2, isError: true, "Exit code 1\\n" + output),
      Claude.message("b", id: "n", at: 3, stop: "end_turn", Claude.text("done")),
    ])
    #expect(transcript.verdict("p")?.outcome == outcome)
  }

  @Test(arguments: [
    "ls", "git status", "npm install", "echo 'npm test'", "cat pytest.ini", "uv add --dev pytest",
    "pip install pytest", "cargo run -- test", "python -c 'print(1)' # run pytest",
    "swift package clean", "docker run --rm app build", "echo $(true; npm test)", "sh -c",
    "bash a.sh",
  ])
  func `what checks nothing`(_ command: String) { #expect(Check.of(command) == nil) }

  @Test func `the tables of checks find their own examples`() {
    for table in [checkRules, runnerRules, silentCheckRules] {
      let rules = RuleSet(table)
      #expect(rules.faults.isEmpty)
      for (number, rule) in rules.rules.enumerated() {
        for example in rule.examples {
          #expect(rules.hits(example.utf8.span).contains(number), "\(rule.name): \(example)")
        }
        for example in rule.counterexamples {
          #expect(!rules.hits(example.utf8.span).contains(number), "\(rule.name): \(example)")
        }
      }
    }
  }

  @Test(arguments: [(false, Outcome.success), (true, .failure)])
  func `what a check came to is told at once, though no message follows`(
    _ isError: Bool, _ outcome: Outcome
  ) throws {
    for says in ["", "I run the tests."] {
      var transcript = Transcript()
      let text = says.isEmpty ? [] : [Claude.message("a", id: "m", at: 1, Claude.text(says))]
      try transcript.fold(
        [Claude.prompt("p", "do it")] + text + [
          Claude.message("b", id: "m", at: 2, stop: "tool_use", Claude.bash("t", "go test ./...")),
          Claude.result("c", of: "t", at: 3, isError: isError, isError ? "Exit code 1" : "ok"),
        ])
      #expect(transcript.verdict("p") == Verdict(outcome: outcome, basis: .tests), "\(says)")
      #expect(!transcript.events.contains { $0.kind == "turn_ended" })
      try transcript.fold([Claude.prompt("q", "more", at: 9)])
      #expect(transcript.verdict("p") == Verdict(outcome: outcome, basis: .tests), "\(says)")
    }
  }
}
