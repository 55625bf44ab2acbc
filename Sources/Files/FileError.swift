internal import Bytes

#if canImport(Glibc)
  internal import Glibc
#endif

/// What the system refused, and of which path.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// An errno.
  package let code: Int32

  package init(path: String, code: Int32) {
    self.path = path
    self.code = code
  }

  /// Of the system call that has just failed.
  init(_ path: String) { self.init(path: path, code: errno) }

  package var isAbsent: Bool { code == ENOENT }
  package var isReadOnly: Bool { code == EROFS }
  package var isBusy: Bool { code == EBUSY }
  /// A disk without room, or none for this user.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  /// In the system's words.
  package var reason: String { unsafe String(cString: strerror(code)) }
  package var description: String { "\(shownPath(path)): \(reason)" }
}
