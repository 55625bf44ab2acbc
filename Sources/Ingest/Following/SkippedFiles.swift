internal import Events

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
