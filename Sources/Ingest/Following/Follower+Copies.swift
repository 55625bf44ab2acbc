internal import Events

/// Copies of followed files that stand beside them: what was found out is remembered, for to read both
/// again at each look costs much.
extension Follower {
  /// A file that held what the beginning of another held, as both were then.
  struct KnownCopy {
    let copy: FileStatus
    let path: String
    let original: FileStatus
  }

  /// Whether a file of a group holds what its base begins with, and no more.
  func isCopy(
    _ sibling: FollowedPaths.Sibling, of base: String, _ state: BaseState
  ) throws -> Bool {
    if state == .intact, isStill(knownCopies[sibling.status.id], sibling.status) { return true }
    knownCopies[sibling.status.id] = nil
    guard try files.isCopy(sibling.path, of: base) else { return false }
    knownCopies[sibling.status.id] = files.status(base).map {
      KnownCopy(copy: sibling.status, path: base, original: $0)
    }
    return true
  }

  /// Remembers a file that is not read, since it is a copy.
  func leaveOut(_ path: String, copyOf original: String) {
    guard let status = files.status(path) else { return }
    leftOut[status.id] = files.status(original).map {
      KnownCopy(copy: status, path: original, original: $0)
    }
  }

  func isLeftOut(_ status: FileStatus) throws -> Bool {
    guard let known = leftOut[status.id], isStill(known, status),
      let original = files.status(known.path)
    else { return false }
    return try state(of: known.path, original, []) == .intact
  }

  /// No, once the original holds less, or is another.
  private func isStill(_ known: KnownCopy?, _ status: FileStatus) -> Bool {
    guard let known, known.copy == status, let original = files.status(known.path) else {
      return false
    }
    return original.id == known.original.id && original.size >= known.original.size
  }
}
