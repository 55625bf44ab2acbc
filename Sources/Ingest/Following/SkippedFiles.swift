internal import Events

/// What was found out about files beside followed ones that are not read, as they were then: to find it
/// out again at each look costs much.
struct SkippedFiles {
  /// A file that held what the beginning of another held, as both were.
  struct Copy {
    let copy: FileStatus
    let path: String
    let original: FileStatus
  }

  /// Copies of the base of their group.
  var copies: [FileID: Copy] = [:]
  /// Copies that were found to be such when they were opened.
  var leftOut: [FileID: Copy] = [:]
  /// Files that hold nothing of what is followed.
  var unrelated: [FileID: FileStatus] = [:]
  /// Files that give nothing as they are: compressed ones that hold nothing, and others on their way here.
  var withoutContent: [FileID: FileStatus] = [:]

  /// Forgets all files but these.
  mutating func forget(except there: Set<FileID>) {
    copies = copies.filter { there.contains($0.key) }
    leftOut = leftOut.filter { there.contains($0.key) }
    unrelated = unrelated.filter { there.contains($0.key) }
    withoutContent = withoutContent.filter { there.contains($0.key) }
  }
}
