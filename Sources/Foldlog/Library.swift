public import Events
public import Logging
internal import Pipeline
internal import Query
public import Views

/// A row of a table, as it is asked for.
public struct TableRow: Sendable {
  /// As the table declares them, in the order of the cells.
  public let columns: [Column]
  /// One for each column.
  public let cells: [Cell]

  /// The cell of a column; nil where there is no such column.
  public subscript(column: String) -> Cell? {
    columns.firstIndex { $0.name == column }.map { cells[$0] }
  }
}

/// How many lines were taken in.
public struct IngestCounts: Equatable, Sendable {
  /// All that were read, also blank ones and those in quarantine.
  public let lines: UInt64
  /// Those that were appended to the log.
  public let events: UInt64
  /// Lines that are no events: they are kept with their reasons.
  public let quarantined: UInt64
}

/// How far the views are.
public struct FoldCounts: Equatable, Sendable {
  /// The offset of the event that the views stand before.
  public let checkpoint: Offset
  /// Events that were folded now.
  public let folded: UInt64
  /// Views that stopped at an event, each with where and why.
  public let stopped: [String]
}

/// What a program can do with a store of its own.
///
///     let store = try Store(path: "data", projectors: .builtIn.adding([WordsProjector.self]))
///     try store.ingest(files: ["ralph-events.jsonl"])
///     try store.fold()
///     try store.forEachRow(of: "words") { row in
///       print(row["word"]!, row["count"]!)
///       return true
///     }
///
/// None of it may be called from a task: what is read and folded blocks.
extension Store {
  /// Opens a data directory; it is made when something is taken in.
  ///
  /// - Parameters:
  ///   - projectors: what its views are folded by. Views that others built in it stay as they are.
  ///   - logger: for what happens; nothing is said without one.
  public convenience init(
    path: String, projectors: ProjectorCatalogue = .builtIn, logger: Logger? = nil
  ) throws(FoldlogError) {
    try self.init(
      directory: DataDirectory(path: path), projectors: projectors, logger: logger ?? .silent)
  }

  /// Takes lines from files, folders and patterns, each line once. The views are left as they are.
  ///
  /// - Parameter stream: the stream of all lines; nil where each says its own.
  /// - Throws: when a file cannot be read; what the others have is taken all the same.
  @available(*, noasync)
  @discardableResult
  public func ingest(
    files: [String], stream: Events.Stream? = nil
  ) throws(FoldlogError) -> IngestCounts {
    var request = IngestRequest()
    request.paths = files
    request.stream = stream?.name
    request.isProjecting = false
    if files.isEmpty || files.contains("-") {
      throw FoldlogError(
        .usage, "name files, folders or patterns; bytes are taken by `ingest(lines:)`")
    }
    guard case .once(let job) = try request.checked(for: projectors) else {
      return IngestCounts(lines: 0, events: 0, quarantined: 0)
    }
    let outcome = try IngestService(self).run(job, progress: { _ in })
    if let failure = outcome.failures.first { throw FoldlogError(.inputOutput, failure) }
    if let absent = outcome.absent.first { throw FoldlogError(.noInput, absent) }
    return IngestCounts(outcome)
  }

  /// Takes lines that are in memory, each line once: given again under the same name, only what is
  /// behind what was given before.
  ///
  /// - Parameters:
  ///   - lines: the whole of what the source has given so far, or all behind it, as a file has it.
  ///   - source: its name.
  @available(*, noasync)
  @discardableResult
  public func ingest(
    lines: [UInt8], source: String, stream: Events.Stream? = nil
  ) throws(FoldlogError) -> IngestCounts {
    try IngestService(self).take(lines, source: source, stream: stream)
  }

  /// Folds what the log has and the views have not; builds what no build serves yet, and what another
  /// version of a projector built.
  @available(*, noasync)
  @discardableResult
  public func fold() throws(FoldlogError) -> FoldCounts {
    let report = try ViewService(self).project(progress: { _ in })
    return FoldCounts(
      checkpoint: report.checkpoint, folded: report.folded, stopped: report.stopped)
  }

