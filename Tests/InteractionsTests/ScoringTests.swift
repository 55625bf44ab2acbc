import Bytes
import Events
import Facts
import Scoring
import TestSupport
import Testing
import Views

private func scored(
  _ fields: [Field: FieldValue] = [:], outcome: Outcome = .success, basis: OutcomeBasis = .tool,
  feedback: Feedback = Feedback(), reusability: FixedPoint = 0.3, novelty: FixedPoint = 0.0,
  showsCodeAndProse: Bool = false, settings: ScoringSettings = ScoringSettings()
) -> Score {
  var all = Fields()
  for (field, value) in fields { all[field] = value }
  return settings.score(
    ScoredInteraction(
      outcome: outcome, basis: basis, feedback: feedback, fields: all, reusability: reusability,
      novelty: novelty, showsCodeAndProse: showsCodeAndProse))
}

@Suite struct ScoringTests {
  @Test(
    arguments: [
      (nil, 1.0), (1, 1.0), (3, 1.0), (4, 0.8), (5, 0.8), (6, 0.6), (400, 0.6),
    ] as [(Int64?, FixedPoint)])
  func `a success is worth less, the more iterations it took`(count: Int64?, worth: FixedPoint) {
    let fields: [Field: FieldValue] =
      count.map { [.iterations: .number(FixedPoint($0) ?? .one)] }
      ?? [:]
    #expect(scored(fields).outcome == worth)
    #expect(scored(fields, outcome: .partial).outcome == 0.4)
    #expect(scored(fields, outcome: .failure).outcome == 0.2)
  }

