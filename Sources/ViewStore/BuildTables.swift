internal import Bytes
internal import LMDB
internal import Tables
internal import Views
internal import Zstd

/// A table of a build, read through the transaction of the moment.
///
/// Values of a packed table are zstd frames behind their size.
class BuildRows<Access: TableAccess>: RowSource {
  fileprivate let access: Access
  fileprivate let name: String
  fileprivate let codec: ValueCodec?
  /// The table, and the era of its handle.
  private final var opened: (table: Table, era: Int)?

  init(_ access: Access, name: String, codec: ValueCodec?) {
    self.access = access
    self.name = name
    self.codec = codec
  }

  fileprivate final func tabled<Value>(
    _ body: () throws(LMDBError) -> Value
  ) throws(TableError) -> Value {
    do { return try body() } catch {
      throw TableError(table: name, reason: "\(StoreError.storage(error))")
    }
  }

  /// The table's handle; nil while there is no such table.
  fileprivate final func table() throws(LMDBError) -> Table? {
    if let opened, opened.era == access.era { return opened.table }
    guard let table = try access.table(name) else { return nil }
    opened = (table, access.era)
    return table
  }

  final func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    let bytes = try tabled { () throws(LMDBError) in
      try access.withSnapshot { snapshot throws(LMDBError) -> Result<[UInt8], TableError>? in
        guard let table = try table() else { return nil }
        return try snapshot.withValue(key, in: table, copy)
      }
    }
    guard let bytes else { return nil }
    return try bytes.get()
  }

  private final func copy(_ value: Span<UInt8>) -> Result<[UInt8], TableError> {
    guard let codec else { return .success([UInt8](value)) }
    do throws(TableError) { return .success(try codec.unpack(value, table: name)) } catch {
      return .failure(error)
    }
  }

  final func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    let failure = try tabled { () throws(LMDBError) in
      try access.withSnapshot { snapshot throws(LMDBError) -> TableError? in
        guard let table = try table() else { return nil }
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

  private final func visit(
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

  final var isEmpty: Bool {
    get throws(TableError) {
      try tabled { () throws(LMDBError) in
        try access.withSnapshot { snapshot throws(LMDBError) in
          guard let table = try table() else { return true }
          return try snapshot.count(table) == 0
        }
      }
    }
  }
}

/// A table of a build for its writer.
final class BuildTable: BuildRows<BuildWriter>, TableStorage {
  /// The last key as far as it is known: what comes after it is appended, so that pages fill up.
  private var lastKey: [UInt8]?
  /// The era in which `lastKey` was read.
  private var lastKeyEra = 0

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {
    if let codec {
      let packed = try codec.pack(value, table: name)
      try tabled { () throws(LMDBError) in try putAsIs(key, packed.span) }
    } else {
      try tabled { () throws(LMDBError) in try putAsIs(key, value) }
    }
  }

  private func putAsIs(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(LMDBError) {
    guard let table = try table() else { return }
    if lastKeyEra != access.era {
      lastKey = nil
      lastKeyEra = access.era
    }
    if lastKey == nil { lastKey = try readLastKey(table) }
    guard let lastKey, precedes(lastKey.span, key) else {
      return try access.put(key, value, in: table)
    }
    do {
      try access.append(key, value, in: table)
      self.lastKey = [UInt8](key)
    } catch {
      guard error.isKeyPresent else { throw error }
      // Another object for the same table appended to it since.
      self.lastKey = nil
      try access.put(key, value, in: table)
    }
  }

  private func readLastKey(_ table: Table) throws(LMDBError) -> [UInt8] {
    try access.withSnapshot { snapshot throws(LMDBError) in
      try snapshot.cursor(table).move(.last) { key, _ in [UInt8](key) } ?? []
    }
  }

  func remove(_ key: Span<UInt8>) throws(TableError) {
    lastKey = nil
    try tabled { () throws(LMDBError) in
      guard let table = try table() else { return }
      try access.remove(key, in: table)
    }
  }
}

/// The transaction of the moment: a writer's, or a reader's.
protocol TableAccess: AnyObject {
  func withSnapshot<Value>(
    _ body: (Snapshot) throws(LMDBError) -> Value
  ) throws(LMDBError) -> Value
  /// Nil when a reader asks for a table that is not there. A writer makes it.
  func table(_ name: String) throws(LMDBError) -> Table?
  /// Changes when tables that were opened before may be no more.
  var era: Int { get }
}

private func precedes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  for place in 0..<min(left.count, right.count) where left[place] != right[place] {
    return left[place] < right[place]
  }
  return left.count < right.count
}

/// Packs values that are large. Of one table, so that several threads pack side by side.
final class ValueCodec {
  private let compressor: Compressor
  private let decompressor: Decompressor
  /// What was packed last, whose room is used again once the caller is done with it.
  private var packed: [UInt8] = []

  /// Rows are written far more often than read. Against level -5, chunks are a fifth smaller and
  /// take a fifth more time; from level 3 on little is gained.
  private static let level: Int32 = 1

  init() throws(ZstdError) {
    compressor = try Compressor(level: Self.level)
    decompressor = try Decompressor()
  }

  convenience init(table: String) throws(TableError) {
    do { try self.init() } catch { throw TableError(table: table, reason: "\(error)") }
  }

  func pack(_ value: Span<UInt8>, table: String) throws(TableError) -> [UInt8] {
    var size = ByteWriter(capacity: 10)
    size.append(varint: value.count)
    packed.removeAll(keepingCapacity: true)
    packed.append(contentsOf: size.bytes)
    do { try compressor.compress(value, appendingTo: &packed) } catch {
      throw TableError(table: table, reason: "\(error)")
    }
    return packed
  }

  func unpack(_ value: Span<UInt8>, table: String) throws(TableError) -> [UInt8] {
    var reader = ByteReader(value)
    let count: Int
    do { count = try reader.count() } catch { throw TableError(table: table, error) }
    do {
      return try decompressor.decompress(
        value.extracting(reader.position..<value.count), count: count)
    } catch {
      throw TableError(table: table, reason: "\(error)", isDamage: true)
    }
  }
}
