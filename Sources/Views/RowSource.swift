public import Bytes
public import Events

/// Where the bytes of a table's rows are read from. Keys sort as unsigned bytes.
public protocol RowSource: AnyObject {
  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]?
  /// Calls `body` for each entry from `key` on, in order, until it returns false.
  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError)
  var isEmpty: Bool { get throws(TableError) }
  /// Where rows are numbered and packed: one more than the highest number that ever had a row.
  var end: UInt64 { get }
}

extension RowSource {
  public var end: UInt64 { 0 }
}

/// A view's tables as they are at one moment, for answers. It cannot write.
public protocol ViewReader: AnyObject {
  /// The bytes of a table's rows.
  ///
  /// - Parameters:
  ///   - table: its name within the view.
  ///   - rowsPerChunk: how many rows are packed together; nil where each lies by itself.
  func rows(of table: String, rowsPerChunk: Int?) throws(TableError) -> any RowSource
}

extension ViewReader {
  /// The rows of a table.
  @inlinable
  public func read<K: Key, R: StoredRow>(
    _ table: StoredTable<K, R>
  ) throws(TableError) -> TableReader<K, R> {
    TableReader(
      name: table.name, rows: try rows(of: table.name, rowsPerChunk: table.rowsPerChunk))
  }

  /// The rows of a table by number.
  @inlinable
  public func read<R: StoredRow>(
    _ table: NumberedTable<R>
  ) throws(TableError) -> TableReader<UInt64, R> { try read(table.rows) }
}

/// Reads the rows of a table. Each is decoded when it is asked for, and none is kept.
public struct TableReader<K: Key, R: StoredRow> {
  @usableFromInline let name: String
  @usableFromInline let rows: any RowSource

  @inlinable
  init(name: String, rows: any RowSource) {
    self.name = name
    self.rows = rows
  }

  /// The row of a key; nil when there is none.
  @inlinable
  public func row(_ key: K) throws(TableError) -> R? {
    var writer = ByteWriter(capacity: 32)
    key.encode(ordered: &writer)
    guard let bytes = try rows.value(writer.span) else { return nil }
    var reader = ByteReader(bytes.span)
    do { return try R(from: &reader) } catch { throw TableError(table: name, error) }
  }

  /// Calls `body` for each row in the order of the keys, from one on, until it returns false.
  @inlinable
  public func forEach(
    from start: K? = nil, _ body: (K, R) throws(TableError) -> Bool
  ) throws(TableError) {
    var writer = ByteWriter(capacity: 32)
    start?.encode(ordered: &writer)
    try rows.scan(from: writer.span) { key, value throws(TableError) in
      var keyReader = ByteReader(key)
      var reader = ByteReader(value)
      let entry: (K, R)
      do throws(BytesError) {
        entry = (try K(ordered: &keyReader), try R(from: &reader))
      } catch {
        throw TableError(table: name, error)
      }
      return try body(entry.0, entry.1)
    }
  }
}

extension TableReader where K == UInt64 {
  /// Of a numbered table, the number of its rows.
  public var count: UInt64 { rows.end }

  /// The row of an event, of rows in the order of their events; nil when there is none.
  @inlinable
  public func row(by event: (R) -> EventID, _ wanted: EventID) throws(TableError) -> R? {
    let row = try row(firstNumber { event($0) >= wanted })
    return row.flatMap { event($0) == wanted ? $0 : nil }
  }

  /// The number of the first row, of those in the order of a value, that has at least that value;
  /// `count` when none has. Looks at as many rows as `count` has binary digits.
  @inlinable
  public func firstNumber(
    where isReached: (R) -> Bool
  ) throws(TableError) -> UInt64 {
    var (low, high) = (UInt64(0), count)
    while low < high {
      let middle = low + (high - low) / 2
      guard let row = try row(middle) else {
        throw TableError(
          table: name, reason: "row \(middle) of \(count) is missing", isDamage: true)
      }
      if isReached(row) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Why a table could not be read or written.
public struct TableError: Error, Sendable, CustomStringConvertible {
  /// Where it was met.
  public let table: String
  /// What is wrong, for a person.
  public let reason: String
  /// Whether the stored bytes are not those that were written.
  public let isDamage: Bool

  public init(table: String, reason: String, isDamage: Bool = false) {
    self.table = table
    self.reason = reason
    self.isDamage = isDamage
  }

  public init(table: String, _ cause: BytesError) {
    self.init(table: table, reason: "a row does not decode: \(cause)", isDamage: true)
  }

  public var description: String { "table \(table): \(reason)" }
}
