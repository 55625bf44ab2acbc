internal import Bytes

/// A document of JSON, laid out for people: a member a line, and a list on one line where it fits.
package indirect enum JSONDocument: Sendable {
  case text(String)
  /// As it is written: a number, `true`, `false` or `null`.
  case raw(String)
  case list([JSONDocument])
  case object([(name: String, value: JSONDocument)])

  package static let null = JSONDocument.raw("null")
  package static func number(_ number: some BinaryInteger) -> JSONDocument { .raw("\(number)") }
  package static func bool(_ bool: Bool) -> JSONDocument { .raw("\(bool)") }
  /// A text; null for none.
  package static func optional(_ text: String?) -> JSONDocument { text.map(text(_:)) ?? .null }
  /// A list of texts.
  package static func texts(_ texts: [String]) -> JSONDocument { .list(texts.map { .text($0) }) }

  /// The document, with a newline.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, indent: 0)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The document on one line, without a newline.
  package var line: [UInt8] {
    var bytes: [UInt8] = []
    appendLine(to: &bytes)
    return bytes
  }

  private func appendLine(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text): bytes.append(json: text)
    case .raw(let text): bytes.append(utf8: text)
    case .list(let elements): bytes.appendArray(elements) { $1.appendLine(to: &$0) }
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(json: member.name)
        bytes.append(UInt8(ascii: ":"))
        member.value.appendLine(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static let width = 100

  private func append(to bytes: inout [UInt8], indent: Int) {
    switch self {
    case .text(let text): bytes.append(json: text)
    case .raw(let text): bytes.append(utf8: text)
    case .list(let elements): append(elements, to: &bytes, indent)
    case .object(let members): append(members, to: &bytes, indent)
    }
  }

  private func append(_ elements: [JSONDocument], to bytes: inout [UInt8], _ indent: Int) {
    var line: [UInt8] = []
    for (place, element) in elements.enumerated() {
      if place > 0 { line.append(ascii: ", ") }
      element.append(to: &line, indent: indent)
    }
    if indent + line.count + 2 <= Self.width, !line.contains(UInt8(ascii: "\n")) {
      bytes.append(UInt8(ascii: "["))
      bytes += line
      return bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(ascii: "[\n")
    for (place, element) in elements.enumerated() {
      if place > 0 { bytes.append(ascii: ",\n") }
      bytes.append(utf8: String(repeating: " ", count: indent + 2))
      element.append(to: &bytes, indent: indent + 2)
    }
    bytes.append(utf8: "\n\(String(repeating: " ", count: indent))]")
  }

  private func append(
    _ members: [(name: String, value: JSONDocument)], to bytes: inout [UInt8], _ indent: Int
  ) {
    if members.isEmpty { return bytes.append(ascii: "{}") }
    bytes.append(ascii: "{\n")
    for (place, member) in members.enumerated() {
      if place > 0 { bytes.append(ascii: ",\n") }
      bytes.append(utf8: String(repeating: " ", count: indent + 2))
      bytes.append(json: member.name)
      bytes.append(ascii: ": ")
      member.value.append(to: &bytes, indent: indent + 2)
    }
    bytes.append(utf8: "\n\(String(repeating: " ", count: indent))}")
  }
}
