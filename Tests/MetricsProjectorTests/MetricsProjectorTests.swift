import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

/// 2026-01-01T00:00:00Z.
private let start: Int64 = 1_767_225_600
private let hour: Int64 = 3_600

private func payload(
  _ offset: Offset, _ kind: String, at seconds: Int64 = start, _ payload: any Payload
) -> Event {
  let bare = event(offset, kind, at: seconds)
  return Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [payload])
}

/// An interaction with a score in hundredths, and the event that gives it its outcome.
private func scored(
  _ number: UInt64, at offset: Offset, seconds: Int64, _ score: Int64,
  _ fields: [Field: FieldValue] = [:]
) -> Fact {
  asserted(interaction(number, at: offset, stream: .aidb, seconds: seconds, score: score, fields))
}

@Suite struct MetricsProjectorTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  /// The rows of a metric, each as `scope/level n sum mean min max`.
  private func rows(_ metric: String) throws -> [String] {
    try spec.rows().filter { $0["metric"] == .text(metric) }.map { row in
      let cells = ["n", "sum", "mean", "min", "max"].map { row[$0]?.plainText ?? "" }
      return "\(row["scope"]?.plainText ?? "")/\(row["level"]?.plainText ?? "") "
        + cells.joined(separator: " ")
    }
  }

  private func given(_ facts: [Fact]) throws {
    try spec.given(
      facts.map { event($0.event.offset, "task_completed", stream: .aidb, at: start) }, facts: facts
    )
  }

  @Test func `events are counted by the hour and the stream`() throws {
    try spec.given([
      event(0, "a", at: start), event(1, "a", at: start + hour - 1),
      event(2, "a", at: start + hour),
      event(3, "a", stream: .ralph, at: start), event(4, "a", at: start),
    ])
    let counted = try spec.rows()
    #expect(counted.map { $0["metric"] } == Array(repeating: .text("events"), count: 5))
    #expect(
      try rows("events") == [
        "stream/hybrid 3 3 1.0 1 1", "stream/ralph 1 1 1.0 1 1", "system/null 4 4 1.0 1 1",
        "stream/hybrid 1 1 1.0 1 1", "system/null 1 1 1.0 1 1",
      ])
    #expect(counted[0]["offsets"] == .offsets([0, 1, 4]))
    #expect(counted[2]["offsets"] == .offsets([0, 1, 3, 4]))
    #expect(counted[3]["hour"] == .time(Timestamp(nanoseconds: (start + hour) * 1_000_000_000)))
  }

  @Test func `an interaction counts for its stream, its model and its user`() throws {
    let known: [Field: FieldValue] = [.model: "m", .userID: "u", .latencyMS: 20, .iterations: 2]
    try given([
      scored(0, at: 0, seconds: start, 80, known),
      scored(1, at: 1, seconds: start, 60, [.model: "m"]),
      scored(2, at: 2, seconds: start, 10),
    ])
    #expect(
      try rows("score") == [
        "model/m 2 1.4 0.7 0.6 0.8", "stream/aidb 3 1.5 0.5 0.1 0.8",
        "system/null 3 1.5 0.5 0.1 0.8",
        "user/u 1 0.8 0.8 0.8 0.8",
      ])
    #expect(try rows("high_value").last == "user/u 1 1 1.0 1 1")
    #expect(try rows("latency_ms").first == "model/m 1 20 20.0 20 20")
  }

  @Test func `what changes is taken back, but for the least and the greatest`() throws {
    let first = scored(0, at: 0, seconds: start, 80, [.model: "m"])
    try given([first, scored(1, at: 1, seconds: start, 60, [.model: "m"])])
    var after = first.after
    after.score.total = FixedPoint(hundredths: 40)
    after.outcome = .partial
    try given([Fact(of: EventID(2), before: first.after, after: after)])
    #expect(try rows("score").first == "model/m 2 1 0.5 0.4 0.8")
    // A partial outcome is neither a success nor a failure.
    #expect(try rows("success").first == "model/m 1 1 1.0 1 1")
  }

  @Test func `a model and a user that are named late are counted, and lose nothing`() throws {
    let first = scored(0, at: 0, seconds: start, 80)
    try given([first])
    var named = first.after
    named.fields =
      interaction(
        0, at: 0, stream: .aidb, seconds: start, score: 80, [.model: "m", .userID: "u"]
      ).fields
    try given([Fact(of: EventID(1), before: first.after, after: named)])
    var lower = named
    lower.score.total = FixedPoint(hundredths: 60)
    try given([Fact(of: EventID(2), before: named, after: lower)])
    try given([scored(1, at: 3, seconds: start, 80, [.model: "m", .userID: "u"])])
    let both = " 2 1.4 0.7 0.6 0.8"
    let levels = ["model/m", "stream/aidb", "system/null", "user/u"]
    let scores = try rows("score")
    #expect(scores == levels.map { $0 + both }, "\(scores)")

    let time = Timestamp(nanoseconds: start * 1_000_000_000)
    let call = ModelCall(
      event: EventID(4), id: "c", context: CallContext(stream: .aidb, time: time), model: nil,
      usage: TokenUsage(), cost: Money(dollars: FixedPoint(hundredths: 25)), basis: .said)
    var renamed = call
    renamed.model = "m"
    try spec.given(
      [event(4, "a", stream: .aidb, at: start)],
      modelCalls: [
        CallChange(of: EventID(4), before: nil, after: call),
        CallChange(of: EventID(4), before: call, after: renamed),
      ])
    #expect(try rows("cost_usd").first == "model/m 1 0.25 0.25 0.25 0.25")
  }

  @Test func `calls, searches, routes and health checks are measured`() throws {
    let time = Timestamp(nanoseconds: start * 1_000_000_000)
    let call = ModelCall(
      event: EventID(0), id: "c", context: CallContext(stream: .hybrid, time: time), model: "m",
      usage: TokenUsage(), cost: Money(dollars: FixedPoint(hundredths: 25)), basis: .said)
    var search = SearchReport()
    search.semantic = 3
    search.keyword = 2
    var report = HealthReport()
    report.isOK = true
    report.latencyMS = FixedPoint(hundredths: 1_200)
    var watch = WatchReport()
    watch.anomalies = 1
    var prediction = Prediction()
    prediction.probability = FixedPoint(hundredths: 75)
    try spec.given(
      [
        event(0, "inference"), payload(1, "hybrid_search", search), event(2, "query_gap"),
        event(3, "routing_decision", [.isLocal: true]), event(4, "route_search", [.isLocal: false]),
        payload(5, "health_checked", report), payload(6, "health_spider_cycle", watch),
        event(7, "health_spider_service_down"), event(8, "health_spider_started"),
        event(9, "ab_result", [.arm: "deployment", .isError: true]),
        event(10, "ab_result", [.arm: "deployment"]), event(11, "ab_result", [.arm: "baseline"]),
        payload(12, "prediction_made", prediction), event(13, "completion", [.cacheHit: true]),
      ],
      modelCalls: [CallChange(of: EventID(0), before: nil, after: call)])
    func system(_ metric: String) throws -> String? {
      try rows(metric).first { $0.hasPrefix("system/") }?.split(separator: " ", maxSplits: 1).last
        .map(String.init)
    }
    #expect(try system("cost_usd") == "1 0.25 0.25 0.25 0.25")
    #expect(try system("model_calls") == "1 1 1.0 1 1")
    #expect(try system("searches") == "2 2 1.0 1 1")
    #expect(try system("search_results") == "2 5 2.5 0 5")
    #expect(try system("routes") == "2 2 1.0 1 1")
    #expect(try system("routed_local") == "2 1 0.5 0 1")
    #expect(try system("health_ok") == "2 1 0.5 0 1")
    #expect(try system("health_latency_ms") == "1 12 12.0 12 12")
    #expect(try system("health_findings") == "1 1 1.0 1 1")
    #expect(try system("trial_success") == "2 1 0.5 0 1")
    #expect(try system("predicted_success") == "1 0.75 0.75 0.75 0.75")
    #expect(try system("cache_hit") == "1 1 1.0 1 1")
    #expect(try rows("cost_usd").first == "model/m 1 0.25 0.25 0.25 0.25")
  }

  @Test func `cuts leave no trace`() throws {
    let facts = (0..<40).map {
      scored(UInt64($0), at: UInt64($0), seconds: start, Int64($0), [.model: "m"])
    }
    let events = facts.map {
      event($0.event.offset, "completion", stream: .aidb, [.model: "m", .cacheHit: true])
    }
    try spec.given(events, facts: facts)
    let cut = try ProjectorSpec(MetricsProjector.self)
    for (event, fact) in zip(events, facts) { try cut.given([event], facts: [fact]) }
    #expect(cut.tables.digest == spec.tables.digest)
    #expect(try cut.rows() == spec.rows())
  }
}

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

