package import Bytes
import Events
import Facts

/// The five parts of a value score, each from 0 to 1.
struct ValueParts {
  var outcome: FixedPoint
  var feedback: FixedPoint
  var reusability: FixedPoint
  var complexity: FixedPoint
  var novelty: FixedPoint

  init(_ interaction: ScoredInteraction) {
    outcome = outcomeQuality(
      interaction.outcome, iterations: interaction.fields.number(.iterations))
    feedback = feedbackQuality(interaction.feedback)
    reusability = interaction.reusability
    complexity = complexityOf(interaction)
    novelty = interaction.novelty
  }

  /// The weighted sum to the nearest billionth, ties to even: rounded once.
  func total(_ weights: ValueWeights) -> FixedPoint {
    let sum =
      product(weights.outcome, outcome) + product(weights.feedback, feedback)
      + product(weights.reusability, reusability) + product(weights.complexity, complexity)
      + product(weights.novelty, novelty)
    return FixedPoint(units: FixedPoint.divide(sum, by: Int128(FixedPoint.one.units)))
  }
}

private func product(_ weight: FixedPoint, _ part: FixedPoint) -> Int128 {
  Int128(weight.units) * Int128(part.units)
}

/// The value of an outcome. A success is worth more the fewer iterations it took.
func outcomeQuality(_ outcome: Outcome, iterations: FixedPoint?) -> FixedPoint {
  switch outcome {
  case .failure: return ScoreRules.OutcomeQuality.failure
  case .partial: return ScoreRules.OutcomeQuality.partial
  case .success:
    let count = iterations ?? .one
    return ScoreRules.OutcomeQuality.quick.first { count <= $0.iterationsMax }?.value
      ?? ScoreRules.OutcomeQuality.slow
  }
}

/// The value of feedback: of the explicit one, else of the first implicit one; one half when there
/// is none.
func feedbackQuality(_ feedback: Feedback) -> FixedPoint {
  if feedback.explicit == 1 { return .one }
  if feedback.explicit == -1 { return .zero }
  let implicit = ScoreRules.ImplicitFeedback.self
  if feedback.copied == true { return implicit.copied }
  if feedback.modified == true { return implicit.modified }
  if feedback.accepted == true { return implicit.accepted }
  if feedback.abandoned == true { return implicit.abandoned }
  return implicit.none
}

/// The value of a prompt, from the number of earlier interactions with the same or a similar
/// prompt.
package func reusability(earlierSimilar count: Int) -> FixedPoint {
  ScoreRules.reused.first { count >= $0.countMin }?.value ?? ScoreRules.unused
}

private func complexityOf(_ interaction: ScoredInteraction) -> FixedPoint {
  let fields = interaction.fields
  let rules = ScoreRules.Complexity.self
  var hundredths: Int64 = 0
  if let steps = fields.number(.steps), steps > rules.steps.above {
    hundredths += rules.steps.hundredths
  }
  if usesTools(fields) { hundredths += rules.tools }
  if modifiesManyFiles(fields) { hundredths += rules.files.hundredths }
  let isSaid = fields.bool(.hasCode) == true && fields.bool(.hasExplanation) == true
  if isSaid || interaction.showsCodeAndProse { hundredths += rules.codeAndProse }
  return FixedPoint(hundredths: min(100, hundredths))
}

private func usesTools(_ fields: Fields) -> Bool {
  if let calls = fields.number(.toolCalls), calls > .zero { return true }
  return !fields.texts(.toolsUsed).isEmpty || !fields.texts(.toolCalls).isEmpty
}

private func modifiesManyFiles(_ fields: Fields) -> Bool {
  let most = ScoreRules.Complexity.files.above
  if let count = fields.number(.filesModified) { return count > FixedPoint(hundredths: most * 100) }
  return fields.texts(.filesModified).count > Int(most)
}
