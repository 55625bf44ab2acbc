internal import Bytes
internal import EventLog
package import Events
package import Query
package import Views

/// Which events of the log are meant: those for which all that is given holds. A `LogRequest` says it,
/// and its check makes it.
package struct EventSelection: Sendable {
  package internal(set) var stream: Stream?
  package internal(set) var kind: String?
  /// A source's path or name, or its id.
  package internal(set) var source: String?
  /// The `session_id` of the line, however it names it.
  package internal(set) var session: String?
  /// The `interaction_id` of the line, however it names it.
  package internal(set) var interaction: String?
  package internal(set) var from: LogPoint?
  package internal(set) var to: LogPoint?
  package internal(set) var part = Part.all
  /// Whether what foldlog itself said is left out.
  var isOfOthers = false
  /// Over the columns of `EventColumn`.
  package private(set) var filter = RowFilter()

  /// Of those for which all that is given holds.
  package enum Part: Equatable, Sendable {
    case all
    case first(Int)
    case last(Int)
  }

  /// Requires what is asked of the envelope or the canonical fields.
  ///
  /// - Parameter expressions: as `RowFilter` takes them.
  /// - Throws: `QueryError` of kind `usage`, that points at what is wrong.
  mutating func require(_ expressions: [String]) throws(QueryError) {
    // Sources are compared as they are shown.
    filter = try RowFilter(
      expressions.map(withShownNames), columns: EventColumn.columns, table: "an event",
      now: wallClock())
  }

  /// Whether what foldlog itself said is meant: only where its stream or one of its kinds is named.
  var includesOwnEvents: Bool {
    stream == .foldlog || kind.map { Kinds.onlyStream(of: $0) == .foldlog } == true
      || filter.alternatives.contains { filters in
        filters.contains { [.stream, .kind].contains(EventColumn.all[$0.column]) }
      }
  }

  var isEverything: Bool {
    !isOfOthers && stream == nil && kind == nil && source == nil && session == nil
      && interaction == nil && from == nil && to == nil && filter.isEverything
  }
}

/// An offset, or a time of an event.
package enum LogPoint: Equatable, Sendable {
  case offset(Offset)
  /// All times that were meant: of `2026-01-09` those of the day.
  case times(ClosedRange<Timestamp>)

  /// Digits are an offset; anything else is a time as an event may write it, a date, or words for one.
  package init?(_ text: String) {
    if let offset = UInt64(text) {
      self = .offset(offset)
    } else if let range = TimeRange(text, now: wallClock()) {
      self = .times(range.first...range.last)
    } else {
      return nil
    }
  }
}

// MARK: What can be asked of an event

/// What `--where` can ask of an event: its envelope, and its canonical fields.
package enum EventColumn: Equatable, Sendable {
  case offset, stream, kind, time, isTimeInferred, source, position, recorded
  case field(Field)

  private static let envelope: [EventColumn] = [
    .offset, .stream, .kind, .time, .isTimeInferred, .source, .position, .recorded,
  ]

  /// All of them, in the order of `columns`.
  package static let all = envelope + Field.allCases.map(EventColumn.field)

  /// Their names and types.
  package static let columns = all.map(\.column)

  private var column: Column {
    switch self {
    case .offset: Column("offset", .integer)
    case .stream: Column("stream", .text)
    case .kind: Column("kind", .text)
    case .time: Column("time", .time)
    case .isTimeInferred: Column("is_time_inferred", .bool)
    case .source: Column("source", .text)
    case .position: Column("position", .integer)
    case .recorded: Column("recorded", .time)
    case .field(let field): Column(field.name, field.type.column)
    }
  }
}

extension FieldType {
  fileprivate var column: ColumnType {
    switch self {
    case .text: .text
    case .number: .decimal
    case .bool: .bool
    case .texts: .texts
    }
  }
}
