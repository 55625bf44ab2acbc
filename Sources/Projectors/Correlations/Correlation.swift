internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A level of a factor held against the others, by one metric: computed from the sums that are
/// kept.
struct Correlation: Row {
  var factor = Factor.stream
  var level = ""
  var metric = Metric.success
  var with = MetricSums()
  var without = MetricSums()
  var welch = Welch(with: MetricSums(), without: MetricSums())
  /// The samples at the level, whether they have the metric or not.
  var samples = SampleOffsets()
  /// The greatest p of all rows that is not taken for chance; nil when there is none.
  var threshold: Double?

  /// Both sides need this many samples before anyone should act on it.
  static let samplesNeeded: UInt64 = 30
  static let effectNeeded = 0.2
  static let falseDiscoveryRate = 0.01

  init() {}

  init(_ metric: Metric, _ factor: Factor, _ row: LevelRow, among all: MetricTable) {
    self.factor = factor
    level = row.level
    self.metric = metric
    with = row.metrics[metric]
    without = all[metric] - with
    welch = Welch(with: with, without: without)
    samples = row.offsets
  }

  /// Whether its p is not taken for chance, of as many as there are.
  var isKept: Bool {
    guard let threshold, let p = welch.p else { return false }
    return p <= threshold
  }

  var isActionable: Bool {
    isKept && with.count >= Self.samplesNeeded && without.count >= Self.samplesNeeded
      && (welch.isConstantApart || (welch.cohensD?.magnitude ?? 0) >= Self.effectNeeded)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Correlation, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived(
      "factor", isKey: true,
      """
      What the samples are divided by: \(Factor.names). Of each the first \(Factor.levelsMax) levels are \
      kept.
      """
    ) { row.factor.name }
    visit.derived(
      "level", isKey: true,
      """
      Its value; of iterations 1, 2-3, 4-5 or 6+, of hour that of the day, UTC, of tool each that was \
      used, of complexity its word, or that of a number: to \(StatedComplexity.bounds.simple) simple, to \
      \(StatedComplexity.bounds.moderate) moderate, to \(StatedComplexity.bounds.complex) complex, else \
      very_complex.
      """
    ) { row.level }
    visit.derived(
      "metric", isKey: true,
      """
      What is compared: success (1, or 0 for failure; what is partial has none), value (the score), or \
      what the lines say in \(Metric.compared.dropFirst(2).map(\.name).joined(separator: ", ")).
      """
    ) { row.metric.name }
    visit.derived("n_with", "Samples at the level that have the metric.") { row.with.count }
    visit.derived("n_without", "Samples at other levels that have it.") { row.without.count }
    visit.derived(
      "mean_with", "Mean at the level, in the unit of the metric.", rule: "sum_with / n_with"
    ) { row.welch.meanWith }
    visit.derived(
      "mean_without", "Mean at the others, in the unit of the metric.",
      rule: "sum_without / n_without"
    ) { row.welch.meanWithout }
    visit.derived(
      "difference", "In the unit of the metric.", rule: "mean_with − mean_without"
    ) { row.welch.difference }
    visit.derived(
      "relative_change", unit: .fraction, "Null when mean_without is 0.",
      rule: "difference / |mean_without|"
    ) { row.welch.relativeChange }
    visit.derived(
      "t", "Welch's t; null where both sides are constant, or one has fewer than two samples.",
      rule: "difference / √(a + b), a and b as for df"
    ) { row.welch.t }
    visit.derived(
      "df", "Degrees of freedom, after Welch and Satterthwaite (1946).",
      rule: """
        (a + b)² / (a² / (n_with − 1) + b² / (n_without − 1)), where a = variance_with / n_with and \
        b = variance_without / n_without
        """
    ) { row.welch.df }
    visit.derived(
      "p_value", "Two-sided; null where t is, but for sides that are constant and differ: there 0.",
      rule: "the chance that Student's t with df degrees of freedom lies at least as far from 0"
    ) { row.welch.p }
    visit.derived(
      "ci_low", "Lower end of the 95 % interval of the difference, in the unit of the metric.",
      rule: "difference − t_95 × √(a + b): t_95 is Student's t that 95 % lie within, at df"
    ) { row.welch.ciLow }
    visit.derived("ci_high", "Upper end.", rule: "difference + t_95 × √(a + b)") {
      row.welch.ciHigh
    }
    visit.derived(
      "cohens_d", "The difference in pooled standard deviations.",
      rule: """
        difference / pooled_deviation, which is √(((n_with − 1) × variance_with + (n_without − 1) × \
        variance_without) / (n_with + n_without − 2))
        """
    ) { row.welch.cohensD }
    visit.derived(
      "correlation_type", "What is better at the level; null: nothing, or worse.",
      rule: """
        by metric and difference: quality_improvement when success or value is higher, speed_increase \
        when latency_ms is lower, cost_reduction when cost_usd, tokens or iterations are
        """
    ) { row.welch.difference.flatMap(row.metric.gain) }
    visit.derived(
      "actionable", "Whether anyone should act on it.",
      rule: """
        n_with and n_without ≥ \(samplesNeeded), p_value kept by Benjamini and Hochberg at a rate of \
        \(falseDiscoveryRate) over all rows that have one, and |cohens_d| ≥ \(effectNeeded) (or both \
        sides are constant and differ)
        """
    ) { row.isActionable }
    visit.samples(row.samples)
  }

