internal import Events
internal import Bytes
public import Facts
public import Projection
public import Tables
public import Views

/// Folds facts into exact sums by factor, level and metric: how factors relate to success, value,
/// speed and cost, and how metrics relate to one another.
///
/// A fact subtracts its interaction as it was, and adds it as it is now. Stored are counts, sums,
/// sums of squares and of products; everything else is computed on reading.
///
/// Memory: at most 20 factors of 256 levels, about 0.8 KB each, twice (in the fold and in its
/// table), and 256 rows of 1 KB for the pairs: 9 MB, and the texts of the levels, whatever the
/// length of the log. A reader holds the rows once, and a result for each level and metric.
public final class CorrelationsProjector: Projector {
  public static let view = View(
    "correlations", version: 8, "What goes with what.", needs: .facts,
    tables: [Correlation.answer, MetricPair.answer, Strategy.answer])

  @safe @exclusivity(unchecked) private var levels: LevelStore
  @safe @exclusivity(unchecked) private var moments: MomentStore
  /// Storage for the levels of a sample, to use again.
  @safe @exclusivity(unchecked) private var storage: [Level] = []

  public init(tables: FoldTables) throws(TableError) {
    levels = try LevelStore(tables: tables)
    moments = try MomentStore(tables: tables)
  }

  public func apply(_ batch: FoldBatch) throws(FoldError) {
    guard let last = batch.facts.last else { return }
    let facts = batch.facts
    for index in facts.indices {
      // Sample by sample: a fact is large to copy.
      if let before = facts[index].before { remove(sample(before)) }
      add(sample(facts[index].after))
    }
    do throws(TableError) {
      try levels.write()
      try moments.write()
    } catch {
      throw FoldError(at: last.event.offset, error)
    }
  }

  private func add(_ sample: consuming Sample) {
    levels.add(sample)
    moments.add(sample)
    storage = sample.levels
  }

  private func remove(_ sample: consuming Sample) {
    levels.remove(sample)
    moments.remove(sample)
    storage = sample.levels
  }

  private func sample(_ interaction: borrowing Interaction) -> Sample {
    var levels: [Level] = []
    swap(&levels, &storage)
    return Sample(interaction, levels: levels)
  }
}
