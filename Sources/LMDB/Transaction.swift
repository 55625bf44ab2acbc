internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#endif

/// A named table of an environment. Open it once; it is valid for the environment's life.
package struct Table: Sendable {
  let handle: UInt32
  package let name: String
}

/// What a transaction of either kind can read. It cannot outlive the transaction that it came from:
/// a use after the transaction's end does not compile.
@safe package struct Snapshot: ~Escapable {
  private let pointer: OpaquePointer

  @_lifetime(immortal)
  fileprivate init(unownedPointer pointer: OpaquePointer) { unsafe self.pointer = pointer }

  /// Opens a table that exists; nil when there is none.
  package func table(_ name: String) throws(LMDBError) -> Table? {
    var handle: UInt32 = 0
    let code = unsafe mdb_dbi_open(pointer, name, 0, &handle)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_dbi_open", table: name)
    return Table(handle: handle, name: name)
  }

  /// Runs `body` on the value of a key, in place; nil when there is none.
  package func withValue<Result>(
    _ key: Span<UInt8>, in table: Table, _ body: (Span<UInt8>) -> Result
  ) throws(LMDBError) -> Result? {
    var value = unsafe MDB_val()
    let code = unsafe key.withUnsafeBufferPointer { buffer in
      var key = unsafe MDB_val(buffer)
      return unsafe mdb_get(pointer, table.handle, &key, &value)
    }
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_get", table: table.name)
    return unsafe value.withSpan(body)
  }

  /// A copy of the value of a key.
  package func value(_ key: Span<UInt8>, in table: Table) throws(LMDBError) -> [UInt8]? {
    try withValue(key, in: table) { span in
      unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// The number of the transaction that is seen, or made: 1 more for each that was committed.
  package var number: UInt64 { unsafe UInt64(mdb_txn_id(pointer)) }

  /// The number of entries.
  package func count(_ table: Table) throws(LMDBError) -> Int {
    var stat = MDB_stat()
    try check(unsafe mdb_stat(pointer, table.handle, &stat), "mdb_stat", table: table.name)
    return stat.ms_entries
  }

  /// Bytes of the pages that a table uses.
  package func size(_ table: Table) throws(LMDBError) -> UInt64 {
    var stat = MDB_stat()
    try check(unsafe mdb_stat(pointer, table.handle, &stat), "mdb_stat", table: table.name)
    let pages = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages
    return UInt64(pages) * UInt64(stat.ms_psize)
  }

  /// A cursor over a table, which the transaction outlives, as it does this snapshot.
  @_lifetime(copy self)
  package func cursor(_ table: Table) throws(LMDBError) -> Cursor {
    var cursor: OpaquePointer?
    try check(
      unsafe mdb_cursor_open(pointer, table.handle, &cursor), "mdb_cursor_open", table: table.name)
    guard let cursor = unsafe cursor else {
      throw LMDBError(code: ENOMEM, operation: "mdb_cursor_open", table: table.name)
    }
    return unsafe _overrideLifetime(
      Cursor(unownedPointer: cursor, table: table), copying: self)
  }
}

/// A consistent picture of an environment, until it is dropped. Keep it short: pages that it can see
/// are not used again.
@safe package struct ReadTransaction: ~Copyable {
  private let environment: Environment
  private let pointer: OpaquePointer
  private var isOpen = true

  /// The corresponding C function is `mdb_txn_begin` with `MDB_RDONLY`.
  package init(_ environment: Environment) throws(LMDBError) {
    var pointer: OpaquePointer?
    StopRequests.begin()
    let code = withReaderTable(environment.lockFile) {
      unsafe mdb_txn_begin(environment.pointer, nil, UInt32(MDB_RDONLY), &pointer)
    }
    guard code == 0, let pointer = unsafe pointer else {
      StopRequests.end()
      throw LMDBError(code: code == 0 ? ENOMEM : code, operation: "mdb_txn_begin (read)")
    }
    self.environment = environment
    unsafe self.pointer = pointer
  }

  deinit {
    if isOpen { unsafe mdb_txn_abort(pointer) }
    StopRequests.end()
  }

  /// Runs `body` on the snapshot: for a transaction that a class owns, and for one that is ended in
  /// the same function, since the compiler takes a local transaction for borrowed from its first
  /// snapshot on.
  package func withSnapshot<Result, Failure>(
    _ body: (Snapshot) throws(Failure) -> Result
  ) throws(Failure) -> Result { try body(snapshot) }

  /// Ends the transaction and keeps the tables that it opened for those that follow.
  package consuming func keepTables() throws(LMDBError) {
    isOpen = false
    try check(unsafe mdb_txn_commit(pointer), "mdb_txn_commit (read)")
  }

  package var snapshot: Snapshot {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Snapshot(unownedPointer: pointer), borrowing: self) }
  }
}

