/// Bytes that may be a secret, and what they look like.
struct Value {
  let bytes: ArraySlice<UInt8>

  var count: Int { bytes.count }
  func has(_ condition: (UInt8) -> Bool) -> Bool { bytes.contains(where: condition) }
  func count(where condition: (UInt8) -> Bool) -> Int { bytes.count(where: condition) }
  var numbers: [Int] { bytes.filter(isDigit).map { Int($0) - 48 } }
  var number: Int { numbers.prefix(9).reduce(0) { $0 * 10 + $1 } }

  // MARK: At random

  var hasBothCases: Bool { has(isCapital) && has { isLetter($0) && !isCapital($0) } }
  var isHex: Bool { bytes.allSatisfy(isHexDigit) }

  /// The longest run of letters and digits.
  var longest: Int { runs.map(\.count).max() ?? 0 }

  private var runs: [ArraySlice<UInt8>] { bytes.split { !isAlphanumeric($0) } }

  /// Whether it has digits, or, as some keys have none, 16 letters together, or letters of both cases.
  /// Words in small letters stand for a key: `ghp_your_token_here`.
  var looksRandom: Bool {
    if isTemplate || isExample && longest < 20 { return false }
    return has(isDigit) || longest >= 16
      || hasBothCases && !has { $0 == UInt8(ascii: ".") }
  }

  private var isSmallWord: Bool { bytes.allSatisfy { isLetter($0) && !isCapital($0) } }

  /// Whether so many letters and digits stand together, digits among them, or more than a word has.
  func hasRun(of least: Int) -> Bool {
    !isTemplate
      && runs.contains { $0.count >= 30 || $0.count >= least && $0.contains(where: isDigit) }
  }

  /// Whether it has many different characters for its length, digits among letters, and is no name.
  var isAtRandom: Bool {
    let whole = bytes.filter(isAlphanumeric)
    guard whole.count >= 16, longest >= 8, has(isDigit), has(isLetter), !isCountedWord, !isTemplate,
      !isExample
    else { return false }
    return entropy(whole) >= (isHex ? 2.9 : 3.2) && !isCamel
  }

  /// The same, of capitals and small letters.
  var isMixedAtRandom: Bool {
    count >= 20 && isAtRandom && hasBothCases && count(where: isDigit) >= (count < 28 ? 2 : 1)
  }

  /// Whether it has digits and letters of both cases, and is not of words written together.
  var isStrong: Bool { has(isDigit) && hasBothCases && !isCamel }

  /// The same, also of words with a sign that names have not: `Winter#2023`.
  var isMadeUp: Bool {
    isStrong || has(isDigit) && hasBothCases && has { isOneOf($0, "!#$^*?~") }
  }

  /// Whether letters of one case change with digits as in no words, and it is no id that begins with
  /// the time.
  var isOneCaseAtRandom: Bool {
    guard count >= 24, !hasBothCases, count(where: isDigit) >= 3, has(isLetter) else {
      return false
    }
    let changes = zip(bytes, bytes.dropFirst()).count { isDigit($0) != isDigit($1) }
    let isTimed = count == 26 && bytes.first == UInt8(ascii: "0")
    return changes >= 5 && entropy(bytes) >= 3.3 && !isTimed && !isTemplate
  }

  /// Hexadecimal with as many different digits as chance gives.
  var isHexAtRandom: Bool { isHex && has(isDigit) && has(isLetter) && entropy(bytes) >= 2.9 }

  /// A sum over contents, such as that of a commit.
  var isHash: Bool { isHex && [24, 32, 40, 64].contains(count) || isHex && count < 24 }

  /// A word, or one with a number behind it: `authentication123`.
  var isCountedWord: Bool {
    let word = bytes.prefix { isLetter($0) && !isCapital($0) || isOneOf($0, "_-") }
    let rest = bytes.dropFirst(word.count)
    return rest.allSatisfy(isDigit) || !has(isDigit)
  }

  /// Words that are written together, as names are: what is at random changes its kind of letters
  /// more often.
  var isCamel: Bool {
    guard hasBothCases else { return false }
    var words = 0
    var isInWord = false
    var last: UInt8 = 0
    for byte in bytes where isAlphanumeric(byte) {
      let isNext =
        isDigit(byte) ? !isDigit(last) : isCapital(byte) ? !isCapital(last) : !isLetter(last)
      if isNext || !isInWord { words += 1 }
      isInWord = true
      last = byte
    }
    return count(where: isAlphanumeric) * 10 >= 27 * words && count(where: isCapital) <= words + 3
  }

  /// `access_token_2`, `refreshToken`, `auth-type/id`: a name of code, and no secret. A password may be
  /// made of words, if none of them says what it is.
  func isName(ofPassword isPassword: Bool) -> Bool {
    if bytes.first == UInt8(ascii: "#") || bytes.first == UInt8(ascii: "\\") { return true }
    if isAddress { return true }
    let namesSecret = Words.secretNames.occurs(in: Lowered(bytes))
    if isPassword, !namesSecret { return false }
    let parts = bytes.split { isOneOf($0, "_-/.") }
    let isOfWords = parts.allSatisfy { part in
      let word = part.prefix(while: isLetter)
      return !word.isEmpty && part.dropFirst(word.count).allSatisfy(isDigit)
        && part.count - word.count <= 2
    }
    guard isOfWords else { return false }
    if parts.count > 2 || parts.count > 1 && !has({ $0 == UInt8(ascii: "-") }) { return true }
    return !has(isDigit) && isCamel || namesSecret && count < 24
  }

