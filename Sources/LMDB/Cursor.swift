internal import CLMDB

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
