internal import Bytes
internal import Events
public import Facts
public import Projection
public import Tables
public import Views

/// Folds facts into what each interaction was worth, day by day and tenth by tenth.
///
/// It keeps a row an interaction: on disk about 120 bytes, with a prompt of a few hundred; in
/// memory, about 0.3 KB and its texts, only those that changed since the last checkpoint (at most
/// one for each of 2^18 events) and 2^14 more. A row a day, stream and model takes about 0.2 KB, of
/// which 2^16 stay in memory, as 2^14 do of the parts of the quality and of minutes in which feedback was
/// ignored. The histogram is ten rows. An answer streams: it holds one row at a
/// time, of models that begin alike for 400 bytes those of a day and a stream.
public final class ValuesProjector: Projector {
  public static let view = View(
    "values", version: 7, "What each interaction was worth.", needs: .facts,
    tables: [
      InteractionValue.answer, Daily.answer, Histogram.answer, Quality.answer, Ignored.answer,
    ])

  private let values: ChunkedTable<InteractionValue>
  private let daily: KeyedTable<DailyKey, Daily>
  private let histogram: KeyedTable<UInt64, BucketCount>
  private let qualities: KeyedTable<EventID, Quality>
  private let ignored: KeyedTable<TextKey, Ignored>

  public init(tables: FoldTables) throws(TableError) {
    values = try tables.open(InteractionValue.table)
    daily = try tables.open(Daily.table)
    histogram = try tables.open(Histogram.table)
    qualities = try tables.open(Quality.table)
    ignored = try tables.open(Ignored.table)
  }

  public func apply(_ batch: FoldBatch) throws(FoldError) {
    for fact in batch.facts {
      do throws(TableError) { try fold(fact) } catch {
        throw FoldError(at: fact.event.offset, error)
      }
    }
    for event in batch.ignoredFeedback {
      do throws(TableError) { try count(event) } catch {
        throw FoldError(at: event.event.offset, error)
      }
    }
  }

  private func fold(_ fact: borrowing Fact) throws(TableError) {
    let after = fact.after
    try assess(after)
    guard let before = fact.before else {
      if after.number != values.count {
        throw TableError(
          table: Self.view.name,
          reason: "interaction \(after.number) comes when there are \(values.count)")
      }
      try values.append(InteractionValue(after))
      try count(after)
      return
    }
    try values.change(after.number) { $0 = InteractionValue(after) }
    if before.countsAs(after) { return }
    try discount(before)
    try count(after)
  }

  /// Only where something of the profile `quality` is given.
  private func assess(_ interaction: Interaction) throws(TableError) {
    guard let parts = QualityParts(interaction.fields, interaction.feedback) else { return }
    try qualities.put(interaction.event, Quality(interaction, parts))
  }

  private func count(_ event: IgnoredFeedback) throws(TableError) {
    let row = Ignored(event)
    try ignored.change(row.key) { slot in
      var row = slot.take() ?? row
      row.count += 1
      if event.isTimeInferred { row.isMinuteInferred = true }
      row.evidence.add(event.event.offset)
      slot = row
    }
  }

  private func count(_ interaction: Interaction) throws(TableError) {
    try daily.change(DailyKey(interaction)) { row in
      var counted = row.take() ?? Daily(of: interaction)
      counted.add(interaction)
      row = counted
    }
    try histogram.change(Histogram.bucket(interaction.score.total)) { row in
      row = BucketCount(count: (row?.count ?? 0) &+ 1)
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
      row = count == 0 ? nil : BucketCount(count: count)
    }
  }
}

extension Interaction {
  /// Whether the other one counts as this one does, by day and by tenth.
  fileprivate func countsAs(_ other: Interaction) -> Bool {
    score.total == other.score.total && score.tier == other.score.tier
      && score.reusability == other.score.reusability && isReused == other.isReused
      && fields.text(.model).map { Hash128(of: $0) }
        == other.fields.text(.model).map { Hash128(of: $0) }
  }
}
