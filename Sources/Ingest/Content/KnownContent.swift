internal import Events
internal import Provenance

/// The beginning of a content, read again to see whether it is what was read before.
struct KnownContent {
  static let guardSize = 4096
  /// Bytes at the beginning whose hash tells most files apart.
  static let headSize = 4096

  private(set) var hash: PrefixHash
  /// The last bytes up to the position.
  private(set) var guardBytes: [UInt8] = []
  /// Bytes that were read beyond the position.
  private(set) var rest: [UInt8] = []
  /// Whether there were as many bytes as the record says.
  private(set) var isWhole = false

  /// Reads all up to the position of a record.
  init(_ reader: ContentReader, _ record: SourceRecord) throws(IngestError) {
    hash = PrefixHash(withPlain: record.isPrefixPlain)
    var left = record.position
    var buffer: [UInt8] = []
    while left > 0, !reader.isAtEnd {
      buffer.removeAll(keepingCapacity: true)
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      let taken = Int(min(left, UInt64(buffer.count)))
      hash.update(buffer.span.extracting(0..<taken))
      keep(buffer[..<taken])
      rest = Array(buffer[taken...])
      left -= UInt64(taken)
    }
    isWhole = left == 0
  }

  /// Whether the content begins with what the record says.
  func matches(_ record: SourceRecord) -> Bool { isWhole && hash.matches(record) }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    guardBytes.append(contentsOf: bytes.suffix(Self.guardSize))
    guardBytes.removeFirst(max(0, guardBytes.count - Self.guardSize))
  }
}

/// The end of what was read of a plain file, read again: the last segment of the hash, and the guard.
struct KnownTail {
  private(set) var hash: ContentHash
  private(set) var guardBytes: [UInt8] = []

  /// Nil when the bytes there are others than those that were read. At most 1 MiB is read.
  init?(_ file: any OpenFile, _ record: SourceRecord) throws(IngestError) {
    if record.isPrefixPlain { return nil }
    hash = ContentHash(resuming: record)
    let guardStart = record.position - min(record.position, UInt64(KnownContent.guardSize))
    var start = min(hash.position, guardStart)
    var bytes: [UInt8] = []
    let first = start
    while start < record.position {
      let read = try file.read(at: start, count: Int(record.position - start), into: &bytes)
      if read == 0 { return nil }
      start += UInt64(read)
    }
    hash.update(bytes.span.extracting(Int(hash.position - first)..<bytes.count))
    guardBytes = Array(bytes[Int(guardStart - first)...])
    guard hash.digest == record.prefix else { return nil }
  }
}
