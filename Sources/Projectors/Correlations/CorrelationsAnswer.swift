internal import Bytes
internal import Events
internal import Views

/// A level of a factor held against the others, by one metric.
struct Correlation: Sendable {
  /// Both sides need this many samples before anyone should act on it.
  static let samplesNeeded: UInt64 = 30
  static let effectNeeded = 0.2
  static let falseDiscoveryRate = 0.01

  let metric: Metric
  /// The place of its level in the table.
  let level: Int
  let countWith: UInt64
  let countWithout: UInt64
  let with: MetricSums
  let without: MetricSums
  let welch: Welch

  init(_ metric: Metric, of metrics: MetricTable, among all: MetricTable, level: Int) {
    let with = metrics[metric]
    let without = all[metric] - with
    self.metric = metric
    self.level = level
    countWith = with.count
    countWithout = without.count
    self.with = with
    self.without = without
    welch = Welch(with: with, without: without)
  }

  /// - Parameter threshold: the greatest p that is not taken for chance; nil when there is none.
  func isActionable(_ threshold: Double?) -> Bool {
    guard let threshold, let p = welch.p, let effect = welch.cohensD else { return false }
    return countWith >= Self.samplesNeeded && countWithout >= Self.samplesNeeded && p <= threshold
      && effect.magnitude >= Self.effectNeeded
  }
}

/// Every correlation that a view has, in the order of the bytes of factor, level and metric.
struct CorrelationTable {
  private(set) var rows: [Correlation] = []
  private(set) var levels: [(factor: Factor, row: LevelRow)] = []
  /// By Benjamini and Hochberg, over all rows that have a p.
  private(set) var threshold: Double?

  init(_ tables: any ViewReader) throws(TableError) {
    var sums = [MetricTable](repeating: MetricTable(), count: Factor.allCases.count)
    try tables.read(CorrelationTables.levels).forEach { key, row in
      guard let factor = Factor(rawValue: key.factor), row.offsets.count > 0 else { return true }
      levels.append((factor, row))
      sums[Int(factor.rawValue)] += row.metrics
      return true
    }
    // A sample has one tool, many or none: the others are all samples. Each has one stream.
    sums[Int(Factor.tool.rawValue)] = sums[Int(Factor.stream.rawValue)]
    try tables.read(CorrelationTables.others).forEach { key, row in
      if key < UInt64(sums.count), key != UInt64(Factor.tool.rawValue) {
        sums[Int(key)] += row.metrics
      }
      return true
    }
    levels.sort { left, right in
      left.factor == right.factor
        ? isBefore(left.row.level, right.row.level) : left.factor.name < right.factor.name
    }
    let metrics = Metric.compared.sorted { $0.name < $1.name }
    for (place, level) in levels.enumerated() {
      let all = sums[Int(level.factor.rawValue)]
      for metric in metrics where level.row.metrics[metric].count > 0 {
        rows.append(Correlation(metric, of: level.row.metrics, among: all, level: place))
      }
    }
    threshold = FalseDiscovery.threshold(
      rows.compactMap(\.welch.p), rate: Correlation.falseDiscoveryRate)
  }
}

/// `correlations`: a row for each level of a factor and each metric that some of its samples have.
struct CorrelationsAnswer: AnswerTable {
  let name = "correlations"
  let key = ["factor", "level", "metric"]
  let columns = [
    Column("factor", .text), Column("level", .text), Column("metric", .text),
    Column("n_with", .integer), Column("n_without", .integer), Column("mean_with", .real),
    Column("mean_without", .real), Column("difference", .real), Column("relative_change", .real),
    Column("t", .real), Column("df", .real), Column("p_value", .real), Column("ci_low", .real),
    Column("ci_high", .real), Column("cohens_d", .real), Column("correlation_type", .text),
    Column("actionable", .bool), Column("offsets", .offsets), Column("last_offset", .integer),
    Column("offset_count", .integer),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let table = try CorrelationTable(tables)
    for row in table.rows {
      if try !body(cells(row, in: table)) { return }
    }
  }

  func cells(_ row: Correlation, in table: CorrelationTable) -> [Cell] {
    let welch = row.welch
    let level = table.levels[row.level]
    return [
      .text(level.factor.name), .text(level.row.level), .text(row.metric.name),
      .integer(Int64(clamping: row.countWith)), .integer(Int64(clamping: row.countWithout)),
      Cell(welch.meanWith), Cell(welch.meanWithout), Cell(welch.difference),
      Cell(welch.relativeChange), Cell(welch.t), Cell(welch.df), Cell(welch.p), Cell(welch.ciLow),
      Cell(welch.ciHigh), Cell(welch.cohensD), Cell(welch.difference.flatMap(row.metric.gain)),
      .bool(row.isActionable(table.threshold)),
    ] + evidenceCells(level.row.offsets)
  }
}

/// `offsets`, `last_offset` and `offset_count`.
func evidenceCells(_ offsets: SampleOffsets) -> [Cell] {
  [
    .offsets(offsets.kept), offsets.last.map { Cell($0) } ?? .null,
    .integer(Int64(clamping: offsets.count)),
  ]
}

/// The order of texts by their bytes.
func isBefore(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
