internal import CSHA256
internal import CXXHash

/// A 128-bit XXH3 hash: identity for keys, and the summand of a view's digest. Not for secrets.
public struct Hash128: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var value: UInt128

  @inlinable public init(value: UInt128) { self.value = value }

  /// The hash of some bytes; about 10 GB/s for long input and 5 ns for short.
  public init(of span: Span<UInt8>) {
    let hash = unsafe span.withUnsafeBufferPointer { buffer in
      unsafe XXH3_128bits(buffer.baseAddress, buffer.count)
    }
    value = UInt128(hash.high64) << 64 | UInt128(hash.low64)
  }

  public init(of bytes: [UInt8]) { self.init(of: bytes.span) }

  /// The hash of a text's UTF-8.
  public init(of text: String) {
    var text = text
    let hash = text.withUTF8 { buffer in
      unsafe XXH3_128bits(buffer.baseAddress, buffer.count)
    }
    value = UInt128(hash.high64) << 64 | UInt128(hash.low64)
  }

  @inlinable public static func < (left: Hash128, right: Hash128) -> Bool {
    left.value < right.value
  }

  @inlinable public static func == (left: Hash128, right: Hash128) -> Bool {
    left.value == right.value
  }

  /// The lower half is hash enough for a dictionary of ours: inputs are not adversarial to it.
  @inlinable public func hash(into hasher: inout Hasher) {
    hasher.combine(UInt64(truncatingIfNeeded: value))
  }

  /// 32 hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}

/// XXH3-128 over bytes that come piece by piece.
@safe public final class Hash128Stream {
  private let state: OpaquePointer

  public init() {
    guard let state = unsafe XXH3_createState() else {
      preconditionFailure("no memory for a hash state of 576 bytes")
    }
    unsafe self.state = state
    reset()
  }

  deinit { _ = unsafe XXH3_freeState(state) }

  public func reset() { _ = unsafe XXH3_128bits_reset(state) }

  public func update(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { buffer in
      _ = unsafe XXH3_128bits_update(state, buffer.baseAddress, buffer.count)
    }
  }

  /// The hash of all bytes so far; more may follow.
  public var digest: Hash128 {
    let hash = unsafe XXH3_128bits_digest(state)
    return Hash128(value: UInt128(hash.high64) << 64 | UInt128(hash.low64))
  }
}

/// A SHA-256 digest: 32 bytes.
public struct SHA256Digest: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// Always 32.
  public let bytes: [UInt8]

  /// Nil unless there are 32 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  fileprivate init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  public static let zero = SHA256Digest(unchecked: [UInt8](repeating: 0, count: 32))

  /// The digest of one piece.
  public init(of span: Span<UInt8>) {
    var list = SHA256List()
    list.append(of: span, Span())
    bytes = list.bytes
  }

  /// HMAC-SHA256 (RFC 2104) of a message under a key; nil where libcrypto does not give one.
  public init?(hmacOf message: Span<UInt8>, key: Span<UInt8>) {
    var digest = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe digest.withUnsafeMutableBufferPointer { output in
      unsafe message.withUnsafeBufferPointer { message in
        unsafe key.withUnsafeBufferPointer { key in
          guard let output = output.baseAddress else { return false }
          return unsafe csha256_hmac(
            key.baseAddress, key.count, message.baseAddress, message.count, output) == 1
        }
      }
    }
    if !isDone { return nil }
    bytes = digest
  }

  /// 64 hexadecimal digits.
  public var description: String { bytes.hexadecimal }
}

/// Hashes that are kept side by side in one array of 32 bytes each: no allocation a hash.
public struct SHA256List: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity * 32) }

  /// How many digests there are.
  public var count: Int { bytes.count / 32 }

  public func digest(_ index: Int) -> SHA256Digest {
    SHA256Digest(unchecked: Array(bytes[index * 32..<(index + 1) * 32]))
  }

  /// Appends the digest of two pieces, one after the other.
  public mutating func append(of first: Span<UInt8>, _ second: Span<UInt8>) {
    let start = bytes.count
    for _ in 0..<4 { bytes.append(contentsOf: repeatElement(0, count: 8)) }
    unsafe bytes.withUnsafeMutableBufferPointer { output in
      unsafe first.withUnsafeBufferPointer { first in
        unsafe second.withUnsafeBufferPointer { second in
          guard let output = output.baseAddress else { return }
          unsafe csha256(
            first.baseAddress, first.count, second.baseAddress, second.count, output + start)
        }
      }
    }
  }

  public mutating func append(_ digest: SHA256Digest) { bytes.append(contentsOf: digest.bytes) }

  /// The chain's value after these hashes: head = H(head ‖ hash), one by one.
  public func chained(from head: SHA256Digest) -> SHA256Digest {
    var current = head.bytes
    unsafe current.withUnsafeMutableBufferPointer { current in
      unsafe bytes.withUnsafeBufferPointer { list in
        guard let current = current.baseAddress, let list = list.baseAddress else { return }
        for index in 0..<count {
          unsafe csha256(current, 32, list + index * 32, 32, current)
        }
      }
    }
    return SHA256Digest(unchecked: current)
  }
}

/// SHA-256 over bytes that come piece by piece.
public struct SHA256Stream {
  private var context = csha256_context()

  public init() { unsafe csha256_begin(&context) }

  public mutating func update(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { buffer in
      unsafe csha256_update(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// The digest of all bytes so far; the stream stays as it is.
  public var digest: SHA256Digest {
    var copy = context
    var bytes = [UInt8](repeating: 0, count: 32)
    unsafe bytes.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      unsafe csha256_end(&copy, output)
    }
    return SHA256Digest(unchecked: bytes)
  }
}

extension Sequence where Element == UInt8 {
  /// Two lower-case hexadecimal digits a byte.
  public var hexadecimal: String {
    var text = ""
    for byte in self {
      text.append(Character(hexadecimalDigit(byte >> 4)))
      text.append(Character(hexadecimalDigit(byte & 15)))
    }
    return text
  }
}

private func hexadecimalDigit(_ value: UInt8) -> Unicode.Scalar {
  Unicode.Scalar(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
}
