internal import Bytes
internal import Events
internal import Provenance

/// Files that were read, and have no name that is followed any more: their last lines may not be taken
/// yet, and their writers may not know it.
extension Follower {
  /// For how long a file without a name is held open, should nothing come: its writers are gone, and
  /// the disk gets its room back.
  private static let holdingMax_ns: Int64 = 600_000_000_000

  /// What is to be read of them.
  func unnamedFiles(_ groups: [FollowedPaths.Group]) throws -> [Queue] {
    var named: Set<FileID> = []
    for group in groups {
      if let id = files.status(group.base)?.id { named.insert(id) }
      for sibling in group.siblings { named.insert(sibling.status.id) }
    }
    skippedFiles.forget(except: named)
    // Numbers of files come again.
    missing.subtract(named)
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
    closed += try leftBehind(named)
    let kept = Set(closed.map(\.content.file))
    elsewhere = elsewhere.filter { lost[$0.key] != nil || kept.contains($0.key) }
    return found + renamed(closed)
  }

  private func open(
    _ tail: Tail, _ session: SourceSession, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> Queue? {
    tail.source.isAtBase = false
    guard lookReporting(session) == .grown else {
      letGo(tail)
      return nil
    }
    tail.lost = nil
    guard try isUnnamed(tail, id, groups) else { return nil }
    // Another process may have read what took its place.
    if let given = try registry.linesGiven(since: tail.source) { session.leaveOut(given) }
    let group = FollowedPaths.Group(base: tail.path, isFound: true)
    return Queue(group: group, pending: [], current: tail)
  }

  private func letGo(_ tail: Tail) {
    let since = tail.lost ?? now()
    if tail.lost == nil { taker.lost(tail.source, path: tail.path) }
    tail.lost = since
    if now().nanoseconds - since.nanoseconds >= Self.holdingMax_ns { tail.session = nil }
  }

  /// Whether a file that was not found has no name, or one that nobody follows; rather than another one
  /// since its folder was looked through.
  private func isUnnamed(
    _ tail: Tail, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> Bool {
    do {
      guard let path = try resolver.locator.currentPath(of: tail.source) else { return true }
      tail.path = path
      let isKnown = elsewhere.updateValue(path, forKey: id) == path
      if isKnown || !paths.names(path, groups) { return true }
      isOutdated = true
    } catch let error as IngestError {
      if error.code == .absent { return true }
      report(error)
    }
    return false
  }

  private func lookReporting(_ session: SourceSession) -> SourceSession.Growth? {
    do { return try session.look(isTouched: true) } catch {
      report(error)
      return nil
    }
  }

  /// Where files stand, or stood, that are followed.
  func watchedPlaces(of groups: [FollowedPaths.Group]) -> WatchedPlaces {
    let targets = groups.compactMap { group in
      files.target(ofLink: group.base).flatMap { _ in files.realPath(group.base) }
    }
    let folders = paths.folders().map { files.realPath($0) ?? $0 }
    return WatchedPlaces(
      folders: Set(folders + targets.map { splitPath($0).folder }).sorted(), targets: targets)
  }

  /// Sources that were read at followed names, are not open, and whose files have no such name now.
  private func leftBehind(_ named: Set<FileID>) throws -> [TrackedSource] {
    try watchedPlaces.folders.flatMap { folder in
      try registry.sources(in: folder).filter { source in
        let (id, place) = (source.content.file, source.content.realPath)
        return source.content.position > 0 && !named.contains(id) && tails[id] == nil
          && !missing.contains(id)
          && (paths.concerns(place)
            || watchedPlaces.targets.contains { place.utf8.starts(with: $0.utf8) })
      }
    }
  }

  /// Reads on where such files stand under other names, in the folders where they stood.
  private func renamed(_ sources: [TrackedSource]) -> [Queue] {
    var unknown = Set(sources.map(\.content.file)).filter { id in
      elsewhere[id].map { files.status($0)?.id != id } ?? true
    }
    let folders = Set(
      sources.filter { unknown.contains($0.content.file) }.map {
        splitPath($0.content.realPath).folder
      }
    )
    for id in unknown { elsewhere[id] = nil }
    for folder in folders.sorted() {
      do throws(IngestError) {
        for name in try files.names(in: folder) {
          let path = joinPath(folder, name)
          guard let status = files.status(path), status.isRegular else { continue }
          if unknown.remove(status.id) != nil { elsewhere[status.id] = path }
        }
      } catch {
        // What cannot be listed is not gone.
        report(error)
        let here = sources.filter { splitPath($0.content.realPath).folder == folder }
        unknown.subtract(here.map(\.content.file))
      }
    }
    missing.formUnion(unknown)
    let found = Set(sources.compactMap { elsewhere[$0.content.file] })
    return found.sorted().map { path in
      Queue(group: FollowedPaths.Group(base: path, isFound: true), isUnnamed: true, pending: [path])
    }
  }
}

/// Where files stand, or stood, that are followed: folders, and files that links lead to.
struct WatchedPlaces {
  var folders: [String] = []
  var targets: [String] = []
}
