internal import Bytes

/// A key, which is told to nobody but whom it is for. libcurl and TLS make copies of it that nobody
/// can overwrite: who reads one has the kernel write no core of the process first.
package struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
  private let bytes: [UInt8]

  /// - Throws: of a key that is empty, or could not stand in a line of a request.
  package init(_ text: String) throws(SecretError) {
    bytes = Array(text.utf8)
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw SecretError()
    }
  }

  package var description: String { "a key" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }

  /// As a server is told who asks.
  var authorization: String { "Bearer \(String(decoding: bytes, as: UTF8.self))" }

  /// HMAC-SHA256 (RFC 2104) of a message under this key.
  func signature(of message: [UInt8]) -> SHA256Digest {
    var key = bytes
    if key.count > 64 { key = SHA256Digest(of: key.span).bytes }
    key += [UInt8](repeating: 0, count: 64 - key.count)
    let inner = Self.digest(of: key.map { $0 ^ 0x36 } + message)
    return Self.digest(of: key.map { $0 ^ 0x5c } + inner.bytes)
  }

  private static func digest(of bytes: [UInt8]) -> SHA256Digest { SHA256Digest(of: bytes.span) }
}

/// That a key is none.
package struct SecretError: Error {}

/// Base64 of RFC 4648, as signatures are written.
func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let piece = bytes[start..<min(start + 3, bytes.count)]
    let bits = piece.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - piece.count))
    for place in 0..<4 {
      text.append(
        place > piece.count
          ? UInt8(ascii: "=") : digits[Int(bits >> (18 - 6 * UInt32(place)) & 63)])
    }
  }
  return String(decoding: text, as: UTF8.self)
}
