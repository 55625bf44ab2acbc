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
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let moments = try moments(tables)
    for pair in Self.pairs {
      let sums = Self.sums(pair, moments)
      guard sums.count > 0 else { continue }
      let cells: [Cell] = [
        .text(Metric.paired[pair.x].name), .text(Metric.paired[pair.y].name),
        .integer(Int64(clamping: sums.count)), Cell(sums.correlation),
      ]
      if try !body(cells) { return }
    }
  }

  func moments(_ tables: any ViewReader) throws(TableError) -> [MomentRow] {
    var moments: [MomentRow] = []
    try tables.read(CorrelationTables.moments).forEach { _, row in
      moments.append(row)
      return true
    }
    return moments
  }

  static func sums(_ pair: (x: Int, y: Int), _ moments: [MomentRow]) -> PairSums {
    var sums = PairSums()
    for row in moments { row.add(pair.x, pair.y, to: &sums) }
    return sums
  }

  /// Each two places in `Metric.paired`, the lower first, in the order of their names.
  static let pairs: [(x: Int, y: Int)] = {
    let places = Array(Metric.paired.indices)
    let pairs = places.flatMap { x in places.filter { $0 > x }.map { (x: x, y: $0) } }
    return pairs.sorted { left, right in
      (Metric.paired[left.x].name, Metric.paired[left.y].name)
        < (Metric.paired[right.x].name, Metric.paired[right.y].name)
    }
  }()
}
