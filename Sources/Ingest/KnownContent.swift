internal import Bytes

/// Content read again to see whether it is what was read before.
struct KnownContent {
  static let guardSize = 4096

  let hash = Hash128Stream()
  var guardBytes: [UInt8] = []
  /// What was read beyond.
  var rest: [UInt8] = []
  private var isWhole = false

  init(_ reader: ContentReader, upTo position: UInt64) throws(IngestError) {
    var left = position
    var buffer: [UInt8] = []
    while left > 0, !reader.isAtEnd {
      buffer.removeAll(keepingCapacity: true)
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      let taken = Int(min(left, UInt64(buffer.count)))
      hash.update(buffer.span.extracting(0..<taken))
      guardBytes.append(contentsOf: buffer[..<taken].suffix(Self.guardSize))
      guardBytes.removeFirst(max(0, guardBytes.count - Self.guardSize))
      rest = Array(buffer[taken...])
      left -= UInt64(taken)
    }
    isWhole = left == 0
  }

  /// Of the beginning; nil when the content is shorter.
  var digest: Hash128? { isWhole ? hash.digest : nil }
}
