internal import Bytes
internal import Conversations
internal import EventLog
internal import Events
internal import Files
internal import Ingest
package import Logging
internal import Pipeline
internal import Projection
internal import ViewStore

/// A data directory, opened: the log, the views beside it and the settings, each when it is first
/// asked for. What is done with them are services over one store.
///
/// Belongs to one thread.
public final class Store {
  package let directory: DataDirectory
  /// What its views are folded by.
  public let projectors: ProjectorCatalogue
  /// As the file says it, or said it when it was last looked at.
  package private(set) var configuration: Configuration
  /// What a person should know of how the directory was found; to be told once.
  package let openingNotes: [String]
  package let notices = Notices()
  /// For what happens, as operators follow it; a library says nothing unless it is given one.
  let logger: Logger
  private var settingsStatus: FileStatus?
  private let logFile: LogFile
  private var views: ViewCatalogue?
  /// Whether the directory is where it was, or a copy.
  let copyCheck: CopyCheck
  /// Whether the builds of the views are of this log.
  private(set) lazy var buildCheck = BuildCheck(self)
  /// The session that was looked at last.
  let shelf = SessionShelf()
  /// Opens views for what answers from them.
  var reading: ViewReading { ViewReading(self) }

  /// Reads the settings, and takes the rights that others have to the data. Nothing is made until
  /// something is taken in.
  package init(
    directory: DataDirectory, projectors: ProjectorCatalogue = .builtIn,
    logger: Logger = .silent
  ) throws(FoldlogError) {
    let views = projectors.views
    if let taken = views.indices.first(where: { views[..<$0].contains(views[$0]) }) {
      throw FoldlogError(
        .usage, "two projectors have a view `\(views[taken])`: a view's name is its own")
    }
    self.logger = logger
    self.directory = directory
    self.projectors = projectors
    settingsStatus = DiskFiles().status(directory.settings)
    configuration = try Configuration(
      path: directory.settings, projectors: projectors,
      others: { Self.othersViews(in: directory, projectors) })
    logFile = LogFile(path: directory.log, mapSize: configuration.logMapSize)
    copyCheck = CopyCheck(directory, logFile, notices, logger)
    openingNotes = directory.narrowedIfThere()
  }

  /// Runs `body`, its errors in the terms of the command line.
  func reporting<Result>(_ body: () throws -> Result) throws(FoldlogError) -> Result {
    do { return try body() } catch { throw FoldlogError(error) }
  }

  var workers: Workers { Workers(threadCount: configuration.threadCount) }

  // MARK: The settings

  /// Reads the settings again if their file has changed.
  func refreshSettings() throws(FoldlogError) {
    let status = DiskFiles().status(directory.settings)
    if status == settingsStatus { return }
    configuration = try Configuration(
      path: directory.settings, projectors: projectors, others: othersViews)
    settingsStatus = status
  }

  /// Takes settings as if their file said so.
  func configure(_ text: String) throws(FoldlogError) {
    configuration = try Configuration(
      text: text, path: directory.settings, projectors: projectors, others: othersViews)
  }

  /// The views of the directory that are folded by projectors which are not known here.
  func othersViews() -> Set<String> { Self.othersViews(in: directory, projectors, views) }

  private static func othersViews(
    in directory: DataDirectory, _ projectors: ProjectorCatalogue, _ opened: ViewCatalogue? = nil
  ) -> Set<String> {
    // Where the catalogue cannot be read, no section is anybody's.
    let catalogue = opened ?? (try? ViewCatalogue(path: directory.views, isReadOnly: true))
    guard let entries = try? catalogue?.entries() else { return [] }
    return Set(entries.map(\.view)).subtracting(projectors.views)
  }

  // MARK: The log

  /// Throws unless something was ever taken in.
  func requireLog() throws(FoldlogError) {
    if DiskFiles().status("\(directory.log)/data.mdb") == nil {
      throw FoldlogError(
        .noInput, "there is no log in \(directory.shown): `foldlog ingest FILE` makes one")
    }
  }

  /// Throws where the data directory cannot be written, before anything is tried that would say so in
  /// other words.
  func requireWritable() throws(FoldlogError) {
    let log = writeRefusal("\(directory.log)/data.mdb")
    // Of a folder without rights, the files that are there may be written all the same.
    let folder = writeRefusal(directory.path).flatMap { $0.isReadOnly ? $0 : nil }
    guard let refusal = log ?? folder else { return }
    let reason = refusal.isReadOnly ? "its file system is mounted read-only" : refusal.reason
    throw FoldlogError(
      .inputOutput, "the data directory \(directory.shown) cannot be written: \(reason)")
  }

  func openLog() throws -> LogEnvironment {
    if let log = logFile.opened { return log }
    let isNew = !directory.hasLog
    try checkCopy()
    let log = try logFile.open()
    // What has no note, and is not empty, is a copy.
    if isNew { try copyCheck.notePlaceInLog() }
    return log
  }

  /// Opens the log for what writes to it, or folds it.
  func openWholeLog() throws -> LogEnvironment {
    let log = try openLog()
    try copyCheck.requireWholeLog()
    return log
  }

  /// Opens the log anew: what an environment saw fail is believed no more. Its map has the size that
  /// the settings name now.
  func reopenLog() throws -> LogEnvironment {
    logFile.close()
    logFile.mapSize = try Configuration(
      path: directory.settings, projectors: projectors, others: othersViews
    ).logMapSize
    return try openWholeLog()
  }

  /// The log is opened anew when it is next asked for.
  func closeLog() { logFile.close() }

  /// Looks, once a process, whether the data directory is a copy.
  private func checkCopy() throws {
    if copyCheck.isDone { return }
    if let views { return try copyCheck.run(with: views) }
    try copyCheck.runBeforeViews(
      mapSize: configuration.viewsMapSize, openViews: openCatalogueFile)
  }

