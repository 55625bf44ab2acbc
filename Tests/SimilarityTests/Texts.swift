import TestSupport

/// Made-up texts, and near-duplicates of them.
struct Texts {
  var random: SeededRandom
  let vocabulary: Int

  init(seed: UInt64, vocabulary: Int = 5_000) {
    random = SeededRandom(seed: seed)
    self.vocabulary = vocabulary
  }

  mutating func word() -> String { "w\(Int.random(in: 0..<vocabulary, using: &random))" }

  mutating func words(_ count: Int) -> [String] {
    var words: [String] = []
    for _ in 0..<count { words.append(word()) }
    return words
  }

  /// The words with some of them replaced.
  mutating func edited(_ words: [String], replacing count: Int) -> [String] {
    var words = words
    for _ in 0..<count where !words.isEmpty {
      words[Int.random(in: words.indices, using: &random)] = word()
    }
    return words
  }
}

/// Jaccard's index of two texts' sets of 3-shingles, computed the plain way.
func exact(_ left: [String], _ right: [String]) -> (shared: Int, union: Int) {
  let (left, right) = (shingles(left), shingles(right))
  return (left.intersection(right).count, left.union(right).count)
}

func shingles(_ words: [String]) -> Set<[String]> {
  if words.count < 3 { return Set(words.map { [$0] }) }
  return Set((0..<(words.count - 2)).map { Array(words[$0..<($0 + 3)]) })
}
