internal import EventLog
package import Events
internal import Files
internal import Logging
internal import Pipeline
internal import ViewStore

/// What bringing views up to date found.
package struct ViewsReport: Equatable, Sendable {
  /// The offset that the views stand before.
  package let checkpoint: Offset
  package let folded: UInt64
  /// Views that were built by another version or under other settings: they keep their rows, and
  /// wait to be rebuilt.
  package let outdated: [String]
  /// Views that stopped, with offset and reason.
  package let stopped: [String]

  init(_ report: ViewUpkeep.Report) {
    checkpoint = report.checkpoint
    folded = report.folded
    outdated = report.outdated
    stopped = report.stopped.map { "\($0.view) at event \($0.offset): \($0.reason)" }
  }
}

/// What became of the views after lines were taken into the log.
package struct ProjectionOutcome: Sendable {
  /// Nil when the views were left as they are.
  package var views: ViewsReport?
  /// Why the views could not be brought up to date, though the lines are in the log.
  package var error: FoldlogError?
  /// Whether another process keeps the views, and will project what was taken.
  package var isFollowed = false
}

/// Keeps the views up to date.
package struct ViewService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Changes skip lists, then brings the views up to date, and rebuilds those that another version,
  /// other settings or another skip list built.
  @available(*, noasync)
  package func run(
    _ request: ProjectRequest.Checked, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> ViewsReport {
    for change in request.changes { try make(change) }
    return try project(progress: progress)
  }

  @available(*, noasync)
  func project(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> ViewsReport {
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      let lock = try FileLock(path: store.directory.writerLock)
      defer { withExtendedLifetime(lock) {} }
      let upkeep = try store.upkeep(phase: .project, progress)
      let outdated = try upkeep.outdated()
      let isBuilding = try !(upkeep.unserved() + outdated).isEmpty
      if lock == nil, !isBuilding {
        throw FoldlogError(.locked, "another process keeps the views up to date")
      }
      let replayLock = isBuilding ? try FileLock(path: store.directory.replayLock) : nil
      if isBuilding, replayLock == nil {
        throw FoldlogError(
          .locked, "a replay is running: run `foldlog project` again when it has ended")
      }
      defer { withExtendedLifetime(replayLock) {} }
      if isBuilding { try tellOfCopiedViews() }
      // Beside a follower, what is rebuilt is left to it once it serves.
      let report =
        try lock == nil
        ? upkeep.rebuildWaiting()
        : upkeep.catchUp(building: isBuilding ? .outdated : .none)
      guard let report else { throw FoldInterrupted() }
      let rebuilt = outdated.filter { !report.outdated.contains($0) }
      if !rebuilt.isEmpty {
        AuditService(store).note(.rebuild, of: rebuilt, before: report.checkpoint)
      }
      return ViewsReport(report)
    }
  }

  /// Brings the views up to date, but rebuilds none; nil when another process holds the
  /// view-writer's lock.
  func projectIfFree(
    isStopping: @escaping () -> Bool = { false }, progress: @escaping (Progress) -> Void
  ) throws -> ViewsReport? {
    guard let lock = try FileLock(path: store.directory.writerLock) else { return nil }
    defer { withExtendedLifetime(lock) {} }
    return try catchUp(isStopping: isStopping, progress: progress)
  }

  /// Brings the views closer to the log. The caller holds the view-writer's lock.
  ///
  /// - Parameter limit: folds no more events than that, where a view goes on.
  /// - Returns: nil when it was asked to stop.
  func catchUp(
    atMost limit: UInt64 = .max, isStopping: @escaping () -> Bool = { false },
    progress: @escaping (Progress) -> Void = { _ in }
  ) throws -> ViewsReport? {
    do {
      _ = try store.openCatalogue(isWaiting: false, isStopping: isStopping)
    } catch is FoldInterrupted {
      return nil
    }
    try store.refreshSettings()
    let upkeep = try store.upkeep(phase: .project, isStopping: isStopping, progress)
    // Building what no build serves must not meet a replay: only one of them clears away.
    let replayLock =
      try upkeep.unserved().isEmpty ? nil : FileLock(path: store.directory.replayLock)
    defer { withExtendedLifetime(replayLock) {} }
    if replayLock != nil { try tellOfCopiedViews() }
    let report = try upkeep.catchUp(
      building: replayLock == nil ? .none : .missing, atMost: limit)
    return report.map { ViewsReport($0) }
  }

  /// Brings the views up to date with lines that are in the log, whatever becomes of the views.
  @available(*, noasync)
  func projectTaken(
    isStopping: @escaping () -> Bool = { false }, progress: @escaping (Progress) -> Void
  ) -> ProjectionOutcome {
    do {
      let views = try projectIfFree(isStopping: isStopping, progress: progress)
      return ProjectionOutcome(views: views, isFollowed: views == nil)
    } catch {
      return ProjectionOutcome(error: FoldlogError(error))
    }
  }

  /// Says that copied views that serve are folded again now.
  private func tellOfCopiedViews() throws {
    let catalogue = try store.openCatalogue()
    let copied = try catalogue.copied().map(\.build)
    if try catalogue.entries().contains(where: { copied.contains($0.live) }) {
      store.notices.tellOnce(
        "the views came with a copy of the data directory: folded again from the log before they go "
          + "on")
    }
  }

  /// Puts an event on a view's skip list, or takes it off.
  private func make(_ change: ProjectRequest.SkipChange) throws(FoldlogError) {
    let offset = change.offset
    try store.requireLog()
    try store.requireWritable()
    try store.reporting {
      let log = try store.openWholeLog()
      let end = try LogReader(log).end()
      if change.isSkipped, offset >= end {
        throw FoldlogError(
          .usage,
          end == 0
            ? "the log is empty: there is no event \(offset)"
            : "the log ends with event \(end - 1): there is no event \(offset)")
      }
      let hasChanged = try log.setSkipped(
        change.isSkipped, view: change.view, offset: offset, at: wallClock())
      if hasChanged {
        store.logger.notice(
          change.isSkipped ? "event skipped" : "event skipped no more",
          metadata: ["view": "\(change.view)", "event": "\(offset)"])
      }
      if !change.isSkipped, !hasChanged {
        throw FoldlogError(.noInput, "`\(change.view)` does not pass over event \(offset)")
      }
    }
  }
}
