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
