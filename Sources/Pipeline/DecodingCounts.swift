internal import Bytes
internal import Events
package import Tables
package import Views

/// How often a kind carried a field in a type that it cannot have.
package struct Mismatch: Equatable, Sendable {
  package let kind: String
  package let field: String
  package let count: UInt64
}

/// Counts mismatches of types, for `status`.
package final class DecodingCounts {
  package static let name = "decoding"
  private let table: KeyedTable<MismatchKey, CountRow>

  package init(tables: FoldTables) throws(TableError) {
    table = try tables.open(CountRow.table)
  }

  func count(_ mismatches: [(kind: String, field: Field)]) throws(TableError) {
    for (kind, field) in mismatches {
      try table.change(MismatchKey(kind: kind, field: field)) { row in
        row = CountRow(count: (row?.count ?? 0) + 1)
      }
    }
  }

  /// All counts, by kind and field.
  package static func mismatches(in build: any RowProvider) throws(TableError) -> [Mismatch] {
    var all: [Mismatch] = []
    try ViewTables(name, in: build).read(CountRow.table).forEach { key, row in
      all.append(Mismatch(kind: key.kind, field: key.field.name, count: row.count))
      return true
    }
    return all
  }
}

private struct MismatchKey: Key {
  let kind: String
  let field: Field

  /// A kind is a line's own word, of any length: of a long one, its beginning and its hash.
  private static let kindSizeMax = 200

  init(kind: String, field: Field) {
    let isShort = kind.utf8.count <= Self.kindSizeMax
    let beginning = String(decoding: kind.utf8.prefix(Self.kindSizeMax), as: UTF8.self)
    self.kind = isShort ? kind : "\(beginning)… \(Hash128(of: kind))"
    self.field = field
  }

  static func == (left: MismatchKey, right: MismatchKey) -> Bool {
    left.field == right.field && left.kind.utf8.elementsEqual(right.kind.utf8)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(Hash128(of: kind)) }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(byte: field.rawValue)
    writer.append(text: kind)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    guard let field = Field(rawValue: try reader.byte()) else {
      throw BytesError("an unknown field", at: 0)
    }
    self.field = field
    kind = try reader.text()
  }
}

private struct CountRow: StoredRow {
  static let table = StoredTable<MismatchKey, CountRow>("mismatches", isCounted: false)

  let count: UInt64

  init(count: UInt64) { self.count = count }
  func encode(into writer: inout ByteWriter) { writer.append(varint: count) }
  init(from reader: inout ByteReader) throws(BytesError) { count = try reader.varint() }
}
