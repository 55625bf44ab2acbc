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

  private func pageSize() throws(LMDBError) -> UInt64 {
    var stat = MDB_stat()
    try check(unsafe mdb_env_stat(pointer, &stat), "mdb_env_stat")
    return UInt64(stat.ms_psize)
  }

  /// How many pages of a range are free. LMDB keeps lists of them, each behind its length, in a table
  /// of its own, with the handle 0.
  private func freePages(in range: Range<UInt64>) throws(LMDBError) -> Int {
    let transaction = try ReadTransaction(self)
    let cursor = try transaction.snapshot.cursor(Table(handle: 0, name: "free pages"))
    var count = 0
    var step = Cursor.Step.first
    while let found = try cursor.move(step, { _, list in numbers(list, in: range) }) {
      count += found
      step = .next
    }
    return count
  }
}

private func numbers(_ list: Span<UInt8>, in range: Range<UInt64>) -> Int {
  unsafe list.withUnsafeBytes { bytes in
    // The first number is how many follow.
    stride(from: 8, to: bytes.count - 7, by: 8).count { place in
      range.contains(unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
  }
}
