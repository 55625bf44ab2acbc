internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Read transactions of this process: while there are any, a request to stop (SIGTSTP, `^Z`) waits, for
/// a process that is stopped within one has every page stay that it can see. The second request stops
/// at once.
enum StopRequests {
  private static let transactions = Atomic(0)
  private static let isWaiting = Atomic(false)

  /// Once done, requests are heard; not where they are ignored already.
  static let areHeard: Void = {
    var before = sigaction()
    // What the handler uses is there before it is.
    _ = transactions.load(ordering: .sequentiallyConsistent)
    _ = isWaiting.load(ordering: .sequentiallyConsistent)
    guard unsafe sigaction(SIGTSTP, nil, &before) == 0,
      unsafe before.__sigaction_handler.sa_handler == nil
    else { return }
    hear()
  }()

  static func begin() { transactions.add(1, ordering: .sequentiallyConsistent) }

  static func end() {
    let left = transactions.subtract(1, ordering: .sequentiallyConsistent).newValue
    if left == 0, isWaiting.exchange(false, ordering: .sequentiallyConsistent) { stop() }
  }

  private static func hear() {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      let code = errno
      StopRequests.receive()
      errno = code
    }
    action.sa_flags = SA_RESTART
    unsafe sigemptyset(&action.sa_mask)
    _ = unsafe sigaction(SIGTSTP, &action, nil)
  }

  private static func receive() {
    let isSecond = isWaiting.exchange(true, ordering: .sequentiallyConsistent)
    // The last transaction may have ended just before.
    if isSecond || transactions.load(ordering: .sequentiallyConsistent) == 0,
      isWaiting.exchange(false, ordering: .sequentiallyConsistent)
    {
      stop()
    }
  }

  /// Stops as if the request had not been heard; goes on, hearing again, when it is continued. Nothing
  /// but what is safe in a handler.
  private static func stop() {
    _ = signal(SIGTSTP, SIG_DFL)
    _ = raise(SIGTSTP)
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGTSTP)
    // Within a handler the request waits until it is let through.
    var before = sigset_t()
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, &before)
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    hear()
  }
}

/// Once done, a page of a mapped file that cannot be read (a file cut short, or a failing disk) ends
/// the process with a message and the status of a failed input.
let busErrorsAreTold: Void = {
  var action = sigaction()
  unsafe action.__sigaction_handler.sa_handler = { _ in
    // Nothing but what is safe in a handler.
    message.withUTF8Buffer { text in
      _ = unsafe write(STDERR_FILENO, text.baseAddress, text.count)
    }
    _exit(74)
  }
  unsafe sigemptyset(&action.sa_mask)
  _ = unsafe sigaction(SIGBUS, &action, nil)
}()

private let message: StaticString =
  "foldlog: a page of data.mdb could not be read: the file was cut short while it was open, or the disk failed. What was committed before is on disk; see what the system's log says, then run `foldlog verify`\n"
