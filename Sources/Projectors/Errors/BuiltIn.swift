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

  static func named(_ name: String) -> BuiltIn? { byName[name] }

  private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

  /// Where a phrase stands that begins a word, or a part of a name (`ReadTimeout`): `enotfound` is not
  /// part of `FileNotFoundError`. A single word also ends there.
  private func beginning(of part: String, in bytes: Span<UInt8>, from start: Int) -> Int? {
    let isWord = !part.utf8.contains(0x20)
    var start = start
    while let found = bytes.firstIndex(of: part, in: start..<bytes.count) {
      let end = found + part.utf8.count
      if !isInside(bytes, found), !isWord || !isInside(bytes, end) { return found }
      start = found + 1
    }
    return nil
  }

  /// Whether a place lies between letters of one word.
  private func isInside(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
    guard place > 0, place < bytes.count, bytes[place].isLetter, bytes[place - 1].isLetter else {
      return false
    }
    return !bytes[place].isUpper || bytes[place - 1].isUpper
  }

  private func holds(_ parts: [String], in bytes: Span<UInt8>) -> Bool {
    var start = 0
    for part in parts {
      guard let found = beginning(of: part, in: bytes, from: start) else { return false }
      start = found + part.utf8.count
    }
    return true
  }
}
