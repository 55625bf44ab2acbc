public import Bytes

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
