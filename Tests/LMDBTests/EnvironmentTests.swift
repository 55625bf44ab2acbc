import LMDB
import TestSupport
import Testing

@Suite struct EnvironmentTests {
  let directory: TemporaryDirectory
  let environment: Environment

  init() throws {
    directory = try TemporaryDirectory()
    environment = try Environment(
      path: directory.path, options: EnvironmentOptions(mapSize: 1 << 24))
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func put(_ entries: [(String, String)]) throws {
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("t")
    for (key, value) in entries {
      try transaction.put(bytes(key).span, bytes(value).span, in: table)
    }
    try transaction.commit()
  }

  @Test func `what is committed is seen, what is dropped never was`() throws {
    try put([("a", "1")])
    do {
      let dropped = try WriteTransaction(environment)
      let table = try dropped.table("t")
      try dropped.put(bytes("b").span, bytes("2").span, in: table)
    }
    let reader = try ReadTransaction(environment)
    let opened = try reader.snapshot.table("t")
    let table = try #require(opened)
    #expect(try reader.snapshot.value(bytes("a").span, in: table) == bytes("1"))
    #expect(try reader.snapshot.value(bytes("b").span, in: table) == nil)
    #expect(try reader.snapshot.count(table) == 1)
  }

  @Test func `a snapshot stays as it was`() throws {
    try put([("a", "1")])
    let before = try ReadTransaction(environment)
    let opened = try before.snapshot.table("t")
    let table = try #require(opened)
    try put([("a", "2")])
    #expect(try before.snapshot.value(bytes("a").span, in: table) == bytes("1"))
  }

  @Test func `a cursor walks in the order of keys, and seeks`() throws {
    try put([("b", "2"), ("d", "4"), ("a", "1")])
    let reader = try ReadTransaction(environment)
    let opened = try reader.snapshot.table("t")
    let table = try #require(opened)
    let cursor = try reader.snapshot.cursor(table)
    let key: (Span<UInt8>, Span<UInt8>) -> UInt8 = { key, _ in key[0] }
    #expect(try cursor.move(.first, key) == UInt8(ascii: "a"))
    #expect(try cursor.move(.next, key) == UInt8(ascii: "b"))
    #expect(try cursor.seek(bytes("c").span, key) == UInt8(ascii: "d"))
    #expect(try cursor.move(.next, key) == nil)
    #expect(try cursor.move(.last, key) == UInt8(ascii: "d"))
    #expect(try cursor.move(.previous, key) == UInt8(ascii: "b"))
    #expect(try cursor.seek(bytes("e").span, key) == nil)
    #expect(try cursor.seek(bytes("").span, key) == UInt8(ascii: "a"))
  }

  @Test func `errors say what was done to which table`() throws {
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("t")
    let long = [UInt8](repeating: 1, count: 600)
    do {
      try transaction.put(long.span, long.span, in: table)
      Issue.record("a key of 600 bytes is too long")
    } catch {
      #expect(error.operation == "mdb_put" && error.table == "t")
      #expect(error.description.contains("MDB_BAD_VALSIZE"))
    }
  }

  @Test func `a full map is told apart`() throws {
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("t")
    let large = [UInt8](repeating: 1, count: 1 << 25)
    do {
      try transaction.put(bytes("k").span, large.span, in: table)
      Issue.record("32 MiB do not fit into 16")
    } catch {
      #expect(error.isMapFull)
    }
  }

  @Test func `a folder that is not there is an error, not a trap`() {
    #expect(throws: LMDBError.self) {
      _ = try Environment(path: "/nonexistent/x", options: EnvironmentOptions(mapSize: 1 << 20))
    }
  }
}
