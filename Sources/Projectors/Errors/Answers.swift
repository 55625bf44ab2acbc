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

  static func fixes(_ tables: TableSet) throws(TableError) -> KeyedTable<FixKey, Fix> {
    try tables.keyed("fixes", key: FixKey.self, row: Fix.self, residentMax: 1 << 16)
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
    Column("successes", .integer), Column("failures", .integer), Column("success_rate", .real),
    Column("confidence", .real), Column("active", .bool), Column("built_in", .bool),
    Column("name", .text), Column("advice", .text), Column("offsets", .offsets),
    Column("offset_count", .integer),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try Tables.patterns(tables).forEach { id, pattern throws(TableError) in
      try body(cells(id, pattern))
    }
  }

  private func cells(_ id: UInt64, _ pattern: Pattern) -> [Cell] {
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

/// `errors/fixes`: what was done about a pattern, and how it went.
///
/// Holds all fixes in memory, as those of groups that became one are put together on reading.
struct FixAnswer: AnswerTable {
  let name = "errors/fixes"
  let key = ["pattern_id", "fix"]
  let columns = [
    Column("pattern_id", .integer), Column("fix", .text), Column("attempts", .integer),
    Column("successes", .integer), Column("failures", .integer), Column("seconds_to_fix", .real),
    Column("projects", .integer), Column("global", .bool), Column("offsets", .offsets),
    Column("last_offset", .integer), Column("offset_count", .integer),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let merged = try Tables.merged(tables)
    var fixes: [FixKey: Fix] = [:]
    try Tables.fixes(tables).forEach { key, fix in
      let pattern = FixKey(group: merged[key.group] ?? key.group, fix: key.fix)
      if fixes[pattern]?.absorb(fix) == nil { fixes[pattern] = fix }
      return true
    }
    let sorted = fixes.sorted { left, right in
      if left.key.group != right.key.group { return left.key.group < right.key.group }
      return (left.value.text ?? "").utf8.lexicographicallyPrecedes((right.value.text ?? "").utf8)
    }
    for (key, fix) in sorted { if try !body(cells(key.group, fix)) { return } }
  }

  private func cells(_ pattern: UInt64, _ fix: Fix) -> [Cell] {
    let seconds =
      fix.successes == 0
      ? nil : Double(fix.nanosecondsToFix.limbs.low) / 1e9 / Double(fix.successes)
    return [
      Cell(pattern), Cell(fix.text), Cell(fix.successes + fix.failures), Cell(fix.successes),
      Cell(fix.failures), Cell(seconds), .integer(Int64(fix.projects.count)),
      .bool(fix.projects.count >= 2), .offsets(fix.evidence.first), Cell(fix.evidence.last),
      Cell(fix.evidence.count),
    ]
  }
}
