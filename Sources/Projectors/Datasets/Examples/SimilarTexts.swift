internal import Bytes
internal import Similarity
internal import Tables
internal import Views

/// Puts each text into the group of the earliest that it nearly repeats, for good.
struct SimilarTexts {
  /// Near-duplicates from here on, in hundredths.
  static var similarityMin: Int { 95 }

  private let index: SimilarityIndex
  private let totals: KeyedTable<UInt64, Totals>

  init(tables: TableSet, name: String) throws(TableError) {
    index = try SimilarityIndex(
      tables: tables, name: "\(name)/similar", lowest: Self.similarityMin)
    totals = try tables.keyed(
      "\(name)/totals", key: UInt64.self, row: Totals.self, isCounted: false)
  }

  /// Adds a text. Returns the number of its group, from 0 without gaps.
  func add(_ sketch: Sketch) throws(TableError) -> UInt64 {
    var totals = try totals.row(0) ?? Totals()
    let group: UInt64
    if let earliest = try index.earliest(similarTo: sketch, atLeast: Self.similarityMin) {
      group = earliest & 0xffff_ffff
    } else {
      group = totals.groups
      totals.groups += 1
    }
    // The order of coming in the upper half, so that the lowest id is the earliest.
    try index.insert(sketch, id: totals.texts << 32 | group)
    totals.texts += 1
    try self.totals.put(0, totals)
    return group
  }

  private struct Totals: StoredRow {
    var texts: UInt64 = 0
    var groups: UInt64 = 0

    init() {}

    func encode(into writer: inout ByteWriter) {
      writer.append(varint: texts)
      writer.append(varint: groups)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      texts = try reader.varint()
      groups = try reader.varint()
    }
  }
}
