internal import Bytes
internal import Events
internal import Provenance

/// Reads files, a chunk each turn, and decides when a file that continues no source may be begun.
final class FileReader {
  private let context: FollowContext
  /// Files that may not be read yet.
  private(set) var pending: PendingFiles
  /// Followed paths that wait for a pending file which may have been there before.
  private var waitingPaths: Set<String> = []

  init(_ context: FollowContext, quietPeriod: QuietPeriod) {
    self.context = context
    pending = PendingFiles(quietPeriod)
  }

  /// Begins a look at all files.
  func clear() { waitingPaths = [] }

  /// Forgets pending files that were not met when all was looked at.
  func forgetMissing() { pending.forgetMissing(look: context.looks.number) }

  /// Whether a path is read later, by itself: its file is pending, or waits for another that is.
  func isWaiting(_ path: String) -> Bool { pending.contains(path) || waitingPaths.contains(path) }

  // MARK: Reading

  /// Takes a chunk of what a group reads, or goes on to its next file.
  func advance(_ queue: inout ReadQueues.Queue) throws {
    var path = queue.current?.path
    do {
      if let tail = queue.current, let session = tail.session {
        tail.lastUse = context.looks.number
        guard try isUnchanged(queue, tail, session) else {
          queue.current = nil
          return
        }
        if let chunk = try session.nextChunk() {
          queue.taken += 1
          try context.taker.take(chunk, from: session)
        } else if session.isInLine {
          queue.taken += 1
          tellWarnings(of: session)
        } else {
          finish(session)
          queue.current = nil
        }
        return
      }
      path = queue.pending.popFirst()
      if let path { queue.current = try visit(path, &queue) }
    } catch let error as IngestError {
      // What could not be read is opened anew.
      queue.current?.session = nil
      queue.current = nil
      if let path, error.code == .noDescriptor, context.open.makeRoom() {
        queue.pending = [path] + queue.pending
      } else {
        context.reporter.report(error)
      }
    }
  }

  /// Takes what is left of a source's file, which may have lost its name: the file that replaced it may
  /// hold lines of it.
  func finishReading(_ source: TrackedSource) throws {
    guard let (id, tail) = context.open.tail(of: source), let session = tail.session,
      try session.look(isTouched: true) == .grown
    else { return }
    // A file that was at its path before is read first.
    if source.isAtBase, source.content.position == 0,
      context.files.status(tail.path)?.id == id
    {
      return
    }
    // It is not there any more, or not as it was.
    source.isAtBase = false
    while true {
      if context.isStopping() { throw FollowingStopped() }
      if let chunk = try session.nextChunk() {
        try context.taker.take(chunk, from: session)
      } else if !session.isInLine {
        break
      }
    }
    finish(session)
  }

  /// Takes what a file gained that has lost its name.
  func finishUnnamed(_ tail: Tail, by deadline: Timestamp) throws {
    guard let session = tail.session, try session.look(isTouched: true) == .grown else { return }
    tail.source.isAtBase = false
    // Another process may have read the file that replaced it.
    try context.registry.refresh()
    if let given = try context.registry.linesGiven(since: tail.source) { session.leaveOut(given) }
    while context.looks.now() < deadline {
      if let chunk = try session.nextChunk() {
        try context.taker.take(chunk, from: session)
      } else if !session.isInLine {
        break
      }
    }
    finish(session)
  }

  private func finish(_ session: SourceSession) {
    if session.isRewritten { context.looks.isOutdated = true }
    tellWarnings(of: session)
    if let damage = session.damage {
      context.reporter.report(
        IngestError(.unreadable, path: session.name, reason: damage), isLasting: true)
    } else {
      context.reporter.errors.remove(session.name)
    }
  }

  private func tellWarnings(of session: SourceSession) {
    for warning in session.takeWarnings() {
      context.taker.tell("\(shownPath(session.name)): \(warning)", isFailure: false)
    }
  }

  // MARK: Opening

  /// Looks at the file at a path. Returns its tail, if it has something new.
  private func visit(_ path: String, _ queue: inout ReadQueues.Queue) throws -> Tail? {
    guard let status = context.files.status(path), status.isRegular else { return nil }
    guard let tail = context.open[status.id] else {
      if try context.skipped.isWithoutContent(status) || context.skipped.isLeftOut(status) {
        return nil
      }
      if let known = try context.registry.sources(at: status.id).first,
        known.content.file == status.id, isTaken(known.content, status), known.content.position > 0
      {
        // It is held open while there is room, since it may lose its name before it is written to.
        let isRoomless = known.content.position < status.size || context.open.isFull
        if isRoomless, isInFolder(known, path) { return nil }
      }
      return try begin(path, &queue)
    }
    tail.path = path
    tail.source.isAtBase = path == queue.group.base
    guard let session = tail.session else {
      return tail.hasChanged(status) ? try begin(path, &queue) : nil
    }
    switch try session.look(isTouched: false) {
    case .same: return nil
    case .grown: return tail
    case .rewritten:
      context.open.forget(status.id)
      return try begin(path, &queue)
    }
  }

  /// Whether a source's file was in the folder of a path when it was last read.
  private func isInFolder(_ source: TrackedSource, _ path: String) -> Bool {
    if source.content.path == path { return true }
    return splitPath(context.files.realPath(path) ?? path).folder == source.content.folder
  }

