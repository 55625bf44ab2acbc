internal import Events

/// Takes from files what they gain, whatever becomes of them: they grow, rotate, shrink, are rewritten,
/// come and go. Belongs to one thread, and never waits: whoever runs it knows when something changed.
///
/// A file that stood at a followed path before is read to its end before the one that stands there
/// now; files take turns, a chunk each.
package final class Follower {
  private let paths: FollowedPaths
  let files: any FileSystem
  let book: SourceBook
  let taker: any LineTaker
  let resolver: SourceResolver
  private let isStopping: () -> Bool
  /// Descriptors kept open between turns.
  let openMax: Int

  var tails: [FileID: Tail] = [:]
  /// Those that were opened, and may be open still.
  var opened: [Opening] = []
  /// Where sources were opened last.
  var places: [ObjectIdentifier: FileID] = [:]
  /// Files beside the followed ones that are none of them, as they were when that was found out.
  private var strangers: [FileID: FileStatus] = [:]
  var looks = 0
  /// Files that could not be read, and why: told once.
  var troubles: [String: String] = [:]
  /// What is to be read yet, by group.
  var queues: [Queue] = []

  /// A descriptor that may be held; who is not followed any more lets go of it.
  struct Opening {
    weak var tail: Tail?
  }

  /// The files of a group that are to be looked at, in their order.
  struct Queue {
    let group: FollowedPaths.Group
    var pending: ArraySlice<String>
    /// What is being read.
    var current: Tail?
    /// Chunks taken since its last turn began.
    var taken = 0
  }

  /// Groups that are read side by side: the others wait for their turn, without a descriptor.
  private static let turnsMax = 32
  /// Chunks after which a group gives way to those that wait.
  private static let turnLength = 16

  /// How much older than the last commit a file may be that was changed since: clocks of file systems
  /// are coarse.
  private static let clockSlack: Int64 = 2_000_000_000

  package init(
    paths: [String], files: any FileSystem, book: SourceBook, taker: any LineTaker,
    openMax: Int = 100, isStopping: @escaping () -> Bool = { false }
  ) {
    self.paths = FollowedPaths(paths: paths, files: files)
    self.files = files
    self.book = book
    self.taker = taker
    self.openMax = openMax
    self.isStopping = isStopping
    resolver = SourceResolver(files: files, book: book, isFollowing: true)
  }

  /// The folders to be watched.
  package func folders() -> Set<String> { paths.folders() }

  /// Takes everything that is new, and commits it. Returns whether it was asked to stop meanwhile.
  package func turn(_ changes: FileChanges) throws -> Bool {
    looks += 1
    try enqueue(changes)
    return try drain() ? stop() : finishTurn()
  }

  private func finishTurn() throws -> Bool {
    try taker.commit()
    closeLeastUsed()
    return false
  }

  private func stop() throws -> Bool {
    queues = []
    try taker.commit()
    return true
  }

  /// Reads what is queued, in turns. Returns whether it was asked to stop meanwhile.
  private func drain() throws -> Bool {
    while !queues.isEmpty {
      for index in queues.indices.prefix(Self.turnsMax) {
        if isStopping() { return true }
        var queue = queues[index]
        try advance(&queue)
        queues[index] = queue
      }
      giveWay()
    }
    return false
  }

  /// Lets those who waited go on instead of those who had their turn.
  private func giveWay() {
    let active = queues.prefix(Self.turnsMax).filter { $0.current != nil || !$0.pending.isEmpty }
    let waiting = queues.dropFirst(Self.turnsMax)
    if waiting.isEmpty {
      queues = Array(active)
      return
    }
    var tired: [Queue] = []
    var fresh: [Queue] = []
    for var queue in active {
      guard queue.taken >= Self.turnLength else {
        fresh.append(queue)
        continue
      }
      if let tail = queue.current {
        tail.session = nil
        queue.pending = [tail.path] + queue.pending
        queue.current = nil
      }
      queue.taken = 0
      tired.append(queue)
    }
    queues = fresh + waiting + tired
  }

  // MARK: What is to be looked at

  private func enqueue(_ changes: FileChanges) throws {
    if !changes.isEverything {
      let written = changes.written.filter(paths.concerns)
      if !changes.renamed.contains(where: paths.concerns), let touched = tailsAt(written) {
        queues = touched
        return
      }
    }
    let groups = try paths.groups()
    // Files without a name first: what replaced them may hold lines of theirs.
    queues = nameless(groups)
    if try drain() { return }
    queues = try groups.map { group in
      Queue(group: group, pending: try members(of: group, changes.written)[...], current: nil)
    }
  }

  /// Queues of files that are open already: a common write needs no look at folders. Nil when one of
  /// the paths is none of them.
  private func tailsAt(_ written: Set<String>) -> [Queue]? {
    var byPath: [String: Tail] = [:]
    for tail in tails.values where tail.session != nil { byPath[tail.path] = tail }
    var found: [Queue] = []
    for path in written.sorted() {
      guard let tail = byPath[path], files.status(path)?.id == tail.session?.status?.id else {
        return nil
      }
      guard let growth = try? tail.session?.look(isTouched: true), growth != .rewritten else {
        return nil
      }
      if growth == .grown {
        found.append(
          Queue(
            group: FollowedPaths.Group(base: path, isFound: true), pending: [], current: tail))
      }
    }
    return found
  }

  /// Files that are open and have no name any more: their writers may not know it yet.
  private func nameless(_ groups: [FollowedPaths.Group]) -> [Queue] {
    var named: Set<FileID> = []
    for group in groups {
      if let id = files.status(group.base)?.id { named.insert(id) }
      for sibling in group.siblings { named.insert(sibling.status.id) }
    }
    var found: [Queue] = []
    let lost = tails.filter { !named.contains($0.key) }
    for (id, tail) in lost.sorted(by: { $0.value.path < $1.value.path }) {
      guard let session = tail.session else {
        tails[id] = nil
        continue
      }
      tail.source.isAtBase = false
      if case .grown? = try? session.look(isTouched: true) {
        let group = FollowedPaths.Group(base: tail.path, isFound: true)
        found.append(Queue(group: group, pending: [], current: tail))
      }
    }
    return found
  }

  /// The files of a group that are to be read, the oldest first and the base last.
  private func members(
    of group: FollowedPaths.Group, _ written: Set<String>
  ) throws -> [String] {
    let base = files.status(group.base)
    var members = try formerTargets(of: group.base)
    var unknown: Unknown?
    for sibling in group.siblings {
      let isKnown =
        try tails[sibling.status.id] != nil || !book.sources(at: sibling.status.id).isEmpty
      if !isKnown, unknown == nil {
        unknown = Unknown(
          base: try base.map { try state(of: group.base, $0, written) } ?? .gone,
          committed: try lastCommit(at: group.base))
      }
      if try isKnown || unknown.map({ try isFollowed(sibling, of: group, $0) }) == true {
        members.append(sibling.path)
      }
    }
    if base?.isRegular == true { members.append(group.base) }
    return members
  }

  /// What decides about files that were never read.
  private struct Unknown {
    let base: BaseState
    /// When a file of the group was last read.
    let committed: Timestamp?
  }

  private func isFollowed(
    _ sibling: FollowedPaths.Sibling, of group: FollowedPaths.Group, _ unknown: Unknown
  ) throws -> Bool {
    guard let committed = unknown.committed else { return sibling.isNamed }
    // Only once the base is another may it have stood there while nobody looked.
    if unknown.base == .intact, !sibling.isNamed { return false }
    // A copy that is being made of the base is not a file for itself.
    if files.isCopy(sibling.path, of: group.base) { return false }
    return try sibling.isNamed
      || sibling.status.modified.nanoseconds >= committed.nanoseconds - Self.clockSlack
      || goesOn(sibling)
  }

  /// Whether a file that is older than the last commit holds what was read only in part.
  private func goesOn(_ sibling: FollowedPaths.Sibling) throws -> Bool {
    if strangers[sibling.status.id] == sibling.status { return false }
    if (try? resolver.goesOn(sibling.path)) == true { return true }
    strangers[sibling.status.id] = sibling.status
    return false
  }

  /// Files that a link led to before.
  private func formerTargets(of base: String) throws -> [String] {
    guard let place = files.realPath(base), let folder = files.realPath(splitPath(base).folder),
      joinPath(folder, splitPath(base).name) != place
    else { return [] }
    return try book.sources(readBy: base).map(\.content).filter { record in
      record.place != place && files.status(record.place)?.id == record.file
    }.map(\.place)
  }

  private enum BaseState {
    /// The file that was last read there, as it was read.
    case intact
    /// Nothing was read of it: it may be as it was, or not.
    case unread
    case gone
  }

  private func state(
    of path: String, _ status: FileStatus, _ written: Set<String>
  ) throws -> BaseState {
    if let tail = tails[status.id], let session = tail.session {
      if try session.look(isTouched: written.contains(path)) == .rewritten { return .gone }
      return tail.source.content.position == 0 ? .unread : .intact
    }
    guard let source = try book.newest(at: files.realPath(path) ?? path) else { return .gone }
    guard source.content.file == status.id else { return .gone }
    if source.content.position == 0 { return .unread }
    return try resolver.holder(of: source) == nil ? .gone : .intact
  }

  /// When a file of the group was last read; nil for never.
  func lastCommit(at base: String) throws -> Timestamp? {
    let place = files.realPath(base) ?? base
    return try book.sources(in: splitPath(place).folder)
      .filter { $0.content.place.utf8.starts(with: place.utf8) }
      .map(\.content.committed).max()
  }
}
