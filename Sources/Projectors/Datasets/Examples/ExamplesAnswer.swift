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
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try forEachExample(in: tables) { example throws(TableError) in try body(example.cells) }
  }
}

/// An example with its texts.
struct ExampleRow {
  var id: UInt64
  /// How many near-duplicates beside it joined its cluster.
  var merged: UInt64
  var answer: Answer

  /// As `ExamplesAnswer` names them.
  var cells: [Cell] {
    [
      Cell(id), Cell(answer.offset), Cell(answer.sessionID), .decimal(answer.score),
      Cell(answer.model), .text(answer.split.rawValue), .text(answer.prompt),
      .text(answer.response), Cell(merged), .offsets(answer.evidence.first),
      Cell(answer.evidence.last), Cell(answer.evidence.count),
    ]
  }
}

/// Calls `body` with each example, until it returns false.
func forEachExample(
  in tables: any ViewReader, _ body: (ExampleRow) throws(TableError) -> Bool
) throws(TableError) {
  let answers = try tables.read(DatasetTables.answers)
  try tables.read(DatasetTables.clusters).forEach { id, cluster throws(TableError) in
    guard let answer = try answers.row(cluster.best) else { return true }
    return try body(ExampleRow(id: id, merged: cluster.members &- 1, answer: answer))
  }
}
