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
    // What decides is near, so that a long text of beginnings costs no more than its length.
    let near = input.end(from: rest, max: 256, isDottedKeyByte)
    if near - rest >= restMin, input.bytes[rest..<near].contains(where: isDigit) {
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
  return amazonKey(input) ?? webhook(input) ?? botToken(input)
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

/// Whether 12 letters and digits stand together, digits among them.
private func hasRandomRun(_ bytes: ArraySlice<UInt8>) -> Bool {
  bytes.split { !isAlphanumeric($0) }.contains { $0.count >= 12 && $0.contains(where: isDigit) }
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
private func botToken(_ input: PatternInput) -> Match? {
  let start = input.position
  let colon = input.end(from: start, max: 11, isDigit)
  guard colon - start >= 8, input.has(":AA", at: colon) else { return nil }
  let end = input.end(from: colon + 1, max: 36, isKeyByte)
  return end - colon == 36 ? Match(kind: .key, start: start, end: end) : nil
}
