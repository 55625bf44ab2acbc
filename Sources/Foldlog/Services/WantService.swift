internal import Events
internal import Projection
internal import ViewStore
internal import Views

/// What a view wants done, for those who do it.
package struct Want: Sendable {
  package let view: String
  package let requestID: String
  package let kind: String
  package let subject: String
  /// The line by which it came to be wanted.
  package let since: UInt64
  /// How often it was tried in vain.
  package let failures: UInt64
  /// How often its server did not take it while it took others.
  package let refusals: UInt64
  /// The whole row, by the names of its columns.
  package let row: TableRow
}

/// Reads the wants of all views.
package struct WantService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// The kinds of wants that views of this catalogue can have.
  package static func kinds(of catalogue: ProjectorCatalogue) -> [String] {
    Set(catalogue.projectors.flatMap { $0.view.wants?.kinds ?? [] }).sorted()
  }

  /// What is wanted now: what failed least often first, so that what fails again and again keeps nobody
  /// from the others, then the longest wanted.
  ///
  /// Of the views that are live and current alone: one that is off, has stopped, or was built by
  /// another version or other settings may not know what was answered. What it lacks is told.
  ///
  /// - Parameter kinds: only these; nil for all.
  package func wants(of kinds: Set<String>? = nil) throws(FoldlogError) -> [Want] {
    var wants: [Want] = []
    for projector in store.projectors.projectors {
      let view = projector.view
      guard let declared = view.wants, !store.configuration.viewsOff.contains(view.name),
        kinds.map({ !$0.isDisjoint(with: declared.kinds) }) ?? true, try isBuilt(view.name)
      else { continue }
      wants += try store.reading.withViewState(TableAddress(view.name)) {
        tables, state, isOutdated in
        guard let state, state.stopped == nil, !isOutdated else { return [] }
        return try rows(of: declared.table, in: tables, view: view.name)
      }
    }
    if let kinds { wants.removeAll { !kinds.contains($0.kind) } }
    return wants.sorted {
      ($0.failures, $0.since, $0.requestID) < ($1.failures, $1.since, $1.requestID)
    }
  }

  private func isBuilt(_ view: String) throws(FoldlogError) -> Bool {
    try store.reporting { try store.openCatalogue().entry(view) != nil }
  }

  func rows(
    of table: any ExplainedTable, in tables: any ViewReader, view: String
  ) throws(TableError) -> [Want] {
    var wants: [Want] = []
    try table.forEach(in: tables) { cells throws(TableError) in
      let row = TableRow(columns: table.columns, cells: cells)
      guard let id = row["request_id"]?.text, let kind = row["kind"]?.text,
        let subject = row["subject"]?.text, let since = row["since_offset"]?.integer,
        let failures = row["failures"]?.integer, let refusals = row["refusals"]?.integer
      else {
        throw TableError(table: table.name, reason: "a want without its columns", isDamage: true)
      }
      wants.append(
        Want(
          view: view, requestID: id, kind: kind, subject: subject, since: UInt64(clamping: since),
          failures: UInt64(clamping: failures), refusals: UInt64(clamping: refusals), row: row))
      return true
    }
    return wants
  }
}
