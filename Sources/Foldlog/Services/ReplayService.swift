internal import EventLog
package import Events
internal import Logging
internal import Pipeline
internal import Projection
internal import Scoring
package import Tables
internal import ViewStore
internal import Views

/// A view that was rebuilt.
package struct ReplayedView: Equatable, Sendable {
  package let view: String
  package let checkpoint: Offset
  package let digest: Digest

  init(_ state: ViewState) {
    view = state.view
    checkpoint = state.checkpoint
    digest = Digest(sum: state.sum)
  }
}

/// What a switch from builds to others did.
package struct SwitchReport: Sendable {
  package let views: [ReplayedView]
  /// Whether foldlog.toml has other settings now.
  package let hasOtherSettings: Bool
  /// Why the settings could not be written to foldlog.toml: they count all the same.
  package let unwritten: FoldlogError?
  /// Views that are of other settings, or another version, than what is configured now.
  package let outdated: [String]
}

/// Rebuilds views, and switches between builds.
package struct ReplayService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Builds views from offset zero beside the live ones, and swaps. What a replay that was killed
  /// left is taken up.
  @available(*, noasync)
  package func replay(
    _ job: ReplayJob, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> (views: [ReplayedView], outdated: [String]) {
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      _ = try store.openCatalogue()
      let lock = try store.requireReplayLock()
      defer { withExtendedLifetime(lock) {} }
      try store.refreshSettings()
      let chosen = try store.folded(of: job.views)
      let records = try store.upkeep(phase: .replay, progress).rebuild(chosen)
      let views = records.flatMap(\.views)
      AuditService(store).note(
        .replay, of: views.map(\.view), before: views.map(\.checkpoint).max() ?? 0)
      // Whoever changed a setting meanwhile should know.
      try store.refreshSettings()
      let outdated = try store.upkeep(phase: .replay, progress).outdated().filter(chosen.contains)
      return (views.map(ReplayedView.init), outdated)
    }
  }

  /// Lets what is kept under a name serve, and makes its settings the configured ones. It is
  /// brought up to date first.
  @available(*, noasync)
  package func use(
    _ kept: KeptName, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> SwitchReport {
    let name = kept.text
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      let catalogue = try store.openCatalogue()
      let lock = try store.requireReplayLock()
      defer { withExtendedLifetime(lock) {} }
      let kept = try requireKept(name, catalogue)
      let records = try kept.placements.map { try catalogue.open($0.build).record() }
      for record in records {
        let plan = try store.plan(of: record)
        if let old = record.views.first(where: { !plan.isCurrent($0) }) {
          throw FoldlogError(
            .noInput,
            "`\(old.view)@\(name)` was built by another version, or before a skip list changed: "
              + "build it again with `foldlog replay --what-if FILE --keep \(name)`")
        }
      }
      return try switchTo(kept.placements, catalogue, fromKept: name, progress)
    }
  }

  /// Lets the builds before serve again, and makes their settings the configured ones.
  @available(*, noasync)
  package func rollBack(
    _ job: RollBackJob, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> SwitchReport {
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      let catalogue = try store.openCatalogue()
      let lock = try store.requireReplayLock()
      defer { withExtendedLifetime(lock) {} }
      let wanted = try job.views ?? catalogue.lastSwap() ?? []
      var placements: [Placement] = []
      for entry in try catalogue.entries() where wanted.contains(entry.view) {
        guard let previous = entry.previous else {
          throw FoldlogError(.noInput, "`\(entry.view)` has no build before the live one")
        }
        try requireSkipList(of: entry.view, catalogue.open(previous).record())
        if let index = placements.firstIndex(where: { $0.build == previous }) {
          placements[index].views.append(entry.view)
        } else {
          placements.append(Placement(build: previous, views: [entry.view]))
        }
      }
      if placements.isEmpty {
        throw FoldlogError(.noInput, "no view has a build before the live one")
      }
      return try switchTo(placements, catalogue, progress)
    }
  }

  /// The build before must pass over what its view passes over now: else it could not go on.
  private func requireSkipList(of view: String, _ record: BuildRecord) throws {
    let now = try store.plan().skips[view] ?? []
    if now == record.skipped { return }
    let added = now.filter { !record.skipped.contains($0) }.map { "--no-skip \(view) \($0)" }
    let removed = record.skipped.filter { !now.contains($0) }.map { "--skip \(view) \($0)" }
    throw FoldlogError(
      .noInput,
      "`\(view)` has another skip list than the build before: "
        + "`foldlog project \((added + removed).joined(separator: " "))` is the way back")
  }

  /// Forgets what is kept under a name, and frees its room.
  package func drop(_ kept: KeptName) throws(FoldlogError) {
    let name = kept.text
    try store.requireLog()
    try store.requireWritable()
    try store.reporting {
      let catalogue = try store.openCatalogue()
      let lock = try store.requireReplayLock()
      defer { withExtendedLifetime(lock) {} }
      _ = try requireKept(name, catalogue)
      try catalogue.drop(name)
      store.logger.notice("dropped", metadata: ["kept": "\(name)"])
      AuditService(store).note(.drop, of: ["@\(name)"])
    }
  }

  private func requireKept(_ name: String, _ catalogue: ViewCatalogue) throws -> KeptBuilds {
    if let kept = try catalogue.kept(name) { return kept }
    let names = try catalogue.kept().map(\.name).joined(separator: ", ")
    throw FoldlogError(
      .noInput,
      "nothing is kept as `\(name)`: " + (names.isEmpty ? "nothing is kept" : "there is \(names)"))
  }

  /// Brings builds up to date by what they were folded by, then swaps them in with their settings.
  private func switchTo(
    _ placements: [Placement], _ catalogue: ViewCatalogue, fromKept kept: String? = nil,
    _ progress: @escaping (Progress) -> Void
  ) throws -> SwitchReport {
    var (ready, records): ([Placement], [BuildRecord]) = ([], [])
    for placement in placements {
      let plan = try store.plan(of: try catalogue.open(placement.build).record())
      let built = try store.upkeep(plan, phase: .replay, progress).bringUp(placement)
      ready += built.placements
      records += built.records
    }
    let settings = try commonSettings(ready, records)
    let text = try settings.map(store.settingsFile(with:))
    // Refused before anything changes, if this is no file that can be read again.
    if let text {
      _ = try Configuration(
        text: text, path: store.directory.settings, projectors: store.projectors,
        others: store.othersViews)
    }
    let before = store.configuration.folding
    try catalogue.swap(ready, fromKept: kept, settings: settings)
    for placement in ready {
      store.logger.notice(
        "switched",
        metadata: [
          "build": "\(placement.build)", "views": "\(placement.views.joined(separator: ","))",
          "kept": "\(kept ?? "before")",
        ])
    }
    var unwritten: FoldlogError?
    if let text {
      do { try store.writeSettings(text, catalogue) } catch {
        unwritten = FoldlogError(error)
        store.logger.warning(
          "settings not written", error: error, metadata: ["path": "\(store.directory.settings)"])
        try store.configure(text)
      }
    }
    let views = zip(ready, records).flatMap { placement, record in
      record.views.filter { placement.views.contains($0.view) }.map(ReplayedView.init)
    }
    AuditService(store).note(
      kept == nil ? .rollback : .use,
      of: views.map { view in view.view + (kept.map { "@\($0)" } ?? "") },
      before: views.map(\.checkpoint).max() ?? 0)
    return SwitchReport(
      views: views, hasOtherSettings: before != store.configuration.folding, unwritten: unwritten,
      outdated: try store.upkeep(phase: .replay, progress).outdated())
  }

  /// The settings that count once builds serve together: those of now, but where a view that is
  /// switched has been folded by others. Nil when none of the views depends on any.
  private func commonSettings(
    _ placements: [Placement], _ records: [BuildRecord]
  ) throws -> String? {
    var common = store.configuration.folding
    var texts: [String] = []
    var shared: (settings: FoldingSettings, views: [String])?
    for (placement, record) in zip(placements, records) {
      let own = try folding(record.settings)
      for view in placement.views where own.views[view] != nil {
        common.views[view] = own.views[view]
        texts.append(record.settings)
      }
      let views = placement.views.filter { view in
        store.projectors.projectors.contains {
          ($0.view.needs.facts || $0.view.needs.calls) && $0.view.name == view
        }
      }
      if views.isEmpty { continue }
      if let shared, shared.settings.scoring != own.scoring || shared.settings.prices != own.prices
      {
        throw FoldlogError(
          .usage,
          "the builds before were made under different settings: roll back one after the other, "
            + "\(shared.views.joined(separator: " ")) and \(views.joined(separator: " "))")
      }
      if shared == nil { shared = (own, views) }
      common.scoring = own.scoring
      common.prices = own.prices
      texts.append(record.settings)
    }
    // As somebody wrote it, with his comments, where one says it all.
    return try texts.isEmpty ? nil : texts.first { try folding($0) == common } ?? common.written
  }

  private func folding(_ settings: String) throws -> FoldingSettings {
    try Configuration(
      text: settings, path: "the build's settings", projectors: store.projectors
    ).folding
  }
}
