import Bytes
import Events
import Query
import Tables
import Views

/// A table of given rows, that counts how many were asked for.
final class RowsTable: AnswerTable {
  final class Counter: @unchecked Sendable {
    var rows = 0
  }

  let name: String
  let columns: [Column]
  let key: [String]
  let shownFirst: [String]
  let rows: [[Cell]]
  let scanned = Counter()

  convenience init(
    _ columns: [Column], key: [String] = [], shownFirst: [String] = [], _ rows: [[Cell]] = []
  ) {
    self.init("values", columns, key: key, shownFirst: shownFirst, rows)
  }

  init(
    _ name: String, _ columns: [Column], key: [String] = [], shownFirst: [String] = [],
    _ rows: [[Cell]] = []
  ) {
    self.shownFirst = shownFirst
    self.name = name
    self.columns = columns
    self.key = key
    self.rows = rows
  }

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    for row in rows {
      scanned.rows += 1
      if try !body(row) { return }
    }
  }
}

func noTables() -> FoldTables { FoldTables(view: "values", provider: MemoryTables()) }

func seconds(_ value: Int64) -> Cell { .time(Timestamp(nanoseconds: value * 1_000_000_000)) }

/// One column of each type; rows are named by `offset`.
func sampleTable() -> RowsTable {
  let columns = [
    Column("offset", .integer), Column("active", .bool), Column("score", .decimal),
    Column("p_value", .real), Column("model", .text), Column("time", .time),
    Column("tools", .texts), Column("offsets", .offsets),
  ]
  // 1,767,571,200 is 2026-01-05T00:00:00Z.
  return RowsTable(
    columns, key: ["offset"],
    [
      [
        .integer(0), .bool(true), .decimal(FixedPoint(hundredths: 70)), .real(0.5),
        .text("qwen"), seconds(1_767_571_200), .texts(["bash", "read"]), .offsets([0, 5]),
      ],
      [
        .integer(1), .bool(false), .decimal(FixedPoint(hundredths: -25)), .real(1e-9),
        .text("Llama 3"), seconds(1_767_571_200 + 86_399), .texts([]), .offsets([1]),
      ],
      [
        .integer(2), .bool(true), .decimal(FixedPoint(units: 700_000_001)), .real(2),
        .text("null"), seconds(1_767_571_200 + 86_400), .texts(["bash -c"]), .offsets([]),
      ],
      [.integer(3), .null, .null, .null, .null, .null, .null, .null],
    ])
}

/// The offsets of the rows that pass all expressions.
func matching(_ expressions: String...) throws -> [Int64] {
  try offsets(try QueryPlan(sampleTable(), where: expressions))
}

/// The first column of a plan's answer.
func offsets(_ plan: QueryPlan) throws -> [Int64] {
  var offsets: [Int64] = []
  try plan.run(in: noTables()) { cells in
    if case .integer(let offset) = cells[0] { offsets.append(offset) }
    return true
  }
  return offsets
}
