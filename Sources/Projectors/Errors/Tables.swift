internal import Bytes
internal import Events
internal import Facts
internal import Views

/// The tables that answers come from.
enum Tables {
  static func patterns(_ tables: TableSet) throws(TableError) -> KeyedTable<UInt64, Pattern> {
    try tables.keyed("patterns", key: UInt64.self, row: Pattern.self, residentMax: 1 << 16)
  }

  static func events(_ tables: TableSet) throws(TableError) -> ChunkedTable<ErrorEvent> {
    try tables.chunked("events", row: ErrorEvent.self)
  }

  static func fixes(_ tables: TableSet) throws(TableError) -> KeyedTable<FixKey, Fix> {
    try tables.keyed("fixes", key: FixKey.self, row: Fix.self, residentMax: 1 << 16)
  }

  /// Clusters of similar prompts, by number.
  static func promptClusters(
    _ tables: TableSet
  ) throws(TableError) -> KeyedTable<UInt64, PromptCluster> {
    try tables.keyed(
      "gaps/clusters", key: UInt64.self, row: PromptCluster.self, residentMax: 1 << 16)
  }

  /// The first prompt of each cluster, unless it succeeded.
  static func clusterPrompts(
    _ tables: TableSet
  ) throws(TableError) -> KeyedTable<UInt64, PromptText> {
    try tables.keyed("gaps/prompts", key: UInt64.self, row: PromptText.self, residentMax: 1 << 12)
  }

  static func promptFailures(
    _ tables: TableSet
  ) throws(TableError) -> KeyedTable<FailureKey, FailureRow> {
    try tables.keyed(
      "gaps/failures", key: FailureKey.self, row: FailureRow.self, residentMax: 1 << 16)
  }

  /// The groups that became part of others, with the pattern that each is part of by now.
  static func merged(_ tables: TableSet) throws(TableError) -> [UInt64: UInt64] {
    let table = try tables.keyed("merged", key: UInt64.self, row: NumberRow.self)
    var parents: [UInt64: UInt64] = [:]
    // A group joins an earlier one, whose own parent is known by then.
    try table.forEach { group, row in
      parents[group] = parents[row.number] ?? row.number
      return true
    }
    return parents
  }
}
