internal import EventLog
internal import Events
internal import Ingest
internal import Pipeline
internal import Projection
internal import ViewStore
package import Views

/// A data directory, opened: everything that the command line can ask for.
///
/// The one place where all parts meet. Belongs to one thread.
package final class Foldlog {
  package let directory: DataDirectory
  /// As the file says it, or said it when it was last looked at.
  package private(set) var configuration: Configuration
  /// What a person should know of how it was found; to be told once.
  package let notes: [String]
  private var settingsStatus: FileStatus?
  private var log: LogEnvironment?
  private var catalogue: ViewCatalogue?
  private var logMapSize: Int
  /// Called with what a person should know beside the answer.
  package var tell: (String) -> Void = { _ in }
  /// Called while views are folded, or a log is checked, that nobody asked for; nil when it is done.
  package var showProgress: (Progress?) -> Void = { _ in }
  /// What was told already.
  private var told: Set<String> = []
  /// Whether the directory was found to be where it was, or what came with a copy was looked at.
  private var isSettled = false
  /// Builds that are not to be used, and why.
  var unfitBuilds: [String: String] = [:]
  /// Whether all builds are those of a copy, though the catalogue cannot say so.
  var isUnnotedCopy = false
  /// Why the log, which came with a copy, is not whole: it is read, and nothing else.
  var logDamage: String?

  /// Reads the settings, and takes the rights that others have to the data. Nothing is made until
  /// something is taken in.
  package init(directory: DataDirectory) throws(FoldlogError) {
    self.directory = directory
    settingsStatus = DiskFiles().status(directory.settings)
    configuration = try Configuration(path: directory.settings)
    logMapSize = configuration.logMapSize
    notes = directory.narrowedIfThere()
  }

  var workers: Workers { Workers(threadCount: configuration.threadCount) }

  /// Reads the settings again if their file has changed.
  func refreshSettings() throws(FoldlogError) {
    let status = DiskFiles().status(directory.settings)
    if status == settingsStatus { return }
    configuration = try Configuration(path: directory.settings)
    settingsStatus = status
  }

  /// Takes settings as if their file said so.
  func configure(_ text: String) throws(FoldlogError) {
    configuration = try Configuration(text: text, path: directory.settings)
  }

  /// What views are folded by: under the configured settings, or others.
  func plan(_ other: Configuration? = nil) throws -> FoldPlan {
    let configuration = other ?? configuration
    return FoldPlan(
      projectors: projectorCatalogue, scoring: configuration.scoring,
      viewSettings: configuration.folding.views, settings: configuration.foldingText,
      skips: try LogReader(openLog()).skips())
  }

  /// What a build was folded by, if it was by a program that folds as this one.
  func plan(of record: BuildRecord) throws -> FoldPlan {
    try plan(Configuration(text: record.settings, path: "the build's settings"))
  }

  /// Every table that can be asked for, those of one view side by side.
  package static var answers: [any AnswerTable] { projectorCatalogue.flatMap { $0.view.tables } }

  /// The names of all views, in the order of the catalogue.
  package static var views: [String] { projectorCatalogue.map { $0.view.name } }

  /// Each view with the sentence that says what it tells.
  package static var viewSentences: [(name: String, about: String)] {
    projectorCatalogue.map { ($0.view.name, $0.view.about) }
  }

  func openLog() throws -> LogEnvironment {
    if let log { return log }
    let isNew = !directory.hasLog
    try settle()
    let log = try openSettledLog()
    // What has no note, and is not empty, is a copy.
    if isNew { try notePlaceInLog() }
    return log
  }

  /// Opens the log for what writes to it, or folds it.
  func openWholeLog() throws -> LogEnvironment {
    let log = try openLog()
    try requireWholeLog()
    return log
  }

  func openSettledLog() throws(LogError) -> LogEnvironment {
    if let log { return log }
    let log = try LogEnvironment(path: directory.log, mapSize: logMapSize)
    self.log = log
    return log
  }

  /// Looks, once a process, whether the data directory is a copy.
  private func settle() throws {
    if isSettled { return }
    if let catalogue {
      isSettled = try settle(with: catalogue)
    } else {
      isSettled = try settleBeforeViews()
    }
  }

  /// Opens the log anew: what an environment saw fail is believed no more. Its map has the size that
  /// the settings name now.
  func reopenLog() throws -> LogEnvironment {
    log = nil
    logMapSize = try Configuration(path: directory.settings).logMapSize
    return try openWholeLog()
  }

  /// The log is opened anew when it is next asked for.
  func closeLog() { log = nil }

  var hasViews: Bool { DiskFiles().status(directory.views) != nil }

  /// The views are opened anew when they are next asked for.
  func closeViews() { catalogue = nil }

  /// Opens the views, once those that do not fit the log are folded again.
  ///
  /// - Parameters:
  ///   - isWaiting: whether another process that replays is waited for, if need be.
  ///   - isStopping: whether to give up.
  func openCatalogue(
    isWaiting: Bool = true, isStopping: @escaping () -> Bool = { false }
  ) throws -> ViewCatalogue {
    // One that was deleted under us is let go of.
    if let catalogue, catalogue.isInPlace { return catalogue }
    catalogue = nil
    let opened = try openCatalogueFile()
    catalogue = opened
    do {
      try settle()
      try finishSwitch(opened)
      try mend(opened, isWaiting: isWaiting, isStopping: isStopping)
    } catch {
      catalogue = nil
      throw error
    }
    return opened
  }

  /// Tells a sentence, unless it was told already.
  func tellOnce(_ text: String) { if told.insert(text).inserted { tell(text) } }

  /// Throws unless something was ever taken in.
  func requireLog() throws(FoldlogError) {
    if DiskFiles().status("\(directory.log)/data.mdb") == nil {
      throw FoldlogError(
        .noInput, "there is no log in \(directory.shown): `foldlog ingest FILE` makes one")
    }
  }

  /// Runs `body`, its errors in the terms of the command line.
  func reporting<Result>(_ body: () throws -> Result) throws(FoldlogError) -> Result {
    do { return try body() } catch { throw FoldlogError(error) }
  }
}
