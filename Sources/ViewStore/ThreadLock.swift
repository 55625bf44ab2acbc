internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// One thread at a time; the one that is in may come in again.
final class ThreadLock: Sendable {
  private let mutex = Mutex<Void>(())
  /// The thread that is in; 0 for none.
  private let owner = Atomic<UInt>(0)

  func withLock<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let thread = UInt(pthread_self())
    // Nobody but this thread itself ever writes its number.
    if owner.load(ordering: .relaxed) == thread { return try body() }
    return try mutex.withLock { _ throws(Failure) in
      owner.store(thread, ordering: .relaxed)
      defer { owner.store(0, ordering: .relaxed) }
      return try body()
    }
  }
}
