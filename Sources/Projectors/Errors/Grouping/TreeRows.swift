internal import Bytes
internal import Views

/// A leaf of the parse tree: its groups, each with the hashes of its template's words.
struct LeafRow: StoredRow {
  /// In the order in which they came here.
  var groups: [UInt64] = []
  /// As many for each group as its template has words.
  var hashes: [UInt64] = []
  /// The group of what found no place when the leaf was full.
  var overflow: UInt64?

  func encode(into writer: inout ByteWriter) {
    writer.append(groups)
    writer.append(hashes)
    writer.append(bool: overflow != nil)
    if let overflow { writer.append(varint: overflow) }
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    groups = try reader.numbers()
    hashes = try reader.numbers()
    overflow = try reader.bool() ? try reader.varint() : nil
  }
}

/// A group that stands in a leaf.
struct GroupRow: StoredRow {
  var leaf: UInt64
  var salt: UInt64
  /// Of its category, type and built-in pattern: groups with different ones stay apart.
  var label: UInt64
  var hashes: [UInt64]

  func encode(into writer: inout ByteWriter) {
    writer.append(littleEndian: leaf)
    writer.append(littleEndian: salt)
    writer.append(littleEndian: label)
    writer.append(hashes)
  }

  init(leaf: UInt64, salt: UInt64, label: UInt64, hashes: [UInt64]) {
    self.leaf = leaf
    self.salt = salt
    self.label = label
    self.hashes = hashes
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    leaf = try reader.littleEndian(UInt64.self)
    salt = try reader.littleEndian(UInt64.self)
    label = try reader.littleEndian(UInt64.self)
    hashes = try reader.numbers()
  }
}

/// The words that an inner node of the tree branches into.
struct NodeRow: StoredRow {
  var children: [UInt64] = []

  func encode(into writer: inout ByteWriter) { writer.append(children) }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) { children = try reader.numbers() }
}

/// Words seen at one place of a template, all else being equal, and the groups that had them.
struct PlaceRow: StoredRow {
  var values: [UInt64] = []
  var groups: [UInt64] = []

  func encode(into writer: inout ByteWriter) {
    writer.append(values)
    writer.append(groups)
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    values = try reader.numbers()
    groups = try reader.numbers()
  }
}

/// A number: of the group that another became part of, of the group of an opaque message, or of
/// groups so far.
struct NumberRow: StoredRow {
  var number: UInt64

  func encode(into writer: inout ByteWriter) { writer.append(varint: number) }

  init(_ number: UInt64) { self.number = number }

  init(from reader: inout ByteReader) throws(BytesError) { number = try reader.varint() }
}

extension ByteWriter {
  fileprivate mutating func append(_ numbers: [UInt64]) {
    append(varint: numbers.count)
    for number in numbers { append(littleEndian: number) }
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  fileprivate mutating func numbers() throws(BytesError) -> [UInt64] {
    let count = try count()
    guard count <= remaining / 8 else { throw BytesError("fewer numbers than said", at: position) }
    var numbers: [UInt64] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(try littleEndian(UInt64.self)) }
    return numbers
  }
}
