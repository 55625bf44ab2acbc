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
}