  @Test func `what was said counts before what was done`() {
    func worth(_ change: (inout Feedback) -> Void) -> FixedPoint {
      var feedback = Feedback()
      change(&feedback)
      return scored(feedback: feedback).feedback
    }
    #expect(worth { _ in } == 0.5)
    #expect(
      worth {
        $0.explicit = 1; $0.abandoned = true
      } == 1.0)
    #expect(
      worth {
        $0.explicit = -1; $0.copied = true
      } == 0.0)
    #expect(worth { $0.explicit = 0 } == 0.5)
    #expect(
      worth {
        $0.explicit = 0; $0.copied = true
      } == 0.8)
    #expect(
      worth {
        $0.copied = true; $0.modified = true; $0.abandoned = true
      } == 0.8)
    #expect(
      worth {
        $0.copied = false; $0.modified = true; $0.accepted = true
      } == 0.6)
    #expect(
      worth {
        $0.accepted = true; $0.abandoned = true
      } == 0.8)
    #expect(
      worth {
        $0.accepted = false; $0.abandoned = true
      } == 0.0)
    #expect(
      worth {
        $0.accepted = false; $0.abandoned = false
      } == 0.5)
  }

  @Test func `complexity adds up, at most to one`() {
    #expect(scored().complexity == 0.0)
    #expect(scored([.steps: 1]).complexity == 0.0)
    #expect(scored([.steps: 2]).complexity == 0.3)
    #expect(scored([.toolsUsed: ["sed"]]).complexity == 0.2)
    #expect(scored([.toolCalls: 0]).complexity == 0.0)
    #expect(scored([.toolCalls: 1]).complexity == 0.2)
    #expect(scored([.filesModified: 3]).complexity == 0.0)
    #expect(scored([.filesModified: 4]).complexity == 0.3)
    #expect(scored([.filesModified: ["a", "b", "c"]]).complexity == 0.0)
    #expect(scored([.filesModified: ["a", "b", "c", "d"]]).complexity == 0.3)
    #expect(scored([.hasCode: true]).complexity == 0.0)
    #expect(scored([.hasCode: true, .hasExplanation: true]).complexity == 0.2)
    #expect(scored(showsCodeAndProse: true).complexity == 0.2)
    #expect(
      scored(
        [.steps: 2, .toolsUsed: ["sed"], .filesModified: 4, .hasCode: true, .hasExplanation: true],
        showsCodeAndProse: true
      ).complexity == 1.0)
  }

  @Test(
    arguments: [(0, 0.3), (1, 0.5), (2, 0.5), (3, 0.7), (4, 0.7), (5, 1.0), (9, 1.0)]
      as [(Int, FixedPoint)])
  func `a prompt that comes back is worth more`(count: Int, worth: FixedPoint) {
    #expect(reusability(earlierSimilar: count) == worth)
  }

  @Test func `the total is the weighted sum`() {
    var feedback = Feedback()
    feedback.explicit = 1
    // 0.40·1 + 0.20·1 + 0.20·0.5 + 0.10·0.3 + 0.10·0.033333333
    let score = scored(
      [.steps: 2], feedback: feedback, reusability: 0.5, novelty: FixedPoint(units: 33_333_333))
    #expect(score.total == FixedPoint(units: 733_333_333))
  }

  @Test(
    arguments: [(5, 300_000_000), (15, 300_000_002), (25, 300_000_002), (35, 300_000_004)]
      as [(Int64, Int64)])
  func `the sum is rounded once, ties to even`(novelty: Int64, total: Int64) {
    // 0.40·0.2 + 0.20·0.8 + 0.20·0.3 = 0.3; a tenth of the novelty falls between two billionths.
    var feedback = Feedback()
    feedback.copied = true
    let score = scored(
      outcome: .failure, feedback: feedback, novelty: FixedPoint(units: novelty))
    #expect(score.total.units == total)
  }

  @Test func `tiers begin where they begin`() {
    func tier(_ units: Int64) -> Tier {
      var settings = ScoringSettings()
      settings.valueWeights.outcome = 0.0
      settings.valueWeights.feedback = 0.0
      settings.valueWeights.reusability = 0.0
      settings.valueWeights.complexity = 0.0
      settings.valueWeights.novelty = 1.0
      return scored(novelty: FixedPoint(units: units), settings: settings).tier
    }
    #expect(tier(699_999_999) == .reference)
    #expect(tier(700_000_000) == .highValue)
    #expect(tier(849_999_999) == .highValue)
    #expect(tier(850_000_000) == .highQuality)
    #expect(tier(949_999_999) == .highQuality)
    #expect(tier(950_000_000) == .exceptional)
    #expect(tier(1_000_000_000) == .exceptional)
  }

  @Test func `confidence is the mean of three`() {
    var said = Feedback()
    said.explicit = 0
    var shown = Feedback()
    shown.accepted = false
    #expect(scored(basis: .tool).confidence == FixedPoint(units: 266_666_667))
    #expect(scored(basis: .exitCode).confidence == FixedPoint(units: 433_333_333))
    #expect(scored(basis: .tool, feedback: said).confidence == 0.5)
    #expect(scored(basis: .benchmark, feedback: shown).confidence == FixedPoint(units: 566_666_667))
    #expect(scored([.correctedResponse: "c"]).confidence == 0.4)
    let fields: [Field: FieldValue] = [
      .prompt: "p", .response: "r", .model: "m", .sessionID: "s", .latencyMS: 1,
      .tokensOutput: 0, .tokensInput: 5,
    ]
    #expect(scored(fields, basis: .human, feedback: said).confidence == 1.0)
    #expect(
      scored([.model: "m"], basis: .human, feedback: said).confidence
        == FixedPoint(units: 722_222_222))
  }
}

@Suite struct ThresholdTests {
  private func settings(_ change: (inout ScoringSettings) -> Void) -> ScoringSettings {
    var settings = ScoringSettings()
    settings.valueWeights.outcome = 0.0
    settings.valueWeights.feedback = 0.0
    settings.valueWeights.reusability = 0.0
    settings.valueWeights.complexity = 0.0
    settings.valueWeights.novelty = 1.0
    change(&settings)
    return settings
  }

  private func isHighValue(
    _ total: FixedPoint, _ settings: ScoringSettings, _ fields: [Field: FieldValue] = [:]
  ) -> Bool {
    scored(fields, novelty: total, settings: settings).isHighValue
  }

