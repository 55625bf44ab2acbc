extension StrictParser {
  /// A text from its opening to its closing quotation mark.
  ///
  /// Half a surrogate pair is valid JSON and no text: such a value is absent, and such a key gets a
  /// replacement character, so that it is no name of ours.
  @_lifetime(self: copy self)
  mutating func text(isKey: Bool) throws(JSONError) {
    position += 1
    let start = tape.openText()
    var isRepresentable = true
    while true {
      guard position < line.count else {
        throw JSONError(.notJSON, at: position, "the line ends inside a text")
      }
      let byte = line[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        tape.closeText(from: start)
        if !isRepresentable && !isKey { tape.replaceTextByAbsent(from: start) }
        return
      case UInt8(ascii: "\\"):
        if let scalar = try escape() {
          tape.append(textScalar: scalar)
        } else {
          tape.append(textScalar: "\u{fffd}")
          isRepresentable = false
        }
      case 0..<0x20:
        throw JSONError(.notJSON, at: position, "control character \(byte) inside a text")
      case 0..<0x80:
        tape.append(textByte: byte)
        position += 1
      default: try characterBeyondASCII()
      }
    }
  }

  @_lifetime(self: copy self)
  private mutating func characterBeyondASCII() throws(JSONError) {
    let count = wellFormedByteCount(at: position)
    guard count > 0 else { throw notUTF8() }
    for index in position..<position + count { tape.append(textByte: line[index]) }
    position += count
  }

  /// An escape sequence; nil for half a surrogate pair.
  @_lifetime(self: copy self)
  private mutating func escape() throws(JSONError) -> Unicode.Scalar? {
    let start = position
    position += 2
    switch byte(start + 1) {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      let isCut = start + 1 >= line.count
      throw JSONError(
        .notJSON, at: start, isCut ? "the line ends inside an escape" : "an unknown escape")
    }
  }

  /// The digits of `\uXXXX`, and of the second half of a surrogate pair.
  @_lifetime(self: copy self)
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar? {
    let unit = try fourHexDigits()
    guard 0xd800..<0xdc00 ~= unit, byte(position) == UInt8(ascii: "\\"),
      byte(position + 1) == UInt8(ascii: "u")
    else { return Unicode.Scalar(unit) }
    let second = position
    position += 2
    let low = try fourHexDigits()
    guard 0xdc00..<0xe000 ~= low else {
      position = second
      return nil
    }
    return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
  }

  @_lifetime(self: copy self)
  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      switch byte(position) {
      case let byte where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
        value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
      case let byte where UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20:
        value = value << 4 | UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
      default: throw unexpected("a hexadecimal digit")
      }
      position += 1
    }
    return value
  }

  /// The length of the character that begins at a byte beyond ASCII; 0 when it is not well-formed
  /// (The Unicode Standard, table 3-7).
  func wellFormedByteCount(at index: Int) -> Int {
    let count: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch byte(index) {
    case 0xc2...0xdf: count = 2
    case 0xe0: (count, second) = (3, 0xa0...0xbf)
    case 0xed: (count, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: count = 3
    case 0xf0: (count, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: count = 4
    case 0xf4: (count, second) = (4, 0x80...0x8f)
    default: return 0
    }
    guard second ~= byte(index + 1) else { return 0 }
    for next in 2..<max(count, 2) where !(0x80...0xbf ~= byte(index + next)) { return 0 }
    return count
  }
}
