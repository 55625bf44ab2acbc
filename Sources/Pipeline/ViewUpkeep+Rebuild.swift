internal import EventLog
package import Events
internal import Projection
package import ViewStore

/// Builds that were folded up to the log's end, and what they are to serve.
package struct BuiltViews: Sendable {
  package var placements: [Placement] = []
  /// The states of their views.
  package var states: [ViewState] = []
  package var records: [BuildRecord] = []
}

extension ViewUpkeep {
  /// Builds views from offset zero beside the live ones, and swaps. Returns the new builds' records.
  ///
  /// - Parameter evenStopped: whether a build with a view that stopped may serve: only where nothing
  ///   serves yet, or what serves is outdated.
  @available(*, noasync)
  package func rebuild(_ views: [String], evenStopped: Bool = false) throws -> [BuildRecord] {
    let built = try build(views, evenStopped: evenStopped)
    try catalogue.swap(built.placements)
    return built.records
  }

  /// Folds views from offset zero into builds that nothing serves yet, up to the log's end. What
  /// another process left unfinished is taken up where it stands; what else it left is discarded.
  ///
  /// - Parameter kept: builds under a name, to be folded on if they are what is asked for.
  /// - Throws: `RebuildError` when a view stops.
  @available(*, noasync)
  package func build(
    _ views: [String], kept: KeptBuilds? = nil, evenStopped: Bool = false
  ) throws -> BuiltViews {
    let groups = plan.groups(of: views)
    var taken = try groups.map { try takeUp($0, kept: kept) }
    try catalogue.discardUnused(except: taken.compactMap { $0?.name })
    for index in taken.indices where taken[index] == nil {
      taken[index] = try catalogue.makeBuild()
    }
    let folds = try zip(taken.compactMap(\.self), groups).map { build, views in
      let fold = try self.fold(build, plan.only(views))
      try begins(build, views, fold.record.checkpoint)
      return (build: build, views: views, fold: fold)
    }
    try bringToEnd(folds.map(\.fold))
    var built = BuiltViews()
    for (build, views, fold) in folds {
      if !evenStopped { try requireGoingOn(fold.record) }
      built.placements.append(Placement(build: build.name, views: views))
      built.states += fold.record.views
      built.records.append(fold.record)
    }
    return built
  }

  /// Folds a build that serves nobody, or not these views, on to the log's end; where they cannot go
  /// on in it, though this plan built them, they are built anew. What another version built stays
  /// as it is.
  @available(*, noasync)
  package func bringUp(_ placement: Placement) throws -> BuiltViews {
    let fold = try fold(try catalogue.open(placement.build), plan)
    try bringToEnd([fold])
    let waiting = fold.record.views.contains {
      placement.views.contains($0.view) && plan.isCurrent($0) && $0.stopped == nil
        && $0.checkpoint < fold.record.checkpoint
    }
    if waiting { return try build(placement.views) }
    return BuiltViews(
      placements: [placement], states: fold.record.views, records: [fold.record])
  }

  /// Folds a build that serves nobody up to an offset.
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

  /// The log may grow meanwhile: what came is folded too.
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

  /// A build that was begun for just this, and can go on.
  private func takeUp(_ views: [String], kept: KeptBuilds?) throws -> Build? {
    let plan = plan.only(views)
    let own = kept?.placements.map(\.build) ?? []
    for name in try catalogue.unfinished().map(\.build) + own {
      guard catalogue.builds().contains(name) else { continue }
      let build = try catalogue.open(name)
      if plan.canTakeUp(try build.record()) { return build }
    }
    return nil
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
