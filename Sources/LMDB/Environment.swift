internal import Bytes
internal import CLMDB
internal import Files

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
  /// Let go of after the environment is closed.
  private let folder: OpenFolder

  /// Opens the folder, which must exist; a file that this user may not write is opened for reading.
  /// The corresponding C function is `mdb_env_open`.
  package init(path: String, options: EnvironmentOptions) throws(LMDBError) {
    _ = busErrorsAreTold
    folder = try OpenFolder(path: path)
    var pointer: OpaquePointer?
    try check(unsafe mdb_env_create(&pointer), "mdb_env_create")
    guard let pointer = unsafe pointer else {
      throw LMDBError(code: 12, operation: "mdb_env_create")
    }
    unsafe self.pointer = pointer
    self.path = path
    isReadOnly = options.isReadOnly || !isWritable("\(path)/data.mdb")
    // From here on `deinit` closes it, also when this throws.
    try check(unsafe mdb_env_set_mapsize(pointer, options.mapSize), "mdb_env_set_mapsize")
    try check(unsafe mdb_env_set_maxdbs(pointer, options.tableCountMax), "mdb_env_set_maxdbs")
    try check(
      unsafe mdb_env_set_maxreaders(pointer, options.readerCountMax), "mdb_env_set_maxreaders")
    var flags = UInt32(MDB_NOTLS)
    // Large values are read from end to end: the kernel's read-ahead helps and is left on.
    if isReadOnly { flags |= UInt32(MDB_RDONLY) }
    if options.isSyncDeferred { flags |= UInt32(MDB_NOSYNC) }
    if !options.isReadOnly {
      try allocateLockFile(in: path, readerCountMax: options.readerCountMax)
    }
    let code = unsafe mdb_env_open(pointer, systemPath(path), flags, FileMode.privateFile)
    try check(
      code,
      code == EACCES
        ? "mdb_env_open: who reads, too, writes itself down in \(shownPath(path))/lock.mdb"
        : "mdb_env_open")
    try checkLength()
    if !isReadOnly { try clearDeadReaders() }
  }

  deinit { unsafe mdb_env_close(pointer) }

  /// Forces what was committed to disk. The corresponding C function is `mdb_env_sync`.
  package func sync() throws(LMDBError) {
    try check(unsafe mdb_env_sync(pointer, 1), "mdb_env_sync")
  }

  /// Frees the slots of readers that died. Returns how many.
  @discardableResult
  package func clearDeadReaders() throws(LMDBError) -> Int {
    var count: Int32 = 0
    try check(unsafe mdb_reader_check(pointer, &count), "mdb_reader_check")
    return Int(count)
  }

  /// Bytes of the file that hold pages, used or free.
  package func sizeOnDisk() throws(LMDBError) -> UInt64 {
    var info = unsafe MDB_envinfo()
    try check(unsafe mdb_env_info(pointer, &info), "mdb_env_info")
    var stat = MDB_stat()
    try check(unsafe mdb_env_stat(pointer, &stat), "mdb_env_stat")
    return unsafe UInt64(info.me_last_pgno + 1) * UInt64(stat.ms_psize)
  }
}
