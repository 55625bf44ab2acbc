internal import Events

/// Files that were read, and have no name that is followed any more: their last lines may not be taken
/// yet, and their writers may not know it.
extension Follower {
  /// What is to be read of them.
  func strays(_ groups: [FollowedPaths.Group], isFirstLook: Bool) throws -> [Queue] {
    var named: Set<FileID> = []
    for group in groups {
      if let id = files.status(group.base)?.id { named.insert(id) }
      for sibling in group.siblings { named.insert(sibling.status.id) }
    }
    bystanders.forget(except: named)
    var found: [Queue] = []
    // Those that nobody holds open must be found under the name that they have now.
    var closed: [TrackedSource] = []
    let lost = tails.filter { !named.contains($0.key) }
    for (id, tail) in lost.sorted(by: { $0.value.path < $1.value.path }) {
      if let session = tail.session {
        if let queue = try open(tail, session, id, groups) { found.append(queue) }
      } else {
        tails[id] = nil
        closed.append(tail.source)
      }
    }
    elsewhere = elsewhere.filter { lost[$0.key] != nil }
    if isFirstLook { closed += try leftBehind(named) }
    return try found + renamed(closed)
  }

  private func open(
    _ tail: Tail, _ session: SourceSession, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> Queue? {
    tail.source.isAtBase = false
    guard lookReporting(session) == .grown, try isStray(tail, id, groups) else { return nil }
    // Another process may have read what took its place.
    if let given = try book.linesGiven(since: tail.source) { session.leaveOut(given) }
    let group = FollowedPaths.Group(base: tail.path, isFound: true)
    return Queue(group: group, pending: [], current: tail)
  }

  /// Whether a file that was not found has no name, or one that nobody follows; rather than another one
  /// since its folder was looked through.
  private func isStray(
    _ tail: Tail, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> Bool {
    do {
      guard let path = try resolver.holder(of: tail.source) else { return true }
      tail.path = path
      let isKnown = elsewhere.updateValue(path, forKey: id) == path
      if isKnown || !paths.names(path, groups) { return true }
      isOutdated = true
    } catch let error as IngestError {
      if error.code == .absent { return true }
      trouble(error)
    }
    return false
  }

  private func lookReporting(_ session: SourceSession) -> SourceSession.Growth? {
    do { return try session.look(isTouched: true) } catch {
      trouble(error)
      return nil
    }
  }

  /// Sources that a process which is gone read at followed names, and whose files have none now.
  private func leftBehind(_ named: Set<FileID>) throws -> [TrackedSource] {
    let folders = Set(paths.folders().map { files.realPath($0) ?? $0 })
    return try folders.sorted().flatMap { folder in
      try book.sources(in: folder).filter { source in
        source.content.position > 0 && !named.contains(source.content.file)
          && paths.concerns(source.content.place)
      }
    }
  }

  /// Reads on where such files stand under other names, in the folders where they stood.
  private func renamed(_ sources: [TrackedSource]) throws -> [Queue] {
    var queues: [Queue] = []
    let byFolder = Dictionary(grouping: sources) { splitPath($0.content.place).folder }
    for (folder, sources) in byFolder.sorted(by: { $0.key < $1.key }) {
      let lost = Set(sources.map(\.content.file))
      guard let names = try? files.names(in: folder) else { continue }
      for name in names.sorted() {
        let path = joinPath(folder, name)
        guard let status = files.status(path), status.isRegular, lost.contains(status.id) else {
          continue
        }
        let group = FollowedPaths.Group(base: path, isFound: true)
        queues.append(Queue(group: group, isStray: true, pending: [path], current: nil))
      }
    }
    return queues
  }
}
