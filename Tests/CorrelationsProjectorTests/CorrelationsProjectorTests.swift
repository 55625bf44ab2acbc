import Bytes
import Events
import Facts
import TestSupport
import Testing
import Views

@testable import CorrelationsProjector

@Suite struct CorrelationsProjectorTests {
  private let spec: ProjectorSpec<CorrelationsProjector>

  init() throws { spec = try ProjectorSpec(CorrelationsProjector.self) }

  private func row(_ factor: String, _ level: String, _ metric: String) throws -> [String: Cell] {
    try spec.rows().first {
      $0["factor"] == .text(factor) && $0["level"] == .text(level) && $0["metric"] == .text(metric)
    } ?? [:]
  }

  private func given(
    _ count: UInt64, from number: UInt64 = 0, outcome: Outcome = .success,
    _ fields: (UInt64) -> [Field: FieldValue]
  ) throws {
    let new = (number..<number + count).map {
      interaction($0, at: $0, outcome: outcome, fields($0))
    }
    try spec.given(facts: new.map(asserted))
  }

  @Test func `a time that no line says, and how foldlog calls the end of a turn, are no factors`()
    throws
  {
    var turn = interaction(0, at: 7, kind: "turn_ended", [.model: "m"])
    turn.isTimeInferred = true
    try spec.given(facts: [asserted(turn)])
    let factors = Set(try spec.rows().map { $0.text("factor") })
    #expect(factors == ["model", "stream"])
  }

