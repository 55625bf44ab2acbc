import Bytes
package import Events
package import Facts
package import Scoring
import Similarity
import Tables
import Views

/// What the fold did with one event of the traced interaction.
struct TracedEvent {
  let event: Event
  let role: EventRole
  /// Whether it only repeated known fields.
  var isRepeat = true
  /// Whether its feedback was ignored because its session gave too much in one minute.
  var isFeedbackIgnored = false
  var verdict: Verdict?
  /// Whether its verdict became the outcome.
  var isDecisive = false
  /// What the interaction's fields were before it, and after it.
  let before: Fields
  var after: Fields
  var prompt: TracedPrompt?
  var response: TracedResponse?

  /// The fields that it added or changed.
  var changed: [Field] {
    var changed: [Field] = []
    after.forEach { field, value in if before[field] != value { changed.append(field) } }
    return changed
  }
}

/// The earlier prompts that the first prompt of an interaction was similar to.
struct TracedPrompt {
  /// Counted up to the number that makes a difference.
  let count: UInt64
  /// The lines that brought them; none for a prompt that is compared as a whole.
  let offsets: [Offset]
}

/// The earlier response of high value that the first response of an interaction was similar to.
struct TracedResponse {
  let similarity: FixedPoint?
  let offset: Offset?
  let isReadable: Bool
}

/// How an interaction compared to others when it arrived, as the tables of a build have stored it:
/// its own events do not show that.
package struct RememberedInteraction {
  /// The event that it begins with.
  package let beginning: EventID
  package let evidence: Evidence
  package let interactionID: String?
  package let sessionID: String?
  let outcomeNumber: UInt64?
  /// The event that first gave it an outcome.
  package let outcomeEvent: EventID?
  let clusters: PromptClusters?
  let reusability: FixedPoint
  let novelty: FixedPoint
  let learnedAdjustment: FixedPoint
  let earlierPrompts: UInt64
  /// The line of the response that its first response was similar to.
  let nearestResponse: Offset?
  let ignoredFeedback: [EventID]
  let fields: Fields
  let feedback: Feedback
  let verdict: Verdict?
  /// All prompts of the build, including those that came later.
  let prompts: PromptMemory

  /// Whether an event can be one of its own, as far as that is kept.
  package func mayHold(_ event: Event) -> Bool {
    if evidence.mayHold(event.offset) { return true }
    return interactionID.map { $0 == event.fields.text(.interactionID) } ?? false
  }
}

