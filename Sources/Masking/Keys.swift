/// A private key with its armour.
func secretBlock(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.has("-----BEGIN ", at: start) else { return nil }
  let headEnd = input.end(from: start + 11, max: 64) { isLetter($0) || $0 == UInt8(ascii: " ") }
  guard input.has("-----", at: headEnd), headEnd >= start + 22,
    input.has("PRIVATE KEY", at: headEnd - 11) || input.has("KEY BLOCK", at: headEnd - 9)
  else { return nil }
  return blockEnd(input, body: headEnd + 5).map { Match(kind: .key, start: start, end: $0) }
}

/// Where the key behind a heading ends: with its own end, or, of a text that was cut off, with its
/// last line. Nil when no key follows, but text that speaks of one.
private func blockEnd(_ input: PatternInput, body: Int) -> Int? {
  var foot = body
  while foot < input.bytes.count, !input.has("-----", at: foot) { foot += 1 }
  guard input.has("-----END ", at: foot) else { return cutBlockEnd(input, body: body, limit: foot) }
  var hasLongLine = false
  var isAllLines = true
  var at = body
  while at < foot {
    let end = min(base64End(input, at), foot)
    hasLongLine = hasLongLine || end - at >= base64LineMin
    at = min(lineBreakEnd(input, end), foot)
    if at < foot, !input.bytes[end..<at].contains(where: { isOneOf($0, "\n\\") }) {
      isAllLines = false
      at = max(at, end + 1)
    }
  }
  guard hasLongLine || isAllLines else { return nil }
  let end = input.end(from: foot + 9, max: 64) { $0 != UInt8(ascii: "-") && $0 >= 0x20 }
  return input.end(from: end, max: 5) { $0 == UInt8(ascii: "-") }
}

private func cutBlockEnd(_ input: PatternInput, body: Int, limit: Int) -> Int? {
  // Headings such as `Proc-Type: 4,ENCRYPTED` come first.
  var at = body
  var end = base64End(input, at)
  while !isKeyLine(input, at, end) {
    at = max(end + 1, lineBreakEnd(input, end))
    guard at < limit, at - body < 512 else { return nil }
    end = base64End(input, at)
  }
  while true {
    let next = lineBreakEnd(input, end)
    let nextEnd = base64End(input, next)
    guard next > end, nextEnd > next,
      nextEnd - next >= base64LineMin || nextEnd == input.bytes.count
    else {
      return end
    }
    end = nextEnd
  }
}

/// Lines of keys have 64 or 76 characters, of keys that were cut off fewer; no word has as many as
/// this.
private let base64LineMin = 24

/// Whether it is a line of its own, and neither a word nor a path.
private func isKeyLine(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  end - start >= base64LineMin && input.bytes[start..<end].contains(where: isDigit)
    && input.bytes[start..<end].contains(where: isCapital)
    && (end == input.bytes.count || isOneOf(input.bytes[end], "\r\n\\\"'"))
}

private func base64End(_ input: PatternInput, _ at: Int) -> Int {
  input.end(from: at) { isAlphanumeric($0) || isOneOf($0, "+/=") }
}

/// Where the next line begins: behind a line feed and the like, or the escapes `\n` and `\r` of text
/// that quotes text.
private func lineBreakEnd(_ input: PatternInput, _ at: Int) -> Int {
  var at = at
  while true {
    let end = input.end(from: at) { isOneOf($0, " \t\r\n\"',+>|") }
    let isEscape =
      input.byte(end) == UInt8(ascii: "\\") && isOneOf(input.byte(end + 1), "nr\\")
    if !isEscape { return end }
    at = end + 2
  }
}

/// Keys that say by their beginnings whose they are.
func knownKey(_ input: PatternInput) -> Match? {
  let start = input.position
  for (prefix, restMin) in keyPrefixes where input.has(prefix, at: start) {
    let rest = start + prefix.utf8CodeUnitCount
    // What decides is near, so that a long text of beginnings costs no more than its length.
    let near = input.end(from: rest, max: 256, isDottedKeyByte)
    if near - rest >= restMin, looksRandom(input.bytes[rest..<near]) {
      return Match(kind: .key, start: start, end: keyEnd(input, from: near))
    }
  }
  for prefix in wordyPrefixes where input.has(prefix, at: start) {
    let rest = start + prefix.utf8CodeUnitCount
    let near = input.end(from: rest, max: 256, isDottedKeyByte)
    if near - rest >= 16, hasRandomRun(input.bytes[rest..<near]) {
      return Match(kind: .key, start: start, end: keyEnd(input, from: near))
    }
  }
  if let match = amazonKey(input) ?? twilioKey(input) { return match }
  return webhook(input) ?? telegramToken(input) ?? discordToken(input)
}

