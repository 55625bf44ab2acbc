internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import ViewStore

// A data directory that was copied, perhaps while it was written, and a log that took another's place:
// nobody knows whether their pages are of one moment. The log and the catalogue both note where they
// were last used; a log without a note, and with lines, is a copy.

/// Where a log and the views beside it were last used; nil where nothing says it.
private struct PlaceNotes {
  var log: PlaceNote?
  var views: PlaceNote?

  /// Whether both are where they were. Of the log's file the catalogue knows, where there is one: a
  /// note in a file that was just compacted would leave free pages again.
  func areIn(_ place: PlaceNote) -> Bool {
    !areOfCopy(in: place) && (views ?? log)?.isSameLog(as: place) == true
  }

  /// Whether something came from another directory, or nobody knows from where.
  func areOfCopy(in place: PlaceNote) -> Bool {
    let notes = [log, views].compactMap(\.self)
    return notes.isEmpty || !notes.allSatisfy { $0.isSameDirectory(as: place) }
  }

  /// What was found, where they are somewhere else.
  func finding(in place: PlaceNote) -> String {
    if !areOfCopy(in: place) { return "the log is in another file than before" }
    guard let views, views.isIn(place) else { return "this data directory is a copy" }
    return "the log is a copy of another data directory's"
  }
}

extension PlaceNote {
  fileprivate func isIn(_ place: PlaceNote) -> Bool {
    isSameDirectory(as: place) && isSameLog(as: place)
  }
}

extension Foldlog {
  /// The same as `settle(with:)` for a command that has not opened the views; it does not make any.
  ///
  /// - Returns: whether views that are opened later need no look at this.
  func settleBeforeViews() throws -> Bool {
    guard directory.hasLog, let place = directory.place() else { return false }
    do {
      let views = try notedPlace()
      if PlaceNotes(log: placeInLog(), views: views).areIn(place), placeInLog() != nil,
        views != nil
      {
        return true
      }
      return try settle(with: openCatalogueFile())
    } catch let error as StoreError where error.isLoss {
      // Whoever opens the views makes the catalogue anew.
      _ = try settle(with: nil)
      return logDamage != nil
    }
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

  /// What the log itself says; nothing where its pages cannot be read.
  private func placeInLog() -> PlaceNote? {
    do {
      return try LogEnvironment.notedPlace(path: directory.log).map { try PlaceNote(bytes: $0) }
    } catch {
      return nil
    }
  }

  /// Notes in the log where it is.
  func notePlaceInLog() throws {
    guard let place = directory.place(), placeInLog()?.isIn(place) != true else { return }
    let log = try openSettledLog()
    if !log.isReadOnly { try log.note(place: place.bytes) }
  }

  /// Compares where the data directory is with where it was when it was last used. What came with a
  /// copy is looked at before it is used, once: the log now, builds when they are opened.
  ///
  /// - Parameter catalogue: nil where there is none.
  /// - Returns: false while there is no log.
  func settle(with catalogue: ViewCatalogue?) throws -> Bool {
    guard directory.hasLog, let place = directory.place() else { return false }
    if logDamage != nil { return true }
    func notes() throws -> PlaceNotes {
      PlaceNotes(log: placeInLog(), views: try catalogue?.place())
    }
    if try notes().areIn(place) {
      _ = try noteIfRoom(place, catalogue, copied: false)
      return true
    }
    let isChangeable = catalogue?.isChangeable ?? isWritable(directory.log)
    let lock = isChangeable ? try waitForLock(directory.placeLock) : nil
    defer { withExtendedLifetime(lock) {} }
    // Another process may have done it meanwhile.
    let notes = try notes()
    if notes.areIn(place) { return true }
    let isCopy = notes.areOfCopy(in: place)
    let damage = try findDamage()
    let what = notes.finding(in: place)
    if let damage, isCopy {
      useDamaged(what, damage)
      return true
    }
    let isEmpty = try notes.log == nil && damage == nil && isLogEmpty()
    let finding =
      damage.map { "is not whole: \($0); `foldlog log verify` lists what cannot be read" }
      ?? "is whole"
    if try isChangeable && !openSettledLog().isReadOnly,
      try noteIfRoom(place, catalogue, copied: isCopy && !isEmpty)
    {
      if !isEmpty { tell("\(what): its log was checked, and \(finding)") }
    } else if !isEmpty {
      isUnnotedCopy = isCopy
      tell(
        "\(what), and \(directory.shown) cannot be written to say so: its log was checked, and "
          + "\(finding); each command checks it again")
    }
    return true
  }

  /// Notes the place where it is not noted, the log's own note last: it says that all is done.
  private func note(_ place: PlaceNote, _ catalogue: ViewCatalogue?, copied: Bool) throws {
    if let catalogue, catalogue.isChangeable {
      if copied {
        try catalogue.forget(builds: Set(catalogue.unfinished().map(\.build)))
        catalogue.discardPasts()
      }
      if try copied || catalogue.place()?.isIn(place) != true {
        try catalogue.note(place, copied: copied ? Array(catalogue.usedBuilds()) : [])
      }
    }
    if let catalogue {
      if !catalogue.isChangeable || placeInLog()?.isSameDirectory(as: place) == true { return }
    }
    try notePlaceInLog()
  }

  private func isLogEmpty() throws -> Bool {
    let reader = LogReader(try openSettledLog())
    return try reader.end() == 0 && reader.end(of: .quarantine) == 0
  }

  /// Returns whether it is noted: who only reads is served where there is no room for that.
  private func noteIfRoom(
    _ place: PlaceNote, _ catalogue: ViewCatalogue?, copied: Bool
  ) throws -> Bool {
    do {
      try note(place, catalogue, copied: copied)
      return true
    } catch let error as StoreError where error.isDiskFull {
      return false
    } catch let error as LogError where error.isDiskFull {
      return false
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
