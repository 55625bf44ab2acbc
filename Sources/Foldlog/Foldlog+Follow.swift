internal import CGlibc
internal import EventLog
package import Events
internal import Ingest
internal import Pipeline

/// Something that asks a long command to end.
package protocol StopRequest: AnyObject {
  /// Can be read once it is asked for.
  var descriptor: Int32 { get }
  var isRaised: Bool { get }
}

/// What following tells while it goes on.
package enum FollowMessage: Sendable {
  case warning(String)
  case failure(String)
  case views(ViewsReport)
}

extension Foldlog {
  /// Follows files, folders and patterns until it is asked to stop, and keeps the views up to date.
  ///
  /// - Parameter tell: called with what a person should know.
  /// - Returns: what it did; the failures are what still could not be read at the end.
  @available(*, noasync)
  package func follow(
    paths: [String], stream: Stream?, isProjecting: Bool, stop: any StopRequest,
    tell: @escaping (FollowMessage) -> Void
  ) throws(FoldlogError) -> IngestOutcome {
    let start = monotonicSeconds()
    try checkFollowed(paths)
    let openMax = try followedFilesMax(isProjecting: isProjecting)
    return try reporting {
      try directory.make()
      guard let lock = try FileLock(path: directory.followLock) else {
        throw FoldlogError(
          .locked, "another follower is running on \(directory.shown): give it these paths too")
      }
      defer { withExtendedLifetime(lock) {} }
      for note in followingNotes(paths) { tell(.warning(note)) }
      let views = FollowedViews(self, stop, tell)
      let loop = FollowLoop(
        paths: paths, stream: stream, workers: workers,
        surroundings: FollowLoop.Surroundings(
          files: DiskFiles(isTakingPipes: false),
          watch: ChangeWatch(wake: stop.descriptor, isPolling: configuration.isPolling),
          openMax: openMax, openLog: reopenLog, logFolder: directory.log, now: wallClock,
          isStopping: { stop.isRaised },
          project: { log in isProjecting ? try views.catchUp(log) : false },
          tell: { tell(FollowMessage($0)) }))
      let report = try loop.run()
      return IngestOutcome(
        report, absent: [], projection: ProjectionOutcome(),
        elapsedSeconds: monotonicSeconds() - start)
    }
  }

  private func checkFollowed(_ paths: [String]) throws(FoldlogError) {
    if paths.isEmpty || paths.contains("-") || paths.contains("") {
      throw FoldlogError(
        .usage, "--follow takes files, folders or patterns; a pipe is followed without it")
    }
  }
}

/// The views beside a follower: it holds the view-writer's lock from when it first gets it.
private final class FollowedViews {
  private let foldlog: Foldlog
  private let stop: any StopRequest
  private let tell: (FollowMessage) -> Void
  private var lock: FileLock?
  private var told: ViewsReport?
  /// What keeps the views back; told once.
  private var failure: String?
  private var foldedSinceTrim: UInt64 = 0

  /// Events after which memory is given back: each time costs some milliseconds.
  private static let trimMin: UInt64 = 1 << 12
  /// Events folded between two looks at the files.
  private static let sliceMax: UInt64 = 1 << 16

  init(_ foldlog: Foldlog, _ stop: any StopRequest, _ tell: @escaping (FollowMessage) -> Void) {
    self.foldlog = foldlog
    self.stop = stop
    self.tell = tell
  }

  /// Folds some of what the log has and the views have not. Returns whether there is more.
  func catchUp(_ log: LogEnvironment) throws -> Bool {
    if lock == nil { lock = try FileLock(path: foldlog.directory.writerLock) }
    guard lock != nil else { return false }
    do {
      guard
        let report = try foldlog.catchUp(
          atMost: Self.sliceMax, isStopping: { self.stop.isRaised })
      else { return false }
      tellOnce(report)
      failure = nil
      let isBehind = report.checkpoint < (try LogReader(log).end())
      giveBackMemory(after: report.folded, isBehind)
      return isBehind
    } catch let error as LogError {
      throw error
    } catch {
      // The lines are in the log whatever becomes of the views; these are believed again once they
      // are opened anew.
      foldlog.closeViews()
      let text = "the views are not up to date: \(FoldlogError(error))"
      if failure != text { tell(.failure(text)) }
      failure = text
      return false
    }
  }

  /// After a catch-up gives the memory that it needed back to the system: a follower idles for days.
  private func giveBackMemory(after folded: UInt64, _ isBehind: Bool) {
    foldedSinceTrim += folded
    if isBehind || foldedSinceTrim < Self.trimMin { return }
    foldedSinceTrim = 0
    _ = malloc_trim(0)
  }

  private func tellOnce(_ report: ViewsReport) {
    guard !report.outdated.isEmpty || !report.stopped.isEmpty else { return }
    if told?.outdated != report.outdated || told?.stopped != report.stopped { tell(.views(report)) }
    told = report
  }
}

extension FollowMessage {
  fileprivate init(_ note: FollowNote) {
    self =
      switch note {
      case .warning(let text): .warning(text)
      case .failure(let text), .waiting(let text): .failure(text)
      case .resumed: .warning("there is room again: following goes on")
      }
  }
}
