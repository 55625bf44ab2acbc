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
