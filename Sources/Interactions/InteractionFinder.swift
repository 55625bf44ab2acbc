import Bytes
package import Events
package import Facts
package import Views

/// Finds interactions in the tables of a build, as they were left there.
package struct InteractionFinder {
  private let interactions: StoredInteractions

  /// - Parameter tables: those of the interactions step of a build.
  package init(_ tables: any ViewReader) throws(TableError) {
    interactions = try StoredInteractions(tables)
  }

  /// The events of the interaction that an event belongs to, if that is the newest of its id or of
  /// its session and prompt; nil when the tables do not tell.
  package func evidence(of event: Event) throws(TableError) -> Evidence? {
    let role = EventRole(of: event)
    if role == .none { return nil }
    let fields = event.fields
    if role == .closes, !fields.has(.interactionID), !fields.has(.sessionID) {
      return Evidence(event.offset)
    }
    if let id = fields.text(.interactionID),
      let number = try interactions.number(id: id, in: event.stream),
      let evidence = try evidence(of: number, holding: event.offset)
    {
      return evidence
    }
    guard let session = fields.text(.sessionID), let prompt = fields.text(.prompt),
      let number = try interactions.number(session: session, prompt: prompt, in: event.stream)
    else { return nil }
    return try evidence(of: number, holding: event.offset)
  }

  private func evidence(
    of number: UInt64, holding offset: Offset
  ) throws(TableError) -> Evidence? {
    guard let evidence = try interactions.state(number)?.evidence else { return nil }
    return evidence.first.contains(offset) || evidence.last == offset ? evidence : nil
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
