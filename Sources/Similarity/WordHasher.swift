/// Hashes the words of a text, one after the other: maximal runs of Unicode letters (L*) and decimal
/// digits (Nd), lower-cased without a locale, eight bytes of ASCII at a time.
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
  @inline(__always)
  static func forEachWord(in text: Span<UInt8>, _ body: (UInt64) -> Void) {
    var hasher = WordHasher()
    var position = 0
    let bytes = unsafe text.bytes
    while position < text.count {
      if hasher.count & 7 == 0, position + 8 <= text.count {
        let word = unsafe bytes.unsafeLoadUnaligned(
          fromUncheckedByteOffset: position, as: UInt64.self)
        let window = ASCIIWindow(UInt64(littleEndian: word))
        hasher.add(window)
        position += window.count
        if window.count == 8 || window.separatorCount == 0 {
          if window.count < 8 { hasher.addOrFinish(text, at: &position, body) }
          continue
        }
        // What stands behind the word: passed with it.
        position += window.separatorCount
        if hasher.count > 0 { body(hasher.finish()) }
      } else {
        hasher.addOrFinish(text, at: &position, body)
      }
    }
    if hasher.count > 0 { body(hasher.finish()) }
  }

  /// Adds the first letters and digits of a window; nothing was added but whole windows before.
  @inline(__always)
  private mutating func add(_ window: ASCIIWindow) {
    if window.count == 0 { return }
    chunk = window.lowered.byteSwapped >> UInt64(64 &- 8 &* window.count)
    count &+= UInt64(window.count)
    if window.count == 8 {
      state = mixed(state ^ chunk)
      chunk = 0
    }
  }

  /// Adds the scalar at a position, or finishes the word before it.
  private mutating func addOrFinish(
    _ text: Span<UInt8>, at position: inout Int, _ body: (UInt64) -> Void
  ) {
    let byte = text[position]
    if byte < 0x80 {
      let lowered = asciiLowered(byte)
      if lowered != 0 {
        add(lowered)
      } else if count > 0 {
        body(finish())
      }
      position += 1
    } else {
      let (scalar, length) = decode(text, at: position)
      if let scalar, isWordPart(scalar) {
        add(scalar)
      } else if count > 0 {
        body(finish())
      }
      position += length
    }
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

/// Eight bytes of a text, looked at together: the letters and digits of ASCII that they begin with.
private struct ASCIIWindow {
  private let bytes: UInt64
  /// How many letters and digits there are before anything else.
  let count: Int
  /// How many other bytes of ASCII come next.
  let separatorCount: Int

  @inline(__always)
  init(_ bytes: UInt64) {
    self.bytes = bytes
    let low = bytes & Self.each(0x7f)
    // The highest bit of each byte says whether the byte is in a range.
    let folded = low | Self.each(0x20)
    let letters = (folded &+ Self.each(0x80 - 0x61)) & ~(folded &+ Self.each(0x80 - 0x7b))
    let digits = (low &+ Self.each(0x80 - 0x30)) & ~(low &+ Self.each(0x80 - 0x3a))
    let parts = (letters | digits) & ~bytes
    count = (~parts & Self.each(0x80)).trailingZeroBitCount >> 3
    let ends = ((parts | bytes) & Self.each(0x80)) >> UInt64(count &* 8)
    separatorCount = min(ends.trailingZeroBitCount >> 3, 8 &- count)
  }

  /// In lower case; of digits the bit is set already.
  @inline(__always)
  var lowered: UInt64 { bytes | Self.each(0x20) }

  @inline(__always)
  private static func each(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
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
