internal import Files
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The folder of an environment, as this process has it open: twice is forbidden, for closing the one
/// would free the locks of the other.
final class OpenFolder: Sendable {
  private let identity: FileIdentity

  private static let open = Mutex<Set<FileIdentity>>([])
  /// How long is waited for another thread that is about to let go of it.
  private static let patience_ms = 10_000

  /// Waits until nobody in this process has the folder open.
  init(path: String) throws(LMDBError) {
    let identity: FileIdentity
    do { identity = try FileIdentity(path) } catch {
      throw LMDBError(code: error.code, operation: "stat")
    }
    var waited_ms = 0
    while !Self.open.withLock({ $0.insert(identity).inserted }) {
      if waited_ms >= Self.patience_ms {
        throw LMDBError(code: EBUSY, operation: "this process has the folder open already")
      }
      usleep(1_000)
      waited_ms += 1
    }
    self.identity = identity
  }

  deinit { _ = Self.open.withLock { [identity] in $0.remove(identity) } }
}