  static let answer = Answer<Correlation>(
    "correlations",
    """
    What goes with more of a metric, or less. Every scored interaction is a sample. With are those at this level that have the metric; without \
    are those whose factor is known and another (of a tool: all others, whatever tools they used). \
    Counts, sums and sums of squares are kept exactly, and a late event takes its sample back and adds \
    it anew; the rest is computed from them when asked. Two groups are compared as Welch (1947) does.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(tables).first { RowKey([$0.factor.name, $0.level, $0.metric.name]) == key }
    }
  ).showing(first: "p_value", "difference", "actionable", "cohens_d").touched {
    subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    let sample = Sample(interaction)
    return try all(tables).filter { row in
      sample.measures.has(row.metric)
        && sample.levels.contains { $0.factor == row.factor && $0.hash == Hash128(of: row.level) }
    }
  }.explained { explanation, shown, tables, _ throws(TableError) in
    let rows = try all(tables)
    let key = ["factor", "level", "metric"].map { shown[$0].text ?? "" }
    guard let row = rows.first(where: { [$0.factor.name, $0.level, $0.metric.name] == key })
    else { return }
    explanation.rule += " \(row.metric.meaning)"
    row.explainSides(&explanation, shown)
    row.explainVerdict(&explanation, shown, among: rows)
  }

  /// All rows, in the order of the bytes of factor, level and metric.
  static func all(_ tables: any ViewReader) throws(TableError) -> [Correlation] {
    var levels: [(factor: Factor, row: LevelRow)] = []
    var sums = [MetricTable](repeating: MetricTable(), count: Factor.allCases.count)
    try tables.read(LevelRow.table).forEach { key, row throws(TableError) in
      guard let factor = Factor(rawValue: key.factor), row.offsets.count > 0 else { return true }
      levels.append((factor, row))
      sums[Int(factor.rawValue)] += row.metrics
      return true
    }
    // A sample has one tool, many or none: the others are all samples. Each has one stream.
    sums[Int(Factor.tool.rawValue)] = sums[Int(Factor.stream.rawValue)]
    try tables.read(OthersRow.table).forEach { key, row throws(TableError) in
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
    var rows: [Correlation] = []
    for (factor, row) in levels {
      let all = sums[Int(factor.rawValue)]
      for metric in metrics where row.metrics[metric].count > 0 {
        rows.append(Correlation(metric, factor, row, among: all))
      }
    }
    // After Benjamini and Hochberg, over all rows that have a p.
    let threshold = FalseDiscovery.threshold(
      rows.compactMap(\.welch.p), rate: Self.falseDiscoveryRate)
    for index in rows.indices { rows[index].threshold = threshold }
    return rows
  }

  // MARK: What the declaration does not tell

  private func explainSides(_ explanation: inout Explanation, _ row: AnswerRow) {
    explanation.add(Input("samples at this level", row["offset_count"]), to: "n_with")
    for (side, sums) in [("with", with), ("without", without)] {
      let n = Input("n_\(side)", row["n_\(side)"])
      explanation.add(Input("sum_\(side)", Cell(Double(sums.sum) / 1e9)), to: "mean_\(side)")
      explanation.set(
        Figure(
          "variance_\(side)", Cell(sums.variance),
          "the sum of (x − mean_\(side))² over (n_\(side) − 1); null below two samples",
          [Input("sum_of_squared_deviations", Cell(sums.deviations)), n]))
    }
    let variances = [
      Input("variance_with", Cell(with.variance)),
      Input("variance_without", Cell(without.variance)),
    ]
    let error = Input("standard_error", Cell(welch.standardError))
    explanation.set(
      Figure(
        "standard_error", error.value, "√(variance_with / n_with + variance_without / n_without)",
        variances + [Input("n_with", row["n_with"]), Input("n_without", row["n_without"])]))
    explanation.add(error, to: "t")
    for name in ["df", "cohens_d"] { for input in variances { explanation.add(input, to: name) } }
    for name in ["ci_low", "ci_high"] {
      explanation.add(Input("t_95", Cell(welch.halfWidth)), error, to: name)
    }
    explanation.add(Input("pooled_deviation", Cell(welch.pooledDeviation)), to: "cohens_d")
  }

  private func explainVerdict(
    _ explanation: inout Explanation, _ row: AnswerRow, among rows: [Correlation]
  ) {
    let pValues = rows.compactMap(\.welch.p)
    let rank = welch.p.map { p in pValues.count { $0 <= p } }
    let bound = rank.map { Self.falseDiscoveryRate * Double($0) / Double(pValues.count) }
    explanation.set(
      Figure(
        "kept_by_benjamini_hochberg", .bool(isKept),
        "p_value ≤ p_threshold: the greatest p of all rows that is at most its own bound, which is "
          + "rate × rank / rows (its rank by p, ties taking the last)",
        [
          Input("p_value", row["p_value"]), Input("rate", .real(Self.falseDiscoveryRate)),
          Input("rank", rank.map { .integer(Int64($0)) } ?? .null),
          Input("rows", .integer(Int64(pValues.count))), Input("bound", Cell(bound)),
          Input("p_threshold", Cell(threshold)),
        ]))
    explanation.add(
      Input("samples_needed", Cell(Self.samplesNeeded)),
      Input("kept_by_benjamini_hochberg", .bool(isKept)),
      Input("effect_needed", .real(Self.effectNeeded)), to: "actionable")
  }
}

extension ColumnVisitor {
  /// The columns that name the samples a row stands on.
  mutating func samples(_ samples: @autoclosure () -> SampleOffsets) {
    derived(
      "offsets",
      "The samples at the level, with the metric or without, the first \(SampleOffsets.keptMax)."
    ) { samples().kept }
    derived("last_offset", "The last of them that is known.") { samples().last }
    derived("offset_count", "How many they are.") { samples().count }
  }
}

extension Metric {
  /// What its numbers are, in a sentence.
  fileprivate var meaning: String {
    switch self {
    case .success: "The metric is 1 for success, 0 for failure; what is partial has none."
    case .value: "The metric is the score."
    default: "The metric is the field \(name)."
    }
  }
}

extension MetricSums {
  /// Σ(x − mean)², in the metric's own unit, squared.
  fileprivate var deviations: Double? {
    count == 0 ? nil : spread.doubleValue / (Double(count) * 1e18)
  }
}

extension Measures {
  func has(_ metric: Metric) -> Bool { present & (1 << UInt16(metric.rawValue)) != 0 }
}

/// The order of texts by their bytes.
func isBefore(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
