public import Bytes
public import Events

/// What a keyed table finds its rows by. Encoded, it is at most 511 bytes long, and sorts as rows
/// are to be listed.
public protocol Key: Hashable, Sendable {
  func encode(ordered writer: inout ByteWriter)
  init(ordered reader: inout ByteReader) throws(BytesError)
  /// 32 bits that differ where keys do, the upper ones above all: for finding, never for results.
  var spread: UInt32 { get }
  /// Whether the bytes do not tell which of two different keys comes first: of names too long for a
  /// key, a hash stands for the rest. Answers put such rows in order when they are read.
  func isTied(with next: Self) -> Bool
}

extension Key {
  @inlinable
  public func isTied(with next: Self) -> Bool { false }

  @inlinable
  public var spread: UInt32 {
    var hasher = Hasher()
    hash(into: &hasher)
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}

extension UInt64: Key {
  @inlinable
  public func encode(ordered writer: inout ByteWriter) { writer.append(ordered: self) }
  @inlinable
  public init(ordered reader: inout ByteReader) throws(BytesError) {
    self = try reader.ordered(UInt64.self)
  }
  /// Fibonacci hashing (Knuth, TAOCP 3, 6.4).
  @inlinable
  public var spread: UInt32 {
    UInt32(truncatingIfNeeded: (self &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }
}

extension Hash128: Key {
  @inlinable
  public func encode(ordered writer: inout ByteWriter) { writer.append(ordered: value) }
  @inlinable
  public init(ordered reader: inout ByteReader) throws(BytesError) {
    self.init(value: try reader.ordered(UInt128.self))
  }
  @inlinable
  public var spread: UInt32 { UInt32(truncatingIfNeeded: value) }
}

/// In the order of events.
extension EventID: Key {}

/// The UTF-8 of a name that ends a key, which has at most 511 bytes: of a longer name a hash stands
/// for the rest.
public struct KeyName: Hashable, Sendable {
  private static let sizeMax = 400

  public let bytes: [UInt8]

  public init(_ name: String) {
    let whole = Array(name.utf8)
    guard whole.count > Self.sizeMax else {
      bytes = whole
      return
    }
    var writer = ByteWriter(capacity: Self.sizeMax + 16)
    writer.append(Array(whole.prefix(Self.sizeMax)))
    writer.append(hash: Hash128(of: whole))
    bytes = writer.bytes
  }

  /// The rest of a key.
  public init(ordered reader: inout ByteReader) throws(BytesError) {
    bytes = try reader.array(reader.remaining)
  }

  /// Of names that are alike as far as keys hold them, hashes tell the order.
  public func isTied(with other: KeyName) -> Bool {
    let size = Self.sizeMax
    return bytes.count > size && other.bytes.count > size
      && bytes.prefix(size) == other.bytes.prefix(size)
  }
}

/// A key of one or more texts, any of which may be missing: sorts by their bytes, missing ones
/// first.
///
/// Each text ends with two zero bytes; a zero byte in it is followed by 255, so that a longer text
/// sorts behind its beginning. Of a text that is too long for a key a hash stands for the rest,
/// behind a zero byte and a one.
public struct TextKey: Key {
  /// Bytes of all texts together that are kept as they are: with every byte a zero, and five
  /// hashes, a key stays within 511.
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
