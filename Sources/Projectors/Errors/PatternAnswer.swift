internal import Bytes
internal import Events
internal import Facts
internal import Views

/// `errors`: the patterns, in the order of their first appearance.
struct PatternAnswer: AnswerTable {
  let name = "errors"
  let key = ["pattern_id"]
  let columns = [
    Column("pattern_id", .integer), Column("category", .text), Column("error_type", .text),
    Column("template", .text), Column("example", .text), Column("count", .integer),
    Column("first_offset", .integer), Column("last_offset", .integer),
    Column("first_seen", .time), Column("last_seen", .time), Column("sessions", .integer),
    Column("successes", .integer), Column("failures", .integer), Column("success_rate", .real),
    Column("confidence", .real), Column("active", .bool), Column("built_in", .bool),
    Column("name", .text), Column("advice", .text), Column("offsets", .offsets),
    Column("offset_count", .integer),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try tables.read(ErrorTables.patterns).forEach { id, pattern throws(TableError) in
      try body(cells(id, pattern))
    }
  }

  func cells(_ id: UInt64, _ pattern: Pattern) -> [Cell] {
    let builtIn = pattern.builtIn.flatMap(BuiltIn.named)
    return [
      Cell(id), .text(pattern.category.name), Cell(pattern.errorType), .text(pattern.template),
      .text(pattern.example), Cell(pattern.evidence.count),
      pattern.evidence.first.first.map { Cell($0) } ?? .null, Cell(pattern.evidence.last),
      .time(pattern.firstSeen), .time(pattern.lastSeen), Cell(pattern.sessions),
      Cell(pattern.successes), Cell(pattern.failures), Cell(pattern.successRate),
      Cell(pattern.confidence), .bool(pattern.isActive), .bool(pattern.builtIn != nil),
      Cell(pattern.builtIn), Cell(builtIn?.advice), .offsets(pattern.evidence.first),
      Cell(pattern.evidence.count),
    ]
  }
}
