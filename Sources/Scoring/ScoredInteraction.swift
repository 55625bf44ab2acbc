package import Bytes
package import Events
package import Facts

/// What a score is computed from: the state of an interaction, merged over its events.
package struct ScoredInteraction: Sendable {
  package var outcome: Outcome
  package var basis: OutcomeBasis
  package var feedback: Feedback
  package var fields: Fields
  /// Fixed by the event that first brought the prompt.
  package var reusability: FixedPoint
  /// Fixed by the event that first brought the response.
  package var novelty: FixedPoint
  /// Whether its response shows a fenced block and prose beside it.
  package var showsCodeAndProse: Bool
  /// What its domain had taught about the threshold of high value when it came to its outcome.
  package var learnedAdjustment = FixedPoint.zero

  package init(
    outcome: Outcome, basis: OutcomeBasis, feedback: Feedback, fields: Fields,
    reusability: FixedPoint, novelty: FixedPoint, showsCodeAndProse: Bool
  ) {
    self.outcome = outcome
    self.basis = basis
    self.feedback = feedback
    self.fields = fields
    self.reusability = reusability
    self.novelty = novelty
    self.showsCodeAndProse = showsCodeAndProse
  }
}

extension ScoringSettings {
  /// The score of an interaction by these settings.
  package func score(_ interaction: ScoredInteraction) -> Score {
    let parts = ValueParts(interaction)
    let qualityParts = QualityParts(interaction.fields, interaction.feedback)
    let quality = qualityParts?.total(qualityWeights.inOrder)
    let total =
      switch profile {
      case .value: parts.total(valueWeights)
      case .quality: quality ?? .zero
      }
    return Score(
      outcome: parts.outcome, feedback: parts.feedback, reusability: parts.reusability,
      complexity: parts.complexity, novelty: parts.novelty, total: total, quality: quality,
      qualityConfidence: qualityParts?.givenShare(qualityWeights.inOrder),
      tier: tier(total, of: interaction, complexity: parts.complexity),
      confidence: confidence(interaction))
  }
}

extension ScoringSettings {
  /// The tier of a total: high quality and exceptional are so only when high value is.
  func tier(
    _ total: FixedPoint, of interaction: ScoredInteraction, complexity: FixedPoint
  ) -> Tier {
    guard total >= highValueThreshold(of: interaction, complexity: complexity) else {
      return .reference
    }
    if total >= thresholds.exceptional { return .exceptional }
    return total >= thresholds.highQuality ? .highQuality : .highValue
  }

  /// The least total of an interaction of high value.
  ///
  /// - Parameter complexity: that part of its score.
  package func highValueThreshold(
    of interaction: ScoredInteraction, complexity: FixedPoint
  ) -> FixedPoint {
    let fields = interaction.fields
    let threshold =
      thresholds.highValue
      + adjustment(complexity: complexity, stated: fields.text(.statedComplexity))
      + adjustment(domain: fields.text(.domain)) + interaction.learnedAdjustment
    return min(max(threshold, thresholds.lowest), thresholds.highest)
  }

  /// What the complexity adds to the threshold of high value: that which is stated of the task, where
  /// it says something, else that of the score.
  package func adjustment(complexity: FixedPoint, stated: String?) -> FixedPoint {
    guard adjustsThresholds else { return .zero }
    return stated.flatMap(statedAdjustment) ?? complexityAdjustment(complexity)
  }

  /// What the interactions of a domain have taught about its threshold so far.
  ///
  /// - Parameters:
  ///   - sum: of the parts of their scores that say how they ended, in billionths.
  ///   - count: how many they are.
  package func learnedAdjustment(sum: Int128, count: UInt64) -> FixedPoint {
    guard learnsThresholds, count > 0 else { return .zero }
    let learned = ScoreRules.Learned.self
    func reaches(_ bound: FixedPoint) -> Int128 { sum - Int128(bound.units) * Int128(count) }
    if reaches(learned.poor) < 0 { return learned.up }
    return reaches(learned.good) > 0 ? learned.down : .zero
  }

  /// What the domain adds to the threshold of high value.
  package func adjustment(domain: String?) -> FixedPoint {
    guard let domain else { return .zero }
    return domainAdjustments.first { $0.names(domain) }?.adjustment ?? .zero
  }

  /// How reliable the score is: the mean of the kind of feedback, the basis of the outcome, and the
  /// share of six fields that are present. An opaque text is present.
  func confidence(_ interaction: ScoredInteraction) -> FixedPoint {
    ConfidenceParts(interaction.fields, interaction.feedback, interaction.basis).mean
  }
}

/// Of a word, or of a number from 0 to 1; nil for anything else.
private func statedAdjustment(_ complexity: String) -> FixedPoint? {
  switch StatedComplexity(word: complexity) {
  case .simple: FixedPoint(hundredths: -5)
  case .moderate: .zero
  case .complex: FixedPoint(hundredths: 5)
  case .veryComplex, .expert: FixedPoint(hundredths: 10)
  case nil:
    Double(complexity).flatMap { (0...1).contains($0) ? FixedPoint($0) : nil }.map(
      complexityAdjustment)
  }
}

private func complexityAdjustment(_ complexity: FixedPoint) -> FixedPoint {
  if complexity <= FixedPoint(hundredths: 20) { return FixedPoint(hundredths: -5) }
  if complexity <= FixedPoint(hundredths: 50) { return .zero }
  return FixedPoint(hundredths: complexity <= FixedPoint(hundredths: 80) ? 5 : 10)
}
