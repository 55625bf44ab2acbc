package import EventLog
package import Events
package import Logging
internal import Projection
package import ViewStore

/// Keeps views up to date with the log, and rebuilds them.
///
/// The caller holds the view-writer's lock.
package struct ViewUpkeep {
  package let catalogue: ViewCatalogue
  package let log: LogEnvironment
  package let plan: FoldPlan
  package let workers: Workers
  /// Events between two checkpoints of a long fold.
  package let checkpointInterval: UInt64
  /// Called with the offset that a fold stands at, and where it will end.
  package let progress: (Offset, Offset) throws -> Void
  /// Called when a build that nothing serves yet is taken up, with its views and its checkpoint.
  package let begins: (Build, [String], Offset) throws -> Void

  package let logger: Logger

  package init(
    catalogue: ViewCatalogue, log: LogEnvironment, plan: FoldPlan, workers: Workers,
    checkpointInterval: UInt64 = BuildFold.checkpointIntervalDefault,
    progress: @escaping (Offset, Offset) throws -> Void = { _, _ in },
    begins: @escaping (Build, [String], Offset) throws -> Void = { _, _, _ in },
    logger: Logger = .silent
  ) {
    self.catalogue = catalogue
    self.log = log
    self.plan = plan
    self.workers = workers
    self.checkpointInterval = checkpointInterval
    self.progress = progress
    self.begins = begins
    self.logger = logger
  }

  /// Which views are built anew on the way.
  package enum Building: Sendable {
    case none
    case missing
    case outdated
  }

  /// A view that stopped just before an event.
  package struct Stopped: Equatable, Sendable {
    package let view: String
    package let offset: Offset
    package let reason: String
  }

  /// What bringing views up to date found.
  package struct Report: Equatable, Sendable {
    /// The offset that the views stand before.
    package var checkpoint: Offset = 0
    package var folded: UInt64 = 0
    /// Views that were built by another version or under other settings: they keep their rows, and
    /// wait for a replay.
    package var outdated: [String] = []
    package var stopped: [Stopped] = []
  }

  /// Folds the events of the log that the views do not have yet.
  ///
  /// - Parameters:
  ///   - building: which views to build anew: those that no build serves, or also those that are
  ///     outdated. None while another process rebuilds, which then builds all of them.
  ///   - limit: folds no more events than that into a build that is there.
  /// - Returns: nil when `progress` interrupted it.
  @available(*, noasync)
  package func catchUp(
    building: Building = .missing, atMost limit: UInt64 = .max
  ) throws -> Report? {
    while true {
      do { return try catchUpOnce(building, atMost: limit) } catch is FoldInterrupted {
        return nil
      } catch StoreError.replaced {
        // A rebuild took a view's place meanwhile: go on with the new build.
        logger.info("retry", metadata: ["cause": "another process replaced a build"])
        continue
      }
    }
  }

  private func catchUpOnce(_ building: Building, atMost limit: UInt64) throws -> Report {
    var report = Report()
    let unserved = building == .none ? [] : try unserved()
    if !unserved.isEmpty {
      report.folded = try rebuild(unserved, evenStopped: true).map(\.checkpoint).max() ?? 0
    }
    try catalogue.closeUnused()
    let end = try LogReader(log).end()
    report.checkpoint = end
    let copied = Set(try catalogue.copied().map(\.build))
    for name in Set(try catalogue.entries().map(\.live)).subtracting(copied).sorted() {
      let served = try catalogue.entries().filter { $0.live == name }.map(\.view)
      let build = try catalogue.open(name)
      let record = try build.record()
      report.outdated += record.views.filter {
        served.contains($0.view) && $0.stopped == nil && !plan.off.contains($0.view)
          && !plan.goesOn($0, in: record)
      }.map(\.view)
      let lag = end - min(end, record.checkpoint)
      report.folded = max(report.folded, min(lag, limit))
      let target = end - (lag - min(lag, limit))
      report.checkpoint = min(report.checkpoint, target)
      let folded = try foldLive(name, served, to: target) { try progress($0, end) }
      let stopped = folded.views.compactMap { state in
        state.stopped.map { Stopped(view: state.view, offset: state.checkpoint, reason: $0) }
      }
      report.stopped += stopped
      // The projector's reason may quote the event, so that it is shown by `status` and not logged.
      for stopped in stopped
      where record.views.contains(where: { $0.view == stopped.view && $0.stopped == nil }) {
        logger.warning(
          "view stopped", metadata: ["view": "\(stopped.view)", "event": "\(stopped.offset)"])
      }
    }
    if building == .outdated { try rebuildOutdated(&report) }
    return report
  }

  /// Builds the views that no build serves, and rebuilds those that are outdated, beside a process
  /// that keeps the others up to date.
  @available(*, noasync)
  package func rebuildWaiting() throws -> Report {
    var report = Report()
    let unserved = try unserved()
    if !unserved.isEmpty {
      report.folded = try rebuild(unserved, evenStopped: true).map(\.checkpoint).max() ?? 0
    }
    try rebuildOutdated(&report)
    report.checkpoint = try LogReader(log).end()
    return report
  }

  /// Folds a build that serves views up to an offset. A compact copy may replace it on the way,
  /// when readers of older snapshots have made it grow.
  private func foldLive(
    _ name: String, _ served: [String], to end: Offset, progress: @escaping (Offset) throws -> Void
  ) throws -> BuildRecord {
    var name = name
    var open: BuildFold?
    var reached: Offset = 0
    while true {
      let record: BuildRecord
      do {
        let fold = try open ?? fold(catalogue.open(name), plan, progress: progress)
        open = fold
        let slice = max(checkpointInterval, Self.sliceMin)
        reached = min(end, max(reached, fold.record.checkpoint) + slice)
        try fold.fold(to: reached) { try checkIsLive(name, served) }
        record = fold.record
      }
      if try catalogue.isHeld(name) {
        // The fold holds the build's write transaction, so that it is closed first.
        open = nil
        let before = name
        name = try catalogue.compactHeld(name)
        logger.info("build compacted", metadata: ["from": "\(before)", "to": "\(name)"])
      }
      if reached >= end { return record }
    }
  }

  /// Events between two looks at what readers hold, at least.
  private static let sliceMin: UInt64 = 1 << 16

  /// Runs last, so that a rebuild that stops does not delay the other views.
  private func rebuildOutdated(_ report: inout Report) throws {
    let outdated = try outdated()
    if outdated.isEmpty { return }
    report.folded = max(report.folded, try rebuild(outdated).map(\.checkpoint).max() ?? 0)
    report.outdated.removeAll(where: outdated.contains)
    report.stopped.removeAll { stopped in
      outdated.contains { stopped.view.utf8.elementsEqual($0.utf8) }
    }
  }

  /// The views of the plan that no build serves, or one that can only be read: a copied one.
  package func unserved() throws -> [String] {
    let copied = Set(try catalogue.copied().map(\.build))
    let entries = try catalogue.entries().filter { !copied.contains($0.live) }
    return plan.projectors.map { $0.view.name }.filter { view in
      !plan.off.contains(view) && !entries.contains { $0.view == view }
    }
  }

  /// The views that another version or other settings built than the plan's, or for which another
  /// skip list counted.
  package func outdated() throws -> [String] {
    try catalogue.followingReplacements { try outdatedOnce() }
  }

  private func outdatedOnce() throws -> [String] {
    var outdated: [String] = []
    for entry in try catalogue.entries() where !plan.off.contains(entry.view) {
      let record = try catalogue.open(entry.live).record()
      guard let state = record.views.first(where: { $0.view == entry.view }) else { continue }
      // A view that its build has left behind cannot be folded on.
      let isLeftBehind = state.stopped == nil && state.checkpoint != record.checkpoint
      if isLeftBehind || !plan.isCurrent(state) { outdated.append(entry.view) }
    }
    return outdated
  }

  /// Opens a build for folding from its checkpoint on.
  func fold(
    _ build: Build, _ plan: FoldPlan, progress: @escaping (Offset) throws -> Void
  ) throws -> BuildFold {
    try BuildFold(
      build, plan: plan, log: log, workers: workers, checkpointInterval: checkpointInterval,
      progress: progress)
  }

  /// Called at each commit to a live build, since another process may have replaced it.
  private func checkIsLive(_ name: String, _ views: [String]) throws {
    let entries = try catalogue.entries()
    for view in views where entries.first(where: { $0.view == view })?.live != name {
      throw StoreError.replaced(view)
    }
  }
}

/// Thrown by `progress` to interrupt a fold, which then ends at its last checkpoint.
package struct FoldInterrupted: Error {
  package init() {}
}
