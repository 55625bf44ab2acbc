package import Bytes
package import Events

/// What is known of a source: who it is, and how far it was read.
package struct SourceRecord: Equatable, Sendable {
  package enum Form: UInt8, Sendable {
    case file = 0
    case standardInput = 1
    /// Standard input that a name gives a memory.
    case named = 2
    /// foldlog itself.
    case own = 3
  }

  package var id: SourceID
  package var form: Form
  /// The path it was last read by, or the name of a named standard source.
  package var path: String
  /// That path without symbolic links: where the file stood when lines were last taken from it.
  package var realPath: String
  package var device: UInt64
  package var inode: UInt64
  /// 1, and 1 more whenever the file was found rewritten.
  package var generation: UInt64
  /// Bytes taken, counted in the decompressed content.
  package var position: UInt64
  /// Over the bytes taken.
  package var prefix: Hash128
  /// Whether `prefix` is one hash over all bytes, as records of version 1 have it.
  package var isPrefixPlain: Bool
  /// Over the first 4,096 bytes; 0 when they were not read at once.
  package var head: Hash128
  /// Over the full segments of 1 MiB among them, so that hashing can go on.
  package var chain: Hash128
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
  /// The source that this file gave lines as before it was rewritten; 0 for none.
  package var previous: SourceID
  /// Up to here the content is a rewritten one, whose lines may have been given before.
  package var rewriteEnd: UInt64
  /// Lines that were not taken again, since the file had given them before it was rewritten.
  package var skipped: UInt64
  /// Whether all that its file held was taken, though the position is not the file's length, as of
  /// compressed content.
  package var isEndReached: Bool
  /// When it was last read where it is followed: files that stood there before had been read then.
  package var committed: Timestamp
  /// The tool whose lines it holds; nil where none told.
  package var format: String?

  /// A source of which nothing was read.
  package init(id: SourceID, form: Form, path: String, device: UInt64 = 0, inode: UInt64 = 0) {
    self.id = id
    self.form = form
    self.path = path
    realPath = ""
    self.device = device
    self.inode = inode
    generation = 1
    position = 0
    let empty: [UInt8] = []
    prefix = Hash128(of: empty)
    isPrefixPlain = false
    head = Hash128(value: 0)
    chain = Hash128(value: 0)
    guardSize = 0
    self.guard = Hash128(of: empty)
    size = 0
    modified = Timestamp(nanoseconds: 0)
    events = 0
    quarantined = 0
    blank = 0
    lastTime = nil
    previous = 0
    rewriteEnd = 0
    skipped = 0
    isEndReached = false
    committed = Timestamp(nanoseconds: 0)
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    writer.append(byte: isPrefixPlain ? 1 : 2)
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
    if isPrefixPlain { return writer.bytes }
    writer.append(text: realPath)
    writer.append(hash: head)
    writer.append(hash: chain)
    writer.append(varint: previous)
    writer.append(varint: rewriteEnd)
    writer.append(varint: skipped)
    writer.append(bool: isEndReached)
    writer.append(zigzag: committed.nanoseconds)
    if let format { writer.append(text: format) }
    return writer.bytes
  }

  package init(id: SourceID, from reader: inout ByteReader) throws(BytesError) {
    let version = try reader.byte()
    guard (1...2).contains(version) else {
      throw BytesError("a source record of version \(version)", at: 0)
    }
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
    isPrefixPlain = version == 1
    if isPrefixPlain {
      // Version 1 kept the path as it was given.
      if path.hasPrefix("/") { realPath = path }
      return
    }
    realPath = try reader.text()
    head = try reader.hash()
    chain = try reader.hash()
    previous = try reader.varint()
    rewriteEnd = try reader.varint()
    skipped = try reader.varint()
    isEndReached = try reader.bool()
    committed = Timestamp(nanoseconds: try reader.zigzag())
    if !reader.isAtEnd { format = try reader.text() }
  }
}
