internal import Bytes
package import Events
internal import Provenance

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

/// The follower was asked to stop in the middle of something that would take long, and gave that up.
///
/// What was taken from files stays taken; what was given up is begun anew by whoever follows next.
package struct FollowingStopped: Error {
  package init() {}
}

/// What the parts of a follower have in common.
struct FollowContext {
  let files: any FileSystem
  let paths: FollowedPaths
  let registry: SourceRegistry
  let resolver: SourceResolver
  let taker: any LineTaker
  let looks: LookSchedule
  let open: OpenFiles
  let history: BaseHistory
  let skipped: SkippedFiles
  let reporter: ErrorReporter
  let isStopping: () -> Bool
}

/// Takes from files what they gain, whatever becomes of them: they grow, rotate, shrink, are rewritten,
/// come and go. Belongs to one thread, and never waits: whoever runs it knows when something changed.
///
/// A file that was at a followed path before is read to its end before the one that is there now; files
/// take turns, a chunk each. `GroupPlanner` and `UnnamedFiles` decide what is read, `FileReader` reads it,
/// `OpenFiles` keeps the number of descriptors low.
package final class Follower {
  /// Descriptors that a look at a file needs for a moment, beside that of the file itself: of others
  /// that it is compared with, and of their folder.
  package static let passingMax = 3
  /// Descriptors kept open between turns, however many there are.
  package static let openLimit = 100
  /// With fewer, files that lost their names would not be kept open.
  package static let openMin = 8

  private let context: FollowContext
  private let queues: ReadQueues
  private let planner: GroupPlanner
  private let unnamed: UnnamedFiles
  private let reader: FileReader

  /// - Parameters:
  ///   - openMax: descriptors that may be kept open between turns.
  ///   - quietPeriod: for how long files must not change that turn up beside others.
  ///   - now: the clock for that.
  package init(
    paths: [String], files: any FileSystem, registry: SourceRegistry, taker: any LineTaker,
    openMax: Int = openLimit, quietPeriod: QuietPeriod = .standard,
    reportedErrors: ReportedErrors = ReportedErrors(), now: @escaping () -> Timestamp,
    isStopping: @escaping () -> Bool = { false }
  ) {
    queues = ReadQueues(openMax: openMax)
    let looks = LookSchedule(now: now)
    let open = OpenFiles(files: files, queues: queues, openMax: openMax)
    let resolver = SourceResolver(files: files, registry: registry, isFollowing: true)
    let history = BaseHistory(files: files, registry: registry, resolver: resolver, open: open)
    context = FollowContext(
      files: files, paths: FollowedPaths(paths: paths, files: files), registry: registry,
      resolver: resolver, taker: taker, looks: looks, open: open, history: history,
      skipped: SkippedFiles(files: files, history: history),
      reporter: ErrorReporter(errors: reportedErrors, taker: taker, open: open, looks: looks),
      isStopping: isStopping)
    planner = GroupPlanner(context)
    unnamed = UnnamedFiles(context)
    reader = FileReader(context, quietPeriod: quietPeriod)
    reportedErrors.resetLooks()
    registry.finish = { [unowned reader] source in try reader.finishReading(source) }
  }

  /// The folders to be watched.
  package func folders() -> Set<String> { context.paths.folders() }

  /// The names that lead to what is followed, each behind those that lead to its folder.
  package func steps() -> [WatchedName] { context.paths.steps() }

  // MARK: When to look

  /// When all is to be looked at again, whatever changes until then; nil for no need.
  package var nextLook: Timestamp? {
    let looks = context.looks
    return looks.isOutdated
      ? looks.now() : [reader.pending.nextEnd, looks.retry].compactMap { $0 }.min()
  }

  /// Whether all must be looked at though nobody told of changes.
  package func isSweepDue() -> Bool {
    context.looks.isSweepDue { context.open.hasUntoldChange() || planner.hasUntoldChange() }
  }

  // MARK: A turn

  /// Takes everything that is new, and commits it; lines that go on and on may be left to the next turn.
  /// Returns whether it was asked to stop meanwhile.
  package func turn(_ changes: FileChanges) throws -> Bool {
    let looks = context.looks
    looks.begin()
    let left = queues.all
    do {
      try enqueue(changes)
      // A look at all files finds these lines too; so does the next one, if this one was given up.
      if !looks.isWhole, !looks.isOutdated { queues.goOn(with: left) }
      return try drain(leavingLines: true) ? stop() : finishTurn()
    } catch is FollowingStopped {
      return try stop()
    }
  }

  private func finishTurn() throws -> Bool {
    try context.taker.commit()
    context.open.closeLeastUsed()
    if context.looks.isWhole {
      reader.forgetMissing()
      context.reporter.errors.forgetMissing(look: context.looks.number) {
        context.files.status($0) != nil
      }
    }
    return false
  }

  private func stop() throws -> Bool {
    queues.all = []
    try context.taker.commit()
    return true
  }

  /// Queues what is to be looked at, in order.
  private func enqueue(_ changes: FileChanges) throws {
    let looks = context.looks
    if let touched = touchedAlone(changes) {
      queues.all = touched
      looks.endWhole()
      return
    }
    let isFirst = looks.beginWhole()
    try context.registry.refresh()
    reader.clear()
    looks.clear()
    planner.clear()
    context.paths.locate()
    let groups = planner.currentGroups()
    if isFirst || changes.isEverything { unnamed.updateWatchedPlaces(groups) }
    // Files without a followed name come first: the files that replaced them may hold lines of theirs.
    queues.all = try unnamed.queues(groups)
    if try drain() { return }
    // While it is not sure where one of them is, no file is read that may have replaced it.
    if looks.isOutdated {
      looks.endWhole()
      return
    }
    queues.all = try groups.compactMap { group in
      do { return try planner.queue(of: group, changes.written) } catch let error as IngestError {
        // What cannot be looked at may still be there: the group waits.
        context.reporter.report(error)
        return nil
      }
    }
  }

  /// What is to be read when nothing changed but what known files hold; nil when more may have.
  private func touchedAlone(_ changes: FileChanges) -> [ReadQueues.Queue]? {
    let paths = context.paths
    let isDue = nextLook.map { $0 <= context.looks.now() } ?? false
    if changes.isEverything || isDue || changes.renamed.contains(where: paths.concerns) {
      return nil
    }
    return queuesOfKnown(
      changes.written.filter {
        (paths.concerns($0) || unnamed.contains($0)) && !reader.isWaiting($0)
      })
  }

  /// Queues of files that were followed when all was looked at: a common write needs no look at
  /// folders. Nil when one of the paths is none of them, or has another file than then.
  private func queuesOfKnown(_ written: Set<String>) -> [ReadQueues.Queue]? {
    var found: [ReadQueues.Queue] = []
    for path in written.sorted() {
      guard let status = context.files.status(path), status.isRegular else { return nil }
      guard let tail = context.open[status.id], let session = tail.session, tail.path == path
      else {
        guard let group = planner.group(at: path) else { return nil }
        // It is opened when its turn comes, and read if it continues what was read of it.
        found.append(ReadQueues.Queue(group: group, pending: [path], current: nil))
        continue
      }
      // Before anything is read of a file, the one that was at its path before is looked for.
      if tail.source.content.position == 0 { return nil }
      guard let growth = try? session.look(isTouched: true), growth != .rewritten else {
        return nil
      }
      if growth == .grown {
        let alone = FollowedPaths.Group(base: path, isFound: true)
        found.append(ReadQueues.Queue(group: alone, pending: [], current: tail))
      }
    }
    return found
  }

  // MARK: Reading

  /// Whether there is more to read at once, though a turn ended: lines go on whose ends were not read.
  package var isReading: Bool { !queues.all.isEmpty }

  /// Reads what is queued, in turns. Returns whether it was asked to stop meanwhile.
  ///
  /// - Parameter isLeavingLines: whether it also ends when nothing is left but lines that go on. Then what
  ///   others gave can be committed, and files that were written to meanwhile have a turn.
  private func drain(leavingLines isLeavingLines: Bool = false) throws -> Bool {
    var rounds = 0
    while !queues.all.isEmpty {
      for index in queues.active {
        if context.isStopping() { return true }
        var queue = queues.all[index]
        try reader.advance(&queue)
        queues.all[index] = queue
      }
      queues.giveWay()
      rounds = queues.holdsOnlyLines ? rounds + 1 : 0
      if isLeavingLines, rounds >= ReadQueues.turnLength { return false }
    }
    return false
  }

  /// Takes what files gained that are open and have lost their names, and commits it. Nobody tells of
  /// writes to them, and nobody can read them once this process has ended.
  ///
  /// - Parameter deadline: what was not read by then is left.
  package func takeLeave(by deadline: Timestamp) throws {
    queues.all = []
    let open = context.open.openTails()
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for tail in open where context.looks.now() < deadline && hasLostName(tail) {
      do { try reader.finishUnnamed(tail, by: deadline) } catch let error as IngestError {
        context.reporter.report(error)
      } catch is FollowingStopped {
        break
      }
    }
    try context.taker.commit()
  }

  private func hasLostName(_ tail: Tail) -> Bool {
    guard let id = tail.session?.status?.id, context.open[id] === tail else { return false }
    return context.files.status(tail.path)?.id != id
  }
}
