public import Events
public import Facts
public import Views

/// A table of a view that can say how its rows came about.
///
/// It explains its rows from its own view's tables, and from the notes of a traced fold; it knows
/// no other view.
public protocol ExplainedTable: AnswerTable {
  /// Whether a full explanation of a row needs a traced fold of its view.
  var needsTrace: Bool { get }

  /// How a row came about.
  ///
  /// - Parameter trace: of a traced fold; nil when there was none.
  func explanation(
    of row: AnswerRow, in tables: any ViewReader, trace: FoldTrace?
  ) throws(TableError) -> Explanation

  /// The first event of the one interaction that a row is of; nil where it is of none, or of many.
  func beginning(of row: AnswerRow) -> Offset?

  /// Whether a row counts a call of a model; nil where the table counts none, or cannot tell.
  func modelCalls(of row: AnswerRow) -> ((ModelCall) -> Bool)?

  /// The same for a call of a tool.
  func toolCalls(of row: AnswerRow) -> ((ToolCall) -> Bool)?

  /// The rows that an event went into, by itself or with its interaction.
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
}

/// An event, with the interaction that it belongs to, and the calls that it told of first, as they
/// stand now.
public struct EventSubject: Sendable {
  public let event: Event
  /// That which it belongs to, as it stands now; nil: none.
  public let interaction: Interaction?
  /// Those that it told of first, as they stand now.
  public let modelCalls: [ModelCall]
  /// The same of tools.
  public let toolCalls: [ToolCall]

  public init(
    event: Event, interaction: Interaction?, modelCalls: [ModelCall] = [],
    toolCalls: [ToolCall] = []
  ) {
    self.event = event
    self.interaction = interaction
    self.modelCalls = modelCalls
    self.toolCalls = toolCalls
  }

  public var offset: Offset { event.offset }
}

extension ExplainedTable {
  public var needsTrace: Bool { false }

  public func beginning(of row: AnswerRow) -> Offset? { nil }

  public func modelCalls(of row: AnswerRow) -> ((ModelCall) -> Bool)? { nil }

  public func toolCalls(of row: AnswerRow) -> ((ToolCall) -> Bool)? { nil }

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
