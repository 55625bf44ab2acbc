internal import Files
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The file lock.mdb of an environment, with locks of our own in it that are waited for in the kernel,
/// before LMDB's mutexes.
///
/// Who dies while it waits for a mutex that lies in a file has it taken for abandoned, if its thread
/// and the owner's have one number, as they may in two PID namespaces: a third would then write
/// beside the owner. Behind a lock of the kernel a mutex is free, and nobody waits for it.
final class LockFile: Sendable {
  /// Bytes behind all that LMDB locks.
  private enum Byte {
    static let opened: Int64 = 1 << 32
    static let writer: Int64 = opened + 1
    static let readerTable: Int64 = opened + 2
  }

  /// Closing it frees the locks that LMDB has of the same file: it must outlive the environment.
  private let descriptor: Int32
  /// How many threads of this process hold each lock: they have numbers of their own, and may wait
  /// for one another's mutexes.
  private let writers = Mutex(0)
  private let tableUsers = Mutex(0)

  /// Opens the file, which is made where `isMade` says so. Nil where that cannot be: LMDB says why.
  init?(folder: String, readerCountMax: UInt32, isMade: Bool) throws(LMDBError) {
    let path = "\(folder)/lock.mdb"
    let opened =
      isMade ? try? openPrivateFile(path, O_RDWR, owner: .folder) : try? openFile(path, O_RDWR)
    guard let opened else { return nil }
    descriptor = opened
    if isMade { try allocate(descriptor, size: size(readerCountMax: readerCountMax)) }
    // For as long as the environment is open: who would put another file in its place finds out.
    OpenFileLock.wait(for: .shared, descriptor, byte: Byte.opened)
  }

  deinit { _ = close(descriptor) }

  /// Takes, through a descriptor of the file, what keeps everybody from opening the environment.
  /// Returns false while somebody has it open.
  static func takeAlone(_ descriptor: Int32) -> Bool {
    // LMDB's own is the first byte.
    OpenFileLock.take(.exclusive, descriptor, byte: Byte.opened)
      && OpenFileLock.take(.exclusive, descriptor, byte: 0)
  }

  /// Enters before a write transaction begins; `leaveWriter` after it ended.
  func enterWriter() { enter(writers, Byte.writer) }
  func leaveWriter() { leave(writers, Byte.writer) }

  fileprivate func withReaderTable<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    enter(tableUsers, Byte.readerTable)
    defer { leave(tableUsers, Byte.readerTable) }
    return try body()
  }

  /// The process that holds the lock of a reader's number.
  func holder(of number: Int32) -> Int32? { Self.holder(of: off_t(number), descriptor) }

  /// The process that holds one of LMDB's locks, as this one's PID namespace calls it: 0 for one that
  /// cannot be seen from here, nil for none.
  static func holder(of byte: off_t, _ descriptor: Int32) -> Int32? {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    request.l_start = byte
    request.l_len = 1
    guard unsafe fcntl(descriptor, F_GETLK, &request) == 0, request.l_type != Int16(F_UNLCK) else {
      return nil
    }
    return max(0, request.l_pid)
  }

  private func enter(_ count: borrowing Mutex<Int>, _ byte: Int64) {
    count.withLock { count in
      if count == 0 { OpenFileLock.wait(for: .exclusive, descriptor, byte: byte) }
      count += 1
    }
  }

  private func leave(_ count: borrowing Mutex<Int>, _ byte: Int64) {
    count.withLock { count in
      count -= 1
      if count == 0 { OpenFileLock.free(descriptor, byte: byte) }
    }
  }
}

/// Runs what looks for a slot in a table of readers, or frees one.
func withReaderTable<Result, Failure: Error>(
  _ lockFile: LockFile?, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  if let lockFile { try lockFile.withReaderTable(body) } else { try body() }
}

/// Gives the file its blocks on disk. LMDB only sets its length, and maps it: on a full disk the
/// first touch of a block that is not there would end the process.
private func allocate(_ descriptor: Int32, size: Int) throws(LMDBError) {
  var status = stat()
  if unsafe fstat(descriptor, &status) == 0, status.st_size >= size,
    status.st_blocks * 512 >= size
  {
    return
  }
  let code = posix_fallocate(descriptor, 0, size)
  if code == ENOSPC || code == EDQUOT {
    throw LMDBError(code: ENOSPC, operation: "allocating lock.mdb")
  }
}

/// The length that LMDB 0.9 gives it: two mutexes with their neighbours, and a cache line a reader.
private func size(readerCountMax: UInt32) -> Int {
  let line = 64
  let mutex = unsafe MemoryLayout<pthread_mutex_t>.size
  func lines(_ size: Int) -> Int { (size + line - 1) / line * line }
  // Magic, format, the readers' mutex, the last transaction, the number of readers.
  let head = lines(4 + 4 + mutex + 8 + 4)
  return head + lines(mutex) + Int(readerCountMax) * line
}

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
