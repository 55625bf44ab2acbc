/// Masks secrets and personal data: keys, tokens and passwords, e-mail, IP addresses, phone numbers,
/// national id numbers, home directories.
///
/// Goes by the shape of what it sees, so it may take out too much, and cannot know every secret.
/// Masking what is masked changes nothing. Linear in the text.
package struct Masker: Sendable {
  package private(set) var counts = MaskCounts()

  package init() {}

  package mutating func mask(_ text: String) -> String {
    var input = PatternInput(Array(text.utf8))
    var output: [UInt8] = []
    output.reserveCapacity(input.bytes.count)
    while input.position < input.bytes.count {
      if let match = firstMatch(input) {
        counts[match.kind] += 1
        output.append(contentsOf: input.bytes[input.position..<match.start])
        output.append(contentsOf: match.kind.placeholder.utf8)
        input.position = match.end
      } else {
        output.append(input.bytes[input.position])
        input.position += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private func firstMatch(_ input: PatternInput) -> Match? {
    if let match = secretBlock(input) { return match }
    if let match = homeDirectory(input) { return match }
    guard input.isAtWordStart else { return nil }
    return knownKey(input) ?? webToken(input) ?? credential(input) ?? userInfo(input)
      ?? email(input) ?? nationalID(input) ?? ipAddress(input) ?? phone(input)
  }
}

/// Something to be masked; what stands between the position and its start stays.
struct Match {
  let kind: MaskKind
  let start: Int
  let end: Int
}

/// Bytes of text, and where in them patterns are tried.
struct PatternInput {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// 0 beyond the text.
  func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }

  /// Whether a word, a number or the like can begin here.
  var isAtWordStart: Bool {
    position == 0 || !isWordByte(bytes[position - 1]) || !isWordByte(bytes[position])
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
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
func isLetter(_ byte: UInt8) -> Bool { lowered(byte) &- UInt8(ascii: "a") < 26 }
func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || lowered(byte) &- UInt8(ascii: "a") < 6 }
/// Part of a word, beyond ASCII too.
func isWordByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
}
func lowered(_ byte: UInt8) -> UInt8 {
  byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}
/// What keys and tokens are made of.
func isKeyByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}
func isOneOf(_ byte: UInt8, _ set: StaticString) -> Bool {
  set.withUTF8Buffer { buffer in unsafe buffer.contains(byte) }
}
