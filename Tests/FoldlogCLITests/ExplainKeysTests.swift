import TestSupport
import Testing

/// What is asked, and what is said when it is not there.
@Suite struct ExplainKeysTests {
  private func explain(_ session: Session, _ words: [String]) throws -> ChildResult {
    try run(
      foldlogBinary, ["explain"] + words,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  @Test(arguments: [
    ([], 64, "explain what?"),
    (["1817"], 66, "the log has no event 1817: it has events 0 to 1816; lines in quarantine"),
    (["18446744073709551615"], 66, "the log has no event"),
    (["18446744073709551616"], 64, "whole number from 0 on"),
    (["--", "-1"], 64, "whole number from 0 on"), (["-1"], 64, "-1"),
    (["4.5"], 66, "tells of one event, `foldlog explain 4`"),
    (["4."], 64, "whole number"),
    (["48", "49"], 64, "one event at a time"),
    (["vales", "48"], 66, "did you mean `values`?"),
    (["values/dayly", "x"], 66, "did you mean `values/daily`?"),
    (
      ["values"], 64,
      "name a row by its key: foldlog explain values OFFSET, for one `foldlog explain values 3`"
    ),
    (["values", "45"], 66, "event 45 is in `foldlog explain values 48`"),
    (["values", "999999"], 66, "the nearest is `foldlog explain values"),
    (["values", "first"], 64, "offset is a whole number from 0 on, and `first` is none"),
    (["deployments", "dep_1"], 66, "did you mean `foldlog explain deployments dep-1`?"),
    (["deployments", "dep"], 64, "more than one row fits"),
    (["correlations", "cache_hit", "true"], 64, "correlations cache_hit true latency_ms"),
    (["correlations", "cache_hit", "true", "latency"], 0, ""),
    (["correlations", "cache_hit,true,latency_ms"], 0, ""),
    (["errors/fixes", "5", "Clone", "the", "value", "before", "it", "is", "moved"], 0, ""),
    (["errors/fixes", "5", "Clone"], 0, ""), (["errors/fixes", "17", "null"], 0, ""),
    (["values/daily", "2026-03-02", "ralph", "null"], 0, ""),
    (["values", "48", "--format", "yaml"], 64, "there are text and json"),
  ])
  func `a key is found, or what is wrong with it is said`(
    _ words: [String], _ status: Int32, _ expected: String
  ) throws {
    let session = try Session()
    try session.ingestFixtures()
    let result = try explain(session, words)
    #expect(result.status == status, "\(words): \(result.errors)")
    #expect(expected.isEmpty || result.errors.contains(expected), "\(words): \(result.errors)")
    #expect(result.output.isEmpty == (status != 0))
  }

  @Test func `a log that is not there, or has no views yet, is said to be so`() throws {
    let session = try Session()
    #expect(try explain(session, ["0"]).status == 66)
    #expect(try explain(session, ["values", "0"]).status == 66)
    try session.foldlog(
      "ingest", "--no-project", "--stream", "aidb",
      input: "{\"event\":\"query_completion\",\"success\":true}\n")
    let event = try explain(session, ["0"])
    #expect(event.status == 0, "\(event.errors)")
    #expect(event.output.contains("the view `values` was never built"))
    #expect(event.output.contains("success by tool"))
    #expect(try explain(session, ["values", "0"]).status == 66)
  }

  @Test func `an explanation leaves nothing behind, and changes nothing`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let before = try session.foldlog("status").output
    _ = try explain(session, ["errors", "4"])
    _ = try explain(session, ["48"])
    #expect(try session.foldlog("status").output == before)
    let folders = try run("ls", [session.directory.file("data/views")]).output
    #expect(!folders.contains("scratch"))
  }
}
