internal import Dispatch
internal import Synchronization

/// Threads for pure work. With one thread, work is done where it is submitted, so that runs make
/// the same system calls in the same order.
package struct Workers: Sendable {
  package let threadCount: Int

  package init(threadCount: Int) { self.threadCount = max(1, threadCount) }

  /// Starts work, whose results may be awaited in any order. Everything that the work held is
  /// released before its result is there: a build must be released by the thread that writes it,
  /// because LMDB's lock belongs to a thread.
  package func submit<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) -> Pending<Value> {
    let pending = Pending<Value>()
    if threadCount == 1 {
      pending.complete(Result(catching: work))
    } else {
      let once = Once(work)
      DispatchQueue.global(qos: .userInitiated).async { pending.complete(once.result()) }
    }
    return pending
  }
}

extension Workers {
  /// Releases what nobody needs any more, while the caller goes on. It must not hold a build.
  func release(_ rest: [any Sendable]) {
    if threadCount == 1 { return }
    DispatchQueue.global(qos: .utility).async { withExtendedLifetime(rest) {} }
  }
}

/// Work that is done once, and then held no longer.
private final class Once<Value: Sendable>: Sendable {
  private let work: Mutex<(@Sendable () throws -> Value)?>

  init(_ work: @escaping @Sendable () throws -> Value) { self.work = Mutex(work) }

  func result() -> Result<Value, any Error> {
    guard let work = work.withLock({ $0.take() }) else {
      preconditionFailure("work is done once")
    }
    return Result(catching: work)
  }
}

/// A result that is being worked on.
package final class Pending<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init() {}

  /// A result that needs no work.
  init(_ value: Value) { complete(.success(value)) }

  fileprivate func complete(_ value: Result<Value, any Error>) {
    result.withLock { $0 = value }
    done.signal()
  }

  /// Waits for the result. Must be called once only.
  package func value() throws -> Value {
    done.wait()
    guard let result = result.withLock({ $0 }) else {
      preconditionFailure("a completed result is there")
    }
    return try result.get()
  }
}

/// Objects that are costly to make and serve one thread at a time.
package final class Pool<Element>: @unchecked Sendable {
  private let free = Mutex<[Box]>([])
  private let make: @Sendable () throws -> Element

  /// Passed from thread to thread, never shared.
  private struct Box: @unchecked Sendable {
    let element: Element
  }

  package init(_ make: @escaping @Sendable () throws -> Element) { self.make = make }

  /// Runs `body` with an object that nobody else has.
  package func with<Value>(_ body: (Element) throws -> Value) throws -> Value {
    let box = try free.withLock { $0.popLast() } ?? Box(element: make())
    defer { free.withLock { $0.append(box) } }
    return try body(box.element)
  }
}
