internal import Bytes
internal import CLMDB
internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// What `compactInPlace` did.
package enum CompactionOutcome: Equatable, Sendable {
  case done(sizeBefore: UInt64, sizeAfter: UInt64)
  /// A process has the environment open, so that nothing was done. Its number, if it can be seen.
  case inUse(process: Int32?)
}

/// A copy that is not whole yet, beside the file whose place it is to take.
private let unfinishedName = "data.mdb.compact"

/// Puts a compact copy of an environment's file in its place, if nobody has it open; who opens it
/// meanwhile waits. This process must not have it open either.
///
/// LMDB's processes keep the first byte of lock.mdb locked for as long as they have an environment
/// open, and open the data for writing only behind that lock: nobody is left writing into a file that
/// has no name any more.
package func compactInPlace(_ folder: String) throws(LMDBError) -> CompactionOutcome {
  let opened = try OpenFolder(path: folder)
  defer { withExtendedLifetime(opened) {} }
  let lock = try ofFiles { () throws(FileError) in
    try openPrivateFile("\(folder)/lock.mdb", O_RDWR, owner: .folder)
  }
  defer { _ = close(lock) }
  guard LockFile.takeExclusively(lock) else {
    return .inUse(process: LockFile.holder(of: 0, lock).flatMap { $0 > 0 ? $0 : nil })
  }
  let (file, copy) = ("\(folder)/data.mdb", "\(folder)/\(unfinishedName)")
  discardUnfinishedCopy(in: folder)
  do throws(LMDBError) {
    let before = try UnlockedEnvironment(file)
    unsafe try writeCompactCopy(of: before.pointer, from: file, to: copy)
    let last = try before.last()
    try setLastTransaction(last, in: copy, pageSize: before.pageSize())
    let after = try UnlockedEnvironment(copy)
    guard try after.last() == last, try after.entryCount() == before.entryCount() else {
      throw LMDBError(code: MDB_CORRUPTED, operation: "the copy of \(file) is another")
    }
  } catch {
    discardUnfinishedCopy(in: folder)
    throw error
  }
  let sizes = (try size(of: file), try size(of: copy))
  do throws(LMDBError) {
    try ofFiles { () throws(FileError) in try renameFile(copy, to: file) }
  } catch {
    discardUnfinishedCopy(in: folder)
    throw error
  }
  try syncFolder(folder)
  return .done(sizeBefore: sizes.0, sizeAfter: sizes.1)
}

/// Removes what a compaction left that was killed. Nobody may compact meanwhile.
func discardUnfinishedCopy(in folder: String) {
  // If it cannot be removed, creating the next copy fails, and that error is reported.
  try? removeFile("\(folder)/\(unfinishedName)")
}

/// Waits until the names in a folder are on disk.
package func syncFolder(_ path: String) throws(LMDBError) {
  let descriptor = try ofFiles { () throws(FileError) in try openFile(path, O_RDONLY | O_DIRECTORY)
  }
  defer { _ = close(descriptor) }
  if fsync(descriptor) != 0 { throw LMDBError(code: errno, operation: "fsync \(path)") }
}

private func size(of file: String) throws(LMDBError) -> UInt64 {
  try ofFiles { () throws(FileError) in try fileSize(file) }
}

private func writeCompactCopy(
  of environment: OpaquePointer, from file: String, to copy: String
) throws(LMDBError) {
  let descriptor = try ofFiles { () throws(FileError) in try createPrivateFile(copy, owner: .folder)
  }
  defer { _ = close(descriptor) }
  do throws(LMDBError) {
    copyOwner(of: file, to: descriptor)
    try check(
      unsafe mdb_env_copyfd2(environment, descriptor, UInt32(MDB_CP_COMPACT)), "mdb_env_copyfd2")
    if fsync(descriptor) != 0 { throw LMDBError(code: errno, operation: "fsync \(copy)") }
  } catch {
    try? removeFile(copy)
    throw error
  }
}

/// An environment that is read without locks, by its file, while nobody writes to it.
@safe private struct UnlockedEnvironment: ~Copyable {
  let pointer: OpaquePointer

  init(_ file: String) throws(LMDBError) {
    var pointer: OpaquePointer?
    try check(unsafe mdb_env_create(&pointer), "mdb_env_create")
    guard let pointer = unsafe pointer else {
      throw LMDBError(code: ENOMEM, operation: "mdb_env_create")
    }
    let flags = UInt32(MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK | MDB_NOSUBDIR)
    let code = unsafe mdb_env_open(pointer, systemPath(file), flags, FileMode.privateFile)
    if code != 0 {
      unsafe mdb_env_close(pointer)
      throw LMDBError(code: code, operation: "mdb_env_open")
    }
    unsafe self.pointer = pointer
  }

  deinit { unsafe mdb_env_close(pointer) }

  /// The number of the last transaction.
  func last() throws(LMDBError) -> UInt64 {
    var information = unsafe MDB_envinfo()
    try check(unsafe mdb_env_info(pointer, &information), "mdb_env_info")
    return unsafe UInt64(information.me_last_txnid)
  }

  private func stat() throws(LMDBError) -> MDB_stat {
    var stat = MDB_stat()
    try check(unsafe mdb_env_stat(pointer, &stat), "mdb_env_stat")
    return stat
  }

  func pageSize() throws(LMDBError) -> Int { Int(try stat().ms_psize) }

  /// Tables, and entries of the table without a name.
  func entryCount() throws(LMDBError) -> Int { try stat().ms_entries }
}

/// Has a compact copy, which begins to count anew, go on with the number of its original: lock.mdb
/// and whoever counts commits know that one.
///
/// Both meta pages of a compact copy say the same; from here on they are those of the original's last
/// two transactions.
private func setLastTransaction(
  _ number: UInt64, in file: String, pageSize: Int
) throws(LMDBError) {
  let failure = LMDBError(
    code: MDB_CORRUPTED, operation: "the first pages of \(file) are not those that LMDB 0.9 writes")
  // A file of one transaction, or none, has the number that a copy begins with.
  if number <= 1 { return }
  let descriptor = try ofFiles { () throws(FileError) in try openFile(file, O_RDWR) }
  defer { _ = close(descriptor) }
  var page = [UInt8](repeating: 0, count: MetaPage.size)
  let count = unsafe page.withUnsafeMutableBytes { buffer in
    unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(pageSize))
  }
  guard count == MetaPage.size, MetaPage(page, pageSize: pageSize)?.transaction == 1 else {
    throw failure
  }
  for transaction in [number - 1, number] {
    let content = MetaPage.content(of: page, transaction: transaction)
    let place = off_t(Int(transaction % 2) * pageSize + TreePage.headSize)
    let count = unsafe content.withUnsafeBytes { buffer in
      unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, place)
    }
    if count != content.count { throw LMDBError(code: EIO, operation: "pwrite \(file)") }
  }
  if fsync(descriptor) != 0 { throw LMDBError(code: errno, operation: "fsync \(file)") }
}

/// Runs what is done with files, its errors in the terms of LMDB's.
private func ofFiles<Result>(
  _ body: () throws(FileError) -> Result
) throws(LMDBError) -> Result {
  do { return try body() } catch {
    throw LMDBError(code: error.code, operation: shownPath(error.path))
  }
}
