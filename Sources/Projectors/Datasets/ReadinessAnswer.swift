package import Views

/// `datasets/readiness`: whether there is enough for a training.
///
/// A first training needs 1,000 examples, or 500 pairs; each one after it 500 more than there were
/// when the last one completed.
package struct ReadinessAnswer: AnswerTable {
  package let name = "datasets/readiness"
  package let columns: [Column] = [
    Column("kind", .text), Column("count", .integer), Column("needed", .integer),
    Column("ready", .bool), Column("trigger", .text), Column("dropped", .integer),
  ]
  package let key = ["kind"]

  package init() {}

  package func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let counts = try Counts(tables: tables)
    let examples = Self.row(
      "examples", count: try counts.stored(.examples), first: 1_000,
      trained: try counts.stored(.trainedExamples), dropped: 0)
    if try !body(examples) { return }
    let pairs = Self.row(
      "pairs", count: try counts.stored(.pairs), first: 500,
      trained: try counts.stored(.trainedPairs), dropped: try counts.stored(.droppedPairs))
    _ = try body(pairs)
  }

  private static func row(
    _ kind: String, count: UInt64, first: UInt64, trained: UInt64, dropped: UInt64
  ) -> [Cell] {
    let needed = trained == 0 ? first : trained &+ 500
    let isReady = count >= needed
    let trigger = trained == 0 ? "first_run" : "growth"
    return [
      .text(kind), Cell(count), Cell(needed), .bool(isReady), isReady ? .text(trigger) : .null,
      Cell(dropped),
    ]
  }
}
