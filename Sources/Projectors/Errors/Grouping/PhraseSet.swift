/// Lower-case phrases that are looked for together, in one pass.
struct PhraseSet: Sendable {
  /// By the lower five bits of the first letter, so that few are compared at each place.
  private let byFirst: [[[UInt8]]]

  init(_ phrases: String...) {
    var byFirst = [[[UInt8]]](repeating: [], count: 32)
    for phrase in phrases {
      let bytes = Array(phrase.utf8)
      if let first = bytes.first { byFirst[Int(first & 31)].append(bytes) }
    }
    self.byFirst = byFirst
  }

  /// Whether one of them stands somewhere in a range, in whatever case.
  func occurs(in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for start in range {
      for phrase in byFirst[Int(bytes[start] & 31)] where phrase.count <= range.upperBound - start {
        var index = 0
        while index < phrase.count, bytes[start + index].lowercased == phrase[index] { index += 1 }
        if index == phrase.count { return true }
      }
    }
    return false
  }
}
