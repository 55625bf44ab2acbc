internal import Bytes
internal import Events
internal import Facts
internal import Views

/// The tables that answers come from.
enum Tables {
  static func patterns(_ tables: TableSet) throws(TableError) -> KeyedTable<UInt64, Pattern> {
    try tables.keyed("patterns", key: UInt64.self, row: Pattern.self, residentMax: 1 << 16)
  }

  static func events(_ tables: TableSet) throws(TableError) -> ChunkedTable<ErrorEvent> {
    try tables.chunked("events", row: ErrorEvent.self)
  }

  /// The groups that became part of others, with the pattern that each is part of by now.
  static func merged(_ tables: TableSet) throws(TableError) -> [UInt64: UInt64] {
    let table = try tables.keyed("merged", key: UInt64.self, row: NumberRow.self)
    var parents: [UInt64: UInt64] = [:]
    // A group joins an earlier one, whose own parent is known by then.
    try table.forEach { group, row in
      parents[group] = parents[row.number] ?? row.number
      return true
    }
    return parents
  }
}

/// `errors`: the patterns, in the order of their first appearance.
struct PatternAnswer: AnswerTable {
  let name = "errors"
  let key = ["pattern_id"]
  let columns = [
    Column("pattern_id", .integer), Column("category", .text), Column("error_type", .text),
    Column("template", .text), Column("example", .text), Column("count", .integer),
    Column("first_offset", .integer), Column("last_offset", .integer),
    Column("first_seen", .time), Column("last_seen", .time), Column("sessions", .integer),
    Column("offsets", .offsets), Column("offset_count", .integer),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try Tables.patterns(tables).forEach { id, pattern throws(TableError) in
      try body(cells(id, pattern))
    }
  }

  private func cells(_ id: UInt64, _ pattern: Pattern) -> [Cell] {
    [
      Cell(id), .text(pattern.category.name), Cell(pattern.errorType), .text(pattern.template),
      .text(pattern.example), Cell(pattern.evidence.count),
      pattern.evidence.first.first.map { Cell($0) } ?? .null, Cell(pattern.evidence.last),
      .time(pattern.firstSeen), .time(pattern.lastSeen), Cell(pattern.sessions),
      .offsets(pattern.evidence.first), Cell(pattern.evidence.count),
    ]
  }
}

/// `errors/events`: each event with an error, and its pattern.
struct ErrorEventAnswer: AnswerTable {
  let name = "errors/events"
  let key = ["offset"]
  let columns = [Column("offset", .integer), Column("pattern_id", .integer)]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let merged = try Tables.merged(tables)
    try Tables.events(tables).forEach { _, event throws(TableError) in
      try body([Cell(event.offset), Cell(merged[event.group] ?? event.group)])
    }
  }
}
