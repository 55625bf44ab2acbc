/// What may have changed since files were last looked at.
package struct FileChanges: Equatable, Sendable {
  /// Paths that were written to.
  package var written: Set<String> = []
  /// Paths where a name came, went or moved.
  package var renamed: Set<String> = []
  /// Whether nobody knows: then all is looked at.
  package var isEverything = false

  package init() {}

  package var isEmpty: Bool { !isEverything && written.isEmpty && renamed.isEmpty }

  package static var everything: FileChanges {
    var changes = FileChanges()
    changes.isEverything = true
    return changes
  }
}

/// Takes lines from a follower, and makes them durable with their sources' positions.
package protocol LineTaker: AnyObject {
  /// Takes what a session handed out; may commit by itself when it is much.
  func take(_ chunk: LineChunk, from session: SourceSession) throws
  /// Has a source committed that gives no lines.
  func touch(_ source: TrackedSource) throws
  /// Makes durable what was taken.
  func commit() throws
  /// Tells a person something about a source.
  func tell(_ message: String, isFailure: Bool)
  /// The file of a source has no name any more, or one that nobody follows.
  func lost(_ source: TrackedSource, path: String)
}
