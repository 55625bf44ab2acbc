#if canImport(Glibc)
  internal import Glibc
#endif

/// Standard input, output and error, of which a process may be given none.
package enum StandardDescriptors {
  /// Opens those that are missing on /dev/null, before anything else can get their numbers: a file of
  /// the data with the number 2 would have messages written into it. What is written to a missing
  /// output, and read from a missing input, fails; what is written to a missing error is lost.
  ///
  /// - Returns: false when that cannot be done.
  package static func openMissing() -> Bool {
    // In this order: what is opened gets the lowest number that is free.
    for (descriptor, flags) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ] where !isOpen(descriptor) {
      if unsafe open("/dev/null", flags) == descriptor { continue }
      // Without a /dev: a folder can neither be read nor written.
      if unsafe open("/", O_RDONLY | O_DIRECTORY) != descriptor { return false }
    }
    return true
  }

  private static func isOpen(_ descriptor: Int32) -> Bool {
    fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF
  }

  /// Whether standard input can be read: false when the process was given none.
  package static var hasInput: Bool {
    let flags = fcntl(STDIN_FILENO, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_WRONLY
  }
}
