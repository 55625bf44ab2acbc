import Bytes
import Dispatch
import Synchronization
import Tables
import TestSupport
import Testing
import ViewStore
import Views

struct NumberRow: StoredRow, Equatable {
  static let table = StoredTable<UInt64, NumberRow>("k")
  static let list = NumberedTable<NumberRow>("c")

  var number: UInt64
  init(_ number: UInt64) { self.number = number }
  func encode(into writer: inout ByteWriter) { writer.append(varint: number) }
  init(from reader: inout ByteReader) throws(BytesError) { number = try reader.varint() }
}

@Suite struct BuildTests {
  let directory: TemporaryDirectory
  let catalogue: ViewCatalogue

  init() throws {
    directory = try TemporaryDirectory()
    catalogue = try ViewCatalogue(path: directory.path, mapSize: 1 << 28)
  }

  private func record(_ checkpoint: UInt64) -> BuildRecord {
    var record = BuildRecord()
    record.checkpoint = checkpoint
    record.views = [
      ViewState(
        view: "v", version: 1, settings: Hash128(value: 1), upstream: Hash128(value: 2))
    ]
    return record
  }

  @Test func `rows and checkpoint commit together, or not at all`() throws {
    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    let tables = FoldTables(view: "v", provider: writer)
    let rows = try tables.open(NumberRow.table)
    let list = try tables.open(NumberRow.list)
    try rows.put(1, NumberRow(10))
    for number in 0..<700 { try list.append(NumberRow(UInt64(number))) }
    try tables.flush()
    try writer.commit(record(5))
    try rows.put(2, NumberRow(20))
    try tables.flush()
    try writer.rollBack()

    let snapshot = try BuildSnapshot(build)
    #expect(try snapshot.record() == record(5))
    let read = ViewTables("v", in: snapshot)
    let readRows = try read.read(NumberRow.table)
    let readList = try read.read(NumberRow.list)
    #expect(try readRows.row(1) == NumberRow(10))
    #expect(try readRows.row(2) == nil)
    #expect(try readList.row(699) == NumberRow(699))
    var count: UInt64 = 0
    try readList.forEach(from: 300) { number, row in
      #expect(row.number == number)
      count += 1
      return true
    }
    #expect(count == 400)
    let digests = try tables.rehashedTables(in: snapshot)
    #expect(digests.map(\.table) == ["v/k", "v/c"])
    #expect(digests.allSatisfy { $0.digest != Digest() })
  }

  @Test func `tables may be written side by side`() throws {
    func fold(_ provider: any TableProvider) throws -> FoldTables {
      let tables = FoldTables(view: "v", provider: provider)
      for name in 0..<12 {
        let rows = try tables.open(StoredTable<UInt64, NumberRow>("k\(name)"))
        let list = try tables.open(NumberedTable<NumberRow>("c\(name)"))
        for number in 0..<UInt64(2_000) {
          try rows.put(number &* 7_919 % 10_007, NumberRow(number))
          try list.append(NumberRow(number &* UInt64(name)))
        }
      }
      return tables
    }
    let alone = try fold(MemoryTables())
    try alone.flush()

    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    let tables = try fold(writer)
    let flushes = tables.flushes
    let changes = Mutex<[Result<Digest, any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: flushes.count) { index in
      let change = Result { try flushes[index].write() }
      changes.withLock { $0.append(change) }
    }
    for change in changes.withLock({ $0 }) { tables.add(try change.get()) }
    try writer.commit(record(1))
    #expect(tables.digest == alone.digest)
    let snapshot = try BuildSnapshot(build)
    let stored = try tables.rehashedTables(in: snapshot).reduce(into: Digest()) {
      $0.add($1.digest)
    }
    #expect(stored == alone.digest)
  }

  @Test func `a swap keeps the build before, and discards what nobody names`() throws {
    for _ in 0..<3 {
      let build = try catalogue.makeBuild()
      _ = try BuildWriter(build)
      try catalogue.swap([Placement(build: build.name, views: ["a", "b"])])
    }
    let entries = try catalogue.entries()
    #expect(entries.map(\.view) == ["a", "b"])
    #expect(entries.allSatisfy { $0.live == "build-3" && $0.previous == "build-2" })
    #expect(catalogue.builds() == ["build-2", "build-3"])

    let alone = try catalogue.makeBuild()
    _ = try BuildWriter(alone)
    try catalogue.swap([Placement(build: alone.name, views: ["b"])])
    #expect(try catalogue.entry("a")?.live == "build-3")
    #expect(try catalogue.entry("b")?.previous == "build-3")
  }

  @Test func `a reader sees one state, whatever is written meanwhile`() throws {
    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    try writer.commit(record(1))
    let before = try BuildSnapshot(build)
    try writer.commit(record(2))
    #expect(try before.record().checkpoint == 1)
    #expect(try build.record().checkpoint == 2)
  }
}
