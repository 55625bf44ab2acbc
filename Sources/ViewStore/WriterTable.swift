internal import LMDB
internal import Views

/// A table of a build that is written to: changes are staged for the next commit.
final class WriterTable: TableStorage {
  private let writer: BuildWriter
  private let ordinal: Int
  private let entries: TableEntries
  private var staged = StagedChanges()

  init(_ writer: BuildWriter, ordinal: Int, entries: TableEntries) {
    self.writer = writer
    self.ordinal = ordinal
    self.entries = entries
  }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    switch staged.value(key) {
    case .put(let value): return try entries.unpacked(value)
    case .removed: return nil
    case .unchanged: break
    }
    let value = try entries.tabled { () throws(LMDBError) in
      try writer.value(key, of: ordinal)
    }
    guard let value else { return nil }
    return try entries.unpacked(value)
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {
    if let packed = try entries.packed(value) {
      staged.put(key, packed.span)
    } else {
      staged.put(key, value)
    }
  }

  /// Puts what is not packed.
  func stage(_ key: Span<UInt8>, _ value: Span<UInt8>) { staged.put(key, value) }

  func remove(_ key: Span<UInt8>) { staged.remove(key) }

  /// What was put and removed since the last time; nil when it is nothing.
  func takeStaged() -> StagedChanges? {
    if staged.isEmpty { return nil }
    defer { staged = StagedChanges() }
    return staged
  }

  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    try checkCommitted()
    _ = try writer.withCommitted(ordinal) { snapshot, table throws(TableError) in
      try entries.scan(table, in: snapshot, from: key, body)
    }
  }

  var isEmpty: Bool {
    get throws(TableError) {
      try checkCommitted()
      let count = try writer.withCommitted(ordinal) { snapshot, table throws(TableError) in
        try entries.tabled { () throws(LMDBError) in try snapshot.count(table) }
      }
      return count ?? 0 == 0
    }
  }

  /// Rows are listed when a fold begins, before anything is put.
  private func checkCommitted() throws(TableError) {
    if !staged.isEmpty {
      throw TableError(table: entries.name, reason: "its rows are listed before they are committed")
    }
  }
}
