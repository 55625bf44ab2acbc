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

  /// HMAC-SHA256 (RFC 2104) of a message under this key; nil where libcrypto does not give one.
  func signature(of message: [UInt8]) -> SHA256Digest? {
    SHA256Digest(hmacOf: message.span, key: signingBytes.span)
  }
}

/// That a key is none.
package struct SecretError: Error {}
