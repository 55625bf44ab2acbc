import Bytes
import Events
import Facts
import Interactions
import Scoring
import Tables
import TestSupport
import Testing
import Views

/// A fact as it can be compared.
private struct FactRecord: Equatable {
  let event: EventID
  let before: Interaction?
  let after: Interaction

  init(_ fact: Fact) {
    event = fact.event
    before = fact.before
    after = fact.after
  }
}

@Suite struct DeterminismTests {
  private func settings() -> ScoringSettings {
    var settings = ScoringSettings()
    settings.adjustsThresholds = true
    settings.feedbackPerMinuteMax = 6
    settings.thresholds.highValue = 0.6
    settings.domainAdjustments = [DomainAdjustment(domain: "docs", adjustment: -0.1)]
    return settings
  }

  /// Folds a log in batches, writing checkpoints and opening the tables anew in between.
  private func fold(
    _ events: [Event], cuts: [Int], reopensAfter: (Int) -> Bool, isPrepared: Bool
  ) throws -> (facts: [FactRecord], ignored: UInt64) {
    let storage = MemoryTables()
    var tables = FoldTables(view: "interactions", provider: storage)
    var step = try InteractionStep(tables: tables, settings: settings())
    var facts: [FactRecord] = []
    var start = 0
    for (number, end) in (cuts + [events.count]).enumerated() {
      let batch = Array(events[start..<end])
      let prepared = isPrepared ? batch.map { InteractionStep.prepare($0) } : []
      facts += try step.derive(batch, prepared: prepared).map(FactRecord.init)
      start = end
      guard reopensAfter(number) else { continue }
      try tables.flush()
      #expect(tables.digest == Digest())
      tables = FoldTables(view: "interactions", provider: storage)
      step = try InteractionStep(tables: tables, settings: settings())
    }
    return (facts, step.ignoredFeedbackCount)
  }

  @Test(arguments: [3, 17, 2_026] as [UInt64])
  func `cuts, checkpoints and openings leave no trace in the facts`(seed: UInt64) throws {
    let events = MadeUpLog(seed: seed, count: 3_000).events
    let whole = try fold(events, cuts: [], reopensAfter: { _ in false }, isPrepared: true)
    #expect(whole.facts.count > 500)
    #expect(whole.ignored > 0)
    var random = SeededRandom(seed: seed ^ 0xff)
    for round in 0..<4 {
      let cuts = (0..<(1 << (2 * round))).map { _ in Int(random.next() % 3_000) }.sorted()
      let again = try fold(
        events, cuts: cuts, reopensAfter: { ($0 + round) % 3 != 1 }, isPrepared: round % 2 == 0)
      #expect(again.ignored == whole.ignored, "seed \(seed)")
      #expect(again.facts == whole.facts, "seed \(seed), cuts \(cuts)")
    }
  }

  @Test func `facts follow from one another`() throws {
    let events = MadeUpLog(seed: 41, count: 3_000).events
    let facts = try fold(events, cuts: [], reopensAfter: { _ in false }, isPrepared: true).facts
    var known: [Interaction] = []
    for fact in facts {
      let number = Int(fact.after.number)
      if let before = fact.before {
        #expect(known[number] == before)
        #expect(before.offset == fact.after.offset && before.kind == fact.after.kind)
        #expect(before.evidence.count + 1 == fact.after.evidence.count)
        known[number] = fact.after
      } else {
        #expect(number == known.count)
        #expect(fact.after.event == fact.event)
        known.append(fact.after)
      }
      #expect(fact.after.evidence.last == fact.event.offset)
    }
    #expect(facts.map(\.event) == facts.map(\.event).sorted())
  }

  @Test func `a log that is damaged stops the fold where it is`() throws {
    let storage = BrokenTables()
    let tables = FoldTables(view: "interactions", provider: storage)
    let step = try InteractionStep(tables: tables, settings: settings())
    storage.isBroken = true
    let events = [
      event(4, "hybrid_search"), event(5, "completion", [.interactionID: "a"]),
    ]
    let error = #expect(throws: FoldError.self) { try step.derive(events) }
    #expect(error?.offset == 5)
    #expect(error?.isStorage == true)
  }
}

/// Tables that can be made to fail.
private final class BrokenTables: TableProvider {
  var isBroken = false

  func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage {
    BrokenTable(self)
  }
}

private final class BrokenTable: TableStorage {
  private let owner: BrokenTables

  init(_ owner: BrokenTables) { self.owner = owner }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    if owner.isBroken { throw TableError(table: "broken", reason: "as told") }
    return nil
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {}
  func remove(_ key: Span<UInt8>) throws(TableError) {}
  func scan(
    from key: Span<UInt8>, _ body: (Span<UInt8>, Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {}
  var isEmpty: Bool { get throws(TableError) { false } }
}
