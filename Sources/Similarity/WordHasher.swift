/// Hashes the words of a text, one after the other: maximal runs of Unicode letters (L*) and decimal
/// digits (Nd), lower-cased without a locale. About 1 ns a byte of ASCII.
@safe struct WordHasher {
  private let text: UnsafeBufferPointer<UInt8>
  private let end: Int
  private var position = 0
  /// The bytes of the word since the last eight, the first lowest.
  private var chunk: UInt64 = 0
  private var count: UInt64 = 0
  private var state: UInt64 = 0

  /// Calls `body` with the hash of each word of valid UTF-8.
  @inline(__always)
  static func forEachWord(in text: Span<UInt8>, _ body: (UInt64) -> Void) {
    unsafe text.withUnsafeBufferPointer { text in
      var hasher = unsafe WordHasher(text: text)
      while let word = hasher.next() { body(word) }
    }
  }

  private init(text: UnsafeBufferPointer<UInt8>) {
    unsafe self.text = text
    end = text.count
  }

  /// The hash of the next word; nil at the end.
  @inline(__always)
  private mutating func next() -> UInt64? {
    while position < end {
      let eight = EightBytes(load())
      let length = eight.leadingWordBytes
      if length == 8 {
        // A word that goes on; one that began in the slow part is out of step with the eights.
        addEight(eight.lowered)
        position += 8
      } else if length > 0 {
        addFew(eight.lowered, length)
        position += length
      } else if eight.beginsBeyondASCII {
        if !addScalar(), count > 0 { return finish() }
      } else if count > 0 {
        position += 1
        return finish()
      } else {
        position += eight.leadingSeparators
      }
    }
    return count > 0 ? finish() : nil
  }

  /// The next eight bytes, the first lowest; zeros beyond the end.
  @inline(__always)
  private func load() -> UInt64 {
    let rest = end - position
    if rest >= 8, let base = unsafe text.baseAddress {
      let word = unsafe UnsafeRawPointer(base).loadUnaligned(
        fromByteOffset: position, as: UInt64.self)
      return UInt64(littleEndian: word)
    }
    var word: UInt64 = 0
    for index in 0..<rest { word |= UInt64(unsafe text[position + index]) << UInt64(index * 8) }
    return word
  }

  @inline(__always)
  private mutating func addEight(_ bytes: UInt64) {
    if count & 7 != 0 {
      addFew(bytes, 8)
      return
    }
    state = mixed(state ^ bytes)
    count &+= 8
  }

  /// Adds the lowest bytes of a word of eight.
  @inline(__always)
  private mutating func addFew(_ bytes: UInt64, _ length: Int) {
    if count & 7 == 0, length < 8 {
      chunk = bytes & (1 << UInt64(length * 8) &- 1)
      count &+= UInt64(length)
      return
    }
    for index in 0..<length { add(UInt8(truncatingIfNeeded: bytes >> UInt64(index * 8))) }
  }

  private mutating func add(_ byte: UInt8) {
    chunk |= UInt64(byte) << ((count & 7) * 8)
    count &+= 1
    if count & 7 == 0 {
      state = mixed(state ^ chunk)
      chunk = 0
    }
  }

  /// The hash of the word, and a fresh start.
  @inline(__always)
  private mutating func finish() -> UInt64 {
    let hash = mixed(mixed(state ^ chunk) ^ count)
    chunk = 0
    count = 0
    state = 0
    return hash
  }

  /// Passes a scalar beyond ASCII, and adds it if it is part of a word. Returns whether it is.
  private mutating func addScalar() -> Bool {
    let (scalar, length) = decodedScalar()
    position += length
    guard let scalar else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter:
      for byte in scalar.properties.lowercaseMapping.utf8 { add(byte) }
    case .lowercaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { add(byte) }
    default: return false
    }
    return true
  }

  private func decodedScalar() -> (Unicode.Scalar?, length: Int) {
    let lead = unsafe text[position]
    let length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    guard lead >= 0xc0, position + length <= end else { return (nil, 1) }
    var value = UInt32(lead) & (0x7f >> UInt32(length))
    for index in 1..<length {
      value = value << 6 | UInt32(unsafe text[position + index] & 0x3f)
    }
    return (Unicode.Scalar(value), length)
  }
}

/// Eight bytes of text, told apart all at once.
private struct EightBytes {
  private let bytes: UInt64
  /// The highest bit of each byte that is an ASCII letter or digit.
  private let wordBytes: UInt64

  private static var each: UInt64 { 0x0101_0101_0101_0101 }
  private static var highest: UInt64 { 0x8080_8080_8080_8080 }

  @inline(__always)
  init(_ bytes: UInt64) {
    self.bytes = bytes
    let low = bytes & ~Self.highest
    let lowered = low | Self.each &* 0x20
    // Adding 0x80 − n sets the highest bit of what is at least n.
    let letters = (lowered &+ Self.each &* 0x1f) & ~(lowered &+ Self.each &* 0x05)
    let digits = (low &+ Self.each &* 0x50) & ~(low &+ Self.each &* 0x46)
    wordBytes = (letters | digits) & ~bytes & Self.highest
  }

  /// Letters in lower case; digits as they are.
  @inline(__always)
  var lowered: UInt64 { bytes | Self.each &* 0x20 }

  @inline(__always)
  var leadingWordBytes: Int { (~wordBytes & Self.highest).trailingZeroBitCount >> 3 }

  @inline(__always)
  var beginsBeyondASCII: Bool { bytes & 0x80 != 0 }

  /// ASCII bytes before the first that is part of a word or beyond ASCII.
  @inline(__always)
  var leadingSeparators: Int {
    (wordBytes | bytes & Self.highest).trailingZeroBitCount >> 3
  }
}

/// A bijection that spreads each bit over all: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
@inline(__always)
func mixed(_ value: UInt64) -> UInt64 {
  var value = value &+ 0x9e37_79b9_7f4a_7c15
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}
