import Bytes
import Events
import Facts
import Scoring
import Views

/// How the score of an interaction came about: its figures, each from the events that gave them.
struct ScoreStory {
  let state: InteractionState
  let events: [TracedEvent]
  let interaction: Interaction
  let settlement: Settlement
  let settings: ScoringSettings

  var fields: Fields { state.fields }
  var score: Score { interaction.score }

  var figures: [Figure] {
    [outcome] + [outcomeQuality, feedback, reusability, complexity, novelty]
      + (settings.profile == .value ? [valueScore] : qualityFigures)
      + [threshold, tier, confidence]
  }

  /// A field as an input, with the events that last changed it.
  func input(_ field: Field) -> Input {
    let changers = events.filter { $0.before[field] != $0.after[field] }.map(\.event.offset)
    return Input(field.name, Cell(fields[field]), changers.suffix(1))
  }

  /// A field of feedback, with the last event that said it and was heard.
  private func said(_ field: Field, _ value: Cell) -> Input {
    let speakers = events.filter {
      $0.event.fields.has(field) && !$0.isRepeat && !$0.isFeedbackIgnored
        && ($0.role == .closes || $0.role == .speaks)
    }
    return Input(field.name, value, speakers.map(\.event.offset).suffix(1))
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
      "the strongest evidence decides, of equals the last: text < self < tool < exit_code < tests "
        + "< human < benchmark", inputs)
  }

  private var outcomeQuality: Figure {
    Figure(
      "outcome_quality", .decimal(score.outcome),
      "success in ≤3 iterations 1, in ≤5 0.8, in more 0.6 (no count means 1); partial 0.4; "
        + "failure 0.2",
      [Input("outcome", .text(interaction.outcome.name)), input(.iterations)])
  }

  private var feedback: Figure {
    let said = state.feedback
    return Figure(
      "feedback", .decimal(score.feedback),
      "explicit +1 1, −1 0 (user_feedback, else rating, else helpful); else the first true of "
        + "copied 0.8, modified 0.6, accepted 0.8, abandoned 0; else 0.5",
      [
        explicit,
        self.said(.copiedToClipboard, Cell(said.copied)),
        self.said(.modifiedResponse, Cell(said.modified)),
        self.said(.accepted, Cell(said.accepted)), self.said(.abandoned, Cell(said.abandoned)),
      ])
  }

  private var explicit: Input {
    let speakers = events.filter {
      $0.event.fields.explicitFeedback != nil && !$0.isRepeat && !$0.isFeedbackIgnored
        && ($0.role == .closes || $0.role == .speaks)
    }
    return Input(
      "explicit", state.feedback.explicit.map { .integer(Int64($0)) } ?? .null,
      speakers.map(\.event.offset).suffix(1))
  }

  private var reusability: Figure {
    let traced = events.first { $0.prompt != nil }
    return Figure(
      "reusability", .decimal(score.reusability),
      "earlier prompts at least 0.85 similar, when the prompt first came, counted up to 5: 5 1, ≥3 "
        + "0.7, ≥1 0.5, none or no prompt 0.3; of equal ones the first event is named",
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
      "0.3 if steps > 1; 0.2 if tools were used; 0.3 if files_modified > 3; 0.2 if the response "
        + "holds code and explanation, said or seen; at most 1",
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
      "1 − nearest_similarity, of the response to one of high value before it, if that is ≥0.90; "
        + "else 1; 0 without a response that can be read",
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
    let domain = fields.text(.domain)
    let bounds = settings.thresholds
    return Figure(
      "high_value_threshold",
      .decimal(settings.highValueThreshold(complexity: score.complexity, domain: domain)),
      "high_value + for_complexity + for_domain, within \(bounds.lowest) to \(bounds.highest)",
      [
        Input("high_value", .decimal(bounds.highValue)),
        Input("for_complexity", .decimal(settings.adjustment(complexity: score.complexity))),
        Input("for_domain", .decimal(settings.adjustment(domain: domain))), input(.domain),
      ])
  }

  private var tier: Figure {
    let bounds = settings.thresholds
    return Figure(
      "tier", .text(score.tier.name),
      "reference below high_value_threshold; else exceptional from \(bounds.exceptional), "
        + "high_quality from \(bounds.highQuality), else high_value",
      [
        Input("score", .decimal(score.total)),
        Input(
          "high_value_threshold",
          .decimal(
            settings.highValueThreshold(complexity: score.complexity, domain: fields.text(.domain)))
        ),
      ])
  }

  private var confidence: Figure {
    let said = state.feedback
    let isShown = said.hasImplicit || fields.has(.correctedResponse)
    let known = FixedPoint(hundredths: said.explicit != nil ? 100 : isShown ? 70 : 30)
    let basis = FixedPoint(hundredths: interaction.basis >= .exitCode ? 100 : 50)
    return Figure(
      "confidence", .decimal(score.confidence),
      "(feedback_known + basis_known + present / 6) / 3: feedback explicit 1, implicit 0.7, none "
        + "0.3; outcome_basis exit_code or stronger 1, else 0.5; present: of the six fields below",
      [
        Input("feedback_known", .decimal(known)), Input("basis_known", .decimal(basis)),
        Input("present", .integer(Int64(tellingFields.count(where: fields.has)))),
      ]
        + tellingFields.map { field in
          Input("has_\(field.name)", .bool(fields.has(field)), input(field).offsets)
        })
  }
}
