import Bytes
import CostsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

/// 2026-01-01T10:00:00Z.
private let tenOClock: Int64 = 1_767_261_600

/// What calls of models cost, worked out by hand.
@Suite struct CostsProjectorTests {
  @Test func `an hour's calls of a model are one row`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    var first = call(1, at: tenOClock, "m", cost: 12_500_000, .said)
    first.usage = TokenUsage(
      input: 10, cacheRead: 60, cacheWrite: 20, longCacheWrite: 10, output: 5, reasoning: 2)
    var second = call(2, at: tenOClock + 3_599, "m", cost: 7_500_000, .priced)
    second.usage = TokenUsage(input: 100, output: 1)
    second.isRetry = true
    let later = call(3, at: tenOClock + 3_600, "m", cost: nil, .unknown)
    try spec.given(modelCalls: [first, second, later].map(begun))
    let rows = try spec.rows()
    #expect(rows.count == 2)
    let expected: [String: Cell] = [
      "hour": .time(Timestamp(nanoseconds: tenOClock * 1_000_000_000)), "model": .text("m"),
      "is_hour_inferred": .bool(false), "project": .text("p"), "agent": .text("claude-code"),
      "model_calls": .integer(2),
      "tokens_input": .integer(110), "tokens_cache_read": .integer(60),
      "tokens_cache_write": .integer(30), "tokens_cache_write_1h": .integer(10),
      "tokens_output": .integer(6), "tokens_reasoning": .integer(2),
      "tokens_unsplit": .integer(0),
      "cost_usd": .decimal(FixedPoint(units: 20_000_000)), "cost_basis": .text("priced"),
      "unpriced_calls": .integer(0), "cache_hit_rate": .real(0.3),
      "retry_cost_usd": .decimal(FixedPoint(units: 7_500_000)), "offsets": .offsets([1, 2]),
      "last_offset": .integer(2), "offset_count": .integer(2),
    ]
    #expect(rows.first == expected)
    #expect(rows.last?["cost_usd"] == .null)
    #expect(rows.last?["cost_basis"] == .text("unknown"))
    #expect(rows.last?["unpriced_calls"] == .integer(1))
    #expect(rows.last?["cache_hit_rate"] == .null)
  }

  @Test(arguments: [
    ([CostBasis.said, .local], "local"), ([.said, .priced, .local], "priced"),
    ([.priced, .partial, .said], "partial"), ([.said, .unknown], "unknown"), ([.said], "said"),
  ])
  func `a sum rests on the weakest`(_ bases: [CostBasis], _ weakest: String) throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    try spec.given(
      modelCalls: bases.enumerated().map { index, basis in
        begun(
          call(UInt64(index), at: tenOClock, "m", cost: basis == .unknown ? nil : 1_000, basis))
      })
    #expect(try spec.rows().first?["cost_basis"] == .text(weakest))
    #expect(
      try spec.rows().first?["unpriced_calls"] == .integer(bases.contains(.unknown) ? 1 : 0))
  }

  @Test func `a total without its parts is a quantity of its own`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    var total = call(1, at: tenOClock, "m", cost: nil, .unknown)
    total.usage = TokenUsage()
    total.tokensUnsplit = 700
    var told = call(2, at: tenOClock, "m", cost: 1, .priced)
    told.usage = TokenUsage(input: 30, output: 4)
    var later = total
    later.tokensUnsplit = 900
    try spec.given(modelCalls: [begun(total), begun(told)])
    try spec.given(modelCalls: [CallChange(of: EventID(5), before: total, after: later)])
    let row = try spec.rows().first
    // 700 became 900.
    #expect(row?["tokens_unsplit"] == .integer(900))
    #expect(row?["tokens_input"] == .integer(30) && row?["tokens_output"] == .integer(4))
    #expect(row?["unpriced_calls"] == .integer(1))
  }

  @Test func `what a run used beyond its calls adds tokens and dollars, and is no call`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    var rest = call(5, at: tenOClock, "m", cost: 250_000_000, .said)
    rest.usage = TokenUsage(output: 1_000)
    rest.isUnattributed = true
    try spec.given(modelCalls: [begun(call(1, at: tenOClock, "m", cost: 1, .said)), begun(rest)])
    let row = try spec.rows().first
    #expect(row?["model_calls"] == .integer(1))
    #expect(row?["tokens_output"] == .integer(1_000))
    #expect(row?["cost_usd"] == .decimal(FixedPoint(units: 250_000_001)))
  }

  @Test func `a call whose model is told later leaves no row behind`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    let before = call(1, at: tenOClock, nil, cost: nil, .unknown)
    var after = before
    (after.model, after.cost, after.basis) = ("m", money(2_000), .priced)
    try spec.given(modelCalls: [begun(before)])
    #expect(try spec.rows().first?["model"] == .null)
    try spec.given(modelCalls: [CallChange(of: EventID(2), before: before, after: after)])
    let rows = try spec.rows()
    #expect(rows.count == 1)
    #expect(rows.first?["model"] == .text("m"))
    #expect(rows.first?["unpriced_calls"] == .integer(0))
  }

  @Test func `dollars are exact below what is shown`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    // A token at 0.0004 dollars a million is 0.4e-9 dollars: two are 0.8, shown as 1e-9, and a thousand
    // are 400e-9.
    let changes = (0..<1_000 as Range<UInt64>).map { index in
      var call = call(index, at: tenOClock, "m", cost: nil, .priced)
      call.cost = Money(1, at: FixedPoint(units: 400_000))
      return begun(call)
    }
    try spec.given(modelCalls: Array(changes[..<2]))
    #expect(try spec.rows().first?["cost_usd"] == .decimal(FixedPoint(units: 1)))
    try spec.given(modelCalls: Array(changes[2...]))
    #expect(try spec.rows().first?["cost_usd"] == .decimal(FixedPoint(units: 400)))
  }

  @Test func `whatever changes, the sums are those of the calls as they are last`() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = SeededRandom(seed: seed)
      let all = try ProjectorSpec(CostsProjector.self)
      let last = try ProjectorSpec(CostsProjector.self)
      var calls: [ModelCall] = []
      var changes: [CallChange<ModelCall>] = []
      for event in 0..<120 as Range<UInt64> {
        let isNew = calls.isEmpty || Bool.random(using: &random)
        let index = isNew ? calls.count : Int.random(in: 0..<calls.count, using: &random)
        let before = isNew ? nil : calls[index]
        let hour = tenOClock + 3_600 * Int64.random(in: 0...2, using: &random)
        var after = before ?? call(event, at: hour, nil, cost: nil, .unknown)
        after.model = ["a", "b", nil].randomElement(using: &random) ?? nil
        after.basis = CostBasis.allCases.randomElement(using: &random) ?? .unknown
        after.cost =
          after.basis == .unknown ? nil : money(Int64.random(in: 0...1 << 40, using: &random))
        after.usage = TokenUsage(
          input: .random(in: 0...9, using: &random), cacheRead: .random(in: 0...9, using: &random),
          longCacheWrite: Bool.random(using: &random) ? nil : 7,
          output: .random(in: 0...9, using: &random))
        after.isRetry = Bool.random(using: &random)
        if isNew { calls.append(after) } else { calls[index] = after }
        changes.append(CallChange(of: EventID(event), before: before, after: after))
      }
      try all.given(modelCalls: changes)
      try last.given(modelCalls: calls.map(begun))
      #expect(try all.rows().map(summed) == last.rows().map(summed), "seed \(seed)")
    }
  }

  // MARK: Models

  @Test func `of the models that are good enough the one that gives most for its cost is chosen`()
    throws
  {
    let spec = try ProjectorSpec(CostsProjector.self)
    let facts = [
      fact(1, "fix", "dear", score: 95, cost: 0.5), fact(2, "fix", "dear", score: 85, cost: 0.3),
      fact(3, "fix", "cheap", score: 82, cost: 0.002),
      // Below 0.8, however cheap.
      fact(4, "fix", "poor", score: 79, cost: 0.0001),
      // None reaches 0.8: 0.9 × 0.6 is enough.
      fact(5, nil, "dear", score: 60, cost: 0.1), fact(6, nil, "cheap", score: 54, cost: 0),
      fact(7, nil, "poor", score: 53, cost: nil),
    ]
    try spec.given(facts: facts)
    let rows = try spec.rows("costs/models")
    let names: [String] = rows.map {
      "\($0["task_type"]?.plainText ?? "") \($0["model"]?.plainText ?? "")"
    }
    #expect(
      names == ["null cheap", "null dear", "null poor", "fix cheap", "fix dear", "fix poor"])
    #expect(rows.map { $0["viable"] } == [true, true, false, true, true, false].map(Cell.bool))
    #expect(rows.map { $0["chosen"] } == [true, false, false, true, false, false].map(Cell.bool))
    #expect(rows[4]["n"] == .integer(2))
    #expect(rows[4]["mean_score"] == .real(0.9))
    #expect(rows[4]["mean_cost_usd"] == .real(0.4))
    #expect(rows[4]["value_for_money"] == .real(2.25))
    // What costs less than a thousandth counts as a thousandth.
    #expect(rows[0]["value_for_money"] == .real(540))
    #expect(rows[2]["value_for_money"] == .null)
    #expect(rows[2]["mean_cost_usd"] == .null)
  }

  @Test func `what is partial is neither success nor failure`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    let outcomes: [Outcome] = [.success, .partial, .failure, .partial]
    let facts = outcomes.enumerated().map { number, outcome in
      var after = fact(UInt64(number), "fix", "m", score: 50, cost: nil).after
      after.outcome = outcome
      return asserted(after)
    }
    try spec.given(facts: [facts[1]])
    #expect(try spec.rows("costs/models").first?["success_rate"] == .null)
    try spec.given(facts: [facts[0], facts[2], facts[3]])
    let row = try spec.rows("costs/models").first
    #expect(row?["n"] == .integer(4) && row?["success_rate"] == .real(0.5))
  }

  /// Four that cost a dollar each, one of them a success, and a success that cost nobody knows what.
  @Test func `what a success costs is what was paid for all`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    let outcomes: [(Outcome, Double?)] = [
      (.success, 1), (.partial, 1), (.failure, 1), (.partial, 1), (.success, nil),
    ]
    let facts = outcomes.enumerated().map { number, outcome in
      var after = fact(UInt64(number), "fix", "m", score: 50, cost: outcome.1).after
      after.outcome = outcome.0
      return asserted(after)
    }
    try spec.given(facts: facts)
    #expect(try spec.rows("costs/models").first?["cost_per_success_usd"] == .real(4))
    let failed = try ProjectorSpec(CostsProjector.self)
    try failed.given(facts: [facts[1], facts[2], facts[4]])
    #expect(try failed.rows("costs/models").first?["cost_per_success_usd"] == .null)
  }

  @Test func `an interaction whose model changes leaves the other`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    let first = fact(1, "fix", "a", score: 90, cost: 0.1)
    let second = fact(1, "fix", "b", score: 80, cost: 0.2)
    try spec.given(facts: [first])
    try spec.given(facts: [Fact(of: EventID(3), before: first.after, after: second.after)])
    let rows = try spec.rows("costs/models")
    #expect(rows.count == 1)
    #expect(rows.first?["model"] == .text("b"))
    #expect(rows.first?["mean_cost_usd"] == .real(0.2))
  }

  // MARK: Limits

  @Test func `a limit stands as it was told for the latest time`() throws {
    let spec = try ProjectorSpec(CostsProjector.self)
    let reset = Timestamp(nanoseconds: (tenOClock + 9_000) * 1_000_000_000)
    try spec.given(notes: [
      limit(
        1, at: 10,
        LimitState(
          window: "300m", usedPercent: whole(40), resetsAt: reset, isReached: false)),
      limit(
        2, at: 30,
        LimitState(
          window: "300m", usedPercent: whole(100), resetsAt: nil, isReached: true)),
      limit(
        3, at: 20,
        LimitState(
          window: "300m", usedPercent: whole(70), resetsAt: reset, isReached: false)),
      limit(
        4, at: 20,
        LimitState(
          window: "10080m", usedPercent: whole(7), resetsAt: nil, isReached: false)),
    ])
    let rows = try spec.rows("costs/limits")
    #expect(rows.map { $0["window"] } == [.text("10080m"), .text("300m")])
    #expect(rows[1]["used"] == .decimal(whole(100)))
    #expect(rows[1]["reached"] == .bool(true))
    #expect(rows[1]["resets_at"] == .time(reset))
    #expect(rows[1]["offset_count"] == .integer(3))
  }
}

