import Bytes
import Events
import Facts
import Scoring
import TestSupport
import Testing

/// So many words, each its own: n words have n − 2 shingles, of which a text with fewer words from
/// the same beginning has all of its own.
private func words(_ count: Int) -> FieldValue {
  .text((1...count).map { "word\($0)" }.joined(separator: " "))
}

/// A text of so many shingles.
private func shingles(_ count: Int) -> FieldValue { words(count + 2) }

@Suite struct SimilarityBoundTests {
  private func reusability(_ first: Int, _ second: Int) throws -> FixedPoint? {
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.prompt: shingles(first)])
    try spec.line("completion", [.prompt: shingles(second)])
    return spec.interactions.last?.score.reusability
  }

  private func novelty(_ first: Int, _ second: Int) throws -> FixedPoint? {
    let spec = try StepSpec(.aidb)
    try spec.line(
      "completion",
      [.response: shingles(first), .success: true, .userFeedback: 1, .toolCalls: 1])
    #expect(spec.interactions.first?.score.isHighValue == true)
    try spec.line("completion", [.response: shingles(second)])
    return spec.interactions.last?.score.novelty
  }

  @Test func `prompts 0.85 similar count`() throws {
    #expect(try reusability(20, 17) == 0.5)
  }

  @Test(arguments: [(253, 215), (100, 84), (20, 16)])
  func `prompts a little less than 0.85 similar do not`(all: Int, shared: Int) throws {
    #expect(try reusability(all, shared) == 0.3)
  }

  @Test func `a response 0.90 similar is a tenth new`() throws {
    #expect(try novelty(20, 18) == 0.1)
  }

  @Test(arguments: [(249, 224), (100, 89), (20, 17)])
  func `a response a little less than 0.90 similar is all new`(all: Int, shared: Int) throws {
    #expect(try novelty(all, shared) == 1.0)
  }

  @Test(
    arguments: [(1, 0.5), (2, 0.5), (3, 0.7), (4, 0.7), (5, 1.0), (6, 1.0)]
      as [(Int, FixedPoint)])
  func `so many earlier prompts are worth so much`(count: Int, worth: FixedPoint) throws {
    let spec = try StepSpec(.aidb)
    for _ in 0...count { try spec.line("completion", [.prompt: shingles(9)]) }
    #expect(spec.interactions.last?.score.reusability == worth)
  }
}

@Suite struct FeedbackBoundTests {
  /// A minute of UTC, from its first second.
  private let minute: Int64 = 29_453_760 * 60

  /// Editor completions with explicit feedback, one for each second. Returns which of them counted.
  private func heard(
    _ seconds: [Int64], session: FieldValue? = "s"
  ) throws -> (heard: [Bool], ignoredCount: UInt64) {
    let spec = try StepSpec(.editor)
    for second in seconds {
      spec.second = second
      var fields: [Field: FieldValue] = [.userFeedback: 1, .success: true]
      fields[.sessionID] = session
      try spec.line("completion", fields)
    }
    return (spec.interactions.map { $0.feedback.explicit == 1 }, spec.ignoredFeedbackCount)
  }

  @Test func `the twentieth of a minute counts`() throws {
    let (heard, ignored) = try heard((0..<20).map { minute + $0 })
    #expect(heard == [Bool](repeating: true, count: 20))
    #expect(ignored == 0)
  }

  @Test func `the twenty-first of a minute is ignored, and counted`() throws {
    let (heard, ignored) = try heard((0..<21).map { minute + $0 })
    #expect(heard == [Bool](repeating: true, count: 20) + [false])
    #expect(ignored == 1)
  }

  @Test func `the second before a minute is of another, as is the one after it`() throws {
    let within = [Int64](repeating: minute, count: 10) + [Int64](repeating: minute + 59, count: 10)
    let (heard, ignored) = try heard(within + [minute - 1, minute + 60, minute + 59])
    #expect(heard == [Bool](repeating: true, count: 22) + [false])
    #expect(ignored == 1)
  }

  @Test func `before 1970 a minute is a minute too`() throws {
    let (heard, ignored) = try heard(
      [Int64](repeating: -60, count: 10) + [Int64](repeating: -1, count: 10) + [-61, 0, -30])
    #expect(heard == [Bool](repeating: true, count: 22) + [false])
    #expect(ignored == 1)
  }

  @Test func `without a session none is ignored`() throws {
    let (heard, ignored) = try heard([Int64](repeating: minute, count: 50), session: nil)
    #expect(heard == [Bool](repeating: true, count: 50))
    #expect(ignored == 0)
  }

  @Test func `what is ignored leaves what was heard before, and what it says of the outcome`()
    throws
  {
    var settings = ScoringSettings()
    settings.feedbackPerMinuteMax = 1
    let spec = try StepSpec(.aidb, settings: settings)
    spec.second = minute
    let id: [Field: FieldValue] = [.interactionID: "a", .sessionID: "s"]
    try spec.line("completion", [.interactionID: "a", .success: true])
    try spec.line("feedback", id.merging([.copiedToClipboard: true, .rating: 3]) { _, new in new })
    try spec.line(
      "feedback", id.merging([.rating: 1, .accepted: false]) { _, new in new })
    let interaction = try #require(spec.interactions.first)
    #expect(interaction.score.feedback == 0.8)
    #expect(interaction.feedback.explicit == 0 && interaction.feedback.accepted == nil)
    #expect(interaction.outcome == .failure && interaction.basis == .human)
    #expect(spec.ignoredFeedbackCount == 1)
  }
}

@Suite struct AdjustedThresholdTests {
  /// Settings under which a total is the novelty.
  private func settings(_ adjustment: FixedPoint) -> ScoringSettings {
    var settings = ScoringSettings()
    settings.adjustsThresholds = true
    settings.domainAdjustments = [DomainAdjustment(domain: "d", adjustment: adjustment)]
    settings.valueWeights.outcome = 0.0
    settings.valueWeights.feedback = 0.0
    settings.valueWeights.reusability = 0.0
    settings.valueWeights.complexity = 0.0
    settings.valueWeights.novelty = 1.0
    return settings
  }

  private static let complex: [Field: FieldValue] = [
    .steps: 2, .filesModified: 4, .toolCalls: 1, .hasCode: true, .hasExplanation: true,
  ]

  /// A simple task lowers the threshold by 0.05, one of complexity 1 raises it by 0.10.
  @Test(
    arguments: [
      (false, 0.1, 750_000_000), (true, 0.1, 900_000_000), (false, -0.1, 550_000_000),
      (false, -0.15, 500_000_000), (false, -0.16, 500_000_000), (true, 0.15, 950_000_000),
      (true, 0.16, 950_000_000), (true, 1.0, 950_000_000), (false, -1.0, 500_000_000),
    ] as [(Bool, FixedPoint, Int64)])
  func `complexity and domain add up, within 0.50 and 0.95`(
    isComplex: Bool, adjustment: FixedPoint, threshold: Int64
  ) {
    func isHighValue(_ units: Int64) -> Bool {
      var fields = Fields()
      fields[.domain] = "d"
      for (field, value) in isComplex ? Self.complex : [:] { fields[field] = value }
      return settings(adjustment).score(
        ScoredInteraction(
          outcome: .success, basis: .tool, feedback: Feedback(), fields: fields, reusability: 0.3,
          novelty: FixedPoint(units: units), showsCodeAndProse: false)
      ).isHighValue
    }
    #expect(isHighValue(threshold))
    #expect(!isHighValue(threshold - 1))
  }
}
