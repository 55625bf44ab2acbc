internal import Rules

/// What a pattern cannot say about what it found: that it is at random, that it is no example, or that
/// its digits check. A rule's heading names one behind its name; without one all is taken.
private enum Check: String {
  /// Taken as it is.
  case any
  /// Never taken: what a heading names is no check.
  case nothing

  // What tells by itself that it is a key or a token.

  /// Behind a prefix that nothing else has: digits, letters of both cases, or many letters together.
  case looks
  /// Behind a prefix that names have too: a run of letters and digits as no word has.
  case run
  /// Behind any prefix: what is at random all through, and no sum, id or version of something.
  case mixed
  /// Beside a word that says what it is: at random, and no sum over contents unless a key is spoken of.
  case code
  /// Behind `Bearer` or `Basic`: no word, and no word with a number.
  case bearer
  /// Beside the name of a key, or before a host: at random, and no name of a key that all may know.
  case random
  /// Beside a word that names have, too: at random, of capitals and small letters.
  case dense
  /// The same behind a prefix, as sums over contents and ids have not.
  case joined

  // What somebody gave, of which the surroundings tell that it is secret; none takes variables,
  // examples of documentation and words such as `required`.

  /// Where only a secret can stand.
  case given
  /// Where a secret stands, or a word: eight characters with a digit.
  case digits
  /// Where a secret stands, or a number: a letter.
  case letters
  /// Where a secret stands, or any value: letters with digits or signs, and no name of code.
  case secretive
  /// The same behind a name of what is secret; behind `token`, of which code has many, as `likely`.
  case named
  /// A user, a colon and a password of which the same is true.
  case login
  /// Where anything may stand: digits and letters of both cases, and no words written together.
  case strong
  /// Beside a name of what is secret, in whatever form: the same, and no name of code, or at random.
  case likely
  /// The value of a variable in capitals, or of a setting: no call, path, or count of tests.
  case shouted
  /// In quotes behind a name: no sentence, word or name of code.
  case quoted
  /// Without quotes behind a name: digits, or many letters of both cases.
  case setting
  /// A word behind the name of a password, alone on its line.
  case word
  /// Words of a passphrase.
  case words
  /// Between the tags of an element.
  case element
  /// In the query of an address.
  case query
  /// The values of a row of SQL whose columns are not named: the first in quotes that is `strong`, or at
  /// random.
  case row
  /// In quotes, in a sentence that says that it is one.
  case told
  /// Without quotes in such a sentence: digits, alone or with letters.
  case spoken
  /// A word in a sentence about a password of one's own.
  case own

  // Personal data: what digits and names say.

  /// An address of mail: no file, version, unit, or member of code.
  case email
  /// Addresses of machines: no version, section, or mask of a network.
  case ipv4, ipv6
  /// Numbers with check digits, or with parts that are given out.
  case card, iban, ssn
  /// Numbers to call: behind a `+`, behind a word, of North America, behind a zero.
  case world, announced, american, leading
}

/// What a rule's heading names behind its name: a check, or a number with check digits.
struct RuleCheck {
  private let check: Check
  private let number: NationalNumber?

  init(of rule: Rule) {
    let name = rule.heading.count > 2 ? rule.heading[2] : nil
    number = name.flatMap(NationalNumber.init)
    check = name.map { Check(rawValue: $0) ?? .nothing } ?? .any
  }

  /// Whether it can accept anything of a text with these numbers.
  func mayAccept(_ numbers: Numbers) -> Bool {
    if let number { return number.mayBe(in: numbers) }
    return switch check {
    case .bearer, .code, .dense, .digits, .likely, .random, .spoken, .strong:
      numbers.digitsMax > 0
    case .run: numbers.hasLongRun
    case .joined: numbers.hasMixedRun
    case .card: numbers.digitsMax >= 13
    case .ssn: numbers.digitsMax >= 9
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
    let candidate = Candidate(bytes, match.whole, narrowed(match.found, in: bytes))
    return isAccepted(candidate, candidate.value) ? candidate.range : nil
  }

  /// Without the stop that ends a sentence; of groups of digits as many as a number to call has.
  private func narrowed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var range = range
    if check == .row { return secretOfRow(range, in: bytes) }
    if check == .iban { return account(range, in: bytes) }
    if check == .spoken,
      !isOneOf(range.upperBound < bytes.count ? bytes[range.upperBound] : 0, "\"'`")
    {
      while let last = range.last, isOneOf(bytes[last], ".!?:") { range = range.dropLast() }
    } else if check == .world {
      // `+1234567 -7654321`: added and taken away.
      let gap = bytes[range].indices.dropFirst().first {
        bytes[$0] == UInt8(ascii: "-") && bytes[$0 - 1] == 0x20
      }
      if let gap { range = range.lowerBound..<(gap - 1) }
      while let last = range.last, bytes[range].count(where: isDigit) > 15 || !isDigit(bytes[last])
      {
        range = range.lowerBound..<(bytes[range].lastIndex { !isDigit($0) } ?? range.lowerBound)
      }
    }
    return range
  }

