internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// What interactions of a kind of task came to with a model, as sums, so that subtracting an
/// interaction undoes adding it.
struct ModelSums: ByteCodable, Equatable {
  var count = Count()
  var successes = Count()
  /// What is partial is neither.
  var failures = Count()
  var scoreSum = ExactSum()
  var costSum = MoneySum()
  /// Those whose cost is known.
  var costed = Count()
  /// Those that succeeded, of these.
  var costedSuccesses = Count()
  var evidence = Evidence()

  init() {}

  mutating func add(_ interaction: Interaction) {
    count += 1
    if interaction.outcome == .success { successes += 1 }
    if interaction.outcome == .failure { failures += 1 }
    scoreSum += interaction.score.total
    guard let cost = interaction.fields.number(.costUSD) else { return }
    costSum.add(Money(dollars: cost))
    costed += 1
    if interaction.outcome == .success { costedSuccesses += 1 }
  }

  mutating func subtract(_ interaction: Interaction) {
    count -= 1
    if interaction.outcome == .success { successes -= 1 }
    if interaction.outcome == .failure { failures -= 1 }
    scoreSum -= interaction.score.total
    guard let cost = interaction.fields.number(.costUSD) else { return }
    costSum.subtract(Money(dollars: cost))
    costed -= 1
    if interaction.outcome == .success { costedSuccesses -= 1 }
  }

  var successRate: Double? {
    let ended = successes.value + failures.value
    return ended == 0 ? nil : Double(successes.value) / Double(ended)
  }

  var meanScore: Double? { scoreSum.mean(of: count) }

  var meanCost: Double? {
    costed.value == 0 ? nil : costSum.total.doubleValue / Double(costed.value)
  }

  /// What was paid, also for what failed or went half-way, for each success. Nil where nothing
  /// succeeded whose cost is known.
  var costPerSuccess: Double? {
    costedSuccesses.value == 0
      ? nil : costSum.total.doubleValue / Double(costedSuccesses.value)
  }

  var valueForMoney: Double? {
    guard let score = meanScore, let cost = meanCost else { return nil }
    return score / max(ModelRow.costMin, cost)
  }

  func encode(into writer: inout ByteWriter) {
    count.encode(into: &writer)
    successes.encode(into: &writer)
    failures.encode(into: &writer)
    scoreSum.encode(into: &writer)
    costSum.encode(into: &writer)
    costed.encode(into: &writer)
    costedSuccesses.encode(into: &writer)
    evidence.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try Count(from: &reader)
    successes = try Count(from: &reader)
    failures = try Count(from: &reader)
    scoreSum = try ExactSum(from: &reader)
    costSum = try MoneySum(from: &reader)
    costed = try Count(from: &reader)
    costedSuccesses = try Count(from: &reader)
    evidence = try Evidence(from: &reader)
  }
}

/// A model at a kind of task: how good, at what cost, and whether it is the one to take.
struct ModelRow: Row {
  var taskType: String?
  var model = ""
  var sums = ModelSums()
  /// Known once all models of the kind of task are.
  var isViable = false
  var isChosen = false

  /// From this mean score on a model is good enough.
  static let scoreMin = 0.8
  /// Where none is: the part of the best score that is enough.
  static let bestPart = 0.9
  /// What is cheaper costs as much, in dollars.
  static let costMin = 0.001

  static let table = StoredTable<TextKey, ModelRow>("models", residentMax: 1 << 12)

