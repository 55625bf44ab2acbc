import Bytes
package import Events
import Facts
import Similarity
import Tables
import Views

/// The prompts of all interactions so far.
struct PromptMemory {
  /// From where on prompts count as similar, and as the same.
  private static let bounds = ClusterBounds(
    wide: ScoreRules.promptSimilarityMin, narrow: ScoreRules.samePromptMin)
  /// More make no difference.
  private static let countMax = ScoreRules.reused[0].countMin
  private static let prompts = StoredSimilarityIndex("prompts", lowest: bounds.wide)

  /// By the number of a prompt that equals none before it, the line that brought it.
  private static let sourcesTable = NumberedTable<UInt64>("prompts/sources", isCounted: false)

  private let index: SimilarityIndex
  private let opaque: KeyedTable<Hash128, OpaquePrompt>
  private let sources: ChunkedTable<UInt64>

  init(_ tables: FoldTables) throws(TableError) {
    index = try SimilarityIndex(tables, Self.prompts)
    opaque = try tables.open(OpaquePrompt.table)
    sources = try tables.open(Self.sourcesTable)
  }

  /// Counts the interactions that had a prompt similar to this one, up to the number that makes a
  /// difference, and puts it into its clusters. `number` is called when the prompt is new and can
  /// only be compared as a whole.
  func join(
    _ prompt: String, _ text: ComparableText, of event: EventID, number: () -> UInt64
  ) throws(TableError) -> (count: Int, clusters: PromptClusters) {
    switch text {
    case .opaque:
      return try opaque.change(Hash128(of: prompt)) { row in
        var known = row ?? OpaquePrompt(number: number())
        let count = Int(min(known.count, UInt64(Self.countMax)))
        known.count &+= 1
        row = known
        // Odd numbers, so that it differs from every cluster of texts with words.
        let cluster = known.number << 1 | 1
        return (count, PromptClusters(wide: cluster, narrow: cluster))
      }
    case .sketch(let sketch):
      let joined = try index.join(sketch, Self.bounds, upTo: Self.countMax)
      if try index.textCount() > sources.count { try sources.append(event.offset) }
      return (
        joined.count,
        PromptClusters(wide: UInt64(joined.wide) << 1, narrow: UInt64(joined.narrow) << 1)
      )
    }
  }
}

/// A prompt that can only be compared as a whole: its number, and how often it was seen.
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
  /// The lines before an event that brought prompts similar to its own, the first 32: for
  /// explanations.
  func earlier(like text: ComparableText, before event: EventID) throws(TableError) -> [Offset] {
    guard case .sketch(let sketch) = text else { return [] }
    let end = try firstNumber(from: event.offset)
    var offsets: [Offset] = []
    for similar in try index.similar(to: sketch, atLeast: Self.bounds.wide, below: end) {
      if let offset = try sources.row(similar.id) { offsets.append(offset) }
    }
    return Array(offsets.prefix(Evidence.keptMax))
  }

  /// The number of the first prompt that a line, or a later one, brought.
  private func firstNumber(from offset: Offset) throws(TableError) -> UInt64 {
    var (low, high) = (UInt64(0), sources.count)
    while low < high {
      let middle = low + (high - low) / 2
      if try sources.row(middle) ?? 0 < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The responses of interactions that were of high value at some time.
struct ResponseMemory {
  private static let responses = StoredSimilarityIndex(
    "responses", lowest: ScoreRules.responseSimilarityMin)

  /// By the number of a response, the line that first gave its interaction an outcome.
  private static let sourcesTable = NumberedTable<UInt64>("responses/sources", isCounted: false)

  private let index: SimilarityIndex
  private let sources: ChunkedTable<UInt64>

  init(_ tables: FoldTables) throws(TableError) {
    sources = try tables.open(Self.sourcesTable)
    index = try SimilarityIndex(tables, Self.responses)
  }

  /// How new a response is: 1 when no earlier response of high value is similar to it, and 0 when
  /// it cannot be read; with the number of the most similar one.
  func novelty(
    _ text: ComparableText
  ) throws(TableError) -> (novelty: FixedPoint, nearest: UInt64?) {
    guard case .sketch(let sketch) = text else { return (.zero, nil) }
    guard let nearest = try index.nearest(to: sketch, atLeast: ScoreRules.responseSimilarityMin)
    else {
      return (.one, nil)
    }
    return (.one - nearest.similarity.value, nearest.id)
  }

  func add(_ sketch: Sketch, of line: Offset) throws(TableError) {
    try index.insert(sketch, id: sources.append(line))
  }

  /// The line that is stored for a response.
  func source(of number: UInt64) throws(TableError) -> Offset? { try sources.row(number) }
}

/// The sketches of an event's texts that the step is likely to need, computed ahead by any thread.
/// A sketch that is missing is computed when it is needed.
package struct PreparedTexts: Sendable {
  var prompt: Sketch?
  var response: Sketch?
  /// Whether the event concerns neither an interaction nor the limit of feedback.
  private(set) var isIdle = false

  package init() {}

  /// Sketches the readable texts of a closing event, or of an opening one with an id.
  package init(_ event: borrowing Event) {
    let role = EventRole(of: event)
    let isNative = event.record == nil
    // The conversations step may yet make an interaction of what a transcript says.
    isIdle = isNative && role == .none && !event.fields.carriesFeedback
    guard
      role == .closes || (role == .opens && (event.fields.has(.interactionID) || !isNative))
    else { return }
    if let text = event.fields.text(.prompt), !isOpaque(text) { prompt = Sketch(of: text) }
    if let text = event.fields.text(.response), !isOpaque(text) { response = Sketch(of: text) }
  }
}

/// A text as it is compared: by its words, or as a whole when it has none or stands for another.
enum ComparableText {
  case sketch(Sketch)
  case opaque

  init(_ text: String, prepared: Sketch?) {
    if prepared == nil, isOpaque(text) {
      self = .opaque
      return
    }
    let sketch = prepared ?? Sketch(of: text)
    self = sketch.isEmpty ? .opaque : .sketch(sketch)
  }
}
