import Bytes
import Events
import Facts
import Scoring
import Views

/// How the score of an interaction was computed: its figures, each with the events it comes from.
struct ScoreExplanation {
  let state: InteractionState
  let events: [TracedEvent]
  let interaction: Interaction
  let settings: ScoringSettings

  var fields: Fields { state.fields }
  var score: Score { interaction.score }

  var figures: [Figure] {
    [outcome] + [outcomeQuality, feedback, reusability, complexity, novelty]
      + (settings.profile == .value ? [valueScore] : qualityFigures)
      + [threshold, tier, confidence]
  }

  /// A field as an input, with the event that last changed it.
  func input(_ field: Field) -> Input {
    let changers = events.filter { $0.before[field] != $0.after[field] }.map(\.event.offset)
    return Input(field.name, Cell(fields[field]), changers.suffix(1))
  }

  /// A field of feedback as an input, with the last event whose value of it counted.
  private func reported(_ field: Field, _ value: Cell) -> Input {
    let reporters = events.filter {
      $0.event.fields.has(field) && !$0.isRepeat && !$0.isFeedbackIgnored
        && ($0.role == .closes || $0.role == .annotates)
    }
    return Input(field.name, value, reporters.map(\.event.offset).suffix(1))
  }

  private var outcome: Figure {
    var inputs = events.compactMap { traced in
      traced.verdict.map {
        Input(
          "\($0.outcome.name) by \($0.basis.name)",
          .text(traced.isDecisive ? "decided" : "weaker than what was known"), [traced.event.offset]
        )
      }
    }
    inputs.append(Input("outcome_basis", .text(interaction.basis.name)))
    return Figure(
      "outcome", .text(interaction.outcome.name),
      ScoreRules.outcome, inputs)
  }

  private var outcomeQuality: Figure {
    Figure(
      "outcome_quality", .decimal(score.outcome),
      ScoreRules.outcomeQuality,
      [Input("outcome", .text(interaction.outcome.name)), input(.iterations)])
  }

  private var feedback: Figure {
    let said = state.feedback
    return Figure(
      "feedback", .decimal(score.feedback),
      ScoreRules.feedback,
      [
        explicit,
        reported(.copiedToClipboard, Cell(said.copied)),
        reported(.modifiedResponse, Cell(said.modified)),
        reported(.accepted, Cell(said.accepted)), reported(.abandoned, Cell(said.abandoned)),
      ])
  }

  private var explicit: Input {
    let reporters = events.filter {
      $0.event.fields.explicitFeedback != nil && !$0.isRepeat && !$0.isFeedbackIgnored
        && ($0.role == .closes || $0.role == .annotates)
    }
    return Input(
      "explicit", state.feedback.explicit.map { .integer(Int64($0)) } ?? .null,
      reporters.map(\.event.offset).suffix(1))
  }

  private var reusability: Figure {
    let traced = events.first { $0.prompt != nil }
    return Figure(
      "reusability", .decimal(score.reusability),
      ScoreRules.reusability,
      [
        Input(
          "earlier_similar_prompts", traced?.prompt.map { Cell($0.count) } ?? .null,
          traced?.prompt?.offsets ?? []),
        Input("prompt", Cell(fields[.prompt]), traced.map { [$0.event.offset] } ?? []),
      ])
  }

  private var complexity: Figure {
    Figure(
      "complexity", .decimal(score.complexity),
      ScoreRules.complexity,
      [
        input(.steps), input(.toolsUsed), input(.toolCalls), input(.filesModified),
        input(.hasCode), input(.hasExplanation),
        Input("code_and_prose_seen", .bool(state.showsCodeAndProse)),
      ])
  }

  private var novelty: Figure {
    let traced = events.first { $0.response != nil }
    return Figure(
      "novelty", .decimal(score.novelty),
      ScoreRules.novelty,
      [
        Input(
          "nearest_similarity", Cell(traced?.response?.similarity),
          traced?.response?.offset.map { [$0] } ?? []),
        Input(
          "response_is_readable", .bool(traced?.response?.isReadable ?? false),
          traced.map { [$0.event.offset] } ?? []),
      ])
  }

