package import EventLog
package import Events
package import Ingest
package import Logging

/// Follows files until it is asked to stop: new lines are ingested, and projected, as they appear.
///
/// A full disk only pauses the ingest: once there is room the log is opened again, its end is
/// checked, and every source goes on from the position that the log has.
package final class FollowLoop {
  /// What the loop needs of its surroundings.
  package struct Surroundings {
    package var files: any FileSystem
    package var watch: ChangeWatch
    /// Files that may be held open.
    package var openMax: Int
    /// Opens the log again after a failure.
    package var openLog: () throws -> LogEnvironment
    /// The folder of the log, to which other processes may append too.
    package var logFolder: String
    package var now: () -> Timestamp
    package var isStopping: () -> Bool
    /// Brings the views closer to the log; returns whether they are behind still.
    package var project: (LogEnvironment) throws -> Bool
    package var tell: (FollowNote) -> Void
    package var logger: Logger
    /// The other tools' lines that are known.
    package var formats: FormatSet

    package init(
      files: any FileSystem, watch: ChangeWatch, openMax: Int,
      openLog: @escaping () throws -> LogEnvironment,
      logFolder: String, now: @escaping () -> Timestamp, isStopping: @escaping () -> Bool,
      project: @escaping (LogEnvironment) throws -> Bool, tell: @escaping (FollowNote) -> Void,
      logger: Logger = .silent, formats: FormatSet = .native
    ) {
      self.formats = formats
      self.files = files
      self.watch = watch
      self.openMax = openMax
      self.openLog = openLog
      self.logFolder = logFolder
      self.now = now
      self.isStopping = isStopping
      self.project = project
      self.tell = tell
      self.logger = logger
    }
  }

  private let paths: [String]
  private let stream: Stream?
  private let workers: Workers
  private let around: Surroundings
  private var report = IngestReport()
  /// What keeps the log from taking more lines; reported once.
  private var obstacle: LogError?
  private let reportedErrors = ReportedErrors()
  /// After a request to stop: until when lines are read that cannot be read later.
  private var leaveEnd: Timestamp?

  /// When the watched places were last compared with what is there now.
  private var watchCheck_ns: Int64 = 0

  private static let watchCheckInterval_ns: Int64 = 10_000_000_000
  /// How long to wait for room on a disk before the next attempt.
  private static let retryInterval_ms: Int32 = 1_000
  /// How long the other process is given after a collision.
  private static let collisionPause_ms: Int32 = 2
  /// After a request to stop: for how long lines are read that cannot be read later.
  private static let leave_ns: Int64 = 1_000_000_000
  /// Blocks at the end of the log that are checked after a failure.
  private static let checkedBlockCount = 64

  package init(
    paths: [String], stream: Stream?, workers: Workers, surroundings: Surroundings
  ) {
    self.paths = paths
    self.stream = stream
    self.workers = workers
    around = surroundings
  }

  /// Runs until it is asked to stop; what was taken by then is durable. Returns what it did, and
  /// what could not be read to the end.
  package func run() throws -> IngestReport {
    while !around.isStopping() {
      do {
        try follow()
      } catch LogError.sourceMoved {
        // Another process appended from one of the files, so that all positions are read again.
        around.logger.info("retry", metadata: ["cause": "another process took the same lines"])
        around.watch.pause(atMost_ms: Self.collisionPause_ms)
      } catch is SourceMoved {
        around.logger.info("retry", metadata: ["cause": "a source moved on in the log"])
        around.watch.pause(atMost_ms: Self.collisionPause_ms)
      } catch let error as LogError where error.isOfStorage {
        wait(for: error)
      }
    }
    report.failures = reportedErrors.descriptions
    return report
  }

  private func wait(for error: LogError) {
    around.logger.log(
      level: obstacle?.description == error.description ? .debug : .error, "following waits",
      metadata: ["path": "\(around.logFolder)", "cause": "\(error)"])
    if obstacle?.description != error.description {
      around.tell(.waiting("\(error.description). Following goes on by itself when it can"))
    }
    obstacle = error
    // Changes of the files meanwhile do not make it try the disk more often.
    around.watch.pause(atMost_ms: Self.retryInterval_ms)
  }

  private func follow() throws {
    let log = try around.openLog()
    if obstacle != nil {
      try LogReader(log).verifyEnd(blockCount: Self.checkedBlockCount)
      around.logger.notice(
        "log recovered",
        metadata: ["path": "\(around.logFolder)", "blocks": "\(Self.checkedBlockCount)"])
    }
    let intake = try Intake(
      log: log, workers: workers, stream: stream, formats: around.formats, now: around.now,
      report: report, logger: around.logger)
    defer { report = intake.report }
    let registry = SourceRegistry(LogSources(reader: LogReader(log), isStopping: isGivingUp))
    registry.commit = { try intake.commit() }
    intake.whenCommitted { [unowned registry] in registry.didCommit(revision: $0) }
    let follower = Follower(
      paths: paths, files: around.files, registry: registry, taker: intake, openMax: around.openMax,
      reportedErrors: reportedErrors, now: around.now, isStopping: around.isStopping)
    var changes = FileChanges.everything
    while true {
      // Files are watched before they are read, so that no change is missed between the two.
      if changes.isEverything || !changes.renamed.isEmpty {
        around.watch.watch(
          follower.folders().union([around.logFolder]), steps: follower.steps())
      }
      let isStopped = try follower.turn(changes)
      resume()
      tell(intake)
      if isStopped || around.isStopping() { return try leave(follower, intake) }
      if changes.isEverything || changes.isEmpty { try log.clearDeadReaders() }
      let isBehind = try around.project(log)
      changes = around.watch.wait(
        atMost_ms: isBehind || follower.isReading ? 0 : untilNextLook_ms(follower))
      if around.isStopping() { return try leave(follower, intake) }
      if follower.isSweepDue() || isWatchOutdated() { changes.isEverything = true }
    }
  }

  private func leave(_ follower: Follower, _ intake: Intake) throws {
    let end = Timestamp(nanoseconds: around.now().nanoseconds + Self.leave_ns)
    leaveEnd = end
    try follower.takeLeave(by: end)
    tell(intake)
  }

  /// Whether a watched place is another one now, because a file system was mounted over a folder,
  /// which causes no event. False when that was checked a moment ago.
  private func isWatchOutdated() -> Bool {
    let now = around.now().nanoseconds
    if now >= watchCheck_ns, now - watchCheck_ns < Self.watchCheckInterval_ns { return false }
    watchCheck_ns = now
    return around.watch.isOutdated()
  }

  /// Whether long work is given up: after a request to stop, or when the time for leaving is over.
  private func isGivingUp() -> Bool {
    leaveEnd.map { around.now() >= $0 } ?? around.isStopping()
  }

  private func untilNextLook_ms(_ follower: Follower) -> Int32 {
    guard let next = follower.nextLook else { return ChangeWatch.waitMax_ms }
    let left = (next.nanoseconds - around.now().nanoseconds) / 1_000_000 + 1
    return Int32(max(1, min(left, Int64(ChangeWatch.waitMax_ms))))
  }

  private func resume() {
    if obstacle != nil {
      around.logger.notice("following resumed", metadata: ["path": "\(around.logFolder)"])
      around.tell(.resumed)
    }
    obstacle = nil
  }

  private func tell(_ intake: Intake) {
    for note in intake.takeNotes() { around.tell(note) }
  }
}

/// What a follower reports while it runs.
package enum FollowNote: Sendable {
  case warning(String)
  case failure(String)
  /// It cannot take more at the moment.
  case waiting(String)
  case resumed
}
