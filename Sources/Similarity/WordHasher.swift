/// Hashes the words of a text, one after the other: maximal runs of Unicode letters (L*) and decimal
/// digits (Nd), lower-cased without a locale. About 1.5 ns a byte of ASCII.
struct WordHasher {
  private var chunk: UInt64 = 0
  private var count: UInt64 = 0
  private var state: UInt64 = 0

  private mutating func add(_ byte: UInt8) {
    chunk = chunk << 8 | UInt64(byte)
    count &+= 1
    if count & 7 == 0 {
      state = mixed(state ^ chunk)
      chunk = 0
    }
  }

  /// The hash of the word, and a fresh start.
  private mutating func finish() -> UInt64 {
    let hash = mixed(mixed(state ^ chunk) ^ count)
    self = WordHasher()
    return hash
  }

  /// Calls `body` with the hash of each word of valid UTF-8.
  static func forEachWord(in text: Span<UInt8>, _ body: (UInt64) -> Void) {
    var hasher = WordHasher()
    var position = 0
    while position < text.count {
      let byte = text[position]
      if byte < 0x80 {
        let lowered = asciiLowered(byte)
        if lowered != 0 {
          hasher.add(lowered)
        } else if hasher.count > 0 {
          body(hasher.finish())
        }
        position += 1
      } else {
        let (scalar, length) = decode(text, at: position)
        if let scalar, isWordPart(scalar) {
          hasher.add(scalar)
        } else if hasher.count > 0 {
          body(hasher.finish())
        }
        position += length
      }
    }
    if hasher.count > 0 { body(hasher.finish()) }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter:
      for byte in scalar.properties.lowercaseMapping.utf8 { add(byte) }
    default:
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { add(byte) }
    }
  }
}

/// The byte in lower case if it is a letter or a digit, else 0.
@inline(__always)
private func asciiLowered(_ byte: UInt8) -> UInt8 {
  if byte &- UInt8(ascii: "0") < 10 { return byte }
  let lowered = byte | 0x20
  return lowered &- UInt8(ascii: "a") < 26 ? lowered : 0
}

private func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    .decimalNumber:
    true
  default: false
  }
}

/// The scalar that begins at a byte beyond ASCII, and its length in bytes.
private func decode(_ text: Span<UInt8>, at position: Int) -> (Unicode.Scalar?, length: Int) {
  let lead = text[position]
  let length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  guard lead >= 0xc0, position + length <= text.count else { return (nil, 1) }
  var value = UInt32(lead) & (0x7f >> UInt32(length))
  for index in 1..<length { value = value << 6 | UInt32(text[position + index] & 0x3f) }
  return (Unicode.Scalar(value), length)
}

/// A bijection that spreads each bit over all: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
@inline(__always)
func mixed(_ value: UInt64) -> UInt64 {
  var value = value &+ 0x9e37_79b9_7f4a_7c15
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}
