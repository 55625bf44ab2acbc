/// A text as a list of words that are numbers, so that its shingles are compared without hashing.
package struct NumberedText: Sendable {
  /// Below 2^21.
  package var words: [Int]

  package init(_ words: [Int]) { self.words = words }

  /// The text as an index gets it.
  package var text: String { words.map { "w\($0)" }.joined(separator: " ") }

  /// The set of its word 3-shingles, ascending; of fewer than 3 words, the set of these.
  package var shingles: [UInt64] {
    var all: [UInt64] = []
    if words.count < 3 {
      all = words.map { UInt64($0 + 1) }
    } else {
      all.reserveCapacity(words.count)
      for index in 0..<(words.count - 2) {
        var shingle: UInt64 = 0
        for word in words[index..<(index + 3)] { shingle = shingle << 21 | UInt64(word + 1) }
        all.append(shingle)
      }
    }
    all.sort()
    var kept: [UInt64] = []
    kept.reserveCapacity(all.count)
    for shingle in all where kept.last != shingle { kept.append(shingle) }
    return kept
  }
}

/// Says by comparing with every text what an index of similar texts should say.
package struct ExactSimilarity {
  private var sets: [[UInt64]] = []

  package init() {}

  package mutating func insert(_ shingles: [UInt64]) { sets.append(shingles) }

  /// The texts that are similar, by their numbers in the order of insertion.
  package func similar(
    to shingles: [UInt64], atLeast hundredths: Int
  ) -> [(id: Int, shared: Int, union: Int)] {
    var similar: [(id: Int, shared: Int, union: Int)] = []
    for (id, other) in sets.enumerated() {
      let (less, more) = (min(shingles.count, other.count), max(shingles.count, other.count))
      if less * 100 < hundredths * more { continue }
      let shared = Self.shared(shingles, other)
      let union = less + more - shared
      if union > 0, shared * 100 >= hundredths * union { similar.append((id, shared, union)) }
    }
    return similar
  }

  /// How much two texts have in common.
  package func pair(_ shingles: [UInt64], _ id: Int) -> (shared: Int, union: Int) {
    let shared = Self.shared(shingles, sets[id])
    return (shared, shingles.count + sets[id].count - shared)
  }

  private static func shared(_ one: [UInt64], _ other: [UInt64]) -> Int {
    let (left, right) = (one.span, other.span)
    var (first, second, shared) = (0, 0, 0)
    while first < left.count, second < right.count {
      let (a, b) = (left[first], right[second])
      first &+= a <= b ? 1 : 0
      second &+= b <= a ? 1 : 0
      shared &+= a == b ? 1 : 0
    }
    return shared
  }
}
