import Bytes
import Testing

/// Base64 and HMAC-SHA256, as the papers that define them have it.
@Suite struct Base64Tests {
  /// RFC 4648, 10.
  private static let vectors = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ]

  @Test func `texts are those of RFC 4648, both ways`() {
    for (plain, text) in Self.vectors {
      #expect(base64(Array(plain.utf8)) == text)
      if plain.isEmpty { continue }
      #expect(decodedBase64(text.utf8) == Array(plain.utf8))
      #expect(decodedBase64(text.utf8.filter { $0 != UInt8(ascii: "=") }) == Array(plain.utf8))
    }
    for count in 1...300 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(decodedBase64(base64(bytes).utf8) == bytes)
    }
  }

  @Test(arguments: [
    "", "=", "Z", "Zg===", "Zm9vY", "Zm=v", "Zg!=", "Zm9v\n", " Zm9v", "Zm9v----", "Zm-_",
  ])
  func `what is no Base64 is none`(text: String) {
    #expect(decodedBase64(text.utf8) == nil)
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `signatures are those of RFC 4231`(key: [UInt8], message: String, digest: String) {
    let signed = SHA256Digest(hmacOf: Array(message.utf8).span, key: key.span)
    #expect(signed?.description == digest)
    let empty = SHA256Digest(hmacOf: Span(), key: Span())
    #expect(empty != nil)
  }
}
