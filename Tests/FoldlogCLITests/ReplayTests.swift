import TestSupport
import Testing

@Suite struct ReplayTests {
  private static let tables = [
    "values", "correlations", "errors", "errors/events", "datasets", "deployments",
    "deployments/anomalies",
  ]

  private func answers(_ session: Session) throws -> [String] {
    try Self.tables.map { try session.foldlog("query", $0, "--format", "jsonl").output }
  }

  private func digests(_ session: Session) throws -> [Substring] {
    let lines = try session.foldlog("replay").output.split(separator: "\n")
    return lines.compactMap { $0.split(separator: " ").last }
  }

  @Test func `a replay changes no row, and deleted views come back the same`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let before = try answers(session)
    #expect(before.allSatisfy { !$0.isEmpty })
    let first = try digests(session)
    #expect(try first.count == listedTables().count { !$0.contains("/") })
    #expect(try answers(session) == before)
    #expect(try session.foldlog("verify").status == 0)

    #expect(try run("rm", ["-r", session.directory.file("data/views")]).status == 0)
    #expect(try digests(session) == first)
    #expect(try answers(session) == before)
  }

  @Test func `digests are the same over threads, time zones, locales and cuts`() throws {
    let once = try Session()
    try once.ingestFixtures()
    let expected = try digests(once)

    let cut = try Session()
    let names = ["ralph", "aidb", "hybrid", "editor", "deployments"]
    for (index, name) in names.enumerated() {
      let result = try cut.foldlog(
        "ingest", cut.fixture("\(name)-events.jsonl"),
        variables: [
          "FOLDLOG_THREADS=\(index % 3 + 1)", "TZ=Pacific/Auckland", "LC_ALL=tr_TR.UTF-8",
          "SWIFT_DETERMINISTIC_HASHING=\(index % 2)",
        ])
      #expect(result.status == 0)
    }
    let status = try cut.foldlog("status").output
    for digest in expected { #expect(status.contains(digest)) }
  }

  @Test func `a JSON answer names the last event that is in it`() throws {
    let session = try Session()
    try session.foldlog("ingest", "--stream", "aidb", input: "{\"event\":\"query\"}\n{\"a\":1}\n")
    let answer = try session.foldlog("query", "values", "--format", "json").output
    #expect(answer.contains("\"view\":\"values\""))
    #expect(answer.contains("\"offset\":1"))
  }
}
