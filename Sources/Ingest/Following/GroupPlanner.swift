internal import Bytes
internal import Events
internal import Provenance

/// Decides which files of a followed group are read, and in which order: the rotated ones, the oldest first,
/// and the base last.
final class GroupPlanner {
  /// How often a path is looked at of which nothing was read, though a copy is beside it.
  private static let copyInterval_ns: Int64 = 250_000_000
  /// How much older than the last commit a file may be that was changed since: clocks of file systems
  /// are coarse.
  private static let clockSlack_ns: Int64 = 2_000_000_000

  private let context: FollowContext
  /// What was followed when all was looked at, each path with its group.
  private var groups: [String: FollowedPaths.Group] = [:]
  /// Followed paths that are links: nobody may tell of changes in the files that they lead to.
  private var links: [String] = []

  init(_ context: FollowContext) { self.context = context }

  /// Begins a look at all files.
  func clear() {
    links = []
    groups = [:]
  }

  /// The group of a path, if that is its base.
  func group(at path: String) -> FollowedPaths.Group? {
    groups[path].flatMap { $0.base == path ? $0 : nil }
  }

  /// Whether a followed link leads to a file with something new, of which nobody may have told.
  func hasUntoldChange() -> Bool {
    links.contains { path in
      guard let status = context.files.status(path) else { return false }
      return context.open[status.id]?.hasChanged(status) ?? true
    }
  }

  /// What is followed, as it is now.
  func currentGroups() -> [FollowedPaths.Group] {
    var failures: [IngestError] = []
    var groups = context.paths.groups { failures.append($0) }
    if failures.contains(where: { $0.code == .noDescriptor }), context.open.makeRoom() {
      failures = []
      groups = context.paths.groups { failures.append($0) }
    }
    failures.forEach(context.reporter.report)
    return groups
  }

  /// The files of a group that are to be read.
  ///
  /// - Parameter written: paths that were written to since they were last looked at.
  func queue(
    of group: FollowedPaths.Group, _ written: Set<String>
  ) throws -> ReadQueues.Queue {
    let files = context.files
    var queue = ReadQueues.Queue(group: group)
    let base = files.status(group.base)
    queue.pending = try formerTargets(of: group.base)[...]
    var basis: Basis?
    for sibling in group.siblings {
      if try context.open[sibling.status.id] != nil || isKnown(sibling) {
        queue.pending.append(sibling.path)
        continue
      }
      let known = try basis ?? self.basis(of: group, base, written)
      basis = known
      do {
        if try isRead(sibling, known, &queue) { queue.pending.append(sibling.path) }
      } catch let error as IngestError where error.path == sibling.path {
        context.reporter.report(error)
        if isChangedSince(known, sibling) { try remember(sibling, known) }
      }
    }
    if !queue.copies.isEmpty, basis?.base == .unread {
      // The base may be emptied before anything is read of it: then only its copy is left.
      context.looks.retry(after: Self.copyInterval_ns)
    }
    if base?.isRegular == true { queue.pending.append(group.base) }
    // Opening it throws when something is there that this user may not look at.
    if base == nil { _ = try files.openIfThere(group.base) }
    let alone = FollowedPaths.Group(base: group.base, isFound: group.isFound)
    for path in queue.pending { groups[path] = alone }
    return queue
  }

  /// Whether a file was seen before, even if its file system had another device number then.
  private func isKnown(_ sibling: FollowedPaths.Sibling) throws -> Bool {
    let id = sibling.status.id
    if try !context.registry.sources(at: id).isEmpty { return true }
    let folder = splitPath(sibling.path).folder
    let realFolder = context.files.realPath(folder) ?? folder
    return try context.registry.sources(in: realFolder).contains { source in
      source.content.position == 0 && source.content.inode == id.inode
        && areOfOneName(source.content.realPath, sibling.path)
    }
  }

  /// Files that a link led to before, and that exist still.
  private func formerTargets(of base: String) throws -> [String] {
    let files = context.files
    guard let target = files.realPath(base), let folder = files.realPath(splitPath(base).folder),
      joinPath(folder, splitPath(base).name) != target
    else { return [] }
    links.append(base)
    return try context.registry.sources(readBy: base).map(\.content).filter { record in
      record.realPath != target && files.status(record.realPath)?.id == record.file
    }.map(\.realPath)
  }

  // MARK: Files that were never read

  /// What decides about such files.
  private struct Basis {
    let base: BaseHistory.State
    /// When a file of the group was last read.
    let committed: Timestamp?
  }

  private func basis(
    of group: FollowedPaths.Group, _ base: FileStatus?, _ written: Set<String>
  ) throws -> Basis {
    let history = context.history
    return Basis(
      base: try base.map { try history.state(of: group.base, $0, written) } ?? .gone,
      committed: try history.lastCommit(at: group.base) ?? history.lastCommitElsewhere(group))
  }

  private func isRead(
    _ sibling: FollowedPaths.Sibling, _ basis: Basis, _ queue: inout ReadQueues.Queue
  ) throws -> Bool {
    if basis.committed == nil { return sibling.isNamed }
    // While the base is the file that was read, no other file can have been there since.
    if basis.base == .intact, !sibling.isNamed {
      queue.isPassedOver = true
      return false
    }
    // A copy that is being made of the base is not a file for itself.
    if try context.skipped.isCopy(sibling, of: queue.group.base, basis.base) {
      queue.copies.append(sibling.path)
      return false
    }
    return try isChangedSince(basis, sibling) || continuesSource(sibling)
  }

  /// Whether a file was changed since one of its group was last read, or is followed for itself.
  private func isChangedSince(_ basis: Basis, _ sibling: FollowedPaths.Sibling) -> Bool {
    guard let committed = basis.committed, !sibling.isNamed else { return true }
    return sibling.status.modified.nanoseconds >= committed.nanoseconds - Self.clockSlack_ns
  }

  /// Has the log know a file that may have been at a followed path, and cannot be read now: otherwise it
  /// would be older than the last commit, and be left out, once it can be read.
  private func remember(_ sibling: FollowedPaths.Sibling, _ basis: Basis) throws {
    let source = context.resolver.unopenedSource(sibling.path, sibling.status)
    if let committed = basis.committed { source.content.committed = committed }
    context.registry.enter(source)
    try context.taker.touch(source)
  }

  /// Whether a file that is older than the last commit holds what was read only in part.
  private func continuesSource(_ sibling: FollowedPaths.Sibling) throws -> Bool {
    if context.skipped.isUnrelated(sibling.status) { return false }
    if try context.resolver.matcher.sourceContinued(by: sibling.path) != nil { return true }
    context.skipped.enterUnrelated(sibling.status)
    return false
  }
}
