package import Bytes
package import Events
import Facts
import Similarity
package import Tables
package import Views

/// Finds interactions in the tables of a build.
package struct InteractionFinder {
  private let interactions: InteractionTables
  private let prompts: PromptMemory
  private let responses: ResponseMemory
  /// How many there are.
  private let count: UInt64

  /// - Parameter build: where the tables of the interactions step lie.
  package init(in build: any RowProvider) throws(TableError) {
    let tables = FoldTables(view: InteractionStep.tables, provider: FrozenTables(build))
    interactions = try InteractionTables(tables)
    prompts = try PromptMemory(tables)
    responses = try ResponseMemory(tables)
    count = try tables.open(Counters.table).row(0)?.states ?? 0
  }

  /// The interaction that an event may belong to, if that is the newest of its id or of its session
  /// and prompt, or begins with the event; nil when the tables cannot answer that.
  package func interaction(of event: Event) throws(TableError) -> RememberedInteraction? {
    if EventRole(of: event) == .none { return nil }
    let fields = event.fields
    if let id = fields.text(.interactionID),
      let number = try interactions.number(id: id, in: event.stream),
      let found = try interaction(number, holding: event.offset)
    {
      return found
    }
    if let session = fields.text(.sessionID), let prompt = fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt, in: event.stream),
      let found = try interaction(number, holding: event.offset)
    {
      return found
    }
    return try interaction(from: event.offset) { $0.beginning == event.id }
  }

  /// The interaction that begins with a line and for which something holds.
  package func interaction(
    from beginning: Offset, where isMeant: (RememberedInteraction) -> Bool = { _ in true }
  ) throws(TableError) -> RememberedInteraction? {
    var meant: RememberedInteraction?
    try forEachState(from: beginning) { state throws(TableError) in
      if meant != nil { return }
      let found = try remembered(state)
      if isMeant(found) { meant = found }
    }
    return meant
  }

  /// Calls `body` with the interactions that begin with a line.
  private func forEachState(
    from beginning: Offset, _ body: (InteractionState) throws(TableError) -> Void
  ) throws(TableError) {
    // Numbers are given in the order of the beginnings.
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = low + (high - low) / 2
      guard let state = try interactions.state(middle) else { return }
      if state.beginning.offset < beginning { low = middle + 1 } else { high = middle }
    }
    while low < count, let state = try interactions.state(low),
      state.beginning.offset == beginning
    {
      try body(state)
      low += 1
    }
  }

  private func interaction(
    _ number: UInt64, holding offset: Offset
  ) throws(TableError) -> RememberedInteraction? {
    guard let state = try interactions.state(number) else { return nil }
    return state.evidence.mayHold(offset) ? try remembered(state) : nil
  }

  private func remembered(_ state: InteractionState) throws(TableError) -> RememberedInteraction {
    RememberedInteraction(
      beginning: state.beginning, evidence: state.evidence,
      interactionID: state.fields.text(.interactionID), sessionID: state.fields.text(.sessionID),
      outcomeNumber: state.outcomeRecord?.number, outcomeEvent: state.outcomeRecord?.event,
      clusters: state.prompts, reusability: state.reusability, novelty: state.novelty,
      learnedAdjustment: state.learnedAdjustment,
      earlierPrompts: state.earlierPrompts,
      nearestResponse: try state.nearestResponse.flatMap(responses.source),
      ignoredFeedback: state.ignoredFeedback, fields: state.fields, feedback: state.feedback,
      verdict: state.outcomeRecord?.verdict, prompts: prompts)
  }
}

/// An earlier request that another is like.
package struct SimilarRequest {
  /// The event that gave it its outcome.
  package let outcome: EventID
  package let similarity: FixedPoint
}

extension InteractionFinder {
  /// Requests with an outcome that a text is like, the newest first: of all those that the fold itself counts
  /// as similar, found by its index, and of the newest those that are less so.
  ///
  /// - Parameters:
  ///   - hundredths: from where on one is like another.
  ///   - newestMax: how many of the newest are looked at.
  ///   - isLate: whether to look at no more.
  package func requests(
    like text: String, atLeast hundredths: Int, newest newestMax: UInt64, isLate: () -> Bool
  ) throws(TableError) -> [SimilarRequest] {
    let comparable = ComparableText(text, prepared: nil)
    guard case .sketch(let sketch) = comparable else { return [] }
    var found: [SimilarRequest] = []
    func take(_ state: InteractionState) {
      guard let outcome = state.outcomeRecord?.event, let prompt = state.fields.text(.prompt),
        !found.contains(where: { $0.outcome == outcome })
      else { return }
      let similarity = sketch.similarity(to: Sketch(of: prompt))
      if similarity.isAtLeast(hundredths: hundredths) {
        found.append(SimilarRequest(outcome: outcome, similarity: similarity.value))
      }
    }
    for line in try prompts.earlier(like: comparable, before: EventID(.max)) where !isLate() {
      try forEachState(from: line) { take($0) }
    }
    var number = count
    while number > 0, count - number < newestMax, !isLate() {
      number -= 1
      if let state = try interactions.state(number) { take(state) }
    }
    return found.sorted { $0.outcome > $1.outcome }
  }
}
