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
