internal import Rules

/// What a pattern cannot say about what it found: that it is at random, that it is no example, or that
/// its digits check.
enum Check: String {
  /// Taken as it is, and never.
  case any, nothing
  /// At random: behind a known prefix, behind one that names have too, behind any, as a code, behind
  /// `Bearer`, beside the name of a key.
  case looks, run, mixed, code, bearer, random
  /// A value that somebody gave, of which the surroundings tell that it is secret.
  case given, digits, letters, shouted, quoted, setting, word, words, element, query, told, spoken,
    own, strong
  case email, ipv4, ipv6, card, iban, ssn, national, world, announced, american, leading

  init(of rule: Rule) {
    self = rule.heading.count > 2 ? Check(rawValue: rule.heading[2]) ?? .nothing : .any
  }

  /// Whether it can accept anything of a text with these numbers.
  func mayAccept(_ numbers: Numbers) -> Bool {
    switch self {
    case .bearer, .code, .digits, .random, .spoken, .strong: numbers.digitsMax > 0
    case .run: numbers.hasLongRun
    case .card: numbers.digitsMax >= 13
    case .ssn: numbers.digitsMax >= 9
    case .national: numbers.digitsMax >= 6
    case .announced: numbers.digitsMax >= 7
    case .world: numbers.digitsMax >= 8
    case .american, .leading: numbers.digitsMax >= 10
    case .ipv4: numbers.hasDottedFour
    case .ipv6: numbers.hasColons
    case .iban: numbers.hasCountry
    default: true
    }
  }

  /// What of a match is to be masked; nil when it is none.
  func accepted(_ match: RuleMatch, in bytes: [UInt8]) -> Range<Int>? {
    let found = Found(bytes, match.whole, narrowed(match.found, in: bytes))
    return isAccepted(found, found.value) ? found.range : nil
  }

  /// Without the stop that ends a sentence; of groups of digits as many as a number to call has.
  private func narrowed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var range = range
    if self == .spoken {
      while let last = range.last, isOneOf(bytes[last], ".!?:") { range = range.dropLast() }
    } else if self == .world {
      while let last = range.last, bytes[range].count(where: isDigit) > 15 || !isDigit(bytes[last])
      {
        range = range.lowerBound..<(bytes[range].lastIndex { !isDigit($0) } ?? range.lowerBound)
      }
    }
    return range
  }

  private func isAccepted(_ found: Found, _ value: Value) -> Bool {
    let isReal = !value.isTemplate && !value.isPlain
    return switch self {
    case .any: true
    case .nothing: false
    case .looks: value.looksRandom
    case .run: value.hasRun(of: 12)
    case .mixed: found.isMixed
    case .code: value.isAtRandom && (!value.isHash || Words.issued.occurs(in: found.before(40)))
    case .bearer: !value.isCountedWord && !value.isTemplate && !value.isExample
    case .strong: isReal && value.has(isDigit) && value.hasBothCases && !value.isCamel
    case .random: value.isAtRandom && !value.isAddress && !Words.known.occurs(in: found.secretName)
    case .given: isReal && value.count >= 3 && !found.isPlainPassword
    case .digits: value.count >= 8 && value.has(isDigit) && !value.isTemplate && !value.isExample
    case .letters: isReal && value.has(isLetter)
    case .shouted: isReal && !value.isCall && !found.isPath && !found.isTurn
    case .quoted: isReal && found.isQuotedSecret
    case .setting: isReal && found.isSetting
    case .word: !value.isPlain && !found.isPath && !found.isTurn
    case .words: !value.isExample
    case .element: isReal && !value.isExample
    case .query: isReal && !value.isExample && !value.isWord && !value.isName(ofPassword: false)
    case .told: isReal
    case .spoken: isReal && found.isSpoken
    case .own: !value.isPlain && !value.isDescription
    case .email: found.isEmail
    case .ipv4: found.isAddress
    case .ipv6: found.isLongAddress
    case .card: isCard(value.numbers)
    case .iban: isIBAN(Array(value.bytes))
    case .ssn: isSocialSecurity(value.numbers)
    case .national: isNationalID(value)
    case .world: found.isWorldPhone
    case .announced: (7...15).contains(value.numbers.count) && !value.isDate
    case .american: found.isAmericanPhone
    case .leading: found.isNationalPhone
    }
  }
}

