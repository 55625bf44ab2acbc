package import Bytes

/// Something that a table keeps: its bytes are canonical, so that equal rows have equal bytes.
package protocol Row: Sendable {
  func encode(into writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(BytesError)
}

/// What a keyed table finds its rows by. Encoded, it is at most 511 bytes long, and sorts as rows
/// are to be listed.
package protocol Key: Hashable, Sendable {
  func encode(into writer: inout ByteWriter)
  init(from reader: inout ByteReader) throws(BytesError)
}

extension UInt64: Key {
  package func encode(into writer: inout ByteWriter) { writer.append(ordered: self) }
  package init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.ordered(UInt64.self)
  }
}

extension Hash128: Key {
  package func encode(into writer: inout ByteWriter) { writer.append(ordered: value) }
  package init(from reader: inout ByteReader) throws(BytesError) {
    self.init(value: try reader.ordered(UInt128.self))
  }
}
