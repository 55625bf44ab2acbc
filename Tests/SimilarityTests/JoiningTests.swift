import Similarity
import Tables
import TestSupport
import Testing
import Views

private let bounds = ClusterBounds(wide: 85, narrow: 95)

private func index(_ provider: MemoryTables = MemoryTables()) throws -> SimilarityIndex {
  try SimilarityIndex(FoldTables(view: "test", provider: provider), StoredSimilarityIndex("texts"))
}

/// Says by comparing with every text what a text should find that joins.
private struct PlainClusters {
  private var texts = ExactSimilarity()
  private var numbers: [UInt32] = []
  private var first: [[Int: UInt32]] = [[:], [:]]
  private var next: UInt32 = 0

  /// The count of similar texts, up to a limit, and the earliest first texts.
  func expected(
    _ shingles: [UInt64], upTo limit: Int
  ) -> (count: Int, wide: UInt32?, narrow: UInt32?) {
    let similar = texts.similar(to: shingles, atLeast: bounds.wide)
    let wide = similar.first { first[0][$0.id] != nil }
    let narrow = similar.first {
      first[1][$0.id] != nil && $0.shared * 100 >= bounds.narrow * $0.union
    }
    return (
      min(similar.count, limit), wide.flatMap { first[0][$0.id] },
      narrow.flatMap { first[1][$0.id] }
    )
  }

  /// Takes a text with what it found.
  mutating func add(_ shingles: [UInt64], _ found: Joined) {
    texts.insert(shingles)
    let id = numbers.count
    numbers.append(found.number)
    guard found.number == next else { return }
    next += 1
    if found.wide == found.number { first[0][id] = found.number }
    if found.narrow == found.number { first[1][id] = found.number }
  }
}

@Test func `texts of words that few have find just what they should`() throws {
  var source = NearDuplicates(seed: 0x901)
  var texts = source.pairs(
    200, shingles: 4...60, hundredths: Array(stride(from: 70, through: 100, by: 5)))
  texts += source.clusters(5, of: 7, words: 20...60, editsMax: 3)
  let index = try index()
  var plain = PlainClusters()
  for text in texts {
    let expected = plain.expected(text.shingles, upTo: 5)
    let found = try index.join(Sketch(of: text.text), bounds, upTo: 5)
    #expect(found.count == expected.count)
    #expect(found.wide == expected.wide ?? found.number)
    #expect(found.narrow == expected.narrow ?? found.number)
    plain.add(text.shingles, found)
  }
}

private struct Crowd: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable (inout NearDuplicates) -> [NumberedText]
}

private let crowds = [
  Crowd(testDescription: "one cluster") { $0.clusters(1, of: 600, words: 60...80, editsMax: 3) },
  Crowd(testDescription: "a template just under the bound") { $0.filledTemplate(1_000) },
  Crowd(testDescription: "a template at the bound") { $0.filledTemplate(1_000, own: 3) },
  Crowd(testDescription: "few words to fill in") { $0.slottedTemplate(1_000, vocabulary: 8) },
  Crowd(testDescription: "texts that end differently") { $0.endings(400) },
]

@Test(arguments: crowds)
private func `in a crowd at least 97 in 100 find what they should`(crowd: Crowd) throws {
  var source = NearDuplicates(seed: 0x902)
  let index = try index()
  var plain = PlainClusters()
  var asked = 0
  var right = (counts: 0, wide: 0, narrow: 0)
  for (id, text) in crowd.make(&source).enumerated() {
    let expected = id % 4 == 3 ? plain.expected(text.shingles, upTo: 5) : nil
    let found = try index.join(Sketch(of: text.text), bounds, upTo: 5)
    if let expected {
      asked += 1
      #expect(found.count <= expected.count)
      right.counts += found.count == expected.count ? 1 : 0
      right.wide += found.wide == expected.wide ?? found.number ? 1 : 0
      right.narrow += found.narrow == expected.narrow ?? found.number ? 1 : 0
    }
    plain.add(text.shingles, found)
  }
  for count in [right.counts, right.wide, right.narrow] {
    #expect(count * 100 >= asked * 97, "\(right) of \(asked)")
  }
}

@Test func `an equal text is in the clusters of its equal, and has its number`() throws {
  let index = try index()
  let words = (0..<40).map { "w\($0)" }
  let texts = [words, words + ["x", "y"], words + ["x", "y"], Array(words.dropFirst(3)), words]
  let found = try texts.map { text in
    try index.join(Sketch(of: text.joined(separator: " ")), bounds, upTo: 3)
  }
  #expect(found.map(\.number) == [0, 1, 1, 2, 0])
  #expect(found.map(\.wide) == [0, 0, 0, 0, 0])
  #expect(found.map(\.narrow) == [0, 0, 0, 2, 0])
  #expect(found.map(\.count) == [0, 1, 2, 3, 3])
}

@Test func `joining goes on in an index that was closed and opened again`() throws {
  var source = NearDuplicates(seed: 0x903)
  let sketches = (source.slottedTemplate(300, vocabulary: 6) + source.filledTemplate(300))
    .map { Sketch(of: $0.text) }
  var all: [[Joined]] = []
  for step in [Int.max, 50] {
    let provider = MemoryTables()
    var tables = FoldTables(view: "test", provider: provider)
    var index = try SimilarityIndex(tables, StoredSimilarityIndex("texts"))
    var found: [Joined] = []
    for (id, sketch) in sketches.enumerated() {
      if id % step == step - 1 {
        try tables.flush()
        tables = FoldTables(view: "test", provider: provider)
        index = try SimilarityIndex(tables, StoredSimilarityIndex("texts"))
      }
      found.append(try index.join(sketch, bounds, upTo: 5))
    }
    all.append(found)
  }
  #expect(all[0] == all[1])
}
