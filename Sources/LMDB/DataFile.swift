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
      let page = try pageSize()
      do {
        if try areFree((size / page)..<(needed / page)) { return }
      } catch  where error.isCorrupted {
        // The lists of free pages are missing too.
        break
      }
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

  /// Whether all pages of a range are free. A reader holds what is looked at.
  private func areFree(_ range: Range<UInt64>) throws(LMDBError) -> Bool {
    let transaction = try ReadTransaction(self)
    let file = try PageFile(folder: path, transaction: transaction.snapshot.number)
    return try file.freePages().count { range.contains($0) } == range.count
  }
}

/// Checks the pages of a data.mdb that nobody writes now, without a look at its map: what passes can
/// be opened, and no entry of it ends the process. Whether it is what was committed is another
/// question.
package func checkDataFile(in folder: String) throws(LMDBError) {
  try PageFile(folder: folder).check()
}

/// An entry of a table of a data.mdb, read without a look at its map: whatever its pages hold, this
/// ends no process. Nil when there is none. Reads all pages of that table.
package func storedValue(
  of key: [UInt8], in table: [UInt8], folder: String
) throws(LMDBError) -> [UInt8]? {
  for _ in 0..<3 {
    do {
      return try PageFile(folder: folder).value(of: key, in: table)
    } catch  where error.isCorrupted {
      // A writer may have used a page again while they were read.
      continue
    }
  }
  return try PageFile(folder: folder).value(of: key, in: table)
}
