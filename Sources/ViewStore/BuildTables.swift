internal import Bytes
internal import LMDB
internal import Views
internal import Zstd

/// A table of a build, read and written through the transaction of the moment.
///
/// Values of a packed table are zstd frames behind their size.
final class BuildTable<Access: TableAccess>: TableStorage {
  private let access: Access
  private let name: String
  private let codec: ValueCodec?

  init(_ access: Access, name: String, codec: ValueCodec?) {
    self.access = access
    self.name = name
    self.codec = codec
  }

  private func tabled<Value>(
    _ body: () throws(LMDBError) -> Value
  ) throws(TableError) -> Value {
    do { return try body() } catch { throw TableError(table: name, reason: "\(error)") }
  }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    let bytes = try tabled { () throws(LMDBError) in
      try access.withSnapshot { snapshot throws(LMDBError) -> [UInt8]? in
        guard let table = try access.table(name) else { return nil }
        return try snapshot.value(key, in: table)
      }
    }
    guard let bytes, let codec else { return bytes }
    return try codec.unpack(bytes.span, table: name)
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {
    if let codec {
      let packed = try codec.pack(value, table: name)
      try tabled { () throws(LMDBError) in try access.put(key, packed.span, in: name) }
    } else {
      try tabled { () throws(LMDBError) in try access.put(key, value, in: name) }
    }
  }

  func remove(_ key: Span<UInt8>) throws(TableError) {
    try tabled { () throws(LMDBError) in try access.remove(key, in: name) }
  }

  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    let failure = try tabled { () throws(LMDBError) in
      try access.withSnapshot { snapshot throws(LMDBError) -> TableError? in
        guard let table = try access.table(name) else { return nil }
        let cursor = try snapshot.cursor(table)
        var next = try cursor.seek(key) { key, value in visit(key, value, body) }
        while case .success(true) = next {
          next = try cursor.move(.next) { key, value in visit(key, value, body) }
        }
        if case .failure(let error) = next { return error }
        return nil
      }
    }
    if let failure { throw failure }
  }

  private func visit(
    _ key: Span<UInt8>, _ value: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) -> Result<Bool, TableError> {
    do throws(TableError) {
      guard let codec else { return .success(try body(key, value)) }
      let bytes = try codec.unpack(value, table: name)
      return .success(try body(key, bytes.span))
    } catch {
      return .failure(error)
    }
  }

  var isEmpty: Bool {
    get throws(TableError) {
      try tabled { () throws(LMDBError) in
        try access.withSnapshot { snapshot throws(LMDBError) in
          guard let table = try access.table(name) else { return true }
          return try snapshot.count(table) == 0
        }
      }
    }
  }
}

/// The transaction of the moment: a writer's, or a reader's.
protocol TableAccess: AnyObject {
  func withSnapshot<Value>(
    _ body: (Snapshot) throws(LMDBError) -> Value
  ) throws(LMDBError) -> Value
  /// Nil when there is no such table, and none can be made.
  func table(_ name: String) throws(LMDBError) -> Table?
  func put(_ key: Span<UInt8>, _ value: Span<UInt8>, in name: String) throws(LMDBError)
  func remove(_ key: Span<UInt8>, in name: String) throws(LMDBError)
}

/// Packs values that are large.
final class ValueCodec {
  private let compressor: Compressor
  private let decompressor: Decompressor

  init() throws(ZstdError) {
    compressor = try Compressor(level: 1)
    decompressor = try Decompressor()
  }

  func pack(_ value: Span<UInt8>, table: String) throws(TableError) -> [UInt8] {
    var writer = ByteWriter(capacity: value.count / 2 + 16)
    writer.append(varint: value.count)
    do { writer.append(try compressor.compress(value)) } catch {
      throw TableError(table: table, reason: "\(error)")
    }
    return writer.bytes
  }

  func unpack(_ value: Span<UInt8>, table: String) throws(TableError) -> [UInt8] {
    var reader = ByteReader(value)
    let count: Int
    do { count = try reader.count() } catch { throw TableError(table: table, error) }
    do {
      return try decompressor.decompress(
        value.extracting(reader.position..<value.count), count: count)
    } catch {
      throw TableError(table: table, reason: "\(error)")
    }
  }
}
