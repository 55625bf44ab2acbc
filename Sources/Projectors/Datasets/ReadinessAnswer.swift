package import Views

/// `datasets/readiness`: whether there is enough for a training.
///
/// A first training needs 1,000 examples, or 500 pairs; each one after it 500 more than there were
/// when the last one completed that had enough.
package struct ReadinessAnswer: AnswerTable {
  package let name = "datasets/readiness"
  package let columns: [Column] = [
    Column("kind", .text), Column("count", .integer), Column("needed", .integer),
    Column("ready", .bool), Column("trigger", .text), Column("dropped", .integer),
  ]
  package let key = ["kind"]

  package init() {}

  package func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    if try !body(Self.row("examples", .examples, tables, dropped: 0)) { return }
    let dropped = try Counts.Kind.droppedPairs.count(in: tables)
    _ = try body(Self.row("pairs", .pairs, tables, dropped: dropped))
  }

  private static func row(
    _ kind: String, _ need: Need, _ tables: any ViewReader, dropped: UInt64
  ) throws(TableError) -> [Cell] {
    let count = try need.counted.count(in: tables)
    let trained = try need.trained.count(in: tables)
    let needed = need.needed(trained: trained)
    let trigger = count < needed ? nil : trained == 0 ? "first_run" : "growth"
    return [
      .text(kind), Cell(count), Cell(needed), .bool(count >= needed), Cell(trigger), Cell(dropped),
    ]
  }
}

/// How many of something a training needs.
struct Need {
  let counted: Counts.Kind
  let trained: Counts.Kind
  let first: UInt64

  static let examples = Need(counted: .examples, trained: .trainedExamples, first: 1_000)
  static let pairs = Need(counted: .pairs, trained: .trainedPairs, first: 500)

  /// - Parameter trained: how many the last training had; 0 for none yet.
  func needed(trained: UInt64) -> UInt64 { trained == 0 ? first : trained &+ 500 }
}
