public import Bytes

/// A key of one or more texts, any of which may be missing: sorts by their bytes, missing ones first.
///
/// Each text ends with two zero bytes; a zero byte in it is followed by 255, so that a longer text
/// sorts behind its beginning. Of a text that is too long for a key a hash stands for the rest, behind
/// a zero byte and a one.
public struct TextKey: Key {
  /// Bytes of all texts together that are kept as they are: with every byte a zero, and five hashes, a
  /// key stays within 511.
  private static let sizeMax = 200

  private let bytes: [UInt8]

  public init(_ texts: String?...) {
    var writer = ByteWriter(capacity: 64)
    for text in texts {
      guard let text else {
        writer.append(byte: 0)
        continue
      }
      writer.append(byte: 1)
      let kept = text.utf8.prefix(Self.sizeMax / texts.count)
      for byte in kept {
        writer.append(byte: byte)
        if byte == 0 { writer.append(byte: 0xff) }
      }
      let isWhole = kept.endIndex == text.utf8.endIndex
      writer.append(byte: 0)
      writer.append(byte: isWhole ? 0 : 1)
      if !isWhole { writer.append(ordered: Hash128(of: text).value) }
    }
    bytes = writer.bytes
  }

  public func encode(ordered writer: inout ByteWriter) { writer.append(bytes) }

  public init(ordered reader: inout ByteReader) throws(BytesError) {
    bytes = try reader.array(reader.remaining)
  }

  public var spread: UInt32 { UInt32(truncatingIfNeeded: Hash128(of: bytes).value) }

  /// Whether they are alike up to a hash, which tells no order.
  public func isTied(with next: TextKey) -> Bool {
    var place = 1
    while place < min(bytes.count, next.bytes.count), bytes[place] == next.bytes[place] {
      if bytes[place] == 1, bytes[place - 1] == 0, place > 2 { return true }
      place += 1
    }
    return false
  }
}
