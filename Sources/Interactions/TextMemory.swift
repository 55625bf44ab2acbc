import Bytes
import Similarity
import Views

/// The prompts of all interactions so far.
struct PromptMemory {
  private static let similarHundredths = 85
  private static let countMax = 5

  private let index: SimilarityIndex
  /// How often a prompt came that can only be compared as a whole.
  private let opaque: KeyedTable<Hash128, NumberRow>

  init(_ tables: TableSet) throws(TableError) {
    index = try SimilarityIndex(tables: tables, name: "prompts")
    opaque = try tables.keyed(
      "opaque_prompts", key: Hash128.self, row: NumberRow.self, isCounted: false,
      residentMax: 1 << 16)
  }

  /// Counts the interactions that had a prompt like this one, up to what makes a difference, and
  /// adds it. `number` is asked for only when the prompt can be compared by its words.
  func countAndAdd(
    _ prompt: String, _ text: ComparableText, number: () -> UInt64
  ) throws(TableError) -> Int {
    switch text {
    case .opaque:
      return try opaque.change(Hash128(of: prompt)) { row in
        let count = row?.value ?? 0
        row = NumberRow(count &+ 1)
        return Int(min(count, UInt64(Self.countMax)))
      }
    case .sketch(let sketch):
      let count = try index.count(
        similarTo: sketch, atLeast: Self.similarHundredths, upTo: Self.countMax)
      try index.insert(sketch, id: number())
      return count
    }
  }
}

extension PromptMemory {
  /// The earlier texts that a prompt is like, the earliest first, for explanations.
  func like(_ sketch: Sketch) throws(TableError) -> [SimilarText] {
    try index.similar(to: sketch, atLeast: Self.similarHundredths)
  }

  /// How often a prompt that can only be compared as a whole came before.
  func equals(of prompt: String) throws(TableError) -> UInt64 {
    try opaque.row(Hash128(of: prompt))?.value ?? 0
  }
}

/// The responses of interactions that were of high value at some time.
struct ResponseMemory {
  private static let similarHundredths = 90

  private let index: SimilarityIndex

  init(_ tables: TableSet) throws(TableError) {
    index = try SimilarityIndex(
      tables: tables, name: "responses", lowest: Self.similarHundredths)
  }

  /// How new a response is: 1 unless one of high value is like it; 0 when it cannot be read.
  func novelty(_ text: ComparableText) throws(TableError) -> FixedPoint {
    guard case .sketch(let sketch) = text else { return .zero }
    guard let nearest = try index.nearest(to: sketch, atLeast: Self.similarHundredths) else {
      return .one
    }
    return .one - nearest.similarity.value
  }

  func add(_ sketch: Sketch, number: UInt64) throws(TableError) {
    try index.insert(sketch, id: number)
  }
}

extension ResponseMemory {
  /// The text that makes a response less new, for explanations.
  func nearest(to sketch: Sketch) throws(TableError) -> SimilarText? {
    try index.nearest(to: sketch, atLeast: Self.similarHundredths).map {
      SimilarText(id: $0.id, count: 1, similarity: $0.similarity.value)
    }
  }
}
