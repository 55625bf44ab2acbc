internal import Events

/// Files that turned up beside others that are followed, or were emptied or rewritten, and are not read
/// yet.
///
/// Who rewrites a file often writes its lines to another first, and renames that over it: read too
/// early, they would count as lines of a source of their own. So a newcomer is read once it stood
/// still for a moment; what took the place of a known file by then is that file, rewritten. Who
/// rewrites it in place empties it first, and then writes: what it holds is compared with what it gave
/// once it stands still. Only what is empty still by then was emptied.
struct PendingFiles {
  private struct Key: Hashable {
    let path: String
    let file: FileID
  }

  private struct Rest {
    var began: Timestamp
    var status: FileStatus
    var changed: Timestamp
    var look: Int
    var isRewritten: Bool
    /// Whether it waits for another file, whatever becomes of itself.
    var isHeld = false
  }

  private let quietPeriod: QuietPeriod
  private var resting: [Key: Rest] = [:]
  private var paths: Set<String> = []
  /// Those that were found settled in a look, and are so until it ends.
  private var settled: (look: Int, keys: Set<Key>) = (0, [])

  init(_ quietPeriod: QuietPeriod) { self.quietPeriod = quietPeriod }

  /// Whether a newcomer may be read now; else it is looked at again when it may be.
  mutating func isStable(
    _ path: String, _ status: FileStatus, at now: Timestamp, look: Int, isRewritten: Bool = false
  ) -> Bool {
    if quietPeriod.limit_ns == 0 { return true }
    let key = Key(path: path, file: status.id)
    if settled.look != look { settled = (look, []) }
    if settled.keys.contains(key) { return true }
    let rest = watch(key, status, at: now, look: look, isRewritten)
    if now.nanoseconds < end(rest) { return false }
    resting[key] = nil
    paths.remove(path)
    settled.keys.insert(key)
    return true
  }

  /// Looks at one that may not be read before another that rests.
  mutating func hold(_ path: String, _ status: FileStatus, at now: Timestamp, look: Int) {
    if quietPeriod.limit_ns == 0 { return }
    let key = Key(path: path, file: status.id)
    _ = watch(key, status, at: now, look: look, false)
    resting[key]?.isHeld = true
  }

  private mutating func watch(
    _ key: Key, _ status: FileStatus, at now: Timestamp, look: Int, _ isRewritten: Bool
  ) -> Rest {
    var rest =
      resting[key]
      ?? Rest(began: now, status: status, changed: now, look: look, isRewritten: isRewritten)
    rest.isRewritten = rest.isRewritten || isRewritten
    if rest.status != status || now < rest.changed {
      // Where nobody looked for long it may have stood still, and is being changed once more.
      if now.nanoseconds >= end(rest) + quietPeriod.limit_ns { rest.began = now }
      rest.changed = now
    }
    // A clock that was set back begins anew.
    rest.began = min(rest.began, now)
    rest.status = status
    rest.look = look
    rest.isHeld = false
    resting[key] = rest
    paths.insert(key.path)
    return rest
  }

  private func end(_ rest: Rest) -> Int64 {
    let limit_ns = rest.isRewritten ? quietPeriod.rewriteLimit_ns : quietPeriod.limit_ns
    return min(rest.began.nanoseconds + limit_ns, rest.changed.nanoseconds + quietPeriod.quiet_ns)
  }

  /// Whether something at a path is looked at again by itself.
  func isResting(_ path: String) -> Bool { paths.contains(path) }

  /// Forgets those that were not met when all was looked at.
  mutating func forgetMissing(look: Int) {
    resting = resting.filter { $0.value.look == look }
    paths = Set(resting.keys.map(\.path))
  }

  /// When the next of them may be read; nil when none waits.
  var nextEnd: Timestamp? {
    resting.values.filter { !$0.isHeld }.map(end).min().map { Timestamp(nanoseconds: $0) }
  }
}

/// For how long a newcomer rests.
package struct QuietPeriod: Sendable {
  /// For so long it must not change,
  let quiet_ns: Int64
  /// but after so long it is read however it changes.
  let limit_ns: Int64
  /// The same, of a file that is being rewritten in place: what comes later counts as growth, and would
  /// be taken twice.
  let rewriteLimit_ns: Int64

  package static let standard = QuietPeriod(
    quiet_ns: 250_000_000, limit_ns: 2_000_000_000, rewriteLimit_ns: 10_000_000_000)
  /// Reads everything at once.
  package static let none = QuietPeriod(quiet_ns: 0, limit_ns: 0, rewriteLimit_ns: 0)
}
