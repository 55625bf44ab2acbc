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

// MARK: National ids

/// Numbers that a state gives to a person, as far as their shape and check digits tell them.
func nationalID(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-") { return nil }
  let shapes: [(PatternInput, Int) -> Int?] = [
    unitedStates, brazil, china, spain, unitedKingdom, india, france, canada,
  ]
  for shape in shapes {
    if let end = shape(input, start), !isWordByte(input.byte(end)),
      !(input.byte(end) == UInt8(ascii: "-") && isDigit(input.byte(end + 1)))
    {
      return Match(kind: .nationalID, start: start, end: end)
    }
  }
  return nil
}

private func value(_ digits: some Sequence<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

/// Social security number: the area is not 000, 666 or from 900 on, and no part is all zeros.
private func unitedStates(_ input: PatternInput, _ start: Int) -> Int? {
  let shapes: [(StaticString, size: Int)] = [
    ("ddd-dd-dddd", 11), ("ddd dd dddd", 11), ("ddddddddd", 9),
  ]
  guard
    let (shape, size) = shapes.first(where: { input.digits(from: start, as: $0.0) != nil }),
    let digits = input.digits(from: start, as: shape),
    input.byte(start + 3) == UInt8(ascii: "-") || isAnnounced(input, start)
  else { return nil }
  let (area, group, serial) = (value(digits[..<3]), value(digits[3..<5]), value(digits[5...]))
  return area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0 ? nil : start + size
}

/// Whether `SSN` or its long form stands before: other numbers have nine digits too.
private func isAnnounced(_ input: PatternInput, _ start: Int) -> Bool {
  let end = input.start(before: start, max: 5) { isOneOf($0, " \"'\\:=#") }
  let names: [StaticString] = ["ssn", "social security number", "social security"]
  return end < start
    && names.contains { name in
      let first = end - name.utf8CodeUnitCount
      return input.has(name, at: first, ignoringCase: true) && !input.isInWord(first)
    }
}

/// CPF, with its stops: two check digits modulo 11.
private func brazil(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = input.digits(from: start, as: "ddd.ddd.ddd-dd") else { return nil }
  func check(_ count: Int) -> Int {
    let sum = (0..<count).reduce(0) { $0 + digits[$1] * (count + 1 - $1) }
    return sum * 10 % 11 % 10
  }
  return check(9) == digits[9] && check(10) == digits[10] ? start + 14 : nil
}

/// Resident identity number: a day of birth, and ISO 7064 MOD 11-2 over 18 characters.
private func china(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = input.digits(from: start, as: "ddddddddddddddddd") else { return nil }
  let (century, month, day) = (value(digits[6..<8]), value(digits[10..<12]), value(digits[12..<14]))
  guard (18...20).contains(century), (1...12).contains(month), (1...31).contains(day) else {
    return nil
  }
  let check = lowered(input.byte(start + 17))
  let last = check == UInt8(ascii: "x") ? 10 : isDigit(check) ? Int(check) - 48 : -1
  let sum = digits.reduce(0) { ($0 + $1) * 2 % 11 }
  return last >= 0 && (sum + last) % 11 == 1 ? start + 18 : nil
}

/// DNI: the letter tells the number modulo 23. NIE, of foreigners: X, Y or Z for a first 0, 1 or 2.
private func spain(_ input: PatternInput, _ start: Int) -> Int? {
  let first = input.byte(start)
  let isForeign = isOneOf(first, "XYZ")
  guard isForeign || isDigit(first),
    let rest = input.digits(from: start + 1, as: "ddddddd")
  else { return nil }
  let number = value([Int(first - UInt8(ascii: isForeign ? "X" : "0"))] + rest)
  let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)
  return input.byte(start + 8) == letters[number % 23] ? start + 9 : nil
}

/// National insurance number: `AB 12 34 56 C`, with or without the spaces; not every two letters are
/// given out.
private func unitedKingdom(_ input: PatternInput, _ start: Int) -> Int? {
  let (first, second) = (input.byte(start), input.byte(start + 1))
  guard isCapital(first), isCapital(second), !isOneOf(first, "DFIQUV"),
    !isOneOf(second, "DFIQUVO")
  else { return nil }
  let unused: [StaticString] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"]
  if unused.contains(where: { input.has($0, at: start) }) { return nil }
  let bodies: [(StaticString, size: Int)] = [("dddddd", 6), (" dd dd dd ", 10)]
  for (pattern, size) in bodies where input.digits(from: start + 2, as: pattern) != nil {
    let suffix = input.byte(start + 2 + size)
    if suffix &- UInt8(ascii: "A") < 4 { return start + 3 + size }
  }
  return nil
}

/// Aadhaar, in groups of four, the first digit 2 to 9: Verhoeff's check.
private func india(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = input.digits(from: start, as: "dddd dddd dddd"), digits[0] >= 2 else {
    return nil
  }
  let next = input.byte(start + 14)
  if next == UInt8(ascii: " ") && isDigit(input.byte(start + 15)) { return nil }
  return passesVerhoeff(digits) ? start + 14 : nil
}

/// NIR: sex, year, month, place, and a key modulo 97.
private func france(_ input: PatternInput, _ start: Int) -> Int? {
  let shapes: [(StaticString, size: Int)] = [
    ("ddddddddddddddd", 15), ("d dd dd dd ddd ddd dd", 21),
  ]
  for (pattern, size) in shapes {
    guard let digits = input.digits(from: start, as: pattern) else { continue }
    let month = value(digits[3..<5])
    guard (1...2).contains(digits[0]), (1...12).contains(month) else { return nil }
    return 97 - value(digits[..<13]) % 97 == value(digits[13...]) ? start + size : nil
  }
  return nil
}

/// Social insurance number, with its dashes: Luhn's check.
private func canada(_ input: PatternInput, _ start: Int) -> Int? {
  guard let digits = input.digits(from: start, as: "ddd-ddd-ddd"), digits[0] > 0 else { return nil }
  return passesLuhn(digits) ? start + 11 : nil
}

// MARK: Check digits

/// Whether the last digit is that of Luhn (US patent 2,950,048): every second one from the right
/// doubled, the sum of all digits a multiple of ten.
func passesLuhn(_ digits: [Int]) -> Bool {
  var sum = 0
  for (place, digit) in digits.reversed().enumerated() {
    let doubled = digit * 2
    sum += place % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 == 0
}

/// Whether the last digit is that of Verhoeff (Error Detecting Decimal Codes, 1969).
func passesVerhoeff(_ digits: [Int]) -> Bool {
  let step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
  var check = 0
  for (place, digit) in digits.reversed().enumerated() {
    var turned = digit
    for _ in 0..<(place % 8) { turned = step[turned] }
    check = dihedral(check, turned)
  }
  return check == 0
}

/// The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 mirror it.
private func dihedral(_ a: Int, _ b: Int) -> Int {
  let turn = a < 5 ? (a + b) % 5 : ((a - b) % 5 + 5) % 5
  return (a < 5) == (b < 5) ? turn : turn + 5
}
