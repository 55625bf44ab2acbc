internal import Bytes
public import Views

/// A table that keeps changes in memory until the checkpoint.
protocol FlushableTable: AnyObject {
  func flush(into digest: inout Digest) throws(TableError)
  func rehash(into digest: inout Digest, includingState: Bool) throws(TableError)
}

/// What a checkpoint does with a table: closures, since they are compiled for the table's rows where
/// it is opened, and a protocol's witnesses would not be.
@usableFromInline
struct TableActions {
  @usableFromInline let name: String
  @usableFromInline let flush: (inout Digest) throws(TableError) -> Void
  @usableFromInline let rehash: (inout Digest, _ includingState: Bool) throws(TableError) -> Void

  @usableFromInline
  init(
    name: String, flush: @escaping (inout Digest) throws(TableError) -> Void,
    rehash: @escaping (inout Digest, _ includingState: Bool) throws(TableError) -> Void
  ) {
    self.name = name
    self.flush = flush
    self.rehash = rehash
  }
}

/// The tables of one view, and its digest.
public final class FoldTables {
  /// The name of the view, which begins the names of its tables.
  public let view: String
  /// The sum over the rows of the tables that count, as of the last flush.
  public private(set) var digest: Digest
  /// Where a projector notes what it does; nil unless somebody watches.
  public let notes: FoldNotes?
  private let provider: any TableProvider
  private var tables: [TableActions] = []

  public init(
    view: String, digest: Digest = Digest(), provider: any TableProvider, notes: FoldNotes? = nil
  ) {
    self.view = view
    self.digest = digest
    self.provider = provider
    self.notes = notes
  }

  /// Opens a table to write.
  @inlinable
  public func open<K: Key, R: StoredRow>(
    _ table: StoredTable<K, R>
  ) throws(TableError) -> KeyedTable<K, R> {
    if let rowsPerChunk = table.rowsPerChunk {
      let storage = try packedStorage(table.name, rowsPerChunk: rowsPerChunk)
      return try opened(table, storage.name, storage.rows)
    }
    let storage = try storage(table.name)
    return try opened(table, storage.name, storage.rows)
  }

  /// Opens a table of rows by number to write.
  @inlinable
  public func open<R: StoredRow>(
    _ table: NumberedTable<R>
  ) throws(TableError) -> ChunkedTable<R> {
    let storage = try packedStorage(table.rows.name, rowsPerChunk: table.rows.rowsPerChunk ?? 1)
    return ChunkedTable(
      name: storage.name, rows: try opened(table.rows, storage.name, storage.rows),
      end: storage.end)
  }

  @inlinable
  func opened<K: Key, R: StoredRow>(
    _ table: StoredTable<K, R>, _ name: String, _ storage: any TableStorage
  ) throws(TableError) -> KeyedTable<K, R> {
    let opened = try KeyedTable<K, R>(
      name: name, storage: storage, isCounted: table.isCounted, residentMax: table.residentMax)
    add(opened)
    return opened
  }

  private func fullName(_ name: String) -> String { "\(view)/\(name)" }

  @usableFromInline
  func storage(_ name: String) throws(TableError) -> (name: String, rows: any TableStorage) {
    let name = fullName(name)
    return (name, try provider.storage(name, isPacked: false))
  }

  @usableFromInline
  func packedStorage(
    _ name: String, rowsPerChunk: Int
  ) throws(TableError) -> (name: String, rows: any TableStorage, end: UInt64) {
    let name = fullName(name)
    let rows = try PackedRows(
      name: name, storage: provider.storage(name, isPacked: true), rowsPerChunk: rowsPerChunk)
    return (name, rows, rows.end)
  }

  @inlinable
  func add<K: Key, R: StoredRow>(_ table: KeyedTable<K, R>) {
    add(
      TableActions(
        name: table.name,
        flush: { digest throws(TableError) in try table.flush(into: &digest) },
        rehash: { digest, includingState throws(TableError) in
          try table.rehash(into: &digest, includingState: includingState)
        }))
  }

  @usableFromInline
  func add(_ actions: TableActions) { tables.append(actions) }

  /// Opens a table of pages to write.
  public func open(_ table: StoredPages) throws(TableError) -> PageTable {
    let name = fullName(table.name)
    let table = try PageTable(
      name: name, storage: provider.storage(name, isPacked: false),
      wordsPerPage: table.wordsPerPage, residentMax: table.residentMax)
    add(
      TableActions(
        name: table.name,
        flush: { digest throws(TableError) in try table.flush(into: &digest) },
        rehash: { digest, includingState throws(TableError) in
          try table.rehash(into: &digest, includingState: includingState)
        }))
    return table
  }

  /// Writes what changed to the storage; the caller makes it durable.
  public func flush() throws(TableError) {
    for table in tables { try table.flush(&digest) }
  }

  /// The digest of the rows as they lie in the storage.
  public func rehashed() throws(TableError) -> Digest {
    try rehashedTables().reduce(into: Digest()) { $0.add($1.digest) }
  }

  /// The digest of each table's rows as they lie in the storage.
  ///
  /// - Parameter includingState: whether what the fold remembers and does not answer is hashed, too;
  ///   else that of no rows is given for it.
  public func rehashedTables(
    includingState: Bool = false
  ) throws(TableError) -> [(table: String, digest: Digest)] {
    var digests: [(table: String, digest: Digest)] = []
    for table in tables {
      var digest = Digest()
      try table.rehash(&digest, includingState)
      digests.append((table.name, digest))
    }
    return digests
  }
}

extension FoldTables: ViewReader {
  public func rows(of table: String, rowsPerChunk: Int?) throws(TableError) -> any RowSource {
    guard let rowsPerChunk else { return try storage(table).rows }
    return try packedStorage(table, rowsPerChunk: rowsPerChunk).rows
  }
}
