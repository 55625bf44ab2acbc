internal import HTTP
internal import JSON

/// What a server says of why it did not do what it was asked, for a person at a terminal.
enum Explanation {
  private static let sizeMax = 300

  /// The message of an error as OpenAI, FastAPI and others write it, else the beginning of a text; nil
  /// where it says nothing that can be read.
  ///
  /// - Parameter key: what the server was given, which is left out of it.
  static func of(_ response: HTTPResponse, hiding key: Secret?) -> String? {
    var parser = JSONParser()
    var message: String?
    do throws(JSONError) {
      message = try parser.withObject(response.body.span, isPadded: false) { object -> String? in
        if let error = object["error"] {
          if let text = error.string { return text }
          guard let inner = error.object, let said = inner["message"] else { return nil }
          return said.string
        }
        for name in ["message", "detail"] {
          if let said = object[name], let text = said.string { return text }
        }
        return nil
      }
    } catch {
      // No object: pages of HTML say nothing that helps.
      let text = String(decoding: response.body.prefix(4 * sizeMax), as: UTF8.self)
      message = text.contains("<") ? nil : text
    }
    guard let message else { return nil }
    let plain = key?.hidden(in: message) ?? message
    let line = String(
      String.UnicodeScalarView(
        plain.unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? " " : $0 })
    )
    let words = line.split(separator: " ").joined(separator: " ")
    return words.isEmpty ? nil : first(sizeMax, of: words)
  }

  /// At most so many bytes, cut between characters.
  private static func first(_ size: Int, of text: String) -> String {
    if text.utf8.count <= size { return text }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: size)
    while end > text.utf8.startIndex, text.utf8[end] & 0xc0 == 0x80 {
      end = text.utf8.index(before: end)
    }
    return String(text[..<end]) + "…"
  }
}
