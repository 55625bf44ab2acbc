internal import Bytes
internal import Events
internal import Provenance

/// Folders in which followed files are, or were, and the files that followed links lead to.
struct WatchedPlaces {
  var folders: [String] = []
  var targets: [String] = []

  init() {}

  init(of groups: [FollowedPaths.Group], _ context: FollowContext) {
    let files = context.files
    targets = groups.compactMap { group in
      files.target(ofLink: group.base).flatMap { _ in files.realPath(group.base) }
    }
    let folders = context.paths.folders().map { files.realPath($0) ?? $0 }
    self.folders = Set(folders + targets.map { splitPath($0).folder }).sorted()
  }
}

/// Files that were read, and have no name that is followed any more. Their last lines may not be taken yet,
/// and their writers may not know that they were renamed or removed.
final class UnnamedFiles {
  /// For how long a file without a name is held open if nothing comes: its writers are gone by then, and
  /// the disk gets its room back.
  private static let holdingMax_ns: Int64 = 600_000_000_000

  private let context: FollowContext
  private var watchedPlaces = WatchedPlaces()
  /// Files that were read, and were not found under any name.
  private var missing: Set<FileID> = []
  /// Files that were found under names that nobody follows.
  private var elsewhere: [FileID: String] = [:]

  init(_ context: FollowContext) { self.context = context }

  /// Whether a path is the name of such a file, though nobody follows it.
  func contains(_ path: String) -> Bool { elsewhere.values.contains(path) }

  /// Looks up anew where files may have been that are not followed any more.
  func updateWatchedPlaces(_ groups: [FollowedPaths.Group]) {
    watchedPlaces = WatchedPlaces(of: groups, context)
  }

  /// What is to be read of them.
  func queues(_ groups: [FollowedPaths.Group]) throws -> [ReadQueues.Queue] {
    let named = named(groups)
    context.skipped.forget(except: named)
    // Inode numbers are used again.
    missing.subtract(named)
    var found: [ReadQueues.Queue] = []
    // Files that are not held open must be found under the names that they have now.
    var closed: [TrackedSource] = []
    let lost = context.open.tails.filter { !named.contains($0.key) }
    for (id, tail) in lost.sorted(by: { $0.value.path < $1.value.path }) {
      if let session = tail.session {
        if let queue = try queue(of: tail, session, id, groups) { found.append(queue) }
      } else {
        context.open.forget(id)
        closed.append(tail.source)
      }
    }
    closed += try unopened(named)
    let kept = Set(closed.map(\.content.file))
    elsewhere = elsewhere.filter { lost[$0.key] != nil || kept.contains($0.key) }
    return found + queuesOfRenamed(closed)
  }

  /// The files that have a followed name.
  private func named(_ groups: [FollowedPaths.Group]) -> Set<FileID> {
    var named: Set<FileID> = []
    for group in groups {
      if let id = context.files.status(group.base)?.id { named.insert(id) }
      for sibling in group.siblings { named.insert(sibling.status.id) }
    }
    return named
  }

  // MARK: Files that are open

  private func queue(
    of tail: Tail, _ session: SourceSession, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> ReadQueues.Queue? {
    tail.source.isAtBase = false
    guard lookReporting(session) == .grown else {
      closeIfIdle(tail)
      return nil
    }
    tail.lost = nil
    guard try isUnnamed(tail, id, groups) else { return nil }
    // Another process may have read the file that replaced it.
    if let given = try context.registry.linesGiven(since: tail.source) { session.leaveOut(given) }
    let group = FollowedPaths.Group(base: tail.path, isFound: true)
    return ReadQueues.Queue(group: group, pending: [], current: tail)
  }

  private func closeIfIdle(_ tail: Tail) {
    let now = context.looks.now()
    let since = tail.lost ?? now
    if tail.lost == nil { context.taker.lost(tail.source, path: tail.path) }
    tail.lost = since
    if context.looks.now().nanoseconds - since.nanoseconds >= Self.holdingMax_ns {
      tail.session = nil
    }
  }

  /// Whether a file that was not found has no name, or one that nobody follows; rather than another
  /// followed one since its folder was listed.
  private func isUnnamed(
    _ tail: Tail, _ id: FileID, _ groups: [FollowedPaths.Group]
  ) throws -> Bool {
    do {
      guard let path = try context.resolver.locator.currentPath(of: tail.source) else {
        return true
      }
      tail.path = path
      let isKnown = elsewhere.updateValue(path, forKey: id) == path
      if isKnown || !context.paths.names(path, groups) { return true }
      context.looks.isOutdated = true
    } catch let error as IngestError {
      if error.code == .absent { return true }
      context.reporter.report(error)
    }
    return false
  }

  private func lookReporting(_ session: SourceSession) -> SourceSession.Growth? {
    do { return try session.look(isTouched: true) } catch {
      context.reporter.report(error)
      return nil
    }
  }

  // MARK: Files that are not open

  /// Sources that were read at followed names, are not open, and whose files have no such name now.
  private func unopened(_ named: Set<FileID>) throws -> [TrackedSource] {
    try watchedPlaces.folders.flatMap { folder in
      try context.registry.sources(in: folder).filter { source in
        let (id, path) = (source.content.file, source.content.realPath)
        return source.content.position > 0 && !named.contains(id) && context.open[id] == nil
          && !missing.contains(id)
          && (context.paths.concerns(path)
            || watchedPlaces.targets.contains { path.utf8.starts(with: $0.utf8) })
      }
    }
  }

  /// Reads on in such files, where they have other names in the folders where they were.
  private func queuesOfRenamed(_ sources: [TrackedSource]) -> [ReadQueues.Queue] {
    let files = context.files
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
        // A folder that cannot be listed may still hold them.
        context.reporter.report(error)
        let here = sources.filter { splitPath($0.content.realPath).folder == folder }
        unknown.subtract(here.map(\.content.file))
      }
    }
    missing.formUnion(unknown)
    let found = Set(sources.compactMap { elsewhere[$0.content.file] })
    return found.sorted().map { path in
      ReadQueues.Queue(
        group: FollowedPaths.Group(base: path, isFound: true), isUnnamed: true, pending: [path])
    }
  }
}
