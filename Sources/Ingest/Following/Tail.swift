internal import Events
internal import Provenance

/// A file that is followed: its session while it is open, and what is needed to know whether it must
/// be opened again.
final class Tail {
  /// Where it was last seen; the name may have moved on.
  var path: String
  /// Nil while its descriptor is lent to others.
  var session: SourceSession?
  /// When it was last of use, counted in looks.
  var lastUse = 0
  let source: TrackedSource
  /// Since when it has no name, and nothing came.
  var lost: Timestamp?

  init(path: String, session: SourceSession) {
    self.path = path
    self.session = session
    source = session.source
  }

  /// Whether a closed file has something new, by its length and time.
  func hasChanged(_ status: FileStatus) -> Bool { !isTaken(source.content, status) }
}

/// Whether everything that a file holds was taken, by its length and time.
func isTaken(_ record: SourceRecord, _ status: FileStatus) -> Bool {
  guard record.modified == status.modified, record.size == status.size else { return false }
  // Of compressed files the length counts only once their end was reached.
  return record.position == status.size || record.isEndReached
}
