internal import Events

/// Looks at what is followed: how many there were, what the current one found out about the next, and when
/// all files must be looked at again. Knows time, but no file.
final class LookSchedule {
  /// How often is looked for changes that nobody told of, where that costs little: in files that are
  /// open, and may have lost their names, and where links lead.
  private static let sweepInterval_ns: Int64 = 10_000_000_000
  /// How often all is looked at though nothing was told.
  private static let wholeInterval_ns: Int64 = 120_000_000_000

  let now: () -> Timestamp
  /// Counts looks, from 1.
  private(set) var number = 0
  /// Whether the current look is at all files, not only at those that were written.
  private(set) var isWhole = false
  /// Whether files were renamed while they were looked at: all must be looked at again.
  var isOutdated = false
  /// When what could not be done now is tried again.
  private(set) var retry: Timestamp?
  private var lastWhole = Timestamp(nanoseconds: .min)
  private var lastSweep = Timestamp(nanoseconds: .min)

  init(now: @escaping () -> Timestamp) { self.now = now }

  func begin() { number += 1 }

  /// The look is at some files only, or was given up.
  func endWhole() { isWhole = false }

  /// The look is at all files. Returns whether it is the first.
  func beginWhole() -> Bool {
    let isFirst = lastWhole.nanoseconds == .min
    isWhole = true
    lastWhole = now()
    return isFirst
  }

  /// Forgets why all files were to be looked at again.
  func clear() {
    isOutdated = false
    retry = nil
  }

  func retry(after interval_ns: Int64) {
    retry = Timestamp(nanoseconds: now().nanoseconds + interval_ns)
  }

  /// Whether all must be looked at though nobody told of changes.
  ///
  /// - Parameter hasUntoldChange: asked from time to time.
  func isSweepDue(hasUntoldChange: () -> Bool) -> Bool {
    let now = now()
    if !isWithin(Self.wholeInterval_ns, of: lastWhole, now) { return true }
    if isWithin(Self.sweepInterval_ns, of: lastSweep, now) { return false }
    lastSweep = now
    return hasUntoldChange()
  }

  /// No, when a clock was set back.
  private func isWithin(_ interval_ns: Int64, of before: Timestamp, _ now: Timestamp) -> Bool {
    let (passed, isOverflow) = now.nanoseconds.subtractingReportingOverflow(before.nanoseconds)
    return !isOverflow && passed >= 0 && passed < interval_ns
  }
}