  @Test func `a sample is at a level of each factor that is known`() throws {
    try spec.given(facts: [
      asserted(
        interaction(
          0, at: 7, kind: "query_completion", stream: .aidb, seconds: 1_767_225_600 + 9 * 3_600,
          [
            .model: "m", .backend: "b", .provider: "p", .route: "r", .llmUsed: "local",
            .isLocal: true, .extension: "e", .profile: "f", .agentType: "a", .language: "l",
            .taskType: "t", .domain: "d", .strategy: "s", .cacheHit: false, .contextRetrieved: true,
            .toolsUsed: ["x", "y", "x"], .iterations: 3,
          ]))
    ])
    let levels = try spec.rows().filter { $0["metric"] == .text("success") }.map {
      "\($0.text("factor") ?? "")=\($0.text("level") ?? "")"
    }
    #expect(
      levels == [
        "agent_type=a", "backend=b", "cache_hit=false", "context_retrieved=true", "domain=d",
        "extension=e", "hour=9", "is_local=true", "iterations=2-3", "kind=query_completion",
        "language=l", "llm_used=local", "model=m", "profile=f", "provider=p", "route=r",
        "strategy=s", "stream=aidb", "task_type=t", "tool=x", "tool=y",
      ])
    let row = try row("tool", "x", "iterations")
    #expect(row["n_with"] == .integer(1))
    #expect(row["n_without"] == .integer(0))
    #expect(row["mean_with"] == .real(3))
    #expect(row["mean_without"] == .null)
    #expect(row["difference"] == .null)
    #expect(row["offsets"] == .offsets([7]))
  }

  @Test func `without are those at another level, and for tools all others`() throws {
    try given(3) { _ in [.model: "a", .toolsUsed: ["t"]] }
    try given(4, from: 3) { _ in [.model: "b"] }
    try given(5, from: 7) { _ in [:] }
    #expect(try row("model", "a", "value")["n_without"] == .integer(4))
    #expect(try row("tool", "t", "value")["n_without"] == .integer(9))
    #expect(try row("stream", "ralph", "value")["n_without"] == .integer(0))
  }

  @Test func `partial is neither success nor failure`() throws {
    try given(1, outcome: .success) { _ in [.strategy: "s"] }
    try given(1, from: 1, outcome: .partial) { _ in [.strategy: "s"] }
    try given(2, from: 2, outcome: .failure) { _ in [.strategy: "s"] }
    #expect(agree(try row("strategy", "s", "success").real("mean_with"), 1.0 / 3))
    #expect(try row("strategy", "s", "value")["n_with"] == .integer(4))
    let strategy = try spec.rows("correlations/strategies")
    #expect(strategy.map { $0["successes"] } == [.integer(1)])
    #expect(strategy.map { $0["failures"] } == [.integer(2)])
    // Beta(2, 3).
    #expect(agree(strategy.first?.real("mean"), 0.4))
    #expect(agree(strategy.first?.real("ci_low"), 0.067_585_986_488_542_96))
    #expect(agree(strategy.first?.real("ci_high"), 0.805_879_550_316_756_6))
  }

  @Test func `what has no meaning is null`() throws {
    try given(1) { _ in [.model: "one", .costUSD: 1] }
    try given(40, from: 1) { _ in [.model: "many", .costUSD: 0] }
    var row = try row("model", "one", "cost_usd")
    #expect(row["difference"] == .real(1))
    for column in ["relative_change", "t", "df", "p_value", "ci_low", "ci_high", "cohens_d"] {
      #expect(row[column] == .null)
    }
    // Both sides constant and equal: nothing to tell apart.
    try given(1, from: 41) { _ in [.model: "same", .costUSD: 0] }
    try given(1, from: 42) { _ in [.model: "one", .costUSD: 0] }
    row = try self.row("model", "many", "success")
    #expect(row["difference"] == .real(0))
    for column in ["t", "df", "p_value", "ci_low", "ci_high", "cohens_d"] {
      #expect(row[column] == .null)
    }
    #expect(row["actionable"] == .bool(false))
    #expect(try spec.rows("correlations/pairs").map { $0["r"] } == [.null])
  }

  @Test func `how sure an answer is goes with what it was worth`() throws {
    let said: [(confidence: FieldValue, score: Int64)] = [(0.1, 20), (0.5, 80), (0.9, 80)]
    try spec.given(
      facts: said.enumerated().map { index, one in
        asserted(
          interaction(
            UInt64(index), at: UInt64(index), score: one.score, [.confidenceScore: one.confidence]))
      })
    let row = try spec.rows("correlations/pairs").first {
      $0["x"] == .text("value") && $0["y"] == .text("confidence_score")
    }
    #expect(row?["n"] == .integer(3))
    // Deviations −0.4, 0, 0.4 and −0.4, 0.2, 0.2: 0.24 / √(0.32 × 0.24).
    guard case .real(let r)? = row?["r"] else { throw NoNumber() }
    #expect(abs(r - 0.866_025_403_784_438_6) < 1e-12)
  }

  private struct NoNumber: Error {}

  /// As SciPy's `ttest_ind(equal_var=False)` has it: t is infinite, and p is 0.
  @Test(
    arguments: [
      (30, 30, 0, 0.02, 0, true), (2, 30, 0, 0.02, 0, false), (30, 2, 5, 4, 0, false),
      (1, 30, 0, 0.02, nil, false), (30, 30, 3, 3, nil, false),
    ] as [(UInt64, UInt64, FieldValue, FieldValue, Double?, Bool)])
  func `sides that are constant and differ are told apart for certain`(
    with: UInt64, without: UInt64, cost: FieldValue, other: FieldValue, p: Double?,
    isActionable: Bool
  ) throws {
    try given(with) { _ in [.model: "a", .costUSD: cost] }
    try given(without, from: with) { _ in [.model: "b", .costUSD: other] }
    for level in ["a", "b"] {
      let row = try row("model", level, "cost_usd")
      #expect(row.real("p_value") == p)
      #expect(row["actionable"] == .bool(isActionable))
      for column in ["t", "df", "ci_low", "ci_high", "cohens_d"] { #expect(row[column] == .null) }
    }
    // Metrics that do not differ have no p.
    #expect(try row("model", "a", "success")["p_value"] == .null)
  }

  @Test(
    arguments: [
      (-0.05, -0.01, -4), (-0.01, -0.05, 0.8), (0.02, -0.04, 1.5), (-0.02, 0.04, -1.5),
      (3, 2, 0.5), (-3, -3, 0), (1, 0, nil),
    ] as [(FieldValue, FieldValue, Double?)])
  func `a relative change has the sign of the difference`(
    with: FieldValue, without: FieldValue, change: Double?
  ) throws {
    try given(2) { _ in [.model: "a", .costUSD: with] }
    try given(2, from: 2) { _ in [.model: "b", .costUSD: without] }
    let row = try row("model", "a", "cost_usd")
    #expect(agree(row.real("relative_change"), change))
    #expect(change == nil || (row.real("difference") ?? 0) * (change ?? 0) >= 0)
  }

  @Test func `a difference is named by what it is good for`() throws {
    let metrics: [Field] = [.latencyMS, .costUSD, .tokensInput, .tokensOutput, .iterations]
    func fields(_ model: FieldValue, _ number: FieldValue) -> [Field: FieldValue] {
      var fields: [Field: FieldValue] = [.model: model]
      for metric in metrics { fields[metric] = number }
      return fields
    }
    try given(2) { _ in fields("cheap", 1) }
    try given(2, from: 2, outcome: .failure) { _ in fields("dear", 2) }
    for metric in ["cost_usd", "tokens_input", "tokens_output", "iterations"] {
      #expect(try row("model", "cheap", metric)["correlation_type"] == .text("cost_reduction"))
      #expect(try row("model", "dear", metric)["correlation_type"] == .null)
    }
    #expect(try row("model", "cheap", "latency_ms")["correlation_type"] == .text("speed_increase"))
    #expect(try row("model", "dear", "latency_ms")["correlation_type"] == .null)
    #expect(
      try row("model", "cheap", "success")["correlation_type"] == .text("quality_improvement"))
    #expect(try row("model", "dear", "success")["correlation_type"] == .null)
    #expect(try row("model", "cheap", "value")["correlation_type"] == .null)
  }

  @Test(arguments: [(29, 40, false), (40, 29, false), (30, 30, true)] as [(UInt64, UInt64, Bool)])
  func `both sides need 30 samples`(with: UInt64, without: UInt64, isActionable: Bool) throws {
    try given(with) { [.model: "a", .latencyMS: $0 % 2 == 0 ? 10 : 11] }
    try given(without, from: with) { [.model: "b", .latencyMS: $0 % 2 == 0 ? 20 : 21] }
    #expect(try row("model", "a", "latency_ms")["actionable"] == .bool(isActionable))
  }

  @Test func `a small effect is not actionable, however sure`() throws {
    // Half a unit apart at a standard deviation of 5: d is 0.1.
    try given(20_000) { [.model: "a", .latencyMS: $0 % 2 == 0 ? 95 : 105] }
    try given(20_000, from: 20_000) { [.model: "b", .latencyMS: $0 % 2 == 0 ? 95.5 : 105.5] }
    let row = try row("model", "a", "latency_ms")
    #expect((row.real("p_value") ?? 1) < 1e-9)
    #expect(agree(row.real("cohens_d"), -0.1, within: 1e-3))
    #expect(row["actionable"] == .bool(false))
  }

  @Test func `means that nearly agree keep their digits`() throws {
    // A thousandth of a millisecond on top of a hundred days.
    let base: Int64 = 8_640_000_000
    for (number, units) in [0, 2_000_000, 1_000_000, 5_000_000].enumerated() {
      let latency = FixedPoint(units: base * 1_000_000_000 + Int64(units))
      try given(1, from: UInt64(number)) { _ in
        [.model: number < 2 ? "a" : "b", .latencyMS: .number(latency)]
      }
    }
    let row = try row("model", "a", "latency_ms")
    #expect(agree(row.real("difference"), -0.002, within: 1e-15))
    // The variances are 2e-6 and 8e-6.
    #expect(agree(row.real("t"), -0.002 / (5e-6).squareRoot(), within: 1e-14))
  }

  @Test func `levels that differ only in their normal form are two`() throws {
    try given(2) { [.model: $0 == 0 ? "caf\u{e9}" : "cafe\u{301}"] }
    #expect(try spec.rows().filter { $0["factor"] == .text("model") }.count == 4)
  }

  @Test func `rows come in the order of factor, level and metric`() throws {
    var maker = InteractionMaker(seed: 4)
    try spec.given(facts: FactHistory(&maker, count: 50, changes: 10).facts)
    let keys = try spec.rows().map { row in
      ["factor", "level", "metric"].map { Array((row.text($0) ?? "").utf8) }
    }
    for (left, right) in zip(keys, keys.dropFirst()) {
      let difference = zip(left, right).first { $0 != $1 }
      #expect(difference.map { $0.0.lexicographicallyPrecedes($0.1) } == true)
    }
  }
}
