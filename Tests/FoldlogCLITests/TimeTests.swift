import TestSupport
import Testing

/// Times that lines write in odd forms, or not at all.
@Suite struct TimeTests {
  private let session: Session

  init() throws { session = try Session() }

  /// Takes in lines as a source of their own.
  private func ingest(_ name: String, _ lines: String...) throws {
    let path = try session.directory.write(name, lines.map { "{\($0)}\n" }.joined())
    let result = try session.foldlog("ingest", "--stream", "aidb", path)
    #expect(result.status == 0, "\(result.errors)")
  }

  private func rows(_ table: String) throws -> [StrictJSON] {
    try session.foldlog("query", table, "--format", "jsonl").output.split(separator: "\n")
      .compactMap { StrictJSON(Array($0.utf8)) }
  }

  /// The cells of what `status` tells of times that it could not read.
  private func unread() throws -> [[String]] {
    let lines = try session.foldlog("status").output
      .split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("time that cannot be read") })
    else { return [] }
    return lines[(start + 2)...].prefix { !$0.isEmpty }
      .map { $0.split(separator: " ").map(String.init) }
  }

  @Test func `what cannot be read is counted, by source`() throws {
    try ingest(
      "a.jsonl", #""event":"query","query":"a","timestamp":"05/01/2026 08:00:00""#,
      #""event":"query","query":"b","timestamp":"yesterday""#,
      #""event":"query","query":"c","ts":true"#,
      #""event":"cache_hit","query":"d","timestamp":"9999-12-31T23:59:59Z""#)
    try ingest(
      "b.jsonl", #""event":"query","query":"e","timestamp":{"seconds":1}"#,
      ##""event":"query","query":"f","timestamp":null,"time":"""##,
      #""event":"query","query":"g""#,
      #""event":"query","query":"h","timestamp":"soon","ts":"2026-05-01T08:00:00Z""#,
      #""event":"query","query":"i","timestamp":"2026-05-01T08:00:00Z[UTC]""#)
    let told = try unread().sorted { $0.joined() < $1.joined() }
    #expect(
      told == [
        ["time", "query", "2", "1"], ["timestamp", "cache_hit", "1", "1"],
        ["timestamp", "query", "1", "2"], ["ts", "query", "1", "1"],
      ])
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `where every time is read, there is nothing to tell`() throws {
    try ingest("a.jsonl", #""event":"query","query":"a","timestamp":"1 May 2026 08:00:00 GMT""#)
    #expect(try unread().isEmpty)
  }

  @Test func `inferred times are marked in every view that shows one`() throws {
    let failed = #""event":"query_completion","session_id":"s","query":"q","response":"r""#
    try ingest(
      "a.jsonl", failed + #","error_message":"no room","timestamp":"2026-05-01T08:00:00Z""#,
      failed + #","error_message":"no room""#)
    let path = try session.directory.write(
      "hybrid-events.jsonl",
      """
      {"event":"training_started","run_id":"1","model":"m"}
      {"event":"training_completed","run_id":"1","model":"m","timestamp":"2026-05-01T08:00:00Z"}

      """)
    try session.foldlog("ingest", path)
    func marks(_ table: String, _ columns: String...) throws -> [[StrictJSON?]] {
      try rows(table).map { row in columns.map { row[$0] } }
    }
    let (yes, no) = (StrictJSON.bool(true), StrictJSON.bool(false))
    #expect(try marks("values", "is_time_inferred") == [[no], [yes]])
    #expect(try marks("values/daily", "inferred") == [[.number("1")]])
    #expect(
      try marks("errors", "is_first_seen_inferred", "is_last_seen_inferred") == [[no, yes]])
    #expect(
      try marks("sessions", "is_started_at_inferred", "is_ended_at_inferred") == [[no, no]])
    #expect(
      try marks("deployments/training", "is_started_at_inferred", "is_ended_at_inferred")
        == [[yes, no]])
    // Wherever a view shows the time of an event, a mark stands beside it; two are computed.
    let unmarked = ["costs/limits resets_at", "datasets/cycles due_at"]
    for table in try listedTables() {
      let schema = try session.foldlog("schema", table, "--format", "json").output
      let properties = StrictJSON(Array(schema.utf8))?["properties"]
      guard case .object(let columns)? = properties else { continue }
      for (name, column) in columns
      where column["format"] == .string("date-time") && !unmarked.contains("\(table) \(name)") {
        #expect(columns["is_\(name)_inferred"] != nil, "\(table) \(name)")
      }
    }
  }
}
