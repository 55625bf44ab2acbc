internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import Logging
internal import ViewStore

/// Finds out whether a data directory is where it was when it was last used. A copy, or a log that took
/// another's place, is checked before it is used: its log at once, its builds when they are opened.
final class CopyCheck {
  /// What is known of the directory.
  private enum State {
    /// Nothing yet, or nothing of the views: it is looked at when the log or the views are opened.
    case unchecked
    /// It is where it was; or what came with a copy was checked, and the catalogue names its builds.
    case checked
    /// It is a copy, which could not be noted: every build counts as one that came with it.
    case unnotedCopy
    /// It is a copy, and its log is not whole, for this reason: the log is read, and nothing else.
    /// Nothing is noted, so that each command says so.
    case damagedCopy(String)
  }

  private let directory: DataDirectory
  private let log: LogFile
  private let notices: Notices
  private let logger: Logger
  private var state = State.unchecked

  init(_ directory: DataDirectory, _ log: LogFile, _ notices: Notices, _ logger: Logger) {
    self.logger = logger
    self.directory = directory
    self.log = log
    self.notices = notices
  }

  var isDone: Bool { if case .unchecked = state { false } else { true } }

  /// Whether all builds are those of a copy, though the catalogue cannot say so.
  var isUnnotedCopy: Bool {
    switch state {
    case .unnotedCopy, .damagedCopy: true
    case .unchecked, .checked: false
    }
  }

  /// Why the log, which came with a copy, is not whole; nil where it is.
  var logDamage: String? { if case .damagedCopy(let damage) = state { damage } else { nil } }

  /// Throws where the log came with a copy, and is not whole.
  func requireWholeLog() throws(FoldlogError) {
    guard let logDamage else { return }
    throw FoldlogError(
      .badData, "the log in \(shownPath(directory.log)) is not whole: \(logDamage). \(Self.remedy)")
  }

  private static let remedy =
    "It takes no lines, and no views are folded from it: copy it again while nothing writes to it, "
    + "or ingest the files, or what `foldlog log export` gives, anew into an empty data directory"

  // MARK: Looking

  /// The same as `run(with:)` for a command that has not opened the views; it does not make any. It is
  /// done only where views that are opened later need no look.
  func runBeforeViews(mapSize: Int, openViews: () throws -> ViewCatalogue) throws {
    guard directory.hasLog, let place = directory.place() else { return }
    do {
      let views = try ViewCatalogue(path: directory.views, isReadOnly: true, mapSize: mapSize)
        .place()
      let inLog = placeInLog()
      if PlaceNotes(log: inLog, views: views).areIn(place), inLog != nil, views != nil {
        state = .checked
        return
      }
      try run(with: openViews())
    } catch let error as StoreError where error.isLoss {
      // Whoever opens the views makes the catalogue anew.
      try run(with: nil)
      if logDamage == nil { state = .unchecked }
    }
  }

  /// Compares where the data directory is with where it was when it was last used. What came with a
  /// copy is looked at before it is used, once: the log now, builds when they are opened.
  ///
  /// - Parameter catalogue: nil where there is none.
  func run(with catalogue: ViewCatalogue?) throws {
    // While there is no log, there is nothing to be a copy.
    guard directory.hasLog, let place = directory.place() else { return }
    if logDamage != nil { return }
    func notes() throws -> PlaceNotes {
      PlaceNotes(log: placeInLog(), views: try catalogue?.place())
    }
    if try notes().areIn(place) {
      _ = try noteIfRoom(place, catalogue, copied: false)
      state = .checked
      return
    }
    let isChangeable = catalogue?.isChangeable ?? isWritable(directory.log)
    let lock = isChangeable ? try waitForLock(directory.placeLock) : nil
    defer { withExtendedLifetime(lock) {} }
    // Another process may have done it meanwhile.
    let found = try notes()
    state = found.areIn(place) ? .checked : try check(found, place, catalogue, isChangeable)
  }

  private func check(
    _ notes: PlaceNotes, _ place: PlaceNote, _ catalogue: ViewCatalogue?, _ isChangeable: Bool
  ) throws -> State {
    let isCopy = notes.areOfCopy(in: place)
    let damage = try findDamage()
    let what = notes.finding(in: place)
    logger.log(
      level: damage == nil ? .notice : .error, "data directory checked",
      metadata: [
        "path": "\(directory.path)", "cause": "\(what)", "damage": "\(damage ?? "none")",
      ])
    if let damage, isCopy {
      notices.tell(
        "\(what), and its log is not whole: \(damage). What can be read of it is shown and exported, "
          + "and `foldlog log verify` lists what cannot. \(Self.remedy)")
      return .damagedCopy(damage)
    }
    let isEmpty = try notes.log == nil && damage == nil && isLogEmpty()
    let finding =
      damage.map { "is not whole: \($0); `foldlog log verify` lists what cannot be read" }
      ?? "is whole"
    if try isChangeable && !log.open().isReadOnly,
      try noteIfRoom(place, catalogue, copied: isCopy && !isEmpty)
    {
      if !isEmpty { notices.tell("\(what): its log was checked, and \(finding)") }
      return .checked
    }
    if isEmpty { return .checked }
    notices.tell(
      "\(what), and \(directory.shown) cannot be written to say so: its log was checked, and "
        + "\(finding); each command checks it again")
    return isCopy ? .unnotedCopy : .checked
  }

  private func isLogEmpty() throws -> Bool {
    let reader = LogReader(try log.open())
    return try reader.end() == 0 && reader.end(of: .quarantine) == 0
  }

  private func waitForLock(_ path: String) throws -> FileLock {
    while true {
      if let lock = try FileLock(path: path) { return lock }
      pause(milliseconds: 20)
    }
  }

  // MARK: Notes

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
    let log = try log.open()
    if !log.isReadOnly { try log.note(place: place.bytes) }
  }

  /// Returns whether it is noted: who only reads is served where there is no room for that.
  private func noteIfRoom(
    _ place: PlaceNote, _ catalogue: ViewCatalogue?, copied: Bool
  ) throws -> Bool {
    do {
      try note(place, catalogue, copied: copied)
      return true
    } catch  where error.isOfFullDisk {
      return false
    }
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

  // MARK: Damage

  /// Checks all of the log before it is used. Its pages come first, before they are mapped: a log
  /// whose pages are damaged cannot be opened.
  ///
  /// - Returns: the first damage of what the pages hold.
  private func findDamage() throws -> String? {
    defer { notices.showProgress(nil) }
    let opened: LogEnvironment
    do throws(LogError) {
      try LogEnvironment.checkPages(path: directory.log)
      opened = try log.open()
    } catch {
      guard error.isDamage || !error.isOfStorage else { throw error }
      throw FoldlogError(
        .badData,
        "the log in \(shownPath(directory.log)) was copied or put there, and is not whole: "
          + "\(error.reason). It is not used: copy it again while nothing writes to it, or ingest "
          + "the files anew into an empty data directory")
    }
    do throws(LogError) {
      try verify(LogReader(opened))
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
      notices.showProgress(Progress(phase: .verify, done: done, total: total))
    }
    if let damage = try (events.damages + reader.verify(.quarantine).damages).first { throw damage }
    try reader.verifySources()
  }
}
