import TestSupport
import Testing

/// `foldlog context` and `foldlog note`.
@Suite struct ContextCommandTests {
  @Test func `an error that was met before tells what mended it, and what did not`() throws {
    let session = try AgentFixture.session()
    let answer = try session.foldlog(
      "context", "--project", "/home/dev/web", "--error", "sh: line 7: tsc: command not found")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(
      answer.output.contains(
        "What mended this error before:\n"
          + "- `bun install` mended it 2 of 2 times [line 7]\n"),
      "\(answer.output)")
    #expect(
      answer.output.contains("- `npm link typescript` did not mend it, tried 1 time [line 5]\n"),
      "\(answer.output)")
  }

  @Test func `as of an earlier line only what was known then is told`() throws {
    let session = try AgentFixture.session()
    let error = ["--project=/home/dev/web", "--error=sh: line 7: tsc: command not found"]
    let early = try session.foldlog("context", error[0], error[1], "--as-of", "2")
    #expect(
      early.output.contains("`bun install` mended it 1 of 1 time [line 2]"), "\(early.output)")
    #expect(!early.output.contains("npm link"))
    #expect(try session.foldlog("context", error[0], error[1], "--as-of", "1").output.isEmpty)
  }

  @Test(arguments: [
    "the frobnicator stalls at noon", "Exit code 1", "device busy: cannot open the flash port",
  ])
  func `without evidence, or with none that is safe, it is silent`(_ error: String) throws {
    let session = try AgentFixture.session()
    let answer = try session.foldlog("context", "--project", "/home/dev/web", "--error", error)
    #expect(answer.status == 0 && answer.output.isEmpty, "\(answer.output)\(answer.errors)")
  }

  @Test func `notes hold where they were made for, masked and within the budget`() throws {
    let session = try AgentFixture.session()
    for (section, project, text) in [
      ("decision", "/home/dev/web", "Money in src/cart.ts is kept in cents, says bob@example.com."),
      ("preference", nil, "Run the tests with bun test."),
      ("insight", "/home/dev/api", "Not here."),
    ] as [(String, String?, String)] {
      let words =
        ["note", "--section", section] + (project.map { ["--project", $0] } ?? []) + [text]
      let noted = try run(
        foldlogBinary, words, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(noted.status == 0, "\(noted.errors)")
    }
    let answer = try session.foldlog(
      "context", "--project", "/home/dev/web/", "--file", "src/cart.ts")
    #expect(
      answer.output.contains(
        "What was decided about this file:\n- Money in src/cart.ts is kept in cents, says [EMAIL]. [line 11]"
      ),
      "\(answer.output)")
    #expect(
      answer.output.contains("What the person prefers:\n- Run the tests with bun test. [line 12]"))
    #expect(!answer.output.contains("Not here"))
    let small = try session.foldlog(
      "context", "--project", "/home/dev/web", "--budget-tokens", "20", "--format", "json")
    #expect(
      small.output.utf8.count < 400 && small.output.contains("\"sections\""), "\(small.output)")
    #expect(try session.foldlog("context", "--budget-tokens", "0").status == 64)
    #expect(try session.foldlog("note", " ").status == 64)
    #expect(try session.foldlog("note", "--section", "wisdom", "x").status == 64)
  }

  @Test func `a note is a row of the view knowledge`() throws {
    let session = try Session()
    #expect(try session.foldlog("note", "--key", "indent", "Use tabs.").status == 0)
    #expect(try session.foldlog("note", "--key", "indent", "Use spaces.").status == 0)
    let rows = try session.foldlog(
      "query", "knowledge", "--columns", "section,scope,text,times", "--format", "csv")
    #expect(
      rows.output.split(whereSeparator: \.isNewline).last == "other,global,Use spaces.,2",
      "\(rows.output)")
  }

  @Test func `a request like others tells how these went`() throws {
    let session = try AgentFixture.session()
    let prompt = "Move the hard coded ports of the web server into its settings file"
    let lines = [
      #"{"event":"task_completed","stream":"ralph","task_id":"t1","session_id":"r","status":"completed","#
        + #""prompt":"\#(prompt)","response":"Done.","ts":"2026-03-05T10:00:00Z"}"#
    ]
    #expect(try session.foldlog("ingest", input: lines.joined(separator: "\n") + "\n").status == 0)
    let answer = try session.foldlog("context", "\(prompt), please")
    #expect(answer.output.contains("Requests like it that succeeded:"), "\(answer.output)")
    #expect(answer.output.contains("[line 11]"), "\(answer.output)")
    #expect(
      try !session.foldlog("context", "Write a poem about the sea and ships").output.contains(
        "Requests"))
  }
}
