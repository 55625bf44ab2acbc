internal import Bytes
package import Events
package import Tables
package import Views

/// How often a kind carried a field in a type that it cannot have, or lacked one that it needs.
package struct Mismatch: Equatable, Sendable {
  package let kind: String
  package let field: String
  /// Of a time, where the lines came from.
  package let source: SourceID?
  package let count: UInt64
  /// Whether it is a field that the kind needs, and that was not there.
  package let isMissing: Bool
  /// The first event of which that is so; nil in builds of versions before.
  package let firstOffset: Offset?
}

/// A field of an event that is counted.
package struct MismatchedEvent: Sendable {
  let kind: String
  let field: MismatchedField
  let offset: Offset
}

/// A field that a line carries in a type that it cannot have, or lacks.
package enum MismatchedField: Hashable, Sendable {
  case canonical(Field)
  /// A field of a payload, by its name.
  case ofPayload(String)
  /// A field that the kind needs, by its name, or several of which it needs one.
  case missing(String)
  /// A time that could not be read, by its name and the source of the line.
  case time(String, SourceID)

  var name: String {
    switch self {
    case .canonical(let field): field.name
    case .ofPayload(let name), .missing(let name): name
    case .time(let name, _): name
    }
  }

  var isMissing: Bool { if case .missing = self { true } else { false } }

  var source: SourceID? { if case .time(_, let source) = self { source } else { nil } }
}

/// Counts mismatches of types and missing fields, for `status`.
package final class DecodingCounts {
  package static let name = "decoding"
  private let table: KeyedTable<MismatchKey, CountRow>

  package init(tables: FoldTables) throws(TableError) {
    table = try tables.open(CountRow.table)
  }

  func count(_ mismatches: [MismatchedEvent]) throws(TableError) {
    for event in mismatches {
      try table.change(MismatchKey(kind: event.kind, field: event.field)) { row in
        row = CountRow(
          count: (row?.count ?? 0) + 1, firstOffset: row.map(\.firstOffset) ?? event.offset)
      }
    }
  }

  /// All counts, by kind and field.
  package static func mismatches(in build: any RowProvider) throws(TableError) -> [Mismatch] {
    var all: [Mismatch] = []
    try ViewTables(name, in: build).read(CountRow.table).forEach { key, row in
      all.append(
        Mismatch(
          kind: key.kind, field: key.field.name, source: key.field.source, count: row.count,
          isMissing: key.field.isMissing, firstOffset: row.firstOffset))
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
  private static let missingMark: UInt8 = 253

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
    case .missing(let name):
      writer.append(byte: Self.missingMark)
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
    } else if number == Self.missingMark {
      field = .missing(try reader.text())
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
  let firstOffset: Offset?

  init(count: UInt64, firstOffset: Offset?) {
    self.count = count
    self.firstOffset = firstOffset
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    if let firstOffset { writer.append(varint: firstOffset) }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    firstOffset = reader.isAtEnd ? nil : try reader.varint()
  }
}
