package import Bytes
internal import Events
internal import Provenance

/// The hash of a content's beginning, that can go on from a record without reading all of it again.
///
/// Content is hashed in segments of 1 MiB, whose hashes are chained; the segment that is not full yet
/// is all that must be read again.
package struct ContentHash {
  package static let segmentSize: UInt64 = 1 << 20

  /// Bytes hashed so far.
  package private(set) var position: UInt64 = 0
  /// Over the full segments.
  package private(set) var chain = Hash128(value: 0)
  private var open = Hash128Stream()

  package init() {}

  /// Stands at the beginning of the segment that a record's position lies in.
  init(resuming record: SourceRecord) {
    position = record.position - record.position % Self.segmentSize
    chain = record.chain
  }

  package mutating func update(_ bytes: Span<UInt8>) {
    var start = 0
    while start < bytes.count {
      let room = Int(Self.segmentSize - position % Self.segmentSize)
      let end = min(bytes.count, start + room)
      open.update(bytes.extracting(start..<end))
      position += UInt64(end - start)
      start = end
      if position % Self.segmentSize == 0 { closeSegment() }
    }
  }

  /// Over everything so far; more may follow.
  package var digest: Hash128 { Self.join(chain, open.digest) }

  private mutating func closeSegment() {
    chain = Self.join(chain, open.digest)
    open = Hash128Stream()
  }

  private static func join(_ left: Hash128, _ right: Hash128) -> Hash128 {
    var writer = ByteWriter(capacity: 32)
    writer.append(hash: left)
    writer.append(hash: right)
    return Hash128(of: writer.bytes)
  }
}

/// Both forms of hash over a content's beginning: that of records of version 1 is over all of it.
struct PrefixHash {
  var segmented = ContentHash()
  private let plain: Hash128Stream?

  init(withPlain: Bool) { plain = withPlain ? Hash128Stream() : nil }

  mutating func update(_ bytes: Span<UInt8>) {
    segmented.update(bytes)
    plain?.update(bytes)
  }

  func matches(_ record: SourceRecord) -> Bool { digests.matches(record) }

  /// Over everything so far.
  var digests: Digests { Digests(segmented: segmented.digest, plain: plain?.digest) }

  struct Digests {
    let segmented: Hash128
    let plain: Hash128?

    func matches(_ record: SourceRecord) -> Bool {
      (record.isPrefixPlain ? plain : segmented) == record.prefix
    }
  }
}
