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

  package init(milliseconds: Int) {
    end = .now() + .milliseconds(milliseconds)
    DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: end) { [self] in
      if take() { _exit(EXIT_SUCCESS) }
    }
  }

  package var isOver: Bool { DispatchTime.now() >= end }

  /// Whether there is time left to say something: from then on nothing ends the process.
  package func take() -> Bool {
    isTaken.withLock { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
  }
}
