internal import Dispatch
internal import Synchronization

/// What one thread hands over to another; when so much waits, the one that gives waits too.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    // A semaphore must not go with a lower value than it began with.
    for _ in 0..<max(capacity, 1) { free.signal() }
  }

  /// Waits for room. Returns false, and keeps nothing, when nobody takes any more.
  @discardableResult
  func put(_ element: Element) -> Bool {
    free.wait()
    let isClosed = state.withLock { state in
      if !state.isClosed { state.waiting.append(element) }
      return state.isClosed
    }
    // Whoever puts after a close is let through, too.
    if isClosed { free.signal() } else { filled.signal() }
    return !isClosed
  }

  /// Waits for what comes next.
  func take() -> Element {
    filled.wait()
    let element = state.withLock { $0.waiting.removeFirst() }
    free.signal()
    return element
  }

  /// Drops what waits. Nothing may be taken any more.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.waiting.removeAll()
    }
    free.signal()
  }
}
