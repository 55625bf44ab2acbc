internal import Bytes
internal import Events
internal import Provenance

/// Reading, a chunk each turn, with no more descriptors than may be open.
extension Follower {
  /// Takes a chunk of what a group reads, or goes on to its next file.
  func advance(_ queue: inout Queue) throws {
    var path = queue.current?.path
    do {
      if let tail = queue.current, let session = tail.session {
        tail.lastUse = looks
        guard try isStill(queue, tail, session) else {
          queue.current = nil
          return
        }
        if let chunk = try session.nextChunk() {
          queue.taken += 1
          try taker.take(chunk, from: session)
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
      if let path, error.code == .noDescriptor, makeRoom() {
        queue.pending = [path] + queue.pending
      } else {
        report(error)
      }
    }
  }

  /// Takes what is left of a file that may have lost its name: what stands in its place may hold lines
  /// of it.
  func finishReading(_ source: TrackedSource) throws {
    guard let id = places[ObjectIdentifier(source)], let tail = tails[id], tail.source === source,
      let session = tail.session, try session.look(isTouched: true) == .grown
    else { return }
    // What stood before it is read first.
    if source.isAtBase, source.content.position == 0, files.status(tail.path)?.id == id { return }
    // It stands there no more, or not as it did.
    source.isAtBase = false
    while true {
      if isStopping() { throw FollowingStopped() }
      if let chunk = try session.nextChunk() {
        try taker.take(chunk, from: session)
      } else if !session.isInLine {
        break
      }
    }
    finish(session)
  }

  func finish(_ session: SourceSession) {
    if session.isRewritten { isOutdated = true }
    tellWarnings(of: session)
    if let damage = session.damage {
      tell(IngestError(.unreadable, path: session.name, reason: damage), isLasting: true)
    } else {
      reportedErrors.end(session.name)
    }
  }

  private func tellWarnings(of session: SourceSession) {
    for warning in session.takeWarnings() {
      taker.tell("\(shownPath(session.name)): \(warning)", isFailure: false)
    }
  }

  /// A file that is there: its tail, if it has something new.
  private func visit(_ path: String, _ queue: inout Queue) throws -> Tail? {
    guard let status = files.status(path), status.isRegular else { return nil }
    guard let tail = tails[status.id] else {
      if try skippedFiles.withoutContent[status.id] == status || isLeftOut(status) { return nil }
      if let known = try registry.sources(at: status.id).first, known.content.file == status.id,
        isTaken(known.content, status), known.content.position > 0
      {
        // Held open while there is room: it may lose its name before it is written to.
        let isRoomless = known.content.position < status.size || opened.count >= openMax
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
      tails[status.id] = nil
      return try begin(path, &queue)
    }
  }

  /// Whether a source's file stood in the folder of a path when it was last read.
  private func isInFolder(_ source: TrackedSource, _ path: String) -> Bool {
    if source.content.path == path { return true }
    return splitPath(files.realPath(path) ?? path).folder == source.content.folder
  }

  /// Opens a file; nil when it is only a copy of one that is followed.
  private func begin(_ path: String, _ queue: inout Queue) throws -> Tail? {
    closeLeastUsed(room: 1)
    let base = try base(of: path, queue.group)
    let isBase = base == nil
    let looked = queue
    let found = try resolver.open(path, rotatedFrom: base) { try mayBegin(path, $0, looked) }
    switch found {
    case .pending: try hold(&queue, for: path)
    case .empty(let status): skippedFiles.withoutContent[status.id] = status
    case .partial(let status, let place):
      if skippedFiles.withoutContent.updateValue(status, forKey: status.id) == nil {
        taker.tell("\(shownPath(path)): \(partialNote(from: place))", isFailure: false)
      }
    case .copy(let original): leaveOut(path, copyOf: original)
    case .session: break
    }
    guard let session = found.session else { return nil }
    session.source.isAtBase = isBase
    if let base, session.source.isNew,
      let committed = try lastCommit(at: base) ?? commitElsewhere(queue.group)
    {
      // What else stood at the base before now is not read yet.
      session.source.content.committed = committed
    }
    let tail = Tail(path: path, session: session)
    tail.lastUse = looks
    opened.append(Opening(tail: tail))
    if let id = session.status?.id { enter(tail, id) }
    // That it was seen, even empty, tells later which of its neighbours stood in its place.
    for source in session.sourcesToCommit { try taker.touch(source) }
    if session.source.content.position == 0 { try taker.touch(session.source) }
    if session.status?.size == 0, !isBase || queue.group.isFound {
      // Perhaps about to be filled with lines of another: it is opened anew when something is in it.
      tail.session = nil
      return nil
    }
    return tail
  }

  /// Whether a file that goes on nothing may be read now.
  private func mayBegin(
    _ path: String, _ file: NewFile, _ queue: Queue
  ) throws -> Bool {
    if queue.isUnnamed { return false }
    if !isWholeLook {
      // What stood there before is looked for first.
      isOutdated = true
      return false
    }
    if file.kind == .rewritten {
      return pendingFiles.isStable(path, file.status, at: now(), look: looks, isRewritten: true)
    }
    let isBase = path == queue.group.base
    if isBase, !queue.group.isFound {
      // What stood here before must be among those that were found beside it.
      if try isStable(queue) { return true }
      isOutdated = true
      return false
    }
    if file.kind != .unknown || file.status.size == 0 { return true }
    if isBase, try wasRotated(queue.group) { return true }
    return pendingFiles.isStable(path, file.status, at: now(), look: looks)
  }

  /// Whether lines were taken from a file that stands beside a followed path, under its name with
  /// something behind it.
  private func wasRotated(_ group: FollowedPaths.Group) throws -> Bool {
    try group.siblings.contains { sibling in
      try registry.sources(at: sibling.status.id).contains { $0.content.position > 0 }
    }
  }

  /// Whether a followed path still stands beside the same files once the first bytes of its file were
  /// read: else what was there before them may have been copied, or renamed, meanwhile.
  private func isStill(
    _ queue: Queue, _ tail: Tail, _ session: SourceSession
  ) throws -> Bool {
    guard tail.source.isAtBase, tail.source.content.position == 0, !queue.group.isFound else {
      return true
    }
    try session.readAhead()
    if try session.isRewritten || isStable(queue) { return true }
    tail.session = nil
    isOutdated = true
    return false
  }

  /// Whether the same files stand beside a followed path as when it was looked at, none of them was left
  /// out because of what the path's file was then, and those that were copies of it are so still.
  private func isStable(_ queue: Queue) throws -> Bool {
    let base = queue.group.base
    guard !queue.isPassedOver, try paths.isAsItWas(queue.group) else { return false }
    return try queue.copies.allSatisfy { try files.isCopy($0, of: base) }
  }

  /// Has a followed path wait for a file that may have stood there before.
  private func hold(_ queue: inout Queue, for path: String) throws {
    let base = queue.group.base
    if path == base { return }
    if let status = files.status(base), try state(of: base, status, []) == .intact { return }
    // Those that come later rest meanwhile, should they be pendingFiles.
    for later in queue.pending {
      guard let status = files.status(later), status.size > 0 else { continue }
      pendingFiles.hold(later, status, at: now(), look: looks)
    }
    queue.pending = []
    held.insert(base)
  }

  /// The followed path at which a file may have stood before; nil when it stands there. In a folder a
  /// rotated file may be found while nothing stands at the name that it had.
  private func base(of path: String, _ group: FollowedPaths.Group) throws -> String? {
    if path != group.base { return group.base }
    if !group.isFound { return nil }
    let place = files.realPath(path) ?? path
    return try registry.shortestRealPath(beginning: place)
  }

  private func enter(_ tail: Tail, _ id: FileID) {
    tails[id] = tail
    // Of a source that went on in this file, the file before is no source any more.
    let before = places.updateValue(id, forKey: ObjectIdentifier(tail.source))
    if let before, before != id, tails[before]?.source === tail.source { tails[before] = nil }
  }
}
