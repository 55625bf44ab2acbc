internal import Bytes
internal import EventLog
internal import Events
internal import ViewStore

// A data directory that was copied, perhaps while it was written, and a log that took another's place:
// nobody knows whether their pages are of one moment. The catalogue notes where it was last used.

extension Foldlog {
  /// The same as `settle(with:)` for a command that has not opened the views; it does not make any.
  func settleBeforeViews() throws -> Bool {
    let noted: PlaceNote?
    do {
      noted = try notedPlace()
    } catch {
      if case .absent = error { return false }
      if !error.isLoss { throw error }
      // Nothing says where it was: whoever opens the views makes the catalogue anew.
      if let damage = try findDamage() { useDamaged("the log was copied or put there", damage) }
      return true
    }
    guard let noted else { return false }
    return try isInPlace(noted) || settle(with: openCatalogueFile())
  }

  /// Whether the catalogue, if there is one, notes where the data directory was last used.
  func isPlaceNoted() throws -> Bool {
    do { return try notedPlace() != nil } catch StoreError.absent { return false }
  }

  private func notedPlace() throws(StoreError) -> PlaceNote? {
    try ViewCatalogue(
      path: directory.views, isReadOnly: true, mapSize: configuration.viewsMapSize
    ).place()
  }

  /// Compares where the data directory is with where it was when it was last used. What came with a
  /// copy is looked at before it is used, once: the log now, builds when they are opened.
  ///
  /// - Returns: false while there is no log.
  func settle(with catalogue: ViewCatalogue) throws -> Bool {
    guard let place = directory.place() else { return false }
    if logDamage != nil { return true }
    guard let noted = try catalogue.place() else {
      if catalogue.isChangeable { try catalogue.note(place) }
      return true
    }
    if isInPlace(noted) { return true }
    let lock = catalogue.isChangeable ? try waitForLock(directory.placeLock) : nil
    defer { withExtendedLifetime(lock) {} }
    // Another process may have done it meanwhile.
    guard let noted = try catalogue.place(), !isInPlace(noted) else { return true }
    let isCopy = !noted.isSameDirectory(as: place)
    let damage = try findDamage()
    let what =
      isCopy ? "this data directory is a copy" : "the log is in another file than before"
    if let damage, isCopy {
      useDamaged(what, damage)
      return true
    }
    let finding =
      damage.map { "is not whole: \($0); `foldlog log verify` lists what cannot be read" }
      ?? "is whole"
    if catalogue.isChangeable {
      if isCopy {
        try catalogue.forget(builds: Set(catalogue.unfinished().map(\.build)))
        catalogue.discardPasts()
      }
      try catalogue.note(place, copied: isCopy ? Array(catalogue.usedBuilds()) : [])
      tell("\(what): its log was checked, and \(finding)")
    } else {
      isUnnotedCopy = isCopy
      tell(
        "\(what), and \(directory.views) cannot be written to say so: its log was checked, and "
          + "\(finding); each command checks it again")
    }
    return true
  }

  /// Says that copied views that serve are folded again now.
  func tellOfCopiedViews() throws {
    let catalogue = try openCatalogue()
    let copied = try catalogue.copied().map(\.build)
    if try catalogue.entries().contains(where: { copied.contains($0.live) }) {
      tellOnce(
        "the views came with a copy of the data directory: folded again from the log before they go "
          + "on")
    }
  }

  private func isInPlace(_ noted: PlaceNote) -> Bool {
    guard let place = directory.place() else { return false }
    return noted.isSameDirectory(as: place) && noted.isSameLog(as: place)
  }

  private func waitForLock(_ path: String) throws -> FileLock {
    while true {
      if let lock = try FileLock(path: path) { return lock }
      pause(milliseconds: 20)
    }
  }

  /// Reads a log that is not whole, and says so: nothing is noted, so that each command does.
  private func useDamaged(_ what: String, _ damage: String) {
    logDamage = damage
    isUnnotedCopy = true
    tell(
      "\(what), and its log is not whole: \(damage). What can be read of it is shown and exported, "
        + "and `foldlog log verify` lists what cannot. \(Self.remedy)")
  }

  private static let remedy =
    "It takes no lines, and no views are folded from it: copy it again while nothing writes to it, "
    + "or ingest the files, or what `foldlog log export` gives, anew into an empty data directory"

  /// Throws where the log came with a copy, and is not whole.
  func requireWholeLog() throws(FoldlogError) {
    guard let logDamage else { return }
    throw FoldlogError(
      .badData, "the log in \(shownPath(directory.log)) is not whole: \(logDamage). \(Self.remedy)")
  }

  /// Checks all of the log before it is used. Its pages come first, before they are mapped: a log
  /// whose pages are damaged cannot be opened.
  ///
  /// - Returns: the first damage of what the pages hold.
  private func findDamage() throws -> String? {
    defer { showProgress(nil) }
    let log: LogEnvironment
    do throws(LogError) {
      try LogEnvironment.checkPages(path: directory.log)
      log = try openSettledLog()
    } catch {
      guard error.isDamage || !error.isOfStorage else { throw error }
      throw FoldlogError(
        .badData,
        "the log in \(shownPath(directory.log)) was copied or put there, and is not whole: "
          + "\(error.reason). It is not used: copy it again while nothing writes to it, or ingest "
          + "the files anew into an empty data directory")
    }
    do throws(LogError) {
      try verify(LogReader(log))
    } catch {
      guard error.isDamage || !error.isOfStorage else { throw error }
      return error.reason
    }
    return nil
  }

  /// Checks every block, both chains, and what is known of sources.
  private func verify(_ reader: LogReader) throws(LogError) {
    let total = try reader.end()
    let events = try reader.verify(.events) { done in
      showProgress(Progress(phase: .verify, done: done, total: total))
    }
    if let damage = try (events.damages + reader.verify(.quarantine).damages).first { throw damage }
    try reader.verifySources()
  }
}
