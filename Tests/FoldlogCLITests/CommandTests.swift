import TestSupport
import Testing

/// A data directory, and the command run on it.
final class Session {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @discardableResult
  func foldlog(
    _ arguments: String..., input: String = "", variables: [String] = []
  ) throws -> ChildResult {
    try run(
      foldlogBinary, arguments, input: Array(input.utf8),
      variables: variables + ["FOLDLOG_DATA=\(directory.file("data"))"])
  }

  func fixture(_ name: String) -> String { "\(packageRoot)/fixtures/\(name)" }

  /// Takes in every fixture.
  func ingestFixtures() throws {
    let result = try foldlog(
      "ingest", fixture("ralph-events.jsonl"), fixture("aidb-events.jsonl"),
      fixture("hybrid-events.jsonl"), fixture("editor-events.jsonl"),
      fixture("deployments-events.jsonl"))
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Takes in transcripts, and lines that give rows to the tables which stay empty without.
  func ingestWhatFixturesLack() throws {
    let call =
      #"{"type":"assistant","sessionId":"s","uuid":"u","timestamp":"2026-03-02T10:00:00Z","#
      + #""message":{"id":"m","role":"assistant","model":"claude-opus-4-5","content":[{"type":"#
      + #""tool_use","id":"t","name":"mcp__baskets__count","input":{}}],"usage":{"input_tokens":1}}}"#
    let check =
      #"{"event":"deployment_created","deployment_id":"d","ts":"2026-03-02T10:00:00Z"}"# + "\n"
      + #"{"event":"deployment_checked","deployment_id":"d","ok":true,"ts":"2026-03-02T10:00:00Z"}"#
    let skill =
      #"{"event":"skill_extracted","request_id":"01","source_offset":1,"prompt_version":0,"#
      + #""model":"m","name":"quote","stream":"foldlog","ts":"2026-03-02T10:00:00Z"}"#
    let known =
      #"{"event":"knowledge_noted","text":"Use tabs.","stream":"foldlog"}"# + "\n"
      + #"{"event":"advice_given","section":"fixes","advice":"make","stream":"foldlog"}"#
    // Of high value, and no success: what is asked for the sixth time, and done half-way.
    let asked = (0..<6).map { number in
      #"{"event":"query_completion","stream":"aidb","query":"Say how the lighthouse of Fanad turns","#
        + #""response":"It floats on a bath of mercury, number \#(number).","#
        + #""success":null,"partial_success":true,"rating":5,"steps":3,"tools_used":["bash"],"#
        + #""files_modified":5,"has_code":true,"has_explanation":true}"#
    }
    let server = try directory.write(
      "server.jsonl", ([call, check, skill, known] + asked).joined(separator: "\n") + "\n")
    let result = try foldlog("ingest", fixture("transcripts"), server)
    #expect(result.status == 0, "\(result.errors)")
  }
}

/// The tables that `foldlog schema` lists: what it lists beside them begins with `events`.
func listedTables() throws -> [String] {
  try run(foldlogBinary, ["schema"]).output.split(separator: "\n")
    .map { String($0.prefix { $0 != " " }) }.filter { name in
      !["events", "questions"].contains(name.prefix { $0 != "/" })
    }
}

@Suite struct CommandTests {
  @Test func `the help explains the steps, and names every command`() throws {
    let help = try Session().foldlog("--help")
    #expect(help.status == 0)
    for command in [
      "ingest", "project", "replay", "query", "explain", "status", "log", "quarantine", "verify",
      "dataset", "skills", "react",
    ] {
      #expect(help.output.contains(command))
      let own = try Session().foldlog(command, "--help")
      #expect(own.status == 0)
      #expect(own.output.contains("USAGE: foldlog \(command)"))
    }
  }

  @Test(arguments: [
    ["frobnicate"], ["query"], ["query", "values", "--where", "nothing = 1"],
    ["query", "values", "--format", "xml"], ["ingest", "--stream", "nonsense", "x.jsonl"],
    ["ingest", "--source", ""], ["ingest", "--source", "x", "y.jsonl"],
    ["log", "show", "--from", "someday"],
  ])
  func `wrong usage exits with 64 and says what would be right`(_ arguments: [String]) throws {
    let session = try Session()
    try session.foldlog("ingest", session.fixture("aidb-events.jsonl"))
    let result = try run(
      foldlogBinary, arguments, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 64, "\(arguments): \(result.errors)")
    #expect(!result.errors.isEmpty && result.output.isEmpty)
  }

