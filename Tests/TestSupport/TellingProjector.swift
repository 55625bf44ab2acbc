package import Events
package import Projection
package import Tables
package import Views

/// A row of `TellingProjector`.
package struct TellingRow: Row {
  package var want = WantedEffect()
  package var question = ""

  package init() {}

  package static let table = StoredTable<TextKey, TellingRow>("wanted")
  package static func columns<Visitor: ColumnVisitor>(
    _ row: inout TellingRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.wanted(&row.want)
    try visit.column("question", &row.question, "What was asked.")
  }
  package static let answer = Answer(
    "tells/wanted", "A query.", of: table, key: { TextKey($0[0]) })
}

/// Wants somebody to be told of each query, until an answer is in the log.
package final class TellingProjector: EventProjector {
  package static let view = View(
    "tells", version: 1, "Whom to tell.",
    needs: Needs.kinds(["query", "alert_sent", "effect_failed"])
      .andPayload(SentAlert.self).andPayload(FailedEffect.self),
    tables: [], wants: Wants(kinds: ["webhook"], in: TellingRow.answer))

  private let rows: KeyedTable<TextKey, TellingRow>

  package init(tables: FoldTables) throws(TableError) {
    rows = try tables.open(TellingRow.table)
  }

  package func fold(
    _ event: borrowing Event, _ context: borrowing FoldContext
  ) throws(TableError) {
    if let answer = event.payload(SentAlert.self) {
      if let id = answer.requestID { try rows.remove(TextKey(id)) }
    } else if let failure = event.payload(FailedEffect.self) {
      if failure.isFinal == true { return try rows.remove(TextKey(failure.requestID)) }
      try rows.change(TextKey(failure.requestID)) { $0?.want.fail(failure) }
    } else if let prompt = event.fields.text(.prompt) {
      var row = TellingRow()
      row.want = WantedEffect("webhook", of: prompt, revision: 1, since: event.offset)
      row.question = prompt
      try rows.put(TextKey(row.want.requestID), row)
    }
  }
}
