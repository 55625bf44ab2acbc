internal import Bytes
internal import CLMDB
internal import Files
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// How an environment is opened; every choice is spelled out where it is made.
package struct EnvironmentOptions: Sendable {
  /// The most that the file may grow to, in bytes: address space, not disk.
  package var mapSize: Int
  package var tableCountMax: UInt32
  package var readerCountMax: UInt32
  /// Open an existing environment, and never write to it.
  package var isReadOnly: Bool
  /// False: a commit is on disk when it returns. True: only after `sync`.
  package var isSyncDeferred: Bool

  package init(
    mapSize: Int, tableCountMax: UInt32 = 64, readerCountMax: UInt32 = 126,
    isReadOnly: Bool = false, isSyncDeferred: Bool = false
  ) {
    self.mapSize = mapSize
    self.tableCountMax = tableCountMax
    self.readerCountMax = readerCountMax
    self.isReadOnly = isReadOnly
    self.isSyncDeferred = isSyncDeferred
  }
}

/// An LMDB environment: one folder, many tables, one writer, readers that never wait.
///
/// Transactions do not belong to threads (`MDB_NOTLS`), but a write transaction must end on the
/// thread that began it.
@safe package final class Environment: @unchecked Sendable {
  let pointer: OpaquePointer
  package let path: String
  package let isReadOnly: Bool
  /// The number that this process has in the table of readers.
  let readerNumber: Int32
  /// Let go of after the environment is closed. Nil where there is none, as on a read-only disk.
  let lockFile: LockFile?
  /// Let go of last.
  private let folder: OpenFolder

  /// Opens the folder, which must exist; a file that this user may not write is opened for reading.
  /// The corresponding C function is `mdb_env_open`.
  package init(path: String, options: EnvironmentOptions) throws(LMDBError) {
    _ = busErrorsAreTold
    _ = StopRequests.areHeard
    folder = try OpenFolder(path: path)
    self.path = path
    isReadOnly = options.isReadOnly || !isWritable("\(path)/data.mdb")
    lockFile = try LockFile(
      folder: path, readerCountMax: options.readerCountMax, isMade: !options.isReadOnly)
    if !isReadOnly, lockFile != nil { discardUnfinishedCopy(in: path) }
    let opened = unsafe try openUnderOwnNumber(
      path, options, isReadOnly: isReadOnly, lockFile: lockFile)
    unsafe pointer = opened.pointer
    readerNumber = unsafe opened.number
    // From here on `deinit` closes it, also when this throws.
    try checkLength()
    if !isReadOnly { try clearDeadReaders() }
  }

  deinit { unsafe ReaderNumber.close(pointer, readerNumber) }

  /// Forces what was committed to disk. The corresponding C function is `mdb_env_sync`.
  package func sync() throws(LMDBError) {
    try check(unsafe mdb_env_sync(pointer, 1), "mdb_env_sync")
  }

  /// Frees the slots of readers that died. Returns how many.
  @discardableResult
  package func clearDeadReaders() throws(LMDBError) -> Int {
    var count: Int32 = 0
    let code = withReaderTable(lockFile) { unsafe mdb_reader_check(pointer, &count) }
    try check(code, "mdb_reader_check")
    return Int(count)
  }

  /// Bytes of the file that hold pages, used or free.
  package func sizeOnDisk() throws(LMDBError) -> UInt64 {
    try pageCount() * pageSize()
  }
}

/// Opens an environment under a number that no other process has in it.
private func openUnderOwnNumber(
  _ path: String, _ options: EnvironmentOptions, isReadOnly: Bool, lockFile: LockFile?
) throws(LMDBError) -> (pointer: OpaquePointer, number: Int32) {
  for attempt in 0..<ReaderNumber.candidateCount {
    let number = ReaderNumber.candidate(attempt)
    let pointer = unsafe try ReaderNumber.makeEnvironment(number)
    do throws(LMDBError) {
      unsafe try open(pointer, path, options, isReadOnly: isReadOnly)
      let isOwn = try withReaderTable(lockFile) { () throws(LMDBError) in
        unsafe try ReaderNumber.claim(pointer, number)
      }
      if isOwn { return unsafe (pointer, number) }
      unsafe ReaderNumber.close(pointer, number)
    } catch {
      unsafe ReaderNumber.close(pointer, number)
      throw error
    }
  }
  throw LMDBError(
    code: EAGAIN,
    operation: "processes of other containers or PID namespaces have every number that this one "
      + "could have in \(shownPath(path))/lock.mdb: end them, or run foldlog where they run")
}

private func open(
  _ pointer: OpaquePointer, _ path: String, _ options: EnvironmentOptions, isReadOnly: Bool
) throws(LMDBError) {
  try check(unsafe mdb_env_set_mapsize(pointer, options.mapSize), "mdb_env_set_mapsize")
  try check(unsafe mdb_env_set_maxdbs(pointer, options.tableCountMax), "mdb_env_set_maxdbs")
  try check(
    unsafe mdb_env_set_maxreaders(pointer, options.readerCountMax), "mdb_env_set_maxreaders")
  var flags = UInt32(MDB_NOTLS)
  // Large values are read from end to end: the kernel's read-ahead helps and is left on.
  if isReadOnly { flags |= UInt32(MDB_RDONLY) }
  if options.isSyncDeferred { flags |= UInt32(MDB_NOSYNC) }
  let isMade = !isReadOnly && (try? FileIdentity("\(path)/data.mdb")) == nil
  let code = unsafe mdb_env_open(pointer, systemPath(path), flags, FileMode.privateFile)
  try check(
    code,
    code == EACCES
      ? "mdb_env_open: who reads, too, writes itself down in \(shownPath(path))/lock.mdb"
      : "mdb_env_open")
  if isMade {
    var descriptor: Int32 = -1
    try check(unsafe mdb_env_get_fd(pointer, &descriptor), "mdb_env_get_fd")
    giveToFolderOwner(descriptor, "\(path)/data.mdb")
  }
}

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
