internal import Bytes
internal import Events
internal import Views

/// An event with an error, and the group that it went to, which may be part of another by now.
struct ErrorEvent: StoredRow {
  var offset: Offset
  var group: UInt64

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: offset)
    writer.append(varint: group)
  }

  init(offset: Offset, group: UInt64) {
    self.offset = offset
    self.group = group
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    offset = try reader.varint()
    group = try reader.varint()
  }
}

/// A session that met a pattern.
struct SessionKey: Key {
  var pattern: UInt64
  /// A hash of the session's id, never 0.
  var session: UInt64

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: pattern)
    writer.append(ordered: session)
  }

  init(pattern: UInt64, session: UInt64) {
    self.pattern = pattern
    self.session = session
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    pattern = try reader.ordered(UInt64.self)
    session = try reader.ordered(UInt64.self)
  }
}

/// The session that met the pattern before it; 0 for none.
struct SessionRow: StoredRow {
  var before: UInt64

  func encode(into writer: inout ByteWriter) { writer.append(littleEndian: before) }

  init(before: UInt64) { self.before = before }

  init(from reader: inout ByteReader) throws(BytesError) {
    before = try reader.littleEndian(UInt64.self)
  }
}
