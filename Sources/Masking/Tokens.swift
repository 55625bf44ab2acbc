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

// MARK: Headers

/// What follows the scheme in an `Authorization` header: `Bearer …`, `ApiKey …`.
func authorization(_ input: PatternInput) -> Match? {
  guard followsAuthorization(input) else { return nil }
  let scheme = input.end(from: input.position, max: 32) {
    isAlphanumeric($0) || $0 == UInt8(ascii: "-")
  }
  guard scheme > input.position, input.byte(scheme) == UInt8(ascii: " ") else { return nil }
  let value = input.end(from: scheme, max: 2) { $0 == UInt8(ascii: " ") }
  let end = input.trimmed(
    input.end(from: value) { isKeyByte($0) || isOneOf($0, "./+=~:") }, from: value)
  let known: [StaticString] = ["bearer ", "basic ", "token "]
  let isKnown = known.contains { input.has($0, at: input.position, ignoringCase: true) }
  // Of a scheme that may be a word, only what is no word.
  guard end - value >= 8, isKnown || input.bytes[value..<end].contains(where: isDigit) else {
    return nil
  }
  return Match(kind: .token, start: value, end: end)
}

/// Whether the name of the header stands just before.
func followsAuthorization(_ input: PatternInput) -> Bool {
  let nameEnd = input.start(before: input.position, max: 6) { isOneOf($0, " \"'\\:=") }
  return nameEnd < input.position
    && input.has("authorization", at: nameEnd - 13, ignoringCase: true)
}

/// The values in `Cookie: name=value; name=value`, and the first in `Set-Cookie: name=value; …`.
func cookie(_ input: PatternInput) -> Match? {
  guard
    input.has("cookie", at: input.position, ignoringCase: true)
      || input.has("set-cookie", at: input.position, ignoringCase: true)
  else { return nil }
  let isSet = lowered(input.byte(input.position)) == UInt8(ascii: "s")
  let nameEnd = input.position + (isSet ? 10 : 6)
  let colon = input.end(from: nameEnd, max: 3) { isOneOf($0, "\"'\\") }
  guard input.byte(colon) == UInt8(ascii: ":") else { return nil }
  var at = input.end(from: colon + 1, max: 4) { isOneOf($0, " \"'\\") }
  var start: Int?
  var end = at
  while true {
    let name = input.end(from: at, max: 64) { isKeyByte($0) || $0 == UInt8(ascii: ".") }
    guard name > at, input.byte(name) == UInt8(ascii: "=") else { break }
    if start == nil { start = name + 1 }
    end = input.end(from: name + 1) { $0 > 0x20 && !isOneOf($0, "\"'`\\,;<>()[]{}") }
    guard !isSet, input.has("; ", at: end) else { break }
    at = end + 2
  }
  guard let start, end - start >= 8, input.bytes[start..<end].contains(where: isDigit) else {
    return nil
  }
  return Match(kind: .token, start: start, end: end)
}

// MARK: Addresses and commands

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

/// The password among the options of a command: `curl -u user:password`, `mysql -ppassword`.
func commandPassword(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.byte(start) == UInt8(ascii: "-"), input.byte(start - 1) == UInt8(ascii: " ") else {
    return nil
  }
  if input.has("-u ", at: start) { return userPassword(input, start + 3) }
  if input.has("--user ", at: start) || input.has("--user=", at: start) {
    return userPassword(input, start + 7)
  }
  return input.has("-p", at: start) ? joinedPassword(input, start + 2) : nil
}

private func userPassword(_ input: PatternInput, _ at: Int) -> Match? {
  let user = input.end(from: at, max: 1) { isOneOf($0, "\"'") }
  let colon = input.end(from: user, max: 128) { isKeyByte($0) || isOneOf($0, ".@+") }
  guard colon > user, input.byte(colon) == UInt8(ascii: ":") else { return nil }
  let quote = user > at ? input.byte(at) : nil
  return match(input, colon + 1, quote: quote, of: ["curl", "http"])
}

private func joinedPassword(_ input: PatternInput, _ at: Int) -> Match? {
  let start = input.end(from: at, max: 1) { isOneOf($0, "\"'") }
  let end = valueEnd(input, start)
  // A port is none.
  guard input.bytes[start..<end].contains(where: isLetter) else { return nil }
  return match(
    input, start, quote: start > at ? input.byte(at) : nil,
    of: ["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump"])
}

private func match(
  _ input: PatternInput, _ start: Int, quote: UInt8?, of commands: [StaticString]
) -> Match? {
  let close = input.end(from: start, max: 256) { $0 != quote && $0 >= 0x20 }
  let end =
    quote != nil && input.byte(close) == quote ? close : valueEnd(input, start)
  let value = input.bytes[start..<end]
  guard value.count >= 4, !isPlainWord(value), !isOneOf(input.bytes[start], "$<{[%"),
    follows(input, commands)
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}

private func valueEnd(_ input: PatternInput, _ start: Int) -> Int {
  input.end(from: start, max: 256) { $0 > 0x20 && !isOneOf($0, "\"'`\\;<>|()") }
}

/// Whether one of some commands stands before, in the same line.
private func follows(_ input: PatternInput, _ commands: [StaticString]) -> Bool {
  var at = input.position
  let first = max(0, at - 256)
  while at > first, input.bytes[at - 1] != UInt8(ascii: "\n") {
    at -= 1
    if input.isInWord(at) { continue }
    let isCommand = commands.contains { command in
      input.has(command, at: at)
        && input.byte(at + command.utf8CodeUnitCount) == UInt8(ascii: " ")
    }
    if isCommand { return true }
  }
  return false
}
