#if canImport(Glibc)
  internal import Glibc
#endif

/// Reads what `ByteWriter` wrote, and throws where the bytes end early.
public struct ByteReader: ~Escapable {
  @usableFromInline let span: Span<UInt8>
  @usableFromInline var place: Int

  @inlinable @_lifetime(copy span)
  public init(_ span: Span<UInt8>) {
    self.span = span
    place = 0
  }

  @inlinable public var position: Int { place }
  /// All bytes, those read before among them.
  public var whole: Span<UInt8> {
    @inlinable @_lifetime(copy self) get { span }
  }
  @inlinable public var remaining: Int { span.count - place }
  @inlinable public var isAtEnd: Bool { place >= span.count }

  @inlinable
  func require(_ count: Int) throws(BytesError) {
    guard count >= 0, count <= remaining else { throw missing(count) }
  }

  @inline(never) @usableFromInline
  func missing(_ count: Int) -> BytesError {
    BytesError("\(count) bytes expected, \(remaining) left", at: place)
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func byte() throws(BytesError) -> UInt8 {
    try require(1)
    let value = span[place]
    place += 1
    return value
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func bool() throws(BytesError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    default: throw BytesError("a boolean is 0 or 1", at: place - 1)
    }
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func varint() throws(BytesError) -> UInt64 {
    var value = UInt64(try byte())
    if value < 0x80 { return value }
    value &= 0x7f
    var shift: UInt64 = 7
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else {
        throw BytesError("a varint of more than 64 bits", at: place - 1)
      }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  /// A varint that counts something held in memory.
  @inlinable @_lifetime(self: copy self)
  public mutating func count() throws(BytesError) -> Int {
    let start = place
    let value = try varint()
    guard let count = Int(exactly: value) else {
      throw BytesError("a count of \(value) is impossible", at: start)
    }
    return count
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func zigzag() throws(BytesError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func littleEndian<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(BytesError) -> Number {
    let size = MemoryLayout<Number>.size
    try require(size)
    let value = unsafe span.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: place, as: Number.self)
    }
    place += size
    return Number(littleEndian: value)
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func ordered<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type
  ) throws(BytesError) -> Number {
    let size = MemoryLayout<Number>.size
    try require(size)
    let value = unsafe span.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: place, as: Number.self)
    }
    place += size
    return Number(bigEndian: value)
  }

  /// The next bytes, without a copy.
  @inlinable @_lifetime(copy self)
  public mutating func span(_ count: Int) throws(BytesError) -> Span<UInt8> {
    try require(count)
    let start = place
    place += count
    return span.extracting(start..<(start + count))
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func skip(_ count: Int) throws(BytesError) {
    try require(count)
    place += count
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func array(_ count: Int) throws(BytesError) -> [UInt8] {
    try require(count)
    let start = place
    place += count
    return [UInt8](span.extracting(start..<(start + count)))
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func sized() throws(BytesError) -> [UInt8] { try array(try count()) }

  /// A length and that much UTF-8, checked.
  @inlinable @_lifetime(self: copy self)
  public mutating func text() throws(BytesError) -> String {
    let size = try count()
    try require(size)
    let start = place
    place += size
    guard let text = String(validating: span.extracting(start..<(start + size))) else {
      throw BytesError("text that is not UTF-8", at: start)
    }
    return text
  }

  @inlinable @_lifetime(self: copy self)
  public mutating func hash() throws(BytesError) -> Hash128 {
    Hash128(value: try littleEndian(UInt128.self))
  }
}

extension Array where Element == UInt8 {
  /// A copy of a span's bytes.
  public init(_ span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
  }
}

extension String {
  /// The text of UTF-8 bytes, or nil when they are not valid.
  public init?(validating span: Span<UInt8>) {
    // `String(validating:as:)` is generic and not specialized: it costs three times as much.
    guard let text = try? UTF8Span(validating: span) else { return nil }
    self.init(copying: text)
  }
}

/// The first place of a byte at or after `start`; nil when there is none. As fast as memchr.
public func firstIndex(of byte: UInt8, in span: Span<UInt8>, from start: Int = 0) -> Int? {
  guard start < span.count else { return nil }
  return unsafe span.withUnsafeBufferPointer { buffer -> Int? in
    guard let base = buffer.baseAddress,
      let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}

/// Bytes that are not what their format says: truncated, too large, or not UTF-8.
public struct BytesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was expected, in words.
  public let reason: String
  /// Where in the decoded bytes, counted from 0.
  public let position: Int

  public init(_ reason: String, at position: Int) {
    self.reason = reason
    self.position = position
  }

  public var description: String { "\(reason) at byte \(position)" }
}
