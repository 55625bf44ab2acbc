package import Events
package import Views

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
