import Bytes
import Tables
import TestSupport
import Testing
import Views

/// The bytes of keys and rows: they never change, since builds of earlier versions are read.
@Suite struct FormatTests {
  private let provider = MemoryTables()

  private func entries(_ table: String) throws -> [String] {
    var entries: [String] = []
    let start: [UInt8] = []
    try provider.rows("v/\(table)", isPacked: false).scan(from: start.span) { key, value in
      entries.append("\(hexadecimal([UInt8](key))) \(hexadecimal([UInt8](value)))")
      return true
    }
    return entries
  }

  @Test func `keys have these bytes`() throws {
    let tables = FoldTables(view: "v", provider: provider)
    let byText = try tables.open(StoredTable<Views.TextKey, UInt64>("texts"))
    try byText.put(Views.TextKey("a", nil, "b\u{0}"), 1)
    let byNumber = try tables.open(StoredTable<UInt64, UInt64>("numbers"))
    try byNumber.put(300, 300)
    let byHash = try tables.open(StoredTable<Hash128, UInt64>("hashes"))
    try byHash.put(Hash128(value: 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10), 0)
    try tables.flush()
    #expect(try entries("texts") == ["0161000000016200ff0000 01"])
    #expect(try entries("numbers") == ["000000000000012c ac02"])
    #expect(try entries("hashes") == ["0102030405060708090a0b0c0d0e0f10 00"])
  }

  @Test func `a text too long for a key ends with its hash`() {
    var writer = ByteWriter()
    let text = String(repeating: "x", count: 201)
    Views.TextKey(text).encode(ordered: &writer)
    var expected = ByteWriter()
    expected.append(byte: 1)
    expected.append(utf8: String(repeating: "x", count: 200))
    expected.append([0, 1])
    expected.append(ordered: Hash128(of: text).value)
    #expect(writer.bytes == expected.bytes)
  }

  /// A chunk: how many places it has, the size of each row and 1 (0 for none), then the rows. Beside
  /// the chunks, under the highest key, one more than the highest number.
  @Test func `packed rows have these bytes`() throws {
    let tables = FoldTables(view: "v", provider: provider)
    let rows = try tables.open(StoredTable<UInt64, TextRow>("packed", rowsPerChunk: 4))
    try rows.put(1, TextRow("x"))
    try rows.put(6, TextRow("yz"))
    try tables.flush()
    #expect(
      try entries("packed") == [
        "0000000000000000 0200030178", "0000000000000001 0300000402797a", "ffffffffffffffff 07",
      ])
  }

  /// A page: its words up to the last that is not 0, little-endian.
  @Test func `pages have these bytes`() throws {
    let tables = FoldTables(view: "v", provider: provider)
    let pages = try tables.open(StoredPages("pages", wordsPerPage: 4))
    _ = pages.append()
    try pages.set(0, 0, 1)
    try pages.set(0, 2, 258)
    try tables.flush()
    #expect(
      try entries("pages") == [
        "0000000000000000 010000000000000000000000000000000201000000000000",
        "ffffffffffffffff 01",
      ])
  }
}
