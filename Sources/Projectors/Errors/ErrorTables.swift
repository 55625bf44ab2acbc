internal import Views

/// The tables of the view that answers come from.
enum ErrorTables {
  static let patterns = StoredTable<UInt64, Pattern>("patterns", residentMax: 1 << 16)
  static let events = NumberedTable<ErrorEvent>("events")
  static let fixes = StoredTable<FixKey, Fix>("fixes", residentMax: 1 << 16)
  /// Clusters of similar prompts, by number.
  static let promptClusters = StoredTable<UInt64, PromptCluster>(
    "gaps/clusters", residentMax: 1 << 16)
  /// The first prompt of each cluster, unless it succeeded.
  static let clusterPrompts = StoredTable<UInt64, PromptText>("gaps/prompts", residentMax: 1 << 12)
  static let promptFailures = StoredTable<FailureKey, FailureRow>(
    "gaps/failures", residentMax: 1 << 16)
  /// The group that each group became part of.
  static let merged = StoredTable<UInt64, NumberRow>("merged")

  /// The groups that became part of others, with the pattern that each is part of by now.
  static func roots(_ tables: any ViewReader) throws(TableError) -> [UInt64: UInt64] {
    var parents: [UInt64: UInt64] = [:]
    // A group joins an earlier one, whose own parent is known by then.
    try tables.read(merged).forEach { group, row in
      parents[group] = parents[row.number] ?? row.number
      return true
    }
    return parents
  }
}
