internal import Views

/// The tables of the view that answers come from.
enum DatasetTables {
  /// By the interaction's number.
  static let answers = StoredTable<UInt64, Answer>(
    "answers", rowsPerChunk: 32, residentMax: 1 << 12)
  static let clusters = StoredTable<UInt64, Cluster>("clusters", residentMax: 1 << 16)
  static let pairs = StoredTable<UInt64, Pair>("pairs", residentMax: 1 << 14)
  static let counts = StoredTable<UInt64, Count>("counts")
}
