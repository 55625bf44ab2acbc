internal import LMDB
internal import Views

/// The entries of a table as they lie in a build, and as its users see them: those of a packed table
/// are packed. Of one thread at a time.
struct TableEntries {
  let name: String
  private let codec: ValueCodec?

  init(name: String, isPacked: Bool) throws(TableError) {
    self.name = name
    if isPacked { codec = try ValueCodec(table: name) } else { codec = nil }
  }

  func unpacked(_ value: [UInt8]) throws(TableError) -> [UInt8] {
    guard let codec else { return value }
    return try codec.unpack(value.span)
  }

  /// A value as it is to lie in the build; nil when that is as it is.
  func packed(_ value: Span<UInt8>) throws(TableError) -> [UInt8]? {
    guard let codec else { return nil }
    return try codec.pack(value)
  }

  /// Runs LMDB's part of what a table is asked for.
  func tabled<Value>(_ body: () throws(LMDBError) -> Value) throws(TableError) -> Value {
    do { return try body() } catch { throw TableError(table: name, reason: "\(error)") }
  }

  /// Calls `body` for each entry of a snapshot from `key` on, in order, until it returns false.
  func scan(
    _ table: Table, in snapshot: Snapshot, from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    let failure = try tabled { () throws(LMDBError) -> TableError? in
      let cursor = try snapshot.cursor(table)
      var next = try cursor.seek(key) { key, value in visit(key, value, body) }
      while case .success(true) = next {
        next = try cursor.move(.next) { key, value in visit(key, value, body) }
      }
      if case .failure(let error) = next { return error }
      return nil
    }
    if let failure { throw failure }
  }

  private func visit(
    _ key: Span<UInt8>, _ value: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) -> Result<Bool, TableError> {
    do throws(TableError) {
      guard let codec else { return .success(try body(key, value)) }
      let bytes = try codec.unpack(value)
      return .success(try body(key, bytes.span))
    } catch {
      return .failure(error)
    }
  }
}
