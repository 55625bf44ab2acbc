internal import LMDB

#if canImport(Glibc)
  internal import Glibc
#endif

/// Says that somebody works in the folder of a build: held while this lives, and freed by the kernel
/// when the process dies, in whatever PID namespace it was.
package final class FolderLock: Sendable {
  static let file = "alive"
  private let descriptor: Int32

  /// Nil when somebody else holds it, or the folder is gone.
  init?(folder: String) throws(StoreError) {
    let path = "\(folder)/\(Self.file)"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw .files(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    var status = stat()
    // Who takes the folder for abandoned unlinks the file under the lock.
    guard OpenFileLock.take(.exclusive, descriptor), unsafe fstat(descriptor, &status) == 0,
      status.st_nlink > 0
    else { return nil }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Whether somebody holds it.
  static func isHeld(folder: String) -> Bool {
    let descriptor = unsafe open("\(folder)/\(file)", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { _ = close(descriptor) }
    return OpenFileLock.isHeld(descriptor)
  }
}
