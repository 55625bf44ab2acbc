/// A parsed document: 64-bit words, and the strings that they point into.
///
/// The format is that of simdjson (doc/tape.md), with one type of our own. The upper 8 bits of a word
/// are its tag, the lower 56 its payload:
/// - `{`, `[`: lower 32 bits the index behind the closing word, upper 24 the count (saturating)
/// - `}`, `]`: the index of the opening word
/// - `"`: the offset in `strings` of a 32-bit length, so many bytes of UTF-8, and a NUL
/// - `l`, `u`, `d`: the next word is an Int64, a UInt64, a Double
/// - `t`, `f`, `n`: true, false, null
/// - `a`: valid JSON that cannot be represented (ours)
///
/// It cannot outlive the closure that the parser hands it to.
@safe struct Tape: ~Escapable {
  let words: UnsafePointer<UInt64>
  let strings: UnsafePointer<UInt8>

  /// Counts of members and elements are exact below it.
  static let countMax = 0xff_ffff

  @_lifetime(immortal)
  init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>) {
    unsafe self.words = words
    unsafe self.strings = strings
  }

  func word(_ index: Int) -> UInt64 { unsafe words[index] }

  func tag(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word(index) >> 56) }

  func payload(_ index: Int) -> UInt64 { word(index) & 0x00ff_ffff_ffff_ffff }

  /// The index of the value after the one at `index`: containers are skipped in one step.
  func index(after index: Int) -> Int {
    switch tag(index) {
    case TapeTag.object, TapeTag.array: Int(UInt32(truncatingIfNeeded: word(index)))
    case TapeTag.int64, TapeTag.uint64, TapeTag.double: index &+ 2
    default: index &+ 1
    }
  }

  /// Elements or members of the container at `index`; `countMax` stands for that many or more.
  func count(_ index: Int) -> Int { Int(payload(index) >> 32) }

  /// The bytes of the string at `index`.
  @_lifetime(copy self)
  func text(_ index: Int) -> Span<UInt8> {
    let start = unsafe strings + Int(payload(index))
    let count = unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    let span = unsafe Span(_unsafeStart: start + 4, count: Int(count))
    return unsafe _overrideLifetime(span, copying: self)
  }

  /// Eight bytes of the string at `index`, the first lowest. Up to 16 bytes beyond a string can be
  /// read, whatever they are.
  func eightBytes(_ index: Int, at offset: Int) -> UInt64 {
    let start = unsafe UnsafeRawPointer(strings + Int(payload(index)) + 4)
    return unsafe UInt64(
      littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

/// The tags of words.
enum TapeTag {
  static let root = UInt8(ascii: "r")
  static let object = UInt8(ascii: "{")
  static let objectEnd = UInt8(ascii: "}")
  static let array = UInt8(ascii: "[")
  static let arrayEnd = UInt8(ascii: "]")
  static let text = UInt8(ascii: "\"")
  static let int64 = UInt8(ascii: "l")
  static let uint64 = UInt8(ascii: "u")
  static let double = UInt8(ascii: "d")
  static let isTrue = UInt8(ascii: "t")
  static let isFalse = UInt8(ascii: "f")
  static let null = UInt8(ascii: "n")
  static let absent = UInt8(ascii: "a")
}

/// A tape of our own making, in the format that `Tape` reads.
struct StrictTape {
  private(set) var words: [UInt64] = []
  private(set) var strings: [UInt8] = []

  mutating func clear() {
    words.removeAll(keepingCapacity: true)
    strings.removeAll(keepingCapacity: true)
  }

  mutating func append(_ tag: UInt8, payload: UInt64 = 0) {
    words.append(UInt64(tag) << 56 | payload)
  }

  /// A number, which takes two words.
  mutating func append(_ tag: UInt8, number: UInt64) {
    append(tag)
    words.append(number)
  }

  /// Opens a container. Returns its place, for `close`.
  mutating func open(_ tag: UInt8) -> Int {
    append(tag)
    return words.count - 1
  }

  mutating func close(_ tag: UInt8, from start: Int, count: Int) {
    append(tag, payload: UInt64(start))
    words[start] |= UInt64(min(count, Tape.countMax)) << 32 | UInt64(words.count)
  }

  /// Opens a string, whose bytes follow. Returns its place, for `closeText`.
  mutating func openText() -> Int {
    let start = strings.count
    for _ in 0..<4 { strings.append(0) }
    return start
  }

  mutating func append(textByte byte: UInt8) { strings.append(byte) }

  mutating func append(textScalar scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { strings.append(byte) }
  }

  mutating func closeText(from start: Int) {
    let count = UInt32(truncatingIfNeeded: strings.count - start - 4)
    unsafe strings.withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: count, toByteOffset: start, as: UInt32.self)
    }
    strings.append(0)
    append(TapeTag.text, payload: UInt64(start))
  }

  /// Takes back the string that was closed last: it cannot be represented.
  mutating func replaceTextByAbsent(from start: Int) {
    words.removeLast()
    strings.removeLast(strings.count - start)
    append(TapeTag.absent)
  }

  /// Hands the finished tape over. Keys are read eight bytes at a time, so room follows the last.
  mutating func withTape<R>(_ body: (Tape) throws(JSONError) -> R) throws(JSONError) -> R {
    for _ in 0..<16 { strings.append(0) }
    // Neither can be empty: the root word, the 16 bytes.
    return try unsafe words.withUnsafeBufferPointer { words throws(JSONError) in
      try unsafe strings.withUnsafeBufferPointer { strings throws(JSONError) in
        guard let words = words.baseAddress, let strings = strings.baseAddress else {
          throw JSONError(.notJSON, at: 0, "nothing was read")
        }
        return try body(unsafe Tape(words: words, strings: strings))
      }
    }
  }
}
