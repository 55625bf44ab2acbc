/// A number that a state gives to a person, whose digits check: named as the rules name it.
enum NationalNumber: String, CaseIterable {
  case aadhaar, ahv, amka, bsn, chinese, cnp, codiceFiscale = "codice_fiscale", cpf, cpr, cuit, curp
  case dni, egn, estonian, hetu, hkid, inn, jmbg, kennitala, latvian, mynumber, nhs, nif, nino, nir
  case nric, norwegian, oib, pesel, personnummer, pps, registre, rodne, rrn, rut, sin, snils
  case southAfrican = "south_african", steuer, svnr, taiwanese, tckn, teudat, tfn, thai

  /// Whether its form is that of many other numbers: two groups of digits.
  var looksLikeOthers: Bool { self == .personnummer || self == .hetu || self == .norwegian }

  /// How many digits stand together in it, at least, with at most signs of numbers between them.
  private var digitsMin: Int {
    switch self {
    case .hkid, .hetu, .nino: 6
    case .dni, .nric, .pps: 7
    case .rut, .bsn: 8
    default: 9
    }
  }

  /// Whether it can stand in a text with these numbers.
  func mayBe(in numbers: Numbers) -> Bool {
    switch self {
    case .codiceFiscale, .curp: numbers.hasLongRun
    default: numbers.digitsMax >= digitsMin
    }
  }

