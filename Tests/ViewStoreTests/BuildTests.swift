import Bytes
import TestSupport
import Testing
import ViewStore
import Views

struct NumberRow: Row, Equatable {
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
    let tables = TableSet(view: "v", provider: writer)
    let rows = try tables.keyed("k", key: UInt64.self, row: NumberRow.self)
    let list = try tables.chunked("c", row: NumberRow.self)
    try rows.put(1, NumberRow(10))
    for number in 0..<700 { try list.append(NumberRow(UInt64(number))) }
    try tables.flush()
    try writer.commit(record(5))
    try rows.put(2, NumberRow(20))
    try tables.flush()
    writer.rollBack()

    let snapshot = try BuildSnapshot(build)
    #expect(try snapshot.record() == record(5))
    let read = TableSet(view: "v", provider: snapshot)
    let readRows = try read.keyed("k", key: UInt64.self, row: NumberRow.self)
    let readList = try read.chunked("c", row: NumberRow.self)
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
    #expect(try read.rehashed() != Digest())
  }

  @Test func `a swap keeps the build before, and discards what nobody names`() throws {
    for _ in 0..<3 {
      let build = try catalogue.makeBuild()
      _ = try BuildWriter(build)
      try catalogue.swap(build.name, serving: ["a", "b"])
    }
    let entries = try catalogue.entries()
    #expect(entries.map(\.view) == ["a", "b"])
    #expect(entries.allSatisfy { $0.live == "build-3" && $0.previous == "build-2" })
    #expect(catalogue.builds() == ["build-2", "build-3"])

    let alone = try catalogue.makeBuild()
    _ = try BuildWriter(alone)
    try catalogue.swap(alone.name, serving: ["b"])
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

  @Test(arguments: [false, true])
  func `what waits for its commit is read as if it were done`(isPacked: Bool) throws {
    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    let table = try writer.storage("t", isPacked: isPacked)
    // Out of order, and one of them twice.
    for key: UInt8 in [5, 1, 9, 5] {
      try put(table, key, [key, UInt8(truncatingIfNeeded: 2 &* key)])
    }
    try put(table, 5, [7])
    try remove(table, 1)
    try writer.stage(record(1)).run()
    try put(table, 2, [22])
    try put(table, 9, [])
    try remove(table, 5)
    #expect(try value(table, 2) == [22])
    #expect(try value(table, 5) == nil)

    let commit = try writer.stage(record(2))
    for isDone in [false, true] {
      if isDone { try commit.run() }
      #expect(try value(table, 1) == nil, "done: \(isDone)")
      #expect(try value(table, 2) == [22], "done: \(isDone)")
      #expect(try value(table, 5) == nil, "done: \(isDone)")
      #expect(try value(table, 9) == [], "done: \(isDone)")
      #expect(try build.record().checkpoint == (isDone ? 2 : 1))
    }
    var keys: [UInt8] = []
    let start: [UInt8] = []
    try table.scan(from: start.span) { key, _ throws(TableError) in
      keys.append(key[0])
      return true
    }
    #expect(keys == [2, 9])
  }

  @Test func `rows are not listed while some wait for their commit`() throws {
    let writer = try BuildWriter(try catalogue.makeBuild())
    let table = try writer.storage("t", isPacked: false)
    try put(table, 1, [1])
    #expect(throws: TableError.self) { try table.isEmpty }
    let commit = try writer.stage(record(1))
    #expect(throws: TableError.self) { try table.isEmpty }
    try commit.run()
    #expect(try !table.isEmpty)
  }

  @Test func `a commit that did not run leaves nothing behind`() throws {
    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    let table = try writer.storage("t", isPacked: false)
    try put(table, 1, [10])
    try writer.commit(record(1))
    try put(table, 1, [20])
    try put(table, 2, [30])
    _ = try writer.stage(record(2))
    writer.rollBack()

    let after = try writer.storage("t", isPacked: false)
    #expect(try value(after, 1) == [10])
    #expect(try value(after, 2) == nil)
    #expect(try writer.record().checkpoint == 1)
    #expect(try BuildSnapshot(build).record().checkpoint == 1)
  }

  @Test func `a fold goes on while its commit runs`() async throws {
    let build = try catalogue.makeBuild()
    let writer = try BuildWriter(build)
    let table = try writer.storage("t", isPacked: true)
    for round in 1...20 {
      for key in 0..<50 { try put(table, UInt8(key), [UInt8(round), UInt8(key)]) }
      let commit = try writer.stage(record(UInt64(round)))
      let running = Task.detached { try runSynchronously(commit) }
      for key in 0..<50 {
        #expect(try value(table, UInt8(key)) == [UInt8(round), UInt8(key)])
      }
      try await running.value
      #expect(try build.record().checkpoint == UInt64(round))
    }
  }
}

private func runSynchronously(_ commit: BuildCommit) throws { try commit.run() }

private func put(_ table: any TableStorage, _ key: UInt8, _ value: [UInt8]) throws {
  let key = [key]
  try table.put(key.span, value.span)
}

private func value(_ table: any TableStorage, _ key: UInt8) throws -> [UInt8]? {
  let key = [key]
  return try table.value(key.span)
}

private func remove(_ table: any TableStorage, _ key: UInt8) throws {
  let key = [key]
  try table.remove(key.span)
}
