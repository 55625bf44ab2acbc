internal import Bytes
internal import Events
internal import Views

/// `correlations/strategies`: how often each strategy succeeds, and how sure that is. What is no
/// success counts as a failure, as in the metric `success`.
struct StrategiesAnswer: AnswerTable {
  let name = "correlations/strategies"
  let key = ["strategy"]
  let columns = [
    Column("strategy", .text), Column("successes", .integer), Column("failures", .integer),
    Column("mean", .real), Column("ci_low", .real), Column("ci_high", .real),
    Column("offsets", .offsets), Column("last_offset", .integer), Column("offset_count", .integer),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    var rows: [LevelRow] = []
    try tables.read(CorrelationTables.levels).forEach { key, row in
      if key.factor == Factor.strategy.rawValue, row.offsets.count > 0 { rows.append(row) }
      return true
    }
    for row in rows.sorted(by: { isBefore($0.level, $1.level) }) {
      let sums = row.metrics[.success]
      let successes = UInt64(clamping: sums.sum / Int128(FixedPoint.one.units))
      let failures = sums.count - min(successes, sums.count)
      let interval = BetaInterval(successes: successes, failures: failures)
      let cells: [Cell] = [
        .text(row.level), .integer(Int64(clamping: successes)),
        .integer(Int64(clamping: failures)), Cell(interval.mean), Cell(interval.low),
        Cell(interval.high),
      ]
      if try !body(cells + evidenceCells(row.offsets)) { return }
    }
  }
}
