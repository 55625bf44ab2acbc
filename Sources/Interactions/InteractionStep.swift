import Bytes
package import Events
package import Facts
package import Scoring
import Similarity
package import Tables
package import Views

/// Folds events into interactions: which events belong together, how each interaction ended, and
/// what it was worth.
///
/// Its state is in its tables. None of them counts in a digest; its version and its settings do, in
/// the digest of every view that uses its facts. The facts depend on the order of the events alone.
/// The rules are in schemas/interactions.md, and are implemented here: the roles of kinds in
/// `EventRole`, how fields merge in `FieldMergePolicy`, outcomes in `Verdict`, repeats and
/// re-openings in `Repeats`, feedback in `FeedbackMerge`. Some decisions concern several of these:
///
/// - An annotation with an id that no earlier event had begins the interaction, because files are
///   read one after the other. The outcome that it states counts at once.
/// - When the id of an annotation is unknown but its session and prompt are known, the id is taken
///   to be that of the annotation itself, and session and prompt decide.
/// - An event whose feedback is ignored still counts for the outcome.
/// - A repeat with no new field is not added to the evidence; one with new fields is.
/// - Sets of names keep the first 256.
///
/// Cost, without similarity: about a microsecond an event; memory: what was used since the last
/// checkpoint, and at most some 30,000 interactions and 400,000 keys besides.
package final class InteractionStep {
  /// Changes whenever the same log would give other facts.
  package static let version: UInt32 = 11

  let settings: ScoringSettings
  let interactions: InteractionTables
  let feedbackLimit: FeedbackLimit
  let prompts: PromptMemory
  let responses: ResponseMemory
  /// The events of the last batch that repeat others, in the order of their offsets.
  @safe @exclusivity(unchecked) package internal(set) var repeats: [Repeat] = []
  /// The events of the last batch whose feedback was ignored, in the order of their offsets.
  @safe @exclusivity(unchecked) package private(set) var ignoredFeedback: [IgnoredFeedback] = []
  private let counterTable: KeyedTable<UInt64, Counters>
  private let domains: KeyedTable<Hash128, DomainOutcomes>
  @safe @exclusivity(unchecked) var counters: Counters
  /// Records what happens to one interaction, for an explanation; nil in an ordinary fold.
  @safe @exclusivity(unchecked) package var tracer: InteractionTracer?

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
    domains = try tables.open(DomainOutcomes.table)
    counters = try counterTable.row(0) ?? Counters()
  }

  /// How many events were ignored as feedback, because their session gave too much in a minute.
  package var ignoredFeedbackCount: UInt64 { counters.ignoredFeedback }

  /// The sketches that `derive` is likely to need of an event. Pure, and the costly part: for
  /// another thread.
  package static func prepare(_ event: borrowing Event) -> PreparedTexts { PreparedTexts(event) }

  /// Folds events that follow those folded before. Returns what changed, at most one fact an event.
  ///
  /// - Parameter prepared: what `prepare` gave, event by event; may be shorter, or empty.
  package func derive(
    _ events: [Event], prepared: [PreparedTexts] = []
  ) throws(FoldError) -> [Fact] {
    var facts: [Fact] = []
    repeats.removeAll(keepingCapacity: true)
    ignoredFeedback.removeAll(keepingCapacity: true)
    let before = counters
    // Spans, because copying an event is costly and most events are skipped.
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
private struct Membership {
  let state: InteractionState
  /// Its number in the tables; nil before it has one.
  var number: UInt64?
  /// By which a repeat of the event is recognised; nil unless the event was found by its id, since
  /// only then can it be a repeat.
  let signature: EventSignature?
}

extension InteractionStep {
  func fold(_ event: borrowing Event, _ texts: PreparedTexts) throws(TableError) -> Fact? {
    if let start = tracer?.start, event.id < start { return nil }
    let role = EventRole(of: event)
    guard var membership = try membership(of: event, role) else {
      _ = try isIgnoredAsFeedback(event)
      return nil
    }
    let state = membership.state
    tracer?.begin(event, role, state, number: membership.number)
    var counted = membership.signature.map { state.remember($0) } ?? ~0
    // Two lines of a transcript that say the same are two things that happened.
    if event.isKnownByName { counted = ~0 }
    if counted != ~0 { repeats.append(Repeat(of: event.id, newFields: counted)) }
    if counted == 0 { return nil }
    var observed = counted
    if counted == ~0, try isIgnoredAsFeedback(event, in: state) { observed &= ~feedbackFields }

    let before = state.interaction(settings)
    let verdict = verdict(of: event, role, counted: counted)
    let isDecisive =
      verdict.map { verdict in
        state.take(verdict, from: event) { tracer?.outcomeNumber ?? counters.outcomes.next() }
      } ?? false
    if role == .closes { state.close(by: event) }
    let change = state.take(
      event.fields.only(observed), role: role, isDecisive: isDecisive,
      isOfTurn: Kinds.isTurn(event.kind))
    state.evidence.add(event.offset)
    tracer?.observe(observed, verdict, isDecisive: isDecisive)
    try assessTexts(event, state, change, texts)
    try indexBySessionAndPrompt(&membership)
    state.forgetScore()

    if settings.learnsThresholds, before == nil, state.outcomeRecord != nil {
      let learned = try learnedAdjustment(state)
      state.learnedAdjustment = tracer?.learnedAdjustment ?? learned
    }
    let after = state.interaction(settings)
    if settings.learnsThresholds { try learn(before, after) }
    if after?.score.isHighValue == true { state.wasHighValue = true }
    if !Kinds.isProvisional(event.kind) {
      try indexResponse(state, change.hasResponse ? texts.response : nil)
    }
    // An interaction that no later event can join is stored too, because explanations look it up.
    let number = membership.number ?? counters.states.next()
    tracer?.end(event, state, number: number)
    try interactions.keep(state, number)
    guard let after else { return nil }
    return Fact(of: event.id, before: before, after: after)
  }

  private func isIgnoredAsFeedback(
    _ event: borrowing Event, in state: InteractionState? = nil
  ) throws(TableError) -> Bool {
    let isExceeded = try feedbackLimit.isExceeded(by: event)
    guard tracer?.isFeedbackIgnored(of: event) ?? isExceeded else { return false }
    counters.ignoredFeedback &+= 1
    if let session = event.fields.text(.sessionID) {
      ignoredFeedback.append(
        IgnoredFeedback(
          of: event.id, session: session, time: event.time,
          isTimeInferred: event.envelope.isTimeInferred))
    }
    state?.ignoreFeedback(of: event.id)
    return true
  }

  private func learnedAdjustment(_ state: InteractionState) throws(TableError) -> FixedPoint {
    guard let domain = state.fields.text(.domain),
      let known = try domains.row(Hash128(of: domain))
    else { return .zero }
    return settings.learnedAdjustment(sum: known.sum.units, count: known.count.value)
  }

  /// Counts how an interaction of a domain ended, and no longer how it had ended before.
  private func learn(_ before: Interaction?, _ after: Interaction?) throws(TableError) {
    guard let after, let domain = after.fields.text(.domain) else { return }
    let known = before.flatMap { $0.fields.has(.domain) ? $0.score.outcome : nil }
    if known == after.score.outcome { return }
    try domains.change(Hash128(of: domain)) { row in
      var outcomes = row ?? DomainOutcomes()
      if let known { outcomes.sum -= known } else { outcomes.count += 1 }
      outcomes.sum += after.score.outcome
      row = outcomes
    }
  }

  private func membership(
    of event: borrowing Event, _ role: EventRole
  ) throws(TableError) -> Membership? {
    if role == .none { return nil }
    guard let id = event.fields.text(.interactionID) else {
      if role == .annotates { return try annotated(by: event) }
      guard role == .closes else { return nil }
      return Membership(state: InteractionState(event), number: nil, signature: nil)
    }
    let signature = EventSignature(of: event)
    if let number = try interactions.number(id: id, in: event.stream),
      let state = try interactions.state(number), !state.isReopened(by: event, role, signature)
    {
      return Membership(state: state, number: number, signature: signature)
    }
    if role == .annotates, let found = try annotated(by: event) { return found }
    let number = counters.states.next()
    try interactions.setNumber(number, id: id, in: event.stream)
    return Membership(state: InteractionState(event), number: number, signature: signature)
  }

  private func annotated(by event: borrowing Event) throws(TableError) -> Membership? {
    guard let session = event.fields.text(.sessionID), let prompt = event.fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt, in: event.stream),
      let state = try interactions.state(number)
    else { return nil }
    return Membership(state: state, number: number, signature: nil)
  }

  /// The outcome that an event states, if any. A repeat states one only by its new fields.
  private func verdict(
    of event: borrowing Event, _ role: EventRole, counted: UInt128
  ) -> Verdict? {
    guard counted & Verdict.fields != 0 else { return nil }
    switch role {
    case .closes: return Verdict(ofClosing: event.fields, kind: event.kind)
    case .annotates: return Verdict(ofAnnotation: event.fields)
    case .none, .opens, .part: return nil
    }
  }

  /// Computes clusters and reusability when the first prompt arrives, and novelty when the first
  /// response arrives: neither changes later, but the novelty of a response that was provisional. Whether the response shows code and prose is computed
  /// again whenever the response changes.
  private func assessTexts(
    _ event: borrowing Event, _ state: InteractionState, _ change: TextChange,
    _ texts: PreparedTexts
  ) throws(TableError) {
    if change.lackedPrompt, let prompt = state.fields.text(.prompt) {
      let text = ComparableText(prompt, prepared: texts.prompt)
      let (count, clusters) = try prompts.join(prompt, text, of: event.id) {
        counters.opaquePrompts.next()
      }
      state.prompts = clusters
      state.earlierPrompts = UInt64(count)
      state.reusability = Scoring.reusability(earlierSimilar: count)
      try tracer?.observePrompt(of: state, event, text, prompts)
    }
    guard change.hasResponse, let response = state.fields.text(.response) else { return }
    state.showsCodeAndProse = !isOpaque(response) && Scoring.showsCodeAndProse(response)
    if change.lackedResponse || (Kinds.isTurn(event.kind) && !state.isResponseIndexed) {
      let text = ComparableText(response, prepared: texts.response)
      (state.novelty, state.nearestResponse) = try responses.novelty(text)
      try tracer?.observeResponse(of: state, text, responses)
    }
  }

  /// Lets annotations find an interaction by session and prompt, once it has both.
  private func indexBySessionAndPrompt(_ membership: inout Membership) throws(TableError) {
    let state = membership.state
    guard !state.isPaired, let session = state.fields.text(.sessionID),
      let prompt = state.fields.text(.prompt)
    else { return }
    let number = membership.number ?? counters.states.next()
    membership.number = number
    state.isPaired = true
    try interactions.setNumber(number, session: session, prompt: prompt, in: state.stream)
  }

  /// Adds the response of an interaction that is or was of high value to the index that novelty is
  /// measured against. Each interaction is added once, and never removed.
  private func indexResponse(_ state: InteractionState, _ sketch: Sketch?) throws(TableError) {
    guard state.wasHighValue, !state.isResponseIndexed, let response = state.fields.text(.response)
    else {
      return
    }
    guard case .sketch(let sketch) = ComparableText(response, prepared: sketch) else { return }
    state.isResponseIndexed = true
    try responses.add(sketch, of: state.outcomeRecord?.event.offset ?? state.evidence.last)
  }
}
