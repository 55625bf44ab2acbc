import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

@Suite struct MetricsProjectorTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  private func rows(_ metric: String) throws -> [String] { try spec.rows(of: metric) }

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

  @Test func `what changes is taken back`() throws {
    let first = scored(0, at: 0, seconds: start, 80, [.model: "m"])
    try given([first, scored(1, at: 1, seconds: start, 60, [.model: "m"])])
    var after = first.after
    after.score.total = FixedPoint(hundredths: 40)
    after.outcome = .partial
    try given([Fact(of: EventID(2), before: first.after, after: after)])
    #expect(try rows("score").first == "model/m 2 1 0.5 0.4 0.6")
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
    // Of its model and its user are the events since it names them.
    let offsets = try spec.rows().filter { $0["metric"] == .text("score") }.map { $0["offsets"] }
    #expect(
      offsets == [[1, 2, 3], [0, 2, 3], [0, 2, 3], [1, 2, 3]].map { .offsets($0) }, "\(offsets)")

    let unnamed = call(4, model: nil)
    var renamed = unnamed
    renamed.model = "m"
    try spec.given(
      [event(4, "a", at: start)],
      modelCalls: [
        told(unnamed),
        CallChange(of: EventID(4), before: unnamed, after: renamed),
      ])
    #expect(try rows("cost_usd").first == "model/m 1 0.25 0.25 0.25 0.25")
  }

  @Test func `calls, searches, routes and health checks are measured`() throws {
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
      modelCalls: [told(call(0))])
    func system(_ metric: String) throws -> String? { try spec.system(metric) }
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
