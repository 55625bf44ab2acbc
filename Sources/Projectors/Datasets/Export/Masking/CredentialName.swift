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
