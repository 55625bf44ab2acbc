import Bytes
import Tables
import TestSupport
import Testing
import Views

struct TextRow: StoredRow, Equatable {
  static let table = StoredTable<UInt64, TextRow>("k")
  static let smallTable = StoredTable<UInt64, TextRow>("k", residentMax: 8)
  static let list = NumberedTable<TextRow>("c")
  static let smallList = NumberedTable<TextRow>("c", residentMax: 1)
  static let packed = StoredTable<UInt64, TextRow>("k", rowsPerChunk: 4, residentMax: 3)

  var text: String
  init(_ text: String) { self.text = text }
  func encode(into writer: inout ByteWriter) { writer.append(text: text) }
  init(from reader: inout ByteReader) throws(BytesError) { text = try reader.text() }
}

@Suite struct TableTests {
  /// The digest that a reader would compute from the rows alone.
  private func rehashed(_ provider: MemoryTables) throws -> Digest {
    let tables = FoldTables(view: "v", provider: provider)
    _ = try tables.open(TextRow.table)
    _ = try tables.open(TextRow.list)
    return try tables.rehashed()
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `the digest kept up is that of the rows, whatever changed when`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let provider = MemoryTables()
    var tables = FoldTables(view: "v", provider: provider)
    var keyed = try tables.open(TextRow.smallTable)
    var chunked = try tables.open(TextRow.smallList)
    var model: [UInt64: String] = [:]
    var list: [String] = []
    for step in 0..<3_000 {
      let text = "\(UInt64.random(in: 0...50, using: &random))"
      let key = UInt64.random(in: 0...40, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3:
        try keyed.put(key, TextRow(text))
        model[key] = text
      case 4:
        try keyed.remove(key)
        model[key] = nil
      case 5...7:
        #expect(try chunked.append(TextRow(text)) == UInt64(list.count))
        list.append(text)
      case 8 where !list.isEmpty:
        let place = Int.random(in: list.indices, using: &random)
        try chunked.change(UInt64(place)) { $0.text = text }
        list[place] = text
      default:
        try tables.flush()
        #expect(try rehashed(provider) == tables.digest, "seed \(seed), step \(step)")
        if Bool.random(using: &random) {
          // Another process takes the tables up.
          tables = FoldTables(view: "v", digest: tables.digest, provider: provider)
          keyed = try tables.open(TextRow.smallTable)
          chunked = try tables.open(TextRow.smallList)
        }
      }
      #expect(try keyed.row(key)?.text == model[key])
    }
    for (place, text) in list.enumerated() {
      #expect(try chunked.row(UInt64(place))?.text == text)
    }
  }

  @Test func `rows come in the order of their keys, from memory and storage alike`() throws {
    let tables = FoldTables(view: "v", provider: MemoryTables())
    let keyed = try tables.open(TextRow.table)
    for key: UInt64 in [300, 2, 1 << 40, 7] { try keyed.put(key, TextRow("\(key)")) }
    try tables.flush()
    var keys: [UInt64] = []
    try tables.read(TextRow.table).forEach { key, _ in
      keys.append(key)
      return keys.count < 3
    }
    #expect(keys == [2, 7, 300])
  }

  @Test func `a table outside the digest leaves it alone`() throws {
    let tables = FoldTables(view: "v", provider: MemoryTables())
    let state = try tables.open(
      StoredTable<UInt64, TextRow>("s", isCounted: false))
    try state.put(1, TextRow("x"))
    try tables.flush()
    #expect(tables.digest == Digest())
  }

  @Test func `a row put back as it was gives the digest that there was`() throws {
    let tables = FoldTables(view: "v", provider: MemoryTables())
    let keyed = try tables.open(TextRow.table)
    try keyed.put(1, TextRow("x"))
    try tables.flush()
    let before = tables.digest
    try keyed.put(1, TextRow("y"))
    try tables.flush()
    #expect(tables.digest != before)
    try keyed.put(1, TextRow("x"))
    try keyed.put(2, TextRow("z"))
    try keyed.remove(2)
    try tables.flush()
    #expect(tables.digest == before)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `packed rows are the rows of a keyed table, gaps and all`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let (plain, packed) = (MemoryTables(), MemoryTables())
    var keyedSet = FoldTables(view: "v", provider: plain)
    var packedSet = FoldTables(view: "v", provider: packed)
    var keyed = try keyedSet.open(TextRow.table)
    var rows = try packedSet.open(TextRow.packed)
    for step in 0..<2_000 {
      let key = UInt64.random(in: 0...60, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0...3:
        let text = String(repeating: "x", count: Int.random(in: 0...20, using: &random))
        try keyed.put(key, TextRow(text))
        try rows.put(key, TextRow(text))
      case 4, 5:
        try keyed.remove(key)
        try rows.remove(key)
      case 6: #expect(try keyed.row(key) == rows.row(key), "seed \(seed), step \(step)")
      default:
        try keyedSet.flush()
        try packedSet.flush()
        #expect(keyedSet.digest == packedSet.digest, "seed \(seed), step \(step)")
        #expect(try packedSet.rehashed() == packedSet.digest)
        #expect(
          try all(keyedSet.read(TextRow.table)) == all(packedSet.read(TextRow.packed)),
          "seed \(seed), step \(step)")
        #expect(
          try keyedSet.read(TextRow.table).row(key) == packedSet.read(TextRow.packed).row(key))
        if Bool.random(using: &random) { continue }
        keyedSet = FoldTables(view: "v", digest: keyedSet.digest, provider: plain)
        packedSet = FoldTables(view: "v", digest: packedSet.digest, provider: packed)
        keyed = try keyedSet.open(TextRow.table)
        rows = try packedSet.open(TextRow.packed)
      }
    }
  }

  private func all(_ table: TableReader<UInt64, TextRow>) throws -> [String] {
    var rows: [String] = []
    try table.forEach { key, row in
      rows.append("\(key) \(row.text)")
      return true
    }
    return rows
  }

  @Test func `a list goes on from any place`() throws {
    let tables = FoldTables(view: "v", provider: MemoryTables())
    let listed = NumberedTable<TextRow>("c", rowsPerChunk: 4)
    let list = try tables.open(listed)
    for number in 0..<11 { try list.append(TextRow("\(number)")) }
    try tables.flush()
    for start: UInt64 in [0, 3, 4, 10, 11, 40] {
      var found: [UInt64] = []
      try tables.read(listed).forEach(from: start) { number, row in
        #expect(row.text == "\(number)")
        found.append(number)
        return true
      }
      #expect(found == (0..<11).filter { $0 >= start })
    }
  }

  @Test func `keys of any length sort by their bytes`() throws {
    let tables = FoldTables(view: "v", provider: MemoryTables())
    let keyed = try tables.open(StoredTable<TextKey, TextRow>("k"))
    let keys = ["b", "a\u{0}", "a", "abcdefghij", "abcdefgh", "abcdefghia", "", "ü"]
    for key in keys { try keyed.put(TextKey(text: key), TextRow(key)) }
    try tables.flush()
    var found: [String] = []
    try tables.read(StoredTable<TextKey, TextRow>("k")).forEach { key, row in
      #expect(key.text == row.text)
      found.append(key.text)
      return true
    }
    #expect(found == keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
  }
}

private struct TextKey: Key {
  var text: String
  init(text: String) { self.text = text }
  func encode(ordered writer: inout ByteWriter) { writer.append(utf8: text) }
  init(ordered reader: inout ByteReader) throws(BytesError) {
    text = String(decoding: try reader.array(reader.remaining), as: UTF8.self)
  }
}
