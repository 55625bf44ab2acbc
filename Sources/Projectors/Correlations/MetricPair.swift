internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Two metrics that some sample has both of, and how they go together: computed from the sums kept.
struct MetricPair: Row {
  /// Places in `Metric.paired`, the lower first.
  var x = 0
  var y = 1
  var sums = PairSums()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricPair, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("x", isKey: true, "The first metric.") { Metric.paired[row.x].name }
    visit.derived("y", isKey: true, "The second.") { Metric.paired[row.y].name }
    visit.derived("n", "Interactions that have both.") { row.sums.count }
    visit.derived(
      "r", "Pearson's correlation; null where one does not vary.",
      rule: "(n·Σxy − Σx·Σy) / √((n·Σx² − (Σx)²) × (n·Σy² − (Σy)²))"
    ) { row.sums.correlation }
  }

  static let answer = Answer<MetricPair>(
    "correlations/pairs",
    """
    Which metrics rise and fall together, over all scored interactions that have both. Counts, sums and sums of products are kept exactly; a \
    late event takes its sample back and adds it anew.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in try all(tables).first { RowKey($0.names) == key } }
  ).showing(first: "r").touched { subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    let measures = Measures(interaction)
    return try all(tables).filter {
      measures.has(Metric.paired[$0.x]) && measures.has(Metric.paired[$0.y])
    }
  }.explained { explanation, shown, tables, _ throws(TableError) in
    let key = [shown["x"].text ?? "", shown["y"].text ?? ""]
    guard let row = try all(tables).first(where: { $0.names == key }) else { return }
    let sums = row.sums
    explanation.set(
      Figure(
        "r", shown["r"], "(n·Σxy − Σx·Σy) / √((n·Σx² − (Σx)²) × (n·Σy² − (Σy)²)) (Pearson)",
        [
          Input("n", shown["n"]), Input("Σx", Cell(Double(sums.x) / 1e9)),
          Input("Σy", Cell(Double(sums.y) / 1e9)),
          Input("Σx²", Cell(sums.xx.doubleValue / 1e18)),
          Input("Σy²", Cell(sums.yy.doubleValue / 1e18)),
          Input("Σxy", Cell(sums.xy.doubleValue / 1e18)),
        ]))
    explanation.offsets = Array(sums.offsets.sorted().prefix(Evidence.keptMax))
    explanation.offsetCount = sums.count
  }

  private var names: [String] { [Metric.paired[x].name, Metric.paired[y].name] }

  /// All pairs that have samples, in the order of their names.
  private static func all(_ tables: any ViewReader) throws(TableError) -> [MetricPair] {
    var moments: [MomentRow] = []
    try tables.read(MomentRow.table).forEach { _, row in
      moments.append(row)
      return true
    }
    var rows: [MetricPair] = []
    for x in Metric.paired.indices {
      for y in Metric.paired.indices where y > x {
        var row = MetricPair(x: x, y: y)
        for moment in moments { moment.add(x, y, to: &row.sums) }
        if row.sums.count > 0 { rows.append(row) }
      }
    }
    return rows.sorted { $0.names.lexicographicallyPrecedes($1.names) }
  }
}
