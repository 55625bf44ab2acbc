internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The time that a hook has: when it is over and nothing was said, the process ends well, whatever it is
/// at.
package final class HookTime: Sendable {
  private let isTaken = Mutex(false)
  private let end: DispatchTime
  /// From then on no more is looked for, so that what was found is told in time.
  private let lookingEnd: DispatchTime

  /// The longest that an agent waits for a hook, and more.
  private static let millisecondsMax = 3_600_000

  package init(milliseconds: Int) {
    let milliseconds = min(max(0, milliseconds), Self.millisecondsMax)
    let begin = DispatchTime.now()
    end = begin + .milliseconds(milliseconds)
    lookingEnd = begin + .microseconds(700 * milliseconds)
    DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: end) { [self] in
      if take() { _exit(EXIT_SUCCESS) }
    }
  }

  /// Whether it is time to tell what was found.
  package var isLate: Bool { DispatchTime.now() >= lookingEnd }

  /// Whether there is time left to say something: from then on nothing ends the process.
  package func take() -> Bool {
    isTaken.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
  }
}
