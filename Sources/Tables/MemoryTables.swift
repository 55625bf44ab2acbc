internal import Bytes
public import Views

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
