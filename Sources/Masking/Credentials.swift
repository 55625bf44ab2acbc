/// The value that is given to something called a password, a secret or the like.
func credential(_ input: PatternInput) -> Match? {
  let nameEnd = input.end(from: input.position, max: 64, isKeyByte)
  guard nameEnd - input.position >= 3 else { return nil }
  guard let name = CredentialName(input, nameEnd) else { return nil }
  if let match = phrase(input, name) { return match }
  if let match = option(input, name) { return match }
  if let match = escaped(input, name) { return match }
  var at = input.end(from: nameEnd, max: 9) { isOneOf($0, "\"'\\") }
  at = input.end(from: at, max: 2) { $0 == UInt8(ascii: " ") }
  guard isOneOf(input.byte(at), "=:") else { return nil }
  at += 1
  let isTight = input.byte(at - 1) == UInt8(ascii: "=") && at == nameEnd + 1
  at = input.end(from: at, max: 2) { isOneOf($0, " =>") }
  if let match = nested(input, at, name) { return match }
  // `key: String = "…"` has the value behind its type.
  let type = input.end(from: at, max: 32) { isAlphanumeric($0) || isOneOf($0, ".?[]_") }
  let afterType = input.end(from: type, max: 3) { isOneOf($0, " =") }
  if type > at, afterType > type, let match = quoted(input, afterType, name) { return match }
  return quoted(input, at, name) ?? unquoted(input, at, name, isTight: isTight)
}

/// A value in the escapes of an address: `%26token%3Dabc`, `%22token%22%3A%22abc%22`,
/// `\u0026token\u003dabc`.
private func escaped(_ input: PatternInput, _ name: CredentialName) -> Match? {
  var at = input.has("%22", at: name.end) ? name.end + 3 : name.end
  let signs: [StaticString] = ["%3d", "%3a", "\\u003d"]
  guard let sign = signs.first(where: { input.has($0, at: at, ignoringCase: true) }) else {
    return nil
  }
  at += sign.utf8CodeUnitCount
  for blank: StaticString in ["%20", "%22"] where input.has(blank, at: at) { at += 3 }
  let end = input.end(from: at, max: 512) { isKeyByte($0) || isOneOf($0, ".~+/") }
  let value = input.bytes[at..<end]
  guard value.count >= 8, !isPlainWord(value), !isExample(value), !isTemplate(value) else {
    return nil
  }
  return Match(kind: .token, start: at, end: end)
}

/// A value one level deeper: `"token": {"value": "…"}`, `"token": ["…"]`.
private func nested(_ input: PatternInput, _ at: Int, _ name: CredentialName) -> Match? {
  if input.byte(at) == UInt8(ascii: "[") { return quoted(input, at + 1, name) }
  guard input.byte(at) == UInt8(ascii: "{") else { return nil }
  let key = input.end(from: at + 1, max: 12) { isOneOf($0, " \"'\\\n\t") }
  for word: StaticString in ["value", "data", "raw"] where input.has(word, at: key) {
    let colon = input.end(from: key + word.utf8CodeUnitCount, max: 9) { isOneOf($0, " \"'\\") }
    guard input.byte(colon) == UInt8(ascii: ":") else { return nil }
    return quoted(input, input.end(from: colon + 1, max: 2) { $0 == UInt8(ascii: " ") }, name)
  }
  return nil
}

/// Whether it says what should stand there: `your-token`, `my_secret`, `token_here`.
private func isExample(_ value: ArraySlice<UInt8>) -> Bool {
  value.split { !isLetter($0) }.contains { isPlainWord($0) || $0.count == 4 && isYours($0) }
}

private func isYours(_ word: ArraySlice<UInt8>) -> Bool {
  "your".utf8.elementsEqual(word.lazy.map(lowered))
}

/// A value to its closing quote, if it is no template and no prose.
private func quoted(_ input: PatternInput, _ at: Int, _ name: CredentialName) -> Match? {
  let start = input.end(from: at, max: 9) { isOneOf($0, "\"'`\\") }
  guard start > at, let quote = input.bytes[at..<start].last, quote != UInt8(ascii: "\\")
  else { return nil }
  var end = input.end(from: start, max: 512) { $0 != quote && $0 >= 0x20 }
  guard input.byte(end) == quote else { return nil }
  end = input.start(before: end, max: end - start) { $0 == UInt8(ascii: "\\") }
  let value = input.bytes[start..<end]
  guard value.count >= 6, !isTemplate(value), !name.isPath(value), name.takes(value),
    name.mayHaveSpaces || !value.contains(UInt8(ascii: " "))
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}

