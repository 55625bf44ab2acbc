internal import Bytes
internal import Similarity
internal import Views

/// Puts each text into the group of the earliest that it nearly repeats, for good.
struct SimilarGroups {
  /// Near-duplicates from here on, in hundredths.
  static var similarityMin: Int { 95 }

  private let index: SimilarityIndex
  private let groups: KeyedTable<UInt64, Group>
  private let totals: KeyedTable<UInt64, Totals>

  init(tables: TableSet, name: String) throws(TableError) {
    index = try SimilarityIndex(
      tables: tables, name: "\(name)/similar", lowest: SimilarGroups.similarityMin)
    groups = try tables.keyed(
      "\(name)/groups", key: UInt64.self, row: Group.self, isCounted: false, residentMax: 1 << 16)
    totals = try tables.keyed(
      "\(name)/totals", key: UInt64.self, row: Totals.self, isCounted: false)
  }

  /// A group: how many have come, and the number of the first.
  struct Group: Row {
    var size: UInt64
    let founder: UInt64

    init(founder: UInt64) {
      size = 0
      self.founder = founder
    }

    func encode(into writer: inout ByteWriter) {
      writer.append(varint: size)
      writer.append(varint: founder)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      size = try reader.varint()
      founder = try reader.varint()
    }
  }

  func group(_ number: UInt64) throws(TableError) -> Group? { try groups.row(number) }

  /// Adds the text of an answer. Returns its group, and how many were in it before.
  func add(_ sketch: Sketch, number: UInt64) throws(TableError) -> Answer.Place {
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
    let index = try groups.change(group) { row in
      var group = row ?? Group(founder: number)
      group.size += 1
      row = group
      return group.size - 1
    }
    return Answer.Place(group: group, index: index)
  }

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
