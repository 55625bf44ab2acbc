import TestSupport
import Testing

@Suite struct LogCommandTests {
  @Test func `show and export take the same options, and JSON holds what text shows`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let options = ["--kind", "query_completion", "--where", "latency_ms > 1000", "--to", "2026"]
    func log(_ command: String, _ more: String...) throws -> ChildResult {
      try run(
        foldlogBinary, ["log", command] + options + more,
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    }
    let text = try log("show").output.split(separator: "\n")
    #expect(!text.isEmpty)
    let lines = try log("export").output.split(separator: "\n")
    #expect(text.map { $0.split(separator: "\t")[5] } == lines)
    let rows = try log("show", "--format", "jsonl").output.split(separator: "\n")
    #expect(rows.count == lines.count)
    let json = try #require(StrictJSON(Array(try log("show", "--format", "json").output.utf8)))
    guard case .array(let events)? = json["events"] else {
      Issue.record("no events")
      return
    }
    #expect(events == rows.compactMap { StrictJSON(Array($0.utf8)) })
    #expect(events.allSatisfy { $0["kind"] == .string("query_completion") })
    for (event, line) in zip(events, lines) {
      #expect(event["line"] == StrictJSON(Array(line.utf8)))
    }
  }

  @Test func `a name that is no text, or holds control characters, is shown without them`() throws {
    let session = try Session()
    let folder = session.directory.file("named")
    let made = try run(
      "/bin/sh",
      [
        "-c",
        "mkdir '\(folder)' && printf '{}\\nno\\n' > '\(folder)'/\"$(printf 'a\\377\\033b.jsonl')\"",
      ])
    #expect(made.status == 0)
    try session.foldlog("ingest", "--stream", "aidb", folder)
    for command in [["log", "show"], ["quarantine", "list"]] {
      let shown = try run(
        foldlogBinary, command, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(!shown.output.utf8.contains(0x1b))
      #expect(shown.output.contains("a\\xff\\x1bb.jsonl"), "\(command): \(shown)")
    }
  }

  @Test func `nothing found is an empty answer, and a slip in a kind is pointed out`() throws {
    let session = try Session()
    try session.foldlog("ingest", session.fixture("ralph-events.jsonl"))
    let result = try session.foldlog("log", "show", "--kind", "task_complete", "--format", "json")
    #expect(result.status == 0)
    #expect(result.output == "{\"events\":[]}\n")
    #expect(result.errors.contains("did you mean `task_completed`?"))
    let silent = try session.foldlog(
      "log", "show", "--kind", "task_completed", "--from", "2030-01-01")
    #expect(silent.status == 0 && silent.output.isEmpty)
    #expect(silent.errors.contains("passes --kind task_completed --from 2030-01-01"))
  }

  @Test(arguments: [
    (["--where", "exitcode = 0"], "did you mean `exit_code`?"),
    (["--where", "exit_code 0"], "no operator"),
    (["--where", "success = 7"], "true or false"),
    (["--format", "csv"], "there are table, json and jsonl"),
    (["--to", "soon"], "--to takes an offset or a time"),
  ])
  func `wrong usage exits with 64 and says what would be right`(
    _ options: [String], _ expected: String
  ) throws {
    let session = try Session()
    try session.foldlog("ingest", session.fixture("ralph-events.jsonl"))
    let result = try run(
      foldlogBinary, ["log", "show"] + options,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 64)
    #expect(result.errors.contains(expected), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
