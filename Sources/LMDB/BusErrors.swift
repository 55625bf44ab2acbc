#if canImport(Glibc)
  internal import Glibc
#endif

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
