internal import Events

/// Copies of followed files that stand beside them.
extension Follower {
  /// Whether a file of a group holds what its base begins with, and no more.
  func isCopy(
    _ sibling: FollowedPaths.Sibling, of base: String, _ state: BaseState
  ) throws -> Bool {
    if state == .intact, isStill(skippedFiles.copies[sibling.status.id], sibling.status) {
      return true
    }
    skippedFiles.copies[sibling.status.id] = nil
    guard try files.isCopy(sibling.path, of: base) else { return false }
    skippedFiles.copies[sibling.status.id] = files.status(base).map {
      SkippedFiles.Copy(copy: sibling.status, path: base, original: $0)
    }
    return true
  }

  /// Remembers a file that is not read, since it is a copy.
  func leaveOut(_ path: String, copyOf original: String) {
    guard let status = files.status(path) else { return }
    skippedFiles.leftOut[status.id] = files.status(original).map {
      SkippedFiles.Copy(copy: status, path: original, original: $0)
    }
  }

  func isLeftOut(_ status: FileStatus) throws -> Bool {
    guard let known = skippedFiles.leftOut[status.id], isStill(known, status),
      let original = files.status(known.path)
    else { return false }
    return try state(of: known.path, original, []) == .intact
  }

  /// No, once the original holds less, or is another.
  private func isStill(_ known: SkippedFiles.Copy?, _ status: FileStatus) -> Bool {
    guard let known, known.copy == status, let original = files.status(known.path) else {
      return false
    }
    return original.id == known.original.id && original.size >= known.original.size
  }
}
