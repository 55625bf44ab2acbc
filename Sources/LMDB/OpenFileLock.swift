#if canImport(Glibc)
  internal import Glibc
#endif

/// Locks of fcntl(2) that belong to an open file, not to a process: they hold among descriptors of one
/// process, too, and the kernel frees them with the last one.
package enum OpenFileLock {
  package enum Kind: Sendable {
    case shared, exclusive
  }

  /// Linux's F_OFD_GETLK, F_OFD_SETLK and F_OFD_SETLKW.
  private static let get: Int32 = 36
  private static let set: Int32 = 37
  private static let setAndWait: Int32 = 38

  /// Takes the lock of a byte of a file, unless that is held elsewhere. Returns whether it has it.
  package static func take(_ kind: Kind, _ descriptor: Int32, byte: Int64 = 0) -> Bool {
    var request = request(kind, byte)
    return unsafe fcntl(descriptor, set, &request) == 0
  }

  /// Whether the lock of a byte is held elsewhere. Takes nothing.
  package static func isHeld(_ descriptor: Int32, byte: Int64 = 0) -> Bool {
    var request = request(.exclusive, byte)
    return unsafe fcntl(descriptor, get, &request) == 0 && request.l_type != Int16(F_UNLCK)
  }

  /// Waits for the lock of a byte. Where a file system has no locks, nothing is locked.
  static func wait(for kind: Kind, _ descriptor: Int32, byte: Int64) {
    var request = request(kind, byte)
    while unsafe fcntl(descriptor, setAndWait, &request) != 0, errno == EINTR {}
  }

  static func free(_ descriptor: Int32, byte: Int64) {
    var request = request(.shared, byte)
    request.l_type = Int16(F_UNLCK)
    _ = unsafe fcntl(descriptor, set, &request)
  }

  private static func request(_ kind: Kind, _ byte: Int64) -> flock {
    var request = flock()
    request.l_type = Int16(kind == .shared ? F_RDLCK : F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    request.l_start = off_t(byte)
    request.l_len = 1
    return request
  }
}
