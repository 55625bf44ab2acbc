import Foldlog
import Views
import TestSupport
import Testing

@Suite struct AsOfTests {
  private static let tables = ProjectorCatalogue.builtIn.answers.map(\.name)

  /// The rows of every table, with the offset that the answer names.
  private func answers(_ session: Session, _ options: [String]) throws -> [String] {
    try Self.tables.map { table in
      let result = try run(
        foldlogBinary, ["query", table, "--format", "json"] + options,
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(result.status == 0, "\(table) \(options): \(result.errors)")
      return result.output
    }
  }

  /// A log of all fixtures, and the lines that it holds, each of which says its stream; or a log of
  /// the first of these alone.
  private func filled(_ first: ArraySlice<Substring>? = nil) throws -> (Session, [Substring]) {
    let session = try Session()
    if let first {
      try session.foldlog("ingest", input: first.joined(separator: "\n") + "\n")
      return (session, Array(first))
    }
    for name in ["ralph", "aidb", "hybrid", "editor", "deployments"] {
      let stream = name == "deployments" ? "hybrid" : name
      let text = try run("cat", [session.fixture("\(name)-events.jsonl")]).output
      let lines = text.split(separator: "\n").filter { $0.hasPrefix("{") }.map { line in
        line.contains("\"stream\"") ? line : "{\"stream\":\"\(stream)\",\(line.dropFirst())"
      }
      try session.foldlog("ingest", input: lines.joined(separator: "\n") + "\n")
    }
    return (session, try session.foldlog("log", "export").output.split(separator: "\n"))
  }

  @Test func `as of an offset, every table is that of a log that ends there`() throws {
    var random = SeededRandom(seed: 77)
    let (session, lines) = try filled()
    let offsets =
      [0, lines.count - 1]
      + (0..<3).map { _ in
        Int.random(in: 1..<lines.count - 1, using: &random)
      }
    for offset in offsets {
      let (fresh, _) = try filled(lines[...offset])
      let past = try answers(session, ["--as-of", "\(offset)"])
      #expect(past == (try answers(fresh, [])), "offset \(offset)")
    }
    // No scratch is left behind.
    let views = try run("ls", [session.directory.file("data/views")]).output
    #expect(!views.contains("scratch"))
  }

  @Test func `as of before the first event, there is nothing`() throws {
    let (session, _) = try filled()
    let answer = try session.foldlog("query", "values", "--as-of", "-1", "--format", "json")
    #expect(answer.output == "{\"view\":\"values\",\"offset\":-1,\"rows\":[]}\n")
  }

  @Test func `as of a time, what was recorded later is not there`() throws {
    let session = try Session()
    let line = "{\"event\":\"query\",\"query\":\"how\",\"status\":\"ok\"}\n"
    let early = try run("date", ["-u", "+%Y-%m-%dT%H:%M:%S.%NZ"]).output.split(separator: "\n")[0]
    try session.foldlog("ingest", "--stream", "aidb", input: line + line)
    let between = try run("date", ["-u", "+%Y-%m-%dT%H:%M:%S.%NZ"]).output.split(separator: "\n")[0]
    try session.foldlog("ingest", "--stream", "aidb", input: line)
    func offset(_ time: Substring) throws -> Bool? {
      let answer = try session.foldlog(
        "query", "values", "--as-of", String(time), "--format", "json")
      #expect(answer.status == 0, "\(answer.errors)")
      return answer.output.contains("\"offset\":1,\"rows\"")
    }
    #expect(try offset(between) == true)
    let none = try session.foldlog(
      "query", "values", "--as-of", String(early), "--format", "json"
    ).output
    #expect(none.contains("\"offset\":-1"))
  }

  @Test(arguments: [
    ("2199-01-01T00:00:00Z", 2), ("2199-01-01", 2), ("9999-12-31T23:59:59Z", 2),
    ("2262-04-12T00:00:00Z", 2), ("Thu, 01 Jan 2199 00:00:00 +0000", 2),
    ("9000000000.5", 2), ("0001-01-01T00:00:00Z", -1), ("1600-01-01", -1), ("1999-12-31", -1),
    ("Fri, 31 Dec 1999 23:59:59 GMT", -1), ("1999/12/31 10:00", -1),
  ])
  func `as of any form of a time, and of a date, beyond what can be too`(
    time: String, offset: Int
  ) throws {
    let session = try Session()
    let line = "{\"event\":\"query\",\"query\":\"how\",\"timestamp\":\"2026-05-01T08:00Z\"}\n"
    try session.foldlog("ingest", "--stream", "aidb", input: line + line + line)
    let answer = try session.foldlog("query", "values", "--as-of", time, "--format", "json")
    #expect(answer.output.contains("\"offset\":\(offset),"), "\(answer.errors)")
    // The same text for the times of events.
    let shown = try session.foldlog("log", "show", "--from", time, "--format", "jsonl").output
    #expect(shown.split(separator: "\n").count == (offset < 0 ? 3 : 0))
  }

  @Test func `a date is its whole day`() throws {
    let session = try Session()
    try session.foldlog(
      "ingest", "--stream", "aidb",
      input: "{\"event\":\"query\",\"query\":\"how\"}\n")
    let today = try run("date", ["-u", "+%Y-%m-%d"]).output.dropLast()
    let answer = try session.foldlog(
      "query", "values", "--as-of", String(today), "--format", "json")
    #expect(answer.output.contains("\"offset\":0"), "\(answer.errors)")
  }

  @Test(arguments: ["someday", "99999999", "-2", ""])
  func `an end that the log does not have is refused`(_ end: String) throws {
    let (session, _) = try filled()
    let result = try session.foldlog("query", "values", "--as-of", end)
    #expect(result.status == 64, "\(result.errors)")
    #expect(!result.errors.isEmpty)
  }

  @Test func `what is kept has its own past, under its own settings`() throws {
    let (session, lines) = try filled()
    try session.directory.write(
      "heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    try session.foldlog(
      "replay", "values", "--what-if", session.directory.file("heavier.toml"), "--keep", "heavier")
    let offset = lines.count / 2
    let (fresh, _) = try filled(lines[...offset])
    try fresh.directory.write(
      "data/foldlog.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    try fresh.foldlog("project")
    let past = try session.foldlog(
      "query", "values@heavier", "--as-of", "\(offset)", "--format", "json"
    ).output
    #expect(past == (try fresh.foldlog("query", "values", "--format", "json").output))
  }
}
