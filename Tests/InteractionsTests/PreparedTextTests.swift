import Events
import Facts
import Interactions
import Scoring
import Similarity
import TestSupport
import Testing
import Views

/// The sketch of the prompt that a fact hands on.
@Suite struct PreparedTextTests {
  @Test(arguments: [5, 77] as [UInt64])
  func `it is that of the fact's own prompt`(seed: UInt64) throws {
    let events = MadeUpLog(seed: seed, count: 3_000).events
    let step = try InteractionStep(
      tables: TableSet(view: "interactions", provider: MemoryTables()),
      settings: ScoringSettings())
    let facts = try step.derive(events, prepared: events.map { InteractionStep.prepare($0) })
    var count = 0
    for fact in facts {
      guard let sketch = fact.prompt else { continue }
      let prompt = try #require(fact.after.fields.text(.prompt), "seed \(seed)")
      #expect(sketch == Sketch(of: prompt), "seed \(seed), event \(fact.offset)")
      count += 1
    }
    #expect(count > 50, "seed \(seed)")
  }

  @Test func `the closing event brings it, with the prompt`() throws {
    let spec = try StepSpec(.aidb)
    let fact = try spec.line("completion", [.prompt: "mend the parser of dates"])
    #expect(fact?.prompt == Sketch(of: "mend the parser of dates"))
  }

  @Test func `a prompt of an earlier event is not at hand, but told again it is`() throws {
    for (second, isThere) in [(nil, false), ("why is it slow", true), ("is it fast", false)]
      as [(String?, Bool)]
    {
      let spec = try StepSpec(.aidb)
      try spec.line("query", [.interactionID: "a", .prompt: "why is it slow"])
      var fields: [Field: FieldValue] = [.interactionID: "a", .success: .bool(true)]
      fields[.prompt] = second.map { .text($0) }
      let fact = try #require(try spec.line("query_completion", fields))
      #expect(fact.after.fields.text(.prompt) == "why is it slow")
      #expect((fact.prompt != nil) == isThere)
    }
  }

  @Test func `what stands for a text has none`() throws {
    let spec = try StepSpec(.aidb)
    let opaque = "sha256:" + String(repeating: "0f", count: 32)
    let fact = try #require(try spec.line("completion", [.prompt: .text(opaque)]))
    #expect(fact.prompt == nil)
  }
}
