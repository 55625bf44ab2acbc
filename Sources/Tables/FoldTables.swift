internal import Bytes
public import Views

/// A table that a fold opened.
@usableFromInline
struct OpenedTable {
  @usableFromInline let name: String
  /// How many rows are packed together; nil where each lies by itself.
  @usableFromInline let rowsPerChunk: Int?
  @usableFromInline let isCounted: Bool
  /// Writes what changed. A closure, since it is compiled for the table's rows where the table is
  /// opened, and a protocol's witness would not be.
  @usableFromInline let flush: (inout Digest) throws(TableError) -> Void
  /// Takes the rows out of memory; nil where there are none to speak of.
  @usableFromInline let rowsToRelease: (() -> any Sendable)?

  @usableFromInline
  init(
    name: String, rowsPerChunk: Int?, isCounted: Bool,
    flush: @escaping (inout Digest) throws(TableError) -> Void,
    rowsToRelease: (() -> any Sendable)? = nil
  ) {
    self.name = name
    self.rowsPerChunk = rowsPerChunk
    self.isCounted = isCounted
    self.flush = flush
    self.rowsToRelease = rowsToRelease
  }
}

/// The writing of what changed in one table. Nobody else may use the table meanwhile.
package struct TableFlush: @unchecked Sendable {
  private let table: OpenedTable

  fileprivate init(_ table: OpenedTable) { self.table = table }

  /// Writes it. Returns the change of the digest.
  package func write() throws(TableError) -> Digest {
    var change = Digest()
    try table.flush(&change)
    return change
  }
}

/// The tables of one view for the fold that writes them, and the view's digest.
public final class FoldTables {
  /// The name of the view, which begins the names of its tables.
  public let view: String
  /// The sum over the rows of the tables that count, as of the last flush.
  public private(set) var digest: Digest
  private let provider: any TableProvider
  private var tables: [OpenedTable] = []

  public init(
    view: String, digest: Digest = Digest(), provider: any TableProvider
  ) {
    self.view = view
    self.digest = digest
    self.provider = provider
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
    add(
      OpenedTable(
        name: name, rowsPerChunk: table.rowsPerChunk, isCounted: table.isCounted,
        flush: { digest throws(TableError) in try opened.flush(into: &digest) },
        rowsToRelease: opened.rowsToRelease))
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

  @usableFromInline
  func add(_ table: OpenedTable) { tables.append(table) }

  /// Opens a table of pages to write.
  public func open(_ table: StoredPages) throws(TableError) -> PageTable {
    let name = fullName(table.name)
    let opened = try PageTable(
      name: name, storage: provider.storage(name, isPacked: false),
      wordsPerPage: table.wordsPerPage, residentMax: table.residentMax)
    add(
      OpenedTable(
        name: name, rowsPerChunk: nil, isCounted: false,
        flush: { _ throws(TableError) in try opened.flush() }))
    return opened
  }

  /// Writes what changed to the storage; the caller makes it durable.
  public func flush() throws(TableError) {
    for flush in flushes { add(try flush.write()) }
  }

  /// The writing of each table, which may be done side by side where the storage allows it. The
  /// caller adds to the digest what each gives.
  package var flushes: [TableFlush] { tables.map(TableFlush.init) }

  /// Takes the rows of all tables out of memory: releasing millions takes time, which need not be
  /// the time of the one who is done with the tables. They are of no use afterwards.
  package func rowsToRelease() -> [any Sendable] { tables.compactMap { $0.rowsToRelease?() } }

  /// Adds what the writing of a table changed in the digest.
  package func add(_ change: Digest) { digest.add(change) }

  /// The digest of the rows as they lie in the storage.
  public func rehashed() throws(TableError) -> Digest {
    try rehashedTables(in: provider).reduce(into: Digest()) { $0.add($1.digest) }
  }

  /// The digest of the rows of each of these tables as it lies in a store, which need not be the one
  /// that this fold writes.
  ///
  /// - Parameter includingState: whether what the fold remembers and does not answer is hashed, too;
  ///   else that of no rows is given for it.
  public func rehashedTables(
    in provider: any RowProvider, includingState: Bool = false
  ) throws(TableError) -> [(table: String, digest: Digest)] {
    var digests: [(table: String, digest: Digest)] = []
    for table in tables {
      var digest = Digest()
      if table.isCounted || includingState { try rehash(table, in: provider, into: &digest) }
      digests.append((table.name, digest))
    }
    return digests
  }

  private func rehash(
    _ table: OpenedTable, in provider: any RowProvider, into digest: inout Digest
  ) throws(TableError) {
    let start: [UInt8] = []
    var writer = RowWriter(table: table.name)
    let rows = try storedRows(of: table.name, rowsPerChunk: table.rowsPerChunk, in: provider)
    try rows.scan(from: start.span) { key, value throws(TableError) in
      writer.begin(key)
      writer.bytes.append(value)
      digest.add(writer.hash)
      return true
    }
  }
}

extension FoldTables: ViewReader {
  public func rows(of table: String, rowsPerChunk: Int?) throws(TableError) -> any RowSource {
    try storedRows(of: fullName(table), rowsPerChunk: rowsPerChunk, in: provider)
  }
}