  /// Opens a file; nil when it is not read now.
  private func begin(_ path: String, _ queue: inout ReadQueues.Queue) throws -> Tail? {
    context.open.closeLeastUsed(room: 1)
    let base = try base(of: path, queue.group)
    let isBase = base == nil
    let current = queue
    let found = try context.resolver.open(path, rotatedFrom: base) {
      try mayBegin(path, $0, current)
    }
    switch found {
    case .pending: try hold(&queue, for: path)
    case .empty(let status): context.skipped.enterWithoutContent(status)
    case .partial(let status, let original):
      if context.skipped.enterWithoutContent(status) {
        context.taker.tell("\(shownPath(path)): \(partialNote(from: original))", isFailure: false)
      }
    case .copy(let original): context.skipped.leaveOut(path, copyOf: original)
    case .session: break
    }
    guard let session = found.session else { return nil }
    session.source.isAtBase = isBase
    if let base, session.source.isNew,
      let committed = try context.history.lastCommit(at: base)
        ?? context.history.lastCommitElsewhere(queue.group)
    {
      // Other files that were at the base before now are not read yet, and must not seem older than this
      // commit.
      session.source.content.committed = committed
    }
    let tail = Tail(path: path, session: session)
    tail.lastUse = context.looks.number
    context.open.enter(tail)
    // That it was seen, even empty, tells later which of the files beside it were at its path before.
    for source in session.sourcesToCommit { try context.taker.touch(source) }
    if session.source.content.position == 0 { try context.taker.touch(session.source) }
    if session.status?.size == 0, !isBase || queue.group.isFound {
      // It may be about to be filled with lines of another file: it is opened anew when it has content.
      tail.session = nil
      return nil
    }
    return tail
  }

  /// The followed path at which a file may have been before; nil when it is there. In a folder a rotated
  /// file may be found while no file has the name that it had.
  private func base(of path: String, _ group: FollowedPaths.Group) throws -> String? {
    if path != group.base { return group.base }
    if !group.isFound { return nil }
    let realPath = context.files.realPath(path) ?? path
    return try context.registry.shortestRealPath(beginning: realPath)
  }

  // MARK: Waiting

  /// Whether a file that continues no source may be read now.
  private func mayBegin(
    _ path: String, _ file: NewFile, _ queue: ReadQueues.Queue
  ) throws -> Bool {
    let looks = context.looks
    if queue.isUnnamed { return false }
    if !looks.isWhole {
      // The file that was there before is looked for first, in all files.
      looks.isOutdated = true
      return false
    }
    if file.kind == .rewritten {
      return pending.isStable(
        path, file.status, at: looks.now(), look: looks.number, isRewritten: true)
    }
    let isBase = path == queue.group.base
    if isBase, !queue.group.isFound {
      // The file that was here before must be among those that were found beside it.
      if try isGroupUnchanged(queue) { return true }
      looks.isOutdated = true
      return false
    }
    if file.kind != .unknown || file.status.size == 0 { return true }
    if isBase, try wasRotated(queue.group) { return true }
    return pending.isStable(path, file.status, at: looks.now(), look: looks.number)
  }

  /// Whether lines were taken from a file beside a followed path, whose name begins with that path's.
  private func wasRotated(_ group: FollowedPaths.Group) throws -> Bool {
    try group.siblings.contains { sibling in
      try context.registry.sources(at: sibling.status.id).contains { $0.content.position > 0 }
    }
  }

  /// Whether a followed path has the same files beside it once the first bytes of its file were read.
  /// Otherwise the file that was there before may have been copied, or renamed, meanwhile.
  private func isUnchanged(
    _ queue: ReadQueues.Queue, _ tail: Tail, _ session: SourceSession
  ) throws -> Bool {
    guard tail.source.isAtBase, tail.source.content.position == 0, !queue.group.isFound else {
      return true
    }
    try session.readAhead()
    if try session.isRewritten || isGroupUnchanged(queue) { return true }
    tail.session = nil
    context.looks.isOutdated = true
    return false
  }

  /// Whether a followed path has the same files beside it as when it was looked at, none of them was left
  /// out because of what the path's file was then, and those that were copies of it are so still.
  private func isGroupUnchanged(_ queue: ReadQueues.Queue) throws -> Bool {
    let base = queue.group.base
    guard !queue.isPassedOver, try context.paths.isAsItWas(queue.group) else { return false }
    return try queue.copies.allSatisfy { try context.files.isCopy($0, of: base) }
  }

  /// Has a followed path wait for a file that may have been there before.
  private func hold(_ queue: inout ReadQueues.Queue, for path: String) throws {
    let base = queue.group.base
    if path == base { return }
    if let status = context.files.status(base),
      try context.history.state(of: base, status, []) == .intact
    {
      return
    }
    // The time of files that come later in the group passes meanwhile, in case they are new too.
    for later in queue.pending {
      guard let status = context.files.status(later), status.size > 0 else { continue }
      pending.hold(later, status, at: context.looks.now(), look: context.looks.number)
    }
    queue.pending = []
    waitingPaths.insert(base)
  }
}