  var key: TextKey { TextKey(taskType, model) }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ModelRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("task_type", &row.taskType, "The kind of task, as events say; null: not told.")
    try visit.key("model", &row.model, "The model that answered.")
    try visit.hidden("sums", &row.sums)
    visit.derived("n", "Interactions that came to an outcome.") { row.sums.count }
    visit.derived("mean_score", unit: .fraction, rule: "the sum of their scores / n") {
      row.sums.meanScore
    }
    visit.derived(
      "success_rate", unit: .fraction,
      rule: "those that succeeded / those that did or failed; what is partial is neither"
    ) { row.sums.successRate }
    visit.derived(
      "mean_cost_usd", unit: .usd, rule: "the sum of their costs / those whose cost is known"
    ) { row.sums.meanCost }
    visit.derived(
      "cost_per_success_usd", unit: .usd,
      rule: "the sum of the costs / the successes, of those whose cost is known"
    ) { row.sums.costPerSuccess }
    visit.derived(
      "value_for_money", "Score for a dollar.",
      rule: "mean_score / max(\(costMin), mean_cost_usd)"
    ) { row.sums.valueForMoney }
    visit.derived(
      "viable", "Whether it is good enough.",
      rule: """
        mean_score ≥ \(scoreMin); where no model of the task_type reaches that, ≥ \(bestPart) × the \
        best of them
        """
    ) { row.isViable }
    visit.derived(
      "chosen", "Whether it is the one to take.",
      rule: """
        of the viable ones of the task_type the greatest value_for_money, of equals the first by name
        """
    ) { row.isChosen }
    try visit.evidence(&row.sums.evidence)
  }

  static let answer = Answer<ModelRow>(
    "costs/models",
    """
    What models came to at a kind of task, and which of them is good enough and gives most for its \
    cost.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first { $0.key == TextKey(key[0], key[1]) }
    }
  ).touched { subject, tables throws(TableError) in
    let fields = subject.interaction?.fields
    let own = fields?.modelName.map { TextKey(fields?.text(.taskType), $0) }
    return try all(in: tables).filter { row in
      row.key == own || row.sums.evidence.first.contains(subject.offset)
    }
  }.showing(
    first: "success_rate", "cost_per_success_usd", "n", "chosen", "mean_score", "value_for_money"
  ).explained { explanation, row, tables, _ throws(TableError) in
    guard
      let kept = try tables.read(table).row(
        TextKey(row["task_type"].text, row["model"].text))?.sums
    else { return }
    explanation.add(Input("score_sum", kept.scoreSum.cell), to: "mean_score")
    explanation.add(
      Input("successes", kept.successes.cell), Input("failures", kept.failures.cell),
      to: "success_rate")
    explanation.add(Input("cost_sum_usd", kept.costSum.total.dollars.cell), to: "mean_cost_usd")
    explanation.add(Input("costs_known", kept.costed.cell), to: "mean_cost_usd")
    explanation.add(
      Input("cost_sum_usd", kept.costSum.total.dollars.cell),
      Input("successes_whose_cost_is_known", kept.costedSuccesses.cell),
      to: "cost_per_success_usd")
  }

  /// All rows in the order of their keys, held against those of their kind of task.
  private static func all(in tables: any ViewReader) throws(TableError) -> [ModelRow] {
    var rows: [ModelRow] = []
    try tables.read(table).forEach { _, row throws(TableError) in
      if row.sums.count.value > 0 { rows.append(row) }
      return true
    }
    rows.sort { $0.precedes($1) }
    var start = 0
    while start < rows.count {
      let end = rows[start...].firstIndex { $0.taskType != rows[start].taskType } ?? rows.count
      choose(&rows[start..<end])
      start = end
    }
    return rows
  }

  private static func choose(_ rows: inout ArraySlice<ModelRow>) {
    let best = rows.compactMap(\.sums.meanScore).max() ?? 0
    let needed = best >= scoreMin ? scoreMin : bestPart * best
    var chosen: (index: Int, value: Double)?
    for index in rows.indices {
      guard let score = rows[index].sums.meanScore, score >= needed else { continue }
      rows[index].isViable = true
      guard let value = rows[index].sums.valueForMoney else { continue }
      if chosen.map({ value > $0.value }) ?? true { chosen = (index, value) }
    }
    if let chosen { rows[chosen.index].isChosen = true }
  }

  private func precedes(_ other: ModelRow) -> Bool {
    if taskType != other.taskType {
      guard let taskType, let others = other.taskType else { return taskType == nil }
      return taskType.utf8.lexicographicallyPrecedes(others.utf8)
    }
    return model.utf8.lexicographicallyPrecedes(other.model.utf8)
  }
}
