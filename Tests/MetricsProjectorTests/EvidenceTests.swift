import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

/// Which events a row stands on, and which rows an event is in.
@Suite struct MetricEvidenceTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  private func offsets(_ metric: String, _ table: String = "metrics") throws -> [[Cell?]] {
    try spec.rows(table).filter {
      $0["metric"] == .text(metric) && $0["scope"] == .text("system")
    }.map { [$0["offsets"], $0["last_offset"], $0["offset_count"]] }
  }

  @Test func `a row names the events that gave its metric`() throws {
    let known: [Field: FieldValue] = [.latencyMS: 5]
    let first = scored(0, at: 3, seconds: start, 50, known)
    try spec.given(
      [
        event(0, "query_gap"), event(1, "cache_hit"), event(2, "query_gap"),
        event(3, "task_completed", stream: .aidb), event(4, "discovery_info"),
      ], facts: [first], modelCalls: [told(call(4))])
    var after = first.after
    after.score.total = FixedPoint(hundredths: 60)
    try spec.given(
      [event(5, "feedback", stream: .aidb, at: start)],
      facts: [Fact(of: EventID(5), before: first.after, after: after)])
    #expect(try offsets("events") == [[.offsets([0, 1, 2, 3, 4, 5]), .integer(5), .integer(6)]])
    #expect(try offsets("searches") == [[.offsets([0, 2]), .integer(2), .integer(2)]])
    #expect(try offsets("cache_hit") == [[.offsets([1]), .integer(1), .integer(1)]])
    #expect(try offsets("cost_usd") == [[.offsets([4]), .integer(4), .integer(1)]])
    #expect(try offsets("score") == [[.offsets([3, 5]), .integer(5), .integer(2)]])
    // What a later event leaves as it is, it did not give.
    #expect(try offsets("latency_ms") == [[.offsets([3]), .integer(3), .integer(1)]])
    #expect(
      try offsets("searches", "metrics/trends").first == [
        .offsets([0, 2]), .integer(2), .integer(2),
      ])

    #expect(
      try spec.metrics(about: event(2, "query_gap")) == ["events", "search_results", "searches"])
    #expect(try spec.metrics(about: event(1, "cache_hit")) == ["cache_hit", "events"])
    let closing = event(3, "task_completed", stream: .aidb)
    #expect(
      try spec.metrics(about: closing, after) == [
        "events", "high_value", "latency_ms", "score", "success",
      ])
    let feedback = event(5, "feedback", stream: .aidb)
    #expect(try spec.metrics(about: feedback, after) == ["events", "score"])
    #expect(
      try spec.metrics(about: event(4, "discovery_info")) == ["cost_usd", "events", "model_calls"])
  }

  @Test func `an event beyond the first of an hour is in the rows that it gave something to`()
    throws
  {
    let kinds = (0..<80).map { $0 % 2 == 0 ? "query_gap" : "cache_hit" }
    let events = kinds.enumerated().map {
      event(UInt64($0), $1, at: start + Int64($0 / 40) * hour, [.model: "m"])
    }
    try spec.given(events)
    let last = events[39]
    #expect(try spec.metrics(about: last) == ["cache_hit", "events"])
    #expect(try spec.metrics(about: events[38]) == ["events", "search_results", "searches"])
    let other = try ProjectorSpec(MetricsProjector.self)
    let many = (0..<90).map { event(UInt64($0), $0 % 2 == 0 ? "query_gap" : "cache_hit") }
    try other.given(many)
    #expect(try other.metrics(about: many[85]) == ["cache_hit", "events"])
    #expect(try other.metrics(about: many[84]) == ["events", "search_results", "searches"])
    #expect(try offsets(of: "cache_hit", in: other).count == 32)
    // It happened in that hour, and is none of its events.
    #expect(try other.metrics(about: event(90, "cache_hit")).isEmpty)
    #expect(try other.metrics(about: event(80, "cache_hit", at: start + hour)).isEmpty)
  }

  private func offsets(
    of metric: String, in spec: ProjectorSpec<MetricsProjector>
  ) throws -> [Offset] {
    let row = try spec.rows().first { $0["metric"] == .text(metric) }
    guard case .offsets(let offsets)? = row?["offsets"] else { return [] }
    return offsets
  }

  @Test func `of an anomaly and a trend are the events of their metric`() throws {
    // An hour with five searches follows ten with one.
    let before = (0..<10).map { event(UInt64(2 * $0), "query_gap", at: start + Int64($0) * hour) }
    let others = (0..<10).map {
      event(UInt64(2 * $0 + 1), "discovery_info", at: start + Int64($0) * hour)
    }
    let many = (20..<25).map { event(UInt64($0), "query_gap", at: start + 10 * hour) }
    let quiet = event(25, "discovery_info", at: start + 10 * hour)
    let end = event(26, "discovery_info", at: start + 11 * hour)
    try spec.given((before + others).sorted { $0.id < $1.id } + many + [quiet, end])
    #expect(
      try offsets("searches", "metrics/anomalies") == [
        [.offsets([20, 21, 22, 23, 24]), .integer(24), .integer(5)]
      ])
    #expect(try spec.metrics(about: many[0], in: "metrics/anomalies") == ["events", "searches"])
    #expect(try spec.metrics(about: quiet, in: "metrics/anomalies") == ["events"])
    #expect(try spec.metrics(about: before[0], in: "metrics/anomalies").isEmpty)
    let trends = try spec.metrics(about: before[0], in: "metrics/trends")
    #expect(Set(trends) == ["events", "searches", "search_results"])
    #expect(try Set(spec.metrics(about: quiet, in: "metrics/trends")) == ["events"])
  }
}

