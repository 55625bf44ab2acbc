import Events
import Foldlog
import Ingest
import TestSupport
import Testing
import Views

/// What holds for every table of every view, whoever made it.
@Suite struct CatalogueTests {
  private func filled() throws -> (TemporaryDirectory, Store) {
    let directory = try TemporaryDirectory()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let streams = ["ralph", "aidb", "hybrid", "editor", "deployments"]
    _ = try ingest(
      streams.map { "\(packageRoot)/fixtures/\($0)-events.jsonl" }, into: store)
    return (directory, store)
  }

  @Test(arguments: ProjectorCatalogue.builtIn.answers.map(\.name))
  func `rows come in the order of their key, and each is found by it`(_ name: String) throws {
    let (directory, store) = try filled()
    defer { withExtendedLifetime(directory) {} }
    let table = try #require(ProjectorCatalogue.builtIn.answers.first { $0.name == name })
    let places = table.key.compactMap { key in table.columns.firstIndex { $0.name == key } }
    #expect(places.count == table.key.count && !places.isEmpty)
    try ViewReading(store).withView(TableAddress(name)) { tables, _ in
      var rows: [[Cell]] = []
      try table.forEach(in: tables) { cells in
        rows.append(cells)
        return true
      }
      #expect(!rows.isEmpty)
      for row in rows {
        #expect(row.count == table.columns.count)
        let key = places.map { row[$0].plainText }
        #expect(try table.row(key, in: tables) == row, "\(key)")
      }
      for (before, after) in zip(rows, rows.dropFirst()) {
        let keys = [before, after].map { row in places.map { sortable(row[$0]) } }
        #expect(keys[0].lexicographicallyPrecedes(keys[1]), "\(keys)")
      }
      let nobody = table.key.map { _ in "no such thing" }
      #expect(try table.row(nobody, in: tables) == nil)
    }
  }

  @Test(arguments: ProjectorCatalogue.builtIn.answers.map(\.name))
  func `every column says what it is`(_ name: String) throws {
    let table = try #require(ProjectorCatalogue.builtIn.answers.first { $0.name == name })
    #expect(!table.about.isEmpty)
    #expect(Set(table.columns.map(\.name)).count == table.columns.count)
    for column in table.columns {
      #expect(!column.about.isEmpty || column.rule?.isEmpty == false, "\(column.name)")
      #expect(
        column.name.utf8.allSatisfy {
          (0x61...0x7a).contains($0) || $0 == 0x5f || (0x30...0x39).contains($0)
        })
    }
  }
}

/// What sorts as rows are to come: missing texts first, numbers by their size, texts by their bytes.
private func sortable(_ cell: Cell) -> [UInt8] {
  switch cell {
  case .null: [0]
  case .integer(let number):
    [1] + (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bitPattern: number) >> (56 - 8 * $0)) }
  default: [1] + Array(cell.plainText.utf8)
  }
}

extension [[UInt8]] {
  fileprivate func lexicographicallyPrecedes(_ other: [[UInt8]]) -> Bool {
    for (mine, theirs) in zip(self, other) where mine != theirs {
      return mine.lexicographicallyPrecedes(theirs)
    }
    return false
  }
}