  /// As many letters and digits as an account number of its country has: a word may follow.
  private func account(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var left = ibanLength(bytes[range]) ?? 0
    for index in range where isAlphanumeric(bytes[index]) {
      left -= 1
      if left == 0 { return range.lowerBound..<(index + 1) }
    }
    return range
  }

  /// The first value in quotes that is made as passwords and tokens are; empty where there is none.
  private func secretOfRow(_ row: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var index = row.lowerBound
    while index < row.upperBound {
      let quote = bytes[index]
      index += 1
      guard isOneOf(quote, "'\"") else { continue }
      let start = index
      while index < row.upperBound, bytes[index] != quote { index += 1 }
      let value = Value(bytes: bytes[start..<index])
      let isReal = !value.isTemplate && !value.isPlain && !value.isAddress
      if isReal, value.count >= 8, value.isSecretive && value.isStrong || value.isMixedAtRandom {
        return start..<index
      }
      index += 1
    }
    return row.lowerBound..<row.lowerBound
  }

  private func isAccepted(_ candidate: Candidate, _ value: Value) -> Bool {
    if let number {
      let isOneOfMany = number.looksLikeOthers && !candidate.isBehindWord && candidate.isInRow
      return number.isValid(value) && !candidate.isInTable && !isOneOfMany
    }
    let isReal = !value.isTemplate && !value.isPlain
    return switch check {
    case .any: true
    case .nothing: false
    case .looks: value.looksRandom
    case .run: value.hasRun(of: 12)
    case .mixed: candidate.isMixed
    case .code: value.isAtRandom && (!value.isHash || Words.issued.occurs(in: candidate.before(40)))
    case .bearer: !value.isCountedWord && !value.isTemplate && !value.isExample
    case .secretive: isReal && value.isSecretive
    case .named:
      isReal && value.isSecretive && (!candidate.isToken || value.isStrong || value.isAtRandom)
    case .login: candidate.isLogin
    case .strong: isReal && value.isStrong
    case .likely:
      isReal && !value.isAddress
        && (value.isSecretive && value.isMadeUp && value.count >= 8 || value.isAtRandom)
        && !Words.known.occurs(in: candidate.secretName)
    case .random:
      value.isAtRandom && !value.isAddress && !Words.known.occurs(in: candidate.secretName)
        && (value.isMixedAtRandom || !candidate.isOfTable)
    case .dense: isReal && value.isMixedAtRandom
    case .joined: isReal && candidate.isJoined
    case .given: isReal && value.count >= 3 && !candidate.isPlainPassword && !candidate.isPort
    case .digits: value.count >= 8 && value.has(isDigit) && !value.isTemplate && !value.isExample
    case .letters: isReal && value.has(isLetter)
    case .shouted: isReal && !value.isCall && !candidate.isPath && !candidate.isTurn
    case .quoted: isReal && candidate.isQuotedSecret
    case .setting: isReal && candidate.isSetting
    case .word: !value.isPlain && !candidate.isPath && !candidate.isTurn
    case .words: !value.isExample
    case .element: isReal && !value.isExample
    case .query: isReal && !value.isExample && !value.isWord && !value.isName(ofPassword: false)
    case .row: !value.bytes.isEmpty
    case .told: isReal
    case .spoken: isReal && candidate.isSpoken
    case .own: !value.isPlain && !value.isDescription
    case .email: candidate.isEmail
    case .ipv4: candidate.isAddress
    case .ipv6: candidate.isLongAddress
    case .card: isCard(value.numbers) && !candidate.isInTable
    case .iban: isIBAN(Array(value.bytes))
    case .ssn: isSocialSecurity(value.numbers)
    case .world: candidate.isWorldPhone
    case .announced: (7...15).contains(value.numbers.count) && !value.isDate
    case .american: candidate.isAmericanPhone
    case .leading: candidate.isNationalPhone
    }
  }
}
