internal import Bytes
internal import Events
internal import Facts
internal import Views

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
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let merged = try ErrorTables.roots(tables)
    var fixes: [FixKey: Fix] = [:]
    try tables.read(ErrorTables.fixes).forEach { key, fix in
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
      .bool(fix.text != nil && fix.projects.count >= 2), .offsets(fix.evidence.first),
      Cell(fix.evidence.last),
      Cell(fix.evidence.count),
    ]
  }
}
