package import EventLog
package import Events
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
  /// Called with the offset that a fold stands at, and where it will end.
  package let progress: (Offset, Offset) throws -> Void

  package init(
    catalogue: ViewCatalogue, log: LogEnvironment, plan: FoldPlan, workers: Workers,
    progress: @escaping (Offset, Offset) throws -> Void = { _, _ in }
  ) {
    self.catalogue = catalogue
    self.log = log
    self.plan = plan
    self.workers = workers
    self.progress = progress
  }

  /// What bringing views up to date found.
  package struct Report: Equatable, Sendable {
    /// The offset that the views stand before.
    package var checkpoint: Offset = 0
    package var folded: UInt64 = 0
    /// Views that were built by another version or under other settings: they keep their rows, and
    /// wait for a replay.
    package var outdated: [String] = []
    /// Views that stopped, with offset and reason.
    package var stopped: [String] = []
  }

  /// Folds what the log has and the views have not. Views that no build serves are built.
  ///
  /// - Parameters:
  ///   - mayBuild: false while another process rebuilds: what no build serves is left to it.
  ///   - limit: folds no more events than that into a build that is there.
  /// - Returns: nil when `progress` interrupted it.
  @available(*, noasync)
  package func catchUp(mayBuild: Bool = true, atMost limit: UInt64 = .max) throws -> Report? {
    while true {
      do { return try catchUpOnce(mayBuild: mayBuild, atMost: limit) } catch is FoldInterrupted {
        return nil
      } catch StoreError.replaced {
        // A rebuild took a view's place meanwhile: go on with the new build.
        continue
      }
    }
  }

  private func catchUpOnce(mayBuild: Bool, atMost limit: UInt64) throws -> Report {
    var report = Report()
    let entries = try catalogue.entries()
    let missing = plan.projectors.map { $0.view }.filter { view in
      !entries.contains { $0.view == view }
    }
    if mayBuild, !missing.isEmpty {
      report.folded = try rebuild(missing, evenStopped: true).checkpoint
    }
    let end = try LogReader(log).end()
    report.checkpoint = end
    for name in Set(try catalogue.entries().map(\.live)).sorted() {
      let served = try catalogue.entries().filter { $0.live == name }.map(\.view)
      let build = try catalogue.open(name)
      let record = try build.record()
      report.outdated += record.views.filter {
        served.contains($0.view) && $0.stopped == nil && !plan.goesOn($0, in: record)
      }.map(\.view)
      let fold = try BuildFold(
        build, plan: plan, log: log, workers: workers, progress: { try progress($0, end) })
      let lag = end - min(end, fold.record.checkpoint)
      report.folded = max(report.folded, min(lag, limit))
      let target = end - (lag - min(lag, limit))
      report.checkpoint = min(report.checkpoint, target)
      try fold.fold(to: target) { try checkIsLive(name, served) }
      report.stopped += fold.record.views.compactMap { state in
        state.stopped.map { "\(state.view) at event \(state.checkpoint): \($0)" }
      }
    }
    return report
  }

  /// Whoever writes a live build makes sure, at each commit, that it still is.
  private func checkIsLive(_ name: String, _ views: [String]) throws {
    let entries = try catalogue.entries()
    for view in views where entries.first(where: { $0.view == view })?.live != name {
      throw StoreError.replaced(view: view)
    }
  }

  /// Builds views from offset zero beside the live ones, and swaps. Returns the new build's record.
  ///
  /// - Parameter evenStopped: whether a build with a view that stopped may serve: only where nothing
  ///   serves yet.
  @available(*, noasync)
  package func rebuild(_ views: [String], evenStopped: Bool = false) throws -> BuildRecord {
    // What a rebuild that was killed left behind.
    try catalogue.discardUnused()
    let build = try catalogue.makeBuild()
    let fold = try BuildFold(
      build, plan: plan.only(views), log: log, workers: workers,
      progress: { [log, progress] offset in
        try progress(offset, max(offset, (try? LogReader(log).end()) ?? offset))
      })
    // The log may grow meanwhile: what came is folded before the swap.
    while true {
      let end = try LogReader(log).end()
      try fold.fold(to: end)
      if try LogReader(log).end() == end { break }
    }
    if !evenStopped, let stopped = fold.record.views.first(where: { $0.stopped != nil }) {
      throw RebuildError(
        view: stopped.view, offset: stopped.checkpoint, reason: stopped.stopped ?? "")
    }
    try catalogue.swap(build.name, serving: views)
    return fold.record
  }
}

/// Asked for by whoever watches a fold: it ends at its last checkpoint.
package struct FoldInterrupted: Error {
  package init() {}
}

/// A rebuild whose fold stopped: it does not take the live view's place.
package struct RebuildError: Error, Sendable, CustomStringConvertible {
  package let view: String
  package let offset: Offset
  package let reason: String

  package var description: String {
    "the rebuild of `\(view)` stopped at event \(offset): \(reason); the live views stay as they are"
  }
}
