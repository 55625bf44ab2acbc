internal import EventLog
package import Events
internal import Pipeline
internal import Projection
package import Query
internal import ViewStore
package import Views

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

extension Foldlog {
  /// Folds views from offset zero into a scratch place and compares their rows with the live ones.
  ///
  /// - Parameters:
  ///   - views: none for all.
  ///   - settings: a file to fold under, as if it were foldlog.toml.
  ///   - name: keeps the builds under it, to be asked as `VIEW@NAME`.
  @available(*, noasync)
  package func forecast(
    _ views: [String], whatIf settings: String? = nil, keepingAs name: String? = nil,
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> Forecast {
    let chosen = try chosen(views)
    try requireLog()
    if let name { try checkName(name) }
    return try reporting {
      let plan = try plan(settings.map(configuration(ofFile:)))
      return try name.map { try keep(chosen, as: $0, plan, progress) }
        ?? compareWithScratch(chosen, plan, progress)
    }
  }

  private func configuration(ofFile path: String) throws(FoldlogError) -> Configuration {
    guard let text = try Configuration.read(path) else {
      throw FoldlogError(.noInput, "there is no file \(path)")
    }
    return try Configuration(text: text, path: path)
  }

  private func checkName(_ name: String) throws(FoldlogError) {
    let isPlain = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == 0x2d || byte == 0x2e || byte == 0x5f
    }
    if !isPlain || name.isEmpty || name.utf8.count > 64 {
      throw FoldlogError(
        .usage, "a name is 1 to 64 letters, digits, dots, dashes and underscores, not `\(name)`")
    }
  }

  /// Folds into builds that stay, under a name; one that is there already goes on, if it is of the
  /// same settings.
  private func keep(
    _ views: [String], as name: String, _ plan: FoldPlan,
    _ progress: @escaping (Progress) -> Void
  ) throws -> Forecast {
    let catalogue = try openCatalogue()
    let lock = try requireReplayLock()
    defer { withExtendedLifetime(lock) {} }
    let start = monotonicSeconds()
    let built = try upkeep(plan, phase: .replay, progress).build(
      views, kept: try catalogue.kept(name))
    var forecast = Forecast()
    forecast.foldSeconds = monotonicSeconds() - start
    forecast.keptAs = name
    for placement in built.placements {
      try compare(try catalogue.open(placement.build), placement.views, into: &forecast, progress)
    }
    try catalogue.keep(KeptBuilds(name: name, placements: built.placements))
    return forecast
  }

  private func compareWithScratch(
    _ views: [String], _ plan: FoldPlan, _ progress: @escaping (Progress) -> Void
  ) throws -> Forecast {
    let catalogue = try openCatalogue()
    var forecast = Forecast()
    for group in plan.groups(of: views) {
      let scratch = try catalogue.makeScratch()
      defer { catalogue.discardScratch(scratch) }
      let start = monotonicSeconds()
      let upkeep = try upkeep(plan.only(group), phase: .dryRun, progress)
      _ = try upkeep.bring(scratch, to: LogReader(openLog()).end())
      forecast.foldSeconds += monotonicSeconds() - start
      // Whoever follows has folded on meanwhile.
      let live = try group.compactMap { try liveState($0)?.checkpoint }.max() ?? 0
      if live > (try scratch.record().checkpoint) { _ = try upkeep.bring(scratch, to: live) }
      try compare(scratch, group, into: &forecast, progress)
    }
    forecast.views.sort { before, after in
      index(of: before.view, in: Self.views) < index(of: after.view, in: Self.views)
    }
    return forecast
  }

  private func liveState(_ view: String) throws -> ViewState? {
    let catalogue = try openCatalogue()
    guard let entry = try catalogue.entry(view) else { return nil }
    return try catalogue.open(entry.live).record().views.first { $0.view == view }
  }

  private func compare(
    _ build: Build, _ views: [String], into forecast: inout Forecast,
    _ progress: @escaping (Progress) -> Void
  ) throws {
    let catalogue = try openCatalogue()
    for view in views {
      let after = try BuildSnapshot(build)
      let record = try after.record()
      guard let state = record.views.first(where: { $0.view == view }) else { continue }
      forecast.events = max(forecast.events, record.checkpoint)
      if let reason = state.stopped {
        throw RebuildError(view: view, offset: state.checkpoint, reason: reason)
      }
      let before = try catalogue.entry(view).map { try BuildSnapshot(catalogue.open($0.live)) }
      let stateBefore = try before?.record().views.first { $0.view == view }
      let isSame = stateBefore?.sum == state.sum
      forecast.views.append(
        Forecast.View(
          view: view, checkpointBefore: stateBefore?.checkpoint,
          digestBefore: stateBefore.map { Digest(sum: $0.sum) },
          digestAfter: Digest(sum: state.sum),
          differences: isSame
            ? []
            : try differences(of: view, before ?? MemoryTables(), after, progress)))
    }
  }

  /// How the rows of a view's tables differ.
  func differences(
    of view: String, _ before: any TableProvider, _ after: any TableProvider,
    _ progress: @escaping (Progress) -> Void
  ) throws -> [TableDifference] {
    let answers = projectorCatalogue.first { $0.view == view }?.answers ?? []
    return try answers.map { table in
      try RowComparison(table).run(
        before: TableSet(view: view, provider: before),
        after: TableSet(view: view, provider: after)
      ) { rows in progress(Progress(phase: .compare, done: UInt64(rows), total: nil)) }
    }
  }
}

private func index(of view: String, in views: [String]) -> Int {
  views.firstIndex(of: view) ?? views.count
}
