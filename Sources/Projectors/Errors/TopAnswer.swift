internal import Bytes
internal import Events
internal import Facts
internal import Views

/// `errors/top`: the active patterns whose fixes work, the best first.
///
/// Holds them all in memory.
struct TopAnswer: AnswerTable {
  let name = "errors/top"
  let key = ["rank"]
  let columns = [
    Column("rank", .integer), Column("pattern_id", .integer), Column("template", .text),
    Column("successes", .integer), Column("failures", .integer), Column("success_rate", .real),
    Column("confidence", .real),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    var top: [(id: UInt64, pattern: Pattern)] = []
    try tables.read(ErrorTables.patterns).forEach { id, pattern in
      if pattern.isTop { top.append((id, pattern)) }
      return true
    }
    top.sort { left, right in
      if left.pattern.isBetter(than: right.pattern) { return true }
      return !right.pattern.isBetter(than: left.pattern) && left.id < right.id
    }
    for (index, (id, pattern)) in top.enumerated() {
      let cells: [Cell] = [
        .integer(Int64(index + 1)), Cell(id), .text(pattern.template), Cell(pattern.successes),
        Cell(pattern.failures), Cell(pattern.successRate), Cell(pattern.confidence),
      ]
      if try !body(cells) { return }
    }
  }
}
