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
  init(unownedPointer pointer: OpaquePointer) { unsafe self.pointer = pointer }

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

/// Walks a table in the order of its keys. It cannot outlive the transaction whose snapshot made it,
/// since LMDB frees the cursors of a write transaction with it.
@safe package struct Cursor: ~Copyable, ~Escapable {
  private let pointer: OpaquePointer
  private let table: Table

  @_lifetime(immortal)
  init(unownedPointer pointer: OpaquePointer, table: Table) {
    unsafe self.pointer = pointer
    self.table = table
  }

  deinit { unsafe mdb_cursor_close(pointer) }

  /// Where a cursor can go.
  package enum Step {
    case first, last, next, previous
  }

  /// Moves, and runs `body` on the entry there; nil when there is none.
  package func move<Result>(
    _ step: Step, _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Result
  ) throws(LMDBError) -> Result? {
    let operation =
      switch step {
      case .first: MDB_FIRST
      case .last: MDB_LAST
      case .next: MDB_NEXT
      case .previous: MDB_PREV
      }
    var key = unsafe MDB_val()
    var value = unsafe MDB_val()
    let code = unsafe mdb_cursor_get(pointer, &key, &value, operation)
    return unsafe try result(code, key, value, body)
  }

  /// Moves to the first key at or after `target`.
  package func seek<Result>(
    _ target: Span<UInt8>, _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Result
  ) throws(LMDBError) -> Result? {
    // LMDB knows no empty key, and all others come after it.
    if target.isEmpty { return try move(.first, body) }
    var value = unsafe MDB_val()
    var key = unsafe MDB_val()
    let code = unsafe target.withUnsafeBufferPointer { buffer in
      unsafe key = MDB_val(buffer)
      return unsafe mdb_cursor_get(pointer, &key, &value, MDB_SET_RANGE)
    }
    return unsafe try result(code, key, value, body)
  }

  private func result<Result>(
    _ code: Int32, _ key: MDB_val, _ value: MDB_val,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Result
  ) throws(LMDBError) -> Result? {
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_cursor_get", table: table.name)
    return unsafe key.withSpan { key in unsafe value.withSpan { value in body(key, value) } }
  }
}

// The only place where the map's bytes turn into spans and back.

extension MDB_val {
  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    unsafe self.init(
      mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
  }

  /// The value in place: valid while the transaction lives and the page is not written to.
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let buffer = unsafe UnsafeBufferPointer(
      start: mv_data?.assumingMemoryBound(to: UInt8.self), count: mv_size)
    return body(unsafe buffer.span)
  }
}