  @Test func `what is not there exits with 66`() throws {
    let session = try Session()
    #expect(try session.foldlog("ingest", "/nonexistent.jsonl").status == 66)
    #expect(try session.foldlog("query", "values").status == 66)
    #expect(try session.foldlog("status").status == 66)
    #expect(try session.foldlog("log", "export").status == 66)
    try session.foldlog("ingest", session.fixture("aidb-events.jsonl"))
    #expect(try session.foldlog("query", "nothing").status == 66)
    #expect(try session.foldlog("replay", "nothing").status == 66)
  }

  @Test func `what went in comes out, and a second time nothing goes in`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let export = try session.foldlog("log", "export").output
    let refused = try session.foldlog("quarantine", "export").output
    var original: [Substring] = []
    for name in ["ralph", "aidb", "hybrid", "editor", "deployments"] {
      let text = try run("cat", [session.fixture("\(name)-events.jsonl")]).output
      original += text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    }
    let stored = (export + refused).split(separator: "\n")
    #expect(stored.sorted() == original.sorted())
    #expect(refused.split(separator: "\n").count == 10)

    let again = try session.foldlog("ingest", session.fixture("ralph-events.jsonl"))
    #expect(again.output.hasPrefix("0 lines: 0 events"))
  }

  @Test func `a pipe gives the same lines, streams, kinds and times as the file`() throws {
    let piped = try Session()
    let text = try run("cat", [piped.fixture("hybrid-events.jsonl")]).output
    try piped.foldlog("ingest", "--stream", "hybrid", input: text)
    let read = try Session()
    try read.foldlog("ingest", "--stream", "hybrid", read.fixture("hybrid-events.jsonl"))
    #expect(
      try piped.foldlog("log", "export").output == read.foldlog("log", "export").output)
    func shown(_ session: Session) throws -> [[Substring]] {
      try session.foldlog("log", "show").output.split(separator: "\n").map { line in
        let fields = line.split(separator: "\t")
        // Times that are stated; the others are inferred from the file or the clock.
        return fields[1].hasPrefix("~") ? [fields[2], fields[3]] : Array(fields[1...3])
      }
    }
    #expect(try shown(piped) == shown(read))
  }

  @Test func `strict exits with 65 after it has run to the end`() throws {
    let session = try Session()
    let result = try session.foldlog(
      "ingest", "--strict", "--stream", "hybrid", input: "{\"event\":\"query\"}\nno\n{\"a\":1}\n")
    #expect(result.status == 65)
    #expect(result.output.hasPrefix("3 lines: 2 events, 1 quarantined"))
    #expect(result.errors.contains("quarantine: standard input, line at byte 18"))
  }

  @Test func `a retry takes what a stream makes events of, with source and position`() throws {
    let session = try Session()
    try session.foldlog("ingest", input: "{\"a\":1}\nno\n{\"b\":2}\n")
    #expect(try session.foldlog("quarantine", "list").output.split(separator: "\n").count == 3)
    let retry = try session.foldlog("quarantine", "retry", "--stream", "ralph")
    #expect(retry.output == "3 tried: 2 taken, 1 refused again\n")
    #expect(try session.foldlog("quarantine", "export").output == "no\n")
    #expect(try session.foldlog("log", "export").output == "{\"a\":1}\n{\"b\":2}\n")
    #expect(try session.foldlog("log", "show").output.contains("standard input:11\t{\"b\":2}"))
    let again = try session.foldlog("quarantine", "retry", "--stream", "ralph")
    #expect(again.output == "1 tried: 0 taken, 1 refused again\n")
    #expect(try session.foldlog("log", "verify").status == 0)
  }

  @Test func `--data works before the command and after it`() throws {
    let session = try Session()
    let data = session.directory.file("elsewhere")
    let line = "{\"event\":\"query\"}\n"
    #expect(
      try session.foldlog("--data", data, "ingest", "--stream", "aidb", input: line).status == 0)
    #expect(try session.foldlog("log", "export", "--data", data).output == line)
    #expect(try session.foldlog("--data", data, "log", "export").output == line)
  }
}
