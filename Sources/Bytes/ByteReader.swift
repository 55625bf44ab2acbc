/// Reads what `ByteWriter` wrote, and throws where the bytes end early.
package struct ByteReader: ~Escapable {
  private let span: Span<UInt8>
  package private(set) var position: Int

  @_lifetime(copy span)
  package init(_ span: Span<UInt8>) {
    self.span = span
    position = 0
  }

  package var remaining: Int { span.count - position }
  package var isAtEnd: Bool { position >= span.count }

  private func require(_ count: Int) throws(BytesError) {
    guard count >= 0, count <= remaining else {
      throw BytesError("\(count) bytes expected, \(remaining) left", at: position)
    }
  }

  @_lifetime(self: copy self)
  package mutating func byte() throws(BytesError) -> UInt8 {
    try require(1)
    let value = span[position]
    position += 1
    return value
  }

  @_lifetime(self: copy self)
  package mutating func bool() throws(BytesError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw BytesError("a boolean is 0 or 1", at: position - 1)
    }
  }

  @_lifetime(self: copy self)
  package mutating func varint() throws(BytesError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else {
        throw BytesError("a varint of more than 64 bits", at: position - 1)
      }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  /// A varint that counts something held in memory.
  @_lifetime(self: copy self)
  package mutating func count() throws(BytesError) -> Int {
    let start = position
    let value = try varint()
    guard let count = Int(exactly: value) else {
      throw BytesError("a count of \(value) is impossible", at: start)
    }
    return count
  }

  @_lifetime(self: copy self)
  package mutating func zigzag() throws(BytesError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  @_lifetime(self: copy self)
  package mutating func littleEndian<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(BytesError) -> Number {
    let size = Number.bitWidth / 8
    try require(size)
    var value: Number = 0
    for index in 0..<size {
      value |= Number(truncatingIfNeeded: span[position + index]) << Number(index * 8)
    }
    position += size
    return value
  }

  @_lifetime(self: copy self)
  package mutating func ordered<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) throws(BytesError) -> Number {
    let size = Number.bitWidth / 8
    try require(size)
    var value: Number = 0
    for index in 0..<size {
      value = (value << 8) | Number(truncatingIfNeeded: span[position + index])
    }
    position += size
    return value
  }

  /// The next bytes, without a copy.
  @_lifetime(copy self)
  package mutating func span(_ count: Int) throws(BytesError) -> Span<UInt8> {
    try require(count)
    let start = position
    position += count
    return span.extracting(start..<(start + count))
  }

  @_lifetime(self: copy self)
  package mutating func skip(_ count: Int) throws(BytesError) {
    try require(count)
    position += count
  }

  @_lifetime(self: copy self)
  package mutating func array(_ count: Int) throws(BytesError) -> [UInt8] {
    try require(count)
    let start = position
    position += count
    return [UInt8](span.extracting(start..<(start + count)))
  }

  @_lifetime(self: copy self)
  package mutating func sized() throws(BytesError) -> [UInt8] { try array(try count()) }

  /// A length and that much UTF-8, checked.
  @_lifetime(self: copy self)
  package mutating func text() throws(BytesError) -> String {
    let size = try count()
    try require(size)
    let start = position
    position += size
    guard let text = String(validating: span.extracting(start..<(start + size))) else {
      throw BytesError("text that is not UTF-8", at: start)
    }
    return text
  }

  @_lifetime(self: copy self)
  package mutating func hash() throws(BytesError) -> Hash128 {
    Hash128(value: try littleEndian(UInt128.self))
  }
}

extension Array where Element == UInt8 {
  /// A copy of a span's bytes.
  package init(_ span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
  }
}

extension String {
  /// The text of UTF-8 bytes, or nil when they are not valid.
  package init?(validating span: Span<UInt8>) {
    let text = unsafe span.withUnsafeBufferPointer { buffer in
      unsafe String(validating: buffer, as: UTF8.self)
    }
    guard let text else { return nil }
    self = text
  }
}