/// A value to the next blank or sign: with a digit, unless its setting tells that it is no code.
private func unquoted(
  _ input: PatternInput, _ start: Int, _ name: CredentialName, isTight: Bool
) -> Match? {
  let near = input.end(from: start, max: 512, isUnquotedByte)
  let value = input.bytes[start..<near]
  guard !isOneOf(input.byte(near), "(["), !isTemplate(value), !name.isPath(value),
    isTight || !name.mayBeTestResult
  else { return nil }
  let isLong: Bool
  if isTight && (name.isShouted || name.isInConnectionString) {
    isLong = value.count >= 4 && !isLiteral(value)
  } else if value.contains(where: isDigit) {
    isLong = value.count >= (name.isPassword && value.contains(where: isLetter) ? 6 : 8)
  } else if isTight, name.isInQuery {
    isLong = value.count >= 8 && !isPlainWord(value) && !isExample(value)
  } else if isTight, value.count >= 16, !isOneOf(input.byte(near), ",)") {
    // Base64 without a digit has both cases.
    isLong = value.contains(where: isCapital) && value.contains { isLetter($0) && !isCapital($0) }
  } else {
    isLong = isSettingsLine(input, name, start, near) && !isPlainWord(value)
  }
  guard isLong, name.takes(value) else { return nil }
  return Match(kind: .token, start: start, end: input.end(from: near, isUnquotedByte))
}

/// Whether a password of small letters is all that a line of settings gives: `password: swordfish`,
/// `pwd=swordfish`. Code has blanks round its `=`, and signs behind.
private func isSettingsLine(
  _ input: PatternInput, _ name: CredentialName, _ start: Int, _ end: Int
) -> Bool {
  guard name.isPassword, end - start >= 6, endsLine(input, end), beginsLine(input, name.start),
    input.bytes[start..<end].allSatisfy({ isLetter($0) && !isCapital($0) })
  else { return false }
  return input.byte(name.end) == UInt8(ascii: ":")
    || input.byte(name.end) == UInt8(ascii: "=") && start == name.end + 1
}

/// The words of a phrase without quotes, as a line of settings gives them.
private func phrase(_ input: PatternInput, _ name: CredentialName) -> Match? {
  guard name.mayHaveSpaces, input.has(": ", at: name.end), beginsLine(input, name.start) else {
    return nil
  }
  let start = name.end + 2
  let end = input.end(from: start, max: 256) {
    isLetter($0) && !isCapital($0) || isDigit($0) || isOneOf($0, " -")
  }
  let words = input.bytes[start..<end].split { isOneOf($0, " -") }
  guard endsLine(input, end), (4...24).contains(words.count), words.allSatisfy({ $0.count >= 3 })
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}

private func beginsLine(_ input: PatternInput, _ start: Int) -> Bool {
  let indent = input.start(before: start, max: 64) { isOneOf($0, " \t-") }
  return indent == 0 || input.bytes[indent - 1] == UInt8(ascii: "\n")
    || isOneOf(input.bytes[indent - 1], "nr") && !input.isInWord(indent)
}

private func endsLine(_ input: PatternInput, _ end: Int) -> Bool {
  end == input.bytes.count || isOneOf(input.bytes[end], "\r\n\\\"")
}

private func isUnquotedByte(_ byte: UInt8) -> Bool {
  byte > 0x20 && !isOneOf(byte, "\"'`\\,;<>()[]{}&")
}

/// The value of an option: `--password hunter22`.
private func option(_ input: PatternInput, _ name: CredentialName) -> Match? {
  let value = name.end + 1
  guard input.byte(name.end) == UInt8(ascii: " "),
    input.has("--", at: name.start - 2) || input.has("--", at: name.start),
    !isOneOf(input.byte(value), "-$<")
  else { return nil }
  let end = input.end(from: value, max: 512, isUnquotedByte)
  guard end - value >= 6, input.bytes[value..<end].contains(where: isDigit) else { return nil }
  return Match(kind: .token, start: value, end: end)
}

/// Whether a value stands for another: `${PASSWORD}`, `$PASSWORD`, `MY_PASSWORD`, `<password>`,
/// `{{ password }}`, `sk-...`.
func isTemplate(_ value: ArraySlice<UInt8>) -> Bool {
  guard let first = value.first, let last = value.last else { return true }
  if isOneOf(first, "<{[%") || value.suffix(3).allSatisfy({ $0 == last }) && isOneOf(last, ".*") {
    return true
  }
  let isVariable = first == UInt8(ascii: "$")
  let name = isVariable ? value.dropFirst() : value
  if isVariable, let next = name.first, isOneOf(next, "{(") { return true }
  return name.allSatisfy { isCapital($0) || $0 == UInt8(ascii: "_") }
    && (isVariable || name.contains(UInt8(ascii: "_")))
}

// MARK: Names

/// A name that tells that a secret follows, and where it stands.
struct CredentialName {
  let start: Int
  let end: Int
  /// All in capitals, as variables of an environment are.
  let isShouted: Bool
  /// Among other settings: `host=db user=admin password=…`, `…;Password=…`.
  let isInConnectionString: Bool
  /// A phrase may have spaces.
  let mayHaveSpaces: Bool
  /// Chosen by people: it may be a word, and short.
  let isPassword: Bool
  /// In the query of an address: `?token=…`, also where that is itself part of one.
  let isInQuery: Bool
  /// `pass` is also a turn, and a test that went well.
  private let mayBeTurn: Bool
  /// `PASS: test_login2`
  let mayBeTestResult: Bool
  /// `pwd` is also where one is.
  private let mayBeFolder: Bool

