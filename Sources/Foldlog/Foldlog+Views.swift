internal import EventLog
package import Events
internal import Pipeline
internal import ViewStore
package import Views

/// What bringing views up to date found.
package struct ViewsReport: Equatable, Sendable {
  /// The offset that the views stand before.
  package let checkpoint: Offset
  package let folded: UInt64
  /// Views that were built by another version or under other settings: they keep their rows, and
  /// wait for a replay.
  package let outdated: [String]
  /// Views that stopped, with offset and reason.
  package let stopped: [String]
}

/// A view that was rebuilt.
package struct ReplayedView: Equatable, Sendable {
  package let view: String
  package let checkpoint: Offset
  package let digest: Digest
}

extension Foldlog {
  /// Brings the views up to date.
  @available(*, noasync)
  package func project(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> ViewsReport {
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
  ) throws -> ViewsReport? {
    guard let lock = try FileLock(path: directory.writerLock) else { return nil }
    defer { withExtendedLifetime(lock) {} }
    return try catchUp(log: log, progress: progress)
  }

  /// Brings the views closer to the log. The caller holds the view-writer's lock.
  ///
  /// - Parameter limit: folds no more events than that, where a view goes on.
  /// - Returns: nil when it was asked to stop.
  func catchUp(
    log: LogEnvironment, atMost limit: UInt64 = .max, isStopping: @escaping () -> Bool = { false },
    progress: @escaping (Progress) -> Void = { _ in }
  ) throws -> ViewsReport? {
    // Building what no build serves must not meet a replay: only one of them clears away.
    let replayLock = try FileLock(path: directory.replayLock)
    defer { withExtendedLifetime(replayLock) {} }
    let upkeep = try upkeep(log: log, phase: .project, isStopping: isStopping, progress)
    guard let report = try upkeep.catchUp(mayBuild: replayLock != nil, atMost: limit) else {
      return nil
    }
    return ViewsReport(
      checkpoint: report.checkpoint, folded: report.folded, outdated: report.outdated,
      stopped: report.stopped)
  }

  /// Builds views from offset zero beside the live ones, and swaps.
  ///
  /// - Parameter views: none for all, in one build.
  @available(*, noasync)
  package func replay(
    _ views: [String], progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> [ReplayedView] {
    try requireLog()
    for view in views where !Self.views.contains(view) {
      throw FoldlogError(
        .noInput,
        "there is no view `\(view)`: there are \(Self.views.joined(separator: ", "))")
    }
    return try reporting {
      guard let lock = try FileLock(path: directory.replayLock) else {
        throw FoldlogError(.locked, "another replay is running")
      }
      defer { withExtendedLifetime(lock) {} }
      let chosen = views.isEmpty ? Self.views : Self.views.filter(views.contains)
      let upkeep = try upkeep(log: openLog(), phase: .replay, progress)
      return try upkeep.rebuild(chosen).views.map { state in
        ReplayedView(
          view: state.view, checkpoint: state.checkpoint, digest: Digest(sum: state.sum))
      }
    }
  }

  private func upkeep(
    log: LogEnvironment, phase: Progress.Phase,
    isStopping: @escaping () -> Bool = { false }, _ progress: @escaping (Progress) -> Void
  ) throws -> ViewUpkeep {
    ViewUpkeep(
      catalogue: try openCatalogue(), log: log, plan: plan, workers: workers,
      progress: { done, total in
        if isStopping() { throw FoldInterrupted() }
        progress(Progress(phase: phase, done: done, total: total))
      })
  }

  /// Opens the tables of a view as they are now, and runs `body` with them and with the offset of
  /// the last event that is in them; −1 for none.
  ///
  /// - Parameter isOutdated: whether another version or other settings than those of now built it.
  package func withView<Result>(
    _ view: String, _ body: (TableSet, _ offset: Int64, _ isOutdated: Bool) throws -> Result
  ) throws(FoldlogError) -> Result {
    try withViewState(view) { tables, state in
      try body(tables, Int64(state?.checkpoint ?? 0) - 1, isOutdated(state))
    }
  }

  func isOutdated(_ state: ViewState?) -> Bool { state.map { !plan.isCurrent($0) } ?? false }

  /// The same with all that its build says of the view.
  func withViewState<Result>(
    _ view: String, _ body: (TableSet, ViewState?) throws -> Result
  ) throws(FoldlogError) -> Result {
    try requireLog()
    return try reporting {
      let catalogue = try openCatalogue()
      guard let entry = try catalogue.entry(view) else { throw StoreError.unknownView(view) }
      let snapshot = try BuildSnapshot(try catalogue.open(entry.live))
      let state = try snapshot.record().views.first { $0.view == view }
      let tables = TableSet(
        view: view, digest: Digest(sum: state?.sum ?? 0), provider: snapshot)
      return try body(tables, state)
    }
  }
}
