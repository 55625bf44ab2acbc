import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

@Suite struct MetricsNowTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  private func now() throws -> [String: Cell] { try #require(try spec.rows("metrics/now").first) }

  @Test func `a session is active for thirty minutes`() throws {
    try spec.given([
      event(0, "a", at: start, [.sessionID: "gone"]),
      event(1, "a", at: start + 1, [.sessionID: "last"]),
      event(2, "a", at: start + 1_801, [.sessionID: "now"]), event(3, "a", at: start),
      event(4, "a", at: start + 9 * hour, isTimeInferred: true),
    ])
    #expect(try now()["now"] == .time(Timestamp(nanoseconds: (start + 1_801) * 1_000_000_000)))
    #expect(try now()["active_sessions"] == .integer(2))
  }

  @Test func `the day and the hour are those of the latest event`() throws {
    let gaps = [start - 1, start + 2 * hour, start + 2 * hour + 119, start + 2 * hour + 60]
    try spec.given(gaps.enumerated().map { event(UInt64($0), "query_gap", at: $1) })
    // Three searches in the two minutes of the hour that have begun.
    #expect(try now()["searches_per_min"] == .real(1.5))
    try spec.given(
      [start - 1, start + 1].enumerated().map {
        event(UInt64($0 + 4), "completion", at: $1, [.cacheHit: .bool($0 == 1)])
      })
    #expect(try now()["cache_hit_rate"] == .real(1))
    try spec.given(
      (6..<9).map { event(UInt64($0), "task_completed", stream: .aidb, at: start) },
      facts: [
        scored(0, at: 6, seconds: start, 70), scored(1, at: 7, seconds: start, 69),
        scored(2, at: 8, seconds: start - 1, 99),
      ])
    #expect(try now()["patterns_today"] == .integer(1))
  }

  @Test func `what no line dates is not of the present`() throws {
    try spec.given(
      [
        event(0, "query_gap", at: start), event(1, "query_gap", at: start, isTimeInferred: true),
        event(2, "a", at: start, isTimeInferred: true, [.sessionID: "s"]),
        event(3, "a", at: start - 60, [.sessionID: "t"]),
        event(4, "a", at: start, isTimeInferred: true, [.sessionID: "t"]),
      ])
    #expect(try now()["searches_per_min"] == .real(1))
    #expect(try now()["active_sessions"] == .integer(1))
    #expect(try spec.system("searches") == "2 2 1.0 1 1")
    #expect(try spec.rows(of: "searches").first == "stream/hybrid 2 2 1.0 1 1")
    // Where no line dates anything, what is inferred is all there is.
    let other = try ProjectorSpec(MetricsProjector.self)
    try other.given([
      event(0, "query_gap", at: start, isTimeInferred: true, [.sessionID: "s"])
    ])
    let row = try #require(try other.rows("metrics/now").first)
    #expect(row["searches_per_min"] == .real(1) && row["active_sessions"] == .integer(1))
  }

  /// (0.8 − 0.5) / 0.5.
  @Test func `a week is compared with the one before`() throws {
    let week = 7 * 24 * hour
    let times = [
      start - 2 * week, start - 2 * week + hour, start - week, start - week + hour, start,
    ]
    let scores: [Int64] = [99, 40, 60, 70, 90]
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: (0..<5).map { scored(UInt64($0), at: UInt64($0), seconds: times[$0], scores[$0]) })
    guard case .real(let rate)? = try now()["improvement_rate"] else {
      Issue.record("no improvement_rate")
      return
    }
    #expect(abs(rate - 0.6) < 1e-12)
  }

  @Test func `each figure is explained by what it was computed from`() throws {
    let week = 7 * 24 * hour
    try spec.given(
      [
        event(0, "task_completed", stream: .aidb, at: start - week),
        event(1, "task_completed", stream: .aidb, at: start),
        event(2, "query_gap", at: start + 60, [.sessionID: "s"]),
        event(3, "cache_hit", at: start + 119),
        event(4, "ab_result", at: start + 119, [.arm: "deployment", .isError: true]),
      ],
      facts: [scored(0, at: 0, seconds: start - week, 40), scored(1, at: 1, seconds: start, 80)],
      modelCalls: [told(call(4))])
    let answer = MetricNow.answer
    var cells: [Cell] = []
    try answer.forEachRow(in: spec.tables) { row in
      cells = row.cells
      return true
    }
    let explanation = try answer.explanation(
      of: AnswerRow(columns: answer.columns, cells: cells), in: spec.tables, trace: nil)
    func inputs(_ name: String) -> [String] {
      (explanation.figures.first { $0.name == name }?.inputs ?? []).map {
        "\($0.name): \($0.value.plainText) \($0.offsets)"
      }
    }
    #expect(inputs("active_sessions") == ["active sessions: the last event of each: 1 [2]"])
    #expect(inputs("cost_today_usd") == ["calls of models with a cost: 1 [4]"])
    #expect(
      inputs("searches_per_min") == [
        "searches of the hour: 1 [2]", "minutes of it that have begun: 2 []",
      ])
    #expect(
      inputs("cache_hit_rate") == [
        "answers that came from a cache: 1 [3]", "answers of which it is said: 1 []",
      ])
    #expect(inputs("patterns_today") == ["interactions of the day: 1 [1]"])
    #expect(
      inputs("improvement_rate") == [
        "mean score of the last 7 days: 0.8 [1]", "scores of the last 7 days: 1 []",
        "mean score of the 7 before: 0.4 [0]", "scores of the 7 before: 1 []",
      ])
    #expect(
      inputs("shadow_success_rate") == ["results without an error: 0 [4]", "results: 1 []"])
  }
}
