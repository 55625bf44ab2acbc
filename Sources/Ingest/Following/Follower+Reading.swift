internal import Events

/// Reading, a chunk each turn, with no more descriptors than may be open.
extension Follower {
  /// Takes a chunk of what a group reads, or goes on to its next file.
  func advance(_ queue: inout Queue) throws {
    do {
      if let tail = queue.current, let session = tail.session {
        tail.lastUse = looks
        if let chunk = try session.nextChunk() {
          queue.taken += 1
          try taker.take(chunk, from: session)
        } else {
          finish(session)
          queue.current = nil
        }
        return
      }
      guard let path = queue.pending.popFirst() else { return }
      queue.current = try visit(path, queue.group)
      troubles[path] = nil
    } catch let error as IngestError {
      queue.current = nil
      trouble(error)
    }
  }

  private func finish(_ session: SourceSession) {
    for warning in session.takeWarnings() {
      taker.tell("\(session.name): \(warning)", isFailure: false)
    }
    if let damage = session.damage {
      trouble(IngestError(.unreadable, path: session.name, reason: damage))
    }
  }

  /// A file that is there: its tail, if it has something new.
  private func visit(_ path: String, _ group: FollowedPaths.Group) throws -> Tail? {
    guard let status = files.status(path), status.isRegular else { return nil }
    guard let tail = tails[status.id] else {
      if let known = try book.sources(at: status.id).first, known.content.file == status.id,
        isTaken(known.content, status), known.content.position > 0
      {
        return nil
      }
      return try begin(path, group)
    }
    tail.path = path
    tail.source.isAtBase = path.utf8.elementsEqual(group.base.utf8)
    guard let session = tail.session else {
      return tail.hasChanged(status) ? try begin(path, group) : nil
    }
    switch try session.look(isTouched: false) {
    case .same: return nil
    case .grown: return tail
    case .rewritten:
      tails[status.id] = nil
      return try begin(path, group)
    }
  }

  /// Opens a file; nil when it is only a copy of one that is followed.
  private func begin(_ path: String, _ group: FollowedPaths.Group) throws -> Tail? {
    closeLeastUsed(room: 1)
    let base = try base(of: path, group)
    let isBase = base == nil
    guard let session = try resolver.open(path, rotatedFrom: base) else { return nil }
    session.source.isAtBase = isBase
    if let base, session.source.isNew, let committed = try lastCommit(at: base) {
      // What else stood at the base before now is not read yet.
      session.source.content.committed = committed
    }
    let tail = Tail(path: path, session: session)
    tail.lastUse = looks
    opened.append(Opening(tail: tail))
    if let id = session.status?.id { enter(tail, id) }
    // That it was seen, even empty, tells later which of its neighbours stood in its place.
    if session.source.mustCommit || session.source.content.position == 0 {
      try taker.touch(session.source)
    }
    if !isBase, session.status?.size == 0 {
      // Perhaps a copy that is about to be made: it is opened anew when something is in it.
      tail.session = nil
      return nil
    }
    return tail
  }

  /// The followed path at which a file may have stood before; nil when it stands there. In a folder a
  /// rotated file may be found while nothing stands at the name that it had.
  private func base(of path: String, _ group: FollowedPaths.Group) throws -> String? {
    if !path.utf8.elementsEqual(group.base.utf8) { return group.base }
    if !group.isFound { return nil }
    let place = files.realPath(path) ?? path
    let places = try book.sources(in: splitPath(place).folder).map(\.content.place)
    return places.filter {
      $0.utf8.count < place.utf8.count && place.utf8.starts(with: $0.utf8)
    }.min { $0.utf8.count < $1.utf8.count }
  }

  private func enter(_ tail: Tail, _ id: FileID) {
    tails[id] = tail
    // Of a source that went on in this file, the file before is no source any more.
    let before = places.updateValue(id, forKey: ObjectIdentifier(tail.source))
    if let before, before != id, tails[before]?.source === tail.source { tails[before] = nil }
  }

  /// Closes descriptors beyond the number that may stay open, those first that were not used longest.
  func closeLeastUsed(room: Int = 0) {
    guard opened.count + room > openMax else { return }
    opened.removeAll { $0.tail?.session == nil }
    let open = opened.compactMap(\.tail)
    let busy = queues.compactMap(\.current)
    let idle = open.filter { tail in !busy.contains { $0 === tail } }
      .sorted { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
    guard open.count + room > openMax else { return }
    // Some at once: to look for them costs more than to open them again.
    for tail in idle.prefix(open.count + room - openMax * 3 / 4) { tail.session = nil }
  }

  private func trouble(_ error: IngestError) {
    if error.code == .absent || troubles[error.path] == error.reason { return }
    troubles[error.path] = error.reason
    taker.tell("\(error)", isFailure: true)
  }
}
