internal import Files
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// A lock between processes, held while this lives; the kernel frees it when the process dies.
final class FileLock {
  private let descriptor: FileDescriptor

  /// Nil when another process holds it.
  init?(path: String) throws(FoldlogError) {
    do {
      descriptor = FileDescriptor(rawValue: try openPrivateFile(path, O_RDWR, owner: .folder))
    } catch {
      throw FoldlogError(.inputOutput, "\(error)")
    }
    if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
      try? descriptor.close()
      return nil
    }
  }

  deinit { try? descriptor.close() }
}
