/// Numbers that a state gives to a person, as far as their shape or check digits tell them.
func nationalID(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-") { return nil }
  let shapes: [(PatternInput, Int) -> Int?] = [
    unitedStates, brazil, china, spain, unitedKingdom, india,
  ]
  for shape in shapes {
    if let end = shape(input, start), !isWordByte(input.byte(end)) {
      return Match(kind: .nationalID, start: start, end: end)
    }
  }
  return nil
}

/// The value of digits in a pattern such as `ddd-dd-dddd`; nil when the text has another shape.
private func digits(_ input: PatternInput, _ start: Int, _ pattern: StaticString) -> [Int]? {
  var values: [Int] = []
  let isShaped = pattern.withUTF8Buffer { buffer in
    for offset in 0..<buffer.count {
      let byte = input.byte(start + offset)
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

/// Social security number: the area is not 000, 666 or from 900 on.
private func unitedStates(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = digits(input, start, "ddd-dd-dddd") else { return nil }
  let area = digits[0] * 100 + digits[1] * 10 + digits[2]
  return area == 0 || area == 666 || area >= 900 ? nil : start + 11
}

/// CPF, with its stops.
private func brazil(_ input: PatternInput, _ start: Int) -> Int? {
  digits(input, start, "ddd.ddd.ddd-dd") == nil ? nil : start + 14
}

/// Resident identity number: ISO 7064 MOD 11-2 over 18 characters.
private func china(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = digits(input, start, "ddddddddddddddddd") else { return nil }
  let check = lowered(input.byte(start + 17))
  let value = check == UInt8(ascii: "x") ? 10 : isDigit(check) ? Int(check) - 48 : -1
  let sum = digits.reduce(0) { ($0 + $1) * 2 % 11 }
  return value >= 0 && (sum + value) % 11 == 1 ? start + 18 : nil
}

/// DNI: the letter tells the number modulo 23.
private func spain(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = digits(input, start, "dddddddd") else { return nil }
  let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)
  let letter = letters[digits.reduce(0) { $0 * 10 + $1 } % 23]
  return input.byte(start + 8) == letter ? start + 9 : nil
}

/// National insurance number: `QQ 12 34 56 C`, with or without the spaces.
private func unitedKingdom(_ input: PatternInput, _ start: Int) -> Int? {
  func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
  guard isCapital(input.byte(start)), isCapital(input.byte(start + 1)) else { return nil }
  let body = [("dddddd", 6), (" dd dd dd ", 10)] as [(StaticString, Int)]
  for (pattern, size) in body where digits(input, start + 2, pattern) != nil {
    let suffix = input.byte(start + 2 + size)
    if suffix &- UInt8(ascii: "A") < 4 { return start + 3 + size }
  }
  return nil
}

/// Aadhaar, in groups of four, the first digit 2 to 9.
private func india(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = digits(input, start, "dddd dddd dddd"), digits[0] >= 2 else { return nil }
  let next = input.byte(start + 14)
  return next == UInt8(ascii: " ") && isDigit(input.byte(start + 15)) ? nil : start + 14
}
