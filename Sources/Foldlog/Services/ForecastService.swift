internal import Bytes
internal import EventLog
package import Events
internal import Pipeline
internal import Projection
package import Query
package import Tables
internal import ViewStore
internal import Views

/// What a replay would do, found by folding without swapping.
package struct Forecast: Sendable {
  package struct View: Sendable {
    package let view: String
    /// Nil when no build serves it.
    package let checkpointBefore: Offset?
    package let digestBefore: Digest?
    package let digestAfter: Digest
    /// Of every table of the view; none where the digests are one, and so all rows the same.
    package let differences: [TableDifference]
  }

  /// Events that were folded, and how long that took: a replay takes as long.
  package fileprivate(set) var events: Offset = 0
  package fileprivate(set) var foldSeconds = 0.0
  package fileprivate(set) var views: [View] = []
  /// The name that the builds are kept under.
  package fileprivate(set) var keptAs: String?
}

/// What a replay would do.
package struct ForecastService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Folds views from offset zero into a scratch place and compares their rows with the live ones.
  @available(*, noasync)
  package func run(
    _ job: ForecastJob, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> Forecast {
    try store.requireLog()
    return try store.reporting {
      let plan = try store.plan(job.triesSettings ? configuration(of: job) : nil)
      let views = try store.folded(of: job.views)
      return try job.keepAs.map { try keep(views, as: $0, plan, progress) }
        ?? compareWithScratch(views, plan, progress)
    }
  }

  /// Of the file that is named, else of the settings of now, with what is set beside it.
  private func configuration(of job: ForecastJob) throws(FoldlogError) -> Configuration {
    let path = job.settings ?? store.directory.settings
    let text = try Configuration.read(path)
    if text == nil, job.settings != nil {
      throw FoldlogError(.noInput, "there is no file \(shownPath(path))")
    }
    return try Configuration(
      text: text ?? "", path: path, setting: job.tried, in: job.command,
      projectors: store.projectors, others: store.othersViews)
  }

  /// Folds into builds that stay, under a name; one that is there already goes on, if it is of the
  /// same settings.
  private func keep(
    _ views: [String], as name: String, _ plan: FoldPlan,
    _ progress: @escaping (Progress) -> Void
  ) throws -> Forecast {
    let catalogue = try store.openCatalogue()
    let lock = try store.requireReplayLock()
    defer { withExtendedLifetime(lock) {} }
    let start = monotonicSeconds()
    let upkeep = try store.upkeep(plan, phase: .replay, name: name, progress)
    let built = try upkeep.build(views, name: name, kept: try catalogue.kept(name))
    var forecast = Forecast()
    forecast.foldSeconds = monotonicSeconds() - start
    forecast.keptAs = name
    for placement in built.placements {
      let build = try catalogue.open(placement.build)
      for view in placement.views {
        let live = try catchUp(build, upkeep, with: view)
        try compare(build, view, live, into: &forecast, progress)
      }
    }
    try catalogue.keep(KeptBuilds(name: name, placements: built.placements))
    AuditService(store).note(.keep, of: views.map { "\($0)@\(name)" })
    return forecast
  }

  /// A view as it is live, and a build brought to the same event: whoever follows folds on meanwhile.
  private func catchUp(_ build: Build, _ upkeep: ViewUpkeep, with view: String) throws -> LiveView {
    var live = try LiveView(view, store.openCatalogue())
    for _ in 0..<Self.looksMax where live.isBehind(try build.record().checkpoint) {
      pause(milliseconds: 50)
      live = try LiveView(view, store.openCatalogue())
    }
    if let checkpoint = live.state?.checkpoint, checkpoint > (try build.record().checkpoint) {
      _ = try upkeep.bring(build, to: checkpoint)
    }
    return live
  }

  /// How often is looked whether a live view has come to where a new build stands.
  private static let looksMax = 20

  private func compareWithScratch(
    _ views: [String], _ plan: FoldPlan, _ progress: @escaping (Progress) -> Void
  ) throws -> Forecast {
    let catalogue = try store.openCatalogue()
    var forecast = Forecast()
    for group in plan.groups(of: views) {
      let scratch = try catalogue.makeScratch()
      defer { catalogue.discardScratch(scratch) }
      let upkeep = try store.upkeep(plan.only(group), phase: .dryRun, progress)
      let end = try LogReader(store.openLog()).end()
      // What goes on is compared where it stands now: one state of it, whoever folds on meanwhile.
      // What waits is compared with the end, where a replay would bring it.
      let now = try store.plan()
      func targets() throws -> [(LiveView, Offset)] {
        try group.map { view in
          let live = try LiveView(view, catalogue)
          return (live, live.goesOn(by: now) ? live.state?.checkpoint ?? end : end)
        }
      }
      // The long fold holds nothing of the live views.
      if let nearest = try targets().map(\.1).min() {
        let start = monotonicSeconds()
        _ = try upkeep.bring(scratch, to: nearest)
        forecast.foldSeconds += monotonicSeconds() - start
      }
      let lives = try targets()
      for (live, target) in lives.sorted(by: { $0.1 < $1.1 }) {
        let start = monotonicSeconds()
        _ = try upkeep.bring(scratch, to: target)
        forecast.foldSeconds += monotonicSeconds() - start
        try compare(scratch, live.view, live, into: &forecast, progress)
      }
    }
    forecast.views.sort { before, after in
      index(of: before.view, in: store.projectors.views)
        < index(of: after.view, in: store.projectors.views)
    }
    return forecast
  }

  private func compare(
    _ build: Build, _ view: String, _ live: LiveView, into forecast: inout Forecast,
    _ progress: @escaping (Progress) -> Void
  ) throws {
    let after = try BuildSnapshot(build)
    let record = try after.record()
    guard let state = record.views.first(where: { $0.view == view }) else { return }
    forecast.events = max(forecast.events, record.checkpoint)
    if let reason = state.stopped {
      throw RebuildError(view: view, offset: state.checkpoint, reason: reason)
    }
    let isSame = live.state?.sum == state.sum
    forecast.views.append(
      Forecast.View(
        view: view, checkpointBefore: live.state?.checkpoint,
        digestBefore: live.state.map { Digest(sum: $0.sum) },
        digestAfter: Digest(sum: state.sum),
        differences: isSame
          ? []
          : try differences(
            of: view, live.snapshot ?? MemoryTables(), after, by: .identity, progress)))
  }

  /// How the rows of a view's tables differ.
  func differences(
    of view: String, _ before: any RowProvider, _ after: any RowProvider,
    by pairing: RowComparison.Pairing, _ progress: @escaping (Progress) -> Void
  ) throws -> [TableDifference] {
    let answers = store.projectors.projectors.first { $0.view.name == view }?.view.tables ?? []
    return try answers.map { table in
      try RowComparison(table, by: pairing).run(
        before: ViewTables(view, in: before), after: ViewTables(view, in: after)
      ) { rows in progress(Progress(phase: .compare, done: UInt64(rows), total: nil)) }
    }
  }
}

private func index(of view: String, in views: [String]) -> Int {
  views.firstIndex(of: view) ?? views.count
}

/// A view as it is live at one moment.
private struct LiveView {
  let view: String
  /// Nil when no build serves it.
  let snapshot: BuildSnapshot?
  let state: ViewState?
  /// Whether its build has gone on without it.
  private let isLeft: Bool

  init(_ view: String, _ catalogue: ViewCatalogue) throws {
    self.view = view
    snapshot = try catalogue.followingReplacements {
      try catalogue.entry(view).map { try BuildSnapshot(catalogue.open($0.live)) }
    }
    let record = try snapshot?.record()
    state = record?.views.first { $0.view == view }
    isLeft = state?.checkpoint != record?.checkpoint
  }

  func goesOn(by plan: FoldPlan) -> Bool {
    guard let state else { return false }
    return !isLeft && state.stopped == nil && plan.isCurrent(state)
  }

  /// Whether it is on its way to an event.
  func isBehind(_ checkpoint: Offset) -> Bool {
    guard let state, state.stopped == nil, !isLeft else { return false }
    return state.checkpoint < checkpoint
  }
}
