internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

extension CorrelationsAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let interaction = subject.interaction else { return [] }
    let sample = Sample(interaction)
    let levels = sample.levels.map { (Cell.text($0.factor.name), Cell.text($0.text)) }
    let metrics = Metric.compared.filter(sample.measures.has).map { Cell.text($0.name) }
    return try rows(in: tables) { row in
      metrics.contains(row["metric"])
        && levels.contains { $0.0 == row["factor"] && $0.1 == row["level"] }
    }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let table = try CorrelationTable(tables)
    let names = ["factor", "level", "metric"].map { row[$0].text ?? "" }
    let found = table.rows.first { correlation in
      let level = table.levels[correlation.level]
      return level.factor.name == names[0] && level.row.level.utf8.elementsEqual(names[1].utf8)
        && correlation.metric.name == names[2]
    }
    let title = "correlations: \(names[2]) where \(names[0]) is \(names[1])"
    guard let found else { return Explanation(title: title, rule: "") }
    let isTool = names[0] == Factor.tool.name
    return Explanation(
      title: title,
      rule: """
        Every scored interaction is a sample. With are those at this level that have the metric; \
        without are \
        \(isTool ? "all others, whatever tools they used" : "those whose \(names[0]) is known and another"). \
        Counts, sums and sums of squares are kept exactly, and a late event takes its sample back \
        and adds it anew; the rest is computed from them when asked. Two groups are compared as \
        Welch (1947) does. \(Self.meaning(found.metric))
        """,
      figures: Self.sides(found, row) + Self.comparison(found, row)
        + Self.verdict(found, row, table),
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }

  private static func meaning(_ metric: Metric) -> String {
    switch metric {
    case .success: "The metric is 1 for success, 0 for failure and partial."
    case .value: "The metric is the score."
    default: "The metric is the field \(metric.name)."
    }
  }

  private static func sides(_ found: Correlation, _ row: AnswerRow) -> [Figure] {
    var figures: [Figure] = []
    for (side, sums) in [("with", found.with), ("without", found.without)] {
      let n = Input("n_\(side)", row["n_\(side)"])
      let sum = Input("sum_\(side)", Cell(Double(sums.sum) / 1e9))
      figures += [
        Figure(
          "n_\(side)", row["n_\(side)"], "of the samples on this side those that have the metric",
          side == "with" ? [Input("samples at this level", row["offset_count"])] : []),
        Figure("mean_\(side)", row["mean_\(side)"], "sum_\(side) / n_\(side)", [sum, n]),
        Figure(
          "variance_\(side)", Cell(sums.variance),
          "the sum of (x − mean_\(side))² over (n_\(side) − 1); null below two samples",
          [Input("sum_of_squared_deviations", Cell(sums.deviations)), n]),
      ]
    }
    return figures
  }

  private static func comparison(_ found: Correlation, _ row: AnswerRow) -> [Figure] {
    func input(_ name: String) -> Input { Input(name, row[name]) }
    let welch = found.welch
    let variances = [
      Input("variance_with", Cell(found.with.variance)), input("n_with"),
      Input("variance_without", Cell(found.without.variance)), input("n_without"),
    ]
    let error = Input("standard_error", Cell(welch.standardError))
    return [
      Figure(
        "difference", row["difference"], "mean_with − mean_without",
        [input("mean_with"), input("mean_without")]),
      Figure(
        "relative_change", row["relative_change"], "difference / mean_without",
        [input("difference"), input("mean_without")]),
      Figure(
        "standard_error", error.value,
        "√(variance_with / n_with + variance_without / n_without)", variances),
      Figure("t", row["t"], "difference / standard_error", [input("difference"), error]),
      Figure(
        "df", row["df"],
        "(a + b)² / (a² / (n_with − 1) + b² / (n_without − 1)), where a = variance_with / n_with "
          + "and b = variance_without / n_without (Satterthwaite 1946)", variances),
      Figure(
        "p_value", row["p_value"],
        "the chance that Student's t with df degrees of freedom lies at least as far from 0",
        [input("t"), input("df")]),
      Figure(
        "ci_low", row["ci_low"], "difference − t_95 × standard_error",
        [input("difference"), Input("t_95", Cell(welch.halfWidth)), error]),
      Figure(
        "ci_high", row["ci_high"], "difference + t_95 × standard_error",
        [input("difference"), Input("t_95", Cell(welch.halfWidth)), error]),
      Figure(
        "cohens_d", row["cohens_d"],
        "difference / pooled_deviation, which is √(((n_with − 1) × variance_with + (n_without − 1) "
          + "× variance_without) / (n_with + n_without − 2))",
        [input("difference"), Input("pooled_deviation", Cell(welch.pooledDeviation))] + variances),
    ]
  }

  private static func verdict(
    _ found: Correlation, _ row: AnswerRow, _ table: CorrelationTable
  ) -> [Figure] {
    let pValues = table.rows.compactMap(\.welch.p)
    let rank = found.welch.p.map { p in pValues.count { $0 <= p } }
    let bound = rank.map { Correlation.falseDiscoveryRate * Double($0) / Double(pValues.count) }
    let needed = Cell(Correlation.samplesNeeded)
    return [
      Figure(
        "correlation_type", row["correlation_type"],
        "quality_improvement when success or value is higher with, speed_increase when latency_ms "
          + "is lower, cost_reduction when cost_usd, tokens or iterations are; null the other way",
        [Input("metric", row["metric"]), Input("difference", row["difference"])]),
      Figure(
        "kept_by_benjamini_hochberg", .bool(isKept(found, table)),
        "p_value ≤ p_threshold: the greatest p of all rows that is at most its own bound, which is "
          + "rate × rank / rows (its rank by p, ties taking the last)",
        [
          Input("p_value", row["p_value"]), Input("rate", .real(Correlation.falseDiscoveryRate)),
          Input("rank", rank.map { .integer(Int64($0)) } ?? .null),
          Input("rows", .integer(Int64(pValues.count))), Input("bound", Cell(bound)),
          Input("p_threshold", Cell(table.threshold)),
        ]),
      Figure(
        "actionable", row["actionable"],
        "n_with and n_without ≥ samples_needed, kept_by_benjamini_hochberg, and |cohens_d| ≥ "
          + "effect_needed",
        [
          Input("n_with", row["n_with"]), Input("n_without", row["n_without"]),
          Input("samples_needed", needed),
          Input("kept_by_benjamini_hochberg", .bool(isKept(found, table))),
          Input("cohens_d", row["cohens_d"]),
          Input("effect_needed", .real(Correlation.effectNeeded)),
        ]),
    ]
  }

  private static func isKept(_ found: Correlation, _ table: CorrelationTable) -> Bool {
    guard let p = found.welch.p, let threshold = table.threshold else { return false }
    return p <= threshold
  }
}

