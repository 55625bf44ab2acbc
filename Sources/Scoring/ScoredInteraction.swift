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
    let total =
      switch profile {
      case .value: parts.total(valueWeights)
      case .quality: QualityParts(interaction).total(qualityWeights)
      }
    return Score(
      outcome: parts.outcome, feedback: parts.feedback, reusability: parts.reusability,
      complexity: parts.complexity, novelty: parts.novelty, total: total,
      tier: tier(total, complexity: parts.complexity, domain: interaction.fields.text(.domain)),
      confidence: confidence(interaction))
  }
}

extension ScoringSettings {
  /// The tier of a total: high quality and exceptional are so only when high value is.
  func tier(_ total: FixedPoint, complexity: FixedPoint, domain: String?) -> Tier {
    guard total >= highValueThreshold(complexity: complexity, domain: domain) else {
      return .reference
    }
    if total >= thresholds.exceptional { return .exceptional }
    return total >= thresholds.highQuality ? .highQuality : .highValue
  }

  /// The least total of an interaction of high value.
  package func highValueThreshold(complexity: FixedPoint, domain: String?) -> FixedPoint {
    let threshold =
      thresholds.highValue + adjustment(complexity: complexity) + adjustment(domain: domain)
    return min(max(threshold, thresholds.lowest), thresholds.highest)
  }

  /// What the complexity adds to the threshold of high value.
  package func adjustment(complexity: FixedPoint) -> FixedPoint {
    adjustsThresholds ? complexityAdjustment(complexity) : .zero
  }

  /// What the domain adds to the threshold of high value.
  package func adjustment(domain: String?) -> FixedPoint {
    guard let domain else { return .zero }
    return domainAdjustments.first { $0.names(domain) }?.adjustment ?? .zero
  }

  /// How reliable the score is: the mean of the kind of feedback, the basis of the outcome, and the
  /// share of six fields that are present. An opaque text is present.
  func confidence(_ interaction: ScoredInteraction) -> FixedPoint {
    let fields = interaction.fields
    let said = interaction.feedback
    let isShown = said.hasImplicit || fields.has(.correctedResponse)
    let feedback: Int64 = said.explicit != nil ? 100 : isShown ? 70 : 30
    let basis: Int64 = interaction.basis >= .exitCode ? 100 : 50
    let present = Int64((fields.presence & tellingMask).nonzeroBitCount)
    // (feedback + basis + present/6) / 3, in eighteenths of a hundredth.
    return FixedPoint(ratio: 6 * (feedback + basis) + 100 * present, 1_800)
  }
}

/// The fields whose presence counts for the confidence.
package let tellingFields: [Field] = [
  .prompt, .response, .model, .sessionID, .latencyMS, .tokensOutput,
]

private let tellingMask: UInt128 = Fields.mask(of: tellingFields)

private func complexityAdjustment(_ complexity: FixedPoint) -> FixedPoint {
  if complexity <= FixedPoint(hundredths: 20) { return FixedPoint(hundredths: -5) }
  if complexity <= FixedPoint(hundredths: 50) { return .zero }
  return FixedPoint(hundredths: complexity <= FixedPoint(hundredths: 80) ? 5 : 10)
}
