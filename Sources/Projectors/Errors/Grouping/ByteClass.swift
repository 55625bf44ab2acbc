/// What a byte can be part of. Bytes from 0x80 on belong to letters.
extension UInt8 {
  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
  @inline(__always) var isLower: Bool { self &- 0x61 < 26 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 || self >= 0x80 }
  @inline(__always) var isHex: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }

  /// Letters, digits, and what may stand inside a word.
  @inline(__always) var isWord: Bool {
    if isLetter || isDigit { return true }
    switch self {
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "$"),
      UInt8(ascii: "@"), UInt8(ascii: "+"):
      return true
    default: return false
    }
  }

  /// What is no part of a word when it stands at its end.
  @inline(__always) var isTrimmed: Bool { isWord && !isLetter && !isDigit }

  /// What may stand in a path, after its beginning.
  @inline(__always) var isPath: Bool {
    if isSpace || self < 0x20 { return false }
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "|"), UInt8(ascii: "="), UInt8(ascii: "{"), UInt8(ascii: "}"):
      return false
    default: return true
    }
  }

  @inline(__always) var isQuote: Bool {
    self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "`")
  }
}
