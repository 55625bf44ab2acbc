import Bytes
package import Events
package import Facts
package import Scoring
import Similarity
import Views

/// What the fold did with one event of the interaction that is watched.
struct TracedEvent {
  let event: Event
  let role: EventRole
  /// Whether it said nothing that was not known.
  var isRepeat = true
  /// Whether its feedback was ignored, as its session gave too much in a minute.
  var isFeedbackIgnored = false
  var verdict: Verdict?
  /// Whether its verdict became the outcome.
  var isDecisive = false
  /// What the interaction's fields were before it, and after it.
  let before: Fields
  var after: Fields
  var prompt: TracedPrompt?
  var response: TracedResponse?

  /// The fields that it brought or changed.
  var changed: [Field] {
    var changed: [Field] = []
    after.forEach { field, value in if before[field] != value { changed.append(field) } }
    return changed
  }
}

/// The earlier prompts that the first prompt of an interaction was like.
struct TracedPrompt {
  var count: UInt64 = 0
  /// The events that brought them, as far as they are told apart.
  var offsets: [Offset] = []
}

/// The earlier response of high value that the first response of an interaction was like.
struct TracedResponse {
  let similarity: FixedPoint?
  let offset: Offset?
  let isReadable: Bool
}

/// Watches one interaction while a fold goes on, for an explanation: what no table keeps.
///
/// Remembers, besides, which event brought each prompt and each response that was learned from: eight
/// bytes each. For one fold, from the first event on.
package final class InteractionTracer {
  private let first: Offset
  private var number: UInt64?
  private var current: TracedEvent?
  private var events: [TracedEvent] = []
  private(set) var state: InteractionState?
  private var promptOffsets: [Offset] = []
  private var responseOffsets: [Offset] = []
  /// Where the interaction begins that the event belongs to at which this one looks; nil until then,
  /// and when it belongs to none.
  package private(set) var beginning: Offset?

  /// - Parameter first: the event with which an interaction begins: that one is watched. Of any
  ///   other event, only `beginning` is told.
  package init(from first: Offset) { self.first = first }

  func begin(_ event: Event, _ role: EventRole, _ state: InteractionState, number: UInt64?) {
    finish()
    if event.offset == first {
      beginning = state.evidence.first.first ?? first
      if beginning != first { return }
      self.number = number
    } else if self.number == nil || number != self.number {
      return
    }
    current = TracedEvent(event: event, role: role, before: state.fields, after: state.fields)
    self.state = state
  }

  /// The events of the interaction, so far.
  var told: [TracedEvent] { events + (current.map { [$0] } ?? []) }

  private func finish() {
    if let current { events.append(current) }
    current = nil
  }

  func hear(_ heard: UInt128, _ verdict: Verdict?, isDecisive: Bool) {
    current?.isRepeat = false
    current?.isFeedbackIgnored = heard & feedbackFields == 0
    current?.verdict = verdict
    current?.isDecisive = isDecisive
  }

  /// Looks for what the step will look for next, before it adds to it.
  func look(
    at state: InteractionState, _ change: TextChange, _ texts: PreparedTexts,
    _ prompts: PromptMemory, _ responses: ResponseMemory
  ) throws(TableError) {
    guard current != nil else { return }
    if change.lackedPrompt, let prompt = state.fields.text(.prompt) {
      current?.prompt = try look(
        for: prompt, ComparableText(prompt, prepared: texts.prompt), among: prompts)
    }
    if change.lackedResponse, change.hasResponse, let response = state.fields.text(.response) {
      current?.response = try look(
        for: ComparableText(response, prepared: texts.response), among: responses)
    }
  }

  private func look(
    for prompt: String, _ text: ComparableText, among prompts: PromptMemory
  ) throws(TableError) -> TracedPrompt {
    guard case .sketch(let sketch) = text else {
      return TracedPrompt(count: try prompts.equals(of: prompt))
    }
    var traced = TracedPrompt()
    for similar in try prompts.like(sketch) {
      traced.count += similar.count
      traced.offsets += offset(similar.id, promptOffsets).map { [$0] } ?? []
    }
    return traced
  }

  private func look(
    for text: ComparableText, among responses: ResponseMemory
  ) throws(TableError) -> TracedResponse {
    guard case .sketch(let sketch) = text else {
      return TracedResponse(similarity: nil, offset: nil, isReadable: false)
    }
    let nearest = try responses.nearest(to: sketch)
    return TracedResponse(
      similarity: nearest?.similarity,
      offset: nearest.flatMap { offset($0.id, responseOffsets) }, isReadable: true)
  }

  private func offset(_ number: UInt64, _ offsets: [Offset]) -> Offset? {
    number < UInt64(offsets.count) ? offsets[Int(number)] : nil
  }

  func end(
    _ event: Event, _ state: InteractionState, number: UInt64?, _ prompts: PromptMemory,
    _ counters: Counters
  ) throws(TableError) {
    let promptCount = try prompts.count()
    while UInt64(promptOffsets.count) < promptCount { promptOffsets.append(event.offset) }
    while UInt64(responseOffsets.count) < counters.responses {
      responseOffsets.append(state.settlement?.offset ?? event.offset)
    }
    guard current != nil else { return }
    if event.offset == first { self.number = number }
    current?.after = state.fields
    finish()
  }

  /// The interaction as the last event left it; nil before it has an outcome.
  package func interaction(_ settings: ScoringSettings) -> Interaction? {
    state?.interaction(settings)
  }
}
