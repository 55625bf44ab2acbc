import TestSupport
import Testing

/// What a later process takes in changes the rows that an earlier one wrote, as if all had come at
/// once.
@Suite struct LateEventTests {
  /// Two interactions of one day, and a comparison that is a sample short on each side.
  private static let early: String = {
    var lines = [
      """
      {"stream":"ralph","event":"task_completed","task_id":"t1","session_id":"s1","model":"m1",\
      "strategy":"plan","prompt":"mend the parser of dates","output":"It is mended now.",\
      "status":"completed","tools_used":["edit"],"timestamp":"2026-03-01T10:00:00Z"}
      """,
      """
      {"stream":"aidb","event":"query_completion","query_id":"q1","session_id":"s1","model":"m2",\
      "strategy":"plain","query":"why is it slow","response":"It waits.","success":false,\
      "timestamp":"2026-03-01T11:00:00Z"}
      """,
      """
      {"stream":"hybrid","event":"deployment_created","deployment_id":"d1","model":"m2",\
      "baseline_model":"m1","task_type":"code","timestamp":"2026-03-01T12:00:00Z"}
      """,
      """
      {"stream":"hybrid","event":"deployment_active","deployment_id":"d1",\
      "timestamp":"2026-03-01T12:00:01Z"}
      """,
    ]
    for number in 0..<99 { lines += results(number) }
    return lines.joined(separator: "\n") + "\n"
  }()

  /// Days later: people reject the one and accept the other, and the comparison is complete.
  private static let late =
    ([
      """
      {"stream":"ralph","event":"feedback","task_id":"t1","session_id":"s1","accepted":false,\
      "user_feedback":-1,"timestamp":"2026-03-05T10:00:00Z"}
      """,
      """
      {"stream":"aidb","event":"feedback","query_id":"q1","session_id":"s1","accepted":true,\
      "user_feedback":1,"timestamp":"2026-03-05T10:00:01Z"}
      """,
    ] + results(99)).joined(separator: "\n") + "\n"

  private static func results(_ number: Int) -> [String] {
    [("deployment", "0.84"), ("baseline", "0.8")].map { arm, quality in
      """
      {"stream":"hybrid","event":"ab_result","deployment_id":"d1","arm":"\(arm)",\
      "quality_score":\(quality),"request_id":"r\(number)","timestamp":"2026-03-02T12:00:00Z"}
      """
    }
  }

  /// Some columns of the rows of a table, which stand before any that holds a comma.
  private func cells(
    _ session: Session, _ table: String, _ columns: String...
  ) throws -> [String] {
    let answer = try session.foldlog("query", table, "--format", "csv")
    #expect(answer.status == 0, "\(answer.errors)")
    let rows = answer.output.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let names = rows.first ?? []
    return rows.dropFirst().map { row in
      columns.map { name in
        names.firstIndex { $0 == name }.map { String(row[$0]) } ?? "no \(name)"
      }.joined(separator: " ")
    }
  }

  @Test func `rows of every view change`() throws {
    let session = try Session()
    #expect(try session.foldlog("ingest", input: Self.early).status == 0)
    let columns = ["values", "values/daily", "values/histogram"]
    #expect(
      try cells(session, "values", "offset", "outcome", "outcome_basis", "feedback", "score")
        == ["0 success self 0.5 0.68", "1 failure tool 0.5 0.34"])
    #expect(
      try cells(session, "values/daily", "day", "stream", "mean_score", "high_value")
        == ["2026-03-01 aidb 0.34 0", "2026-03-01 ralph 0.68 0"])
    #expect(
      try cells(session, "values/histogram", "count").joined() == "0001001000")
    #expect(
      try cells(session, "correlations/strategies", "strategy", "successes", "failures")
        == ["plain 0 1", "plan 1 0"])
    #expect(try cells(session, "deployments", "samples", "recommendation") == ["99 wait"])

    #expect(try session.foldlog("ingest", input: Self.late).status == 0)
    #expect(
      try cells(session, "values", "offset", "outcome", "outcome_basis", "feedback", "score")
        == ["0 failure human 0 0.26", "1 success human 1 0.76"])
    #expect(
      try cells(session, "values/daily", "day", "stream", "mean_score", "high_value")
        == ["2026-03-01 aidb 0.76 1", "2026-03-01 ralph 0.26 0"])
    #expect(
      try cells(session, "values/histogram", "count").joined() == "0010000100")
    #expect(
      try cells(session, "correlations/strategies", "strategy", "successes", "failures")
        == ["plain 1 0", "plan 0 1"])
    let rows = try cells(session, "correlations", "factor", "level", "metric", "mean_with")
    #expect(rows.contains("model m1 success 0.0") || rows.contains("model m1 success 0"))
    #expect(rows.contains("model m2 value 0.76"))
    #expect(try cells(session, "deployments", "samples", "recommendation") == ["100 promote"])

    let once = try Session()
    #expect(try once.foldlog("ingest", input: Self.early + Self.late).status == 0)
    for table in columns + [
      "correlations", "correlations/pairs", "correlations/strategies", "deployments",
      "deployments/anomalies",
    ] {
      let (later, whole) = (
        try session.foldlog("query", table, "--format", "json").output,
        try once.foldlog("query", table, "--format", "json").output
      )
      #expect(later == whole, "\(table)")
    }
  }
}
