#if canImport(Glibc)
  internal import Glibc
#endif

/// A lock between processes, held while this lives; the kernel frees it when the process dies.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// Nil when another process holds it.
  package init?(path: String) throws(FileError) {
    descriptor = try openPrivateFile(path, O_RDWR, owner: .folder)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      _ = close(descriptor)
      return nil
    }
  }

  deinit { _ = close(descriptor) }
}
