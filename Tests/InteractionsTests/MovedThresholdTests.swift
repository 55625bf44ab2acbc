import Bytes
import Events
import Facts
import Scoring
import TestSupport
import Testing

/// What moves the threshold of high value beside the score's own complexity.
@Suite struct MovedThresholdTests {
  /// Whether a success with a score of 0.56 + 0.10 × novelty is of high value.
  private func isHighValue(
    _ units: Int64, _ fields: [Field: FieldValue], learned: FixedPoint = 0.0,
    _ change: (inout ScoringSettings) -> Void = { $0.adjustsThresholds = true }
  ) -> Bool {
    var settings = ScoringSettings()
    change(&settings)
    var all = Fields()
    for (field, value) in fields { all[field] = value }
    var interaction = ScoredInteraction(
      outcome: .success, basis: .tool, feedback: Feedback(), fields: all, reusability: 0.3,
      novelty: FixedPoint(units: units), showsCodeAndProse: false)
    interaction.learnedAdjustment = learned
    return settings.score(interaction).isHighValue
  }

  /// The score is 0.40 + 0.20 × 0.5 + 0.20 × 0.3 + 0.10 × 0 + 0.10 × novelty.
  @Test(
    arguments: [
      ("simple", 900_000_000), ("0.2", 900_000_000), ("moderate", 1_400_000_000),
      ("0.200000001", 1_400_000_000), ("0.5", 1_400_000_000), ("complex", 1_900_000_000),
      ("0.8", 1_900_000_000), ("very_complex", 2_400_000_000), ("expert", 2_400_000_000),
      ("0.81", 2_400_000_000), ("Expert", 2_400_000_000), ("VERY-COMPLEX", 2_400_000_000),
      ("Simple", 900_000_000), ("odd", 900_000_000), ("7", 900_000_000),
    ] as [(String, Int64)])
  func `a stated complexity wins over that of the score`(stated: String, novelty: Int64) {
    let fields: [Field: FieldValue] = [.statedComplexity: .text(stated)]
    #expect(isHighValue(novelty, fields))
    #expect(!isHighValue(novelty - 10, fields))
  }

  @Test func `without the setting it changes nothing`() {
    #expect(isHighValue(1_400_000_000, [.statedComplexity: "expert"]) { _ in })
    #expect(!isHighValue(1_399_999_990, [.statedComplexity: "simple"]) { _ in })
  }

  @Test func `what a domain taught adds up, within 0_50 and 0_95`() {
    #expect(isHighValue(1_600_000_000, [:], learned: 0.02) { _ in })
    #expect(!isHighValue(1_599_999_990, [:], learned: 0.02) { _ in })
    #expect(!isHighValue(3_899_999_990, [:], learned: 1.0) { _ in })
    #expect(isHighValue(3_900_000_000, [:], learned: 1.0) { _ in })
  }

  @Test(
    arguments: [
      (0, 0, 0), (800_000_000, 1, 0), (799_999_999, 1, 20_000_000), (950_000_000, 1, 0),
      (950_000_001, 1, -10_000_000), (1_600_000_000, 2, 0), (1_599_999_999, 2, 20_000_000),
    ] as [(Int64, UInt64, Int64)])
  func `the mean of a domain's outcomes teaches`(sum: Int64, count: UInt64, units: Int64) {
    var settings = ScoringSettings()
    #expect(settings.learnedAdjustment(sum: Int128(sum), count: count) == .zero)
    settings.learnsThresholds = true
    let learned = settings.learnedAdjustment(sum: Int128(sum), count: count)
    #expect(learned == FixedPoint(units: units))
  }

  /// A success counts 1.0, a failure 0.2: after (1.0) the threshold is 0.69, after (1.0 + 0.2) / 2 0.72.
  @Test func `an interaction keeps what its domain had taught when it ended`() throws {
    var settings = ScoringSettings()
    settings.learnsThresholds = true
    let spec = try StepSpec(.editor, settings: settings)
    func done(_ id: String, domain: String = "d", isGood: Bool = true) throws -> Tier? {
      try spec.line(
        "completion",
        [
          .interactionID: .text(id), .domain: .text(domain), .success: .bool(isGood),
          .prompt: .text("do \(id)"), .response: .text("\(id) is done"), .steps: 2,
        ])?.after.score.tier
    }
    // 0.40 + 0.10 + 0.06 + 0.03 + 0.10 = 0.69.
    #expect(try done("a") == .reference)
    #expect(try done("b") == .highValue)
    #expect(try done("other", domain: "e") == .reference)
    // The mean is (1.0 + 0.2) / 2: an outcome that changes counts as it is by now.
    try spec.line("feedback", [.interactionID: "a", .accepted: false])
    #expect(spec.interactions[0].outcome == .failure)
    #expect(try done("c") == .reference)
    #expect(spec.interactions[1].score.tier == .highValue)
  }
}
