import Bytes
import Events
package import Facts
import Projection
package import Views

/// Folds facts into what each interaction was worth, day by day and tenth by tenth.
///
/// It keeps a row an interaction: on disk about 120 bytes, with a prompt of a few hundred; in memory,
/// about 0.3 KB and its texts, only those that changed since the last checkpoint (at most one for
/// each of 2^18 events) and 2^14 more. A row a day, stream and model takes about 0.2 KB, of which
/// 2^16 stay in memory. The histogram is ten rows. An answer streams: it holds one row at a time, of
/// models that begin alike for 400 bytes those of a day and a stream.
package final class ValuesProjector: Projector {
  package static let view = "values"
  package static let version: UInt32 = 1
  package static let usesFacts = true
  package static let answers: [any AnswerTable] = [
    ValuesAnswer(), DailyAnswer(), HistogramAnswer(),
  ]

  private let values: ChunkedTable<ValueRow>
  private let daily: KeyedTable<DailyKey, DailyRow>
  private let histogram: KeyedTable<UInt64, HistogramRow>

  package init(tables: TableSet) throws(TableError) {
    values = try tables.chunked(TableName.values, row: ValueRow.self)
    daily = try tables.keyed(
      TableName.daily, key: DailyKey.self, row: DailyRow.self, residentMax: 1 << 16)
    histogram = try tables.keyed(TableName.histogram, key: UInt64.self, row: HistogramRow.self)
  }

  package func apply(_ batch: FoldBatch) throws(FoldError) {
    for fact in batch.facts {
      do throws(TableError) {
        if fact.before == nil, fact.after.number != values.count {
          throw TableError(
            table: Self.view,
            reason: "interaction \(fact.after.number) comes when there are \(values.count)")
        }
        try apply(fact)
      } catch {
        throw FoldError(at: fact.offset, error)
      }
    }
  }

  private func apply(_ fact: Fact) throws(TableError) {
    let after = fact.after
    let row = ValueRow(after)
    guard let before = fact.before else {
      try values.append(row)
      try count(after)
      return
    }
    try values.change(after.number) { $0 = row }
    if before.countsAs(after) { return }
    try discount(before)
    try count(after)
  }

  private func count(_ interaction: Interaction) throws(TableError) {
    try daily.change(DailyKey(interaction)) { row in
      var counted = row ?? DailyRow(model: interaction.fields.text(.model))
      counted.add(interaction)
      row = counted
    }
    try histogram.change(Histogram.bucket(interaction.score.total)) { row in
      row = HistogramRow(count: (row?.count ?? 0) &+ 1)
    }
  }

  /// Takes back what was counted; a row that counts nothing is gone.
  private func discount(_ interaction: Interaction) throws(TableError) {
    try daily.change(DailyKey(interaction)) { row in
      row?.subtract(interaction)
      if row?.count == 0 { row = nil }
    }
    try histogram.change(Histogram.bucket(interaction.score.total)) { row in
      let count = (row?.count ?? 1) &- 1
      row = count == 0 ? nil : HistogramRow(count: count)
    }
  }
}

/// The names of the tables within the view.
enum TableName {
  static let values = "values"
  static let daily = "daily"
  static let histogram = "histogram"
}

extension Interaction {
  /// Whether the other one counts as this one does, by day and by tenth.
  fileprivate func countsAs(_ other: Interaction) -> Bool {
    score.total == other.score.total && score.tier == other.score.tier
      && score.reusability == other.score.reusability
      && fields.text(.model).map { Hash128(of: $0) }
        == other.fields.text(.model).map { Hash128(of: $0) }
  }
}
