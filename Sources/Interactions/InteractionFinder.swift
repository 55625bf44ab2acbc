import Bytes
package import Events
import Facts
package import Views

/// Finds interactions in the tables of a build, as they were left there.
package struct InteractionFinder {
  private let interactions: InteractionTables

  /// - Parameter tables: those of the interactions step of a build.
  package init(tables: TableSet) throws(TableError) { interactions = try InteractionTables(tables) }

  /// The first event of the interaction that an event belongs to, if that is the newest of its id or
  /// of its session and prompt; nil when the tables do not tell.
  package func beginning(of event: Event) throws(TableError) -> Offset? {
    if EventRole(of: event) == .none { return nil }
    let fields = event.fields
    if let id = fields.text(.interactionID),
      let number = try interactions.number(id: id, in: event.stream),
      let first = try beginning(of: number, holding: event.offset)
    {
      return first
    }
    guard let session = fields.text(.sessionID), let prompt = fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt, in: event.stream)
    else { return nil }
    return try beginning(of: number, holding: event.offset)
  }

  private func beginning(
    of number: UInt64, holding offset: Offset
  ) throws(TableError) -> Offset? {
    guard let state = try interactions.state(number) else { return nil }
    return state.evidence.first.contains(offset) || state.evidence.last == offset
      ? state.evidence.first.first : nil
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