  private var valueScore: Figure {
    let weights = settings.valueWeights
    let parts: [(String, FixedPoint, FixedPoint)] = [
      ("outcome_quality", weights.outcome, score.outcome),
      ("feedback", weights.feedback, score.feedback),
      ("reusability", weights.reusability, score.reusability),
      ("complexity", weights.complexity, score.complexity),
      ("novelty", weights.novelty, score.novelty),
    ]
    return Figure(
      "score", .decimal(score.total),
      parts.map { "\($0.1) × \($0.0)" }.joined(separator: " + "),
      parts.flatMap {
        [Input($0.0, .decimal($0.2)), Input("weight_of_\($0.0)", .decimal($0.1))]
      })
  }

  private var threshold: Figure {
    let bounds = settings.thresholds
    let stated = fields.text(.statedComplexity)
    return Figure(
      "high_value_threshold", .decimal(thresholdOfHighValue),
      "high_value + for_complexity + for_domain + learned, within \(bounds.lowest) to "
        + "\(bounds.highest)",
      [
        Input("high_value", .decimal(bounds.highValue)),
        Input(
          "for_complexity",
          .decimal(settings.adjustment(complexity: score.complexity, stated: stated))),
        input(.statedComplexity),
        Input("for_domain", .decimal(settings.adjustment(domain: fields.text(.domain)))),
        input(.domain), Input("learned", .decimal(state.learnedAdjustment)),
      ])
  }

  private var thresholdOfHighValue: FixedPoint {
    let verdict = Verdict(outcome: interaction.outcome, basis: interaction.basis)
    return settings.highValueThreshold(of: state.scored(verdict), complexity: score.complexity)
  }

  private var tier: Figure {
    let bounds = settings.thresholds
    return Figure(
      "tier", .text(score.tier.name),
      "reference below high_value_threshold; else exceptional from \(bounds.exceptional), "
        + "high_quality from \(bounds.highQuality), else high_value",
      [
        Input("score", .decimal(score.total)),
        Input("high_value_threshold", .decimal(thresholdOfHighValue)),
      ])
  }

  private var confidence: Figure {
    let said = state.feedback
    let isShown = said.hasImplicit || fields.has(.correctedResponse)
    let known = FixedPoint(hundredths: said.explicit != nil ? 100 : isShown ? 70 : 30)
    let basis = FixedPoint(hundredths: interaction.basis >= .exitCode ? 100 : 50)
    return Figure(
      "confidence", .decimal(score.confidence),
      ScoreRules.confidence,
      [
        Input("feedback_known", .decimal(known)), Input("basis_known", .decimal(basis)),
        Input("present", .integer(Int64(tellingFields.count(where: fields.has)))),
      ]
        + tellingFields.map { field in
          Input("has_\(field.name)", .bool(fields.has(field)), input(field).offsets)
        })
  }
}

/// A part of the quality score: what it is made of, and by which weights.
private struct QualityPart {
  let name: String
  let weight: FixedPoint
  let rule: String
  /// What may be given; null for what is not.
  var inputs: [(input: Input, hundredths: Int64, share: Double?)] = []

  /// The weighted mean of what is given; nil when nothing is.
  var value: Double? {
    let given = inputs.compactMap { entry in entry.share.map { (Double(entry.hundredths), $0) } }
    if given.isEmpty { return nil }
    return given.reduce(0) { $0 + $1.0 * min(max($1.1, 0), 1) } / given.reduce(0) { $0 + $1.0 }
  }

  var figure: Figure {
    let made = inputs.flatMap { entry in
      [
        entry.input, Input("share_of_\(entry.input.name)", Cell(entry.share)),
        Input("weight_of_\(entry.input.name)", .decimal(FixedPoint(hundredths: entry.hundredths))),
      ]
    }
    return Figure(
      name, Cell(value), "\(rule); the weighted mean of the shares that are given", made)
  }
}

