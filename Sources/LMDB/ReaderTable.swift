internal import CLMDB
internal import CProcessNumber

#if canImport(Glibc)
  internal import Glibc
#endif

/// A process that reads an environment, by the number that it has there, and the transaction whose
/// picture it sees; nil while it sees none.
struct ReaderSlot: Equatable {
  let number: Int32
  let transaction: UInt64?
}

/// Numbers that processes have in reader tables: each one of its own, whatever their PID namespaces
/// are, and none that a process of a program without this care could have.
enum ReaderNumber {
  /// Process numbers are below: PID_MAX_LIMIT of 64-bit kernels.
  private static let processMax: Int32 = 1 << 22
  static let candidateCount = 511

  /// The number that this process tries next.
  static func candidate(_ attempt: Int) -> Int32 {
    getpid() + processMax * Int32(1 + attempt % candidateCount)
  }

  /// Makes an environment in which this process has a number.
  static func makeEnvironment(_ number: Int32) throws(LMDBError) -> OpaquePointer {
    process_number_show(number)
    defer { process_number_show(0) }
    var pointer: OpaquePointer?
    try check(unsafe mdb_env_create(&pointer), "mdb_env_create")
    guard let pointer = unsafe pointer else {
      throw LMDBError(code: ENOMEM, operation: "mdb_env_create")
    }
    return unsafe pointer
  }

  /// Closes an environment: LMDB frees the slots of the number that getpid() gives then.
  static func close(_ pointer: OpaquePointer, _ number: Int32) {
    process_number_show(number)
    unsafe mdb_env_close(pointer)
    process_number_show(0)
  }

  /// Takes the lock of the number that an opened environment was made with. Returns whether it is
  /// this process's now: false where another holds it, or where one that died left a slot under it,
  /// which LMDB would take for this process's own, and never free.
  static func claim(_ pointer: OpaquePointer, _ number: Int32) throws(LMDBError) -> Bool {
    let slots = unsafe try readerSlots(of: pointer)
    if slots.contains(where: { $0.number == number }) { return false }
    // The first transaction takes the lock; the environment keeps it.
    var transaction: OpaquePointer?
    let code = unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction)
    if code == EAGAIN || code == EACCES { return false }
    try check(code, "mdb_txn_begin (read)")
    unsafe mdb_txn_abort(transaction)
    return true
  }
}

/// The slots of the reader table that are taken. The corresponding C function is `mdb_reader_list`.
func readerSlots(of pointer: OpaquePointer) throws(LMDBError) -> [ReaderSlot] {
  var lines: [String] = []
  let code = unsafe withUnsafeMutablePointer(to: &lines) { lines in
    unsafe mdb_reader_list(
      pointer,
      { text, context in
        if let text = unsafe text, let context = unsafe context {
          let lines = unsafe context.assumingMemoryBound(to: [String].self)
          unsafe lines.pointee.append(String(cString: text))
        }
        return 0
      }, lines)
  }
  if code < 0 { throw LMDBError(code: code, operation: "mdb_reader_list") }
  // Number, thread and transaction; the first line is a heading.
  return lines.compactMap { line in
    let words = line.split { $0 == " " || $0 == "\n" }
    guard words.count == 3, let number = Int32(words[0]) else { return nil }
    return ReaderSlot(number: number, transaction: UInt64(words[2]))
  }
}
