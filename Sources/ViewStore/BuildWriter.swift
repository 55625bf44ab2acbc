internal import LMDB
package import Views

/// The one writer of a build. Rows, state and checkpoint of a commit become durable together.
///
/// What tables put is staged in memory. `stage` makes a commit of it, which may run on another
/// thread while the fold goes on: until it is done, reads find in it what the build does not have
/// yet. Memory: the bytes that a commit writes, twice while it runs.
///
/// Tables, `stage` and `rollBack` belong to the fold: reads may come from several threads at once,
/// each from its own tables; nobody else is at work while tables are opened or staged.
package final class BuildWriter: TableProvider, @unchecked Sendable {
  private struct Place {
    let name: String
    /// Nil while the build has no such table.
    var handle: Table?
    var table: WriterTable?
  }

  private let build: Build
  private let lock = ThreadLock()
  private var places: [Place] = []
  private var ordinals: [String: Int] = [:]
  /// The build as of the last commit that is done; begun when it is needed.
  private var reader: ReadTransaction?
  /// The commit that runs, or waits to.
  private var running: BuildCommit?

  package init(_ build: Build) throws(StoreError) {
    self.build = build
  }

  // MARK: Tables

  package func storage(
    _ name: String, isPacked: Bool
  ) throws(TableError) -> any TableStorage {
    try table(name, isPacked: isPacked)
  }

  private func table(_ name: String, isPacked: Bool) throws(TableError) -> WriterTable {
    let entries = try TableEntries(name: name, isPacked: isPacked)
    return try lock.withLock { () throws(TableError) in
      let ordinal =
        if let known = ordinals[name] { known } else {
          try entries.tabled { () throws(LMDBError) in try open(name) }
        }
      let table = WriterTable(self, ordinal: ordinal, entries: entries)
      places[ordinal].table = table
      return table
    }
  }

  /// Gives a table a number, and finds it in the build.
  private func open(_ name: String) throws(LMDBError) -> Int {
    // A transaction knows the tables that were opened before it.
    reader = nil
    let transaction = try ReadTransaction(build.environment)
    let handle = try transaction.snapshot.table(name)
    try transaction.keepTables()
    places.append(Place(name: name, handle: handle))
    ordinals[name] = places.count - 1
    return places.count - 1
  }

  private func recordTable() throws(StoreError) -> WriterTable {
    do throws(TableError) {
      if let ordinal = ordinals[BuildRecord.table], let table = places[ordinal].table {
        return table
      }
      return try table(BuildRecord.table, isPacked: false)
    } catch { throw .table(error) }
  }

  package func record() throws(StoreError) -> BuildRecord {
    let table = try recordTable()
    let key = BuildRecord.key
    let bytes: [UInt8]?
    do { bytes = try table.value(key.span) } catch { throw .table(error) }
    return try BuildRecord(stored: bytes)
  }

  // MARK: Reading

  /// What a commit that is not done says of a key, or else what the build has.
  func value(_ key: Span<UInt8>, of ordinal: Int) throws(LMDBError) -> [UInt8]? {
    try lock.withLock { () throws(LMDBError) -> [UInt8]? in
      switch running?.changes(of: ordinal)?.value(key) {
      case .put(let value): return value
      case .removed: return nil
      case .unchanged, nil: break
      }
      guard let handle = places[ordinal].handle else { return nil }
      return try snapshot().value(key, in: handle)
    }
  }

  /// Runs `body` on the build as of the last commit; not while one runs. Nil when it has no such
  /// table.
  func withCommitted<Value>(
    _ ordinal: Int, _ body: (Snapshot, Table) throws(TableError) -> Value
  ) throws(TableError) -> Value? {
    try lock.withLock { () throws(TableError) -> Value? in
      let place = places[ordinal]
      guard running == nil else {
        throw TableError(table: place.name, reason: "its rows are listed while a commit runs")
      }
      guard let handle = place.handle else { return nil }
      let snapshot: Snapshot
      do { snapshot = try self.snapshot() } catch {
        throw TableError(table: place.name, reason: "\(error)")
      }
      return try body(snapshot, handle)
    }
  }

  private func snapshot() throws(LMDBError) -> Snapshot {
    if let snapshot = reader?.snapshot { return snapshot }
    let transaction = try ReadTransaction(build.environment)
    let snapshot = transaction.snapshot
    reader = consume transaction
    return snapshot
  }

  // MARK: Committing

  /// Commits what was put since the last commit, with the record, and waits for it.
  package func commit(_ record: BuildRecord) throws(StoreError) { try stage(record).run() }

  /// Makes a commit of what was put since the last one, and the record. The one before must be done.
  package func stage(_ record: BuildRecord) throws(StoreError) -> BuildCommit {
    let key = BuildRecord.key
    let bytes = record.encoded()
    try recordTable().stage(key.span, bytes.span)
    return lock.withLock {
      let commit = BuildCommit(
        self, environment: build.environment,
        tables: places.map { place in
          BuildCommit.Part(
            name: place.name, handle: place.handle, changes: place.table?.takeStaged())
        })
      running = commit
      return commit
    }
  }

  /// Has reads look at the build again, which now has what the commit had.
  func finish(_ handles: [Table?]) {
    lock.withLock {
      for (ordinal, handle) in handles.enumerated() { places[ordinal].handle = handle }
      running = nil
      reader = nil
    }
  }

  /// Forgets what was put since the last commit, and the tables that were opened. No commit may be
  /// running.
  package func rollBack() {
    lock.withLock {
      running = nil
      reader = nil
      for ordinal in places.indices { places[ordinal].table = nil }
    }
  }
}
