package import Events
package import Facts

/// What the conversations step makes of events.
package struct ConversationBatch: Sendable {
  /// The events that count, with what their lines leave out, and behind those of each line what
  /// follows from them: ends of turns.
  package var events: [Event] = []
  /// For each of these the place that it had among the events that were folded; −1 for one that was
  /// added.
  package var origins: [Int] = []
  package var modelCalls: [CallChange<ModelCall>] = []
  package var toolCalls: [CallChange<ToolCall>] = []
  package var notes: [SessionNote] = []

  package init() {}

  /// Whether all events are as they were, and none was added.
  package var isUnchanged: Bool { isNative }
  var isNative = true
}

extension ConversationBatch {
  /// Appends what follows from a line, as parts behind its last one.
  mutating func append(_ derived: inout [Event], after last: EventID) {
    for (number, event) in derived.enumerated() {
      let id = EventID(last.offset, part: last.part + 1 + UInt64(number))
      events.append(
        Event(
          id, envelope: event.envelope, fields: event.fields, record: nil, isKnownByName: true,
          completes: event.completes))
      origins.append(-1)
    }
    derived.removeAll(keepingCapacity: true)
  }

  mutating func take(_ fold: ConversationFold, at index: Int, _ derived: inout [Event]) {
    modelCalls += fold.modelCalls
    toolCalls += fold.toolCalls
    notes += fold.notes
    if fold.isDropped { return }
    var endings = fold.endings[...]
    if fold.event.kind == Kinds.turnEnded {
      // The event itself says how the turn stands, or nothing.
      if let own = endings.popFirst() {
        let event = fold.event(own)
        // What was said of the turn earlier in the line would follow it.
        derived.removeAll {
          Kinds.isTurn($0.kind)
            && $0.fields.text(.interactionID) == event.fields.text(.interactionID)
        }
        events.append(event)
        origins.append(-1)
      }
    } else {
      events.append(fold.enriched)
      origins.append(index)
    }
    derived += endings.map(fold.event) + fold.late
  }
}
