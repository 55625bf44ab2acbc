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
      try checkLog()
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
    try checkLog()
    let what =
      isCopy ? "this data directory is a copy" : "the log is in another file than before"
    if try note(place, isCopy: isCopy, in: catalogue) {
      tell("\(what): its log was checked, and is whole")
    } else {
      isUnnotedCopy = isCopy
      tell(
        "\(what), and \(directory.views) cannot be written to say so: its log was checked, and is "
          + "whole; each command checks it again")
    }
    return true
  }

  /// Returns whether it is noted: who only reads is served where it cannot be, or has no room.
  private func note(
    _ place: PlaceNote, isCopy: Bool, in catalogue: ViewCatalogue
  ) throws -> Bool {
    guard catalogue.isChangeable else { return false }
    do {
      if isCopy {
        try catalogue.forget(builds: Set(catalogue.unfinished().map(\.build)))
        catalogue.discardPasts()
      }
      try catalogue.note(place, copied: isCopy ? Array(catalogue.usedBuilds()) : [])
      return true
    } catch {
      if error.isDiskFull { return false }
      throw error
    }
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

  /// Checks all of the log before it is used.
  private func checkLog() throws {
    defer { showProgress(nil) }
    do {
      try verifyWholeLog()
    } catch let error as LogError where error.isDamage || !error.isOfStorage {
      throw FoldlogError(
        .badData,
        "the log in \(directory.log) was copied or put there, and is not whole: \(error.reason). "
          + "It is not used: copy it again while nothing writes to it, or ingest the files anew into "
          + "an empty data directory")
    }
  }

  /// Checks every page of the log's file before it is mapped, then every block, both chains, and what
  /// is known of sources.
  private func verifyWholeLog() throws {
    try LogEnvironment.checkPages(path: directory.log)
    let reader = LogReader(try openSettledLog())
    let total = try reader.end()
    let events = try reader.verify(.events) { done in
      showProgress(Progress(phase: .verify, done: done, total: total))
    }
    if let damage = try (events.damages + reader.verify(.quarantine).damages).first { throw damage }
    try reader.verifySources()
  }
}
