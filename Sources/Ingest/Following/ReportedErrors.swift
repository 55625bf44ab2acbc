/// What could not be read by those who follow, and why, until it can be: each is told once.
package final class ReportedErrors {
  private struct Entry {
    let error: IngestError
    /// Whether it is so until the file changes: nobody meets it again before.
    let isLasting: Bool
    /// When it was last met, counted in looks.
    var look: Int
  }

  private var entries: [String: Entry] = [:]

  package init() {}

  /// Paths with reasons, as a person reads them; in the order of paths.
  package var descriptions: [String] {
    entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.value.error)" }
  }

  /// Looks are counted anew.
  func begin() { for path in entries.keys { entries[path]?.look = 0 } }

  /// Returns whether it is to be told: whether it is new, or has another reason than before.
  func enter(_ error: IngestError, isLasting: Bool, look: Int) -> Bool {
    let isKnown = entries[error.path]?.error.reason == error.reason
    entries[error.path] = Entry(error: error, isLasting: isLasting, look: look)
    return !isKnown
  }

  /// What stands at a path was read.
  func end(_ path: String) { entries[path] = nil }

  /// Forgets those that were not met when all was looked at.
  func forgetMissing(look: Int, isThere: (String) -> Bool) {
    entries = entries.filter { path, entry in
      entry.isLasting ? isThere(path) : entry.look == look
    }
  }
}
