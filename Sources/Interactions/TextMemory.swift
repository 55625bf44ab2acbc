import Bytes
import Facts
import Similarity
import Tables
import Views

/// The prompts of all interactions so far.
struct PromptMemory {
  /// From 0.85 on prompts count as similar, from 0.95 on as the same.
  private static let bounds = ClusterBounds(wide: 85, narrow: 95)
  private static let countMax = 5
  private static let prompts = StoredSimilarityIndex("prompts", lowest: bounds.wide)

  private let index: SimilarityIndex
  private let opaque: KeyedTable<Hash128, OpaquePrompt>

  init(_ tables: FoldTables) throws(TableError) {
    index = try SimilarityIndex(tables, Self.prompts)
    opaque = try tables.open(OpaquePrompt.table)
  }

  /// Counts the interactions that had a prompt like this one, up to what makes a difference, and
  /// puts it into its clusters. `number` is asked for when the prompt is new, and can only be
  /// compared as a whole.
  func join(
    _ prompt: String, _ text: ComparableText, number: () -> UInt64
  ) throws(TableError) -> (count: Int, clusters: PromptClusters) {
    switch text {
    case .opaque:
      return try opaque.change(Hash128(of: prompt)) { row in
        var known = row ?? OpaquePrompt(number: number())
        let count = Int(min(known.count, UInt64(Self.countMax)))
        known.count &+= 1
        row = known
        // Odd, so that none is a cluster of texts with words.
        let cluster = known.number << 1 | 1
        return (count, PromptClusters(wide: cluster, narrow: cluster))
      }
    case .sketch(let sketch):
      let joined = try index.join(sketch, Self.bounds, upTo: Self.countMax)
      return (
        joined.count,
        PromptClusters(wide: UInt64(joined.wide) << 1, narrow: UInt64(joined.narrow) << 1)
      )
    }
  }
}

/// A prompt that can only be compared as a whole: its number, and how often it came.
private struct OpaquePrompt: StoredRow {
  static let table = StoredTable<Hash128, OpaquePrompt>(
    "opaque_prompts", isCounted: false, residentMax: 1 << 16)

  let number: UInt64
  var count: UInt64 = 0

  init(number: UInt64) { self.number = number }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: number)
    writer.append(varint: count)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    number = try reader.varint()
    count = try reader.varint()
  }
}

extension PromptMemory {
  /// The earlier texts that a prompt is like, the earliest first, for explanations.
  func like(_ sketch: Sketch) throws(TableError) -> [SimilarText] {
    try index.similar(to: sketch, atLeast: Self.bounds.wide)
  }

  /// How many prompts came that are not equal, of those that are compared by their words.
  func count() throws(TableError) -> UInt64 { try index.textCount() }

  /// How often a prompt that can only be compared as a whole came before.
  func equals(of prompt: String) throws(TableError) -> UInt64 {
    try opaque.row(Hash128(of: prompt))?.count ?? 0
  }
}

/// The responses of interactions that were of high value at some time.
struct ResponseMemory {
  private static let similarHundredths = 90
  private static let responses = StoredSimilarityIndex("responses", lowest: similarHundredths)

  private let index: SimilarityIndex

  init(_ tables: FoldTables) throws(TableError) {
    index = try SimilarityIndex(tables, Self.responses)
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