private let keyPrefixes: [(StaticString, restMin: Int)] = [
  ("sk_live_", 12), ("sk_test_", 12), ("rk_live_", 12), ("rk_test_", 12), ("pk_live_", 12),
  ("whsec_", 16), ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20),
  ("github_pat_", 20), ("glpat-", 16), ("gldt-", 16), ("glrt-", 16), ("xoxb-", 10),
  ("xoxp-", 10), ("xoxa-", 10), ("xoxs-", 10), ("xoxr-", 10), ("xoxe-", 10), ("xoxe.", 10),
  ("xapp-", 10), ("AIza", 30), ("ya29.", 20), ("GOCSPX-", 20), ("SG.", 30), ("dop_v1_", 30),
  ("gsk_", 20), ("xai-", 20), ("r8_", 30), ("dckr_pat_", 16), ("shpat_", 16), ("shpss_", 16),
  ("lin_api_", 16), ("ntn_", 20), ("sq0atp-", 16), ("sq0csp-", 16), ("hvs.", 20), ("sbp_", 30),
  ("pplx-", 30), ("nvapi-", 30), ("PMAK-", 20), ("ATATT3", 30), ("AGE-SECRET-KEY-1", 50),
]

/// Names begin like these too (`sk-learn-…`, `npm_config_…`): a key goes on at random.
private let wordyPrefixes: [StaticString] = ["sk-", "hf_", "npm_", "pypi-", "key-", "dapi"]

/// Whether 12 letters and digits stand together, digits among them, or more than a word has.
private func hasRandomRun(_ bytes: ArraySlice<UInt8>) -> Bool {
  bytes.split { !isAlphanumeric($0) }.contains {
    $0.count >= 30 || $0.count >= 12 && $0.contains(where: isDigit)
  }
}

/// Whether it has digits, or, as some keys have none, 16 letters together, or letters of both cases.
/// Words in small letters stand for a key: `ghp_your_token_here`.
private func looksRandom(_ bytes: ArraySlice<UInt8>) -> Bool {
  if bytes.contains(where: isDigit) { return true }
  if bytes.split(whereSeparator: { !isAlphanumeric($0) }).contains(where: { $0.count >= 16 }) {
    return true
  }
  return !bytes.contains(UInt8(ascii: ".")) && bytes.contains(where: isCapital)
    && bytes.contains { isLetter($0) && !isCapital($0) }
}

private func isDottedKeyByte(_ byte: UInt8) -> Bool { isKeyByte(byte) || byte == UInt8(ascii: ".") }

private func keyEnd(_ input: PatternInput, from near: Int) -> Int {
  input.trimmed(input.end(from: near, isDottedKeyByte), from: input.position)
}

/// Ids of access keys at AWS: four letters and 16 more.
private func amazonKey(_ input: PatternInput) -> Match? {
  let start = input.position
  for prefix: StaticString in ["AKIA", "ASIA", "AROA", "AIDA"] where input.has(prefix, at: start) {
    let end = input.end(from: start, max: 21) { isDigit($0) || isCapital($0) }
    if end - start == 20, !isWordByte(input.byte(end)) {
      return Match(kind: .key, start: start, end: end)
    }
  }
  return nil
}

/// Ids of accounts and keys at Twilio: two letters and 32 digits of hex.
private func twilioKey(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.has("AC", at: start) || input.has("SK", at: start) else { return nil }
  let end = input.end(from: start + 2, max: 33) { isHex($0) && !isCapital($0) }
  guard end - start == 34, !isKeyByte(input.byte(end)) else { return nil }
  return Match(kind: .key, start: start, end: end)
}

/// The secret part of an address that takes messages from whoever knows it.
private func webhook(_ input: PatternInput) -> Match? {
  let hosts: [StaticString] = ["hooks.slack.com/services/", "discord.com/api/webhooks/"]
  for host in hosts where input.has(host, at: input.position) {
    let secret = input.position + host.utf8CodeUnitCount
    let end = input.end(from: secret) { isKeyByte($0) || $0 == UInt8(ascii: "/") }
    if end - secret >= 20 { return Match(kind: .key, start: secret, end: end) }
  }
  return nil
}

/// Tokens of Telegram's bots: a number, a colon and 35 more.
private func telegramToken(_ input: PatternInput) -> Match? {
  let start = input.position
  let colon = input.end(from: start, max: 11, isDigit)
  guard colon - start >= 8, input.has(":AA", at: colon) else { return nil }
  let end = input.end(from: colon + 1, max: 36, isKeyByte)
  return end - colon == 36 ? Match(kind: .key, start: start, end: end) : nil
}

/// Tokens of Discord's bots: three parts of Base64, the first that of a number.
private func discordToken(_ input: PatternInput) -> Match? {
  let start = input.position
  guard isOneOf(input.byte(start), "MNO") else { return nil }
  let id = input.end(from: start, max: 29, isKeyByte)
  let time = input.end(from: id + 1, max: 7, isKeyByte)
  let end = input.end(from: time + 1, max: 41, isKeyByte)
  guard (23...28).contains(id - start), input.byte(id) == UInt8(ascii: "."), time - id == 7,
    input.byte(time) == UInt8(ascii: "."), (28...41).contains(end - time),
    input.bytes[start..<id].contains(where: isDigit)
  else { return nil }
  return Match(kind: .key, start: start, end: end)
}
