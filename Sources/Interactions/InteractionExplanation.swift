import Bytes
import Events
import Facts
package import Scoring
package import Views

extension InteractionTracer {
  /// How the traced interaction came about, with its score part by part; nil when none of its
  /// events was folded.
  package func explanation(_ settings: ScoringSettings) -> Explanation? {
    guard let state, let first = tracedEvents.first else { return nil }
    let id = state.fields.text(.interactionID)
    var explanation = Explanation(
      title: "the interaction \(id.map { "`\($0)`" } ?? "without an id") of \(state.stream)",
      rule: """
        Events of one stream with the same interaction_id say together what one interaction was; \
        a closing event without an id is one by itself; an event that annotates one without its id is \
        joined by session and prompt. The roles of kinds are in schemas/interactions.md.
        """,
      steps: tracedEvents.map { Step($0.event.offset, $0.account) }, offsets: state.evidence.first,
      offsetCount: state.evidence.count)
    guard let interaction = interaction(settings) else {
      explanation.figures = [
        Figure(
          "outcome", .null, "no closing event yet: there is no row before there is an outcome",
          [Input("first event", Cell(first.event.offset), [first.event.offset])])
      ]
      return explanation
    }
    let score = ScoreExplanation(
      state: state, events: tracedEvents, interaction: interaction, settings: settings)
    explanation.figures = score.figures
    return explanation
  }
}

extension TracedEvent {
  /// What it did, in a sentence.
  fileprivate var account: String {
    let does =
      switch role {
      case .opens: "opens it"
      case .closes: "closes it"
      case .part: "is part of it"
      case .annotates: "annotates it"
      case .none: "has nothing to do with it"
      }
    if isRepeat { return "\(event.kind) repeats what is known: nothing is counted twice" }
    var parts = ["\(event.kind) \(does)"]
    if let verdict {
      parts.append(
        "says \(verdict.outcome.name) by \(verdict.basis.name), which "
          + (isDecisive ? "decides" : "is weaker than what is known"))
    }
    if let prompt {
      parts.append("its prompt is the first, and like \(prompt.count) earlier ones")
    }
    if let response { parts.append("its response is the first, \(response.account)") }
    if isFeedbackIgnored, event.fields.carriesFeedback {
      parts.append("its feedback is ignored: its session gave too much in that minute")
    }
    let values = changed.map { field in after[field].map { "\(field.name)\($0.short)" } ?? "" }
    if !values.isEmpty { parts.append("gives \(values.joined(separator: ", "))") }
    return parts.joined(separator: "; ")
  }
}

extension TracedResponse {
  fileprivate var account: String {
    guard isReadable else { return "and cannot be read" }
    guard let similarity else { return "and like none of high value before it" }
    return "and \(similarity) similar to that of event \(offset.map { "\($0)" } ?? "unknown")"
  }
}

extension FieldValue {
  /// ` 2` for numbers, truths and short words; nothing for texts.
  fileprivate var short: String {
    switch self {
    case .number(let number): " \(number)"
    case .bool(let bool): " \(bool)"
    case .text(let text): text.utf8.count <= 32 ? " \(text)" : ""
    case .texts(let texts): " (\(texts.count))"
    }
  }
}
