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

  /// A text without this key.
  func hidden(in text: String) -> String {
    let all = Array(text.utf8)
    var (shown, place): ([UInt8], Int) = ([], 0)
    while place < all.count {
      if all[place...].starts(with: bytes) {
        shown += Array("[KEY]".utf8)
        place += bytes.count
      } else {
        shown.append(all[place])
        place += 1
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private static let webhookPrefix = Array("whsec_".utf8)

  /// Whether it is said to be one of standardwebhooks.com, and is none.
  var isBrokenWebhookKey: Bool {
    bytes.starts(with: Self.webhookPrefix)
      && decodedBase64(bytes.dropFirst(Self.webhookPrefix.count)) == nil
  }

  /// What messages are signed with: of `whsec_` and Base64 what that stands for, else the key as it is.
  private var signingBytes: [UInt8] {
    guard bytes.starts(with: Self.webhookPrefix) else { return bytes }
    return decodedBase64(bytes.dropFirst(Self.webhookPrefix.count)) ?? bytes
  }

  /// HMAC-SHA256 (RFC 2104) of a message under this key.
  func signature(of message: [UInt8]) -> SHA256Digest {
    var key = signingBytes
    if key.count > 64 { key = SHA256Digest(of: key.span).bytes }
    key += [UInt8](repeating: 0, count: 64 - key.count)
    let inner = Self.digest(of: key.map { $0 ^ 0x36 } + message)
    return Self.digest(of: key.map { $0 ^ 0x5c } + inner.bytes)
  }

  private static func digest(of bytes: [UInt8]) -> SHA256Digest { SHA256Digest(of: bytes.span) }
}

/// That a key is none.
package struct SecretError: Error {}

/// What Base64 (RFC 4648) stands for, with or without its padding; nil of what is none, and of nothing.
private func decodedBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
  var bytes: [UInt8] = []
  var (bits, count) = (UInt32(0), 0)
  let digits = text.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
  for digit in digits {
    guard let value = base64Digits.firstIndex(of: digit) else { return nil }
    (bits, count) = (bits << 6 | UInt32(value), count + 6)
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return bytes.isEmpty || text.count - digits.count > 2 || digits.count % 4 == 1 ? nil : bytes
}

private let base64Digits = Array(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Base64 of RFC 4648, as signatures are written.
func base64(_ bytes: [UInt8]) -> String {
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let piece = bytes[start..<min(start + 3, bytes.count)]
    let bits = piece.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - piece.count))
    for place in 0..<4 {
      text.append(
        place > piece.count
          ? UInt8(ascii: "=") : base64Digits[Int(bits >> (18 - 6 * UInt32(place)) & 63)])
    }
  }
  return String(decoding: text, as: UTF8.self)
}
