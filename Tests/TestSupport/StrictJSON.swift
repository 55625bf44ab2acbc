/// RFC 8259 to the letter, for tests: says no to whatever is not JSON.
package indirect enum StrictJSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([StrictJSON])
  case object([String: StrictJSON])

  package init?(_ bytes: [UInt8]) {
    var parser = StrictJSONParser(bytes)
    guard let value = parser.value() else { return nil }
    parser.skipSpaces()
    guard parser.isAtEnd else { return nil }
    self = value
  }

  package subscript(_ name: String) -> StrictJSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}

private struct StrictJSONParser {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ bytes: [UInt8]) {
    scalars = String(validating: bytes, as: UTF8.self).map { Array($0.unicodeScalars) } ?? ["x"]
  }

  var isAtEnd: Bool { position == scalars.count }

  private var next: Unicode.Scalar? { isAtEnd ? nil : scalars[position] }

  mutating func skipSpaces() {
    while let scalar = next, " \n\r\t".unicodeScalars.contains(scalar) { position += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  private mutating func take(word: String) -> Bool { word.unicodeScalars.allSatisfy { take($0) } }

  mutating func value() -> StrictJSON? {
    skipSpaces()
    switch next {
    case "n": return take(word: "null") ? .null : nil
    case "t": return take(word: "true") ? .bool(true) : nil
    case "f": return take(word: "false") ? .bool(false) : nil
    case "\"": return string().map(StrictJSON.string)
    case "[": return array()
    case "{": return object()
    default: return number()
    }
  }

  private mutating func array() -> StrictJSON? {
    position += 1
    var elements: [StrictJSON] = []
    skipSpaces()
    if take("]") { return .array([]) }
    repeat {
      guard let element = value() else { return nil }
      elements.append(element)
      skipSpaces()
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func object() -> StrictJSON? {
    position += 1
    var members: [String: StrictJSON] = [:]
    skipSpaces()
    if take("}") { return .object([:]) }
    repeat {
      skipSpaces()
      guard next == "\"", let name = string() else { return nil }
      skipSpaces()
      guard take(":"), let member = value() else { return nil }
      members[name] = member
      skipSpaces()
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func digits() -> String? {
    var text = ""
    while let scalar = next, ("0"..."9").contains(scalar) {
      text.unicodeScalars.append(scalar)
      position += 1
    }
    return text.isEmpty ? nil : text
  }

  private mutating func number() -> StrictJSON? {
    var text = take("-") ? "-" : ""
    guard let whole = digits(), whole == "0" || !whole.hasPrefix("0") else { return nil }
    text += whole
    if take(".") {
      guard let fraction = digits() else { return nil }
      text += "." + fraction
    }
    if take("e") || take("E") {
      text += "e"
      if take("-") { text += "-" } else { _ = take("+") }
      guard let power = digits() else { return nil }
      text += power
    }
    return .number(text)
  }

  private mutating func string() -> String? {
    position += 1
    var text = ""
    while let scalar = next {
      position += 1
      if scalar == "\"" { return text }
      if scalar.value < 0x20 { return nil }
      if scalar != "\\" {
        text.unicodeScalars.append(scalar)
      } else if let meant = escape() {
        text.unicodeScalars.append(meant)
      } else {
        return nil
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let kind = next else { return nil }
    position += 1
    switch kind {
    case "\"", "\\", "/": return kind
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      guard position + 4 <= scalars.count else { return nil }
      let hex = scalars[position..<position + 4].map(String.init).joined()
      position += 4
      return UInt32(hex, radix: 16).flatMap(Unicode.Scalar.init)
    default: return nil
    }
  }
}

/// RFC 4180 to the letter, for tests. A field is nil when it is empty and not in quotes.
package func strictCSV(_ bytes: [UInt8]) -> [[String?]]? {
  var records: [[String?]] = []
  var record: [String?] = []
  var position = 0
  while position < bytes.count {
    var field: [UInt8] = []
    var isQuoted = false
    if bytes[position] == UInt8(ascii: "\"") {
      isQuoted = true
      position += 1
      while true {
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: "\"") {
          position += 1
          guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { break }
        }
        field.append(bytes[position])
        position += 1
      }
    } else {
      while position < bytes.count, ![0x0a, 0x0d, 0x22, 0x2c].contains(bytes[position]) {
        field.append(bytes[position])
        position += 1
      }
    }
    record.append(isQuoted || !field.isEmpty ? String(decoding: field, as: UTF8.self) : nil)
    guard position < bytes.count else { return nil }
    if bytes[position] == UInt8(ascii: ",") {
      position += 1
    } else {
      guard position + 1 < bytes.count, bytes[position] == 0x0d, bytes[position + 1] == 0x0a
      else { return nil }
      position += 2
      records.append(record)
      record = []
    }
  }
  return record.isEmpty ? records : nil
}
