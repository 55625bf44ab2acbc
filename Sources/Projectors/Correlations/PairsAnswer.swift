internal import Bytes
internal import Events
internal import Views

/// `correlations/pairs`: a row for each two metrics that some sample has both of.
struct PairsAnswer: AnswerTable {
  let name = "correlations/pairs"
  let key = ["x", "y"]
  let columns = [
    Column("x", .text), Column("y", .text), Column("n", .integer), Column("r", .real),
  ]

  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    var moments: [MomentRow] = []
    try CorrelationTables.moments(tables, isCounted: false).forEach { _, row in
      moments.append(row)
      return true
    }
    for pair in Self.pairs {
      var sums = PairSums()
      for row in moments { row.add(pair.x, pair.y, to: &sums) }
      guard sums.count > 0 else { continue }
      let cells: [Cell] = [
        .text(Metric.paired[pair.x].name), .text(Metric.paired[pair.y].name),
        .integer(Int64(clamping: sums.count)), Cell(sums.correlation),
      ]
      if try !body(cells) { return }
    }
  }

  /// Each two places in `Metric.paired`, the lower first, in the order of their names.
  private static let pairs: [(x: Int, y: Int)] = {
    let places = Array(Metric.paired.indices)
    let pairs = places.flatMap { x in places.filter { $0 > x }.map { (x: x, y: $0) } }
    return pairs.sorted { left, right in
      (Metric.paired[left.x].name, Metric.paired[left.y].name)
        < (Metric.paired[right.x].name, Metric.paired[right.y].name)
    }
  }()
}
