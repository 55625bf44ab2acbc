import Bytes
import Events
import Facts
import TestSupport
import Testing
import Views

@testable import CorrelationsProjector

/// Samples as a plain list, levels and metrics found again without the projector's code.
private struct PlainSample {
  var levels: Set<[UInt8]> = []
  var known: Set<String> = []
  var metrics: [String: Double] = [:]

  init(_ interaction: Interaction) {
    set("stream", interaction.stream.name)
    set("kind", interaction.kind)
    set("hour", String(interaction.time.seconds / 3_600 % 24))
    if interaction.outcome != .partial {
      metrics["success"] = interaction.outcome == .success ? 1 : 0
    }
    metrics["value"] = interaction.score.total.doubleValue
    let fields = interaction.fields
    for (name, field) in [
      ("model", .model), ("backend", .backend), ("strategy", .strategy), ("language", .language),
    ] as [(String, Field)] {
      if let text = fields.text(field) { set(name, text) }
    }
    for (name, field) in [("is_local", .isLocal), ("cache_hit", .cacheHit)] as [(String, Field)] {
      if let bool = fields.bool(field) { set(name, "\(bool)") }
    }
    for tool in fields.texts(.toolsUsed) { set("tool", tool) }
    for (name, field) in [
      ("latency_ms", .latencyMS), ("cost_usd", .costUSD), ("tokens_input", .tokensInput),
      ("tokens_output", .tokensOutput), ("iterations", .iterations), ("steps", .steps),
    ] as [(String, Field)] {
      metrics[name] = fields.number(field)?.doubleValue
    }
    switch metrics["iterations"] ?? 0 {
    case 1: set("iterations", "1")
    case 2, 3: set("iterations", "2-3")
    case 4, 5: set("iterations", "4-5")
    case 6...: set("iterations", "6+")
    default: break
    }
  }

  static func name(_ factor: String, _ level: String) -> [UInt8] {
    Array("\(factor)/\(level)".utf8)
  }

  private mutating func set(_ factor: String, _ level: String) {
    levels.insert(Self.name(factor, level))
    known.insert(factor)
  }
}

@Suite(.enabled(if: SciPy.isThere, SciPy.comment)) struct ReferenceTests {
  private let spec: ProjectorSpec<CorrelationsProjector>
  private let samples: [PlainSample]

  init() throws {
    var maker = InteractionMaker(seed: 0xc0ffee)
    let history = FactHistory(&maker, count: 240, changes: 200)
    spec = try ProjectorSpec(CorrelationsProjector.self)
    try spec.given(facts: history.facts)
    samples = history.interactions.map(PlainSample.init)
  }

  private func sides(_ row: [String: Cell]) -> (with: [Double], without: [Double]) {
    let factor = row.text("factor") ?? ""
    let name = PlainSample.name(factor, row.text("level") ?? "")
    let metric = row.text("metric") ?? ""
    let with = samples.filter { $0.levels.contains(name) }
    let without = samples.filter {
      !$0.levels.contains(name) && (factor == "tool" || $0.known.contains(factor))
    }
    return (with.compactMap { $0.metrics[metric] }, without.compactMap { $0.metrics[metric] })
  }

  @Test func `each comparison is SciPy's`() throws {
    let rows = try spec.rows()
    let expectedCount = Set(
      samples.flatMap { sample in
        sample.levels.flatMap { level in
          sample.metrics.keys.filter { $0 != "steps" }.map { level + Array(":\($0)".utf8) }
        }
      }
    ).count
    #expect(rows.count == expectedCount)
    let both = rows.map(sides)
    let tested = rows.indices.filter { both[$0].with.count >= 2 && both[$0].without.count >= 2 }
    #expect(tested.count > 300)
    let answers = try SciPy.answers(
      tested.map { index in
        ("welch", [Double(both[index].with.count)] + both[index].with + both[index].without)
      })
    for (index, answer) in zip(tested, answers) {
      let row = rows[index]
      #expect(row.integer("n_with") == Int64(both[index].with.count))
      #expect(row.integer("n_without") == Int64(both[index].without.count))
      let difference = answer[0] - answer[1]
      let scale = max(answer[0].magnitude, answer[1].magnitude)
      #expect(((row.real("difference") ?? .nan) - difference).magnitude <= 1e-9 * scale)
      let columns = [
        "mean_with", "mean_without", "t", "df", "p_value", "ci_low", "ci_high", "cohens_d",
      ]
      for (column, value) in zip(columns, answer) where value.isFinite {
        #expect(agree(row.real(column), value), "\(row) \(column) \(value)")
      }
    }
  }

  @Test func `what is actionable is what SciPy discovers, with enough samples and effect`() throws {
    let rows = try spec.rows()
    let tested = rows.filter { $0.real("p_value") != nil }
    let discovered = try SciPy.answers([
      ("discoveries", tested.compactMap { $0.real("p_value") })
    ])[0]
    for (row, kept) in zip(tested, discovered) {
      let isLarge = (row.real("cohens_d") ?? 0).magnitude >= 0.2
      let isEnough = (row.integer("n_with") ?? 0) >= 30 && (row.integer("n_without") ?? 0) >= 30
      #expect(row["actionable"] == .bool(kept == 1 && isLarge && isEnough))
    }
    for row in rows where row.real("p_value") == nil { #expect(row["actionable"] == .bool(false)) }
  }

  @Test func `each pair has SciPy's r`() throws {
    let names = [
      "value", "latency_ms", "cost_usd", "tokens_input", "tokens_output", "iterations", "steps",
    ]
    let rows = try spec.rows("correlations/pairs")
    #expect(rows.count == 21)
    for row in rows {
      let (x, y) = (row.text("x") ?? "", row.text("y") ?? "")
      #expect((names.firstIndex(of: x) ?? 9) < (names.firstIndex(of: y) ?? 0))
    }
    let values = rows.map { row in
      samples.compactMap { sample -> (Double, Double)? in
        guard let x = sample.metrics[row.text("x") ?? ""],
          let y = sample.metrics[row.text("y") ?? ""]
        else { return nil }
        return (x, y)
      }
    }
    let answers = try SciPy.answers(values.map { ("pearson", $0.map(\.0) + $0.map(\.1)) })
    for (index, row) in rows.enumerated() {
      #expect(row.integer("n") == Int64(values[index].count))
      #expect(agree(row.real("r"), answers[index][0]), "\(row)")
    }
  }
}
