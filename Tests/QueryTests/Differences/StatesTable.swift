import Bytes
import Synchronization
import Tables
import Testing
import Views

@testable import Query

/// A table of two states that a test gives, each under the name of its set of tables.
struct StatesTable: AnswerTable {
  typealias Scan = @Sendable (([Cell]) throws(TableError) -> Bool) throws(TableError) -> Void

  /// What the scans of a state did.
  final class Record: Sendable {
    let rows = Atomic(0)
    let running = Atomic(0)
  }

  let name = "made/up"
  let columns: [Column]
  let key: [String]
  var identity: [String]
  var numbering: [String] = []
  private let before: Scan
  private let after: Scan
  let beforeRecord = Record()
  let afterRecord = Record()

  init(
    _ columns: [Column], key: [String] = ["id"], before: @escaping Scan, after: @escaping Scan
  ) {
    self.columns = columns
    self.key = key
    identity = key
    self.before = before
    self.after = after
  }

  init(_ columns: [Column], key: [String] = ["id"], before: [[Cell]], after: [[Cell]]) {
    self.init(columns, key: key, before: given(before), after: given(after))
  }

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let isBefore = (tables as? FoldTables)?.view == "before"
    let record = isBefore ? beforeRecord : afterRecord
    record.running.add(1, ordering: .relaxed)
    defer { record.running.subtract(1, ordering: .relaxed) }
    try (isBefore ? before : after) { row throws(TableError) in
      record.rows.add(1, ordering: .relaxed)
      return try body(row)
    }
  }

  /// The difference, when every thread that read has ended.
  func compared(
    by pairing: RowComparison.Pairing = .key, examplesMax: Int = 3,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> TableDifference {
    defer {
      #expect(beforeRecord.running.load(ordering: .relaxed) == 0)
      #expect(afterRecord.running.load(ordering: .relaxed) == 0)
    }
    return try RowComparison(self, by: pairing, examplesMax: examplesMax).run(
      before: FoldTables(view: "before", provider: MemoryTables()),
      after: FoldTables(view: "after", provider: MemoryTables()), progress: progress)
  }
}

/// Some rows, one after the other, and then perhaps an error.
func given(_ rows: [[Cell]], error: TableError? = nil) -> StatesTable.Scan {
  { body throws(TableError) in
    for row in rows { if try !body(row) { return } }
    if let error { throw error }
  }
}

/// Rows of a number and a text, as many as wanted.
func numbered(_ range: Range<Int64>, error: TableError? = nil) -> StatesTable.Scan {
  { body throws(TableError) in
    for number in range { if try !body([.integer(number), .text("row \(number)")]) { return } }
    if let error { throw error }
  }
}

let numberedColumns = [Column("id", .integer), Column("text", .text)]
