/// The number of a payment card: of a length and a beginning that are given out, with Luhn's check.
func card(_ input: PatternInput) -> Match? {
  let start = input.position
  guard isDigit(input.byte(start)), start == 0 || !isOneOf(input.bytes[start - 1], ".-") else {
    return nil
  }
  let separator = input.byte(input.end(from: start, max: 5, isDigit))
  let isGrouped = isOneOf(separator, " -")
  var digits: [Int] = []
  var groups: [Int] = []
  var at = start
  while true {
    let end = input.end(from: at, max: 20, isDigit)
    digits += input.bytes[at..<end].map { Int($0) - 48 }
    groups.append(end - at)
    at = end
    guard isGrouped, input.byte(at) == separator, isDigit(input.byte(at + 1)), groups.count < 6
    else { break }
    at += 1
  }
  let isLonger = input.byte(at) == UInt8(ascii: ".") && isDigit(input.byte(at + 1))
  guard !isWordByte(input.byte(at)), !isLonger,
    groups.count == 1 || groups == [4, 4, 4, 4] || groups == [4, 6, 5] || groups == [4, 6, 4],
    isGivenOut(digits), passesLuhn(digits)
  else { return nil }
  return Match(kind: .card, start: start, end: at)
}

/// Whether issuers give out numbers of this length with these first digits.
private func isGivenOut(_ digits: [Int]) -> Bool {
  guard (13...19).contains(digits.count) else { return false }
  let first = digits[..<4].reduce(0) { $0 * 10 + $1 }
  return switch (first, digits.count) {
  case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): true
  case (5100...5599, 16), (2221...2720, 16), (3528...3589, 16): true
  case (6011, 16), (6440...6599, 16): true
  case (3400...3499, 15), (3700...3799, 15): true
  case (3000...3059, 14), (3600...3699, 14), (3800...3999, 14): true
  default: false
  }
}

/// An international bank account number: as long as its country says, and 1 modulo 97 (ISO 13616).
func iban(_ input: PatternInput) -> Match? {
  let start = input.position
  guard isCapital(input.byte(start)), isCapital(input.byte(start + 1)),
    isDigit(input.byte(start + 2)), isDigit(input.byte(start + 3)),
    let country = ibanLengths.first(where: { input.has($0.0, at: start) })
  else { return nil }
  var characters: [UInt8] = []
  var at = start
  while characters.count < country.length {
    if input.byte(at) == UInt8(ascii: " "), characters.count % 4 == 0 { at += 1 }
    let byte = input.byte(at)
    guard isDigit(byte) || isCapital(byte) else { return nil }
    characters.append(byte)
    at += 1
  }
  let remainder = (characters[4...] + characters[..<4]).reduce(0) { sum, byte in
    isDigit(byte) ? (sum * 10 + Int(byte) - 48) % 97 : (sum * 100 + Int(byte) - 55) % 97
  }
  return remainder == 1 && !isWordByte(input.byte(at))
    ? Match(kind: .iban, start: start, end: at) : nil
}

private let ibanLengths: [(StaticString, length: Int)] = [
  ("AD", 24), ("AE", 23), ("AT", 20), ("BE", 16), ("BG", 22), ("BR", 29), ("CH", 21), ("CY", 28),
  ("CZ", 24), ("DE", 22), ("DK", 18), ("EE", 20), ("ES", 24), ("FI", 18), ("FR", 27), ("GB", 22),
  ("GR", 27), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IS", 26), ("IT", 27), ("LI", 21),
  ("LT", 20), ("LU", 20), ("LV", 21), ("MC", 27), ("MT", 31), ("NL", 18), ("NO", 15), ("PL", 28),
  ("PT", 25), ("RO", 24), ("RS", 22), ("SA", 24), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27),
  ("TR", 26), ("UA", 29),
]
