internal import Rules

/// What a pattern cannot say about what it found: that it is at random, that it is no example, or that
/// its digits check. A rule's heading names one behind its name; without one all is taken.
enum Check: String {
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
  case card, iban, ssn, national
  /// Numbers to call: behind a `+`, behind a word, of North America, behind a zero.
  case world, announced, american, leading

  init(of rule: Rule) {
    self = rule.heading.count > 2 ? Check(rawValue: rule.heading[2]) ?? .nothing : .any
  }

  /// Whether it can accept anything of a text with these numbers.
  func mayAccept(_ numbers: Numbers) -> Bool {
    switch self {
    case .bearer, .code, .dense, .digits, .likely, .random, .spoken, .strong:
      numbers.digitsMax > 0
    case .run: numbers.hasLongRun
    case .joined: numbers.hasMixedRun
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
    if self == .spoken,
      !isOneOf(range.upperBound < bytes.count ? bytes[range.upperBound] : 0, "\"'`")
    {
      while let last = range.last, isOneOf(bytes[last], ".!?:") { range = range.dropLast() }
    } else if self == .world {
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
    case .secretive: isReal && value.isSecretive
    case .named:
      isReal && value.isSecretive && (!found.isToken || value.isStrong || value.isAtRandom)
    case .login: found.isLogin
    case .strong: isReal && value.isStrong
    case .likely:
      isReal && !value.isAddress
        && (value.isSecretive && value.isMadeUp && value.count >= 8 || value.isAtRandom)
        && !Words.known.occurs(in: found.secretName)
    case .random:
      value.isAtRandom && !value.isAddress && !Words.known.occurs(in: found.secretName)
        && (value.isMixedAtRandom || !found.isOfTable)
    case .dense: isReal && value.isMixedAtRandom
    case .joined: isReal && found.isJoined
    case .given: isReal && value.count >= 3 && !found.isPlainPassword && !found.isPort
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
    case .card: isCard(value.numbers) && !found.isInTable
    case .iban: isIBAN(Array(value.bytes))
    case .ssn: isSocialSecurity(value.numbers)
    case .national: isNationalID(value) && !found.isInTable
    case .world: found.isWorldPhone
    case .announced: (7...15).contains(value.numbers.count) && !value.isDate
    case .american: found.isAmericanPhone
    case .leading: found.isNationalPhone
    }
  }
}
