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
    let key = key(of: texts)
    if try seen.row(key) != nil { return false }
    try seen.put(key, 1)
    return true
  }

  /// Counts something that may be taken back; whether it comes for the first time.
  public func count(_ texts: String?...) throws(TableError) -> Bool {
    let key = key(of: texts)
    let before = try seen.row(key) ?? 0
    try seen.put(key, before + 1)
    return before == 0
  }

  /// Takes back what was counted; whether it comes no more.
  public func takeBack(_ texts: String?...) throws(TableError) -> Bool {
    let key = key(of: texts)
    guard let before = try seen.row(key) else { return false }
    if before > 1 { try seen.put(key, before - 1) } else { try seen.remove(key) }
    return before <= 1
  }

  private func key(of texts: [String?]) -> Hash128 {
    var writer = ByteWriter(capacity: 128)
    for text in texts { text.encode(into: &writer) }
    return Hash128(of: writer.span)
  }
}
