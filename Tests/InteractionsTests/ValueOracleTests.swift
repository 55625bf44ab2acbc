import Bytes
import Events
import Facts
import Interactions
import Scoring
import Tables
import TestSupport
import Testing
import Views

/// The value formula a second time, in hundredths and by the page, over what a made-up log gives.
private enum ValueOracle {
  static func outcome(_ interaction: Interaction) -> Int {
    guard interaction.outcome == .success else {
      return interaction.outcome == .partial ? 40 : 20
    }
    let count = (interaction.fields.number(.iterations)?.units ?? 1_000_000_000) / 1_000_000_000
    return count > 5 ? 60 : count > 3 ? 80 : 100
  }

  static func feedback(_ feedback: Feedback) -> Int {
    if let explicit = feedback.explicit, explicit != 0 { return explicit > 0 ? 100 : 0 }
    let ladder = [
      (feedback.copied, 80), (feedback.modified, 60), (feedback.accepted, 80),
      (feedback.abandoned, 0),
    ]
    return ladder.first { $0.0 ?? false }?.1 ?? 50
  }

  static func complexity(_ interaction: Interaction) -> Int {
    let fields = interaction.fields
    var sum = 0
    if let steps = fields.number(.steps)?.units, steps > 1_000_000_000 { sum += 30 }
    if fields.has(.toolsUsed) { sum += 20 }
    let files =
      fields.number(.filesModified).map { Int($0.floor) } ?? fields.texts(.filesModified).count
    if files > 3 { sum += 30 }
    // The made-up log's only block is this one, and it always stands between words.
    if fields.text(.response)?.contains("```") ?? false { sum += 20 }
    return min(sum, 100)
  }

  static func roundedHalfEven(_ value: Int, _ divisor: Int) -> Int {
    let floor = value / divisor
    let twice = 2 * (value - floor * divisor)
    if twice == divisor { return floor + floor % 2 }
    return twice > divisor ? floor + 1 : floor
  }

  /// In billionths.
  static func total(_ interaction: Interaction) -> Int {
    let score = interaction.score
    let sum =
      (40 * outcome(interaction) + 20 * feedback(interaction.feedback)
        + 10 * complexity(interaction)) * 10_000_000
      + 20 * Int(score.reusability.units) + 10 * Int(score.novelty.units)
    return roundedHalfEven(sum, 100)
  }

  static func tier(_ interaction: Interaction) -> Tier {
    switch total(interaction) {
    case 950_000_000...: .exceptional
    case 850_000_000...: .highQuality
    case 700_000_000...: .highValue
    default: .reference
    }
  }

  static func confidence(_ interaction: Interaction) -> Int {
    let fields = interaction.fields
    let heard = interaction.feedback
    let shown = [heard.copied, heard.modified, heard.accepted, heard.abandoned]
    let feedback = heard.explicit != nil ? 60 : shown.contains { $0 != nil } ? 42 : 18
    let basis = ["exit_code", "tests", "human", "benchmark"].contains(interaction.basis.name)
    let present = [Field.prompt, .response, .model, .sessionID, .latencyMS, .tokensOutput]
      .filter { fields[$0] != nil }.count
    // Of 60 each, so of 180 together.
    return roundedHalfEven((feedback + (basis ? 60 : 30) + 10 * present) * 1_000_000_000, 180)
  }
}

@Suite struct ValueOracleTests {
  @Test(arguments: [7, 8, 9] as [UInt64])
  func `scores are as the page says`(seed: UInt64) throws {
    let step = try InteractionStep(
      tables: FoldTables(view: "interactions", provider: MemoryTables()),
      settings: ScoringSettings())
    let facts = try step.derive(MadeUpLog(seed: seed, count: 2_000).events)
    #expect(facts.count > 300)
    #expect(Set(facts.map(\.after.score.tier)).count >= 3)
    for fact in facts {
      let found = fact.after
      let score = found.score
      #expect(score.outcome == FixedPoint(hundredths: Int64(ValueOracle.outcome(found))))
      #expect(score.feedback == FixedPoint(hundredths: Int64(ValueOracle.feedback(found.feedback))))
      #expect(score.complexity == FixedPoint(hundredths: Int64(ValueOracle.complexity(found))))
      #expect(Int(score.total.units) == ValueOracle.total(found), "seed \(seed), \(found.offset)")
      #expect(score.tier == ValueOracle.tier(found))
      #expect(Int(score.confidence.units) == ValueOracle.confidence(found))
      #expect([0.3, 0.5, 0.7, 1.0].contains(score.reusability))
      #expect(score.novelty == 1.0 || score.novelty <= 0.1)
    }
  }
}
