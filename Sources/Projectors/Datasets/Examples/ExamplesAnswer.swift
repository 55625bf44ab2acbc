internal import Facts
package import Views

/// `datasets`: the example that stands for each cluster, by the cluster's number.
package struct ExamplesAnswer: AnswerTable {
  package let name = "datasets"
  package let columns: [Column] = [
    Column("example_id", .integer), Column("offset", .integer), Column("session_id", .text),
    Column("score", .decimal), Column("model", .text), Column("split", .text),
    Column("prompt", .text), Column("response", .text), Column("merged", .integer),
    Column("offsets", .offsets), Column("last_offset", .integer), Column("offset_count", .integer),
  ]
  package let key = ["example_id"]

  package init() {}

  package func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try forEachExample(in: tables) { row throws(TableError) in
      try body([
        Cell(row.id), Cell(row.example.offset), Cell(row.example.sessionID),
        .decimal(row.example.score), Cell(row.example.model), .text(row.split.rawValue),
        .text(row.example.prompt), .text(row.example.response), Cell(row.merged),
        .offsets(row.example.evidence.first), Cell(row.example.evidence.last),
        Cell(row.example.evidence.count),
      ])
    }
  }
}

/// An example as it is answered.
struct ExampleRow {
  let id: UInt64
  let example: Example
  /// Near-duplicates that joined its cluster, itself not counted.
  let merged: UInt64

  var split: Split { Split(session: example.sessionID, prompt: example.prompt) }
}

func forEachExample(
  in tables: TableSet, _ body: (ExampleRow) throws(TableError) -> Bool
) throws(TableError) {
  let examples = try ExampleClusters.examples(tables)
  try ExampleClusters.clusters(tables).forEach { id, cluster throws(TableError) in
    guard let best = cluster.best, let example = try examples.stored(best) else { return true }
    return try body(ExampleRow(id: id, example: example, merged: cluster.members &- 1))
  }
}
