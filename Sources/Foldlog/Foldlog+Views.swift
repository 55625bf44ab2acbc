internal import EventLog
package import Events
internal import Pipeline
internal import Projection
internal import Tables
internal import ViewStore
package import Views

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

extension Foldlog {
  /// Brings the views up to date, and rebuilds those that another version or other settings built.
  @available(*, noasync)
  package func project(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> ViewsReport {
    try requireLog()
    return try reporting {
      let lock = try FileLock(path: directory.writerLock)
      defer { withExtendedLifetime(lock) {} }
      let upkeep = try upkeep(phase: .project, progress)
      let isBuilding = try !(upkeep.unserved() + upkeep.outdated()).isEmpty
      if lock == nil, !isBuilding {
        throw FoldlogError(.locked, "another process keeps the views up to date")
      }
      let replayLock = isBuilding ? try FileLock(path: directory.replayLock) : nil
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
      return ViewsReport(report)
    }
  }

  /// Brings the views up to date, but rebuilds none; nil when another process holds the
  /// view-writer's lock.
  func projectIfFree(progress: @escaping (Progress) -> Void) throws -> ViewsReport? {
    guard let lock = try FileLock(path: directory.writerLock) else { return nil }
    defer { withExtendedLifetime(lock) {} }
    return try catchUp(progress: progress)
  }

  /// Brings the views closer to the log. The caller holds the view-writer's lock.
  ///
  /// - Parameter limit: folds no more events than that, where a view goes on.
  /// - Returns: nil when it was asked to stop.
  func catchUp(
    atMost limit: UInt64 = .max, isStopping: @escaping () -> Bool = { false },
    progress: @escaping (Progress) -> Void = { _ in }
  ) throws -> ViewsReport? {
    do { _ = try openCatalogue(isWaiting: false, isStopping: isStopping) } catch is FoldInterrupted
    {
      return nil
    }
    try refreshSettings()
    let upkeep = try upkeep(phase: .project, isStopping: isStopping, progress)
    // Building what no build serves must not meet a replay: only one of them clears away.
    let replayLock =
      try upkeep.unserved().isEmpty ? nil : FileLock(path: directory.replayLock)
    defer { withExtendedLifetime(replayLock) {} }
    if replayLock != nil { try tellOfCopiedViews() }
    let report = try upkeep.catchUp(
      building: replayLock == nil ? .none : .missing, atMost: limit)
    return report.map { ViewsReport($0) }
  }

  /// What folds and rebuilds, under the configured settings or by another plan.
  ///
  /// - Parameter name: that what is built is to be kept under; empty when it is to serve.
  func upkeep(
    _ plan: FoldPlan? = nil, phase: Progress.Phase, name: String = "",
    isStopping: @escaping () -> Bool = { false }, _ progress: @escaping (Progress) -> Void
  ) throws -> ViewUpkeep {
    let catalogue = try openCatalogue()
    try requireWholeLog()
    // Views of a copy go on only once it is noted that they are to be folded again.
    if isUnnotedCopy, catalogue.isChangeable {
      throw FoldlogError(
        .inputOutput,
        "the disk is full: \(directory.shown) has no room to note that it is a copy. "
          + "Make room, and run again")
    }
    let notes = ProgressNotes(catalogue, name: name)
    return ViewUpkeep(
      catalogue: catalogue, log: try openWholeLog(), plan: try plan ?? self.plan(),
      workers: workers,
      checkpointInterval: configuration.checkpointInterval,
      progress: { done, total in
        if isStopping() { throw FoldInterrupted() }
        try notes.note(done)
        progress(Progress(phase: phase, done: done, total: total))
      },
      begins: notes.begin)
  }

  func requireReplayLock() throws -> FileLock {
    guard let lock = try FileLock(path: directory.replayLock) else {
      throw FoldlogError(.locked, "another replay is running")
    }
    return lock
  }

  /// The views that are named, in the order of the catalogue; all of them when none is.
  func chosen(_ views: [String]) throws(FoldlogError) -> [String] {
    for view in views where !Self.views.contains(view) {
      throw FoldlogError(
        .noInput, "there is no view `\(view)`: there are \(Self.views.joined(separator: ", "))")
    }
    return views.isEmpty ? Self.views : Self.views.filter(views.contains)
  }

  // MARK: Reading

  /// Opens the tables of a view as they are now, and runs `body` with them and with the offset of
  /// the last event that is in them; −1 for none.
  ///
  /// What the answer lacks is told.
  package func withView<Result>(
    _ address: TableAddress, _ body: (any ViewReader, _ offset: Int64) throws -> Result
  ) throws(FoldlogError) -> Result {
    try withViewState(address) { tables, state, _ in
      try body(tables, Int64(state?.checkpoint ?? 0) - 1)
    }
  }

  /// The same with all that its build says of the view. Every command that answers from views opens
  /// them here, or as they were at some time.
  ///
  /// - Parameter isOutdated: whether another version or other settings than those of now built it;
  ///   of one that is kept under a name, another version.
  func withViewState<Result>(
    _ address: TableAddress,
    _ body: (any ViewReader, ViewState?, _ isOutdated: Bool) throws -> Result
  ) throws(FoldlogError) -> Result {
    try requireLog()
    return try reporting {
      let snapshot = try snapshot(of: address)
      let record = try snapshot.record()
      let state = record.views.first { $0.view == address.view }
      let plan = try address.kept == nil ? plan() : plan(of: record)
      let tables = ViewTables(address.view, in: snapshot)
      let isOutdated = state.map { !plan.isCurrent($0) } ?? false
      if let state {
        // After the view: a log that grows meanwhile is no shorter than the view.
        let standing = Standing(
          address: address, state: state, isOutdated: isOutdated,
          end: try LogReader(openLog()).end())
        standing.sentences.forEach(tellOnce)
      }
      return try body(tables, state, isOutdated)
    }
  }

  /// The build that serves what is asked, as it is now.
  func snapshot(of address: TableAddress) throws -> BuildSnapshot {
    let catalogue = try openCatalogue()
    return try catalogue.followingReplacements {
      try BuildSnapshot(catalogue.open(build(of: address)))
    }
  }

  /// The name of the build that serves what is asked.
  func build(of address: TableAddress) throws -> String {
    let catalogue = try openCatalogue()
    guard let name = address.kept else {
      guard let entry = try catalogue.entry(address.view) else {
        throw StoreError.unknownView(address.view)
      }
      if let reason = unfitBuilds[entry.live] {
        throw FoldlogError(
          .badData,
          "the view `\(address.view)` does not fit the log: \(reason). It is not folded again from a "
            + "log that is not whole")
      }
      return entry.live
    }
    try checkName(name)
    guard let build = try catalogue.kept(name)?.build(of: address.view) else {
      let names = try catalogue.kept().filter { $0.build(of: address.view) != nil }
        .map { "\(address.view)@\($0.name)" }
      throw FoldlogError(
        .noInput,
        "nothing is kept as `\(address.viewName)`: "
          + (names.isEmpty
            ? "`foldlog replay --what-if FILE --keep \(name)` would"
            : "there is \(names.joined(separator: ", "))"))
    }
    if let reason = unfitBuilds[build] {
      throw FoldlogError(
        .badData, "what is kept as `\(address.viewName)` does not fit the log: \(reason)")
    }
    return build
  }
}
