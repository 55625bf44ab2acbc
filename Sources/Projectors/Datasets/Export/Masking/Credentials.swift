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
  for scheme: StaticString in ["bearer ", "basic ", "token "] {
    guard input.has(scheme, at: start, ignoringCase: true) else { continue }
    let value = start + scheme.utf8CodeUnitCount
    let end = input.end(from: value) { isKeyByte($0) || isOneOf($0, "./+=~") }
    let isToken =
      followsAuthorization(input)
      ? end - value >= 8
      : end - value >= 16 && input.bytes[value..<end].contains(where: isDigit)
        && !isOneOf(input.bytes[value], "/.") && !input.has("token", at: start, ignoringCase: true)
    if isToken {
      return Match(kind: .token, start: value, end: input.trimmed(end, from: value))
    }
  }
  return nil
}

/// Whether the name of the header stands just before.
private func followsAuthorization(_ input: PatternInput) -> Bool {
  let nameEnd = input.start(before: input.position, max: 6) { isOneOf($0, " \"'\\:=") }
  return input.has("authorization", at: nameEnd - 13, ignoringCase: true)
}

/// The value that is given to something called a password, a secret or the like.
func credential(_ input: PatternInput) -> Match? {
  let nameEnd = input.end(from: input.position, max: 64, isKeyByte)
  guard nameEnd - input.position >= 3 else { return nil }
  guard let name = CredentialName(input, nameEnd) else { return nil }
  if let match = option(input, name) { return match }
  var at = input.end(from: nameEnd, max: 3) { isOneOf($0, "\"'\\") }
  at = input.end(from: at, max: 2) { $0 == UInt8(ascii: " ") }
  guard isOneOf(input.byte(at), "=:") else { return nil }
  at += 1
  let isTight = input.byte(at - 1) == UInt8(ascii: "=") && at == nameEnd + 1
  at = input.end(from: at, max: 2) { isOneOf($0, " =>") }
  // `key: String = "…"` has the value behind its type.
  let type = input.end(from: at, max: 32) { isAlphanumeric($0) || isOneOf($0, ".?[]_") }
  let afterType = input.end(from: type, max: 3) { isOneOf($0, " =") }
  if type > at, afterType > type, let match = quoted(input, afterType, name) { return match }
  return quoted(input, at, name) ?? unquoted(input, at, name, isTight: isTight)
}

/// A value to its closing quote, if it is no template and no prose.
private func quoted(_ input: PatternInput, _ at: Int, _ name: CredentialName) -> Match? {
  let start = input.end(from: at, max: 3) { isOneOf($0, "\"'`\\") }
  guard start > at, let quote = input.bytes[at..<start].last, quote != UInt8(ascii: "\\")
  else { return nil }
  var end = input.end(from: start, max: 512) { $0 != quote && $0 >= 0x20 }
  guard input.byte(end) == quote else { return nil }
  end = input.start(before: end, max: end - start) { $0 == UInt8(ascii: "\\") }
  let value = input.bytes[start..<end]
  guard value.count >= 6, !isTemplate(value), !name.isPath(value),
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
  guard !isOneOf(input.byte(near), "(["), !isTemplate(value), !name.isPath(value) else {
    return nil
  }
  let lengthMin: Int
  if isTight && (name.isShouted || name.isInConnectionString) {
    lengthMin = 4
  } else {
    guard value.contains(where: isDigit) else { return nil }
    lengthMin = 8
  }
  if value.count < lengthMin { return nil }
  return Match(kind: .token, start: start, end: input.end(from: near, isUnquotedByte))
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
