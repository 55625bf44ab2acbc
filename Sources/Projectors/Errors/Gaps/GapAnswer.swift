internal import Bytes
internal import Events
internal import Facts
internal import Views

/// `errors/gaps`: what is asked again and again, and has never worked, in the order of the first
/// failure.
///
/// Holds the gaps in memory, with 32 offsets each.
struct GapAnswer: AnswerTable {
  let name = "errors/gaps"
  let key = ["first_offset"]
  let columns = [
    Column("prompt", .text), Column("failures", .integer), Column("first_offset", .integer),
    Column("last_offset", .integer), Column("offsets", .offsets),
    Column("offset_count", .integer),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let prompts = try tables.read(ErrorTables.clusterPrompts)
    for (cluster, failures) in try gaps(tables) {
      guard let prompt = try prompts.row(cluster) else { continue }
      let cells: [Cell] = [
        .text(prompt.text), Cell(failures.count), failures.first.first.map { Cell($0) } ?? .null,
        Cell(failures.last), .offsets(failures.first), Cell(failures.count),
      ]
      if try !body(cells) { return }
    }
  }

  /// The clusters that are gaps, each with its failures.
  private func gaps(
    _ tables: any ViewReader
  ) throws(TableError) -> [(cluster: UInt64, failures: Evidence)] {
    var failures: [UInt64: Evidence?] = [:]
    try tables.read(ErrorTables.promptClusters).forEach { number, cluster in
      if cluster.isGap { failures[number] = .some(nil) }
      return true
    }
    if failures.isEmpty { return [] }
    try tables.read(ErrorTables.promptFailures).forEach { key, _ in
      guard let known = failures[key.cluster] else { return true }
      var evidence = known ?? Evidence(key.offset)
      evidence.add(key.offset)
      failures[key.cluster] = evidence
      return true
    }
    var gaps: [(cluster: UInt64, failures: Evidence)] = []
    for (cluster, evidence) in failures { if let evidence { gaps.append((cluster, evidence)) } }
    return gaps.sorted { ($0.failures.first.first ?? 0) < ($1.failures.first.first ?? 0) }
  }
}
