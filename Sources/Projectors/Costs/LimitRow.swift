internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// A limit of an agent, as it was last told.
struct LimitRow: Row {
  var agent: String?
  var window = ""
  var used: FixedPoint?
  var resetsAt: Timestamp?
  var isReached = false
  var toldAt = Timestamp(nanoseconds: .min)
  var isToldAtInferred = false
  var reachedAt: Timestamp?
  var isReachedAtInferred = false
  var evidence = Evidence()

  static let table = StoredTable<TextKey, LimitRow>("limits", residentMax: 1 << 10)

  init() {}

  init(_ agent: String?, _ window: String) {
    self.agent = agent
    self.window = window
  }

  /// Takes what is told of it; what was told for a later time stays.
  mutating func take(_ limit: LimitState, _ context: CallContext, _ event: EventID) {
    let time = context.time
    if limit.isReached, reachedAt.map({ $0 <= time }) ?? true {
      (reachedAt, isReachedAtInferred) = (time, context.isTimeInferred)
    }
    evidence.add(event.offset)
    if time < toldAt { return }
    (toldAt, isToldAtInferred) = (time, context.isTimeInferred)
    used = limit.usedPercent ?? used
    resetsAt = limit.resetsAt ?? resetsAt
    isReached = limit.isReached
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout LimitRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("agent", &row.agent, "The agent that told of it; null: not told.")
    try visit.key("window", &row.window, "The limit: its name, or how long it counts.")
    try visit.column("used", &row.used, unit: .percent, "How much of it was used; null: not told.")
    try visit.column("resets_at", &row.resetsAt, "When it begins anew; null: not told.")
    try visit.column("reached", &row.isReached, "Whether it was reached when it was last told.")
    try visit.column("reached_at", &row.reachedAt, "When it was last told to be reached.")
    try visit.column(
      "is_reached_at_inferred", &row.isReachedAtInferred, "Whether no line says that time.")
    try visit.column("told_at", &row.toldAt, "When this was told.")
    try visit.column(
      "is_told_at_inferred", &row.isToldAtInferred, "Whether no line says that time.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "costs/limits", "How much of an agent's limits is used, as it was last told.", of: table,
    key: { TextKey($0[0], $0[1]) }
  ).showing(first: "used", "resets_at", "reached", "told_at")
}
