internal import CGlibc
internal import EventLog
internal import Events
internal import Ingest
internal import Interactions
internal import Pipeline
internal import Projection
internal import Tables
internal import ViewStore
internal import Views

/// The tables of the views that serve, as they are at one moment: views of one build are read in one
/// transaction. Never waits, and folds nothing, unless a moment of the past is asked for.
///
/// A view that is off, is not built, or was built by another version or settings is left out: what it
/// lacks is told.
final class ContextViews {
  private let store: Store
  private var snapshots: [String: BuildSnapshot] = [:]
  private var opened: [String: any ViewReader] = [:]
  /// The build that the view `values` is served from; nil for a moment of the past.
  private var buildOfValues: BuildSnapshot?
  private var known: [String: [any ExplainedTable]] = [:]
  /// The last event that is in all of them; −1 for none.
  private(set) var offset: Int64 = -1

  /// Why views that were asked for, and are not off, are left out.
  private(set) var unread: [String] = []

  private init(_ store: Store) { self.store = store }

  /// Runs `body` with views as they are now, or as a log that ends there gives them.
  @available(*, noasync)
  static func with<Result>(
    _ views: [String], of store: Store, asOf end: LogEnd?,
    _ body: (ContextViews) throws -> Result
  ) throws(FoldlogError) -> Result {
    try store.requireLog()
    return try store.reporting {
      let context = ContextViews(store)
      guard let end else {
        try context.open(views)
        return try body(context)
      }
      return try context.with(views[...], asOf: end, body)
    }
  }

  private func open(_ views: [String]) throws {
    let catalogue = try store.openCatalogue(isFolding: false)
    let plan = try store.plan()
    var checkpoints: [Offset] = []
    for view in views where !store.configuration.viewsOff.contains(view) {
      guard let entry = try catalogue.entry(view), store.buildCheck.unusable[entry.live] == nil
      else {
        unread.append("the view \(view) is not built: `foldlog replay` folds it")
        continue
      }
      let snapshot =
        try snapshots[entry.live] ?? store.reading.snapshot(of: TableAddress(view))
      snapshots[entry.live] = snapshot
      guard let state = try snapshot.record().views.first(where: { $0.view == view }) else {
        unread.append("the view \(view) is not built: `foldlog replay` folds it")
        continue
      }
      if !plan.isCurrent(state) {
        unread.append(ViewReading.outdatedSentence(view))
        continue
      }
      checkpoints.append(state.checkpoint)
      opened[view] = ViewTables(view, in: snapshot)
      if view == "values" { buildOfValues = snapshot }
    }
    offset = Int64(checkpoints.min() ?? 0) - 1
  }

  private func with<Result>(
    _ views: ArraySlice<String>, asOf end: LogEnd, _ body: (ContextViews) throws -> Result
  ) throws -> Result {
    guard let view = views.first else { return try body(self) }
    let rest = views.dropFirst()
    if store.configuration.viewsOff.contains(view) { return try with(rest, asOf: end, body) }
    return try AsOfService(store).withView(TableAddress(view), asOf: end, progress: { _ in }) {
      tables, offset in
      opened[view] = tables
      self.offset = offset
      return try with(rest, asOf: end, body)
    }
  }

  /// A table and what reads it; nil where its view is left out.
  private func table(_ name: String) -> (any ExplainedTable, any ViewReader)? {
    let view = TableAddress(name).view
    guard let tables = opened[view], let table = declared(view).first(where: { $0.name == name })
    else { return nil }
    return (table, tables)
  }

  /// The tables of a view: their columns are worked out once.
  private func declared(_ view: String) -> [any ExplainedTable] {
    if let known = known[view] { return known }
    let tables = store.projectors.projector(of: view)?.view.tables ?? []
    known[view] = tables
    return tables
  }

  /// Calls `body` with each row, in the order of the key, until it returns false.
  func forEach(_ name: String, _ body: (AnswerRow) -> Bool) throws {
    guard let (table, tables) = table(name) else { return }
    let columns = table.columns
    try table.forEach(in: tables) { cells in body(AnswerRow(columns: columns, cells: cells)) }
  }

  func row(_ name: String, _ key: RowKey) throws -> AnswerRow? {
    guard let (table, tables) = table(name), let cells = try table.row(key, in: tables) else {
      return nil
    }
    return AnswerRow(columns: table.columns, cells: cells)
  }

  /// Requests that a text is like, the newest first; nil where the build does not serve.
  func requests(
    like text: String, atLeast hundredths: Int, newest newestMax: UInt64, isLate: () -> Bool
  ) throws -> [SimilarRequest]? {
    guard opened["values"] != nil, let snapshot = buildOfValues else { return nil }
    return try InteractionFinder(in: snapshot).requests(
      like: text, atLeast: hundredths, newest: newestMax, isLate: isLate)
  }

  /// What was tried about errors like a message; nil where none is like it.
  func tried(_ message: String, in projects: [String]) throws -> TriedFixes? {
    guard let (projector, tables) = fixes else { return nil }
    return try projector.tried(message, in: projects, tables)
  }

  /// What was tried in a project.
  func tried(in projects: [String]) throws -> [TriedFix] {
    guard let (projector, tables) = fixes else { return [] }
    return try projector.tried(in: projects, tables)
  }

  /// Who knows what was tried; nil where that view is left out.
  private var fixes: (any TriedFixProjector.Type, any ViewReader)? {
    for projector in store.projectors.projectors {
      guard let projector = projector as? any TriedFixProjector.Type,
        let tables = opened[projector.view.name]
      else { continue }
      return (projector, tables)
    }
    return nil
  }
}

/// What a server that runs on has to look at before each answer.
package struct DirectoryMark: Equatable, Sendable {
  private let settings: FileStatus?
  private let log: FileID?

  init(_ directory: DataDirectory) {
    settings = DiskFiles().status(directory.settings)
    log = DiskFiles().status("\(directory.log)/data.mdb")?.id
  }
}

extension Store {
  /// Another one stands for other settings, or another log at the same place: a store is opened anew.
  package var mark: DirectoryMark { DirectoryMark(directory) }

  /// A store of the same directory that has seen nothing yet, in the place of this one: a process may have
  /// the files open once.
  package func anew() throws(FoldlogError) -> Store {
    closeViews()
    closeLog()
    let store = try Store(directory: directory, projectors: projectors, logger: logger)
    (store.notices.tell, store.notices.showProgress) = (notices.tell, notices.showProgress)
    return store
  }

  /// Opens the views for what answers from them, where nothing need be waited for.
  ///
  /// - Throws: where views do not fit the log, and are to be folded again.
  package func openWithoutWaiting() throws(FoldlogError) {
    try requireLog()
    _ = try reporting { try openCatalogue(isFolding: false) }
  }

  /// After a fold, gives the memory that it needed back to the system: a server idles for hours.
  package func giveBackMemory() { _ = malloc_trim(0) }
}

extension AnswerRow {
  /// Of a column of numbers.
  func count(_ column: String) -> UInt64 {
    UInt64(clamping: self[column].integer ?? 0)
  }

  /// Nil where it stands on no line.
  var lastOffset: UInt64? {
    self["last_offset"].integer.map { UInt64(clamping: $0) }
  }
}