  /// Builds views from the first event, beside the live ones, and swaps.
  ///
  /// - Parameter views: none for all.
  /// - Returns: the digest of each, which is one for the same log, settings and version.
  @available(*, noasync)
  @discardableResult
  public func replay(_ views: [String] = []) throws(FoldlogError) -> [String: String] {
    var request = ReplayRequest()
    request.views = views
    guard case .replay(let job) = try request.checked(for: projectors) else { return [:] }
    let replayed = try ReplayService(self).replay(job, progress: { _ in }).views
    return Dictionary(uniqueKeysWithValues: replayed.map { ($0.view, "\($0.digest)") })
  }

  /// Calls `body` with each row of a table, in the order of its key, until it returns false.
  ///
  /// - Parameters:
  ///   - table: `VIEW` or `VIEW/TABLE`.
  ///   - filters: each `FIELD OP VALUE`, as in `foldlog query --where`; all are required.
  ///   - end: an offset or a time, as in `foldlog query --as-of`: as if the log ended there, which
  ///     folds it up to there. Nil for the view as it is.
  @available(*, noasync)
  public func forEachRow(
    of table: String, where filters: [String] = [], asOf end: String? = nil,
    _ body: (TableRow) throws -> Bool
  ) throws {
    var request = QueryRequest(table: table)
    request.filters = filters
    request.asOf = end
    let asked = try request.checked(for: projectors)
    guard case .rows(let plan) = asked.question else { return }
    try QueryService(self).withView(asked) { tables, _ in
      var failure: (any Error)?
      _ = try plan.run(in: tables) { cells in
        do { return try body(TableRow(columns: plan.table.columns, cells: cells)) } catch {
          failure = error
          return false
        }
      }
      if let failure { throw failure }
    }
  }

  /// The row of a table with a key; nil when there is none. Costs a look-up, whatever the table holds.
  ///
  /// - Parameters:
  ///   - table: `VIEW` or `VIEW/TABLE`.
  ///   - key: the text of each column of the key, in the key's order; nil for no value. The `part` of
  ///     an event's key may be left out: it is 0 then.
  public func row(of table: String, key: [String?]) throws(FoldlogError) -> TableRow? {
    let explained = try ExplainService(self).table(table)
    return try reading.withView(TableAddress(table)) { tables, _ in
      try RowFinder(explained, in: tables).exactRow(key).map {
        TableRow(columns: $0.columns, cells: $0.cells)
      }
    }
  }

  /// How a row came about, as one JSON object, as `foldlog explain --format json` prints it.
  ///
  /// - Parameters:
  ///   - table: `VIEW` or `VIEW/TABLE`.
  ///   - key: as a person types it.
  @available(*, noasync)
  public func explanation(of table: String, key: [String]) throws(FoldlogError) -> [UInt8] {
    try explanation([table] + key)
  }

  /// How an event became rows, as one JSON object.
  @available(*, noasync)
  public func explanation(of event: EventID) throws(FoldlogError) -> [UInt8] {
    try explanation([event.description])
  }

  private func explanation(_ words: [String]) throws(FoldlogError) -> [UInt8] {
    var request = ExplainRequest()
    request.words = words
    let asked = try request.checked(for: projectors)
    return try ExplainService(self).run(asked, progress: { _ in }).json
  }

  /// The rows of a table as one JSON object, as `foldlog query --format json` prints it.
  ///
  /// - Parameter end: as in `forEachRow`.
  @available(*, noasync)
  public func json(
    of table: String, where filters: [String] = [], asOf end: String? = nil
  ) throws(FoldlogError) -> [UInt8] {
    var request = QueryRequest(table: table)
    request.filters = filters
    request.asOf = end
    request.format = AnswerFormat.json.rawValue
    var bytes: [UInt8] = []
    try QueryService(self).run(request.checked(for: projectors)) { bytes += $0 }
    return bytes
  }
}

extension IngestCounts {
  init(_ outcome: IngestOutcome) {
    self.init(lines: outcome.lines, events: outcome.events, quarantined: outcome.quarantined)
  }
}
