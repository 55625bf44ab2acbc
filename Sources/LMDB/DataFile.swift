internal import Bytes
internal import CLMDB
internal import Files

extension Environment {
  /// Throws when the file is shorter than its content: reading behind its end would end the process.
  ///
  /// Pages at the end that are free may never have been written; they are not missed.
  func checkLength() throws(LMDBError) {
    var size: UInt64 = 0
    var needed: UInt64 = 0
    // A writer may use the free pages between two looks.
    for _ in 0..<3 {
      needed = try sizeOnDisk()
      size = try fileSize()
      if size >= needed { return }
      // The lists of free pages may be missing too: touching them ends the process, with a message.
      unsafe isLengthInDoubt = true
      defer { unsafe isLengthInDoubt = false }
      let page = try pageSize()
      let missing = (size / page)..<(needed / page)
      if try freePages(in: missing) == missing.count { return }
    }
    throw LMDBError(
      code: MDB_CORRUPTED,
      operation: "\(shownPath(path))/data.mdb has \(size) bytes of \(needed): it was cut short")
  }

  private func fileSize() throws(LMDBError) -> UInt64 {
    do { return try Files.fileSize("\(path)/data.mdb") } catch {
      throw LMDBError(code: error.code, operation: "stat data.mdb")
    }
  }

  /// How many pages of a range are free.
  private func freePages(in range: Range<UInt64>) throws(LMDBError) -> Int {
    let transaction = try ReadTransaction(self)
    var count = 0
    try forEachFreeList(transaction.snapshot) { _, list in count += list.count(in: range) }
    return count
  }
}
