internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projection
internal import ViewStore
internal import Tables
internal import Views

// Whether builds are of the log that they lie beside: a view that is not would answer wrongly, and go
// on so. Looked at once a process, before any build is used.

extension Foldlog {
  /// Opens the catalogue, or makes it anew when it cannot be read.
  func openCatalogueFile() throws -> ViewCatalogue {
    do { return try readableCatalogue() } catch {
      if case .absent = error {
        if ViewCatalogue.canBeMade(in: directory.views) { throw error }
        throw FoldlogError(
          .noInput,
          "there are no views at \(shownPath(directory.views)), and they cannot be made here, for "
            + "\(directory.shown) cannot be written: copy it to where it can")
      }
      if !error.isLoss { throw error }
      if !ViewCatalogue.canBeMade(in: directory.views) {
        throw FoldlogError(
          .badData,
          "the catalogue of the views cannot be read: \(error.reason). It cannot be made anew here, "
            + "for \(directory.views) cannot be written")
      }
      let lock = try requireReplayLock()
      defer { withExtendedLifetime(lock) {} }
      tell("the catalogue of the views cannot be read: \(error.reason)")
      ViewCatalogue.discardCatalogue(in: directory.views)
      return try readableCatalogue()
    }
  }

  private func readableCatalogue() throws(StoreError) -> ViewCatalogue {
    let catalogue = try ViewCatalogue(path: directory.views, mapSize: configuration.viewsMapSize)
    try catalogue.checkRecords()
    return catalogue
  }

  /// Folds live views again that do not fit the log, and forgets what else does not.
  func mend(
    _ catalogue: ViewCatalogue, isWaiting: Bool, isStopping: @escaping () -> Bool
  ) throws {
    guard directory.place() != nil else { return }
    unfitBuilds = try findUnfit(catalogue)
    if unfitBuilds.isEmpty, try !catalogue.isLost() { return }
    // What does not fit is not asked then.
    if logDamage != nil { return }
    if !catalogue.isChangeable { return try refuseUnfit(catalogue) }
    guard let lock = try replayLock(isWaiting: isWaiting) else {
      throw FoldlogError(
        .locked, "views do not fit the log, and a replay is running: run again when it has ended")
    }
    defer { withExtendedLifetime(lock) {} }
    // Another process may have mended them meanwhile.
    unfitBuilds = try findUnfit(catalogue)
    try forgetUnfit(catalogue)
    try rebuildUnfit(catalogue, isStopping)
  }

  private func replayLock(isWaiting: Bool) throws -> FileLock? {
    while true {
      if let lock = try FileLock(path: directory.replayLock) { return lock }
      if !isWaiting { return nil }
      tellOnce("views do not fit the log, and a replay is running: waiting for its end")
      pause(milliseconds: 50)
    }
  }

  /// Where nothing can be folded: an answer of the wrong log is none.
  private func refuseUnfit(_ catalogue: ViewCatalogue) throws {
    for entry in try catalogue.entries() {
      guard let reason = unfitBuilds[entry.live] else { continue }
      throw FoldlogError(
        .badData,
        "the view `\(entry.view)` does not fit the log: \(reason). It cannot be folded again here, "
          + "for \(directory.views) cannot be written")
    }
  }

  private func forgetUnfit(_ catalogue: ViewCatalogue) throws {
    let live = Set(try catalogue.entries().map(\.live))
    let others = Set(unfitBuilds.keys).subtracting(live)
    for kept in try catalogue.kept() {
      let builds = kept.placements.map(\.build).filter(others.contains)
      guard let reason = builds.first.flatMap({ unfitBuilds[$0] }) else { continue }
      tell("what was kept as `\(kept.name)` does not fit the log, and is dropped: \(reason)")
    }
    for entry in try catalogue.entries() {
      guard let previous = entry.previous, let reason = unfitBuilds[previous] else { continue }
      tellOnce(
        "the build before the live one, \(previous), does not fit the log, and is dropped: \(reason)"
      )
    }
    for unfinished in try catalogue.unfinished() where others.contains(unfinished.build) {
      tell(
        "an interrupted replay of \(unfinished.views.joined(separator: ", ")) does not fit the log, "
          + "and is dropped: \(unfitBuilds[unfinished.build] ?? "")")
    }
    try catalogue.forget(builds: others)
    for name in others { unfitBuilds[name] = nil }
  }

