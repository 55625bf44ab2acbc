internal import Events

/// New, emptied and rewritten files that are not read before they have stopped changing.
///
/// Whoever rewrites a file often writes its lines to another first, and renames that over it. Read too
/// early, they would count as lines of a source of their own. So a new file is read once it did not
/// change for a moment: if it has replaced a known file by then, it is that file, rewritten. Whoever
/// rewrites a file in place empties it first, and then writes: what it holds is compared with what it gave
/// once it has stopped changing, and only a file that is still empty then was emptied.
struct PendingFiles {
  private struct Key: Hashable {
    let path: String
    let file: FileID
  }

  private struct Entry {
    var began: Timestamp
    var status: FileStatus
    var changed: Timestamp
    var look: Int
    var isRewritten: Bool
    /// Whether it waits for another file, and nothing happens when its own time is over.
    var isHeld = false
  }

  private let quietPeriod: QuietPeriod
  private var entries: [Key: Entry] = [:]
  private var paths: Set<String> = []
  /// Files that were found stable in a look: they are so until the look ends.
  private var stable: (look: Int, keys: Set<Key>) = (0, [])

  init(_ quietPeriod: QuietPeriod) { self.quietPeriod = quietPeriod }

  /// Whether a file may be read now; else it is looked at again when it may be.
  mutating func isStable(
    _ path: String, _ status: FileStatus, at now: Timestamp, look: Int, isRewritten: Bool = false
  ) -> Bool {
    if quietPeriod.limit_ns == 0 { return true }
    let key = Key(path: path, file: status.id)
    if stable.look != look { stable = (look, []) }
    if stable.keys.contains(key) { return true }
    let entry = update(key, status, at: now, look: look, isRewritten)
    if now.nanoseconds < end(entry) { return false }
    entries[key] = nil
    paths.remove(path)
    stable.keys.insert(key)
    return true
  }

  /// Notes a file that may not be read before another that is pending.
  mutating func hold(_ path: String, _ status: FileStatus, at now: Timestamp, look: Int) {
    if quietPeriod.limit_ns == 0 { return }
    let key = Key(path: path, file: status.id)
    _ = update(key, status, at: now, look: look, false)
    entries[key]?.isHeld = true
  }

  private mutating func update(
    _ key: Key, _ status: FileStatus, at now: Timestamp, look: Int, _ isRewritten: Bool
  ) -> Entry {
    var entry =
      entries[key]
      ?? Entry(began: now, status: status, changed: now, look: look, isRewritten: isRewritten)
    entry.isRewritten = entry.isRewritten || isRewritten
    if entry.status != status || now < entry.changed {
      // If nobody looked for long, it may have been stable meanwhile, and is now changed once more.
      if now.nanoseconds >= end(entry) + quietPeriod.limit_ns { entry.began = now }
      entry.changed = now
    }
    // When the clock was set back, its time begins anew.
    entry.began = min(entry.began, now)
    entry.status = status
    entry.look = look
    entry.isHeld = false
    entries[key] = entry
    paths.insert(key.path)
    return entry
  }

  private func end(_ entry: Entry) -> Int64 {
    let limit_ns = entry.isRewritten ? quietPeriod.rewriteLimit_ns : quietPeriod.limit_ns
    return min(
      entry.began.nanoseconds + limit_ns, entry.changed.nanoseconds + quietPeriod.quiet_ns)
  }

  /// Whether a file at a path is pending.
  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// Forgets those that were not met when all was looked at.
  mutating func forgetMissing(look: Int) {
    entries = entries.filter { $0.value.look == look }
    paths = Set(entries.keys.map(\.path))
  }

  /// When the next of them may be read; nil when none waits.
  var nextEnd: Timestamp? {
    entries.values.filter { !$0.isHeld }.map(end).min().map { Timestamp(nanoseconds: $0) }
  }
}

/// For how long a file must not change before it is read.
package struct QuietPeriod: Sendable {
  /// For so long it must not change.
  let quiet_ns: Int64
  /// After so long it is read however it changes.
  let limit_ns: Int64
  /// The same, of a file that is being rewritten in place: what comes later counts as growth, and would
  /// be taken twice.
  let rewriteLimit_ns: Int64

  package static let standard = QuietPeriod(
    quiet_ns: 250_000_000, limit_ns: 2_000_000_000, rewriteLimit_ns: 10_000_000_000)
  /// Reads everything at once.
  package static let none = QuietPeriod(quiet_ns: 0, limit_ns: 0, rewriteLimit_ns: 0)
}