extension ScoreExplanation {
  /// The five parts of the profile `quality`, and the score.
  var qualityFigures: [Figure] {
    let parts = qualityParts
    let inputs = parts.flatMap {
      [Input($0.name, Cell($0.value)), Input("weight_of_\($0.name)", .decimal($0.weight))]
    }
    let score = Figure(
      "score", .decimal(score.total),
      "the sum of weight × part over the sum of the weights, over the parts that are given; 0 when "
        + "none is", inputs)
    return parts.map(\.figure) + [score]
  }

  private var qualityParts: [QualityPart] {
    let weights = settings.qualityWeights
    var correctness = QualityPart(
      name: "correctness", weight: weights.correctness,
      rule: "the share that passes, true 1, false 0")
    for (field, hundredths) in [
      (Field.codeCompiles, 25), (.testsPassed, 25), (.lintPasses, 15), (.typeCheckPasses, 15),
      (.deploymentSuccess, 10), (.noRuntimeErrors, 10),
    ] as [(Field, Int64)] {
      let isRate = field == .testsPassed && fields.has(.testsPassRate)
      correctness.inputs.append(
        (input(isRate ? .testsPassRate : field), hundredths, share(field)))
    }
    return [
      satisfaction(weights.satisfaction), correctness,
      shares(
        "code_quality", weights.codeQuality,
        [
          (.styleScore, 30), (.maintainabilityScore, 30), (.securityScore, 25),
          (.performanceScore, 15),
        ]),
      shares(
        "relevance", weights.relevance,
        [(.projectScore, 40), (.patternScore, 35), (.domainScore, 25)]),
      efficiency(weights.efficiency),
    ]
  }

  private func share(_ field: Field) -> Double? { fields.share(field)?.doubleValue }

  private func shares(
    _ name: String, _ weight: FixedPoint, _ fields: [(Field, Int64)]
  ) -> QualityPart {
    var part = QualityPart(name: name, weight: weight, rule: "each as given, from 0 to 1")
    for (field, hundredths) in fields {
      part.inputs.append((input(field), hundredths, share(field)))
    }
    return part
  }

  private func satisfaction(_ weight: FixedPoint) -> QualityPart {
    var part = QualityPart(
      name: "satisfaction", weight: weight,
      rule: "rating / 5, or helpful; accepted 1, modified 0.7, else 0; first use <30 s 1, <300 s "
        + "0.5, else 0")
    if let rating = fields.number(.rating) {
      part.inputs.append((input(.rating), 50, rating.doubleValue / 5))
    } else {
      part.inputs.append((input(.helpful), 50, share(.helpful)))
    }
    let said = state.feedback
    let isSaid = said.accepted != nil || said.modified != nil || said.abandoned == true
    let implicit = said.accepted == true ? 1 : said.modified == true ? 0.7 : 0
    part.inputs.append(
      (Input("implicit", Cell(isSaid ? implicit : nil)), 30, isSaid ? implicit : nil))
    let seconds = fields.duration(.timeToFirstUseS)?.doubleValue
    part.inputs.append(
      (input(.timeToFirstUseS), 20, seconds.map { $0 < 30 ? 1 : $0 < 300 ? 0.5 : 0 }))
    return part
  }

  private func efficiency(_ weight: FixedPoint) -> QualityPart {
    var part = QualityPart(
      name: "efficiency", weight: weight,
      rule: "1 − (generation_time_s − 2) / 10; 1 − solution_complexity; productivity_gain; each "
        + "within 0 to 1")
    let seconds = fields.duration(.generationTimeS)?.doubleValue
    part.inputs.append((input(.generationTimeS), 40, seconds.map { 1 - ($0 - 2) / 10 }))
    let complexity = share(.solutionComplexity)
    part.inputs.append((input(.solutionComplexity), 30, complexity.map { 1 - $0 }))
    part.inputs.append(
      (input(.productivityGain), 30, share(.productivityGain)))
    return part
  }
}
