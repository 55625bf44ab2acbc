internal import Bytes
internal import Events
internal import Provenance

/// What is to be looked at, in which order.
extension Follower {
  func enqueue(_ changes: FileChanges) throws {
    if let touched = touchedAlone(changes) {
      queues = touched
      isWholeLook = false
      return
    }
    let isFirstLook = lastWholeLook.nanoseconds == .min
    isWholeLook = true
    lastWholeLook = now()
    try registry.refresh()
    held = []
    isOutdated = false
    retry = nil
    linked = []
    standing = [:]
    paths.locate()
    let groups = currentGroups()
    // Files without a followed name first: what replaced them may hold lines of theirs.
    if isFirstLook || changes.isEverything { watchedPlaces = watchedPlaces(of: groups) }
    queues = try unnamedFiles(groups)
    // While it is not sure where one of them stands, nothing that may follow it is read.
    if try drain() { return }
    if isOutdated {
      isWholeLook = false
      return
    }
    queues = try groups.compactMap { group in
      do { return try queue(of: group, changes.written) } catch let error as IngestError {
        // What cannot be looked at is not gone: the group waits.
        report(error)
        return nil
      }
    }
  }

  /// What is to be read when nothing changed but what known files hold; nil when more may have.
  private func touchedAlone(_ changes: FileChanges) -> [Queue]? {
    let isDue = nextLook.map { $0 <= now() } ?? false
    if changes.isEverything || isDue || changes.renamed.contains(where: paths.concerns) {
      return nil
    }
    return tailsAt(
      changes.written.filter {
        (paths.concerns($0) || elsewhere.values.contains($0)) && !pendingFiles.isResting($0)
          && !held.contains($0)
      })
  }

  /// Queues of files that were followed when all was looked at: a common write needs no look at
  /// folders. Nil when one of the paths is none of them, or is not what it was.
  private func tailsAt(_ written: Set<String>) -> [Queue]? {
    var found: [Queue] = []
    for path in written.sorted() {
      guard let status = files.status(path), status.isRegular else { return nil }
      guard let tail = tails[status.id], let session = tail.session,
        tail.path == path
      else {
        guard let group = standing[path], group.base == path else {
          return nil
        }
        // OpenedFile when its turn comes, if it goes on what was read of it.
        found.append(Queue(group: group, pending: [path], current: nil))
        continue
      }
      // Before anything was read of it, what stood there before is looked for.
      if tail.source.content.position == 0 { return nil }
      guard let growth = try? session.look(isTouched: true), growth != .rewritten else {
        return nil
      }
      if growth == .grown {
        let alone = FollowedPaths.Group(base: path, isFound: true)
        found.append(Queue(group: alone, pending: [], current: tail))
      }
    }
    return found
  }

  /// The files of a group that are to be read, the oldest first and the base last.
  private func queue(of group: FollowedPaths.Group, _ written: Set<String>) throws -> Queue {
    var queue = Queue(group: group)
    let base = files.status(group.base)
    queue.pending = try formerTargets(of: group.base)[...]
    var unknown: Unknown?
    for sibling in group.siblings {
      if try tails[sibling.status.id] != nil || isKnown(sibling) {
        queue.pending.append(sibling.path)
        continue
      }
      let decided =
        try unknown
        ?? Unknown(
          base: base.map { try state(of: group.base, $0, written) } ?? .gone,
          committed: lastCommit(at: group.base) ?? commitElsewhere(group))
      unknown = decided
      do {
        if try isFollowed(sibling, decided, &queue) { queue.pending.append(sibling.path) }
      } catch let error as IngestError where error.path == sibling.path {
        report(error)
        if isYoung(sibling, decided) { try remember(sibling, decided) }
      }
    }
    if !queue.copies.isEmpty, unknown?.base == .unread {
      // The base may be emptied before anything is read of it: then its copy is all there is.
      retry = Timestamp(nanoseconds: now().nanoseconds + Self.copyInterval_ns)
    }
    if base?.isRegular == true { queue.pending.append(group.base) }
    // Whoever may not look at it must hear of it.
    if base == nil { _ = try files.openIfThere(group.base) }
    let alone = FollowedPaths.Group(base: group.base, isFound: group.isFound)
    for path in queue.pending { standing[path] = alone }
    return queue
  }

