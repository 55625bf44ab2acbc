internal import Files
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
    do { descriptor = try openPrivateFile(path, O_RDWR, owner: .folder) } catch {
      if error.isAbsent { return nil }
      throw StoreError(error)
    }
    var status = stat()
    // Who takes the folder for abandoned unlinks the file under the lock.
    guard OpenFileLock.take(.exclusive, descriptor), unsafe fstat(descriptor, &status) == 0,
      status.st_nlink > 0
    else { return nil }
  }

  deinit { _ = close(descriptor) }

  /// Whether somebody holds it.
  static func isHeld(folder: String) -> Bool {
    guard let descriptor = try? openFile("\(folder)/\(file)", O_RDONLY) else { return false }
    defer { _ = close(descriptor) }
    return OpenFileLock.isHeld(descriptor)
  }
}
