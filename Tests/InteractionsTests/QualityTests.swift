import Bytes
import Events
import Facts
import Scoring
import TestSupport
import Testing

private func quality(
  feedback: Feedback = Feedback(), _ fields: [Field: FieldValue]
) -> FixedPoint {
  var settings = ScoringSettings()
  settings.profile = .quality
  var all = Fields()
  for (field, value) in fields { all[field] = value }
  return settings.score(
    ScoredInteraction(
      outcome: .failure, basis: .tool, feedback: feedback, fields: all, reusability: 0.3,
      novelty: 1.0, showsCodeAndProse: true)
  ).total
}

@Suite struct QualityTests {
  @Test func `nothing given is worth nothing`() {
    #expect(quality([:]) == 0.0)
    #expect(quality([.model: "m"]) == 0.0)
  }

  @Test func `everything at its best is one, at its worst zero`() {
    let scores: [Field] = [
      .styleScore, .maintainabilityScore, .securityScore, .performanceScore, .projectScore,
      .patternScore, .domainScore, .productivityGain,
    ]
    let flags: [Field] = [
      .codeCompiles, .testsPassed, .lintPasses, .typeCheckPasses, .deploymentSuccess,
      .noRuntimeErrors,
    ]
    var feedback = Feedback()
    func fields(_ isBest: Bool) -> [Field: FieldValue] {
      var fields: [Field: FieldValue] = [
        .helpful: .bool(isBest), .timeToFirstUseS: isBest ? 29.9 : 300,
        .generationTimeS: isBest ? 1 : 12, .solutionComplexity: isBest ? 0 : 1,
      ]
      for field in scores { fields[field] = isBest ? 1 : 0 }
      for field in flags { fields[field] = .bool(isBest) }
      return fields
    }
    feedback.accepted = true
    #expect(quality(feedback: feedback, fields(true)) == 1.0)
    feedback.accepted = false
    #expect(quality(feedback: feedback, fields(false)) == 0.0)
  }

  @Test func `a part alone has all the weight`() {
    #expect(quality([.styleScore: 0.5]) == 0.5)
    #expect(quality([.rating: 3]) == 0.6)
    #expect(quality([.rating: 3, .helpful: true]) == 0.6)
    #expect(quality([.testsPassed: true, .lintPasses: false]) == 0.625)
    #expect(quality([.generationTimeS: 7]) == 0.5)
    #expect(quality([.generationTimeS: 40]) == 0.0)
    #expect(quality([.solutionComplexity: 0.25]) == 0.75)
    #expect(quality([.projectScore: 1, .domainScore: 0]) == FixedPoint(units: 615_384_615))
    // Beyond its range an input is not given.
    #expect(quality([.styleScore: 80, .securityScore: 0.5]) == 0.5)
    #expect(quality([.styleScore: -1, .solutionComplexity: 1.5, .rating: 3]) == 0.6)
    // What passes in part counts as such.
    #expect(quality([.testsPassed: false, .testsPassRate: 0.95]) == 0.95)
    #expect(quality([.codeCompiles: 0.5, .lintPasses: true]) == 0.6875)
  }

  /// A rating is half of the satisfaction, style 0.30 of the code quality.
  @Test(
    arguments: [
      ([30, 25, 20, 15, 10], 0.30 * 0.50 + 0.20 * 0.30), ([100, 0, 0, 0, 0], 0.50),
      ([0, 0, 50, 0, 0], 0.30), ([50, 0, 50, 100, 0], (0.5 * 0.50 + 0.5 * 0.30) / 2),
    ] as [([Int64], Double)])
  func `how much is given goes by the weights`(hundredths: [Int64], given: Double) {
    var settings = ScoringSettings()
    let weights = hundredths.map { FixedPoint(hundredths: $0) }
    settings.qualityWeights.satisfaction = weights[0]
    settings.qualityWeights.correctness = weights[1]
    settings.qualityWeights.codeQuality = weights[2]
    settings.qualityWeights.relevance = weights[3]
    settings.qualityWeights.efficiency = weights[4]
    var fields = Fields()
    fields[.rating] = 4
    fields[.styleScore] = 0.9
    let score = settings.score(
      ScoredInteraction(
        outcome: .success, basis: .tool, feedback: Feedback(), fields: fields, reusability: 0.3,
        novelty: 1.0, showsCodeAndProse: false))
    #expect(score.qualityConfidence == FixedPoint(given))
  }

  @Test func `the first use is worth more when it is soon`() {
    for (seconds, worth) in [(0, 1.0), (29.999, 1.0), (30, 0.5), (299.9, 0.5), (300, 0)] {
      #expect(
        quality([.timeToFirstUseS: .number(FixedPoint(seconds) ?? .zero)]) == FixedPoint(worth))
    }
  }

  @Test func `what was modified is worth seven tenths`() {
    var feedback = Feedback()
    feedback.modified = true
    #expect(quality(feedback: feedback, [:]) == 0.7)
    feedback.accepted = true
    #expect(quality(feedback: feedback, [:]) == 1.0)
    feedback = Feedback()
    feedback.copied = true
    #expect(quality(feedback: feedback, [:]) == 0.0)
  }

  @Test func `what was abandoned is given, and worth nothing`() {
    var feedback = Feedback()
    feedback.abandoned = true
    // 0.3 of nothing, and 0.2 of a first use that is soon: 0.2 / 0.5.
    #expect(quality(feedback: feedback, [.timeToFirstUseS: 1]) == 0.4)
    feedback.abandoned = false
    #expect(quality(feedback: feedback, [.timeToFirstUseS: 1]) == 1.0)
  }

  @Test func `parts that are given share the weight`() {
    // (0.30·0.8 + 0.25·1 + 0.20·0.5) / 0.75 = 0.59 / 0.75
    #expect(
      quality([.rating: 4, .codeCompiles: true, .securityScore: 0.5])
        == FixedPoint(units: 786_666_667))
    // (0.15·1/3 + 0.10·0.7)/0.25: a third that is no decimal in between is rounded at the end.
    let third: [Field: FieldValue] = [
      .patternScore: 0, .domainScore: 0.8, .generationTimeS: 5,
    ]
    #expect(quality(third) == FixedPoint(units: 480_000_000))
  }

  @Test func `the tier follows the total, the parts of the value stay`() {
    var settings = ScoringSettings()
    settings.profile = .quality
    var fields = Fields()
    fields[.styleScore] = 0.9
    let score = settings.score(
      ScoredInteraction(
        outcome: .failure, basis: .tool, feedback: Feedback(), fields: fields, reusability: 0.7,
        novelty: 1.0, showsCodeAndProse: true))
    #expect(score.tier == .highQuality)
    #expect(score.outcome == 0.2)
    #expect(score.reusability == 0.7)
    #expect(score.complexity == 0.2)
  }
}
