import Bytes
import Events
import Facts
import Scoring
import Similarity
import Views

/// The interaction that an event belongs to.
private struct Place {
  let state: InteractionState
  /// Its number in the tables; nil while nothing could find it there.
  var number: UInt64?
  let isNew: Bool
  /// Whether the event was placed by its id, so that it may repeat another one.
  let isByID: Bool
}

extension InteractionStep {
  func fold(_ event: Event, _ texts: PreparedTexts) throws(TableError) -> Fact? {
    let isIgnored = try feedbackLimit.isExceeded(by: event)
    if isIgnored { counters.ignoredFeedback &+= 1 }
    let role = EventRole(of: event)
    if role == .none { return nil }
    let heard = isIgnored ? event.fields.withoutFeedback : event.fields
    if role == .speaks, isIgnored, !heard.carriesAssessment { return nil }
    guard var place = try place(of: event, role) else { return nil }
    let state = place.state

    let repetition = place.isByID ? state.remember(event) : nil
    if repetition?.fresh == 0 { return nil }
    let before = state.interaction(settings)
    let fresh = repetition?.fresh ?? ~0
    let verdict = verdict(of: heard, event.kind, role, fresh: fresh)
    let isDecisive =
      verdict.map { state.take($0, from: event) { counters.settled.next() } } ?? false
    if role == .closes { state.isClosed = true }
    let hadPrompt = state.fields.has(.prompt)
    let hadResponse = state.fields.has(.response)
    let isOtherResponse = state.take(heard, fresh: fresh, role: role, isDecisive: isDecisive)
    state.hear(heard, fresh: fresh)
    state.evidence.add(event.offset)
    if !hadPrompt { try weighPrompt(of: state, texts.prompt) }
    if isOtherResponse { try weighResponse(of: state, texts.response, isFirst: !hadResponse) }
    try pairUp(&place)
    state.forgetScore()

    let after = state.interaction(settings)
    if after?.score.isHighValue == true {
      try teach(state, isOtherResponse ? texts.response : nil)
    }
    if let number = place.number { try interactions.keep(state, number) }
    return after.map { Fact(offset: event.offset, before: before, after: $0) }
  }

  private func place(of event: Event, _ role: EventRole) throws(TableError) -> Place? {
    guard let id = event.fields.text(.interactionID) else {
      if role == .speaks { return try spokenOf(event) }
      guard role.standsAlone else { return nil }
      return Place(state: InteractionState(event), number: nil, isNew: true, isByID: false)
    }
    if let number = try interactions.number(id: id, in: event.stream),
      let state = try interactions.state(number), !state.isReopened(by: event, role)
    {
      return Place(state: state, number: number, isNew: false, isByID: true)
    }
    if role == .speaks, let found = try spokenOf(event) { return found }
    let number = counters.states.next()
    try interactions.setNumber(number, id: id, in: event.stream)
    return Place(state: InteractionState(event), number: number, isNew: true, isByID: true)
  }

  private func spokenOf(_ event: Event) throws(TableError) -> Place? {
    guard let session = event.fields.text(.sessionID), let prompt = event.fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt),
      let state = try interactions.state(number)
    else { return nil }
    return Place(state: state, number: number, isNew: false, isByID: false)
  }

  /// What an event says of the outcome; a repeat only by what it brings in addition.
  private func verdict(
    of heard: Fields, _ kind: String, _ role: EventRole, fresh: UInt128
  ) -> Verdict? {
    guard fresh & Verdict.fields != 0 else { return nil }
    switch role {
    case .closes: return Verdict(ofClosing: heard, kind: kind)
    case .speaks: return Verdict(ofSpeaking: heard)
    case .none, .opens, .part, .toolPart: return nil
    }
  }

  /// Fixes the reusability, by the event that first brings the prompt.
  private func weighPrompt(of state: InteractionState, _ sketch: Sketch?) throws(TableError) {
    guard let prompt = state.fields.text(.prompt) else { return }
    let text = ComparableText(prompt, prepared: sketch)
    let count = try prompts.countAndAdd(prompt, text) { counters.prompts.next() }
    state.reusability = Scoring.reusability(earlierSimilar: count)
  }

  /// Fixes the novelty, by the event that first brings a response, and looks at the one there is.
  private func weighResponse(
    of state: InteractionState, _ sketch: Sketch?, isFirst: Bool
  ) throws(TableError) {
    guard let response = state.fields.text(.response) else { return }
    state.showsCodeAndProse = !isOpaque(response) && Scoring.showsCodeAndProse(response)
    guard isFirst else { return }
    state.novelty = try responses.novelty(ComparableText(response, prepared: sketch))
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
    try interactions.setNumber(number, session: session, prompt: prompt)
  }

  /// Adds the response to those of high value, for good: once an interaction.
  private func teach(_ state: InteractionState, _ sketch: Sketch?) throws(TableError) {
    guard !state.hasTaught, let response = state.fields.text(.response) else { return }
    guard case .sketch(let sketch) = ComparableText(response, prepared: sketch) else { return }
    state.hasTaught = true
    try responses.add(sketch, number: counters.responses.next())
  }
}
