package import Bytes
package import Events

/// How a value score comes about: its numbers, and the words that explanations and columns say of them,
/// which are made of the numbers.
public enum ScoreRules {
  public static let outcome =
    "the strongest evidence decides, of equals the last: "
    + OutcomeBasis.allCases.sorted().map(\.name).joined(separator: " < ")

  /// What an outcome is worth.
  package enum OutcomeQuality {
    /// Of a success in so many iterations at most; the first that it keeps to counts.
    package static let quick: [(iterationsMax: FixedPoint, value: FixedPoint)] = [
      (FixedPoint(hundredths: 300), .one),
      (FixedPoint(hundredths: 500), FixedPoint(hundredths: 80)),
    ]
    package static let slow = FixedPoint(hundredths: 60)
    package static let partial = FixedPoint(hundredths: 40)
    package static let failure = FixedPoint(hundredths: 20)
  }
  public static let outcomeQuality =
    "success "
    + OutcomeQuality.quick.map { "in ≤\($0.iterationsMax) iterations \($0.value), " }.joined()
    + "in more \(OutcomeQuality.slow) (no count means 1); partial \(OutcomeQuality.partial); "
    + "failure \(OutcomeQuality.failure)"

  /// What was done with an answer, where nobody said what it was worth.
  package enum ImplicitFeedback {
    package static let copied = FixedPoint(hundredths: 80)
    package static let modified = FixedPoint(hundredths: 60)
    package static let accepted = FixedPoint(hundredths: 80)
    package static let abandoned = FixedPoint.zero
    package static let none = FixedPoint(hundredths: 50)
  }
  public static let feedback = """
    explicit +1 1, −1 0 (user_feedback, else rating, else helpful); else the first true of copied \
    \(ImplicitFeedback.copied), modified \(ImplicitFeedback.modified), accepted \
    \(ImplicitFeedback.accepted), abandoned \(ImplicitFeedback.abandoned); else \(ImplicitFeedback.none)
    """

  /// From where on two prompts are alike, in hundredths.
  package static let promptSimilarityMin = 85
  package static let promptSimilarity = similarity(promptSimilarityMin)
  /// From where on two prompts ask the same, in hundredths.
  package static let samePromptMin = 95
  package static let samePrompt = similarity(samePromptMin)
  /// What a prompt is worth that so many earlier ones are like; the first that it reaches counts.
  package static let reused: [(countMin: Int, value: FixedPoint)] = [
    (5, .one), (3, FixedPoint(hundredths: 70)), (1, FixedPoint(hundredths: 50)),
  ]
  package static let unused = FixedPoint(hundredths: 30)
  public static let reusability =
    "earlier prompts at least \(promptSimilarity) similar, when the prompt first came, "
    + "counted up to \(reused[0].countMin): "
    + reused.map { "≥\($0.countMin) \($0.value), " }.joined()
    + "none or no prompt \(unused); of equal ones the first event is named"

  /// What makes an interaction complex, in hundredths that add up to 100 at most.
  package enum Complexity {
    package static let steps: (above: FixedPoint, hundredths: Int64) = (.one, 30)
    package static let tools: Int64 = 20
    package static let files: (above: Int64, hundredths: Int64) = (3, 30)
    package static let codeAndProse: Int64 = 20
  }
  public static let complexity = """
    \(FixedPoint(hundredths: Complexity.steps.hundredths)) if steps > \(Complexity.steps.above); \
    \(FixedPoint(hundredths: Complexity.tools)) if tools were used; \
    \(FixedPoint(hundredths: Complexity.files.hundredths)) if files_modified > \
    \(Complexity.files.above); \(FixedPoint(hundredths: Complexity.codeAndProse)) if the response holds \
    code and explanation, said or seen; at most 1
    """

  /// From where on a response is like an earlier one, in hundredths.
  package static let responseSimilarityMin = 90
  public static let novelty = """
    1 − nearest_similarity, of the response to one of high value before it, if that is \
    ≥\(similarity(responseSimilarityMin)); else 1; 0 without a response that can be read
    """

  public static let confidence = """
    (feedback_known + basis_known + present / \(ConfidenceParts.fields.count)) / 3: feedback explicit \
    \(ConfidenceParts.explicit), implicit \(ConfidenceParts.implicit), none \(ConfidenceParts.none); \
    outcome_basis \(ConfidenceParts.basisMin.name) or stronger 1, else \(ConfidenceParts.weakBasis); \
    present: how many of \(ConfidenceParts.fields.map(\.name).joined(separator: ", ")) are
    """

  /// As settings have it by default.
  public static let score: String = {
    let weights = ValueWeights()
    return """
      \(weights.outcome) × outcome_quality + \(weights.feedback) × feedback + \
      \(weights.reusability) × reusability + \(weights.complexity) × complexity + \
      \(weights.novelty) × novelty, unless values.weights says otherwise; where values.profile is \
      quality, the quality in values/quality, and 0 without one
      """
  }()
  public static let tier: String = {
    let bounds = TierThresholds()
    return """
      reference below \(bounds.highValue); else exceptional from \(bounds.exceptional), high_quality \
      from \(bounds.highQuality), else high_value, unless values.thresholds says otherwise; \
      \(bounds.highValue) moves, within \(bounds.lowest) to \(bounds.highest), with \
      values.adjust_thresholds, values.learn_thresholds and values.domains
      """
  }()

  /// How a domain's interactions move its threshold of high value, by how well they ended on average.
  package enum Learned {
    package static let poor = FixedPoint(hundredths: 80)
    package static let good = FixedPoint(hundredths: 95)
    package static let up = FixedPoint(hundredths: 2)
    package static let down = FixedPoint(hundredths: -1)

    package static let rule = """
      by \(up) up while the mean outcome_quality of its earlier interactions is below \(poor), by \
      \(FixedPoint.zero - down) down above \(good)
      """
  }

  private static func similarity(_ hundredths: Int) -> String {
    "\(FixedPoint(hundredths: Int64(hundredths)))"
  }
}

/// How much is known of what a score rests on.
package struct ConfidenceParts {
  package let feedback: FixedPoint
  package let basis: FixedPoint
  /// How many of `fields` are there. An opaque text is.
  package let present: Int64

  package init(_ fields: Fields, _ feedback: Feedback, _ basis: OutcomeBasis) {
    let isShown = feedback.hasImplicit || fields.has(.correctedResponse)
    self.feedback =
      feedback.explicit != nil ? Self.explicit : isShown ? Self.implicit : Self.none
    self.basis = basis >= Self.basisMin ? .one : Self.weakBasis
    present = Int64((fields.presence & Self.mask).nonzeroBitCount)
  }

  /// (feedback + basis + present / 6) / 3, to the nearest billionth.
  package var mean: FixedPoint {
    let count = Int64(Self.fields.count)
    return FixedPoint(
      ratio: count * (feedback.units + basis.units) + FixedPoint.one.units * present,
      3 * count * FixedPoint.one.units)
  }

  /// The fields whose presence counts.
  package static let fields: [Field] = [
    .prompt, .response, .model, .sessionID, .latencyMS, .tokensOutput,
  ]
  private static let mask = Fields.mask(of: fields)

  fileprivate static let explicit = FixedPoint.one
  fileprivate static let implicit = FixedPoint(hundredths: 70)
  fileprivate static let none = FixedPoint(hundredths: 30)
  fileprivate static let basisMin = OutcomeBasis.exitCode
  fileprivate static let weakBasis = FixedPoint(hundredths: 50)
}
