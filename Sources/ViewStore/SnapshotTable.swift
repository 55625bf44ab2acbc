internal import LMDB
internal import Views

/// A table of a build as it is at one moment.
final class SnapshotTable: TableStorage {
  private let build: BuildSnapshot
  private let entries: TableEntries

  init(_ build: BuildSnapshot, entries: TableEntries) {
    self.build = build
    self.entries = entries
  }

  /// Nil while there is no such table.
  private func table() throws(TableError) -> Table? {
    try entries.tabled { () throws(LMDBError) in try build.table(entries.name) }
  }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    guard let table = try table() else { return nil }
    let value = try entries.tabled { () throws(LMDBError) in
      try build.snapshot.value(key, in: table)
    }
    guard let value else { return nil }
    return try entries.unpacked(value)
  }

  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    guard let table = try table() else { return }
    try entries.scan(table, in: build.snapshot, from: key, body)
  }

  var isEmpty: Bool {
    get throws(TableError) {
      guard let table = try table() else { return true }
      return try entries.tabled { () throws(LMDBError) in
        try build.snapshot.count(table) == 0
      }
    }
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) { throw readOnly }

  func remove(_ key: Span<UInt8>) throws(TableError) { throw readOnly }

  private var readOnly: TableError {
    TableError(table: entries.name, reason: "a reader does not write")
  }
}
