/// A JSON Web Token, or what follows `Bearer`.
func webToken(_ input: PatternInput) -> Match? {
  let start = input.position
  if input.has("eyJ", at: start) {
    // What decides is near, so that a long text of beginnings costs no more than its length.
    let first = input.end(from: start, max: 512, isKeyByte)
    if first - start >= 10, input.byte(first) == UInt8(ascii: ".") {
      var end = input.end(from: first + 1, isKeyByte)
      let isToken = end - first > 10
      if input.byte(end) == UInt8(ascii: ".") { end = input.end(from: end + 1, isKeyByte) }
      if isToken { return Match(kind: .token, start: start, end: input.trimmed(end, from: start)) }
    }
  }
  for scheme: StaticString in ["bearer ", "basic "] where !followsAuthorization(input) {
    guard input.has(scheme, at: start, ignoringCase: true) else { continue }
    let value = start + scheme.utf8CodeUnitCount
    let end = input.end(from: value) { isKeyByte($0) || isOneOf($0, "./+=~") }
    if end - value >= 16, !isOneOf(input.bytes[value], "/."), !isCountedWord(input, value, end) {
      return Match(kind: .token, start: value, end: input.trimmed(end, from: value))
    }
  }
  return nil
}

/// Whether it has no digits, or only behind a word: `authentication123`.
private func isCountedWord(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  let word = input.end(from: start) { isLetter($0) && !isCapital($0) }
  let number = input.end(from: word, isDigit)
  return number >= end || !input.bytes[start..<end].contains(where: isDigit)
}

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
private func isTemplate(_ value: ArraySlice<UInt8>) -> Bool {
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

/// User and password in a URL: `://user:password@`.
func userInfo(_ input: PatternInput) -> Match? {
  let start = input.position
  guard start >= 3, input.has("://", at: start - 3) else { return nil }
  let user = input.end(from: start, max: 128) { isKeyByte($0) || isOneOf($0, ".%+~") }
  guard input.byte(user) == UInt8(ascii: ":") else { return nil }
  let host = input.end(from: user + 1, max: 256) { $0 > 0x20 && !isOneOf($0, "/\"'<>") }
  // A password may hold the sign itself: the last one counts.
  guard let at = input.bytes[(user + 1)..<host].lastIndex(of: UInt8(ascii: "@")), at > user + 1,
    !isTemplate(input.bytes[(user + 1)..<at])
  else { return nil }
  return Match(kind: .token, start: start, end: at)
}