  func isValid(_ value: Value) -> Bool {
    let (digits, bytes) = (value.numbers, value.bytes.filter { isAlphanumeric($0) })
    // `000000000`, `111111111`: a placeholder.
    if digits.count > 5, Set(digits).count == 1 { return false }
    return switch self {
    case .aadhaar: digits.count == 12 && digits[0] > 1 && passesVerhoeff(digits)
    case .ahv:
      digits.count == 13 && digits.starts(with: [7, 5, 6]) && sum(digits, [1, 3]) % 10 == 0
    case .amka: digits.count == 11 && isDay(digits[0..<2], digits[2..<4]) && passesLuhn(digits)
    case .bsn: isDutch(digits)
    case .chinese: bytes.count == 18 && isChinese(digits, lowered(bytes[17]))
    case .cnp: isRomanian(digits)
    case .codiceFiscale: isItalian(bytes)
    case .cpf: digits.count == 11 && isBrazilian(digits)
    case .cpr: digits.count == 10 && isDay(digits[0..<2], digits[2..<4])
    case .cuit: isArgentine(digits)
    case .curp: isMexican(bytes)
    case .dni: bytes.count == 9 && isSpanish(bytes)
    case .egn: isBulgarian(digits)
    case .estonian: isEstonian(digits)
    case .hetu: isFinnish(bytes)
    case .hkid: isOfHongKong(bytes)
    case .inn: isRussianTaxpayer(digits)
    case .jmbg: isYugoslav(digits)
    case .kennitala: isIcelandic(digits)
    case .latvian: isLatvian(digits)
    case .mynumber: isJapanese(digits)
    case .nhs: isOfNHS(digits)
    case .nif: isPortuguese(digits)
    case .nino: isBritish(bytes)
    case .nir: isFrench(bytes)
    case .nric: isOfSingapore(bytes)
    case .norwegian: isNorwegian(digits)
    case .oib: digits.count == 11 && passesMod11And10(digits)
    case .pesel: isPolish(digits)
    case .personnummer: isSwedish(digits)
    case .pps: isIrish(bytes)
    case .registre: isBelgian(digits)
    case .rodne: isCzech(digits)
    case .rrn: isKorean(digits)
    case .rut: isChilean(bytes)
    case .sin, .teudat: digits.count == 9 && passesLuhn(digits)
    case .snils: isRussianInsured(digits)
    case .southAfrican: isSouthAfrican(digits)
    case .steuer: digits.count == 11 && digits[0] > 0 && passesMod11And10(digits)
    case .svnr: isAustrian(digits)
    case .taiwanese: isTaiwanese(bytes)
    case .tckn: isTurkish(digits)
    case .tfn: digits.count == 9 && sum(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0
    case .thai: isThai(digits)
    }
  }
}

/// The digits times their weights, which begin anew where there are fewer.
private func sum(_ digits: some Collection<Int>, _ weights: [Int]) -> Int {
  digits.enumerated().reduce(0) { $0 + $1.element * weights[$1.offset % weights.count] }
}

/// What the digits times their weights lack to a multiple of eleven: from 1 to 11.
private func lack(_ digits: some Collection<Int>, _ weights: [Int]) -> Int {
  11 - sum(digits, weights) % 11
}

private func number(_ digits: some Sequence<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }

/// Whether some year has such a day.
private func isDay(_ day: some Sequence<Int>, _ month: some Sequence<Int>) -> Bool {
  isDay(number(day), number(month))
}

private func isDay(_ day: Int, _ month: Int) -> Bool {
  (1...12).contains(month) && (1...31).contains(day)
}

// MARK: Europe

/// Numbers for life of Poland: the month tells the century.
private func isPolish(_ digits: [Int]) -> Bool {
  digits.count == 11 && isDay(number(digits[4..<6]), number(digits[2..<4]) % 20)
    && sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
}

/// The Netherlands: the proof of eleven, of eight digits with a zero before them.
private func isDutch(_ digits: [Int]) -> Bool {
  guard (8...9).contains(digits.count) else { return false }
  let all = digits.count == 8 ? [0] + digits : digits
  return sum(all, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0
}

private func isRomanian(_ digits: [Int]) -> Bool {
  guard digits.count == 13, digits[0] > 0, isDay(digits[5..<7], digits[3..<5]) else { return false }
  let rest = sum(digits[..<12], [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return digits[12] == (rest == 10 ? 1 : rest)
}

/// Uniform civil number of Bulgaria.
private func isBulgarian(_ digits: [Int]) -> Bool {
  digits.count == 10 && isDay(number(digits[4..<6]), number(digits[2..<4]) % 20)
    && sum(digits[..<9], [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == digits[9]
}

/// Estonia and Lithuania.
private func isEstonian(_ digits: [Int]) -> Bool {
  guard digits.count == 11, (1...8).contains(digits[0]), isDay(digits[5..<7], digits[3..<5]) else {
    return false
  }
  var rest = sum(digits[..<10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11
  if rest == 10 { rest = sum(digits[..<10], [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 }
  return digits[10] == rest % 10
}

private func isLatvian(_ digits: [Int]) -> Bool {
  digits.count == 11 && isDay(digits[0..<2], digits[2..<4])
    && (1_101 - sum(digits[..<10], [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 % 10 == digits[10]
}

/// Finland: a day of birth, a sign of the century, and a check character modulo 31.
private func isFinnish(_ bytes: [UInt8]) -> Bool {
  let digits = bytes.dropLast().filter(isDigit).map { Int($0) - 48 }
  guard digits.count == 9, let last = bytes.last, isDay(digits[0..<2], digits[2..<4]) else {
    return false
  }
  return Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)[number(digits) % 31] == last
}

/// Norway: two check digits; of some the day or the month is raised.
private func isNorwegian(_ digits: [Int]) -> Bool {
  guard digits.count == 11, isDay(number(digits[0..<2]) % 40, number(digits[2..<4]) % 40) else {
    return false
  }
  return sum(digits[..<10], [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
    && sum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
}

/// Sweden: what goes before the last ten digits is the century; the day of some is raised by 60.
private func isSwedish(_ digits: [Int]) -> Bool {
  guard [10, 12].contains(digits.count) else { return false }
  let last = Array(digits.suffix(10))
  if digits.count == 12, ![18, 19, 20].contains(number(digits[..<2])) { return false }
  return isDay(number(last[4..<6]) % 60, number(last[2..<4])) && passesLuhn(last)
}

/// Iceland: the last digit tells the century.
private func isIcelandic(_ digits: [Int]) -> Bool {
  digits.count == 10 && [0, 8, 9].contains(digits[9])
    && isDay(number(digits[0..<2]) % 40, number(digits[2..<4]))
    && sum(digits[..<9], [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
}

/// The Czech Republic and Slovakia: a multiple of eleven; the month of women is raised by 50.
private func isCzech(_ digits: [Int]) -> Bool {
  guard digits.count == 10, isDay(number(digits[4..<6]), number(digits[2..<4]) % 50 % 20) else {
    return false
  }
  return number(digits) % 11 == 0 || number(digits[..<9]) % 11 == 10 && digits[9] == 0
}

/// Insurance number of Austria: the fourth digit checks the others.
private func isAustrian(_ digits: [Int]) -> Bool {
  digits.count == 10 && digits[0] > 0 && isDay(digits[4..<6], digits[6..<8])
    && sum(digits[..<3] + digits[4...], [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11 == digits[3]
}

/// National register of Belgium; from the year 2000 on a 2 goes before.
private func isBelgian(_ digits: [Int]) -> Bool {
  guard digits.count == 11, number(digits[2..<4]) % 20 <= 12, number(digits[4..<6]) <= 31 else {
    return false
  }
  return [digits[..<9], [2] + digits[..<9]].contains {
    97 - number($0) % 97 == number(digits[9...])
  }
}

/// Taxpayers of Portugal.
private func isPortuguese(_ digits: [Int]) -> Bool {
  guard digits.count == 9, digits[0] > 0 else { return false }
  let check = lack(digits[..<8], [9, 8, 7, 6, 5, 4, 3, 2])
  return digits[8] == (check > 9 ? 0 : check)
}

/// The states that were Yugoslavia.
private func isYugoslav(_ digits: [Int]) -> Bool {
  guard digits.count == 13, isDay(digits[0..<2], digits[2..<4]) else { return false }
  let check = lack(digits[..<12], [7, 6, 5, 4, 3, 2])
  return digits[12] == (check > 9 ? 0 : check)
}

private func isTurkish(_ digits: [Int]) -> Bool {
  guard digits.count == 11, digits[0] > 0 else { return false }
  let (odd, even) = (sum(digits[..<9], [1, 0]), sum(digits[..<8], [0, 1]))
  return ((odd * 7 - even) % 10 + 10) % 10 == digits[9]
    && sum(digits[..<10], [1]) % 10 == digits[10]
}

/// Italy: what letters and digits are worth in odd places, and in even ones, modulo 26.
private func isItalian(_ bytes: [UInt8]) -> Bool {
  guard bytes.count == 16 else { return false }
  let odd = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
  ]
  let total = bytes.dropLast().enumerated().reduce(0) { sum, entry in
    let place = Int(entry.element) - (isDigit(entry.element) ? 48 : 65)
    return sum + (entry.offset % 2 == 0 ? odd[place] : place)
  }
  return Int(bytes[15]) - 65 == total % 26
}

/// NIR: sex, year, month, place, and a key modulo 97. Corsica is 19 and 18 in it.
private func isFrench(_ bytes: [UInt8]) -> Bool {
  var digits: [Int] = []
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "A"): digits = digits.dropLast() + [1, 9]
    case UInt8(ascii: "B"): digits = digits.dropLast() + [1, 8]
    default: digits.append(Int(byte) - 48)
    }
  }
  return digits.count == 15 && (1...12).contains(number(digits[3..<5]))
    && 97 - number(digits[..<13]) % 97 == number(digits[13...])
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

private func isOfNHS(_ digits: [Int]) -> Bool {
  digits.count == 10
    && lack(digits[..<9], [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digits[9]
}

/// Ireland: seven digits and a letter modulo 23; a second letter counts nine times.
private func isIrish(_ bytes: [UInt8]) -> Bool {
  let letters = Array("WABCDEFGHIJKLMNOPQRSTUV".utf8)
  guard (8...9).contains(bytes.count) else { return false }
  let second = bytes.count == 9 ? letters.firstIndex(of: bytes[8]) ?? 0 : 0
  let total = sum(bytes[..<7].map { Int($0) - 48 }, [8, 7, 6, 5, 4, 3, 2]) + 9 * second
  return letters[total % 23] == bytes[7]
}

/// Insured persons of Russia: modulo 101.
private func isRussianInsured(_ digits: [Int]) -> Bool {
  digits.count == 11
    && sum(digits[..<9], [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == number(digits[9...])
}

/// Persons who pay taxes in Russia.
private func isRussianTaxpayer(_ digits: [Int]) -> Bool {
  digits.count == 12
    && sum(digits[..<10], [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == digits[10]
    && sum(digits[..<11], [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == digits[11]
}

// MARK: America and Africa

/// CPF: two check digits modulo 11.
private func isBrazilian(_ digits: [Int]) -> Bool {
  func check(_ count: Int) -> Int {
    (0..<count).reduce(0) { $0 + digits[$1] * (count + 1 - $1) } * 10 % 11 % 10
  }
  return check(9) == digits[9] && check(10) == digits[10]
}

private func isArgentine(_ digits: [Int]) -> Bool {
  guard digits.count == 11 else { return false }
  let check = lack(digits[..<10], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return digits[10] == (check == 10 ? 9 : check)
}

/// Chile: K for ten.
private func isChilean(_ bytes: [UInt8]) -> Bool {
  guard let last = bytes.last, (8...9).contains(bytes.count) else { return false }
  let digits = bytes.dropLast().reversed().map { Int($0) - 48 }
  let check = lack(digits, [2, 3, 4, 5, 6, 7]) % 11
  return check == (lowered(last) == UInt8(ascii: "k") ? 10 : Int(last) - 48)
}

/// Mexico: characters by their place among digits and letters, Ñ among them.
private func isMexican(_ bytes: [UInt8]) -> Bool {
  guard bytes.count == 18, isDigit(bytes[17]), isDay(tens(bytes[8...]), tens(bytes[6...])) else {
    return false
  }
  let total = bytes.dropLast().enumerated().reduce(0) { sum, entry in
    let byte = Int(entry.element)
    let place = byte < 65 ? byte - 48 : byte - 55 + (byte > 78 ? 1 : 0)
    return sum + place * (18 - entry.offset)
  }
  return (10 - total % 10) % 10 == Int(bytes[17]) - 48
}

/// The number of two digits.
private func tens(_ bytes: ArraySlice<UInt8>) -> Int {
  bytes.prefix(2).reduce(0) { $0 * 10 + Int($1) - 48 }
}

private func isSouthAfrican(_ digits: [Int]) -> Bool {
  digits.count == 13 && isDay(digits[4..<6], digits[2..<4]) && digits[10] < 3 && passesLuhn(digits)
}

// MARK: Asia

/// Resident identity number: a day of birth, and ISO 7064 MOD 11-2 over 18 characters.
private func isChinese(_ digits: [Int], _ check: UInt8) -> Bool {
  guard digits.count >= 17, (18...20).contains(number(digits[6..<8])),
    isDay(digits[12..<14], digits[10..<12])
  else { return false }
  let last = check == UInt8(ascii: "x") ? 10 : Int(check) - 48
  return (digits.prefix(17).reduce(0) { ($0 + $1) * 2 % 11 } + last) % 11 == 1
}

/// Hong Kong: one letter or two, six digits and a check digit, A for ten.
private func isOfHongKong(_ bytes: [UInt8]) -> Bool {
  let values = bytes.map { isDigit($0) ? Int($0) - 48 : Int($0) - 55 }
  // One letter stands behind a space, which is worth 36.
  return (8...9).contains(values.count)
    && sum((values.count == 8 ? [36] : []) + values, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
}

private func isOfSingapore(_ bytes: [UInt8]) -> Bool {
  guard bytes.count == 9 else { return false }
  let (isLater, isForeign) = ("TG".utf8.contains(bytes[0]), "FG".utf8.contains(bytes[0]))
  let isNewest = bytes[0] == UInt8(ascii: "M")
  let total =
    sum(bytes[1..<8].map { Int($0) - 48 }, [2, 7, 6, 5, 4, 3, 2])
    + (isNewest ? 3 : isLater ? 4 : 0)
  let letters = isNewest ? "XWUTRQPNJLK" : isForeign ? "XWUTRQPNMLK" : "JZIHGFEDCBA"
  return Array(letters.utf8)[total % 11] == bytes[8]
}

/// Taiwan: the letter stands for two digits.
private func isTaiwanese(_ bytes: [UInt8]) -> Bool {
  let letters = Array("ABCDEFGHJKLMNPQRSTUVXYWZIO".utf8)
  guard bytes.count == 10, let place = letters.firstIndex(of: bytes[0]) else { return false }
  let digits = [(place + 10) / 10, (place + 10) % 10] + bytes[1...].map { Int($0) - 48 }
  return sum(digits, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 == 0
}

/// Japan: twelve digits.
private func isJapanese(_ digits: [Int]) -> Bool {
  guard digits.count == 12 else { return false }
  let rest = sum(digits[..<11], [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return digits[11] == (rest < 2 ? 0 : 11 - rest)
}

/// Residents of South Korea.
private func isKorean(_ digits: [Int]) -> Bool {
  digits.count == 13 && isDay(digits[4..<6], digits[2..<4])
    && lack(digits[..<12], [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 10 == digits[12]
}

private func isThai(_ digits: [Int]) -> Bool {
  digits.count == 13
    && lack(digits[..<12], [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 10 == digits[12]
}
