internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import TrainingData
internal import Views

/// The events that what counts in datasets/readiness stands on: of an example the one that gave its
/// interaction an outcome, of a pair the one that last stated it, or by which it came to be.
enum Standing {
  /// By the numbers of their weeks, with the first response of each.
  static func byWeek(in tables: any ViewReader) throws(TableError) -> [UInt64: Evidence] {
    var weeks: [UInt64: [Offset]] = [:]
    try tables.read(Week.table).forEach { number, week in
      if let first = week.first { weeks[number] = [first] }
      return true
    }
    try tables.read(Cluster.table).forEach { _, cluster in
      if let week = cluster.countedWeek { weeks[week, default: []].append(cluster.offset) }
      return true
    }
    try tables.read(Pair.table).forEach { _, pair in
      if let week = pair.countedWeek { weeks[week, default: []].append(pair.statedAt) }
      return true
    }
    return weeks.mapValues { Evidence(of: $0) }
  }

  /// Of the examples of each field of work.
  static func byDomain(in tables: any ViewReader) throws(TableError) -> [TextKey: Evidence] {
    var domains: [TextKey: [Offset]] = [:]
    try tables.read(Cluster.table).forEach { _, cluster in
      if cluster.isProven { domains[TextKey(cluster.domain), default: []].append(cluster.offset) }
      return true
    }
    return domains.mapValues { Evidence(of: $0) }
  }

  static func of(
    _ kind: Readiness.Kind, in tables: any ViewReader
  ) throws(TableError) -> Evidence {
    var offsets: [Offset] = []
    switch kind {
    case .examples:
      try tables.read(Cluster.table).forEach { _, cluster in
        if cluster.isProven { offsets.append(cluster.offset) }
        return true
      }
    case .pairs:
      try tables.read(Pair.table).forEach { _, pair in
        if pair.countedWeek != nil { offsets.append(pair.statedAt) }
        return true
      }
    }
    return Evidence(of: offsets)
  }
}

extension Evidence {
  /// Of events in any order, each once.
  init(of offsets: [Offset]) {
    let different = Set(offsets).sorted()
    self.init(
      first: Array(different.prefix(Evidence.keptMax)), last: different.last ?? 0,
      count: UInt64(different.count))
  }
}

extension ColumnVisitor {
  /// The columns that name the events that a row stands on.
  mutating func standing(on evidence: Evidence) {
    derived("offsets", "The events that it stands on, the first \(Evidence.keptMax).") {
      evidence.first
    }
    derived("last_offset", "The last of them; null: there is none.") {
      evidence.count == 0 ? nil : evidence.last
    }
    derived("offset_count", "How many they are.") { evidence.count }
  }
}
