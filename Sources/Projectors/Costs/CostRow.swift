internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// What the calls of an hour, a model, a project and an agent read, wrote and cost.
struct CostRow: Row {
  var hour = Timestamp(nanoseconds: 0)
  var model: String?
  var project: String?
  var agent: String?
  var totals = CallTotals()
  /// Written to a cache for an hour.
  var longCacheWrite = Count()
  var retryCost = MoneySum()
  /// Calls whose time no line says.
  var inferred = Count()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, CostRow>("hours", residentMax: 1 << 14)

  init() {}

  init(of call: ModelCall) {
    hour = call.context.time.hourStart
    model = call.model
    project = call.context.project
    agent = call.context.agent
  }

  var key: TextKey { TextKey("\(hour)", model, project, agent) }

  /// Whether nothing is left of it: all that it counted turned out to belong to other rows.
  private var isEmpty: Bool { totals == CallTotals() }

  mutating func add(_ call: ModelCall) {
    totals.add(call)
    longCacheWrite += call.usage.longCacheWrite ?? 0
    if call.isRetry, let cost = call.cost { retryCost.add(cost) }
    if call.context.isTimeInferred { inferred += 1 }
  }

  mutating func subtract(_ call: ModelCall) {
    totals.subtract(call)
    longCacheWrite -= call.usage.longCacheWrite ?? 0
    if call.isRetry, let cost = call.cost { retryCost.subtract(cost) }
    if call.context.isTimeInferred { inferred -= 1 }
  }

  /// Nil where nothing was read.
  private var cacheHitRate: Double? {
    let cached = totals.tokensCacheRead.value
    let read = totals.tokensInput.value &+ cached &+ totals.tokensCacheWrite.value
    return read == 0 ? nil : Double(cached) / Double(read)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout CostRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("hour", &row.hour, "The start of the hour, UTC, in which the calls began.")
    try visit.key("model", &row.model, "The model that was called; null: not told.")
    try visit.key("project", &row.project, "The project that it was called for; null: not told.")
    try visit.key("agent", &row.agent, "The agent that called it; null: none, or not told.")
    try visit.hidden("inferred", &row.inferred)
    visit.derived("is_hour_inferred", "Whether no line says the time of some of the calls.") {
      row.inferred.value > 0
    }
    try CallTotals.columns(&row.totals, &visit)
    try visit.column(
      "tokens_cache_write_1h", &row.longCacheWrite, unit: .tokens,
      "Of tokens_cache_write, those that are kept for an hour; the others are for five minutes.")
    visit.derived(
      "cache_hit_rate", unit: .fraction,
      rule: "tokens_cache_read / (tokens_input + tokens_cache_read + tokens_cache_write)"
    ) { row.cacheHitRate }
    try visit.hidden("retry_cost", &row.retryCost)
    visit.derived(
      "retry_cost_usd", unit: .usd,
      rule:
        "calls between a tool's failure and its being tried again with the same input in the turn"
    ) { row.retryCost.total.dollars }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "costs",
    """
    What calls of models read, wrote and cost, by hour, model, project and agent. A call counts in \
    the hour in which it was first told of, with what was last told of it.
    """,
    of: table, where: { !$0.isEmpty },
    key: { TextKey($0[0], $0[1], $0[2], $0[3]) }
  ).showing(
    first: "cost_usd", "model_calls", "tokens_input", "tokens_output", "cost_basis",
    "cache_hit_rate"
  ).counting(modelCalls: { row, call in
    call.context.time.hourStart == Timestamp(parsing: row["hour"].plainText)
      && call.model == row["model"].text && call.context.project == row["project"].text
      && call.context.agent == row["agent"].text
  }).explained { explanation, row, tables, _ throws(TableError) in
    let names = ["model", "project", "agent"].map { row[$0].text }
    let key = TextKey(row["hour"].plainText, names[0], names[1], names[2])
    guard let kept = try tables.read(table).row(key) else { return }
    for basis in CostBasis.allCases.reversed() where kept.totals.bases[basis] > 0 {
      explanation.add(
        Input("calls_\(basis.name)", Cell(kept.totals.bases[basis])), to: "cost_basis")
    }
  }
}
