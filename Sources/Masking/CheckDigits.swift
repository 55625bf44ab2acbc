// Numbers that say by their digits that they are what they look like.

/// Whether issuers of cards give out numbers of this length with these first digits, and Luhn's check
/// holds.
func isCard(_ digits: [Int]) -> Bool {
  guard (13...19).contains(digits.count) else { return false }
  let isGivenOut =
    switch (number(digits[..<4]), digits.count) {
    case (4000...4999, 16), (4000...4999, 19): true
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
  guard ibanLength(characters) == characters.count else { return false }
  let remainder = (characters[4...] + characters[..<4]).reduce(0) { sum, byte in
    isDigit(byte) ? (sum * 10 + Int(byte) - 48) % 97 : (sum * 100 + Int(byte) - 55) % 97
  }
  return remainder == 1
}

/// How many letters and digits an account number has, by its country; nil where there is none such.
func ibanLength(_ bytes: some Collection<UInt8>) -> Int? {
  ibanLengths[String(decoding: bytes.prefix(2), as: UTF8.self)]
}

/// Of the registry of ISO 13616.
private let ibanLengths = [
  "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
  "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
  "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
  "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
  "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
  "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
  "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23,
  "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
  "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28,
  "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
]

/// Of the United States: the area is not 000, 666 or from 900 on, and no part is all zeros.
func isSocialSecurity(_ digits: [Int]) -> Bool {
  guard digits.count == 9 else { return false }
  let area = number(digits[..<3])
  return ![0, 666].contains(area) && area < 900 && number(digits[3..<5]) > 0
    && number(digits[5...]) > 0
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

/// Whether the last digit is that of ISO 7064 MOD 11,10.
func passesMod11And10(_ digits: [Int]) -> Bool {
  let product = digits.dropLast().reduce(10) { product, digit in
    let sum = (product + digit) % 10
    return (sum == 0 ? 10 : sum) * 2 % 11
  }
  return (11 - product) % 10 == digits.last
}
