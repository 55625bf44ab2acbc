public import Bytes
public import Tables
public import Views

/// What rows have counted once already, such as the sessions of a tool: each is kept by a hash of 16
/// bytes, in a table of its own.
public struct DifferentOnes {
  private let seen: KeyedTable<Hash128, UInt64>

  public init(
    _ table: StoredTable<Hash128, UInt64>, in tables: FoldTables
  ) throws(TableError) { seen = try tables.open(table) }

  /// Whether something comes for the first time, by all that tells it apart; from now on it does not.
  public func isNew(_ texts: String?...) throws(TableError) -> Bool {
    var writer = ByteWriter(capacity: 128)
    for text in texts { text.encode(into: &writer) }
    let key = Hash128(of: writer.span)
    if try seen.row(key) != nil { return false }
    try seen.put(key, 1)
    return true
  }
}
