/// Pages for people, which a login or the portal of a network answers with in the place of who was asked.
enum HTMLPage {
  /// Bytes of an answer in which it shows.
  static let beginningMax = 1_024

  /// Whether an answer that begins so is one. Its `Content-Type` does not say: frameworks call any text
  /// `text/html`, an "OK" too.
  static func begins(_ bytes: some Sequence<UInt8>) -> Bool {
    let lowered = bytes.prefix(beginningMax).map { byte in
      UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 0x20 : byte
    }
    var rest = lowered[...]
    if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop { $0 <= 0x20 }
      guard let (_, end) = passedOver.first(where: { rest.starts(with: $0.begin.utf8) }) else {
        return tags.contains { tag in
          rest.starts(with: tag.utf8)
            && rest.dropFirst(tag.utf8.count).first.map { !isLetter($0) } ?? true
        }
      }
      // Nothing but a page begins with a comment that is so long.
      guard let last = rest.firstRange(of: Array(end.utf8)) else { return true }
      rest = rest[last.upperBound...]
    }
  }

  private static let passedOver = [(begin: "<!--", end: "-->"), (begin: "<?xml", end: "?>")]

  /// What a page begins with, as opposed to a text with marks in it.
  private static let tags = [
    "<!doctype html", "<html", "<head", "<title", "<meta", "<link", "<base", "<style", "<script",
    "<body", "<form", "<iframe",
  ]

  private static func isLetter(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
  }
}