/// What a rule found, with what stands around it.
private struct Found {
  let bytes: [UInt8]
  let whole: Range<Int>
  let range: Range<Int>
  let value: Value

  init(_ bytes: [UInt8], _ whole: Range<Int>, _ range: Range<Int>) {
    self.bytes = bytes
    self.whole = whole
    self.range = range
    value = Value(bytes: bytes[range])
  }

  private func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }
  private var next: UInt8 { byte(range.upperBound) }
  private var afterNext: UInt8 { byte(range.upperBound + 1) }
  private var previous: UInt8 { byte(range.lowerBound - 1) }
  private var rest: ArraySlice<UInt8> { bytes[range.upperBound...].prefix(9) }
  private func goesOn(_ word: String) -> Bool { rest.starts(with: word.utf8) }

  /// The word before an index, what stands between not counted.
  private func name(endingAt end: Int, _ isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var end = end
    while end > 0, !isPart(bytes[end - 1]), range.lowerBound - end < 48 { end -= 1 }
    var start = end
    while start > 0, end - start < 48, isPart(bytes[start - 1]) { start -= 1 }
    return bytes[start..<end]
  }

  /// What stands before it on its line, at most so much.
  func before(_ most: Int = 80) -> Lowered {
    var start = range.lowerBound
    while start > 0, range.lowerBound - start < most, bytes[start - 1] != UInt8(ascii: "\n") {
      start -= 1
    }
    return Lowered(bytes[start..<range.lowerBound])
  }

  // MARK: Secrets

  /// The name that tells that the value is secret; the pattern begins somewhere in it.
  private var nameBytes: ArraySlice<UInt8> {
    var end = whole.lowerBound
    while end < range.lowerBound, !isKeyByte(bytes[end]) { end += 1 }
    while end < range.lowerBound, isKeyByte(bytes[end]) { end += 1 }
    return name(endingAt: end, isKeyByte)
  }

  var secretName: Lowered { Lowered(nameBytes) }
  private func isNamed(_ name: String) -> Bool { secretName.bytes.elementsEqual(name.utf8) }
  private var isPassword: Bool { Words.passwords.endsOne(of: secretName) }

  /// `user:password@`, as texts show where they stand.
  var isPlainPassword: Bool {
    guard let colon = value.bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let password = Value(bytes: value.bytes[(colon + 1)...])
    return password.isPlain || password.isTemplate || password.count < 2
  }

  /// `pwd` is also where one is.
  var isPath: Bool {
    value.bytes.first.map { isOneOf($0, "/~.") } ?? false
      && secretName.bytes.suffix(3).elementsEqual("pwd".utf8)
  }

  /// `pass` is also a turn, and a test that went well.
  var isTurn: Bool {
    let name = nameBytes
    guard Lowered(name).bytes.suffix(4).elementsEqual("pass".utf8), !isNamed("pgpass") else {
      return false
    }
    let isOwn = name.count == 4 || isOneOf(name[name.endIndex - 5], "_-")
    let isShouted = name.count > 4 && name.suffix(4).allSatisfy(isCapital)
    if name.count == 4, name.allSatisfy(isCapital) {
      return byte(name.endIndex) != UInt8(ascii: "=")
    }
    return !isOwn || !isShouted && !(value.has(isDigit) && value.has(isLetter))
  }

  var isQuotedSecret: Bool {
    if isPath || isTurn || value.count < 6 && !isPassword { return false }
    if value.has({ $0 == 0x20 }) {
      return secretName.bytes.suffix(6).elementsEqual("phrase".utf8) && !value.isExample
    }
    // A word that begins a sentence, a colour, or a name of code.
    if value.isCapitalised || value.isExample || value.isCall
      || value.isName(ofPassword: isPassword)
    {
      return false
    }
    return !isNamed("token") || value.count >= 24 || value.hasBothCases
      || value.has { !isLetter($0) && $0 != UInt8(ascii: ".") }
  }

  var isSetting: Bool {
    if isPath || isTurn || isOneOf(next, "([") || value.isReference || value.isCall
      || value.isExample
      || value.isName(ofPassword: isPassword)
    {
      return false
    }
    if value.has(isDigit), isPassword {
      return (value.count >= 8 || value.has(isLetter)) && !value.isPath
    }
    if value.has(isDigit) {
      return value.count >= 8 && value.has(isLetter) && !value.isCountedWord && !value.isPath
    }
    return !isPassword && value.count >= 16 && value.hasBothCases && !isOneOf(next, ",)")
      && !value.isCamel
  }

  /// A token behind a prefix that is no known one: of capitals, small letters and digits, or
  /// hexadecimal where the prefix tells of a token.
  var isMixed: Bool {
    let parts = value.bytes.split { !isAlphanumeric($0) && !isOneOf($0, "+/") }.map(Value.init)
    guard let body = parts.max(by: { $0.count < $1.count }), body.count >= 20, !value.isTemplate,
      !value.isExample || body.count >= 24, !Words.ids.beginsOne(of: Lowered(value.bytes))
    else { return false }
    if body.isHex {
      return body.count >= 32 && parts.dropLast().contains { Words.tokenParts.contains($0.bytes) }
    }
    let digitsMin = body.count < 28 ? 2 : 1
    return body.isAtRandom && body.hasBothCases && body.count(where: isDigit) >= digitsMin
  }

  /// Told in a sentence: with a digit beside letters or signs, or of digits only that count nothing.
  var isSpoken: Bool {
    guard let first = value.bytes.first, !isOneOf(next, "'([{<"), !isOneOf(first, "$%*~./-") else {
      return false
    }
    let digits = value.count(where: isDigit)
    if digits == value.count {
      let isMeasure = next == 0x20 && isLetter(afterNext) && !goesOn(" and") && !goesOn(" for")
      return (4...12).contains(digits) && !isMeasure
    }
    return digits > 0 && value.count >= 6 && !value.has { $0 == UInt8(ascii: "/") }
      && !Words.codings.beginsOne(of: Lowered(value.bytes))
  }

  // MARK: Personal data

  /// Whether the domain is one: no ending of a file, no version, no member of code.
  var isEmail: Bool {
    guard let at = value.bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let domain = value.bytes[(at + 1)...]
    let labels = domain.split(separator: UInt8(ascii: "."))
    guard let top = labels.last, labels.count > 1, next != UInt8(ascii: "(") else { return false }
    // `package@1.2.3.patch`
    let isVersion = labels.count > 2 && labels[..<2].allSatisfy { $0.allSatisfy(isDigit) }
    // `https://user@host`: the host is none of a person, and the user has a rule of its own.
    let isUser = bytes[..<range.lowerBound].suffix(3).elementsEqual("://".utf8)
    return !isUser && !isVersion && !top.contains(where: isDigit)
      && !Words.fileEndings.contains(top)
      && !Words.locals.contains(value.bytes[..<at]) && !Words.noMailDomains.contains(domain)
  }

  /// Whether four numbers are the address of a machine that is not this one, and neither a mask of a
  /// network nor a version, a section of a text or an object identifier.
  var isAddress: Bool {
    let parts = value.bytes.split(separator: UInt8(ascii: ".")).map(Value.init).map(\.number)
    guard parts.count == 4, parts.allSatisfy({ $0 <= 255 }), (1..<224).contains(parts[0]),
      parts[0] != 127, ![[2, 5], [1, 3]].contains(Array(parts[..<2]))
    else { return false }
    let second = byte(range.lowerBound - 2)
    if previous == UInt8(ascii: "/") && isLetter(second)
      || previous == UInt8(ascii: "=") && isOneOf(second, "=<>~!") || second == UInt8(ascii: "#")
    {
      return false
    }
    // `3.0.5.130-5a1e7`
    if next == UInt8(ascii: "-"),
      rest.dropFirst().prefix(while: isWordByte).contains(where: isLetter)
    {
      return false
    }
    let word = Lowered(name(endingAt: range.lowerBound, isLetter))
    if Words.versions.endsOne(of: word) || Words.versionMarks.contains(word.bytes) { return false }
    let line = before()
    let speaksOfMachines = Words.ofMachines.occurs(in: line)
    if Words.ofVersions.occurs(in: line) { return speaksOfMachines }
    // Sections have small numbers, and no place in a network.
    let isLocal = parts[0] == 10 || parts[..<2] == [192, 168] || parts[0] == 172
    return isLocal || parts.contains { $0 >= 40 } || speaksOfMachines
      || isOneOf(next, ":/") && isDigit(afterNext) || Words.ofNetworks.occurs(in: line)
  }

  /// Eight groups, or fewer around one `::`, with a digit. So neither names of code nor slices are any.
  var isLongAddress: Bool {
    if value.bytes.first == UInt8(ascii: ":") { return true }
    let parts = value.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let gaps = parts.count(where: \.isEmpty)
    let groups = parts.count - gaps
    return (groups == 8 && gaps == 0 || (1...2).contains(gaps) && groups <= 7) && value.has(isDigit)
  }

  /// With a country's code, which no sum has, nor a line of a diff.
  var isWorldPhone: Bool {
    let digits = value.numbers
    guard (8...15).contains(digits.count), !isWordByte(next) || next >= 0x80 else { return false }
    if value.bytes.first == UInt8(ascii: "0") { return digits.count >= 11 && !isInRow }
    if value.bytes.dropFirst().allSatisfy(isDigit) {
      if digits.count < 10 || digits[0] == 1 && digits.count != 11 { return false }
      let isLine = previous == UInt8(ascii: "\n") || range.lowerBound == 0 && digits.count < 11
      let endsLine = range.upperBound == bytes.count || isOneOf(next, "\r\n")
      if isLine && endsLine || previous == UInt8(ascii: "=") { return false }
    }
    let after = Array(rest.drop { $0 == 0x20 }.prefix(2))
    let isSum = after.first.map {
      isOneOf($0, "+*%^-") && ($0 != UInt8(ascii: "-") || next == 0x20)
    }
    return isSum != true || !isDigit(after.last ?? 0) && after.last != 0x20
  }

  /// With spaces between, neither what counts something nor a row of numbers.
  var isAmericanPhone: Bool {
    if value.has({ isOneOf($0, "(-.") }) { return true }
    let isCounted =
      next == 0x20 && isLetter(afterNext)
      && ![" or ", " and ", " today", " now", " at "].contains(where: goesOn)
    return !isInRow && !isCounted
  }

  /// With a leading zero: no pairs that count up, and not the mode of a file.
  var isNationalPhone: Bool {
    let digits = value.numbers
    let pairs = stride(from: 0, to: digits.count - 1, by: 2).map {
      digits[$0] * 10 + digits[$0 + 1]
    }
    let isCounted = zip(pairs, pairs.dropFirst()).allSatisfy { $0 + 1 == $1 }
    let first = value.bytes.prefix(while: isDigit)
    let isMode =
      first.count == 4 && isOneOf(first[first.startIndex + 1], "467")
      && first.dropFirst(2).allSatisfy { isOneOf($0, "04567") }
    return !isCounted && !isMode && !isInRow
  }

  private var isInRow: Bool {
    previous == 0x20 && isDigit(byte(range.lowerBound - 2)) || next == 0x20 && isDigit(afterNext)
  }
}