/// Changes that become visible, all at once, at `commit`; dropped, they never were.
@safe package struct WriteTransaction: ~Copyable {
  private let environment: Environment
  private let pointer: OpaquePointer
  private var isOpen = true

  /// Waits for the writer before, if there is one. Pages that only dead readers could see are used
  /// again.
  @available(*, noasync)
  package init(_ environment: Environment) throws(LMDBError) {
    try environment.clearDeadReaders()
    environment.lockFile?.enterWriter()
    var pointer: OpaquePointer?
    let code = unsafe mdb_txn_begin(environment.pointer, nil, 0, &pointer)
    guard code == 0, let pointer = unsafe pointer else {
      environment.lockFile?.leaveWriter()
      throw LMDBError(code: code == 0 ? ENOMEM : code, operation: "mdb_txn_begin (write)")
    }
    self.environment = environment
    unsafe self.pointer = pointer
  }

  deinit {
    if isOpen { unsafe mdb_txn_abort(pointer) }
    environment.lockFile?.leaveWriter()
  }

  /// Makes the changes durable (unless the environment defers it). After an error nothing of them
  /// may be believed: close the environment, open it again, and look.
  @available(*, noasync)
  package consuming func commit() throws(LMDBError) {
    isOpen = false
    try check(unsafe mdb_txn_commit(pointer), "mdb_txn_commit")
  }

  package var snapshot: Snapshot {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(Snapshot(unownedPointer: pointer), borrowing: self) }
  }

  /// Runs `body` on the snapshot: for a transaction that is ended in the same function.
  package func withSnapshot<Result, Failure>(
    _ body: (Snapshot) throws(Failure) -> Result
  ) throws(Failure) -> Result { try body(snapshot) }

  /// Opens a table, which is made if need be.
  package func table(_ name: String) throws(LMDBError) -> Table {
    var handle: UInt32 = 0
    try check(
      unsafe mdb_dbi_open(pointer, name, UInt32(MDB_CREATE), &handle), "mdb_dbi_open", table: name)
    return Table(handle: handle, name: name)
  }

  package func put(
    _ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table
  ) throws(LMDBError) {
    try put(key, value, in: table, flags: 0)
  }

  /// Puts a key that sorts after all others: pages fill up whole.
  package func append(
    _ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table
  ) throws(LMDBError) {
    try put(key, value, in: table, flags: UInt32(MDB_APPEND))
  }

  private func put(
    _ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table, flags: UInt32
  ) throws(LMDBError) {
    let code = unsafe key.withUnsafeBufferPointer { key in
      unsafe value.withUnsafeBufferPointer { value in
        var key = unsafe MDB_val(key)
        var value = unsafe MDB_val(value)
        return unsafe mdb_put(pointer, table.handle, &key, &value, flags)
      }
    }
    try check(code, "mdb_put", table: table.name)
  }

  /// Removes a key. Returns whether it was there.
  @discardableResult
  package func remove(_ key: Span<UInt8>, in table: Table) throws(LMDBError) -> Bool {
    let code = unsafe key.withUnsafeBufferPointer { buffer in
      var key = unsafe MDB_val(buffer)
      return unsafe mdb_del(pointer, table.handle, &key, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try check(code, "mdb_del", table: table.name)
    return true
  }

  /// Removes all entries of a table.
  package func clear(_ table: Table) throws(LMDBError) {
    try check(unsafe mdb_drop(pointer, table.handle, 0), "mdb_drop", table: table.name)
  }
}
