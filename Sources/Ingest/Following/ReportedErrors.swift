/// What could not be read by those who follow, and why, until it can be: each error is told once.
package final class ReportedErrors {
  private struct Entry {
    let error: IngestError
    /// Whether the error lasts until the file changes, and is not met again before.
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

  /// A new follower counts its looks anew.
  func resetLooks() { for path in entries.keys { entries[path]?.look = 0 } }

  /// Returns whether it is to be told: whether it is new, or has another reason than before.
  func enter(_ error: IngestError, isLasting: Bool, look: Int) -> Bool {
    let isKnown = entries[error.path]?.error.reason == error.reason
    entries[error.path] = Entry(error: error, isLasting: isLasting, look: look)
    return !isKnown
  }

  /// The file at a path was read.
  func remove(_ path: String) { entries[path] = nil }

  /// Forgets errors that were not met when all was looked at.
  func forgetMissing(look: Int, exists: (String) -> Bool) {
    entries = entries.filter { path, entry in
      entry.isLasting ? exists(path) : entry.look == look
    }
  }
}

/// Tells a person what could not be read, and has it tried again.
struct ErrorReporter {
  /// How long is waited for a descriptor when there was none.
  private static let retryInterval_ns: Int64 = 1_000_000_000

  let errors: ReportedErrors
  let taker: any LineTaker
  let open: OpenFiles
  let looks: LookSchedule

  /// Reports what is met again at the next look, unless the file is only gone.
  func report(_ error: IngestError) {
    if error.code == .absent { return }
    if error.code == .noDescriptor {
      _ = open.makeRoom()
      looks.retry(after: Self.retryInterval_ns)
    }
    report(error, isLasting: false)
  }

  /// - Parameter isLasting: whether nobody meets it again before the file changes.
  func report(_ error: IngestError, isLasting: Bool) {
    if errors.enter(error, isLasting: isLasting, look: looks.number) {
      taker.tell("\(error)", isFailure: true)
    }
  }
}
