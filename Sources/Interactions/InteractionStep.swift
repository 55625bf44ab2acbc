import Bytes
package import Events
package import Facts
package import Scoring
import Similarity
package import Tables
package import Views

/// Folds events into interactions: who belongs together, how it ended, what it was worth.
///
/// All that it remembers is in its tables, of which none counts in a digest: its version and its
/// settings do, in the digest of every view that uses its facts. The facts depend on the order of
/// the events alone. What DESIGN leaves open is decided, and said, where it is done: the roles of
/// kinds in `EventRole`, how fields merge in `FieldManners`, outcomes in `Verdict`, repeats and
/// re-openings in `Repeats`, feedback in `HeardFeedback` and `FeedbackLimit`. Moreover:
///
/// - Who speaks of an interaction by an id that nobody had yet begins it: files are read one after
///   the other. What it says of the outcome counts at once.
/// - An id that is not known, beside a session and a prompt that are, is the id of the saying.
/// - Feedback that is ignored says what it says of the outcome all the same.
/// - A repeat that brings nothing new is no evidence; one that completes the former is.
/// - Sets of names keep the first 256.
///
/// Cost, without similarity: about a microsecond an event; memory: what was used since the last
/// checkpoint, and at most some 30,000 interactions and 400,000 keys besides.
package final class InteractionStep {
  /// Changes whenever the same log would give other facts.
  package static let version: UInt32 = 4

  let settings: ScoringSettings
  let interactions: InteractionTables
  let feedbackLimit: FeedbackLimit
  let prompts: PromptMemory
  let responses: ResponseMemory
  /// The events of the last batch that repeat others, in the order of their offsets.
  package internal(set) var repeats: [Repeat] = []
  private let counterTable: KeyedTable<UInt64, Counters>
  var counters: Counters
  /// Who watches, for an explanation; nil in a fold that serves.
  package var tracer: InteractionTracer?

  /// The name of its set of tables in a build.
  package static let tables = "interactions"

  /// Opens its tables.
  package init(tables: FoldTables, settings: ScoringSettings) throws(TableError) {
    self.settings = settings
    interactions = try InteractionTables(tables)
    feedbackLimit = try FeedbackLimit(tables, perMinuteMax: settings.feedbackPerMinuteMax)
    prompts = try PromptMemory(tables)
    responses = try ResponseMemory(tables)
    counterTable = try tables.open(Counters.table)
    counters = try counterTable.row(0) ?? Counters()
  }

  /// How many events were ignored as feedback, because their session gave too much in a minute.
  package var ignoredFeedbackCount: UInt64 { counters.ignoredFeedback }

  /// The sketches that `derive` is likely to need of an event. Pure, and the costly part: for
  /// another thread.
  package static func prepare(_ event: Event) -> PreparedTexts { PreparedTexts(event) }

  /// Folds events that follow those folded before. Returns what changed, at most one fact an event.
  ///
  /// - Parameter prepared: what `prepare` gave, event by event; may be shorter, or empty.
  package func derive(
    _ events: [Event], prepared: [PreparedTexts] = []
  ) throws(FoldError) -> [Fact] {
    var facts: [Fact] = []
    repeats.removeAll(keepingCapacity: true)
    let before = counters
    // In place: an event is costly to copy, and most are idle.
    let (span, texts) = (events.span, prepared.span)
    for index in span.indices {
      if index < texts.count, texts[index].isIdle { continue }
      do throws(TableError) {
        let texts = index < texts.count ? texts[index] : PreparedTexts()
        if let fact = try fold(span[index], texts) { facts.append(fact) }
      } catch {
        throw FoldError(
          at: span[index].offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
    if counters != before, let last = events.last {
      do throws(TableError) { try counterTable.put(0, counters) } catch {
        throw FoldError(
          at: last.offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
    return facts
  }
}

/// The interaction that an event belongs to.
private struct Place {
  let state: InteractionState
  /// Its number in the tables; nil before it has one.
  var number: UInt64?
  /// The event as it is known again: when it was placed by its id, so that it may be a repeat.
  let signature: EventSignature?
}

extension InteractionStep {
  func fold(_ event: Event, _ texts: PreparedTexts) throws(TableError) -> Fact? {
    let role = EventRole(of: event)
    guard var place = try place(of: event, role) else {
      _ = try isIgnoredAsFeedback(event)
      return nil
    }
    let state = place.state
    tracer?.begin(event, role, state, number: place.number)
    let counted = place.signature.map { state.remember($0) } ?? ~0
    if counted != ~0 { repeats.append(Repeat(of: event.id, newFields: counted)) }
    if counted == 0 { return nil }
    var heard = counted
    if counted == ~0, try isIgnoredAsFeedback(event, in: state) { heard &= ~feedbackFields }

    let before = state.interaction(settings)
    let verdict = verdict(of: event, role, counted: counted)
    let isDecisive =
      verdict.map { verdict in
        state.take(verdict, from: event) { tracer?.outcomeNumber ?? counters.settled.next() }
      } ?? false
    if role == .closes { state.close(by: event) }
    let change = state.take(event.fields.only(heard), role: role, isDecisive: isDecisive)
    state.evidence.add(event.offset)
    tracer?.hear(heard, verdict, isDecisive: isDecisive)
    try weigh(event, state, change, texts)
    try pairUp(&place)
    state.forgetScore()

    let after = state.interaction(settings)
    if after?.score.isHighValue == true { state.wasHighValue = true }
    try teach(state, change.hasResponse ? texts.response : nil)
    // Also one that no later event can find is kept: explanations ask for it.
    let number = place.number ?? counters.states.next()
    tracer?.end(event, state, number: number)
    try interactions.keep(state, number)
    guard let after else { return nil }
    return Fact(of: event.id, before: before, after: after)
  }

  private func isIgnoredAsFeedback(
    _ event: Event, in state: InteractionState? = nil
  ) throws(TableError) -> Bool {
    let isExceeded = try feedbackLimit.isExceeded(by: event)
    guard tracer?.isFeedbackIgnored(of: event) ?? isExceeded else { return false }
    counters.ignoredFeedback &+= 1
    state?.ignoreFeedback(of: event.id)
    return true
  }

  private func place(of event: Event, _ role: EventRole) throws(TableError) -> Place? {
    if role == .none { return nil }
    guard let id = event.fields.text(.interactionID) else {
      if role == .speaks { return try spokenOf(event) }
      guard role == .closes else { return nil }
      return Place(state: InteractionState(event), number: nil, signature: nil)
    }
    let signature = EventSignature(of: event)
    if let number = try interactions.number(id: id, in: event.stream),
      let state = try interactions.state(number), !state.isReopened(by: event, role, signature)
    {
      return Place(state: state, number: number, signature: signature)
    }
    if role == .speaks, let found = try spokenOf(event) { return found }
    let number = counters.states.next()
    try interactions.setNumber(number, id: id, in: event.stream)
    return Place(state: InteractionState(event), number: number, signature: signature)
  }

  private func spokenOf(_ event: Event) throws(TableError) -> Place? {
    guard let session = event.fields.text(.sessionID), let prompt = event.fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt, in: event.stream),
      let state = try interactions.state(number)
    else { return nil }
    return Place(state: state, number: number, signature: nil)
  }

  /// What an event says of the outcome; a repeat only by what it brings in addition.
  private func verdict(of event: Event, _ role: EventRole, counted: UInt128) -> Verdict? {
    guard counted & Verdict.fields != 0 else { return nil }
    switch role {
    case .closes: return Verdict(ofClosing: event.fields, kind: event.kind)
    case .speaks: return Verdict(ofSpeaking: event.fields)
    case .none, .opens, .part: return nil
    }
  }

  /// Fixes the clusters of the prompt and the reusability, by the event that first brings the prompt,
  /// and the novelty, by the one that first brings a response; looks at the response that stands.
  private func weigh(
    _ event: Event, _ state: InteractionState, _ change: TextChange, _ texts: PreparedTexts
  ) throws(TableError) {
    if change.lackedPrompt, let prompt = state.fields.text(.prompt) {
      let text = ComparableText(prompt, prepared: texts.prompt)
      let (count, clusters) = try prompts.join(prompt, text, of: event.id) {
        counters.opaquePrompts.next()
      }
      state.prompts = clusters
      state.earlierPrompts = UInt64(count)
      state.reusability = Scoring.reusability(earlierSimilar: count)
      try tracer?.seePrompt(of: state, event, text, prompts)
    }
    guard change.hasResponse, let response = state.fields.text(.response) else { return }
    state.showsCodeAndProse = !isOpaque(response) && Scoring.showsCodeAndProse(response)
    if change.lackedResponse {
      let text = ComparableText(response, prepared: texts.response)
      (state.novelty, state.nearestResponse) = try responses.novelty(text)
      try tracer?.seeResponse(of: state, text, responses)
    }
  }

  /// Makes an interaction known by its session and its prompt, once it has both.
  private func pairUp(_ place: inout Place) throws(TableError) {
    let state = place.state
    guard !state.isPaired, let session = state.fields.text(.sessionID),
      let prompt = state.fields.text(.prompt)
    else { return }
    let number = place.number ?? counters.states.next()
    place.number = number
    state.isPaired = true
    try interactions.setNumber(number, session: session, prompt: prompt, in: state.stream)
  }

  /// Adds the response of what is or was of high value to the others, for good: once each.
  private func teach(_ state: InteractionState, _ sketch: Sketch?) throws(TableError) {
    guard state.wasHighValue, !state.hasTaught, let response = state.fields.text(.response) else {
      return
    }
    guard case .sketch(let sketch) = ComparableText(response, prepared: sketch) else { return }
    state.hasTaught = true
    try responses.add(sketch, of: state.settlement?.event.offset ?? state.evidence.last)
  }
}
