internal import CGlibc
internal import EventLog
internal import Files
internal import Ingest
internal import Logging
internal import Pipeline

#if canImport(Glibc)
  internal import Glibc
#endif

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

/// Takes what files gain, as they gain it.
package struct FollowService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Follows files, folders and patterns until it is asked to stop, and keeps the views up to date.
  ///
  /// - Parameter tell: called with what a person should know.
  /// - Returns: what it did; the failures are what still could not be read at the end.
  @available(*, noasync)
  package func run(
    _ job: FollowJob, stop: any StopRequest, tell: @escaping (FollowMessage) -> Void
  ) throws(FoldlogError) -> IngestOutcome {
    let start = monotonicSeconds()
    let openMax = try followedFilesMax(isProjecting: job.isProjecting)
    return try store.reporting {
      try store.requireWritable()
      try store.directory.make()
      guard let lock = try FileLock(path: store.directory.followLock) else {
        throw FoldlogError(
          .locked,
          "another follower is running on \(store.directory.shown): give it these paths too")
      }
      defer { withExtendedLifetime(lock) {} }
      var paths = job.paths
      let discovery = DiscoverService(store)
      let absent = job.isDiscovering ? discovery.absentFolders() : []
      if job.isDiscovering {
        // Where no tool is yet, one may come.
        paths +=
          absent.isEmpty
          ? try discovery.foldersToTake(isFollowing: true)
          : try discovery.stores().map(\.folder)
      }
      for note in followingNotes(paths) { tell(.warning(note)) }
      paths += absent
      let views = FollowedViews(store, stop, tell)
      let spool = AdviceSpool(store)
      let loop = FollowLoop(
        paths: paths, stream: job.stream, workers: store.workers,
        surroundings: FollowLoop.Surroundings(
          files: DiskFiles(isTakingPipes: false),
          watch: ChangeWatch(wake: stop.descriptor, isPolling: store.configuration.isPolling),
          openMax: openMax, openLog: store.reopenLog, logFolder: store.directory.log,
          now: wallClock,
          isStopping: { stop.isRaised },
          project: { log in
            try spool.takeIn(log)
            return job.isProjecting ? try views.catchUp(log) : false
          },
          tell: { tell(FollowMessage($0)) }, logger: store.logger,
          formats: job.formats))
      store.logger.info(
        "following begins",
        metadata: ["paths": "\(paths.joined(separator: " "))", "files_max": "\(openMax)"])
      let report = try loop.run()
      store.logger.info(
        "following ends",
        metadata: ["events": "\(report.events)", "unread": "\(report.failures.count)"])
      return IngestOutcome(
        report, absent: [], projection: ProjectionOutcome(),
        elapsedSeconds: monotonicSeconds() - start)
    }
  }

  /// How many files a follower may hold open, of what the system lets this process open.
  ///
  /// - Throws: when they are too few.
  private func followedFilesMax(isProjecting: Bool) throws(FoldlogError) -> Int {
    let limit = descriptorLimit()
    let own =
      descriptorsInUse() + OwnDescriptors.always
      + (store.workers.threadCount > 1 ? OwnDescriptors.threads : 0)
      + (isProjecting ? OwnDescriptors.views(store.projectors.views.count) : 0)
      + Follower.passingMax
    if limit < own + Follower.openMin {
      throw FoldlogError(
        .inputOutput,
        "following needs \(own + Follower.openMin) open files, and the system gives this process "
          + "\(limit): raise the limit (`ulimit -n \(own + Follower.openMin)`, or more)")
    }
    return min(Follower.openLimit, limit - own)
  }
}

/// The views beside a follower: it holds the view-writer's lock from when it first gets it.
private final class FollowedViews {
  private let store: Store
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

  init(_ store: Store, _ stop: any StopRequest, _ tell: @escaping (FollowMessage) -> Void) {
    self.store = store
    self.stop = stop
    self.tell = tell
  }

  /// Folds some of what the log has and the views have not. Returns whether there is more.
  func catchUp(_ log: LogEnvironment) throws -> Bool {
    if lock == nil { lock = try FileLock(path: store.directory.writerLock) }
    guard lock != nil else { return false }
    do {
      guard
        let report = try ViewService(store).catchUp(
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
      store.closeViews()
      let text = "the views are not up to date: \(FoldlogError(error))"
      if failure != text {
        tell(.failure(text))
        store.logger.error(
          "views wait", error: error, metadata: ["path": "\(store.directory.views)"])
      }
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

// MARK: Open files

/// Descriptors that a follower needs beside those of the files that it follows.
private enum OwnDescriptors {
  /// Of an LMDB environment: its lock, twice, its data, and its data once more for writing.
  static let environment = 4
  /// The follower's lock, what tells of changes, the log, and one for a moment, as for settings.
  static let always = 2 + environment + 1
  /// Of the threads' library, which ends the process when it has none: three, and one for a moment.
  static let threads = 4
  /// Two locks, the catalogue, and at most a build for each view.
  static func views(_ count: Int) -> Int { 2 + environment + count * environment }
}

private func descriptorLimit() -> Int {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
    return .max
  }
  return Int(clamping: limit.rlim_cur)
}

/// Those that this process has, or was given. Where nobody can say: the three that every process has.
private func descriptorsInUse() -> Int {
  // One is that of the listing.
  (try? DiskFiles().names(in: "/proc/self/fd")).map { $0.count - 1 } ?? 3
}
