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
    let parts = [outcome, outcomeQuality, feedback, reusability, complexity, novelty]
    let rest = [threshold, tier, confidence]
    return settings.profile == .value
      ? parts + [valueScore] + rest + besideTheScore : parts + qualityFigures("score") + rest
  }

  /// What `values/quality` says of it, whose score is one by the profile `value`; nothing where nothing
  /// of it is given.
  private var besideTheScore: [Figure] {
    QualityParts(fields, state.feedback) == nil ? [] : qualityFigures("quality")
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
    let known = ConfidenceParts(fields, state.feedback, interaction.basis)
    return Figure(
      "confidence", .decimal(score.confidence),
      ScoreRules.confidence,
      [
        Input("feedback_known", .decimal(known.feedback)),
        Input("basis_known", .decimal(known.basis)),
        Input("present", .integer(known.present)),
      ]
        + ConfidenceParts.fields.map { field in
          Input("has_\(field.name)", .bool(fields.has(field)), input(field).offsets)
        })
  }
}

extension ScoreExplanation {
  /// The five parts of the profile `quality`, and what they come to.
  ///
  /// - Parameter name: what that is called.
  func qualityFigures(_ name: String) -> [Figure] {
    let values = QualityParts(fields, state.feedback)
    var figures: [Figure] = []
    var inputs: [Input] = []
    for (place, (part, weight)) in zip(QualityPart.all, settings.qualityWeights.inOrder)
      .enumerated()
    {
      let value = Cell(values?[place])
      figures.append(Figure(part.name, value, part.rule, part.inputs.flatMap(measured)))
      inputs += [Input(part.name, value), Input("weight_of_\(part.name)", .decimal(weight))]
    }
    let whole = Figure(
      name, name == "score" ? .decimal(score.total) : Cell(score.quality),
      "the sum of weight × part over the sum of the weights, over the parts that are given; 0 when "
        + "none is", inputs)
    return figures + [whole]
  }

  /// What an input of a part was made of, its share, and its weight.
  private func measured(_ quality: QualityInput) -> [Input] {
    let share = Cell(quality.share(fields, state.feedback))
    let source = quality.field(in: fields).map(input) ?? Input(quality.name, share)
    return [
      source, Input("share_of_\(source.name)", share),
      Input("weight_of_\(source.name)", .decimal(FixedPoint(hundredths: quality.hundredths))),
    ]
  }
}
