import TestSupport
import Testing

/// Fixtures and real answers against schemas/, by a validator of others.
@Suite struct SchemaTests {
  @Test func `fixtures are what the schemas of events say`() throws {
    let result = try run("python3", ["\(packageRoot)/tools/validate.py", "events"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func `the rows of every table are what its schema says`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let tables = try session.foldlog("query", "--help").output
    for table in Self.tables where tables.contains(table) {
      let rows = try session.foldlog("query", table, "--format", "jsonl").output
      let result = try run(
        "python3", ["\(packageRoot)/tools/validate.py", "view", table], input: Array(rows.utf8))
      #expect(result.status == 0, "\(table): \(result.output)\(result.errors)")
    }
  }

  private static let tables = [
    "values", "values/daily", "values/histogram", "correlations", "correlations/pairs",
    "correlations/strategies", "errors", "errors/events", "errors/fixes", "errors/gaps", "datasets",
    "datasets/pairs", "datasets/readiness", "deployments", "deployments/models",
    "deployments/training", "deployments/anomalies",
  ]
}