@Suite struct NowEvidenceTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  private func isInNow(_ event: Event, _ interaction: Interaction? = nil) throws -> Bool {
    try !MetricNow.answer.rows(
      about: EventSubject(event: event, interaction: interaction), in: spec.tables
    ).isEmpty
  }

  @Test func `now stands on the events that its figures count`() throws {
    let day = 24 * hour
    let times = [
      start - 15 * day, start - 13 * day, start - 3 * day, start - hour, start, start + 60,
    ]
    let facts = [0, 1].map { scored(UInt64($0), at: UInt64($0), seconds: times[$0], 70) }
    let events = [
      event(0, "task_completed", stream: .aidb, at: times[0]),
      event(1, "task_completed", stream: .aidb, at: times[1]),
      event(2, "ab_result", at: times[2], [.arm: "deployment"]),
      event(3, "query_gap", at: times[3]), event(4, "query_gap", at: times[4]),
      event(5, "cache_hit", at: times[3]), event(6, "cache_hit", at: times[4]),
      event(7, "a", at: times[4] - 1_741, [.sessionID: "gone"]),
      event(8, "a", at: times[4] - 1_740, [.sessionID: "s"]),
      event(9, "a", at: times[4], [.sessionID: "s"]), event(10, "discovery_info", at: times[4]),
      event(11, "discovery_info", at: times[5]),
    ]
    try spec.given(events, facts: facts)
    let row = try #require(try spec.rows("metrics/now").first)
    #expect(row["offsets"] == .offsets([1, 2, 4, 6, 9, 11]))
    #expect(row["last_offset"] == .integer(11) && row["offset_count"] == .integer(6))
    let counted = try events.indices.filter { index in
      try isInNow(events[index], index < 2 ? facts[index].after : nil)
    }
    #expect(counted == [1, 2, 4, 6, 9, 11])
  }

  @Test func `beyond what is kept nobody says how many they are`() throws {
    let events = (0..<40).map { event(UInt64($0), $0 % 40 == 3 ? "a" : "query_gap", at: start) }
    try spec.given(events)
    let row = try #require(try spec.rows("metrics/now").first)
    #expect(row["offset_count"] == .null && row["last_offset"] == .integer(39))
    #expect(try isInNow(events[39]) && isInNow(events[38]) && !isInNow(events[3]))
    #expect(try !isInNow(event(38, "discovery_info", at: start)))
  }
}
