internal import Bytes
internal import Events
internal import Provenance

/// What was read at a followed path, and what has become of that.
struct BaseHistory {
  enum State {
    /// The file that was last read there, as it was read.
    case intact
    /// Nothing was read of the file there: it may be as it was, or not.
    case unread
    case gone
  }

  let files: any FileSystem
  let registry: SourceRegistry
  let resolver: SourceResolver
  let open: OpenFiles

  /// - Parameter written: paths that were written to since they were last looked at.
  func state(
    of path: String, _ status: FileStatus, _ written: Set<String>
  ) throws -> State {
    if let tail = open[status.id], let session = tail.session {
      if try session.look(isTouched: written.contains(path)) == .rewritten { return .gone }
      return tail.source.content.position == 0 ? .unread : .intact
    }
    guard let source = try registry.newest(at: files.realPath(path) ?? path) else { return .gone }
    guard source.content.file == status.id else { return .gone }
    if source.content.position == 0 { return .unread }
    return try resolver.locator.currentPath(of: source) == nil ? .gone : .intact
  }

  /// When a file of a group was last read at or beside its base; nil for never.
  func lastCommit(at base: String) throws -> Timestamp? {
    let realPath = files.realPath(base) ?? base
    return try registry.sources(in: splitPath(realPath).folder)
      .filter { $0.content.realPath.utf8.starts(with: realPath.utf8) }
      .map(\.content.committed).filter { $0.nanoseconds != 0 }.max()
  }

  /// When one of a group's files was last read in another folder, from which it came here; nil for
  /// never.
  func lastCommitElsewhere(_ group: FollowedPaths.Group) throws -> Timestamp? {
    var newest: Timestamp?
    for path in [group.base] + group.siblings.map(\.path) {
      guard let status = files.status(path), status.isRegular else { continue }
      do {
        let source =
          try registry.sources(at: status.id).first
          ?? resolver.matcher.sourceContinued(by: path)
        guard let committed = source?.content.committed else { continue }
        newest = max(newest ?? committed, committed)
      } catch let error as IngestError where error.code != .noDescriptor {
        // It is reported when the file is to be read.
        continue
      }
    }
    return newest
  }
}

/// Files beside followed ones that are not read, as they were when that was found out: to find it out
/// again at each look costs much.
final class SkippedFiles {
  /// A file that held what the beginning of another held, as both were.
  private struct Copy {
    let copy: FileStatus
    let path: String
    let original: FileStatus
  }

  private let files: any FileSystem
  private let history: BaseHistory
  /// Copies of the base of their group.
  private var copies: [FileID: Copy] = [:]
  /// Files that were found to be copies when they were opened.
  private var leftOut: [FileID: Copy] = [:]
  /// Files that hold nothing of what is followed.
  private var unrelated: [FileID: FileStatus] = [:]
  /// Files that give nothing as they are: compressed ones that hold nothing, and partial copies.
  private var withoutContent: [FileID: FileStatus] = [:]

  init(files: any FileSystem, history: BaseHistory) {
    self.files = files
    self.history = history
  }

  /// Forgets all files but these.
  func forget(except named: Set<FileID>) {
    copies = copies.filter { named.contains($0.key) }
    leftOut = leftOut.filter { named.contains($0.key) }
    unrelated = unrelated.filter { named.contains($0.key) }
    withoutContent = withoutContent.filter { named.contains($0.key) }
  }

  // MARK: Copies

  /// Whether a file of a group holds what its base begins with, and no more.
  func isCopy(
    _ sibling: FollowedPaths.Sibling, of base: String, _ state: BaseHistory.State
  ) throws -> Bool {
    if state == .intact, isStill(copies[sibling.status.id], sibling.status) { return true }
    copies[sibling.status.id] = nil
    guard try files.isCopy(sibling.path, of: base) else { return false }
    copies[sibling.status.id] = files.status(base).map {
      Copy(copy: sibling.status, path: base, original: $0)
    }
    return true
  }

  /// Remembers a file that is not read, since it is a copy.
  func leaveOut(_ path: String, copyOf original: String) {
    guard let status = files.status(path) else { return }
    leftOut[status.id] = files.status(original).map {
      Copy(copy: status, path: original, original: $0)
    }
  }

  /// Whether a file was left out as a copy, and is one still.
  func isLeftOut(_ status: FileStatus) throws -> Bool {
    guard let known = leftOut[status.id], isStill(known, status),
      let original = files.status(known.path)
    else { return false }
    return try history.state(of: known.path, original, []) == .intact
  }

  /// No, once the original holds less, or is another.
  private func isStill(_ known: Copy?, _ status: FileStatus) -> Bool {
    guard let known, known.copy == status, let original = files.status(known.path) else {
      return false
    }
    return original.id == known.original.id && original.size >= known.original.size
  }

  // MARK: Others

  /// Whether a file was found to hold nothing of what is followed, as it is.
  func isUnrelated(_ status: FileStatus) -> Bool { unrelated[status.id] == status }

  func enterUnrelated(_ status: FileStatus) { unrelated[status.id] = status }

  /// Whether a file was found to give nothing, as it is.
  func isWithoutContent(_ status: FileStatus) -> Bool { withoutContent[status.id] == status }

  /// Returns whether the file gave something before.
  @discardableResult
  func enterWithoutContent(_ status: FileStatus) -> Bool {
    withoutContent.updateValue(status, forKey: status.id) == nil
  }
}
