internal import Bytes
internal import Similarity
internal import Views

/// Puts each text into the group of the earliest that it nearly repeats, for good.
struct SimilarGroups {
  /// Near-duplicates from here on, in hundredths.
  static var similarityMin: Int { 95 }

  private let index: SimilarityIndex
  private let sizes: KeyedTable<UInt64, Count>
  private let totals: KeyedTable<UInt64, Totals>

  init(tables: TableSet, name: String) throws(TableError) {
    index = try SimilarityIndex(
      tables: tables, name: "\(name)/similar", lowest: SimilarGroups.similarityMin)
    sizes = try tables.keyed(
      "\(name)/sizes", key: UInt64.self, row: Count.self, isCounted: false, residentMax: 1 << 16)
    totals = try tables.keyed(
      "\(name)/totals", key: UInt64.self, row: Totals.self, isCounted: false)
  }

  /// Adds a text. Returns its group, and how many were in it before.
  func add(_ text: String) throws(TableError) -> Answer.Place {
    var totals = try totals.row(0) ?? Totals()
    let sketch = Sketch(of: text)
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
    let place = try sizes.change(group) { row in
      let size = row?.value ?? 0
      row = Count(value: size + 1)
      return size
    }
    return Answer.Place(group: group, index: place)
  }

  /// How many have come into a group.
  func size(_ group: UInt64) throws(TableError) -> UInt64 { try sizes.row(group)?.value ?? 0 }

  private struct Totals: Row {
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

/// A number as a row.
struct Count: Row, Equatable {
  var value: UInt64

  init(value: UInt64) { self.value = value }
  func encode(into writer: inout ByteWriter) { writer.append(varint: value) }
  init(from reader: inout ByteReader) throws(BytesError) { value = try reader.varint() }
}
