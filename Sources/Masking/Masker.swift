/// Masks secrets and personal data: keys, tokens and passwords, e-mail, IP addresses, phone, national
/// id, card and bank account numbers, home directories.
///
/// Goes by the shape of what it sees, and by check digits where numbers have them. So it may take out
/// too much, and cannot know every secret. Masking what is masked changes nothing. Linear in the text.
package struct Masker: Sendable {
  /// Changes whenever the same text would be masked otherwise.
  package static let version: UInt32 = 3

  package private(set) var counts = MaskCounts()

  package init() {}

  package mutating func mask(_ text: String) -> String {
    var bytes = Array(text.utf8)
    // What is masked can lay open what stood next to it: `…1234/home/name`.
    for _ in 0..<Self.passesMax {
      guard let masked = pass(bytes) else { break }
      bytes = masked
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let passesMax = 16

  /// The bytes with each match masked; nil when there is none.
  private mutating func pass(_ bytes: [UInt8]) -> [UInt8]? {
    var input = PatternInput(bytes)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var isChanged = false
    while input.position < input.bytes.count {
      if let match = firstMatch(input) {
        isChanged = true
        counts[match.kind] += 1
        output.append(contentsOf: input.bytes[input.position..<match.start])
        output.append(contentsOf: match.kind.placeholder.utf8)
        input.position = match.end
      } else {
        output.append(input.bytes[input.position])
        input.position += 1
      }
    }
    return isChanged ? output : nil
  }

  private func firstMatch(_ input: PatternInput) -> Match? {
    let byte = input.bytes[input.position]
    guard isWordByte(byte) || isOneOf(byte, "/-+(:.%'~") else { return nil }
    if let match = secretBlock(input) ?? homeDirectory(input) { return match }
    guard input.isAtWordStart else { return nil }
    return secret(input) ?? personalData(input)
  }

  private func secret(_ input: PatternInput) -> Match? {
    if let match = knownKey(input) ?? webToken(input) ?? authorization(input) { return match }
    if let match = cookie(input) ?? credential(input) ?? commandPassword(input) { return match }
    return userInfo(input) ?? secretNumber(input) ?? spokenSecret(input)
  }

  private func personalData(_ input: PatternInput) -> Match? {
    if let match = email(input) ?? card(input) ?? iban(input) { return match }
    return nationalID(input) ?? ipAddress(input) ?? phone(input)
  }
}

/// Something to be masked; what stands between the position and its start stays.
struct Match {
  let kind: MaskKind
  let start: Int
  let end: Int
}

/// What is taken out of text before it leaves.
package enum MaskKind: String, Sendable, CaseIterable {
  case key, token, email, ip, phone
  case nationalID = "national_id"
  case card, iban, home

  /// What stands in its place: no pattern finds it again.
  var placeholder: String {
    switch self {
    case .key: "[KEY]"
    case .token: "[TOKEN]"
    case .email: "[EMAIL]"
    case .ip: "[IP]"
    case .phone: "[PHONE]"
    case .nationalID: "[NATIONAL_ID]"
    case .card: "[CARD]"
    case .iban: "[IBAN]"
    case .home: "[HOME]"
    }
  }
}

/// How often something of each kind was masked.
package struct MaskCounts: Equatable, Sendable {
  private var counts = [Int](repeating: 0, count: MaskKind.allCases.count)

  package init() {}

  package subscript(kind: MaskKind) -> Int {
    get { counts[index(kind)] }
    set { counts[index(kind)] = newValue }
  }

  private func index(_ kind: MaskKind) -> Int { MaskKind.allCases.firstIndex(of: kind) ?? 0 }
}
