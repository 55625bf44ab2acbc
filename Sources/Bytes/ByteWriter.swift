/// Builds the bytes of keys, rows and headers. Little-endian, but for ordered keys.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8]

  package init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }
  package var span: Span<UInt8> { bytes.span }

  /// Forgets the content and keeps the storage.
  package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  package mutating func append(byte: UInt8) { bytes.append(byte) }

  package mutating func append(bool: Bool) { bytes.append(bool ? 1 : 0) }

  /// LEB128: seven bits a byte, the lowest first; 1 to 10 bytes.
  package mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func append(varint value: Int) { append(varint: UInt64(value)) }

  /// Signed, so that small numbers of either sign are short.
  package mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  package mutating func append<Number: FixedWidthInteger>(littleEndian value: Number) {
    var rest = value
    for _ in 0..<(Number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Big-endian, so that the order of bytes is the order of numbers: for keys.
  package mutating func append<Number: FixedWidthInteger & UnsignedInteger>(ordered value: Number) {
    var shift = Number.bitWidth - 8
    while shift >= 0 {
      bytes.append(UInt8(truncatingIfNeeded: value >> Number(shift)))
      shift -= 8
    }
  }

  package mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  package mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { buffer in unsafe bytes.append(contentsOf: buffer) }
  }

  /// A length, then the text's UTF-8.
  package mutating func append(text: String) {
    append(varint: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// The text's UTF-8, without its length.
  package mutating func append(utf8 text: String) { bytes.append(contentsOf: text.utf8) }

  /// A length, then the bytes.
  package mutating func append(sized other: [UInt8]) {
    append(varint: other.count)
    bytes.append(contentsOf: other)
  }

  package mutating func append(hash: Hash128) {
    append(littleEndian: hash.value)
  }
}
