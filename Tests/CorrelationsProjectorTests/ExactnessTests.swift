import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import CorrelationsProjector

@Suite struct ExactnessTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `what is taken back leaves no trace`(seed: UInt64) throws {
    var maker = InteractionMaker(seed: seed)
    let history = FactHistory(&maker, count: 40, changes: 160)
    let last = history.interactions.map(asserted)
    #expect(try digest(of: history.facts, batch: 60) == digest(of: last, batch: 60), "seed \(seed)")
  }

  @Test func `beyond 40 samples all numbers are still as if it had never been`() throws {
    var maker = InteractionMaker(seed: 11)
    let history = FactHistory(&maker, count: 400, changes: 600)
    let changed = try ProjectorSpec(CorrelationsProjector.self)
    try changed.given(facts: history.facts)
    let plain = try ProjectorSpec(CorrelationsProjector.self)
    try plain.given(facts: history.interactions.map(asserted))
    for name in ["correlations", "correlations/pairs", "correlations/strategies"] {
      let rows = try zip(changed.rows(name), plain.rows(name))
      for (row, expected) in rows {
        for column in expected.keys where column != "offsets" && column != "last_offset" {
          #expect(row[column] == expected[column])
        }
      }
      #expect(try changed.rows(name).count == plain.rows(name).count)
    }
  }

  @Test func `batches and reopening change nothing`() throws {
    var maker = InteractionMaker(seed: 77)
    let facts = FactHistory(&maker, count: 60, changes: 60).facts
    let whole = try digest(of: facts, batch: facts.count)
    for batch in [1, 7, 50] {
      #expect(try digest(of: facts, batch: batch) == whole, "batches of \(batch)")
    }
  }

  @Test func `the digest is that of the rows`() throws {
    var maker = InteractionMaker(seed: 78)
    let facts = FactHistory(&maker, count: 100, changes: 100).facts
    let tables = FoldTables(view: "correlations", provider: MemoryTables())
    let projector = try CorrelationsProjector(tables: tables)
    for fact in facts {
      try projector.apply(FoldBatch(events: [], facts: [fact]))
      try tables.flush()
    }
    #expect(try tables.rehashed() == tables.digest)
  }

  @Test func `the greatest numbers do not overflow`() throws {
    let spec = try ProjectorSpec(CorrelationsProjector.self)
    let facts = (0..<200).map { number -> Fact in
      let units = number % 2 == 0 ? Int64.max : Int64.min
      return asserted(
        interaction(
          UInt64(number), at: UInt64(number),
          [
            .model: number % 4 < 2 ? "a" : "b", .latencyMS: .number(FixedPoint(units: units)),
            .costUSD: .number(FixedPoint(units: units)),
          ]))
    }
    try spec.given(facts: facts)
    let pair = try spec.rows("correlations/pairs").first {
      $0["x"] == .text("latency_ms") && $0["y"] == .text("cost_usd")
    }
    #expect(pair?["r"] == .real(1))
    let row = try spec.rows().first {
      $0["level"] == .text("a") && $0["metric"] == .text("latency_ms")
    }
    #expect(row?["difference"] == .real(0))
    #expect(row?["p_value"] == .real(1))
  }
}

@Suite struct LevelLimitTests {
  private func sample(_ number: UInt64, _ model: String?) -> Interaction {
    interaction(number, at: number, model.map { [.model: .text($0)] } ?? [:])
  }

  private func models(_ spec: ProjectorSpec<CorrelationsProjector>) throws -> [[String: Cell]] {
    try spec.rows().filter { $0["factor"] == .text("model") && $0["metric"] == .text("value") }
  }

  @Test func `a factor keeps the 256 levels that it sees first, and counts the others`() throws {
    let spec = try ProjectorSpec(CorrelationsProjector.self)
    let samples = (0..<300).map { sample($0, "m\($0)") }
    try spec.given(facts: samples.map(asserted))
    let rows = try models(spec)
    #expect(rows.count == 256)
    #expect(!rows.contains { $0["level"] == .text("m256") })
    #expect(rows.allSatisfy { $0["n_without"] == .integer(299) })
  }

  @Test func `a level that was not kept is taken back without a trace, and never let in`() throws {
    let spec = try ProjectorSpec(CorrelationsProjector.self)
    let samples = (0..<258).map { sample($0, "m\($0)") }
    try spec.given(facts: samples.map(asserted))
    // A kept level loses its sample, and has room; the late ones stay outside all the same.
    try spec.given(facts: [
      Fact(of: EventID(300), before: samples[3], after: sample(3, nil)),
      Fact(of: EventID(301), before: samples[256], after: sample(256, "m257")),
      Fact(of: EventID(302), before: samples[257], after: sample(257, "m3")),
    ])
    let rows = try models(spec)
    #expect(rows.count == 256)
    #expect(rows.first { $0["level"] == .text("m3") }?["offsets"] == .offsets([257]))
    #expect(rows.allSatisfy { $0["n_with"] == .integer(1) && $0["n_without"] == .integer(256) })
  }

  @Test func `a level without samples is gone while its factor has room`() throws {
    let samples = (0..<256).map { sample($0, "m\($0)") }
    var facts = samples.map(asserted)
    facts.append(Fact(of: EventID(300), before: samples[9], after: sample(9, "late")))
    var last = samples
    last[9] = sample(9, "late")
    #expect(try digest(of: facts, batch: 50) == digest(of: last.map(asserted), batch: 50))
  }

  @Test func `a full factor folds alike in any batches`() throws {
    var random = SeededRandom(seed: 0xf011)
    var samples: [Interaction] = []
    var facts: [Fact] = []
    for number in 0..<600 as Range<UInt64> {
      samples.append(sample(number, "m\(Int.random(in: 0..<400, using: &random))"))
      facts.append(asserted(samples[Int(number)]))
      let place = Int.random(in: 0..<samples.count, using: &random)
      let after = sample(UInt64(place), "m\(Int.random(in: 0..<400, using: &random))")
      facts.append(Fact(of: EventID(number), before: samples[place], after: after))
      samples[place] = after
    }
    let whole = try digest(of: facts, batch: facts.count)
    for batch in [90, 500] { #expect(try digest(of: facts, batch: batch) == whole) }
  }
}
