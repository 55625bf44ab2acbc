internal import Bytes
package import Events
package import Query

/// Which events of the log are meant: those for which all that is given holds.
package struct EventSelection: Sendable {
  package var stream: Stream?
  package var kind: String?
  /// A source's path or name, or its id.
  package var source: String?
  /// The `session_id` of the line, however it names it.
  package var session: String?
  /// The `interaction_id` of the line, however it names it.
  package var interaction: String?
  package var from: LogPoint?
  package var to: LogPoint?
  /// Over the columns of `EventColumn`.
  package private(set) var filters: [Filter] = []

  package init() {}

  /// Requires `FIELD OP VALUE` of the envelope or the canonical fields.
  ///
  /// - Throws: `QueryError` of kind `usage`, that points at what is wrong.
  package mutating func require(_ expression: String) throws(QueryError) {
    // Sources are compared as they are shown.
    let expression = withShownNames(expression)
    filters.append(try Filter(expression, columns: EventColumn.columns, table: "an event"))
  }

  var isEverything: Bool {
    stream == nil && kind == nil && source == nil && session == nil && interaction == nil
      && from == nil && to == nil && filters.isEmpty
  }
}

/// An offset, or a time of an event.
package enum LogPoint: Equatable, Sendable {
  case offset(Offset)
  /// All times that were meant: of `2026-01-09` those of the day.
  case times(ClosedRange<Timestamp>)

  /// Digits are an offset; anything else is a time, or the beginning of one, such as RFC 3339 writes.
  package init?(_ text: String) {
    if let offset = UInt64(text) {
      self = .offset(offset)
    } else if let range = TimeRange(text) {
      self = .times(range.first...range.last)
    } else if let time = Timestamp(parsing: text) {
      self = .times(time...time)
    } else {
      return nil
    }
  }
}
