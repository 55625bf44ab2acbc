internal import Rules

/// Masks secrets and personal data: keys, tokens and passwords, e-mail, IP addresses, phone, national
/// id, card and bank account numbers, home directories.
///
/// What it looks for is the table `secretRules`. It goes by the shape of what it sees, and by check
/// digits where numbers have them. So it may take out too much, and cannot know every secret. Masking
/// what is masked changes nothing. Linear in the text.
package struct Masker: Sendable {
  /// Changes whenever the same text would be masked otherwise.
  package static let version: UInt32 = 9

  package private(set) var counts = MaskCounts()

  package init() {}

  package mutating func mask(_ text: String) -> String {
    var bytes = Array(text.utf8)
    // What is masked can lay open what stood next to it: `…1234/home/name`.
    for number in 0..<Self.passesMax {
      guard let masked = pass(bytes) else {
        if number == 0 { return text }
        break
      }
      bytes = masked
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let passesMax = 16

  /// The bytes with each finding masked; nil when there is none.
  private mutating func pass(_ bytes: [UInt8]) -> [UInt8]? {
    let numbers = Numbers(in: bytes.span)
    let hits = Self.rules.hits(bytes.span, where: { Self.checks[$0].mayAccept(numbers) })
    if hits.isEmpty { return nil }
    var findings = Findings(count: bytes.count)
    for rule in hits {
      Self.forEachMatch(of: rule, in: bytes) { findings.add($0, Self.kinds[rule]) }
    }
    if findings.isEmpty { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var rest = 0
    findings.forEach { range, kind in
      counts[kind] += 1
      output.append(contentsOf: bytes[rest..<range.lowerBound])
      output.append(contentsOf: kind.placeholder.utf8)
      rest = range.upperBound
    }
    output.append(contentsOf: bytes[rest...])
    return output
  }

  private static let rules = RuleSet(secretRules, usesGroups: false)
  private static let kinds = rules.rules.map { MaskKind(rawValue: $0.kind) ?? .token }
  private static let checks = rules.rules.map(RuleCheck.init)

  /// What a rule finds in a text.
  package static func findings(of rule: Int, in text: String) -> [Range<Int>] {
    var found: [Range<Int>] = []
    forEachMatch(of: rule, in: Array(text.utf8)) { found.append($0) }
    return found
  }

  private static func forEachMatch(of rule: Int, in bytes: [UInt8], _ body: (Range<Int>) -> Void) {
    var start = 0
    // What is none may hold one, as in `token: secret=…`; looking again within takes time, of which
    // there is as much as the text is long.
    var within = 4 * bytes.count
    while let match = rules.match(rule, in: bytes.span, from: start) {
      if let range = checks[rule].accepted(match, in: bytes) {
        body(range)
        start = max(range.upperBound, start + 1)
      } else if match.whole.count <= within {
        within -= match.whole.count
        start = max(match.found.lowerBound, start + 1, match.whole.lowerBound + 1)
      } else {
        start = max(match.found.upperBound, start + 1)
      }
    }
  }
}

/// What was found in a text. Of two findings that overlap the earlier counts; it takes in a later one
/// that holds all of it.
private struct Findings {
  private var kinds: [MaskKind] = []
  /// For each byte the number of its finding, from 1.
  private var owners: [UInt32]

  init(count: Int) { owners = [UInt32](repeating: 0, count: count) }

  var isEmpty: Bool { kinds.isEmpty }

  mutating func add(_ range: Range<Int>, _ kind: MaskKind) {
    if range.isEmpty { return }
    var owner = owners[range].first { $0 != 0 } ?? 0
    if owner == 0 {
      kinds.append(kind)
      owner = UInt32(kinds.count)
    } else if !kind.isSecret || goesOn(before: range.lowerBound) || goesOn(before: range.upperBound)
    {
      return
    }
    for index in range where owners[index] == 0 { owners[index] = owner }
  }

  /// Whether a finding stands on both sides of a place.
  private func goesOn(before index: Int) -> Bool {
    index > 0 && index < owners.count && owners[index] != 0 && owners[index - 1] == owners[index]
  }

  func forEach(_ body: (Range<Int>, MaskKind) -> Void) {
    var index = 0
    while index < owners.count {
      let owner = owners[index]
      var end = index + 1
      while end < owners.count, owners[end] == owner { end += 1 }
      if owner > 0 { body(index..<end, kinds[Int(owner) - 1]) }
      index = end
    }
  }
}

/// What is taken out of text before it leaves.
package enum MaskKind: String, Sendable, CaseIterable {
  case key, token, email, ip, phone
  case nationalID = "national_id"
  case card, iban, home

  /// What stands in its place: no rule finds it again.
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

  /// Whether any part of it that is left gives it away.
  var isSecret: Bool { self == .key || self == .token }
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
