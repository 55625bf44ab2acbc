import Foldlog
import Views

/// Takes files in, as `foldlog ingest` does.
@discardableResult
func ingest(
  _ paths: [String], stream: String? = nil, isProjecting: Bool = true, into store: Store
) throws -> IngestOutcome {
  var request = IngestRequest()
  request.paths = paths
  request.stream = stream
  request.isProjecting = isProjecting
  guard case .once(let job) = try request.checked(for: store.projectors) else {
    preconditionFailure("nothing is followed")
  }
  return try IngestService(store).run(job, progress: { _ in })
}

/// All rows of a table, in the order of its key.
func answerRows(of table: String, in store: Store) throws -> [AnswerRow] {
  var rows: [AnswerRow] = []
  try store.forEachRow(of: table) { row in
    rows.append(AnswerRow(columns: row.columns, cells: row.cells))
    return true
  }
  return rows
}