  @Test func `what is complex must be better, when so set`() {
    let adjusted = settings { $0.adjustsThresholds = true }
    let cases: [(fields: [Field: FieldValue], threshold: Int64)] = [
      ([:], 650_000_000),
      ([.toolCalls: 1], 650_000_000),
      ([.steps: 2], 700_000_000),
      ([.steps: 2, .toolCalls: 1], 700_000_000),
      ([.steps: 2, .filesModified: 4], 750_000_000),
      ([.steps: 2, .filesModified: 4, .toolCalls: 1], 750_000_000),
      (
        [.steps: 2, .filesModified: 4, .toolCalls: 1, .hasCode: true, .hasExplanation: true],
        800_000_000
      ),
    ]
    for (fields, threshold) in cases {
      #expect(!isHighValue(FixedPoint(units: threshold - 1), adjusted, fields))
      #expect(isHighValue(FixedPoint(units: threshold), adjusted, fields))
      #expect(isHighValue(0.7, settings { _ in }, fields))
    }
  }

  @Test func `a domain moves its threshold, within bounds`() {
    let adjusted = settings {
      $0.domainAdjustments = [
        DomainAdjustment(domain: "security", adjustment: 0.1),
        DomainAdjustment(domain: "docs", adjustment: -0.4),
        DomainAdjustment(domain: "law", adjustment: 0.4),
      ]
    }
    #expect(!isHighValue(0.799999999, adjusted, [.domain: "security"]))
    #expect(isHighValue(0.8, adjusted, [.domain: "security"]))
    #expect(!isHighValue(0.499999999, adjusted, [.domain: "docs"]))
    #expect(isHighValue(0.5, adjusted, [.domain: "docs"]))
    #expect(!isHighValue(0.949999999, adjusted, [.domain: "law"]))
    #expect(isHighValue(0.95, adjusted, [.domain: "law"]))
    #expect(isHighValue(0.7, adjusted, [.domain: "games"]))
    // High quality only when of high value at all.
    #expect(scored([.domain: "law"], novelty: 0.9, settings: adjusted).tier == .reference)
    #expect(scored([.domain: "law"], novelty: 0.95, settings: adjusted).tier == .exceptional)
  }

  @Test func `settings that score alike have the same bytes, and others other ones`() {
    let one = DomainAdjustment(domain: "a", adjustment: 0.1)
    let two = DomainAdjustment(domain: "b", adjustment: -0.1)
    var all: [[UInt8]] = []
    for change: (inout ScoringSettings) -> Void in [
      { _ in }, { $0.profile = .quality }, { $0.adjustsThresholds = true },
      { $0.learnsThresholds = true },
      { $0.valueWeights.novelty = 0.2 }, { $0.qualityWeights.efficiency = 0.2 },
      { $0.thresholds.highest = 0.9 }, { $0.feedbackPerMinuteMax = 21 },
      { $0.domainAdjustments = [one] }, { $0.domainAdjustments = [one, two] },
    ] { all.append(settings(change).canonicalBytes) }
    #expect(Set(all).count == all.count)
    let turned = settings { $0.domainAdjustments = [two, one] }
    #expect(turned.canonicalBytes == all.last)
  }

  /// Builds on disk have been folded under these bytes: were they others, all would be outdated.
  @Test func `the bytes of settings are what they were`() {
    var bytes = ByteWriter()
    bytes.append(byte: 2)
    bytes.append(byte: 0)
    let hundredths: [Int64] = [40, 20, 20, 10, 10, 30, 25, 20, 15, 10, 70, 85, 95, 50, 95]
    for number in hundredths { bytes.append(zigzag: FixedPoint(hundredths: number).units) }
    bytes.append(bool: false)
    bytes.append(bool: false)
    bytes.append(varint: UInt64(20))
    bytes.append(varint: UInt64(0))
    #expect(ScoringSettings().canonicalBytes == bytes.bytes)
  }

  @Test func `of one domain twice the first counts`() {
    let one = DomainAdjustment(domain: "a", adjustment: 0.1)
    let other = DomainAdjustment(domain: "a", adjustment: 0.2)
    #expect(
      settings { $0.domainAdjustments = [one, other] }.canonicalBytes
        == settings { $0.domainAdjustments = [one] }.canonicalBytes)
  }
}