  /// Nil when the name from the input's position to `end` tells no secret.
  init?(_ input: PatternInput, _ end: Int) {
    let start = input.position
    // Plurals count things: `tokens: 12345678`.
    if lowered(input.byte(end - 1)) == UInt8(ascii: "s"),
      !input.has("pass", at: end - 4, ignoringCase: true)
    {
      return nil
    }
    let isSecret = words.contains { word in
      let first = end - word.utf8CodeUnitCount
      return first >= start && input.has(word, at: first, ignoringCase: true)
    }
    let isPass = !isSecret && Self.isPass(input, start, end)
    guard isSecret || isPass || Self.isSignature(input, start, end) else { return nil }
    self.start = start
    self.end = end
    isShouted = input.bytes[start..<end].allSatisfy { !isLetter($0) || isCapital($0) }
    isInQuery =
      start > 0 && isOneOf(input.bytes[start - 1], "?&") || input.isBehindEscape(start)
    isInConnectionString = Self.followsSetting(input, start)
    mayHaveSpaces = input.has("phrase", at: end - 6, ignoringCase: true)
    isPassword =
      isPass
      || passwords.contains { word in
        input.has(word, at: end - word.utf8CodeUnitCount, ignoringCase: true)
      }
    mayBeTurn = isPass && !(isShouted && end - start > 4)
    mayBeTestResult = isPass && isShouted && end - start == 4
    mayBeFolder = input.has("pwd", at: end - 3, ignoringCase: true)
  }

  func isPath(_ value: ArraySlice<UInt8>) -> Bool {
    mayBeFolder && value.first.map { isOneOf($0, "/~.") } ?? false
  }

  /// Whether a value can be this name's.
  func takes(_ value: ArraySlice<UInt8>) -> Bool {
    !mayBeTurn || value.contains(where: isDigit) && value.contains(where: isLetter)
  }

  /// `pass`, `DB_PASS`, but not `bypass`.
  private static func isPass(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
    input.has("pass", at: end - 4, ignoringCase: true)
      && (end - start == 4 || end - start > 4 && isOneOf(input.byte(end - 5), "_-"))
  }

  /// Of an address that is signed (`sig=`, `X-Amz-Signature=`), or of a request.
  private static func isSignature(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
    guard input.byte(end) == UInt8(ascii: "=") else { return false }
    if end - start == 3, input.has("sig", at: start) {
      return start > 0 && isOneOf(input.bytes[start - 1], "?&")
    }
    return end - start >= 9 && input.has("signature", at: end - 9, ignoringCase: true)
  }

  private static func followsSetting(_ input: PatternInput, _ start: Int) -> Bool {
    let blank = input.start(before: start, max: 1) { $0 == UInt8(ascii: " ") }
    if blank > 0, input.bytes[blank - 1] == UInt8(ascii: ";") { return true }
    guard blank < start else { return false }
    let setting = input.start(before: blank, max: 64) { $0 > 0x20 }
    let bytes = input.bytes[setting..<blank]
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > setting else {
      return false
    }
    return bytes.allSatisfy { isKeyByte($0) || isOneOf($0, "=./:") } && equals < blank - 1
  }
}

private let words: [StaticString] = [
  "password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key",
  "access_key", "access-key", "accesskey", "secret_key", "secret-key", "secretkey", "private_key",
  "privatekey", "client_key", "auth_key", "authkey", "account_key", "accountkey", "signing_key",
  "encryption_key", "secret_key_base", "secretkeybase", "pwd", "pgpass", "passcode",
]

private let passwords: [StaticString] = ["password", "passwd", "pwd", "pgpass", "passcode"]

// MARK: Words that give nothing away

/// Whether what stands for a value is a word of types, of code or of examples, and gives nothing away.
func isPlainWord(_ value: ArraySlice<UInt8>) -> Bool {
  isOneOf(value, literals) || isOneOf(value, plainWords)
}

/// Whether it is a value of code that says that there is none, or whether there is.
func isLiteral(_ value: ArraySlice<UInt8>) -> Bool { isOneOf(value, literals) }

private func isOneOf(_ value: ArraySlice<UInt8>, _ words: [StaticString]) -> Bool {
  let value = value.map(lowered)
  return words.contains { word in word.withUTF8Buffer { unsafe value.elementsEqual($0) } }
}

private let literals: [StaticString] = ["true", "false", "none", "null", "undefined"]

private let plainWords: [StaticString] = [
  "password", "passwd", "secret", "token", "empty", "string", "number", "boolean", "integer",
  "varchar", "secretstr", "bytes", "object", "required", "optional", "nullable", "default",
  "hidden", "masked", "redacted", "removed", "omitted", "encrypted", "hashed", "random",
  "generated",
  "changed", "correct", "incorrect", "invalid", "missing", "unknown", "expired", "forgotten",
  "disabled", "enabled", "example", "placeholder", "credential", "credentials", "value", "input",
  "field", "prompt", "passphrase", "getpass", "pass", "test", "todo", "xxxx", "xxxxxx", "xxxxxxxx",
]
