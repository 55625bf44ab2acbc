import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Views

@testable import CorrelationsProjector

/// Interactions with any of the factors and metrics, some of each missing.
struct InteractionMaker {
  var random: SeededRandom
  private var number: UInt64 = 0

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private static let texts: [(Field, [FieldValue])] = [
    (.model, ["small", "large", "caf\u{e9}", "cafe\u{301}"]), (.backend, ["aider", "goose"]),
    (.isLocal, [true, false]), (.cacheHit, [true, false]),
    (.strategy, ["plain", "plan", "debate"]),
    (.toolsUsed, [["read"], ["read", "edit"], ["edit", "edit", "run"]]),
    (.iterations, [0, 1, 2, 3, 4, 5, 6, 40]), (.language, ["swift", "python"]),
  ]

  private static let metrics: [(Field, ClosedRange<Int64>)] = [
    (.latencyMS, 1_000_000...90_000_000_000_000), (.costUSD, 0...3_000_000_000),
    (.tokensInput, 1_000_000_000...9_000_000_000_000), (.steps, 0...20_000_000_000),
    (.tokensOutput, 1_000_000_000...900_000_000_000),
  ]

  /// A new interaction, three offsets after the one before.
  mutating func next() -> Interaction {
    defer { number += 1 }
    return make(number)
  }

  /// An interaction as something later made it: the same, with everything else about it new.
  mutating func changed(_ interaction: Interaction) -> Interaction { make(interaction.number) }

  private mutating func make(_ number: UInt64) -> Interaction {
    var fields: [Field: FieldValue] = [:]
    for (field, values) in Self.texts where Int.random(in: 0..<4, using: &random) > 0 {
      fields[field] = values.randomElement(using: &random)
    }
    for (field, range) in Self.metrics where Int.random(in: 0..<4, using: &random) > 0 {
      fields[field] = .number(FixedPoint(units: .random(in: range, using: &random)))
    }
    let outcome = Outcome.allCases.randomElement(using: &random) ?? .success
    let kinds = ["task_completed", "task_failed", "completion"]
    return interaction(
      number, at: number * 3, kind: kinds[Int(number % 3)],
      stream: Stream.allCases[Int(number % 4)], seconds: 1_767_225_600 + Int64(number) * 1_000,
      outcome: outcome, score: .random(in: 20...100, using: &random), fields)
  }
}

/// Facts as a log brings them: interactions, and changes of those that are there.
struct FactHistory {
  private(set) var facts: [Fact] = []
  private(set) var interactions: [Interaction] = []

  init(_ maker: inout InteractionMaker, count: Int, changes: Int) {
    for index in 0..<count {
      let new = maker.next()
      interactions.append(new)
      facts.append(asserted(new))
      for _ in 0..<(changes * (index + 1) / count - changes * index / count) {
        let place = Int.random(in: 0..<interactions.count, using: &maker.random)
        let after = maker.changed(interactions[place])
        facts.append(Fact(of: EventID(new.offset + 1), before: interactions[place], after: after))
        interactions[place] = after
      }
    }
  }
}

/// The digest of a fold in batches of a size, reopened after each.
func digest(of facts: [Fact], batch: Int) throws -> Digest {
  let provider = MemoryTables()
  var digest = Digest()
  for start in stride(from: 0, to: facts.count, by: batch) {
    let tables = FoldTables(view: "correlations", digest: digest, provider: provider)
    let projector = try CorrelationsProjector(tables: tables)
    let end = min(start + batch, facts.count)
    try projector.apply(FoldBatch(events: [], facts: Array(facts[start..<end])))
    try tables.flush()
    digest = tables.digest
  }
  return digest
}

extension [String: Cell] {
  func real(_ column: String) -> Double? {
    guard case .real(let value) = self[column] else { return nil }
    return value
  }

  func integer(_ column: String) -> Int64? {
    guard case .integer(let value) = self[column] else { return nil }
    return value
  }

  func text(_ column: String) -> String? {
    guard case .text(let value) = self[column] else { return nil }
    return value
  }
}
