package import Bytes

/// What is known of a source: who it is, and how far it was read.
package struct SourceRecord: Equatable, Sendable {
  package enum Form: UInt8, Sendable {
    case file = 0
    case standardInput = 1
    /// Standard input that a name gives a memory.
    case named = 2
  }

  package var id: SourceID
  package var form: Form
  /// The path it was last read by, or the name of a named standard source.
  package var path: String
  package var device: UInt64
  package var inode: UInt64
  /// 1, and 1 more whenever the file was found rewritten.
  package var generation: UInt64
  /// Bytes taken, counted in the decompressed content.
  package var position: UInt64
  /// Over the bytes taken.
  package var prefix: Hash128
  package var guardSize: UInt64
  /// Over the last bytes taken.
  package var `guard`: Hash128
  /// Of the file when it was last read.
  package var size: UInt64
  package var modified: Timestamp
  package var events: UInt64
  package var quarantined: UInt64
  package var blank: UInt64
  /// Of its last event.
  package var lastTime: Timestamp?

  /// A source of which nothing was read.
  package init(id: SourceID, form: Form, path: String, device: UInt64 = 0, inode: UInt64 = 0) {
    self.id = id
    self.form = form
    self.path = path
    self.device = device
    self.inode = inode
    generation = 1
    position = 0
    let empty: [UInt8] = []
    prefix = Hash128(of: empty)
    guardSize = 0
    self.guard = Hash128(of: empty)
    size = 0
    modified = Timestamp(nanoseconds: 0)
    events = 0
    quarantined = 0
    blank = 0
    lastTime = nil
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    writer.append(byte: 1)
    writer.append(byte: form.rawValue)
    writer.append(text: path)
    writer.append(varint: device)
    writer.append(varint: inode)
    writer.append(varint: generation)
    writer.append(varint: position)
    writer.append(hash: prefix)
    writer.append(varint: guardSize)
    writer.append(hash: self.guard)
    writer.append(varint: size)
    writer.append(zigzag: modified.nanoseconds)
    writer.append(varint: events)
    writer.append(varint: quarantined)
    writer.append(varint: blank)
    writer.append(bool: lastTime != nil)
    writer.append(zigzag: lastTime?.nanoseconds ?? 0)
    return writer.bytes
  }

  package init(id: SourceID, from reader: inout ByteReader) throws(BytesError) {
    let version = try reader.byte()
    guard version == 1 else { throw BytesError("a source record of version \(version)", at: 0) }
    guard let form = Form(rawValue: try reader.byte()) else {
      throw BytesError("an unknown form of source", at: 1)
    }
    self.init(id: id, form: form, path: try reader.text())
    device = try reader.varint()
    inode = try reader.varint()
    generation = try reader.varint()
    position = try reader.varint()
    prefix = try reader.hash()
    guardSize = try reader.varint()
    self.guard = try reader.hash()
    size = try reader.varint()
    modified = Timestamp(nanoseconds: try reader.zigzag())
    events = try reader.varint()
    quarantined = try reader.varint()
    blank = try reader.varint()
    let hasTime = try reader.bool()
    let time = Timestamp(nanoseconds: try reader.zigzag())
    lastTime = hasTime ? time : nil
  }
}
