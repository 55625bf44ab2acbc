/// A file of JSON as its bytes lie, so that a member is put in or taken out and all else stays byte for
/// byte. Comments, and commas before a closing bracket, are passed over.
struct SettingsText {
  /// A value, and where it lies; of what holds others, also where the commas behind these are.
  indirect enum Node {
    case object(Range<Int>, [Member], commas: [Int])
    case array(Range<Int>, [Node], commas: [Int])
    case text(Range<Int>, String)
    case other(Range<Int>)

    var range: Range<Int> {
      switch self {
      case .object(let range, _, _), .array(let range, _, _), .text(let range, _),
        .other(let range):
        range
      }
    }

    /// What is held, each as far as it lies.
    var items: [Range<Int>] {
      switch self {
      case .object(_, let members, _): members.map(\.range)
      case .array(_, let elements, _): elements.map(\.range)
      default: []
      }
    }

    var commas: [Int] {
      switch self {
      case .object(_, _, let commas), .array(_, _, let commas): commas
      default: []
      }
    }

    var members: [Member]? { if case .object(_, let members, _) = self { members } else { nil } }
    var elements: [Node]? { if case .array(_, let elements, _) = self { elements } else { nil } }
    var text: String? { if case .text(_, let text) = self { text } else { nil } }

    /// Of several members of a name the last, as readers take it.
    subscript(name: String) -> Node? { members?.last { $0.name == name }?.value }
  }

  struct Member {
    let name: String
    /// Of the name and the value.
    let range: Range<Int>
    let value: Node
  }

  /// Why the bytes are no JSON.
  struct Fault: Error, Equatable {
    let position: Int
    let reason: String
  }

  let bytes: [UInt8]
  private var position = 0
  private static let depthMax = 128

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func root(of bytes: [UInt8]) throws(Fault) -> Node {
    var text = SettingsText(bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { text.position = 3 }
    try text.skip()
    let root = try text.value(depth: 0)
    try text.skip()
    if text.position < bytes.count { throw text.fault("something stands behind the end") }
    return root
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ reason: String) -> Fault { Fault(position: position, reason: reason) }

  /// Passes over blanks and comments.
  private mutating func skip() throws(Fault) {
    while let byte = next {
      if Self.isBlank(byte) {
        position += 1
      } else if bytes[position...].starts(with: "//".utf8) {
        while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
      } else if bytes[position...].starts(with: "/*".utf8) {
        guard let end = Self.firstPlace(of: "*/", in: bytes, from: position + 2) else {
          throw fault("a comment does not end")
        }
        position = end + 2
      } else {
        return
      }
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }

  private static func firstPlace(
    of mark: String, in bytes: [UInt8], from start: Int
  ) -> Int? {
    var place = start
    while place + mark.utf8.count <= bytes.count {
      if bytes[place...].starts(with: mark.utf8) { return place }
      place += 1
    }
    return nil
  }

  private mutating func value(depth: Int) throws(Fault) -> Node {
    guard depth < Self.depthMax else { throw fault("values lie too deep within one another") }
    let start = position
    switch next {
    case UInt8(ascii: "{"):
      position += 1
      var members: [Member] = []
      var commas: [Int] = []
      try skip()
      while next != UInt8(ascii: "}") {
        let begin = position
        let name = try text()
        try skip()
        try take(UInt8(ascii: ":"), "a name is followed by a colon")
        try skip()
        let value = try value(depth: depth + 1)
        members.append(Member(name: name, range: begin..<position, value: value))
        try separator(before: UInt8(ascii: "}"), &commas)
      }
      position += 1
      return .object(start..<position, members, commas: commas)
    case UInt8(ascii: "["):
      position += 1
      var elements: [Node] = []
      var commas: [Int] = []
      try skip()
      while next != UInt8(ascii: "]") {
        elements.append(try value(depth: depth + 1))
        try separator(before: UInt8(ascii: "]"), &commas)
      }
      position += 1
      return .array(start..<position, elements, commas: commas)
    case UInt8(ascii: "\""):
      let text = try text()
      return .text(start..<position, text)
    default:
      while let byte = next, !Self.isBlank(byte), !",]}/:\"[{".utf8.contains(byte) { position += 1 }
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      let isNumber = (word.utf8.first.map { $0 == 0x2d || (0x30...0x39).contains($0) }) ?? false
      guard isNumber || ["true", "false", "null"].contains(word) else {
        position = start
        throw fault("a value is expected")
      }
      return .other(start..<position)
    }
  }

  private mutating func separator(before end: UInt8, _ commas: inout [Int]) throws(Fault) {
    try skip()
    if next == UInt8(ascii: ",") {
      commas.append(position)
      position += 1
      try skip()
    } else if next != end {
      throw fault("a comma or a closing bracket is expected")
    }
  }

  private mutating func take(_ byte: UInt8, _ reason: String) throws(Fault) {
    guard next == byte else { throw fault(reason) }
    position += 1
  }

  private mutating func text() throws(Fault) -> String {
    try take(UInt8(ascii: "\""), "a name in quotation marks is expected")
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard let escaped = next else { break }
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0c)
      case UInt8(ascii: "u"):
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4,
          let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four digits are expected behind \\u") }
        position += 4
        // Halves of pairs stand in no name that is looked for.
        text += String(Unicode.Scalar(code) ?? "\u{fffd}").utf8
      default: text.append(escaped)
      }
    }
    try take(UInt8(ascii: "\""), "a text does not end")
    return String(decoding: text, as: UTF8.self)
  }
}
