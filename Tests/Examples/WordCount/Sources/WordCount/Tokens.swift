import Events
import Facts
import Projection
import Tables
import Views

/// What calls of a model read and wrote in an hour.
struct HourTokens: Row {
  var hour = Timestamp(nanoseconds: 0)
  var model: String?
  /// The columns of what calls come to: calls, tokens by kind, dollars.
  var calls = CallTotals()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, HourTokens>("hours")

  init() {}

  init(of call: ModelCall) {
    hour = call.context.time.hourStart
    model = call.model
  }

  /// A key is made of the texts that its columns are printed as.
  var key: TextKey { TextKey("\(hour)", model) }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout HourTokens, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("hour", &row.hour, "The hour, UTC.")
    try visit.key("model", &row.model, "The model; null: not told.")
    try CallTotals.columns(&row.calls, &visit)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "tokens", "What models read and wrote, by hour and model.", of: table,
    key: { TextKey($0[0], $0[1]) }
  ).counting(modelCalls: { row, call in
    "\(HourTokens(of: call).hour)" == row["hour"].plainText && call.model == row["model"].text
  })
}

/// Adds up calls of models by the hour. A call is told of line by line, and by several files: what it
/// came to before is taken back before what it came to now is added.
final class TokensProjector: EventProjector {
  static let view = View(
    "tokens", version: 1, "Tokens by hour and model.", needs: .calls, tables: [HourTokens.answer])

  private let hours: KeyedTable<TextKey, HourTokens>

  init(tables: FoldTables) throws(TableError) { hours = try tables.open(HourTokens.table) }

  func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError) {
    let offset = change.event.offset
    if let before = change.before {
      try self.change(HourTokens(of: before), offset) { $0.subtract(before) }
    }
    let after = change.after
    try self.change(HourTokens(of: after), offset) { $0.add(after) }
  }

  private func change(
    _ row: HourTokens, _ offset: Offset, _ body: (inout CallTotals) -> Void
  ) throws(TableError) {
    try hours.change(row.key) { slot in
      var row = slot.take() ?? row
      body(&row.calls)
      row.evidence.add(offset)
      slot = row
    }
  }
}
