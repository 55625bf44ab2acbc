import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

/// What counts, and for whom.
@Suite struct MeasuredTests {
  private let spec: ProjectorSpec<MetricsProjector>

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  @Test func `an answer from a cache is a hit, whatever else its line says`() throws {
    try spec.given([
      event(0, "cache_hit"), event(1, "cache_hit", [.cacheHit: true]),
      event(2, "query_completion", [.cacheHit: false]), event(3, "query_completion"),
    ])
    #expect(try spec.system("cache_hit") == "3 2 \(2.0 / 3.0) 0 1")
  }

  @Test func `an answer counts once, however many events say that it came from a cache`() throws {
    try spec.given([
      event(0, "cache_hit", [.interactionID: "q"]),
      event(1, "query_completion", [.interactionID: "q", .cacheHit: true]),
      event(2, "query_completion", [.interactionID: "q", .cacheHit: false]),
      event(3, "route_search", [.interactionID: "r", .traceID: "t"]),
      event(4, "query_completion", [.traceID: "t", .cacheHit: false]),
      event(5, "query_completion", [.interactionID: "r", .cacheHit: true]),
      event(6, "cache_hit"), event(7, "cache_hit"),
      event(8, "query_completion", stream: .aidb, [.interactionID: "q", .cacheHit: false]),
    ])
    // q, r, two that name no request, and the q of another stream.
    #expect(try spec.system("cache_hit") == "5 3 0.6 0 1")
    #expect(try spec.system("routes") == "1 1 1.0 1 1")
  }

  @Test func `tokens of which nobody told the parts are read and written together`() throws {
    var total = call(0)
    total.tokensUnsplit = 700
    try spec.given([event(0, "completion")], modelCalls: [told(total)])
    #expect(try spec.system("tokens_unsplit") == "1 700 700.0 700 700")
    #expect(try spec.system("tokens_output") == nil && spec.system("tokens_input") == nil)
  }

  // MARK: Checks

  private static let checks: [(String, Bool?, String?, [Field: FieldValue], String?)] = [
    ("health_checked", true, "down", [.isError: true], "1"),
    ("health_checked", false, "ok", [:], "0"),
    ("health_checked", nil, "OK", [.isError: true], "1"),
    ("health_checked", nil, "healthy", [:], "1"), ("health_checked", nil, "degraded", [:], "0"),
    ("health_checked", nil, "timeout", [:], "0"), ("health_checked", nil, "stopped", [:], "0"),
    ("health_checked", nil, "purple", [.isError: false], "1"),
    ("health_checked", nil, nil, [.errorMessage: "refused"], "0"),
    ("health_checked", nil, "purple", [:], nil), ("health_checked", nil, nil, [:], nil),
    ("health-check", nil, nil, [:], nil), ("health_check", nil, nil, [:], nil),
    ("health-check", true, nil, [:], "1"), ("health_check", nil, "failed", [:], "0"),
    ("deployment_checked", true, nil, [:], "1"), ("deployment_checked", nil, nil, [:], nil),
    ("telemetry_probe", nil, nil, [:], "1"), ("telemetry_probe", nil, nil, [.isError: true], "0"),
  ]

  @Test(arguments: checks.indices)
  func `a check says ok, else its status tells, else its error, else it does not count`(
    index: Int
  ) throws {
    let (kind, isOK, status, fields, expected) = Self.checks[index]
    var report = HealthReport()
    (report.isOK, report.status) = (isOK, status)
    let bare = event(0, kind, at: start, fields)
    try spec.given([
      Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
    ])
    let counted = try spec.system("health_ok")
    #expect(counted == expected.map { "1 \($0) \($0).0 \($0) \($0)" }, "\(Self.checks[index])")
  }

  @Test func `a check without a report counts by its error alone`() throws {
    try spec.given([
      event(0, "health-check"), event(1, "health_checked"),
      event(2, "health_checked", [.isError: true]), event(3, "health_spider_cycle"),
    ])
    #expect(try spec.system("health_ok") == "1 0 0.0 0 0")
  }

  // MARK: Models and users