  /// Whether it is made as passwords and tokens are: letters with digits or signs among them, and no
  /// name, version, file or place of code.
  var isSecretive: Bool {
    guard count >= 6, has(isLetter), has({ isDigit($0) || isOneOf($0, "!#$%^*?+~=@") }),
      !has({ $0 == 0x20 })
    else { return false }
    let dot = bytes.lastIndex(of: UInt8(ascii: "."))
    let isFile = dot.map { Words.fileEndings.contains(bytes[($0 + 1)...]) } ?? false
    return !isExample && !isReference && !isCall && !isPath && !isDate && !isVersion && !isFile
      && !isCoding && !isName(ofPassword: false)
  }

  /// `1.25`, `v1.2.3-rc1`
  private var isVersion: Bool {
    let number = bytes.first == UInt8(ascii: "v") ? bytes.dropFirst() : bytes
    let main = number.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    return main.contains(UInt8(ascii: ".")) && main.first.map(isDigit) ?? false
  }

  /// `utf-8`, `aes-256-cbc`
  private var isCoding: Bool { count < 16 && Words.codings.beginsOne(of: Lowered(bytes)) }

  // MARK: What gives nothing away

  /// Whether it stands for another: `${PASSWORD}`, `$PASSWORD`, `MY_PASSWORD`, `<password>`,
  /// `{{ password }}`, `sk-...`.
  var isTemplate: Bool {
    guard let first = bytes.first, let last = bytes.last else { return true }
    if isOneOf(first, "<{[%") || bytes.suffix(3).allSatisfy({ $0 == last }) && isOneOf(last, ".*xX")
    {
      return true
    }
    // `{password!r}` of Python, without its braces.
    if count > 2, bytes[bytes.endIndex - 2] == UInt8(ascii: "!"), isOneOf(last, "rsa") {
      return true
    }
    let isVariable = first == UInt8(ascii: "$")
    let name = isVariable ? bytes.dropFirst() : bytes
    if isVariable, let next = name.first, isOneOf(next, "{(") { return true }
    if isVariable, name.allSatisfy({ isDigit($0) || isKeyByte($0) }), count < 16 { return true }
    if bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: "$") && opens($0 + 1) }) {
      return true
    }
    return name.allSatisfy { isCapital($0) || $0 == UInt8(ascii: "_") }
      && (isVariable || name.contains(UInt8(ascii: "_")))
  }

  private func opens(_ index: Int) -> Bool {
    bytes.indices.contains(index) && isOneOf(bytes[index], "{(")
  }

  /// Whether it says what should stand there: `your-token`, `my_secret_here`.
  var isExample: Bool {
    runs.contains { run in run.count < 24 && Words.examples.contains(run.filter { !isDigit($0) }) }
  }

  /// A word of types, of code or of examples.
  var isPlain: Bool { Words.literals.contains(bytes) || Words.plain.contains(bytes) }

  var isWord: Bool { isSmallWord && count <= 12 && isDescription }
  var isCapitalised: Bool {
    bytes.first.map(isCapital) ?? false
      && bytes.dropFirst().allSatisfy { !isCapital($0) && isLetter($0) }
  }

  /// `user.token2`, `Config::SECRET`, `secrets/token1`: where it is to be found.
  var isReference: Bool {
    let parts = bytes.split { isOneOf($0, ".:") }
    return (parts.count > 1 || parts.count == 1 && bytes.first == UInt8(ascii: "."))
      && parts.allSatisfy { part in
        isLetter(part[part.startIndex]) && part.allSatisfy { isWordByte($0) }
          && (Value(bytes: part).count(where: isDigit) <= 2 || Value(bytes: bytes).isCamel)
      }
  }

  /// Of which only a part may be secret.
  var isAddress: Bool { Lowered(bytes).contains(Array("://".utf8)) }
  var isCall: Bool {
    has { $0 == UInt8(ascii: "(") } && bytes.last == UInt8(ascii: ")")
      || has { $0 == UInt8(ascii: "[") } && bytes.last == UInt8(ascii: "]")
  }
  var isPath: Bool {
    bytes.first == UInt8(ascii: "/") && bytes.count { $0 == UInt8(ascii: "/") } > 1
  }
  var isDate: Bool {
    let shape = bytes.map { isDigit($0) ? UInt8(ascii: "d") : $0 }
    return shape.starts(with: "dddd-dd-dd".utf8)
  }

  var isDescription: Bool { Words.descriptions.endsOne(of: Lowered(bytes)) }
}

/// Bits a character that the characters' shares give (Shannon).
func entropy(_ bytes: some Collection<UInt8>) -> Double {
  var counts = [Int](repeating: 0, count: 256)
  for byte in bytes { counts[Int(byte)] += 1 }
  return counts.reduce(0) { sum, count in
    if count == 0 { return sum }
    return sum - Double(count) / Double(bytes.count) * log2(count, of: bytes.count)
  }
}

/// The binary logarithm of a fraction, by halving and squaring: the same on every machine.
private func log2(_ count: Int, of total: Int) -> Double {
  var fraction = Double(count) / Double(total)
  var result = 0.0
  while fraction < 1 {
    fraction *= 2
    result -= 1
  }
  var step = 0.5
  for _ in 0..<16 {
    fraction *= fraction
    if fraction >= 2 {
      fraction /= 2
      result += step
    }
    step /= 2
  }
  return result
}

func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
func isLetter(_ byte: UInt8) -> Bool { lowered(byte) &- UInt8(ascii: "a") < 26 }
func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || lowered(byte) &- UInt8(ascii: "a") < 6 }
/// Part of a word, beyond ASCII too.
func isWordByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
}
func isKeyByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}
func lowered(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte | 0x20 : byte }
func isOneOf(_ byte: UInt8, _ set: StaticString) -> Bool {
  set.withUTF8Buffer { buffer in unsafe buffer.contains(byte) }
}