  private func rebuildUnfit(
    _ catalogue: ViewCatalogue, _ isStopping: @escaping () -> Bool
  ) throws {
    var views: [String] = []
    if try catalogue.isLost() {
      views = Self.views
      tell("nothing says what the builds of the views are: all views are folded again from the log")
    }
    for (build, reason) in unfitBuilds.sorted(by: { $0.key < $1.key }) {
      let served = try catalogue.entries().filter { $0.live == build }.map(\.view)
      views += served
      tell(
        "\(served.count == 1 ? "the view" : "the views") \(served.joined(separator: ", ")) "
          + "\(served.count == 1 ? "does" : "do") not fit the log: \(reason); folded again from it")
    }
    let known = Self.views.filter(views.contains)
    if known.isEmpty { return }
    defer { showProgress(nil) }
    _ = try upkeep(phase: .replay, isStopping: isStopping) { self.showProgress($0) }
      .rebuild(known, evenStopped: true, inPlaceOf: Set(unfitBuilds.keys))
    unfitBuilds = [:]
  }

  // MARK: Finding

  /// The builds that are named and do not fit the log, each with why.
  private func findUnfit(_ catalogue: ViewCatalogue) throws -> [String: String] {
    let entries = try catalogue.entries()
    var named: [String: [String]] = [:]
    for entry in entries {
      named[entry.live, default: []].append(entry.view)
      if let previous = entry.previous { named[previous, default: []].append(entry.view) }
    }
    for placement in try catalogue.kept().flatMap(\.placements) {
      named[placement.build, default: []] += placement.views
    }
    for build in try catalogue.unfinished().map(\.build) { named[build, default: []] += [] }
    var unchecked = Set(try catalogue.copied().filter { !$0.isChecked }.map(\.build))
    if isUnnotedCopy { unchecked = Set(named.keys) }
    var unfit: [String: String] = [:]
    for (build, views) in named.sorted(by: { $0.key < $1.key }) {
      unfit[build] = try misfit(of: build, views, catalogue, isChecked: !unchecked.contains(build))
      // Only those that serve stay open: each needs descriptors.
      if unfit[build] != nil || !entries.contains(where: { $0.live == build }) {
        catalogue.close(build)
      }
    }
    return unfit
  }

  /// Why a build does not fit; nil when it does.
  private func misfit(
    of name: String, _ views: [String], _ catalogue: ViewCatalogue, isChecked: Bool
  ) throws -> String? {
    do {
      if !isChecked { try catalogue.checkPages(name) }
      let snapshot = try BuildSnapshot(catalogue.open(name))
      let record = try snapshot.record()
      // Nothing is folded yet.
      if record.views.isEmpty, views.isEmpty { return nil }
      if let view = views.first(where: { view in !record.views.contains { $0.view == view } }) {
        return "\(name) has no record of `\(view)`"
      }
      if let reason = try misfit(of: record, in: name) { return reason }
      if isChecked { return nil }
      if let table = try changedTable(record, snapshot) {
        return "the rows of \(table) are not those that were written, as of a copy that was made "
          + "while something wrote"
      }
      if catalogue.isChangeable, !isUnnotedCopy { try catalogue.noteChecked(name) }
      return nil
    } catch let error as StoreError where error.isLoss {
      return "\(name) cannot be read: \(error.reason)"
    } catch let error as LogError where logDamage != nil {
      return "the events that \(name) was folded from cannot be read: \(error.reason)"
    }
  }

  /// Why a build is not of this log: it stands behind its end, or was folded from other events.
  func misfit(of record: BuildRecord, in name: String) throws -> String? {
    guard let head = record.head else {
      return "\(name) was built by a version of foldlog that did not note of which log"
    }
    let reader = LogReader(try openLog())
    guard let expected = try reader.head(before: record.checkpoint) else {
      return "\(name) has folded \(record.checkpoint) events, and the log has \(try reader.end())"
    }
    return head == expected
      ? nil : "\(name) was folded from other events than the first \(record.checkpoint) of the log"
  }

  /// A view whose rows are not those that its digest was kept of; nil when all are.
  private func changedTable(
    _ record: BuildRecord, _ snapshot: BuildSnapshot
  ) throws -> String? {
    for state in record.views where Self.views.contains(state.view) {
      do {
        let digest = try rehashed(state.view, snapshot).reduce(into: Digest()) {
          $0.add($1.digest)
        }
        if digest.sum != state.sum { return "`\(state.view)`" }
      } catch is TableError {
        return "`\(state.view)`"
      }
    }
    return nil
  }
}