@Suite struct MetricAnomalyTests {
  /// The severities of an hour's mean after as many hours of 0 and 2 in turn: μ 1, σ 1.
  private func severity(after hours: Int, _ latency: FieldValue) throws -> [Cell] {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let values = (0..<hours).map { FieldValue.number(FixedPoint(Int64($0 % 2 * 2)) ?? .zero) }
    let all = values + [latency]
    let times = all.indices.map { start + Int64($0) * hour }
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: all.indices.map {
        scored(UInt64($0), at: UInt64($0), seconds: times[$0], 50, [.latencyMS: all[$0]])
      })
    return try spec.rows("metrics/anomalies").filter {
      $0["metric"] == .text("latency_ms") && $0["scope"] == .text("system")
    }.compactMap { $0["severity"] }
  }

  @Test(
    arguments: [
      (3, []), (3.000_000_001, ["low"]), (-1.000_000_001, ["low"]), (3.5, ["low"]),
      (3.500_000_001, ["medium"]), (4, ["medium"]), (4.000_000_001, ["high"]),
    ] as [(FieldValue, [String])])
  func `how far from the mean tells how severe`(value: FieldValue, expected: [String]) throws {
    #expect(try severity(after: 10, value) == expected.map(Cell.text))
  }

  @Test func `ten earlier hours are needed`() throws {
    #expect(try severity(after: 9, 99).isEmpty)
    #expect(try severity(after: 10, 99) == [.text("high")])
  }

  /// The deviation of equal values is taken as 0.001.
  @Test(arguments: [(1.001_999_999, 0), (1.002_000_001, 1)] as [(FieldValue, Int)])
  func `equal values have a least deviation`(value: FieldValue, count: Int) throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let times = (0...10).map { start + Int64($0) * hour }
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: times.indices.map {
        scored(
          UInt64($0), at: UInt64($0), seconds: times[$0], 50, [.latencyMS: $0 == 10 ? value : 1])
      })
    let found = try spec.rows("metrics/anomalies").filter {
      $0["metric"] == .text("latency_ms") && $0["scope"] == .text("system")
    }
    #expect(found.count == count)
  }

  @Test func `the hour that is not over is not judged by its count`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    func events(_ hours: Range<Int>, from offset: Offset) -> [Event] {
      hours.flatMap { number in
        (0..<5).map {
          event(offset + UInt64(number * 5 + $0), "a", at: start + Int64(number) * hour)
        }
      }
    }
    try spec.given(events(0..<10, from: 0) + [event(50, "a", at: start + 10 * hour)])
    #expect(try spec.rows("metrics/anomalies").isEmpty)
    try spec.given([event(51, "a", at: start + 11 * hour)])
    let found = try spec.rows("metrics/anomalies")
    #expect(found.map { $0["scope"] } == [.text("stream"), .text("system")])
    #expect(found.map { $0["value"] } == [.real(1), .real(1)])
    #expect(found.map { $0["hours_before"] } == [.integer(10), .integer(10)])
    #expect(found.map { $0["mean_before"] } == [.real(5), .real(5)])
  }
}

