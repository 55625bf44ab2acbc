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