  @Test func `where a model ran is no name of one`() throws {
    try spec.given(
      [
        event(0, "route_search", [.llmUsed: "local"]),
        event(1, "route_search", [.llmUsed: "remote"]),
        event(2, "route_search", [.llmUsed: "qwen"]),
        event(3, "route_search", [.llmUsed: "local", .model: "m"]),
      ])
    #expect(
      try spec.rows(of: "routes") == [
        "model/m 1 1 1.0 1 1", "model/qwen 1 1 1.0 1 1", "stream/hybrid 4 4 1.0 1 1",
        "system/null 4 4 1.0 1 1",
      ])
    // A name does not tell where it ran.
    #expect(try spec.system("routed_local") == "3 2 \(2.0 / 3.0) 0 1")
  }

  @Test func `a call counts for its user, or for that of its session`() throws {
    let usage = TokenUsage(input: 7, output: 3)
    let calls = [
      call(1, session: "s"), call(3, session: "s", usage: usage),
      call(4, user: "b", session: "s"), call(5, session: "other"),
    ]
    try spec.given(
      [
        event(1, "inference", [.sessionID: "s"]), event(2, "a", [.sessionID: "s", .userID: "a"]),
        event(3, "inference", [.sessionID: "s"]),
        event(4, "inference", [.sessionID: "s", .userID: "b"]), event(5, "inference"),
      ], modelCalls: calls.map(told))
    func users(_ metric: String) throws -> [String] {
      try spec.rows(of: metric).filter { $0.hasPrefix("user/") }
    }
    // The first call came before anybody was named.
    #expect(try users("model_calls") == ["user/a 1 1 1.0 1 1", "user/b 1 1 1.0 1 1"])
    #expect(
      try users("cost_usd") == ["user/a 1 0.25 0.25 0.25 0.25", "user/b 1 0.25 0.25 0.25 0.25"])
    #expect(try users("tokens_input") == ["user/a 1 7 7.0 7 7"])
    #expect(try users("tokens_output") == ["user/a 1 3 3.0 3 3"])
    // Two people share the session from then on. What is said of earlier calls is taken back from
    // those whom they counted for.
    var (first, second) = (calls[0], calls[1])
    first.cost = Money(dollars: .one)
    second.cost = Money(dollars: .one)
    try spec.given(
      [event(6, "inference", [.sessionID: "s"])],
      modelCalls: [
        told(call(6, session: "s")), CallChange(of: EventID(6), before: calls[0], after: first),
        CallChange(of: EventID(6), before: calls[1], after: second),
      ])
    #expect(try users("cost_usd") == ["user/a 1 1 1.0 1 1", "user/b 1 0.25 0.25 0.25 0.25"])
    #expect(try spec.system("cost_usd") == "5 2.75 0.55 0.25 1")
  }

  // MARK: Routes

  @Test func `a request's route counts once`() throws {
    let request: [Field: FieldValue] = [.interactionID: "q", .traceID: "t"]
    try spec.given([
      event(0, "route_query", [.interactionID: "q"]), event(1, "route_search", request),
      event(2, "routing_decision", [.traceID: "t", .isLocal: true]),
      event(3, "route_decided", [.interactionID: "q", .isLocal: false]),
    ])
    #expect(try spec.system("routes") == "1 1 1.0 1 1")
    // The first that says where it ran does.
    #expect(try spec.system("routed_local") == "1 1 1.0 1 1")
  }

  @Test func `requests of one trace count each, and what names no request always`() throws {
    try spec.given([
      event(0, "route_search", [.interactionID: "a", .traceID: "t"]),
      event(1, "route_search", [.interactionID: "b", .traceID: "t"]),
      event(2, "route_search", [.traceID: "t"]), event(3, "route_search"),
      event(4, "route_search"),
      event(5, "route_search", stream: .aidb, [.interactionID: "a"]),
    ])
    #expect(try spec.system("routes") == "5 5 1.0 1 1")
  }

  @Test func `a request that was known by its trace is the one that names it first`() throws {
    try spec.given([event(0, "route_query", [.traceID: "t", .isLocal: true])])
    try spec.given([
      event(1, "route_search", [.interactionID: "a", .traceID: "t", .isLocal: true]),
      event(2, "route_search", [.interactionID: "a", .isLocal: true]),
      event(3, "route_search", [.interactionID: "b", .traceID: "t"]),
    ])
    #expect(try spec.system("routes") == "2 2 1.0 1 1")
    #expect(try spec.system("routed_local") == "1 1 1.0 1 1")
  }
}
