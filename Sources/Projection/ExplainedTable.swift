public import Events
public import Facts
public import Views

/// A table of a view that can say how its rows came about.
///
/// It explains its own rows from its own view's tables, and from what its projector notes when a
/// fold is watched; it knows of no other view.
public protocol ExplainedTable: AnswerTable {
  /// Whether how a row came about is told in full only by a fold that is watched, and of what.
  var notesNeeded: NotesNeeded { get }

  /// How a row came about.
  ///
  /// - Parameter notes: of a fold that was watched; nil when none was.
  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation

  /// The first event of the one interaction that a row is of; nil where it is of none, or of many.
  func beginning(of row: AnswerRow) -> Offset?

  /// The rows that an event went into, by itself or with its interaction.
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
}

/// What a fold must be given for its notes.
public enum NotesNeeded: Sendable {
  /// There are no notes: the tables tell all.
  case none
  /// Events, and which of them repeat others, where the view is told of that: without what
  /// interactions are worth the fold is much faster.
  case events
  case eventsAndFacts
}

/// An event, with the interaction that it belongs to as it stands now.
public struct EventSubject: Sendable {
  public let event: Event
  public let interaction: Interaction?

  public init(event: Event, interaction: Interaction?) {
    self.event = event
    self.interaction = interaction
  }

  public var offset: Offset { event.offset }
}

extension ExplainedTable {
  public var notesNeeded: NotesNeeded { .none }

  public func beginning(of row: AnswerRow) -> Offset? { nil }

  /// The rows for which something holds: a look at all of them.
  public func rows(
    in tables: any ViewReader, where isMeant: (AnswerRow) throws(TableError) -> Bool
  ) throws(TableError) -> [AnswerRow] {
    var rows: [AnswerRow] = []
    try forEach(in: tables) { cells throws(TableError) in
      let row = AnswerRow(columns: columns, cells: cells)
      if try isMeant(row) { rows.append(row) }
      return true
    }
    return rows
  }
}
