import Similarity
import Tables
import TestSupport
import Testing
import Views

/// What is asked of an index, and how often it finds what comparing with every text finds.
private struct Recall {
  var (asked, found) = (0, 0)

  mutating func add(_ isFound: Bool) {
    asked += 1
    found += isFound ? 1 : 0
  }

  /// DESIGN.md, section 6.
  var isEnough: Bool { found * 100 >= asked * 97 }
}

private let seed: UInt64 = 0x5e_ed60

/// Texts that resemble one another in one way each, how many are asked for, and what they must have
/// to say.
private struct Collection: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let askedEvery: Int
  let make: @Sendable (inout NearDuplicates) -> [NumberedText]
}

private let collections = [
  Collection(testDescription: "pairs at each tenth", askedEvery: 1) {
    $0.pairs(165, shingles: 4...60, hundredths: Array(stride(from: 0, through: 100, by: 10)))
  },
  Collection(testDescription: "pairs around the bounds", askedEvery: 1) {
    $0.pairs(78, shingles: 20...160, hundredths: Array(84...96))
  },
  Collection(testDescription: "clusters", askedEvery: 3) {
    $0.clusters(1, of: 300, words: 60...80, editsMax: 3)
  },
  Collection(testDescription: "a template just under the bound", askedEvery: 5) {
    $0.filledTemplate(1_000)
  },
  Collection(testDescription: "a template at the bound", askedEvery: 5) {
    $0.filledTemplate(1_000, own: 3)
  },
  Collection(testDescription: "a template with few words to fill in", askedEvery: 5) {
    $0.slottedTemplate(1_000, slots: 4, vocabulary: 8)
  },
  Collection(testDescription: "texts that end differently", askedEvery: 5) { $0.endings(300) },
]

@Test(arguments: collections)
private func `of the similar texts at least 97 in 100 are found and no other`(
  collection: Collection
) throws {
  var source = NearDuplicates(seed: seed)
  let index = try SimilarityIndex(
    FoldTables(view: "test", provider: MemoryTables()), StoredSimilarityIndex("texts"))
  var exact = ExactSimilarity()
  var nearest = [Recall](repeating: Recall(), count: 3)
  var counts = [Recall](repeating: Recall(), count: 3)
  for (id, text) in collection.make(&source).enumerated() {
    let (sketch, shingles) = (Sketch(of: text.text), text.shingles)
    if id % collection.askedEvery == 0 {
      let similar = exact.similar(to: shingles, atLeast: 85)
        .map { Similarity(shared: $0.shared, union: $0.union) }
      let best = similar.max()
      for (place, bound) in [85, 90, 95].enumerated() {
        let found = try index.nearest(to: sketch, atLeast: bound)
        if let found {
          let truth = exact.pair(shingles, Int(found.id))
          #expect(found.similarity == Similarity(shared: truth.shared, union: truth.union))
        }
        if let best, best.isAtLeast(hundredths: bound) {
          nearest[place].add(found?.similarity == best)
        }
      }
      let count = try index.count(similarTo: sketch, atLeast: 85, upTo: 5)
      #expect(count <= min(similar.count, 5))
      for (place, step) in [1, 3, 5].enumerated() where similar.count >= step {
        counts[place].add(count >= step)
      }
    }
    try index.insert(sketch, id: UInt64(id))
    exact.insert(shingles)
  }
  #expect(nearest[0].asked > 20)
  let isEnough = (nearest + counts).allSatisfy { $0.isEnough }
  #expect(isEnough, "\(nearest) \(counts), seed \(seed)")
}

@Test(arguments: [false, true])
func `a crowd that is closed and opened again answers the same`(hasFewWords: Bool) throws {
  var source = NearDuplicates(seed: seed + 1)
  let sketches =
    (hasFewWords ? source.slottedTemplate(400, vocabulary: 6) : source.filledTemplate(400))
    .map { Sketch(of: $0.text) }
  var all: [[String]] = []
  for step in [Int.max, 7, 100] {
    let provider = MemoryTables()
    var tables = FoldTables(view: "test", provider: provider)
    var index = try SimilarityIndex(tables, StoredSimilarityIndex("texts"))
    var answers: [String] = []
    for (id, sketch) in sketches.enumerated() {
      let nearest = try index.nearest(to: sketch, atLeast: 85)
      let count = try index.count(similarTo: sketch, atLeast: 85, upTo: 5)
      let earliest = try index.earliest(similarTo: sketch, atLeast: 90)
      answers.append("\(nearest?.id ?? 0) \(count) \(earliest ?? 0)")
      try index.insert(sketch, id: UInt64(id))
      if id % step == step - 1 {
        try tables.flush()
        tables = FoldTables(view: "test", provider: provider)
        index = try SimilarityIndex(tables, StoredSimilarityIndex("texts"))
      }
    }
    all.append(answers)
  }
  #expect(all[0] == all[1])
  #expect(all[0] == all[2])
}
