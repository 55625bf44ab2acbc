internal import EventLog
package import Events
internal import Logging
internal import Projection
package import ViewStore

/// Builds that were folded up to the log's end, and what they are to serve.
package struct BuiltViews: Sendable {
  package var placements: [Placement] = []
  package var records: [BuildRecord] = []
}

extension ViewUpkeep {
  /// Builds views from offset zero beside the live ones, and swaps. Returns the new builds'
  /// records.
  ///
  /// - Parameters:
  ///   - evenStopped: whether a build with a view that stopped may serve: only where nothing serves
  ///     yet.
  ///   - unfit: builds that nobody is to go back to.
  @available(*, noasync)
  package func rebuild(
    _ views: [String], evenStopped: Bool = false, inPlaceOf unfit: Set<String> = []
  ) throws -> [BuildRecord] {
    let built = try build(views, evenStopped: evenStopped)
    try catalogue.swap(built.placements, inPlaceOf: unfit)
    for (placement, record) in zip(built.placements, built.records) {
      let name = try catalogue.compactFinished(placement.build)
      logger.notice(
        "build serves",
        metadata: [
          "build": "\(name)", "views": "\(placement.views.joined(separator: ","))",
          "events": "\(record.checkpoint)",
        ])
    }
    // An unfinished build of the same views, begun by another process, would be no newer.
    try catalogue.forget(
      catalogue.unfinished().filter { $0.name.isEmpty && Set($0.views).isSubset(of: views) }
        .map(\.build))
    return built.records
  }

  /// Folds views from offset zero into builds that do not serve yet, up to the log's end. An
  /// unfinished build of exactly these views is continued from its checkpoint.
  ///
  /// - Parameter kept: builds under a name, to be folded on if they are what is asked for.
  /// - Throws: `RebuildError` when a view stops: then the builds are discarded.
  @available(*, noasync)
  package func build(
    _ views: [String], name: String = "", kept: KeptBuilds? = nil, evenStopped: Bool = false
  ) throws -> BuiltViews {
    let groups = plan.groups(of: views)
    let taken = try groups.map { try takeUp($0, name, kept) }
    try catalogue.discardUnused()
    let builds = try taken.map { try $0 ?? catalogue.makeBuild() }
    do {
      return try fold(builds, groups, evenStopped: evenStopped)
    } catch let error as RebuildError {
      logger.error(
        "build stopped", metadata: ["view": "\(error.view)", "event": "\(error.offset)"])
      try catalogue.forget(builds.map(\.name))
      throw error
    } catch {
      // A build without a checkpoint saves no time later, and takes room that may be short.
      let empty = builds.filter { (try? $0.record().checkpoint) ?? 0 == 0 }
      try? catalogue.forget(empty.map(\.name))
      throw error
    }
  }

  private func fold(
    _ builds: [Build], _ groups: [[String]], evenStopped: Bool
  ) throws -> BuiltViews {
    let folds = try zip(builds, groups).map { build, views in
      let fold = try self.fold(build, plan.only(views))
      try begins(build, views, fold.record.checkpoint)
      logger.info(
        "build begun",
        metadata: [
          "build": "\(build.name)", "views": "\(views.joined(separator: ","))",
          "from": "\(fold.record.checkpoint)",
        ])
      return (build: build, views: views, fold: fold)
    }
    try bringToEnd(folds.map(\.fold))
    var built = BuiltViews()
    for (build, views, fold) in folds {
      if !evenStopped { try requireGoingOn(fold.record) }
      built.placements.append(Placement(build: build.name, views: views))
      built.records.append(fold.record)
    }
    return built
  }

