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
