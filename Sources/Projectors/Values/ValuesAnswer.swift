import Bytes
import Events
import Facts
import Views

/// `values`: a row an interaction, by offset.
struct ValuesAnswer: AnswerTable {
  let name = "values"
  let key = ["offset"]
  let columns = [
    Column("offset", .integer), Column("interaction_id", .text), Column("session_id", .text),
    Column("stream", .text), Column("kind", .text), Column("time", .time), Column("model", .text),
    Column("prompt", .text), Column("outcome", .text), Column("outcome_basis", .text),
    Column("score", .decimal), Column("outcome_quality", .decimal), Column("feedback", .decimal),
    Column("reusability", .decimal), Column("complexity", .decimal), Column("novelty", .decimal),
    Column("tier", .text), Column("confidence", .decimal), Column("offsets", .offsets),
    Column("last_offset", .integer), Column("offset_count", .integer),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let values = try tables.chunked(TableName.values, row: ValueRow.self)
    try values.forEach { _, row throws(TableError) in try body(cells(row)) }
  }

  private func cells(_ row: ValueRow) -> [Cell] {
    let score = row.score
    return [
      Cell(row.offset), Cell(row.interactionID), Cell(row.sessionID), .text(row.stream.name),
      .text(row.kind), .time(row.time), Cell(row.model), Cell(row.prompt),
      .text(row.outcome.name), .text(row.basis.name), .decimal(score.total),
      .decimal(score.outcome), .decimal(score.feedback), .decimal(score.reusability),
      .decimal(score.complexity), .decimal(score.novelty), .text(score.tier.name),
      .decimal(score.confidence), .offsets(row.evidence.first), Cell(row.evidence.last),
      Cell(row.evidence.count),
    ]
  }
}

/// `values/daily`: what a day's interactions of a stream and a model were worth.
struct DailyAnswer: AnswerTable {
  let name = "values/daily"
  let key = ["day", "stream", "model"]
  let columns = [
    Column("day", .text), Column("stream", .text), Column("model", .text),
    Column("count", .integer), Column("mean_score", .real), Column("high_value", .integer),
    Column("learning_rate", .real), Column("reused", .integer), Column("reuse_rate", .real),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    // Rows whose models are alike for long wait until all of them are there, and can be ordered.
    var held: [(key: DailyKey, row: DailyRow)] = []
    var isOpen = true
    let daily = try tables.keyed(TableName.daily, key: DailyKey.self, row: DailyRow.self)
    try daily.forEach { key, row throws(TableError) in
      if let last = held.last, !key.isHashed(like: last.key) {
        isOpen = try give(&held, body)
      }
      held.append((key, row))
      return isOpen
    }
    if isOpen { _ = try give(&held, body) }
  }

  /// Gives rows of a day and a stream by their models.
  private func give(
    _ rows: inout [(key: DailyKey, row: DailyRow)], _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> Bool {
    if rows.count > 1 {
      rows.sort { ($0.row.model ?? "").utf8.lexicographicallyPrecedes(($1.row.model ?? "").utf8) }
    }
    for (key, row) in rows { if try !body(cells(key, row)) { return false } }
    rows.removeAll(keepingCapacity: true)
    return true
  }

  private func cells(_ key: DailyKey, _ row: DailyRow) -> [Cell] {
    let count = Double(row.count)
    return [
      .text("\(CivilDate(day: key.day))"), .text(key.stream.name), Cell(row.model),
      Cell(row.count), Cell(Double(row.scoreSum.limbs.low) / (1e9 * count)), Cell(row.highValue),
      Cell(Double(row.highValue) / count), Cell(row.reused), Cell(Double(row.reused) / count),
    ]
  }
}

/// `values/histogram`: how the scores spread; all ten rows, always.
struct HistogramAnswer: AnswerTable {
  let name = "values/histogram"
  let key = ["bucket"]
  let columns = [Column("bucket", .integer), Column("count", .integer), Column("share", .real)]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let histogram = try tables.keyed(
      TableName.histogram, key: UInt64.self, row: HistogramRow.self)
    var counts = [UInt64](repeating: 0, count: Int(Histogram.bucketCount))
    try histogram.forEach { bucket, row in
      if bucket < Histogram.bucketCount { counts[Int(bucket)] = row.count }
      return true
    }
    let total = Double(counts.reduce(0, &+))
    for (bucket, count) in counts.enumerated() {
      let share = Double(count) / total
      if try !body([.integer(Int64(bucket)), Cell(count), Cell(share)]) { return }
    }
  }
}