private func summed(_ row: [String: Cell]) -> [String: Cell] {
  row.filter { !["offsets", "last_offset", "offset_count"].contains($0.key) }
}

private func begun(_ call: ModelCall) -> CallChange<ModelCall> {
  CallChange(of: call.event, before: nil, after: call)
}

/// Of billionths of a dollar.
private func money(_ billionths: Int64) -> Money { Money(dollars: FixedPoint(units: billionths)) }

private func call(
  _ event: UInt64, at seconds: Int64, _ model: String?, cost billionths: Int64?, _ basis: CostBasis
) -> ModelCall {
  ModelCall(
    event: EventID(event), id: "\(event)",
    context: CallContext(
      stream: .ralph, session: "s", agent: "claude-code", project: "p",
      time: Timestamp(nanoseconds: seconds * 1_000_000_000)), model: model, usage: TokenUsage(),
    cost: billionths.map(money), basis: basis)
}

private func fact(
  _ event: UInt64, _ taskType: String?, _ model: String, score: Int64, cost: Double?
) -> Fact {
  var fields: [Field: FieldValue] = [.model: .text(model)]
  if let taskType { fields[.taskType] = .text(taskType) }
  if let cost { fields[.costUSD] = .number(FixedPoint(cost) ?? .zero) }
  return asserted(interaction(event, at: event, score: score, fields))
}

private func limit(_ event: UInt64, at seconds: Int64, _ state: LimitState) -> SessionNote {
  SessionNote(
    of: EventID(event),
    CallContext(
      stream: .ralph, agent: "codex",
      time: Timestamp(nanoseconds: (tenOClock + seconds) * 1_000_000_000)), .limits([state]))
}

private func whole(_ number: Int64) -> FixedPoint { FixedPoint(hundredths: number * 100) }
