internal import Bytes
public import Events
public import Facts
public import Tables
public import Views

/// A pure fold of events and facts into the tables of one view.
///
/// It knows no clock, no file and no other projector. What it remembers is in its tables, so that a
/// fold can stop after any event and go on in another process. The result depends on the order of
/// the events alone, never on how they are cut into batches.
public protocol Projector: AnyObject, SendableMetatype {
  static var view: View { get }

  /// Opens its tables.
  init(tables: FoldTables) throws(TableError)

  /// Folds a batch: for projectors that are faster on many events than on one after the other.
  /// Throws at an event that it cannot fold; it is then set back and stops there.
  func apply(_ batch: FoldBatch) throws(FoldError)
}

/// Events in the order of the log, with what the interactions step derived from them.
public struct FoldBatch: Sendable {
  public let events: [Event]
  /// In the order of their events, at most one of each.
  public let facts: [Fact]
  /// In the order of their events.
  public let repeats: [Repeat]
  /// Events whose feedback was ignored, in their order; a view that needs no facts is handed none.
  public let ignoredFeedback: [IgnoredFeedback]
  /// What the conversations step made of the events, each in the order of their events; a view that
  /// needs no calls is handed none.
  public let modelCalls: [CallChange<ModelCall>]
  public let toolCalls: [CallChange<ToolCall>]
  public let notes: [SessionNote]
  /// Where a projector notes what it does; nil unless the fold is traced.
  public let trace: FoldTrace?

  public init(
    events: [Event], facts: [Fact], repeats: [Repeat] = [],
    ignoredFeedback: [IgnoredFeedback] = [],
    modelCalls: [CallChange<ModelCall>] = [], toolCalls: [CallChange<ToolCall>] = [],
    notes: [SessionNote] = [], trace: FoldTrace? = nil
  ) {
    self.events = events
    self.facts = facts
    self.repeats = repeats
    self.ignoredFeedback = ignoredFeedback
    self.modelCalls = modelCalls
    self.toolCalls = toolCalls
    self.notes = notes
    self.trace = trace
  }

  /// When its events happened, of whatever kind; those that say again what an earlier one said are
  /// left out.
  public var times: EventTimes { times { _ in false } }

  /// The same, where what says that it happened more than a day after it was taken in, as a wrong clock
  /// has it, counts as if it did not say when: else one such line would be the latest for good. These
  /// times depend on when lines were taken in, and so on the log, but not on the lines alone.
  public var timesBeforeRecording: EventTimes {
    times { $0.time.seconds - 86_400 > $0.recorded.seconds }
  }

  private func times(isDoubted: (Envelope) -> Bool) -> EventTimes {
    var times = EventTimes()
    var repeats = repeats[...]
    for index in events.indices {
      let id = events[index].id
      while let first = repeats.first, first.event < id { repeats.removeFirst() }
      if repeats.first?.event == id { continue }
      let envelope = events[index].envelope
      times.add(
        envelope.time, isInferred: envelope.isTimeInferred || isDoubted(envelope), at: id.offset)
    }
    return times
  }
}

/// A projector that is handed one event after the other, and after each what was derived from it:
/// calls and notes of its conversation, then its fact.
public protocol EventProjector: Projector {
  /// Takes what it needs of a batch as a whole, such as its times, before its events come.
  func begin(_ batch: borrowing FoldBatch) throws(TableError)

  /// Folds an event that the view needs; nothing, for a view that needs facts alone.
  func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError)

  /// Folds a fact; only where the view needs facts.
  func fold(_ fact: borrowing Fact) throws(TableError)

  /// Folds what an event made of a call of a model; only where the view needs calls.
  func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError)

  /// Folds what an event made of a call of a tool; only where the view needs calls.
  func fold(_ change: borrowing CallChange<ToolCall>) throws(TableError)

  /// Folds what else happened in a session; only where the view needs calls.
  func fold(_ note: borrowing SessionNote) throws(TableError)
}

/// What is known about an event beside the event itself.
public struct FoldContext {
  /// How the event repeats an earlier event of its interaction, in which case it counts once. Nil
  /// when it does not; always nil where the view needs no facts.
  public let again: Repeat?
  /// Where to note what the fold does and no row keeps; nil unless the fold is traced.
  public let trace: FoldTrace?
  /// A slice, since facts are costly to copy.
  private let facts: ArraySlice<Fact>

  public init(
    again: Repeat? = nil, facts: ArraySlice<Fact> = [], trace: FoldTrace? = nil
  ) {
    self.again = again
    self.facts = facts
    self.trace = trace
  }

  public var isRepeat: Bool { again != nil }

  /// Whether the event's value of a field counts: always, but where the event says again what an
  /// earlier one said, and that had the field.
  public func isNew(_ field: Field) -> Bool {
    again.map { $0.newFields & Fields.mask(of: [field]) != 0 } ?? true
  }

  /// What the interactions step derived from the event, which is folded next; nil for nothing.
  public var fact: Fact? { facts.first }
}

