import TestSupport
import Testing

/// What belongs to a transaction cannot be used after it: that does not compile.
@Suite(.enabled(if: swiftCompiler != nil, "there is no swiftc on PATH"))
struct LifetimeTests {
  private func errors(in body: String) throws -> String {
    try compilerErrors(
      of: """
        import LMDB

        final class Kept {
          var number: UInt64 = 0
        }

        func snippet(_ environment: Environment, _ table: Table, _ kept: Kept) throws {
        \(body)
        }
        """)
  }

  @Test func `reads within a transaction compile`() throws {
    let errors = try errors(
      in: """
          let transaction = try WriteTransaction(environment)
          try transaction.withSnapshot { snapshot throws(LMDBError) in
            let cursor = try snapshot.cursor(table)
            kept.number = try cursor.move(.first) { key, _ in UInt64(key.count) } ?? snapshot.number
          }
          try transaction.commit()
          let reader = try ReadTransaction(environment)
          let snapshot = reader.snapshot
          let cursor = try snapshot.cursor(table)
          kept.number = try cursor.move(.last) { key, _ in UInt64(key.count) } ?? 0
        """)
    #expect(errors == "")
  }

  @Test(
    arguments: [
      (
        "a snapshot after the commit",
        """
          let transaction = try WriteTransaction(environment)
          let snapshot = transaction.snapshot
          try transaction.commit()
          kept.number = snapshot.number
        """, "borrowed by a non-Escapable type"
      ),
      (
        "a cursor after the commit",
        """
          let transaction = try WriteTransaction(environment)
          let cursor = try transaction.snapshot.cursor(table)
          try transaction.commit()
          _ = try cursor.move(.first) { _, _ in 0 }
        """, "borrowed by a non-Escapable type"
      ),
      (
        "a snapshot after the tables are kept",
        """
          let transaction = try ReadTransaction(environment)
          let snapshot = transaction.snapshot
          try transaction.keepTables()
          kept.number = snapshot.number
        """, "borrowed by a non-Escapable type"
      ),
      (
        "a snapshot of a transaction that was dropped",
        """
          let snapshot: Snapshot
          do {
            let transaction = try ReadTransaction(environment)
            snapshot = transaction.snapshot
          }
          kept.number = snapshot.number
        """, "escapes its scope"
      ),
      (
        "a cursor of a transaction that is aborted",
        """
          let cursor: Cursor
          do {
            let transaction = try WriteTransaction(environment)
            cursor = try transaction.snapshot.cursor(table)
          }
          _ = try cursor.move(.first) { _, _ in 0 }
        """, "escapes its scope"
      ),
      (
        "a snapshot that leaves its scope",
        """
          let reader = try ReadTransaction(environment)
          let snapshot = reader.withSnapshot { snapshot -> Snapshot in snapshot }
          kept.number = snapshot.number
        """, "Escapable"
      ),
      (
        "a value that leaves its scope",
        """
          let reader = try ReadTransaction(environment)
          let value = try reader.snapshot.withValue([7].span, in: table) {
            value -> Span<UInt8> in value
          }
          kept.number = UInt64(value?.count ?? 0)
        """, "Escapable"
      ),
      (
        "a snapshot in an array",
        """
          let reader = try ReadTransaction(environment)
          let snapshots = [reader.snapshot]
          kept.number = UInt64(snapshots.count)
        """, "Escapable"
      ),
    ])
  func `a use that outlives the transaction does not compile`(
    use: String, body: String, reason: String
  ) throws {
    let errors = try errors(in: body)
    #expect(errors.contains(reason), "\(use): \(errors)")
  }
}
