internal import CLMDB

#if canImport(Glibc)
  internal import Glibc
#endif

/// What LMDB refused, while doing what, to which table.
package struct LMDBError: Error, Equatable, Sendable, CustomStringConvertible {
  /// LMDB's own code, or an errno.
  package let code: Int32
  /// The operation in LMDB's words, such as `mdb_put`.
  package let operation: String
  /// The table, where one was concerned.
  package let table: String?

  package init(code: Int32, operation: String, table: String? = nil) {
    self.code = code
    self.operation = operation
    self.table = table
  }

  /// What does not belong together, though its pages can be read.
  package static func corrupted(_ what: String) -> LMDBError {
    LMDBError(code: MDB_CORRUPTED, operation: what)
  }

  package var isMapFull: Bool { code == MDB_MAP_FULL }
  package var isKeyPresent: Bool { code == MDB_KEYEXIST }
  /// A disk without room.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  /// A failed disk, or one without room: liblmdb 0.9.24 reports a short write as EIO.
  package var isDiskFailure: Bool { code == EIO }
  /// A file or folder that is not there.
  package var isAbsence: Bool { code == ENOENT }
  package var isCorrupted: Bool {
    [MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH].contains(code)
  }

  package var description: String {
    let message = unsafe String(cString: mdb_strerror(code))
    return "\(message) (\(operation)\(table.map { ", table \($0)" } ?? ""))"
  }
}

/// Throws unless LMDB says 0.
func check(
  _ code: Int32, _ operation: @autoclosure () -> String, table: String? = nil
) throws(LMDBError) {
  if code != 0 { throw LMDBError(code: code, operation: operation(), table: table) }
}
