import Bytes
import Events
import Facts
import Testing

/// What a person asks, and takes back.
@Suite struct RequestTests {
  @Test func `a queued request counts once, whichever line tells of it first`() throws {
    let queue = { (operation: String, rest: String) in
      #"{"type":"queue-operation","operation":"\#(operation)","timestamp":"2026-02-01T00:00:03Z","sessionId":"s"\#(rest)}"#
    }
    let attachment = Claude.line(
      "attachment", "q", at: 5, #""attachment":{"type":"queued_command","prompt":"and that"}"#)
    let call = Claude.message("b", id: "n", at: 4, Claude.bash("t", "ls"))
    for isAttachedLast in [true, false] {
      var transcript = Transcript()
      try transcript.fold(
        [
          Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.text("working")),
          queue("enqueue", #","content":"and that""#),
        ]
          + (isAttachedLast
            ? [queue("remove", ""), call, attachment] : [attachment, call, queue("remove", "")]))
      #expect(transcript.turnNotes == 2)
      let requests = transcript.events.filter { $0.kind == "task_submitted" }
      #expect(requests.map { $0.fields.text(.prompt) } == ["do it", "and that"])
    }
  }

  @Test func `requests behind the same line are ways to go on, of which the first was given up`()
    throws
  {
    let prompt = { (uuid: String, parent: String, second: Int) in
      Claude.line(
        "user", uuid, at: second,
        #""parentUuid":\#(parent),"message":{"role":"user","content":"do \#(uuid)"}"#)
    }
    let answer = { (uuid: String, second: Int) in
      Claude.message(uuid, id: "m-\(uuid)", at: second, stop: "end_turn", Claude.text("done"))
    }
    var transcript = Transcript()
    try transcript.fold([
      prompt("p", "null", 0), answer("a", 1), prompt("q", #""a""#, 2), answer("b", 3),
      prompt("r", #""b""#, 4), answer("c", 5), prompt("t", #""a""#, 6), answer("d", 7),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .`self`))
    #expect(transcript.verdict("q") == Verdict(outcome: .failure, basis: .human))
    #expect(transcript.verdict("r") == Verdict(outcome: .failure, basis: .human))
    #expect(transcript.verdict("t") == Verdict(outcome: .success, basis: .`self`))
  }

  @Test(arguments: [
    "<ide_selection>a</ide_selection><system-reminder>b</system-reminder>\\n<ide_opened_file>c</ide_opened_file> fix it",
    "<environment_context>\\n<cwd>/p</cwd></environment_context>\\n\\nfix it",
  ])
  func `what editors put before a request is no part of it, in any order`(_ text: String) throws {
    var transcript = Transcript()
    try transcript.fold([Claude.prompt("p", text)])
    #expect(transcript.events.map { $0.fields.text(.prompt) } == ["fix it"])
  }

  @Test func `what a person wrote while the agent worked is a request once it is taken`() throws {
    var transcript = Transcript()
    let queue = { (operation: String, rest: String) in
      #"{"type":"queue-operation","operation":"\#(operation)","timestamp":"2026-02-01T00:00:03Z","sessionId":"s"\#(rest)}"#
    }
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.text("working")),
      queue("enqueue", #","content":"and that""#), queue("remove", ""),
    ])
    let requests = transcript.events.filter { $0.kind == "task_submitted" }
    #expect(requests.map { $0.fields.text(.prompt) } == ["do it", "and that"])
  }

  @Test func `a search of Claude Code's that finds nothing is no error`() throws {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("u1", "look"),
      Claude.message("a1", id: "m1", at: 1, Claude.bash("t1", "grep -q x a.txt")),
      Claude.result("u2", of: "t1", at: 2, isError: true, "Exit code 1"),
    ])
    let result = try #require(transcript.events.last { $0.kind == "tool_result" })
    #expect(!result.fields.has(.errorMessage))
  }

  @Test func `a request that waited has the same id in whatever order files are read`() throws {
    let queue = { (operation: String, second: Int, rest: String) in
      #"{"type":"queue-operation","operation":"\#(operation)","#
        + #""timestamp":"2026-02-01T00:00:0\#(second)Z","sessionId":"s"\#(rest)}"#
    }
    let file = [
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.text("working")),
      queue("enqueue", 2, #","content":"one""#), queue("enqueue", 2, #","content":"two""#),
      queue("remove", 3, ""), queue("remove", 3, ""),
    ]
    let other = [Claude.prompt("q", "else", session: "t")]
    for files in [[file, other], [other, file]] {
      var transcript = Transcript()
      for (source, lines) in files.enumerated() {
        try transcript.fold(lines, source: SourceID(source + 1))
      }
      let requests = transcript.events.filter { $0.kind == "task_submitted" }
      let ids = Set(requests.compactMap { $0.fields.text(.interactionID) })
      let taken = "s/2026-02-01T00:00:03Z"
      #expect(ids == ["p", "q", taken, "\(taken)/2"])
    }
  }

  @Test(arguments: [
    (#""base_instructions":{"text":"be kind"},"instructions":"old""#, "be kind"),
    (#""instructions":"old""#, "old"), (#""base_instructions":null"#, nil),
  ])
  func `a session says what its model was told first`(_ said: String, expected: String?) throws {
    var transcript = Transcript()
    try transcript.fold([CodexLines.line("session_meta", at: 0, #""id":"x",\#(said)"#)])
    let told = transcript.events.first { $0.kind == "session_started" }
    #expect(told?.fields.text(.systemMessage) == expected)
  }
}
