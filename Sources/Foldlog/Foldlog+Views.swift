internal import EventLog
package import Events
package import Pipeline
package import ViewStore
package import Views

extension Foldlog {
  /// Brings the views up to date.
  @available(*, noasync)
  package func project(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> ViewUpkeep.Report {
    try requireLog()
    return try reporting {
      guard let report = try projectIfFree(log: openLog(), progress: progress) else {
        throw FoldlogError(.locked, "another process keeps the views up to date")
      }
      return report
    }
  }

  /// The same, or nil when another process holds the view-writer's lock.
  func projectIfFree(
    log: LogEnvironment, progress: @escaping (Progress) -> Void
  ) throws -> ViewUpkeep.Report? {
    guard let lock = try FileLock(path: directory.writerLock) else { return nil }
    defer { withExtendedLifetime(lock) {} }
    return try upkeep(log: log, phase: .project, progress).catchUp()
  }

  /// Builds views from offset zero beside the live ones, and swaps.
  ///
  /// - Parameter views: none for all, in one build.
  @available(*, noasync)
  package func replay(
    _ views: [String], progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> [ViewState] {
    try requireLog()
    for view in views where !Self.views.contains(view) {
      throw FoldlogError(
        .usage,
        "there is no view `\(view)`: there are \(Self.views.joined(separator: ", "))")
    }
    return try reporting {
      guard let lock = try FileLock(path: directory.replayLock) else {
        throw FoldlogError(.locked, "another replay is running")
      }
      defer { withExtendedLifetime(lock) {} }
      let chosen = views.isEmpty ? Self.views : Self.views.filter(views.contains)
      let upkeep = try upkeep(log: openLog(), phase: .replay, progress)
      return try upkeep.rebuild(chosen).views
    }
  }

  private func upkeep(
    log: LogEnvironment, phase: Progress.Phase, _ progress: @escaping (Progress) -> Void
  ) throws -> ViewUpkeep {
    ViewUpkeep(
      catalogue: try openCatalogue(), log: log, plan: plan, workers: workers,
      progress: { done, total in
        progress(Progress(phase: phase, done: done, total: total))
      })
  }

  /// Opens the tables of a view as they are now, and runs `body` with them and with the offset of
  /// the last event that is in them; −1 for none.
  package func withView<Result>(
    _ view: String, _ body: (TableSet, _ offset: Int64) throws -> Result
  ) throws(FoldlogError) -> Result {
    try requireLog()
    return try reporting {
      let catalogue = try openCatalogue()
      guard let entry = try catalogue.entry(view) else { throw StoreError.unknownView(view) }
      let snapshot = try BuildSnapshot(try catalogue.open(entry.live))
      let state = try snapshot.record().views.first { $0.view == view }
      let tables = TableSet(view: view, provider: snapshot)
      return try body(tables, Int64(state?.checkpoint ?? 0) - 1)
    }
  }
}
