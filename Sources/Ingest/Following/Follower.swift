package import Events

/// Takes from files what they gain, whatever becomes of them: they grow, rotate, shrink, are rewritten,
/// come and go. Belongs to one thread, and never waits: whoever runs it knows when something changed.
///
/// A file that stood at a followed path before is read to its end before the one that stands there
/// now; files take turns, a chunk each.
package final class Follower {
  var paths: FollowedPaths
  let files: any FileSystem
  let registry: SourceRegistry
  let taker: any LineTaker
  let resolver: SourceResolver
  let now: () -> Timestamp
  let isStopping: () -> Bool
  /// Descriptors kept open between turns.
  let openMax: Int

  var tails: [FileID: Tail] = [:]
  /// Those that were opened, and may be open still.
  var opened: [Opening] = []
  /// Where sources were opened last.
  var places: [ObjectIdentifier: FileID] = [:]
  var skippedFiles = SkippedFiles()
  var watchedPlaces = WatchedPlaces()
  /// Files that were read, and stand nowhere any more.
  var missing: Set<FileID> = []
  /// Files that were found under names that nobody follows.
  var elsewhere: [FileID: String] = [:]
  var pendingFiles: PendingFiles
  /// Whether files changed places while they were looked at: all must be looked at again.
  var isOutdated = false
  /// Followed paths that wait for a newcomer which may have stood there before.
  var held: Set<String> = []
  /// What was followed when all was looked at, each path with its group.
  var standing: [String: FollowedPaths.Group] = [:]
  /// Followed paths that are links: nobody may tell of what they lead to.
  var linked: [String] = []
  /// When all was last looked at.
  var lastWholeLook = Timestamp(nanoseconds: .min)
  /// When was last looked for changes that nobody told of.
  private var lastSweep = Timestamp(nanoseconds: .min)
  /// Whether this turn looks at all files, not only at those that were written.
  var isWholeLook = false
  var looks = 0
  let reportedErrors: ReportedErrors
  /// When is looked again at what there was no descriptor for.
  var retry: Timestamp?
  /// What is to be read yet, by group.
  var queues: [Queue] = []

  /// A descriptor that may be held; who is not followed any more lets go of it.
  struct Opening {
    weak var tail: Tail?
  }

  /// The files of a group that are to be looked at, in their order.
  struct Queue {
    let group: FollowedPaths.Group
    /// Files of the group that were left out as copies of the base.
    var copies: [String] = []
    /// Whether others were left out because the base was as it had been read.
    var isPassedOver = false
    /// Whether it is read only if it goes on what was read of it: nobody follows its name.
    var isUnnamed = false
    var pending: ArraySlice<String> = []
    /// What is being read.
    var current: Tail?
    /// Chunks taken since its last turn began.
    var taken = 0
  }

  /// How often a path is looked at of which nothing was read, though a copy stands beside it.
  static let copyInterval_ns: Int64 = 250_000_000

  /// How much older than the last commit a file may be that was changed since: clocks of file systems
  /// are coarse.
  static let clockSlack: Int64 = 2_000_000_000

  /// - Parameters:
  ///   - openMax: descriptors that may be kept open between turns.
  ///   - quietPeriod: for how long files rest that turn up beside others.
  ///   - now: the clock that they rest by.
  package init(
    paths: [String], files: any FileSystem, registry: SourceRegistry, taker: any LineTaker,
    openMax: Int = openLimit, quietPeriod: QuietPeriod = .standard,
    reportedErrors: ReportedErrors = ReportedErrors(),
    now: @escaping () -> Timestamp, isStopping: @escaping () -> Bool = { false }
  ) {
    self.paths = FollowedPaths(paths: paths, files: files)
    self.files = files
    self.registry = registry
    self.taker = taker
    self.openMax = openMax
    self.reportedErrors = reportedErrors
    self.now = now
    self.isStopping = isStopping
    pendingFiles = PendingFiles(quietPeriod)
    reportedErrors.begin()
    resolver = SourceResolver(files: files, registry: registry, isFollowing: true)
    registry.finish = { [unowned self] source in try finishReading(source) }
  }

  /// When all is to be looked at again, whatever changes until then; nil for no need.
  package var nextLook: Timestamp? {
    isOutdated ? now() : [pendingFiles.nextEnd, retry].compactMap { $0 }.min()
  }

  /// How often is looked for changes that nobody told of, where that costs little: in files that are
  /// open, and may have lost their names, and where links lead.
  private static let sweepInterval_ns: Int64 = 10_000_000_000
  /// How often all is looked at though nothing was told.
  private static let wholeInterval_ns: Int64 = 120_000_000_000

  /// Whether all must be looked at though nobody told of changes.
  package func isSweepDue() -> Bool {
    let now = now()
    if !isWithin(Self.wholeInterval_ns, of: lastWholeLook, now) { return true }
    if isWithin(Self.sweepInterval_ns, of: lastSweep, now) { return false }
    lastSweep = now
    return hasUntoldChange()
  }

  /// No, when a clock was set back.
  private func isWithin(_ interval_ns: Int64, of before: Timestamp, _ now: Timestamp) -> Bool {
    let (passed, isOverflow) = now.nanoseconds.subtractingReportingOverflow(before.nanoseconds)
    return !isOverflow && passed >= 0 && passed < interval_ns
  }

  private func hasUntoldChange() -> Bool {
    let isOpenOther = opened.contains { opening in
      guard let session = opening.tail?.session, let known = session.status else { return false }
      let status = try? session.reader.file.status()
      return status?.size != known.size || status?.modified != known.modified
    }
    if isOpenOther { return true }
    return linked.contains { path in
      guard let status = files.status(path) else { return false }
      return tails[status.id]?.hasChanged(status) ?? true
    }
  }

  /// The folders to be watched.
  package func folders() -> Set<String> { paths.folders() }

  /// The names that lead to what is followed, each behind those that lead to its folder.
  package func steps() -> [WatchedName] { paths.steps() }

  /// Takes everything that is new, and commits it; lines that go on and on may be left to the next turn.
  /// Returns whether it was asked to stop meanwhile.
  package func turn(_ changes: FileChanges) throws -> Bool {
    looks += 1
    let left = queues
    do {
      try enqueue(changes)
      // A look at all files finds those, too; also one that must be had again first.
      if !isWholeLook, !isOutdated { goOn(with: left) }
      return try drain(leavingLines: true) ? stop() : finishTurn()
    } catch is FollowingStopped {
      return try stop()
    }
  }

  private func finishTurn() throws -> Bool {
    try taker.commit()
    closeLeastUsed()
    if isWholeLook {
      pendingFiles.forgetMissing(look: looks)
      reportedErrors.forgetMissing(look: looks) { files.status($0) != nil }
    }
    return false
  }

  private func stop() throws -> Bool {
    queues = []
    try taker.commit()
    return true
  }
}

/// Takes lines from a follower, and makes them durable with their sources' positions.
package protocol LineTaker: AnyObject {
  /// Takes what a session handed out; may commit by itself when it is much.
  func take(_ chunk: LineChunk, from session: SourceSession) throws
  /// Has a source committed that gives no lines.
  func touch(_ source: TrackedSource) throws
  /// Makes durable what was taken.
  func commit() throws
  /// Tells a person something about a source.
  func tell(_ message: String, isFailure: Bool)
  /// The file of a source has no name any more, or one that nobody follows.
  func lost(_ source: TrackedSource, path: String)
}

/// It was asked to stop in the middle of something that would take long, and gave that up. What was taken
/// from files stays taken; what was given up is begun anew by whoever follows next.
package struct FollowingStopped: Error {
  package init() {}
}