  /// Whether a file was seen before, also while its file system had another number.
  private func isKnown(_ sibling: FollowedPaths.Sibling) throws -> Bool {
    let id = sibling.status.id
    if try !registry.sources(at: id).isEmpty { return true }
    let folder = splitPath(sibling.path).folder
    return try registry.sources(in: files.realPath(folder) ?? folder).contains { source in
      source.content.position == 0 && source.content.inode == id.inode
        && areOfOneName(source.content.realPath, sibling.path)
    }
  }

  /// What decides about files that were never read.
  private struct Unknown {
    let base: BaseState
    /// When a file of the group was last read.
    let committed: Timestamp?
  }

  private func isFollowed(
    _ sibling: FollowedPaths.Sibling, _ unknown: Unknown, _ queue: inout Queue
  ) throws -> Bool {
    if unknown.committed == nil { return sibling.isNamed }
    // Only once the base is another may it have stood there while nobody looked.
    if unknown.base == .intact, !sibling.isNamed {
      queue.isPassedOver = true
      return false
    }
    // A copy that is being made of the base is not a file for itself.
    if try isCopy(sibling, of: queue.group.base, unknown.base) {
      queue.copies.append(sibling.path)
      return false
    }
    return try isYoung(sibling, unknown) || goesOn(sibling)
  }

  /// Whether a file was changed since one of its group was last read, or is followed for itself.
  private func isYoung(_ sibling: FollowedPaths.Sibling, _ unknown: Unknown) -> Bool {
    guard let committed = unknown.committed, !sibling.isNamed else { return true }
    return sibling.status.modified.nanoseconds >= committed.nanoseconds - Self.clockSlack
  }

  /// Has the log know a file that may have stood at a followed path, and cannot be read now: else it
  /// would be older than the last commit once it can.
  private func remember(_ sibling: FollowedPaths.Sibling, _ unknown: Unknown) throws {
    let source = resolver.unopenedSource(sibling.path, sibling.status)
    if let committed = unknown.committed { source.content.committed = committed }
    registry.enter(source)
    try taker.touch(source)
  }

  /// Whether a file that is older than the last commit holds what was read only in part.
  private func goesOn(_ sibling: FollowedPaths.Sibling) throws -> Bool {
    if skippedFiles.unrelated[sibling.status.id] == sibling.status { return false }
    if try resolver.matcher.sourceContinued(by: sibling.path) != nil { return true }
    skippedFiles.unrelated[sibling.status.id] = sibling.status
    return false
  }

  /// Files that a link led to before.
  private func formerTargets(of base: String) throws -> [String] {
    guard let place = files.realPath(base), let folder = files.realPath(splitPath(base).folder),
      joinPath(folder, splitPath(base).name) != place
    else { return [] }
    linked.append(base)
    return try registry.sources(readBy: base).map(\.content).filter { record in
      record.realPath != place && files.status(record.realPath)?.id == record.file
    }.map(\.realPath)
  }

  enum BaseState {
    /// The file that was last read there, as it was read.
    case intact
    /// Nothing was read of it: it may be as it was, or not.
    case unread
    case gone
  }

  func state(
    of path: String, _ status: FileStatus, _ written: Set<String>
  ) throws -> BaseState {
    if let tail = tails[status.id], let session = tail.session {
      if try session.look(isTouched: written.contains(path)) == .rewritten { return .gone }
      return tail.source.content.position == 0 ? .unread : .intact
    }
    guard let source = try registry.newest(at: files.realPath(path) ?? path) else { return .gone }
    guard source.content.file == status.id else { return .gone }
    if source.content.position == 0 { return .unread }
    return try resolver.locator.currentPath(of: source) == nil ? .gone : .intact
  }

  /// When a file of the group was last read; nil for never.
  func lastCommit(at base: String) throws -> Timestamp? {
    let place = files.realPath(base) ?? base
    return try registry.sources(in: splitPath(place).folder)
      .filter { $0.content.realPath.utf8.starts(with: place.utf8) }
      .map(\.content.committed).filter { $0.nanoseconds != 0 }.max()
  }

  /// When one of a group's files was last read in another folder, from which it came here; nil for
  /// never.
  func commitElsewhere(_ group: FollowedPaths.Group) throws -> Timestamp? {
    var newest: Timestamp?
    for path in [group.base] + group.siblings.map(\.path) {
      guard let status = files.status(path), status.isRegular else { continue }
      do {
        let source =
          try registry.sources(at: status.id).first ?? resolver.matcher.sourceContinued(by: path)
        guard let committed = source?.content.committed else { continue }
        newest = max(newest ?? committed, committed)
      } catch let error as IngestError where error.code != .noDescriptor {
        // Whoever reads it tells of it.
        continue
      }
    }
    return newest
  }
}
