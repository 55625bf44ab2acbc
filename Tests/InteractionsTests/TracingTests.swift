import Bytes
import Events
import Facts
import Interactions
import Scoring
import Tables
import TestSupport
import Testing
import Views

/// Watching a fold: it changes nothing, and tells the interaction as the facts do.
@Suite struct TracingTests {
  private func fold(
    _ events: [Event], _ tracer: InteractionTracer?
  ) throws -> [Fact] {
    let step = try InteractionStep(
      tables: FoldTables(view: "interactions", provider: MemoryTables()),
      settings: ScoringSettings())
    step.tracer = tracer
    return try step.derive(events)
  }

  @Test(arguments: [5, 81] as [UInt64])
  func `the interaction that is watched ends as the facts say`(seed: UInt64) throws {
    let events = MadeUpLog(seed: seed, count: 1_200).events
    let facts = try fold(events, nil)
    var last: [Offset: Interaction] = [:]
    for fact in facts { last[fact.after.evidence.first[0]] = fact.after }
    #expect(last.count > 100, "seed \(seed)")
    for first in last.keys.sorted().enumerated().filter({ $0.offset % 9 == 0 }).map(\.element) {
      let tracer = InteractionTracer(from: EventID(first))
      let traced = try fold(events, tracer)
      #expect(traced.map(\.after) == facts.map(\.after), "seed \(seed), event \(first)")
      #expect(tracer.beginning == EventID(first))
      #expect(tracer.interaction(ScoringSettings()) == last[first], "seed \(seed), event \(first)")
      let explanation = try #require(tracer.explanation(ScoringSettings()))
      let told = Set(explanation.steps.map(\.offset))
      #expect(
        told.isSuperset(of: last[first]?.evidence.first ?? []), "seed \(seed), event \(first)")
      try check(explanation, last[first], "seed \(seed), event \(first)")
    }
  }

  /// By the profile `value` the parts of the other one are told beside the score, where there are any.
  @Test func `the parts of the quality have their inputs, whichever profile scores`() throws {
    func figures(_ more: [Field: FieldValue]) throws -> [String: Figure] {
      let tracer = InteractionTracer(from: EventID(0))
      let fields: [Field: FieldValue] = [.interactionID: "i", .prompt: "p", .success: true]
      _ = try fold(
        [event(0, "completion", stream: .editor, fields.merging(more) { $1 })], tracer)
      let explanation = try #require(tracer.explanation(ScoringSettings()))
      return Dictionary(uniqueKeysWithValues: explanation.figures.map { ($0.name, $0) })
    }
    let told = try figures([.rating: 1])
    #expect(told["satisfaction"]?.value == .decimal(FixedPoint(hundredths: 20)))
    #expect(
      told["satisfaction"]?.inputs.first
        == Input("rating", .decimal(FixedPoint(hundredths: 100)), [0]))
    #expect(told["quality"]?.value == .decimal(FixedPoint(hundredths: 20)))
    #expect(told["quality"]?.inputs.contains { $0.name == "weight_of_satisfaction" } == true)
    #expect(told["score"]?.inputs.contains { $0.name == "weight_of_novelty" } == true)
    #expect(try figures([:])["quality"] == nil)
  }

  /// What a build remembers and the interaction's own lines tell as much as a fold of the whole log.
  @Test(arguments: [7, 82] as [UInt64])
  func `a fold of its own lines alone tells the same`(seed: UInt64) throws {
    let events = MadeUpLog(seed: seed, count: 1_200).events
    let storage = MemoryTables()
    let tables = FoldTables(view: "interactions", provider: storage)
    _ = try InteractionStep(tables: tables, settings: ScoringSettings()).derive(events)
    try tables.flush()
    let finder = try InteractionFinder(in: storage)
    let beginnings = events.indices.filter { index in
      (try? finder.interaction(from: events[index].offset)) != nil
    }
    #expect(beginnings.count > 300, "seed \(seed)")
    for index in beginnings where index % 5 == 0 {
      let known = try #require(try finder.interaction(from: events[index].offset))
      let own = events[index...Int(known.evidence.last)].filter { event in
        event.id == known.beginning
          || [event.fields.text(.interactionID), event.fields.text(.sessionID)].contains { text in
            text != nil && [known.interactionID, known.sessionID].contains(text)
          }
      }
      let short = InteractionTracer(known)
      _ = try fold(own, short)
      let whole = InteractionTracer(from: known.beginning)
      _ = try fold(Array(events[...Int(known.evidence.last)]), whole)
      #expect(
        short.interaction(ScoringSettings()) == whole.interaction(ScoringSettings()),
        "seed \(seed), event \(index)")
      #expect(
        short.explanation(ScoringSettings()) == whole.explanation(ScoringSettings()),
        "seed \(seed), event \(index)")
    }
  }

  /// What was looked up for the explanation agrees with what the step found.
  private func check(
    _ explanation: Explanation, _ interaction: Interaction?, _ name: String
  ) throws {
    let score = try #require(interaction?.score)
    func input(_ figure: String, _ input: String) -> Cell {
      explanation.figures.first { $0.name == figure }?.inputs.first { $0.name == input }?.value
        ?? .null
    }
    let count = input("reusability", "earlier_similar_prompts").integer ?? 0
    #expect(Scoring.reusability(earlierSimilar: Int(count)) == score.reusability, "\(name)")
    if case .decimal(let similarity) = input("novelty", "nearest_similarity") {
      #expect(similarity + score.novelty == .one, "\(name)")
    } else {
      #expect(score.novelty == .one || score.novelty == .zero, "\(name)")
    }
  }

  @Test func `of an event within, the beginning of its interaction is told`() throws {
    let events = MadeUpLog(seed: 12, count: 1_200).events
    var beginnings: [Offset: Offset] = [:]
    for fact in try fold(events, nil) {
      for offset in fact.after.evidence.first { beginnings[offset] = fact.after.evidence.first[0] }
    }
    let within = beginnings.filter { $0.key != $0.value }.keys.sorted()
    #expect(within.count > 20)
    for offset in within.enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
      let tracer = InteractionTracer(from: EventID(offset))
      _ = try fold(events, tracer)
      #expect(tracer.beginning == beginnings[offset].map { EventID($0) }, "event \(offset)")
      #expect(tracer.explanation(ScoringSettings()) == nil, "event \(offset)")
    }
  }
}
