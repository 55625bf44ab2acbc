internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// Gives LMDB's lock file its blocks on disk. LMDB only sets its length, and maps it: on a full disk
/// the first touch of a block that is not there would end the process.
func allocateLockFile(in folder: String, readerCountMax: UInt32) throws(LMDBError) {
  // Why it cannot be opened LMDB says better, when it opens it.
  guard let descriptor = try? openPrivateFile("\(folder)/lock.mdb", O_RDWR) else { return }
  defer { _ = close(descriptor) }
  let size = lockFileSize(readerCountMax: readerCountMax)
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
private func lockFileSize(readerCountMax: UInt32) -> Int {
  let line = 64
  let mutex = unsafe MemoryLayout<pthread_mutex_t>.size
  func lines(_ size: Int) -> Int { (size + line - 1) / line * line }
  // Magic, format, the readers' mutex, the last transaction, the number of readers.
  let head = lines(4 + 4 + mutex + 8 + 4)
  return head + lines(mutex) + Int(readerCountMax) * line
}
