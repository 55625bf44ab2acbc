/// How far something long is.
package struct Progress: Sendable {
  package enum Phase: String, Sendable {
    case ingest, project, replay, verify, explain
    case dryRun = "dry run"
    /// Folding a view as it was.
    case past
    /// Of rows.
    case compare
  }

  package let phase: Phase
  package let done: UInt64
  /// Nil when nobody knows, as of a pipe.
  package let total: UInt64?
}

/// What a person is told while a store works, beside the answer.
package final class Notices {
  /// Called with what a person should know.
  package var tell: (String) -> Void = { _ in }
  /// Called while views are folded, or a log is checked, that nobody asked for; nil when it is done.
  package var showProgress: (Progress?) -> Void = { _ in }
  private var told: Set<String> = []

  /// Tells a sentence, unless it was told already.
  func tellOnce(_ text: String) { if told.insert(text).inserted { tell(text) } }
}
