internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import Logging
internal import Pipeline
internal import Projection
internal import ViewStore
internal import Tables
internal import Views

/// Finds out whether builds are of the log that they lie beside, before any is used: a view of another
/// log would answer wrongly, and go on so.
final class BuildCheck {
  private unowned let store: Store
  /// Builds that are not of this log, or cannot be read, each with why: they are not used. Live ones
  /// stay here only where they cannot be folded again.
  private(set) var unusable: [String: String] = [:]

  init(_ store: Store) { self.store = store }

  /// Folds live views again that do not fit the log, and forgets what else does not.
  func run(
    _ catalogue: ViewCatalogue, isFolding: Bool, isWaiting: Bool,
    isStopping: @escaping () -> Bool
  ) throws {
    guard store.directory.place() != nil else { return }
    unusable = try findUnusable(catalogue)
    if unusable.isEmpty, try !catalogue.isLost() { return }
    // Nothing is folded from a log that is not whole; what is not of it is not asked then.
    if store.copyCheck.logDamage != nil { return }
    if !catalogue.isChangeable { return try refuse(catalogue) }
    if !isFolding {
      throw FoldlogError(
        .noInput, "views are missing, or do not fit the log: `foldlog project` folds them again")
    }
    guard let lock = try replayLock(isWaiting: isWaiting) else {
      throw FoldlogError(
        .locked, "views do not fit the log, and a replay is running: run again when it has ended")
    }
    defer { withExtendedLifetime(lock) {} }
    // Another process may have done it meanwhile.
    unusable = try findUnusable(catalogue)
    for (build, reason) in unusable.sorted(by: { $0.key < $1.key }) {
      store.logger.warning("build unusable", metadata: ["build": "\(build)", "cause": "\(reason)"])
    }
    try forgetUnserving(catalogue)
    try rebuild(catalogue, isStopping)
  }

  private func replayLock(isWaiting: Bool) throws -> FileLock? {
    while true {
      if let lock = try FileLock(path: store.directory.replayLock) { return lock }
      if !isWaiting { return nil }
      store.notices.tellOnce(
        "views do not fit the log, and a replay is running: waiting for its end")
      pause(milliseconds: 50)
    }
  }

  /// Where nothing can be folded: an answer of the wrong log is none.
  private func refuse(_ catalogue: ViewCatalogue) throws {
    for entry in try catalogue.entries() {
      guard let reason = unusable[entry.live] else { continue }
      throw FoldlogError(
        .badData,
        "the view `\(entry.view)` does not fit the log: \(reason). It cannot be folded again here, "
          + "for \(store.directory.views) cannot be written")
    }
  }

  private func forgetUnserving(_ catalogue: ViewCatalogue) throws {
    let live = Set(try catalogue.entries().map(\.live))
    let others = Set(unusable.keys).subtracting(live)
    for kept in try catalogue.kept() {
      let builds = kept.placements.map(\.build).filter(others.contains)
      guard let reason = builds.first.flatMap({ unusable[$0] }) else { continue }
      store.notices.tell(
        "what was kept as `\(kept.name)` does not fit the log, and is dropped: \(reason)")
    }
    for entry in try catalogue.entries() {
      guard let previous = entry.previous, let reason = unusable[previous] else { continue }
      store.notices.tellOnce(
        "the build before the live one, \(previous), does not fit the log, and is dropped: \(reason)"
      )
    }
    for unfinished in try catalogue.unfinished() where others.contains(unfinished.build) {
      store.notices.tell(
        "an interrupted replay of \(unfinished.views.joined(separator: ", ")) does not fit the log, "
          + "and is dropped: \(unusable[unfinished.build] ?? "")")
    }
    try catalogue.forget(builds: others)
    for name in others { unusable[name] = nil }
  }

  private func rebuild(
    _ catalogue: ViewCatalogue, _ isStopping: @escaping () -> Bool
  ) throws {
    var views: [String] = []
    if try catalogue.isLost() {
      views = store.projectors.views
      store.notices.tell(
        "nothing says what the builds of the views are: all views are folded again from the log")
    }
    for (build, reason) in unusable.sorted(by: { $0.key < $1.key }) {
      let served = try catalogue.entries().filter { $0.live == build }.map(\.view)
      views += served
      store.notices.tell(
        "\(served.count == 1 ? "the view" : "the views") \(served.joined(separator: ", ")) "
          + "\(served.count == 1 ? "does" : "do") not fit the log: \(reason); folded again from it")
    }
    let known = store.projectors.views.filter(views.contains)
    if known.isEmpty { return }
    defer { store.notices.showProgress(nil) }
    _ = try store.upkeep(phase: .replay, isStopping: isStopping) { [store] in
      store.notices.showProgress($0)
    }
    .rebuild(known, evenStopped: true, inPlaceOf: Set(unusable.keys))
    unusable = [:]
  }

  // MARK: Finding

  /// The builds that are named and do not fit the log, each with why.
  private func findUnusable(_ catalogue: ViewCatalogue) throws -> [String: String] {
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
    if store.copyCheck.isUnnotedCopy { unchecked = Set(named.keys) }
    var found: [String: String] = [:]
    for (build, views) in named.sorted(by: { $0.key < $1.key }) {
      found[build] = try mismatch(
        of: build, views, catalogue, isChecked: !unchecked.contains(build))
      // Only those that serve stay open: each needs descriptors.
      if found[build] != nil || !entries.contains(where: { $0.live == build }) {
        catalogue.close(build)
      }
    }
    return found
  }

  /// Why a build does not fit; nil when it does.
  private func mismatch(
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
      if let reason = try mismatch(of: record, in: name) { return reason }
      if isChecked { return nil }
      if let table = try changedTable(record, snapshot) {
        return "the rows of \(table) are not those that were written, as of a copy that was made "
          + "while something wrote"
      }
      if catalogue.isChangeable, !store.copyCheck.isUnnotedCopy { try catalogue.noteChecked(name) }
      return nil
    } catch let error as StoreError where error.isLoss {
      return "\(name) cannot be read: \(error.reason)"
    } catch let error as LogError where store.copyCheck.logDamage != nil {
      return "the events that \(name) was folded from cannot be read: \(error.reason)"
    }
  }

  /// Why a build is not of this log: it stands behind its end, or was folded from other events.
  func mismatch(of record: BuildRecord, in name: String) throws -> String? {
    guard let head = record.head else {
      return "\(name) was built by a version of foldlog that did not note of which log"
    }
    let reader = LogReader(try store.openLog())
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
    for state in record.views where store.projectors.views.contains(state.view) {
      do {
        let digest = try store.plan().rehashedRows(of: state.view, snapshot).reduce(into: Digest())
        {
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
