internal import CSHA256

/// A SHA-256 digest: 32 bytes.
public struct SHA256Digest: Equatable, Hashable, Sendable, CustomStringConvertible {
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

  /// 64 hexadecimal digits.
  public var description: String { bytes.hexadecimal }
}

/// Hashes that are kept side by side in one array of 32 bytes each: no allocation a hash.
public struct SHA256List: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init(capacity: Int = 0) { bytes.reserveCapacity(capacity * 32) }

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
