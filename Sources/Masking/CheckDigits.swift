// Numbers that say by their digits that they are what they look like.

/// Whether issuers of cards give out numbers of this length with these first digits, and Luhn's check
/// holds.
func isCard(_ digits: [Int]) -> Bool {
  guard (13...19).contains(digits.count) else { return false }
  let isGivenOut =
    switch (number(digits[..<4]), digits.count) {
    case (4000...4999, 13), (4000...4999, 16), (4000...4999, 19): true
    case (5100...5599, 16), (2221...2720, 16), (3528...3589, 16): true
    case (6011, 16), (6440...6599, 16): true
    case (3400...3499, 15), (3700...3799, 15): true
    case (3000...3059, 14), (3600...3699, 14), (3800...3999, 14): true
    default: false
    }
  return isGivenOut && passesLuhn(digits)
}

/// Whether an account number is as long as its country says, and 1 modulo 97 (ISO 13616).
func isIBAN(_ bytes: [UInt8]) -> Bool {
  let characters = bytes.filter { $0 != 0x20 }
  let country = String(decoding: characters.prefix(2), as: UTF8.self)
  guard ibanLengths[country] == characters.count else { return false }
  let remainder = (characters[4...] + characters[..<4]).reduce(0) { sum, byte in
    isDigit(byte) ? (sum * 10 + Int(byte) - 48) % 97 : (sum * 100 + Int(byte) - 55) % 97
  }
  return remainder == 1
}

private let ibanLengths = [
  "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24,
  "DE": 22,
  "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28,
  "IE": 22,
  "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31,
  "NL": 18,
  "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24,
  "SM": 27,
  "TR": 26, "UA": 29,
]

/// Of the United States: the area is not 000, 666 or from 900 on, and no part is all zeros.
func isSocialSecurity(_ digits: [Int]) -> Bool {
  guard digits.count == 9 else { return false }
  let area = number(digits[..<3])
  return ![0, 666].contains(area) && area < 900 && number(digits[3..<5]) > 0
    && number(digits[5...]) > 0
}

/// Whether a number that a state gives to a person has that state's check digits.
func isNationalID(_ value: Value) -> Bool {
  let (digits, bytes) = (value.numbers, Array(value.bytes))
  let shape = String(decoding: bytes.map { isDigit($0) ? UInt8(ascii: "d") : $0 }, as: UTF8.self)
  switch shape {
  case "ddd.ddd.ddd-dd": return isBrazilian(digits)
  case "dddd dddd dddd": return passesVerhoeff(digits)
  case "ddd-ddd-ddd": return passesLuhn(digits)
  case "ddddddddddddddd", "d dd dd dd ddd ddd dd": return isFrench(digits)
  default: break
  }
  if bytes.count == 18 { return isChinese(digits, lowered(bytes[17])) }
  return bytes.count == 9 && isDigit(bytes[7]) && !isDigit(bytes[8]) && digits.count >= 7
    ? isSpanish(bytes) : isBritish(bytes)
}

/// CPF: two check digits modulo 11.
private func isBrazilian(_ digits: [Int]) -> Bool {
  func check(_ count: Int) -> Int {
    (0..<count).reduce(0) { $0 + digits[$1] * (count + 1 - $1) } * 10 % 11 % 10
  }
  return check(9) == digits[9] && check(10) == digits[10]
}

/// NIR: sex, year, month, place, and a key modulo 97.
private func isFrench(_ digits: [Int]) -> Bool {
  (1...12).contains(number(digits[3..<5]))
    && 97 - number(digits[..<13]) % 97 == number(digits[13...])
}

/// Resident identity number: a day of birth, and ISO 7064 MOD 11-2 over 18 characters.
private func isChinese(_ digits: [Int], _ check: UInt8) -> Bool {
  guard (18...20).contains(number(digits[6..<8])), (1...12).contains(number(digits[10..<12])),
    (1...31).contains(number(digits[12..<14]))
  else { return false }
  let last = check == UInt8(ascii: "x") ? 10 : Int(check) - 48
  return (digits.prefix(17).reduce(0) { ($0 + $1) * 2 % 11 } + last) % 11 == 1
}

/// DNI: the letter tells the number modulo 23. NIE, of foreigners: X, Y or Z for a first 0, 1 or 2.
private func isSpanish(_ bytes: [UInt8]) -> Bool {
  let first = isDigit(bytes[0]) ? bytes[0] : bytes[0] - UInt8(ascii: "X") + 48
  let number = number(([first] + bytes[1..<8]).map { Int($0) - 48 })
  return bytes[8] == Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23]
}

/// National insurance number: not every two letters are given out.
private func isBritish(_ bytes: [UInt8]) -> Bool {
  !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(
    String(decoding: bytes.prefix(2), as: UTF8.self))
}

private func number(_ digits: some Sequence<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

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
private func passesVerhoeff(_ digits: [Int]) -> Bool {
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
