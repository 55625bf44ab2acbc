internal import Bytes
internal import Events
internal import Facts
internal import Views

/// `errors/events`: each event with an error, and its pattern.
struct ErrorEventAnswer: AnswerTable {
  let name = "errors/events"
  let key = ["offset"]
  let columns = [Column("offset", .integer), Column("pattern_id", .integer)]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let merged = try ErrorTables.roots(tables)
    try tables.read(ErrorTables.events).forEach { _, event throws(TableError) in
      try body([Cell(event.offset), Cell(merged[event.group] ?? event.group)])
    }
  }
}
