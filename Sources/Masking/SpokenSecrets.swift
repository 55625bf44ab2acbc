/// A password or a number that somebody tells in a sentence: `my password is hunter2`, `PIN was 1234`.
func spokenSecret(_ input: PatternInput) -> Match? {
  let nameEnd = input.end(from: input.position, max: 12, isLetter)
  let names: [StaticString] = ["password", "passwd", "pwd", "passcode", "passphrase", "pin"]
  guard names.contains(where: { isWord(input, $0, nameEnd) }) else { return nil }
  var at = nameEnd
  for word: StaticString in [" code", " number"] where input.has(word, at: at) {
    at += word.utf8CodeUnitCount
  }
  let verbs: [StaticString] = [" is now ", " is still ", " is set to ", " is: ", " is ", " was "]
  guard let verb = verbs.first(where: { input.has($0, at: at, ignoringCase: true) }) else {
    return nil
  }
  at += verb.utf8CodeUnitCount
  return toldInQuotes(input, at) ?? told(input, at)
}

private func isWord(_ input: PatternInput, _ word: StaticString, _ end: Int) -> Bool {
  end - input.position == word.utf8CodeUnitCount
    && input.has(word, at: input.position, ignoringCase: true)
}

private func toldInQuotes(_ input: PatternInput, _ at: Int) -> Match? {
  let start = input.end(from: at, max: 2) { isOneOf($0, "\"'`\\") }
  guard start > at else { return nil }
  let end = input.end(from: start, max: 64) { $0 > 0x20 && !isOneOf($0, "\"'`\\") }
  let value = input.bytes[start..<end]
  guard isOneOf(input.byte(end), "\"'`\\"), value.count >= 4, !isPlainWord(value),
    !isOneOf(value[start], "<{[$%")
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}

/// A value without quotes: with a digit beside letters or signs, or of digits only, and not the name
/// of a coding.
private func told(_ input: PatternInput, _ start: Int) -> Match? {
  var end = input.end(from: start, max: 64) { $0 > 0x20 && !isOneOf($0, "\"'`\\,;<>()[]{}") }
  let next = input.byte(end)
  while end > start, isOneOf(input.bytes[end - 1], ".!?:") { end -= 1 }
  let value = input.bytes[start..<end]
  guard let first = value.first, !isOneOf(next, "'([{<"), !isOneOf(first, "$%*~./-") else {
    return nil
  }
  let digits = value.count(where: isDigit)
  let isTold: Bool
  if digits == value.count {
    isTold = (4...12).contains(digits) && !isMeasure(input, end)
  } else if digits > 0 {
    isTold = value.count >= 6 && !value.contains(UInt8(ascii: "/")) && !isCoding(value)
  } else {
    isTold = isToldWord(input, start, end)
  }
  return isTold ? Match(kind: .token, start: start, end: end) : nil
}

/// Whether a number counts something: `1200 seconds old`.
private func isMeasure(_ input: PatternInput, _ end: Int) -> Bool {
  input.byte(end) == UInt8(ascii: " ") && isLetter(input.byte(end + 1))
    && !input.has(" and", at: end) && !input.has(" for", at: end)
}

/// Whether it is a word that a person calls his own, and that says nothing of it: `my password is
/// swordfish.`
private func isToldWord(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  let word = input.bytes[start..<end]
  guard input.has("my ", at: input.position - 3, ignoringCase: true), word.count >= 6,
    word.allSatisfy(isLetter), endsSentence(input, end), !isPlainWord(word)
  else { return false }
  let endings: [StaticString] = [
    "ed", "en", "ing", "ble", "ent", "ant", "ive", "ous", "ful", "less", "ic", "al", "id", "ong",
    "ect", "ure", "ate", "self", "ough", "here", "there", "same", "public", "simple",
  ]
  return !endings.contains { input.has($0, at: end - $0.utf8CodeUnitCount, ignoringCase: true) }
}

private func endsSentence(_ input: PatternInput, _ end: Int) -> Bool {
  let next = input.end(from: end, max: 3) { isOneOf($0, ".!") }
  return next == input.bytes.count || isOneOf(input.bytes[next], "\r\n\"\\")
}

/// Whether it names how something is coded: `base64`, `sha256-hashed`.
private func isCoding(_ value: ArraySlice<UInt8>) -> Bool {
  let codings: [StaticString] = [
    "base", "sha", "md5", "utf", "oauth", "argon", "pbkdf", "aes", "rsa", "rs2", "hs2", "es2",
    "ascii", "x509", "pkcs", "blake", "ed25519", "iso", "bcrypt", "scrypt", "ntlm", "totp",
  ]
  let value = value.map(lowered)
  return codings.contains { coding in
    coding.withUTF8Buffer { unsafe value.starts(with: $0) }
  }
}

/// A number that people keep to themselves, as a setting: `pin: 1234`, `cardPin=123456`, `cvv: 123`.
func secretNumber(_ input: PatternInput) -> Match? {
  let nameEnd = input.end(from: input.position, max: 64, isKeyByte)
  let names: [(StaticString, digitsMin: Int)] = [
    ("pin", 4), ("passcode", 4), ("otp", 4), ("cvv", 3),
  ]
  let name = names.first { name, _ in
    let start = nameEnd - name.utf8CodeUnitCount
    return input.has(name, at: start, ignoringCase: true)
      && (start == input.position
        || start > input.position
          && (!isLetter(input.bytes[start - 1])
            || isCapital(input.bytes[start]) && !isCapital(input.bytes[start - 1])))
  }
  guard let name else { return nil }
  var at = input.end(from: nameEnd, max: 2) { isOneOf($0, "\"'\\") }
  at = input.end(from: at, max: 1) { $0 == UInt8(ascii: " ") }
  guard isOneOf(input.byte(at), "=:") else { return nil }
  let start = input.end(from: at + 1, max: 4) { isOneOf($0, " \"'\\") }
  let end = input.end(from: start, max: 9, isDigit)
  let next = input.byte(end)
  guard (name.digitsMin...8).contains(end - start), !isWordByte(next),
    !(isOneOf(next, ".-:/,") && isDigit(input.byte(end + 1)))
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}