extension MetricSums {
  /// Σ(x − mean)², in the metric's own unit, squared.
  fileprivate var deviations: Double? {
    count == 0 ? nil : spread.doubleValue / (Double(count) * 1e18)
  }
}

extension PairsAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .eventsAndFacts }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let interaction = subject.interaction else { return [] }
    let measures = Measures(interaction)
    let names = Metric.paired.filter(measures.has).map { Cell.text($0.name) }
    return try rows(in: tables) { names.contains($0["x"]) && names.contains($0["y"]) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let (x, y) = (row["x"].text ?? "", row["y"].text ?? "")
    let pair = Self.pairs.first {
      Metric.paired[$0.x].name == x && Metric.paired[$0.y].name == y
    }
    let sums = Self.sums(pair ?? (0, 0), try moments(tables))
    let members = notes.flatMap { notes in
      pair.map { MemberNotes.offsets(ofPair: $0, in: notes) }
    }
    return Explanation(
      title: "correlations/pairs: \(x) and \(y)",
      rule: """
        Over all scored interactions that have both. Counts, sums and sums of products are kept \
        exactly; a late event takes its sample back and adds it anew.
        """,
      figures: [
        Figure("n", row["n"], "interactions that have both"),
        Figure(
          "r", row["r"],
          "(n·Σxy − Σx·Σy) / √((n·Σx² − (Σx)²) × (n·Σy² − (Σy)²)) (Pearson); null where one does "
            + "not vary",
          [
            Input("n", row["n"]), Input("Σx", Cell(Double(sums.x) / 1e9)),
            Input("Σy", Cell(Double(sums.y) / 1e9)),
            Input("Σx²", Cell(sums.xx.doubleValue / 1e18)),
            Input("Σy²", Cell(sums.yy.doubleValue / 1e18)),
            Input("Σxy", Cell(sums.xy.doubleValue / 1e18)),
          ]),
      ], offsets: Array((members ?? []).prefix(Evidence.keptMax)), offsetCount: sums.count)
  }
}

extension StrategiesAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let strategy = subject.interaction?.fields.text(.strategy) else { return [] }
    return try rows(in: tables) { $0["strategy"] == .text(strategy) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let counts = [Input("successes", row["successes"]), Input("failures", row["failures"])]
    return Explanation(
      title: "correlations/strategies: \(row["strategy"].text ?? "")",
      rule: """
        Over the scored interactions with this strategy, from a flat prior: what is known of its \
        rate of success is the distribution Beta(1 + successes, 1 + failures).
        """,
      figures: [
        Figure("successes", row["successes"], "outcome success"),
        Figure("failures", row["failures"], "outcome failure or partial"),
        Figure("mean", row["mean"], "(1 + successes) / (2 + successes + failures)", counts),
        Figure("ci_low", row["ci_low"], "2.5 % of the distribution lie below", counts),
        Figure("ci_high", row["ci_high"], "2.5 % of the distribution lie above", counts),
      ],
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

extension Measures {
  fileprivate func has(_ metric: Metric) -> Bool { present & (1 << UInt8(metric.rawValue)) != 0 }
}