@Suite struct MetricTrendTests {
  /// The trend of the score over 7 days, of a first half of 0.60 and a second of what is given.
  private func trend(_ score: FixedPoint, first: Int64 = 60) throws -> [String: Cell] {
    let spec = try ProjectorSpec(MetricsProjector.self)
    // 84 hours are half of 7 days: the hour of the latest event is the last of them.
    let times = [start - 84 * hour, start - 83 * hour]
    var second = scored(1, at: 1, seconds: times[1], 0)
    var after = second.after
    after.score.total = score
    second = asserted(after)
    try spec.given(
      [
        event(0, "task_completed", stream: .aidb, at: times[0]),
        event(1, "task_completed", stream: .aidb, at: times[1]), event(2, "a", at: start),
      ], facts: [scored(0, at: 0, seconds: times[0], first), second])
    return try #require(
      try spec.rows("metrics/trends").first {
        $0["metric"] == .text("score") && $0["scope"] == .text("system")
          && $0["days"] == .integer(7)
      })
  }

  @Test(
    arguments: [
      (630_000_000, "steady"), (630_000_001, "rising"), (570_000_000, "steady"),
      (569_999_999, "falling"), (600_000_000, "steady"),
    ] as [(Int64, String)])
  func `five of a hundred are steady`(units: Int64, expected: String) throws {
    let row = try trend(FixedPoint(units: units))
    #expect(row["trend"] == .text(expected))
    #expect(row["first_n"] == .integer(1) && row["second_n"] == .integer(1))
  }

  @Test func `nothing to compare with is no trend`() throws {
    let row = try trend(FixedPoint(hundredths: 50), first: 0)
    #expect(row["trend"] == .null && row["change"] == .null)
  }

  @Test func `counts are compared by how many there were`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let days = [-20, -19, -1, 0, 0, 0, -40].map { start + Int64($0) * 24 * hour }
    try spec.given(days.enumerated().map { event(UInt64($0), "a", at: $1) })
    let rows = try spec.rows("metrics/trends").filter { $0["scope"] == .text("system") }
    #expect(rows.map { $0["days"] } == [7, 30, 90].map(Cell.integer))
    #expect(rows.map { $0["first"] } == [0, 2, 0].map(Cell.real))
    #expect(rows.map { $0["second"] } == [4, 4, 7].map(Cell.real))
    #expect(rows.map { $0["trend"] } == [.null, .text("rising"), .null])
    #expect(rows[1]["change"] == .real(1))
  }
}
