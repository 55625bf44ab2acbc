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

  /// Installs the handler when it is first read. A process that ignores the signal goes on ignoring it.
  static let areHandled: Void = {
    var before = sigaction()
    // A global is initialized under a lock when it is first used, which must not happen in a handler.
    _ = transactions.load(ordering: .sequentiallyConsistent)
    _ = isWaiting.load(ordering: .sequentiallyConsistent)
    guard unsafe sigaction(SIGTSTP, nil, &before) == 0,
      unsafe before.__sigaction_handler.sa_handler == nil
    else { return }
    install()
  }()

  static func begin() { transactions.add(1, ordering: .sequentiallyConsistent) }

  static func end() {
    let left = transactions.subtract(1, ordering: .sequentiallyConsistent).newValue
    if left == 0, isWaiting.exchange(false, ordering: .sequentiallyConsistent) { stop() }
  }

  private static func install() {
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
    // The last transaction may have ended before the request was noted: then nobody else stops.
    if isSecond || transactions.load(ordering: .sequentiallyConsistent) == 0,
      isWaiting.exchange(false, ordering: .sequentiallyConsistent)
    {
      stop()
    }
  }

  /// Stops the process as the signal does without a handler, and installs the handler again once the
  /// process is continued. Calls only what is safe in a signal handler.
  private static func stop() {
    _ = signal(SIGTSTP, SIG_DFL)
    _ = raise(SIGTSTP)
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGTSTP)
    // The signal is blocked while its handler runs, and has its effect when it is unblocked.
    var before = sigset_t()
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, &before)
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    install()
  }
}

/// Once done, a page of a mapped file that cannot be read (a file cut short, or a failing disk) ends
/// the process with a message and the status of a failed input.
let busErrorsAreReported: Void = {
  var action = sigaction()
  unsafe action.__sigaction_handler.sa_handler = { _ in
    // Only calls that are safe in a signal handler.
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
