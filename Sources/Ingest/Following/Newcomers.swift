internal import Events

/// Files that turned up beside others that are followed, and are not read yet.
///
/// Who rewrites a file often writes its lines to another first, and renames that over it: read too
/// early, they would count as lines of a source of their own. So a newcomer is read once it stood
/// still for a moment; what took the place of a known file by then is that file, rewritten.
struct Newcomers {
  private struct Key: Hashable {
    let path: String
    let file: FileID
  }

  private struct Rest {
    var began: Timestamp
    var status: FileStatus
    var changed: Timestamp
    var look: Int
  }

  private let settling: Settling
  private var resting: [Key: Rest] = [:]
  private var paths: Set<String> = []

  init(_ settling: Settling) { self.settling = settling }

  /// Whether a newcomer may be read now; else it is looked at again when it may be.
  mutating func isSettled(_ path: String, _ status: FileStatus, at now: Timestamp, look: Int)
    -> Bool
  {
    if settling.limit_ns == 0 { return true }
    let key = Key(path: path, file: status.id)
    var rest =
      resting[key] ?? Rest(began: now, status: status, changed: now, look: look)
    if rest.status != status || now < rest.changed { rest.changed = now }
    // A clock that was set back begins anew.
    rest.began = min(rest.began, now)
    rest.status = status
    rest.look = look
    if now.nanoseconds >= end(rest) {
      resting[key] = nil
      paths.remove(path)
      return true
    }
    resting[key] = rest
    paths.insert(path)
    return false
  }

  private func end(_ rest: Rest) -> Int64 {
    min(rest.began.nanoseconds + settling.limit_ns, rest.changed.nanoseconds + settling.quiet_ns)
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
    resting.values.map(end).min().map { Timestamp(nanoseconds: $0) }
  }
}

/// For how long a newcomer rests.
package struct Settling: Sendable {
  /// For so long it must not change,
  let quiet_ns: Int64
  /// but after so long it is read however it changes.
  let limit_ns: Int64

  package init(quiet_ns: Int64, limit_ns: Int64) {
    self.quiet_ns = quiet_ns
    self.limit_ns = limit_ns
  }

  package static let standard = Settling(quiet_ns: 250_000_000, limit_ns: 2_000_000_000)
  /// Reads everything at once.
  package static let none = Settling(quiet_ns: 0, limit_ns: 0)
}
