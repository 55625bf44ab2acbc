import Bytes
import Synchronization
import Tables
import Testing
import Views

@testable import Query

#if canImport(Glibc)
  import Glibc
#endif

private struct Stopped: Error {}

/// Rows that may be read before they are compared: those that wait, those in hand, and those that
/// the thread is putting together.
private let aheadMax = 6 * 512

private let broken = TableError(table: "made/up", reason: "a page is torn")

@Suite struct RowStreamTests {
  @Test func `many rows stream, and no side runs ahead`() throws {
    // All rows of one side come before those of the other, which must wait meanwhile.
    let table = StatesTable(
      numberedColumns, before: numbered(0..<100_000), after: numbered(100_000..<200_000))
    var calls = 0
    let difference = try table.compared { rows in
      calls += 1
      let (before, after) = (
        table.beforeRecord.rows.load(ordering: .relaxed),
        table.afterRecord.rows.load(ordering: .relaxed)
      )
      #expect(before + after <= rows + 2 * aheadMax, "\(before) and \(after) read for \(rows)")
      if rows < 100_000 { #expect(after <= aheadMax) }
    }
    #expect(calls > 100)
    #expect(difference.removed == 100_000 && difference.added == 100_000)
    #expect(difference.rowsBefore == 100_000 && difference.rowsAfter == 100_000)
  }

  @Test func `two hundred thousand rows a side are compared`() throws {
    let table = StatesTable(
      numberedColumns, before: numbered(0..<200_000), after: numbered(1..<200_001))
    let difference = try table.compared()
    #expect(
      difference.removedKeys == [[.integer(0)]] && difference.addedKeys == [[.integer(200_000)]])
    #expect(difference.changed == 0 && difference.rowsBefore == 200_000)
  }

  @Test func `long texts make smaller batches`() throws {
    let text = String(repeating: "x", count: 1 << 18)
    let scan: StatesTable.Scan = { body throws(TableError) in
      for id in Int64(0)..<200 { if try !body([.integer(id), .text(text)]) { return } }
    }
    let table = StatesTable(numberedColumns, before: scan, after: given([]))
    var furthest = 0
    let stream = RowStream(
      table, in: FoldTables(view: "before", provider: MemoryTables()),
      KeyOrder(table.key, of: table))
    defer { stream.close() }
    for pulled in 0..<200 {
      #expect(try stream.pull() != nil)
      furthest = max(furthest, table.beforeRecord.rows.load(ordering: .relaxed) - pulled)
    }
    #expect(try stream.pull() == nil)
    #expect(try stream.pull() == nil)
    #expect(furthest <= 6 * 4, "\(furthest) rows of 256 KiB")
  }

  @Test(arguments: [0, 1, 511, 512, 513, 20_000] as [Int64])
  func `an error on either side ends the comparison`(rows: Int64) throws {
    let whole = numbered(0..<100_000)
    let torn = numbered(0..<rows, error: broken)
    for (before, after) in [(whole, torn), (torn, whole), (torn, torn)] {
      let table = StatesTable(numberedColumns, before: before, after: after)
      #expect { try table.compared() } throws: { ($0 as? TableError)?.reason == broken.reason }
    }
  }

  @Test func `who asks may stop, and both scans end`() throws {
    let table = StatesTable(
      numberedColumns, before: numbered(0..<100_000), after: numbered(0..<100_000))
    #expect(throws: Stopped.self) { try table.compared { _ in throw Stopped() } }
    #expect(table.beforeRecord.rows.load(ordering: .relaxed) <= 1_024 + aheadMax)
    #expect(table.afterRecord.rows.load(ordering: .relaxed) <= 1_024 + aheadMax)
  }

  @Test func `a stream that nobody pulls is closed`() throws {
    let table = StatesTable(numberedColumns, before: numbered(0..<100_000), after: given([]))
    for _ in 0..<200 {
      RowStream(
        table, in: FoldTables(view: "before", provider: MemoryTables()),
        KeyOrder(table.key, of: table)
      )
      .close()
      #expect(table.beforeRecord.running.load(ordering: .relaxed) == 0)
    }
  }

  @Test func `rows out of order, and rows of one key, are errors that name them`() throws {
    let cases: [([Int64], String)] = [
      ([1, 3, 2], "row id=2 comes out of order, after id=3"),
      ([1, 2, 2], "two rows have the key id=2"),
    ]
    for (ids, reason) in cases {
      let wrong = given(ids.map { [.integer($0), .null] })
      for (before, after) in [(wrong, given([])), (given([]), wrong)] {
        #expect {
          try StatesTable(numberedColumns, before: before, after: after).compared()
        } throws: { error in
          "\(error)" == "table made/up: \(reason)"
        }
      }
    }
  }

  /// LMDB's lock is a thread's: what is closed last must be closed here.
  @Test func `the tables are let go of by the thread that asked`() throws {
    let table = StatesTable(numberedColumns, before: numbered(0..<1_000), after: given([]))
    let elsewhere = Atomic(0)
    for _ in 0..<300 {
      var tables: FoldTables? = FoldTables(
        view: "before", provider: Watched(elsewhere: { elsewhere.add(1, ordering: .relaxed) }))
      if let given = tables {
        _ = try RowComparison(table).run(
          before: given, after: FoldTables(view: "after", provider: MemoryTables()))
      }
      tables = nil
    }
    #expect(elsewhere.load(ordering: .relaxed) == 0)
  }
}

/// Tables that tell when they go on another thread than they came on.
private final class Watched: TableProvider {
  private let thread = pthread_self()
  private let elsewhere: () -> Void

  init(elsewhere: @escaping () -> Void) { self.elsewhere = elsewhere }

  deinit { if pthread_equal(thread, pthread_self()) == 0 { elsewhere() } }

  func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage {
    throw TableError(table: name, reason: "there is none")
  }
}