extension EventProjector {
  public func begin(_ batch: borrowing FoldBatch) throws(TableError) {}
  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {}
  public func fold(_ fact: borrowing Fact) throws(TableError) {}
  public func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError) {}
  public func fold(_ change: borrowing CallChange<ToolCall>) throws(TableError) {}
  public func fold(_ note: borrowing SessionNote) throws(TableError) {}

  public func apply(_ batch: FoldBatch) throws(FoldError) {
    let needs = Self.view.needs
    do throws(TableError) { try begin(batch) } catch {
      throw FoldError(at: batch.events.first?.offset ?? 0, error)
    }
    let events = batch.events.span
    var repeats = needs.facts ? batch.repeats[...] : []
    let derived = Derived(batch, needs)
    var position = Derived.Position()
    // Of few kinds there are many events.
    var kinds = ShortTextMemo()
    for index in events.indices {
      // Part by part, since an event that is handed on as a whole is copied.
      guard needs.include(presence: events[index].fields.presence),
        needs.isOfAllKinds || kinds.answer(events[index].envelope.kind, needs.include(kind:))
      else { continue }
      let id = events[index].id
      try fold(derived, &position, before: id)
      while let first = repeats.first, first.event < id { repeats.removeFirst() }
      let again = repeats.first.flatMap { $0.event == id ? $0 : nil }
      let own = derived.facts(of: id, position)
      do throws(TableError) {
        try fold(events[index], FoldContext(again: again, facts: own, trace: batch.trace))
      } catch {
        throw FoldError(at: id.offset, error)
      }
    }
    try fold(derived, &position, before: nil)
  }

  /// Folds what was derived from events before one, in their order; all of it before nil.
  private func fold(
    _ derived: Derived, _ position: inout Derived.Position, before end: EventID?
  ) throws(FoldError) {
    let (facts, notes) = (derived.facts.span, derived.notes.span)
    let (modelCalls, toolCalls) = (derived.modelCalls.span, derived.toolCalls.span)
    while let next = derived.next(position), end.map({ next < $0 }) ?? true {
      do throws(TableError) {
        while position.modelCall < modelCalls.count, modelCalls[position.modelCall].event == next {
          try fold(modelCalls[position.modelCall])
          position.modelCall += 1
        }
        while position.toolCall < toolCalls.count, toolCalls[position.toolCall].event == next {
          try fold(toolCalls[position.toolCall])
          position.toolCall += 1
        }
        while position.note < notes.count, notes[position.note].event == next {
          try fold(notes[position.note])
          position.note += 1
        }
        if position.fact < facts.count, facts[position.fact].event == next {
          try fold(facts[position.fact])
          position.fact += 1
        }
      } catch {
        throw FoldError(at: next.offset, error)
      }
    }
  }
}

/// What was derived from a batch's events. Looked at in place, since it is costly to copy.
private struct Derived {
  let facts: [Fact]
  let modelCalls: [CallChange<ModelCall>]
  let toolCalls: [CallChange<ToolCall>]
  let notes: [SessionNote]

  /// The first of each that is not folded yet.
  struct Position {
    var fact = 0
    var modelCall = 0
    var toolCall = 0
    var note = 0
  }

  init(_ batch: FoldBatch, _ needs: Needs) {
    facts = needs.facts ? batch.facts : []
    modelCalls = needs.calls ? batch.modelCalls : []
    toolCalls = needs.calls ? batch.toolCalls : []
    notes = needs.calls ? batch.notes : []
  }

  /// The first event of which something is left.
  func next(_ position: Position) -> EventID? {
    var next: EventID?
    func consider(_ event: EventID) { next = next.map { min($0, event) } ?? event }
    if position.fact < facts.count { next = facts[position.fact].event }
    if position.modelCall < modelCalls.count { consider(modelCalls[position.modelCall].event) }
    if position.toolCall < toolCalls.count { consider(toolCalls[position.toolCall].event) }
    if position.note < notes.count { consider(notes[position.note].event) }
    return next
  }

  /// The fact of an event, if it is the first that is left.
  func facts(of event: EventID, _ position: Position) -> ArraySlice<Fact> {
    let isNext = position.fact < facts.count && facts[position.fact].event == event
    return isNext ? facts[position.fact..<(position.fact + 1)] : []
  }
}

extension FoldError {
  /// A table failed while an event was folded.
  public init(at offset: Offset, _ cause: TableError) {
    self.init(at: offset, cause.description, isStorage: true, isDamage: cause.isDamage)
  }
}

/// What a projector notes of a traced fold, for explanations: facts that no row keeps.
///
/// Ordinary folds are not traced. All notes are held in memory, so that projectors note only what
/// is rare. One thread at a time uses a trace, as it does the projector.
public final class FoldTrace: @unchecked Sendable {
  /// One effect of an event.
  public struct Note: Sendable {
    /// What the event changed, as the projector names it.
    public let subject: String
    public let offset: Offset
    public let text: String
  }

  /// In the order of the log.
  public private(set) var notes: [Note] = []

  public init() {}

  public func add(_ subject: String, at offset: Offset, _ text: String) {
    notes.append(Note(subject: subject, offset: offset, text: text))
  }

  /// The notes about something.
  public func about(_ subject: String) -> [Note] {
    notes.filter { $0.subject.utf8.elementsEqual(subject.utf8) }
  }
}