/// Records what a fold does to one interaction, for an explanation.
///
/// It traces a fold of the whole log, or, where a build has stored how the interaction compared to
/// others, a fold of that interaction's lines alone.
package final class InteractionTracer {
  private let first: EventID
  private let remembered: RememberedInteraction?
  private var number: UInt64?
  private var current: TracedEvent?
  private var events: [TracedEvent] = []
  private(set) var state: InteractionState?
  /// The first event of the interaction that the traced event belongs to; nil before that event is
  /// folded, and when it belongs to none.
  package private(set) var beginning: EventID?

  /// - Parameter first: the first event of the interaction to trace. For any other event, only
  ///   `beginning` is found.
  package init(from first: EventID) {
    self.first = first
    remembered = nil
  }

  /// Traces a fold of the lines of one interaction, from its first event on.
  package init(_ remembered: RememberedInteraction) {
    first = remembered.beginning
    self.remembered = remembered
  }

  func begin(_ event: Event, _ role: EventRole, _ state: InteractionState, number: UInt64?) {
    finish()
    if event.id == first {
      beginning = state.beginning
      if state.beginning != first { return }
      self.number = number
    } else if self.number == nil || number != self.number {
      return
    }
    current = TracedEvent(event: event, role: role, before: state.fields, after: state.fields)
    self.state = state
  }

  /// Whether an event is one of the interaction, as far as the fold has come.
  package func holds(_ id: EventID) -> Bool { tracedEvents.contains { $0.event.id == id } }

  /// The events of the interaction, so far.
  var tracedEvents: [TracedEvent] { events + (current.map { [$0] } ?? []) }

  private func finish() {
    if let current { events.append(current) }
    current = nil
  }

  func observe(_ observed: UInt128, _ verdict: Verdict?, isDecisive: Bool) {
    current?.isRepeat = false
    current?.isFeedbackIgnored = observed & feedbackFields == 0
    current?.verdict = verdict
    current?.isDecisive = isDecisive
  }

  func observePrompt(
    of state: InteractionState, _ event: Event, _ text: ComparableText, _ prompts: PromptMemory
  ) throws(TableError) {
    guard current != nil else { return }
    if let remembered {
      state.prompts = remembered.clusters
      state.reusability = remembered.reusability
      current?.prompt = TracedPrompt(
        count: remembered.earlierPrompts,
        offsets: try remembered.prompts.earlier(like: text, before: event.id))
    } else {
      current?.prompt = TracedPrompt(
        count: state.earlierPrompts, offsets: try prompts.earlier(like: text, before: event.id))
    }
  }

  func observeResponse(
    of state: InteractionState, _ text: ComparableText, _ responses: ResponseMemory
  ) throws(TableError) {
    guard current != nil else { return }
    if let remembered {
      state.novelty = remembered.novelty
      current?.response = TracedResponse(
        novelty: remembered.novelty, text, nearest: remembered.nearestResponse)
    } else {
      current?.response = TracedResponse(
        novelty: state.novelty, text, nearest: try state.nearestResponse.flatMap(responses.source))
    }
  }

  /// Its number among the interactions with an outcome, where a build has stored it.
  var outcomeNumber: UInt64? { current == nil ? nil : remembered?.outcomeNumber }

  /// What its domain had taught, where a build has stored that.
  var learnedAdjustment: FixedPoint? { current == nil ? nil : remembered?.learnedAdjustment }

  /// Whether an event's feedback was ignored, where a build has stored that.
  func isFeedbackIgnored(of event: Event) -> Bool? {
    current == nil ? nil : remembered?.ignoredFeedback.contains(event.id)
  }

  func end(_ event: Event, _ state: InteractionState, number: UInt64) {
    guard current != nil else { return }
    if event.id == first { self.number = number }
    current?.after = state.fields
    finish()
  }

  /// Whether the fold gave the interaction that the build has, where one has it.
  package var agreesWithBuild: Bool {
    guard let remembered else { return true }
    return state?.evidence == remembered.evidence && state?.fields == remembered.fields
      && state?.feedback == remembered.feedback
      && state?.outcomeRecord?.verdict == remembered.verdict
      && state?.outcomeRecord?.event == remembered.outcomeEvent
  }

  /// Where a watched fold of its own lines begins: parts of that line before it are of others.
  var start: EventID? { remembered?.beginning }

  /// The interaction as the last event left it; nil before it has an outcome.
  package func interaction(_ settings: ScoringSettings) -> Interaction? {
    state?.interaction(settings)
  }
}

extension TracedResponse {
  init(novelty: FixedPoint, _ text: ComparableText, nearest: Offset?) {
    if case .sketch = text { isReadable = true } else { isReadable = false }
    similarity = nearest == nil ? nil : .one - novelty
    offset = nearest
  }
}

extension InteractionStep {
  /// What an event of its kind and fields does to interactions, in a sentence.
  package static func role(of event: Event) -> String {
    switch EventRole(of: event) {
    case .opens: "opens an interaction"
    case .closes: "closes an interaction"
    case .part: "is part of an interaction, by its id"
    case .annotates: "annotates an interaction, by its id, or by session and prompt"
    case .none: "has nothing to do with an interaction"
    }
  }

  /// Whether it can belong to an interaction at all.
  package static func concerns(_ event: Event) -> Bool { EventRole(of: event) != .none }
}
