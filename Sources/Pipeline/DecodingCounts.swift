internal import Bytes
package import Events
package import Tables
package import Views

/// How often a kind carried a field in a type that it cannot have.
package struct Mismatch: Equatable, Sendable {
  package let kind: String
  package let field: String
  /// Of a time, where the lines came from.
  package let source: SourceID?
  package let count: UInt64
}

/// A field that a line carries in a type that it cannot have.
package enum MismatchedField: Hashable, Sendable {
  case canonical(Field)
  /// A field of a payload, by its name.
  case ofPayload(String)
  /// A time that could not be read, by its name and the source of the line.
  case time(String, SourceID)

  var name: String {
    switch self {
    case .canonical(let field): field.name
    case .ofPayload(let name): name
    case .time(let name, _): name
    }
  }

  var source: SourceID? { if case .time(_, let source) = self { source } else { nil } }
}

/// Counts mismatches of types, for `status`.
package final class DecodingCounts {
  package static let name = "decoding"
  private let table: KeyedTable<MismatchKey, CountRow>

  package init(tables: FoldTables) throws(TableError) {
    table = try tables.open(CountRow.table)
  }

  func count(_ mismatches: [(kind: String, field: MismatchedField)]) throws(TableError) {
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
      all.append(
        Mismatch(kind: key.kind, field: key.field.name, source: key.field.source, count: row.count))
      return true
    }
    return all
  }
}

private struct MismatchKey: Key {
  let kind: String
  let field: MismatchedField

  /// Stands where the number of a canonical field does: no field has it.
  private static let payloadMark: UInt8 = 255
  private static let timeMark: UInt8 = 254

  /// A kind is a line's own word, of any length: of a long one, its beginning and its hash.
  private static let kindSizeMax = 200

  init(kind: String, field: MismatchedField) {
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
    switch field {
    case .canonical(let field): writer.append(byte: field.rawValue)
    case .ofPayload(let name):
      writer.append(byte: Self.payloadMark)
      writer.append(text: name)
    case .time(let name, let source):
      writer.append(byte: Self.timeMark)
      writer.append(text: name)
      writer.append(varint: source)
    }
    writer.append(text: kind)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    let number = try reader.byte()
    if number == Self.payloadMark {
      field = .ofPayload(try reader.text())
    } else if number == Self.timeMark {
      field = .time(try reader.text(), try reader.varint())
    } else if let known = Field(rawValue: number) {
      field = .canonical(known)
    } else {
      throw BytesError("an unknown field", at: 0)
    }
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
