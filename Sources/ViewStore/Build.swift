internal import Bytes
internal import LMDB
internal import Synchronization
package import Tables
package import Views
internal import Zstd

#if canImport(Glibc)
  internal import Glibc
#endif

/// The environment of one build: what was folded together, its state and its checkpoint.
package final class Build: Sendable {
  package let name: String
  let environment: Environment

  /// Opens the folder of a build, which must exist.
  package init(
    name: String, path: String, mapSize: Int, isReadOnly: Bool, isSyncDeferred: Bool = false
  ) throws(StoreError) {
    self.name = name
    environment = try stored { () throws(LMDBError) in
      try Environment(
        path: path,
        options: EnvironmentOptions(
          mapSize: mapSize, tableCountMax: 512, isReadOnly: isReadOnly,
          isSyncDeferred: isSyncDeferred))
    }
  }

  /// The record as it is now.
  package func record() throws(StoreError) -> BuildRecord {
    try BuildSnapshot(self).record()
  }

  package func sizeOnDisk() throws(StoreError) -> UInt64 {
    try stored { () throws(LMDBError) in try environment.sizeOnDisk() }
  }
}

private let recordKey = Array("build".utf8)

private func decodeRecord(_ bytes: [UInt8]?) throws(StoreError) -> BuildRecord {
  guard let bytes else { return BuildRecord() }
  var reader = ByteReader(bytes.span)
  do { return try BuildRecord(from: &reader) } catch { throw .record(error) }
}

/// A build as it is at one moment, for readers: nobody can write through it.
package final class BuildSnapshot: RowProvider, TableAccess {
  private let build: Build
  private let transaction: ReadTransaction
  private let codec: ValueCodec
  private var tables: [String: Table] = [:]

  package init(_ build: Build) throws(StoreError) {
    self.build = build
    transaction = try stored { () throws(LMDBError) in try ReadTransaction(build.environment) }
    do { codec = try ValueCodec() } catch { throw .files(path: build.name, reason: "\(error)") }
  }

  package func record() throws(StoreError) -> BuildRecord {
    try decodeRecord(
      stored { () throws(LMDBError) -> [UInt8]? in
        guard let table = try table("build") else { return nil }
        return try withSnapshot { snapshot throws(LMDBError) in
          try snapshot.value(recordKey.span, in: table)
        }
      })
  }

  package func rows(_ name: String, isPacked: Bool) throws(TableError) -> any RowSource {
    BuildRows(self, name: name, codec: isPacked ? codec : nil)
  }

  func withSnapshot<Value>(
    _ body: (Snapshot) throws(LMDBError) -> Value
  ) throws(LMDBError) -> Value {
    try transaction.withSnapshot(body)
  }

  func table(_ name: String) throws(LMDBError) -> Table? {
    if let table = tables[name] { return table }
    let table = try withSnapshot { snapshot throws(LMDBError) in try snapshot.table(name) }
    tables[name] = table
    return table
  }

  /// A snapshot stays as it is.
  var era: Int { 0 }
}

/// The one writer of a build. Rows, state and checkpoint of a commit become durable together.
///
/// Belongs to one thread, which alone commits and rolls back. Meanwhile several may read and write its
/// tables, each table by one thread at a time.
package final class BuildWriter: TableProvider, TableAccess {
  private let build: Build
  private var transaction: WriteTransaction?
  private var tables: [String: Table] = [:]
  private(set) var era = 0
  /// Held wherever the transaction or `tables` are used.
  private let lock = ThreadLock()

  @available(*, noasync)
  package init(_ build: Build) throws(StoreError) {
    self.build = build
    try begin()
  }

  private func begin() throws(StoreError) {
    transaction = try stored { () throws(LMDBError) in try WriteTransaction(build.environment) }
  }

  package func record() throws(StoreError) -> BuildRecord {
    try decodeRecord(
      stored { () throws(LMDBError) -> [UInt8]? in
        guard let table = try table("build") else { return nil }
        return try withSnapshot { snapshot throws(LMDBError) in
          try snapshot.value(recordKey.span, in: table)
        }
      })
  }

  /// Commits what was put since the last commit, with the record, and goes on.
  package func commit(_ record: BuildRecord) throws(StoreError) {
    let bytes = record.encoded()
    try stored { () throws(LMDBError) in
      if let table = try table("build") { try put(recordKey.span, bytes.span, in: table) }
    }
    guard let transaction = transaction.take() else { return }
    do { try transaction.commit() } catch { throw .storage(error) }
    try begin()
  }

  /// Forgets what was put since the last commit, and the tables that were made since.
  package func rollBack() throws(StoreError) {
    transaction = nil
    tables = [:]
    era += 1
    try begin()
  }

  package func storage(
    _ name: String, isPacked: Bool
  ) throws(TableError) -> any TableStorage {
    BuildTable(self, name: name, codec: isPacked ? try ValueCodec(table: name) : nil)
  }

  func withSnapshot<Value>(
    _ body: (Snapshot) throws(LMDBError) -> Value
  ) throws(LMDBError) -> Value {
    try lock.withLock { () throws(LMDBError) in
      switch transaction {
      case .some(let transaction): return try body(transaction.snapshot)
      case .none: throw LMDBError(code: EINVAL, operation: "no transaction is open")
      }
    }
  }

  func table(_ name: String) throws(LMDBError) -> Table? {
    try lock.withLock { () throws(LMDBError) in
      if let table = tables[name] { return table }
      let table = try transaction?.table(name)
      tables[name] = table
      return table
    }
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table) throws(LMDBError) {
    try lock.withLock { () throws(LMDBError) in
      try transaction?.put(key, value, in: table)
    }
  }

  func append(_ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table) throws(LMDBError) {
    try lock.withLock { () throws(LMDBError) in
      try transaction?.append(key, value, in: table)
    }
  }

  func remove(_ key: Span<UInt8>, in table: Table) throws(LMDBError) {
    _ = try lock.withLock { () throws(LMDBError) in
      try transaction?.remove(key, in: table)
    }
  }
}

/// One thread at a time; the one that is in may come in again.
final class ThreadLock: Sendable {
  private let mutex = Mutex<Void>(())
  /// The thread that is in; 0 for none.
  private let owner = Atomic<UInt>(0)

  func withLock<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let thread = UInt(pthread_self())
    // Only this thread ever writes its own number, so that a relaxed read cannot mistake it.
    if owner.load(ordering: .relaxed) == thread { return try body() }
    return try mutex.withLock { _ throws(Failure) in
      owner.store(thread, ordering: .relaxed)
      defer { owner.store(0, ordering: .relaxed) }
      return try body()
    }
  }
}
