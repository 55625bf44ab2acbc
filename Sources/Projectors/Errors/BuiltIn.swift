/// An error that everybody meets: it annotates the groups that are instances of it.
struct BuiltIn: Sendable {
  let name: String
  let category: Category
  let advice: String
  /// Any of these; a star stands for anything in between. Lower-case.
  private let phrases: [[String]]

  init(_ name: String, _ category: Category, _ phrases: [String], _ advice: String) {
    self.name = name
    self.category = category
    self.advice = advice
    self.phrases = phrases.map { $0.split(separator: "*").map(String.init) }
  }

  /// The first that an error's type and line are an instance of.
  static func matching(_ bytes: Span<UInt8>) -> BuiltIn? {
    for builtIn in all {
      for parts in builtIn.phrases where builtIn.holds(parts, in: bytes) { return builtIn }
    }
    return nil
  }

  /// The phrase by which bytes are an instance of it, a star for anything in between; nil for none.
  func phrase(in bytes: Span<UInt8>) -> String? {
    for parts in phrases where holds(parts, in: bytes) { return parts.joined(separator: "*") }
    return nil
  }

  /// The ways in which a status of HTTP is told.
  static func answer(_ status: Int) -> [String] {
    [
      "http ", "http/1.1 ", "http/2 ", "http error ", "http status ", "status ", "status: ",
      "status=",
      "status code ", "status code: ", "error code: ",
    ].map { "\($0)\(status)" }
  }

  static func named(_ name: String) -> BuiltIn? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  private func holds(_ parts: [String], in bytes: Span<UInt8>) -> Bool {
    var start = 0
    for part in parts {
      guard let found = bytes.beginning(of: part, from: start, isWhole: !part.utf8.contains(0x20))
      else { return false }
      start = found + part.utf8.count
    }
    return true
  }
}
