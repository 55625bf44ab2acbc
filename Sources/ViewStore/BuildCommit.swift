internal import Bytes
internal import LMDB

/// A commit that is ready to run: the changes of all tables, and the record, in one transaction.
package final class BuildCommit: Sendable {
  struct Part: Sendable {
    let name: String
    let handle: Table?
    /// Nil where nothing changed.
    let changes: StagedChanges?
  }

  private let writer: BuildWriter
  private let environment: Environment
  private let parts: [Part]

  init(_ writer: BuildWriter, environment: Environment, tables: [Part]) {
    self.writer = writer
    self.environment = environment
    parts = tables
  }

  func changes(of ordinal: Int) -> StagedChanges? {
    ordinal < parts.count ? parts[ordinal].changes : nil
  }

  /// Writes the changes, and makes them durable. On any thread, once.
  @available(*, noasync)
  package func run() throws(StoreError) {
    let handles = try stored { () throws(LMDBError) in
      let transaction = try WriteTransaction(environment)
      var handles: [Table?] = []
      for part in parts { handles.append(try write(part, in: transaction)) }
      try transaction.commit()
      return handles
    }
    writer.finish(handles)
  }
}

private func write(
  _ part: BuildCommit.Part, in transaction: borrowing WriteTransaction
) throws(LMDBError) -> Table? {
  guard let changes = part.changes else { return part.handle }
  let table = if let handle = part.handle { handle } else { try transaction.table(part.name) }
  let last =
    try transaction.snapshot.cursor(table).move(.last) { key, _ in [UInt8](key) } ?? []
  // What comes after all that is there is appended, so that pages fill up.
  var isAppending = false
  try changes.forEach { key, value, isRemoved throws(LMDBError) in
    if !isAppending { isAppending = precedes(last.span, key) }
    if isRemoved {
      try transaction.remove(key, in: table)
    } else if isAppending {
      try transaction.append(key, value, in: table)
    } else {
      try transaction.put(key, value, in: table)
    }
  }
  return table
}
