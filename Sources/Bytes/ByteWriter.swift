/// Builds the bytes of keys, rows and headers. Little-endian, but for ordered keys.
public struct ByteWriter: Sendable {
  @usableFromInline var storage: [UInt8]

  @inlinable
  public init(capacity: Int = 0) {
    storage = []
    if capacity > 0 { storage.reserveCapacity(capacity) }
  }

  @inlinable public var bytes: [UInt8] { storage }
  @inlinable public var count: Int { storage.count }

  public var span: Span<UInt8> {
    @inlinable @_lifetime(borrow self) get { storage.span }
  }

  /// Forgets the content and keeps the storage.
  @inlinable public mutating func clear() { storage.removeAll(keepingCapacity: true) }

  /// Forgets what comes after the first so many bytes.
  @inlinable
  public mutating func truncate(to count: Int) {
    if count < storage.count { storage.removeLast(storage.count - count) }
  }

  @inlinable public mutating func append(byte: UInt8) { storage.append(byte) }

  @inlinable public mutating func append(bool: Bool) { storage.append(bool ? 1 : 0) }

  /// LEB128: seven bits a byte, the lowest first; 1 to 10 bytes.
  @inlinable
  public mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      storage.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    storage.append(UInt8(truncatingIfNeeded: rest))
  }

  @inlinable public mutating func append(varint value: Int) { append(varint: UInt64(value)) }

  /// Signed, so that small numbers of either sign are short.
  @inlinable
  public mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  @inlinable
  public mutating func append<Number: FixedWidthInteger>(littleEndian value: Number) {
    var value = value.littleEndian
    unsafe withUnsafeBytes(of: &value) { unsafe storage.append(contentsOf: $0) }
  }

  /// Big-endian, so that the order of bytes is the order of numbers: for keys.
  @inlinable
  public mutating func append<Number: FixedWidthInteger & UnsignedInteger>(ordered value: Number) {
    var value = value.bigEndian
    unsafe withUnsafeBytes(of: &value) { unsafe storage.append(contentsOf: $0) }
  }

  @inlinable public mutating func append(_ other: [UInt8]) { storage.append(contentsOf: other) }

  @inlinable
  public mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { buffer in unsafe storage.append(contentsOf: buffer) }
  }

  /// A length, then the text's UTF-8.
  @inlinable
  public mutating func append(text: String) {
    append(varint: text.utf8.count)
    append(utf8: text)
  }

  /// The text's UTF-8, without its length.
  @inlinable
  public mutating func append(utf8 text: String) { storage.append(contentsOf: text.utf8) }

  /// A length, then the bytes.
  @inlinable
  public mutating func append(sized other: [UInt8]) {
    append(varint: other.count)
    storage.append(contentsOf: other)
  }

  @inlinable
  public mutating func append(hash: Hash128) {
    append(littleEndian: hash.value)
  }
}
