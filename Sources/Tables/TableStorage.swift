internal import Bytes
public import Views

/// Where a table's bytes lie: a store on disk, or memory in tests.
///
/// Values that are put are seen by later reads at once.
public protocol TableStorage: RowSource {
  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError)
  func remove(_ key: Span<UInt8>) throws(TableError)
  /// To be called when all changes of a checkpoint are put.
  func finish() throws(TableError)
}

extension TableStorage {
  public func finish() throws(TableError) {}
}

/// Opens the tables of a store by their full names, for those who read.
public protocol RowProvider: AnyObject {
  /// - Parameter isPacked: values are large and compress well.
  func rows(_ name: String, isPacked: Bool) throws(TableError) -> any RowSource
}

/// Opens the tables of a store by their full names, for the one who writes.
public protocol TableProvider: RowProvider {
  /// - Parameter isPacked: values are large and compress well.
  func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage
}

extension TableProvider {
  public func rows(_ name: String, isPacked: Bool) throws(TableError) -> any RowSource {
    try storage(name, isPacked: isPacked)
  }
}

/// The tables of one view for those who read them. None of them can be written.
public final class ViewTables: ViewReader {
  /// The name of the view, which begins the names of its tables.
  public let view: String
  private let provider: any RowProvider

  public init(_ view: String, in provider: any RowProvider) {
    self.view = view
    self.provider = provider
  }

  public func rows(of table: String, rowsPerChunk: Int?) throws(TableError) -> any RowSource {
    try storedRows(of: "\(view)/\(table)", rowsPerChunk: rowsPerChunk, in: provider)
  }
}

/// The rows of a table by its full name, unpacked where several lie in a value.
func storedRows(
  of table: String, rowsPerChunk: Int?, in provider: any RowProvider
) throws(TableError) -> any RowSource {
  let rows = try provider.rows(table, isPacked: rowsPerChunk != nil)
  guard let rowsPerChunk else { return rows }
  return try PackedSource(name: table, rows: rows, rowsPerChunk: rowsPerChunk)
}

/// Tables in memory: for tests, and for folds that are thrown away.
public final class MemoryTables: TableProvider {
  private var tables: [String: MemoryTable] = [:]

  public init() {}

  public func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage {
    if let table = tables[name] { return table }
    let table = MemoryTable()
    tables[name] = table
    return table
  }
}

/// What a fold left, for questions that only the fold's own tables can answer. Nothing is written: a
/// change that a checkpoint would put is refused.
public final class FrozenTables: TableProvider {
  private let rows: any RowProvider

  public init(_ rows: any RowProvider) { self.rows = rows }

  public func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage {
    FrozenTable(name, try rows.rows(name, isPacked: isPacked))
  }
}

private final class FrozenTable: TableStorage {
  private let name: String
  private let rows: any RowSource

  init(_ name: String, _ rows: any RowSource) {
    self.name = name
    self.rows = rows
  }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? { try rows.value(key) }

  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) { try rows.scan(from: key, body) }

  var isEmpty: Bool { get throws(TableError) { try rows.isEmpty } }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) { throw refusal }
  func remove(_ key: Span<UInt8>) throws(TableError) { throw refusal }

  private var refusal: TableError { TableError(table: name, reason: "it is only read here") }
}

private final class MemoryTable: TableStorage {
  private var entries: [[UInt8]: [UInt8]] = [:]

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? { entries[[UInt8](key)] }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {
    entries[[UInt8](key)] = [UInt8](value)
  }

  func remove(_ key: Span<UInt8>) throws(TableError) { entries[[UInt8](key)] = nil }

  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    let start = [UInt8](key)
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (key, value) in sorted where !key.lexicographicallyPrecedes(start) {
      if try !body(key.span, value.span) { return }
    }
  }

  var isEmpty: Bool { get throws(TableError) { entries.isEmpty } }
}
