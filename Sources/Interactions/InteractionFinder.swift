import Bytes
package import Events
internal import Facts
package import Tables
package import Views

/// Finds interactions in the tables of a build, as they were left there.
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

  /// The interaction that an event belongs to, if that is the newest of its id or of its session and
  /// prompt, or begins with the event; nil when the tables do not tell.
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
    // Numbers are given in the order of the beginnings.
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = low + (high - low) / 2
      guard let state = try interactions.state(middle) else { return nil }
      if state.beginning.offset < beginning { low = middle + 1 } else { high = middle }
    }
    while low < count, let state = try interactions.state(low),
      state.beginning.offset == beginning
    {
      let found = try remembered(state)
      if isMeant(found) { return found }
      low += 1
    }
    return nil
  }

  private func interaction(
    _ number: UInt64, holding offset: Offset
  ) throws(TableError) -> RememberedInteraction? {
    guard let state = try interactions.state(number) else { return nil }
    let evidence = state.evidence
    return evidence.first.contains(offset) || evidence.last == offset ? try remembered(state) : nil
  }

  private func remembered(_ state: InteractionState) throws(TableError) -> RememberedInteraction {
    RememberedInteraction(
      beginning: state.beginning, evidence: state.evidence,
      interactionID: state.fields.text(.interactionID), sessionID: state.fields.text(.sessionID),
      outcomeNumber: state.settlement?.number, outcomeEvent: state.settlement?.event,
      clusters: state.prompts, reusability: state.reusability, novelty: state.novelty,
      earlierPrompts: state.earlierPrompts,
      nearestResponse: try state.nearestResponse.flatMap(responses.source),
      ignoredFeedback: state.ignoredFeedback, prompts: prompts)
  }
}

extension InteractionStep {
  /// What an event of its kind and fields does to interactions, in a sentence.
  package static func role(of event: Event) -> String {
    switch EventRole(of: event) {
    case .opens: "opens an interaction"
    case .closes: "closes an interaction"
    case .part: "is part of an interaction, by its id"
    case .speaks: "speaks of an interaction, by its id, or by session and prompt"
    case .none: "has nothing to do with an interaction"
    }
  }

  /// Whether it can belong to an interaction at all.
  package static func concerns(_ event: Event) -> Bool { EventRole(of: event) != .none }
}