  // MARK: The views

  var hasViews: Bool { DiskFiles().status(directory.views) != nil }

  /// The views are opened anew when they are next asked for.
  func closeViews() { views = nil }

  /// Opens the views, once those that are not of this log are folded again.
  ///
  /// - Parameters:
  ///   - isFolding: whether views are folded again, if need be; else that is told.
  ///   - isWaiting: whether another process that replays is waited for, if need be.
  ///   - isStopping: whether to give up.
  func openCatalogue(
    isFolding: Bool = true, isWaiting: Bool = true,
    isStopping: @escaping () -> Bool = { false }
  ) throws -> ViewCatalogue {
    // One that was deleted under us is let go of.
    if let views, views.isInPlace { return views }
    views = nil
    let opened = try openCatalogueFile()
    views = opened
    do {
      try checkCopy()
      try finishSwitch(opened)
      try buildCheck.run(
        opened, isFolding: isFolding, isWaiting: isWaiting, isStopping: isStopping)
    } catch {
      views = nil
      throw error
    }
    return opened
  }

  /// Opens the catalogue, or makes it anew when it cannot be read.
  func openCatalogueFile() throws -> ViewCatalogue {
    do { return try readableCatalogue() } catch {
      if case .absent = error {
        if ViewCatalogue.canBeMade(in: directory.views) { throw error }
        throw FoldlogError(
          .noInput,
          "there are no views at \(directory.shownViews), and they cannot be made here, for "
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
      notices.tell("the catalogue of the views cannot be read: \(error.reason)")
      logger.warning(
        "catalogue made anew",
        metadata: ["path": "\(directory.views)", "cause": "\(error.reason)"])
      ViewCatalogue.discardCatalogue(in: directory.views)
      return try readableCatalogue()
    }
  }

  private func readableCatalogue() throws(StoreError) -> ViewCatalogue {
    let catalogue = try ViewCatalogue(path: directory.views, mapSize: configuration.viewsMapSize)
    try catalogue.checkRecords()
    return catalogue
  }

  // MARK: Folding

  /// The views that are folded of those that are asked for.
  ///
  /// - Throws: when none of them is.
  func folded(of views: [String]) throws(FoldlogError) -> [String] {
    let folded = views.filter { !configuration.viewsOff.contains($0) }
    if let view = views.first, folded.isEmpty { throw offError(view) }
    let off = views.filter(configuration.viewsOff.contains).map { "`\($0)`" }
    if !off.isEmpty {
      notices.tellOnce(
        "off, and left as \(off.count == 1 ? "it is" : "they are"): \(off.joined(separator: ", "))")
    }
    return folded
  }

  /// That a view is off, and how it is taken up again.
  func offError(_ view: String) -> FoldlogError {
    FoldlogError(
      .noInput,
      "the view `\(view)` is off: its rows stay as they are, and are not answered from. Take it out of "
        + "`off` under [views] in \(shownPath(directory.settings)), and `foldlog project` builds it anew"
    )
  }

  /// What views are folded by: under the configured settings, or others.
  func plan(_ other: Configuration? = nil) throws -> FoldPlan {
    let configuration = other ?? configuration
    return FoldPlan(
      projectors: projectors.projectors, scoring: configuration.scoring,
      viewSettings: configuration.folding.views, settings: configuration.foldingText,
      skips: try LogReader(openLog()).skips(),
      formats: projectors.formats, prices: configuration.folding.prices.list,
      off: Set(configuration.viewsOff))
  }

  /// What a build was folded by, if it was by a program that folds as this one.
  func plan(of record: BuildRecord) throws -> FoldPlan {
    try plan(
      Configuration(text: record.settings, path: "the build's settings", projectors: projectors))
  }

  /// What folds and rebuilds, under the configured settings or by another plan.
  ///
  /// - Parameter name: that what is built is to be kept under; empty when it is to serve.
  func upkeep(
    _ plan: FoldPlan? = nil, phase: Progress.Phase, name: String = "",
    isStopping: @escaping () -> Bool = { false }, _ progress: @escaping (Progress) -> Void
  ) throws -> ViewUpkeep {
    let catalogue = try openCatalogue()
    try copyCheck.requireWholeLog()
    // Views of a copy go on only once it is noted that they are to be folded again.
    if copyCheck.isUnnotedCopy, catalogue.isChangeable {
      throw FoldlogError(
        .inputOutput,
        "the disk is full: \(directory.shown) has no room to note that it is a copy. "
          + "Make room, and run again")
    }
    let notes = ProgressNotes(catalogue, name: name)
    return ViewUpkeep(
      catalogue: catalogue, log: try openWholeLog(), plan: try plan ?? self.plan(),
      workers: workers,
      checkpointInterval: configuration.checkpointInterval,
      progress: { done, total in
        if isStopping() { throw FoldInterrupted() }
        try notes.note(done)
        progress(Progress(phase: phase, done: done, total: total))
      },
      begins: notes.begin, logger: logger)
  }

  func requireReplayLock() throws -> FileLock {
    guard let lock = try FileLock(path: directory.replayLock) else {
      throw FoldlogError(.locked, "another replay is running")
    }
    return lock
  }
}

/// The log's environment: opened once, and anew after it was closed.
final class LogFile {
  let path: String
  /// Counts from the next opening on.
  var mapSize: Int
  private(set) var opened: LogEnvironment?

  init(path: String, mapSize: Int) {
    self.path = path
    self.mapSize = mapSize
  }

  func open() throws(LogError) -> LogEnvironment {
    if let opened { return opened }
    let log = try LogEnvironment(path: path, mapSize: mapSize)
    opened = log
    return log
  }

  func close() { opened = nil }
}
