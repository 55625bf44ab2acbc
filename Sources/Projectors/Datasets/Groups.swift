internal import Bytes
internal import Tables
internal import Views

/// Groups of answers, by number: how many have come to each, and who came first.
struct Groups {
  private let rows: KeyedTable<UInt64, Group>

  init(tables: TableSet, name: String) throws(TableError) {
    rows = try tables.keyed(
      "\(name)/groups", key: UInt64.self, row: Group.self, isCounted: false, residentMax: 1 << 16)
  }

  /// A group: how many have come, and the number of the first.
  struct Group: StoredRow {
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

  func group(_ number: UInt64) throws(TableError) -> Group? { try rows.row(number) }

  /// Adds an answer to a group. Returns its place: how many were in it before.
  func add(_ answer: UInt64, to number: UInt64) throws(TableError) -> Answer.Place {
    let index = try rows.change(number) { row in
      var group = row ?? Group(founder: answer)
      group.size += 1
      row = group
      return group.size - 1
    }
    return Answer.Place(group: number, index: index)
  }
}

/// A number as a row.
struct Count: StoredRow, Equatable {
  var value: UInt64

  init(value: UInt64) { self.value = value }
  func encode(into writer: inout ByteWriter) { writer.append(varint: value) }
  init(from reader: inout ByteReader) throws(BytesError) { value = try reader.varint() }
}
