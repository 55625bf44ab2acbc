internal import Bytes
internal import CLMDB
internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// What an environment's pages are used for, at one moment.
package struct PageUsage: Equatable, Sendable {
  /// A process that sees an older picture, and what is kept for it.
  package struct OldReader: Equatable, Sendable {
    /// As this PID namespace calls it; nil for a process that cannot be seen from here.
    package let process: Int32?
    /// Transactions that were committed since.
    package let age: UInt64
    /// Bytes of pages that are free but for it, or for one that sees an older picture still.
    package var held: UInt64
  }

  /// Bytes of all pages.
  package var size: UInt64 = 0
  /// Of those that the next transactions may use.
  package var free: UInt64 = 0
  /// Of those that will be free when no reader sees an older picture.
  package var held: UInt64 = 0
  /// The oldest first.
  package var readers: [OldReader] = []

  /// Bytes of pages that hold something now.
  package var used: UInt64 { size - min(size, free + held) }
}

extension Environment {
  /// Whether a reader sees an older picture than the newest. Costs some microseconds.
  package func hasOldReaders() throws(LMDBError) -> Bool {
    let last = unsafe UInt64(try information().me_last_txnid)
    return unsafe try readerSlots(of: pointer).contains { slot in
      slot.transaction.map { $0 < last } ?? false
    }
  }

  /// Counts pages: reads the lists of those that are free.
  package func pageUsage() throws(LMDBError) -> PageUsage {
    let transaction = try ReadTransaction(self)
    let last = transaction.snapshot.number
    let page = try pageSize()
    let slots = unsafe try readerSlots(of: pointer).filter { ($0.transaction ?? last) < last }
      .sorted { ($0.transaction ?? 0, $0.number) < ($1.transaction ?? 0, $1.number) }
    var usage = PageUsage()
    usage.size = try pageCount() * page
    usage.readers = slots.map { slot in
      PageUsage.OldReader(
        process: process(of: slot.number), age: last - (slot.transaction ?? last), held: 0)
    }
    try forEachFreeList(transaction.snapshot) { freed, list in
      let size = UInt64(list.count) * page
      // A transaction uses what was freed before the oldest picture that anybody sees.
      let holders = slots.indices.filter { (slots[$0].transaction ?? last) <= freed }
      if freed >= last || holders.isEmpty { usage.free += size } else { usage.held += size }
      if freed < last { for index in holders { usage.readers[index].held += size } }
    }
    return usage
  }

  /// The process that has a number in the table of readers.
  private func process(of number: Int32) -> Int32? {
    if number == readerNumber { return getpid() }
    return lockFile?.holder(of: number).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Pages of the file, used or free.
  func pageCount() throws(LMDBError) -> UInt64 {
    unsafe UInt64(try information().me_last_pgno) + 1
  }

  private func information() throws(LMDBError) -> MDB_envinfo {
    var information = unsafe MDB_envinfo()
    try check(unsafe mdb_env_info(pointer, &information), "mdb_env_info")
    return unsafe information
  }

  func pageSize() throws(LMDBError) -> UInt64 {
    var stat = MDB_stat()
    try check(unsafe mdb_env_stat(pointer, &stat), "mdb_env_stat")
    return UInt64(stat.ms_psize)
  }

  /// Calls `body` with each list of free pages and the transaction that freed them. LMDB keeps them
  /// in a table of its own, with the handle 0.
  func forEachFreeList(
    _ snapshot: Snapshot, _ body: (_ transaction: UInt64, _ pages: FreeList) -> Void
  ) throws(LMDBError) {
    let cursor = try snapshot.cursor(Table(handle: 0, name: "free pages"))
    var step = Cursor.Step.first
    while try cursor.move(
      step,
      { key, list in
        body(number(key, at: 0), FreeList(list))
        return true
      }) != nil
    {
      step = .next
    }
  }
}

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

/// Numbers of pages, behind how many there are.
struct FreeList: ~Escapable {
  private let bytes: Span<UInt8>

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var count: Int { min(Int(clamping: number(bytes, at: 0)), max(0, bytes.count / 8 - 1)) }
}

private func number(_ bytes: Span<UInt8>, at place: Int) -> UInt64 {
  if place + 8 > bytes.count { return 0 }
  return unsafe bytes.withUnsafeBytes { bytes in
    unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
  }
}