  /// Folds a build that serves no view, or not these views, on to the log's end. Views of this plan
  /// that cannot go on in it are built anew; views that another version built stay as they are.
  @available(*, noasync)
  package func bringUp(_ placement: Placement) throws -> BuiltViews {
    if try catalogue.copied().contains(where: { $0.build == placement.build }) {
      return try build(placement.views)
    }
    let before = try catalogue.open(placement.build)
    if try catalogue.entries().contains(where: { $0.live == before.name }) { try bringNear(before) }
    let fold = try fold(before, plan)
    try bringToEnd([fold])
    let waiting = fold.record.views.contains {
      placement.views.contains($0.view) && plan.isCurrent($0) && $0.stopped == nil
        && $0.checkpoint < fold.record.checkpoint
    }
    if waiting { return try build(placement.views) }
    return BuiltViews(placements: [placement], records: [fold.record])
  }

  /// Folds a build that serves other views up to near the log's end, slice by slice, so that the
  /// process that keeps it up to date waits for one slice at most.
  private func bringNear(_ build: Build) throws {
    var checkpoint = try build.record().checkpoint
    while true {
      let target = min(try LogReader(log).end(), checkpoint + Self.sliceMax)
      let reached = try bring(build, to: target).checkpoint
      if reached <= checkpoint { return }
      checkpoint = reached
    }
  }

  /// Events folded into a build that serves before others may write to it.
  private static let sliceMax: UInt64 = 1 << 16

  /// Folds a build that serves no view up to an offset.
  @available(*, noasync)
  package func bring(_ build: Build, to end: Offset) throws -> BuildRecord {
    let fold = try fold(build, plan) { try progress($0, end) }
    try fold.fold(to: end)
    return fold.record
  }

  private func fold(_ build: Build, _ plan: FoldPlan) throws -> BuildFold {
    try fold(build, plan) { [log, progress] offset in
      try progress(offset, max(offset, try LogReader(log).end()))
    }
  }

  /// Folds up to the log's end, again and again while the log grows meanwhile.
  private func bringToEnd(_ folds: [BuildFold]) throws {
    var end: Offset?
    for _ in 0..<Self.passesMax {
      let next = try LogReader(log).end()
      if next == end { return }
      for fold in folds { try fold.fold(to: next) }
      end = next
    }
  }

  /// How often a rebuild looks whether the log has grown: each look finds less than the one before,
  /// unless lines come faster than they are folded.
  private static let passesMax = 64

  /// A build that was begun for just this, and can go on; one that cannot is discarded.
  private func takeUp(_ views: [String], _ name: String, _ kept: KeptBuilds?) throws -> Build? {
    let plan = plan.only(views)
    let begun = try catalogue.unfinished().filter { $0.name == name && $0.views == views }
    let copied = try catalogue.copied().map(\.build)
    let own = (kept?.placements.map(\.build) ?? []).filter { !copied.contains($0) }
    var taken: Build?
    var useless: [String] = []
    for candidate in begun.map(\.build) + own {
      let build = catalogue.builds().contains(candidate) ? try? catalogue.open(candidate) : nil
      if taken == nil, let build, let record = try? build.record(), plan.canTakeUp(record) {
        taken = build
      } else if !own.contains(candidate) {
        useless.append(candidate)
      }
    }
    try catalogue.forget(useless)
    return taken
  }

  private func requireGoingOn(_ record: BuildRecord) throws {
    if let stopped = record.views.first(where: { $0.stopped != nil }) {
      throw RebuildError(
        view: stopped.view, offset: stopped.checkpoint, reason: stopped.stopped ?? "")
    }
  }
}

/// A rebuild whose fold stopped: it does not take the live view's place.
package struct RebuildError: Error, Sendable, CustomStringConvertible {
  package let view: String
  package let offset: Offset
  package let reason: String

  package init(view: String, offset: Offset, reason: String) {
    self.view = view
    self.offset = offset
    self.reason = reason
  }

  package var description: String {
    "the rebuilt view `\(view)` stops at event \(offset): \(reason); the live one stays. "
      + "`foldlog project --skip \(view) \(offset)` passes over that event"
  }
}
