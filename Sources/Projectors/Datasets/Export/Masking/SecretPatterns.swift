/// A private key with its armour, to its end or that of the text.
func secretBlock(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.has("-----BEGIN ", at: start) else { return nil }
  let headEnd = input.end(from: start + 11, max: 64) { isLetter($0) || $0 == UInt8(ascii: " ") }
  guard input.has("-----", at: headEnd), headEnd >= start + 22,
    input.has("PRIVATE KEY", at: headEnd - 11) || input.has("KEY BLOCK", at: headEnd - 9)
  else { return nil }
  var end = headEnd + 5
  while end < input.bytes.count, !input.has("-----END ", at: end) { end += 1 }
  end = min(end + 9, input.bytes.count)
  end = input.end(from: end, max: 64) { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "\n") }
  end = input.end(from: end, max: 5) { $0 == UInt8(ascii: "-") }
  return Match(kind: .key, start: start, end: end)
}

/// Keys that say by their beginnings whose they are.
func knownKey(_ input: PatternInput) -> Match? {
  let start = input.position
  for (prefix, restMin) in keyPrefixes where input.has(prefix, at: start) {
    let rest = start + prefix.utf8CodeUnitCount
    let end = input.end(from: rest) { isKeyByte($0) || $0 == UInt8(ascii: ".") }
    if end - rest >= restMin, input.bytes[rest..<end].contains(where: isDigit) {
      return Match(kind: .key, start: start, end: trimmed(input, from: rest, to: end))
    }
  }
  for prefix: StaticString in ["AKIA", "ASIA", "AROA", "AIDA"] where input.has(prefix, at: start) {
    let end = input.end(from: start) { isDigit($0) || $0 &- UInt8(ascii: "A") < 26 }
    if end - start == 20, !isWordByte(input.byte(end)) {
      return Match(kind: .key, start: start, end: end)
    }
  }
  return nil
}

private let keyPrefixes: [(StaticString, Int)] = [
  ("sk-", 16), ("sk_live_", 12), ("sk_test_", 12), ("rk_live_", 12), ("rk_test_", 12),
  ("whsec_", 16), ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20),
  ("github_pat_", 20), ("glpat-", 16), ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxs-", 10),
  ("xoxr-", 10), ("xapp-", 10), ("AIza", 30), ("ya29.", 20), ("hf_", 20), ("npm_", 30),
  ("pypi-", 30), ("SG.", 30), ("dop_v1_", 30), ("gsk_", 20), ("xai-", 20), ("r8_", 30),
  ("dckr_pat_", 16), ("shpat_", 16), ("lin_api_", 16), ("ntn_", 20), ("sq0atp-", 16),
]

/// Without a full stop that ends a sentence.
private func trimmed(_ input: PatternInput, from start: Int, to end: Int) -> Int {
  var end = end
  while end > start, input.bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
  return end
}

/// A JSON Web Token, or what follows `Bearer`.
func webToken(_ input: PatternInput) -> Match? {
  let start = input.position
  if input.has("eyJ", at: start) {
    let first = input.end(from: start, isKeyByte)
    let second = input.end(from: first + 1, isKeyByte)
    if first - start >= 10, input.byte(first) == UInt8(ascii: "."), second - first > 10 {
      var end = second
      if input.byte(second) == UInt8(ascii: ".") { end = input.end(from: second + 1, isKeyByte) }
      return Match(kind: .token, start: start, end: trimmed(input, from: start, to: end))
    }
  }
  for scheme: StaticString in ["bearer ", "basic "] {
    guard input.has(scheme, at: start, ignoringCase: true) else { continue }
    let value = start + scheme.utf8CodeUnitCount
    let end = input.end(from: value) { isKeyByte($0) || isOneOf($0, "./+=~") }
    if end - value >= 16, input.bytes[value..<end].contains(where: isDigit) {
      return Match(kind: .token, start: value, end: trimmed(input, from: value, to: end))
    }
  }
  return nil
}

/// The value that is given to something called a password, a secret or the like.
func credential(_ input: PatternInput) -> Match? {
  let start = input.position
  let nameEnd = input.end(from: start, max: 64, isKeyByte)
  guard nameEnd - start >= 3, namesCredential(input, start, nameEnd) else { return nil }
  var value = input.end(from: nameEnd, max: 3) { isOneOf($0, "\"'\\") }
  value = input.end(from: value, max: 2) { $0 == UInt8(ascii: " ") }
  guard isOneOf(input.byte(value), "=:") else { return nil }
  value = input.end(from: value + 1, max: 2) { isOneOf($0, " =>") }
  let quote = input.end(from: value, max: 3) { isOneOf($0, "\"'`\\") }
  let end = input.end(from: quote) { $0 > 0x20 && !isOneOf($0, "\"'`\\,;<>()[]{}&") }
  let isQuoted = quote > value && isOneOf(input.byte(end), "\"'`\\")
  let lengthMin = isQuoted ? 6 : 8
  guard end - quote >= lengthMin,
    isQuoted || input.bytes[quote..<end].contains(where: isDigit)
  else { return nil }
  return Match(kind: .token, start: quote, end: end)
}

private func namesCredential(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  let words: [StaticString] = [
    "password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "api-key",
    "access_key", "access-key", "accesskey", "private_key", "client_key", "auth_key", "pwd",
  ]
  // Plurals count things: `tokens: 12345678`.
  if lowered(input.byte(end - 1)) == UInt8(ascii: "s") && !input.has("pass", at: end - 4) {
    return false
  }
  return words.contains { word in
    let first = end - word.utf8CodeUnitCount
    return first >= start && input.has(word, at: first, ignoringCase: true)
  }
}

/// User and password in a URL: `://user:password@`.
func userInfo(_ input: PatternInput) -> Match? {
  let start = input.position
  guard start >= 3, input.has("://", at: start - 3) else { return nil }
  let user = input.end(from: start, max: 128) { isKeyByte($0) || isOneOf($0, ".%+~") }
  guard input.byte(user) == UInt8(ascii: ":") else { return nil }
  let end = input.end(from: user + 1, max: 256) { $0 > 0x20 && !isOneOf($0, "@/\"'<>") }
  guard end > user + 1, input.byte(end) == UInt8(ascii: "@") else { return nil }
  return Match(kind: .token, start: start, end: end)
}
