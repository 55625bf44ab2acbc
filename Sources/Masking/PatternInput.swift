/// Bytes of text, and where in them patterns are tried.
struct PatternInput {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// 0 beyond the text.
  func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }

  /// Whether a word, a number or the like can begin here.
  var isAtWordStart: Bool { !isInWord(position) || !isWordByte(bytes[position]) }

  /// Whether what stands before an index belongs to a word. The letter of an escape such as `\n`,
  /// in text that quotes text, does not; nor does an escaped sign of an address.
  func isInWord(_ index: Int) -> Bool {
    guard index > 0, isWordByte(bytes[index - 1]) else { return false }
    if isBehindEscape(index) { return false }
    return
      !(index > 1 && bytes[index - 2] == UInt8(ascii: "\\")
      && isOneOf(bytes[index - 1], "nrt"))
  }

  /// Whether a `?`, `&` or quote stands before an index in the escapes of an address or of JSON.
  func isBehindEscape(_ index: Int) -> Bool {
    guard index >= 3, isOneOf(bytes[index - 1], "26fF") else { return false }
    let escapes: [StaticString] = ["%26", "%3f", "%22", "\\u0026"]
    return escapes.contains { has($0, at: index - $0.utf8CodeUnitCount, ignoringCase: true) }
  }

  /// Whether the text goes on with these ASCII bytes.
  func has(_ prefix: StaticString, at index: Int, ignoringCase: Bool = false) -> Bool {
    guard index >= 0, index + prefix.utf8CodeUnitCount <= bytes.count else { return false }
    return prefix.withUTF8Buffer { buffer in
      for offset in 0..<buffer.count {
        let byte = bytes[index + offset]
        let expected = unsafe buffer[offset]
        if byte != expected && !(ignoringCase && lowered(byte) == expected) { return false }
      }
      return true
    }
  }

  /// Where the run of bytes from an index on ends that all satisfy a condition.
  func end(from index: Int, max: Int = .max, _ condition: (UInt8) -> Bool) -> Int {
    var end = index
    while end < bytes.count, end - index < max, condition(bytes[end]) { end += 1 }
    return end
  }

  /// Where the run of bytes before an index begins that all satisfy a condition.
  func start(before index: Int, max: Int, _ condition: (UInt8) -> Bool) -> Int {
    var start = index
    while start > 0, index - start < max, condition(bytes[start - 1]) { start -= 1 }
    return start
  }

  /// An end without the full stop that ends a sentence.
  func trimmed(_ end: Int, from start: Int) -> Int {
    var end = end
    while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return end
  }

  /// The digits of text in a pattern such as `ddd-dd-dddd`; nil when it has another shape.
  func digits(from start: Int, as pattern: StaticString) -> [Int]? {
    var values: [Int] = []
    let isShaped = pattern.withUTF8Buffer { buffer in
      for offset in 0..<buffer.count {
        let byte = byte(start + offset)
        if unsafe buffer[offset] == UInt8(ascii: "d") {
          guard isDigit(byte) else { return false }
          values.append(Int(byte - UInt8(ascii: "0")))
        } else if unsafe buffer[offset] != byte {
          return false
        }
      }
      return true
    }
    return isShaped ? values : nil
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
func isLetter(_ byte: UInt8) -> Bool { lowered(byte) &- UInt8(ascii: "a") < 26 }
func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || lowered(byte) &- UInt8(ascii: "a") < 6 }
/// Part of a word, beyond ASCII too.
func isWordByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
}
func lowered(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte | 0x20 : byte }
/// What keys and tokens are made of.
func isKeyByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}
func isOneOf(_ byte: UInt8, _ set: StaticString) -> Bool {
  set.withUTF8Buffer { buffer in unsafe buffer.contains(byte) }
}
