import Bytes
import Events
import Facts
import Foldlog
import Projection
import Tables
import TestSupport
import Testing
import Views

/// Counts what is told, and what is told again, without saying that it needs facts.
private final class Forgetful: EventProjector {
  static let view = View(
    "forgetful", version: 1, "What is told.", needs: .events, tables: [Tally.answer])
  private let tallies: KeyedTable<UInt64, Tally>

  init(tables: FoldTables) throws(TableError) { tallies = try tables.open(Tally.table) }

  func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    let isNew = !context.isRepeat && context.fact == nil
    try tallies.change(0) { row in
      var tally = row ?? Tally()
      tally.count += isNew ? 1 : 100
      row = tally
    }
  }
}

private struct Tally: Row {
  var count: UInt64 = 0

  static let table = StoredTable<UInt64, Tally>("tallies")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Tally, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.column("count", &row.count, "Events.") }

  static let answer = Answer("forgetful", "One row.", of: table, key: { $0.number(0) })
}

@Suite struct ForeignProjectorTests {
  @Test func `what a view sees does not depend on the views beside it`() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(
      path: directory.file("data"), projectors: .builtIn.adding([Forgetful.self]))
    let line =
      #"{"event":"query_completion","query_id":"q","session_id":"s","success":true}"# + "\n"
    try store.ingest(lines: Array((line + line + line).utf8), source: "lines", stream: .aidb)
    try store.fold()
    let beside = try store.replay()["forgetful"]
    #expect(try store.replay(["forgetful"])["forgetful"] == beside)
    var counts: [Cell] = []
    try store.forEachRow(of: "forgetful") { row in
      counts += row.cells
      return true
    }
    #expect(counts == [.integer(3)])
  }

  @Test func `a section of a view that others fold is theirs`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("data")
    // A process has a data directory open once.
    do {
      let store = try Store(path: path, projectors: .builtIn.adding([Forgetful.self]))
      try store.ingest(lines: Array("{\"event\":\"query\"}\n".utf8), source: "l", stream: .aidb)
      try store.fold()
    }
    try directory.write("data/foldlog.toml", "[forgetful]\nleast = 3\n")
    _ = try Store(path: path)
    try directory.write("data/foldlog.toml", "[forgetful]\nleast = 3\n[nobodys]\nleast = 3\n")
    #expect { try Store(path: path) } throws: { error in
      "\(error)".contains("`nobodys.least`: there is no such setting")
    }
  }

  @Test func `a view's name is taken once`() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: FoldlogError.self) {
      try Store(
        path: directory.file("data"),
        projectors: .builtIn.adding([Forgetful.self, Forgetful.self]))
    }
    #expect("\(error, default: "")".contains("two projectors have a view `forgetful`"))
  }
}
