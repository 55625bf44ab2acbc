internal import Bytes
internal import Events
internal import Facts
internal import Similarity
package import Views

/// `datasets/pairs`: the preference pairs, by their numbers, without those that are dropped.
package struct PairsAnswer: AnswerTable {
  package let name = "datasets/pairs"
  package let columns: [Column] = [
    Column("pair_id", .integer), Column("prompt", .text), Column("chosen", .text),
    Column("rejected", .text), Column("margin", .decimal), Column("reason", .text),
    Column("split", .text), Column("offsets", .offsets), Column("last_offset", .integer),
    Column("offset_count", .integer),
  ]
  package let key = ["pair_id"]

  package init() {}

  package func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try forEachPair(in: tables) { pair throws(TableError) in try body(pair.cells) }
  }
}

/// A pair with its texts.
struct PairRow {
  var id: UInt64
  var origin: PairOrigin
  var prompt: String
  var chosen: String
  var rejected: String
  /// From 0 to 1; nil when nobody said and nothing tells.
  var margin: FixedPoint?
  /// Nil when what is chosen was not scored: people's own words.
  var chosenScore: FixedPoint?
  var split: Split
  /// The first events that it stands on, the last, and how many there are.
  var offsets: [Offset]
  var lastOffset: Offset
  var offsetCount: UInt64

  /// As `PairsAnswer` names them.
  var cells: [Cell] {
    [
      Cell(id), .text(prompt), .text(chosen), .text(rejected), Cell(margin), .text(origin.name),
      .text(split.rawValue), .offsets(offsets), Cell(lastOffset), Cell(offsetCount),
    ]
  }
}

/// Calls `body` with each pair that is not dropped, until it returns false.
func forEachPair(
  in tables: any ViewReader, _ body: (PairRow) throws(TableError) -> Bool
) throws(TableError) {
  let answers = try tables.read(DatasetTables.answers)
  try tables.read(DatasetTables.pairs).forEach { id, pair throws(TableError) in
    if pair.isDropped { return true }
    switch pair.content {
    case .judgment(let judgment):
      var row = PairRow(id, judgment)
      if let number = judgment.interaction, let answer = try answers.row(number) {
        row.split = answer.split
      }
      return try body(row)
    case .correction(let number):
      guard let answer = try answers.row(number), let row = PairRow(id, corrected: answer)
      else { return true }
      return try body(row)
    case .answers(let chosen, let rejected):
      guard let chosen = try answers.row(chosen), let rejected = try answers.row(rejected)
      else { return true }
      return try body(PairRow(id, pair.origin, chosen, rejected))
    }
  }
}

extension PairRow {
  init(_ id: UInt64, _ judgment: Judgment) {
    self.init(
      id: id, origin: .judgment, prompt: judgment.prompt, chosen: judgment.chosen,
      rejected: judgment.rejected, margin: judgment.margin.map(asShare),
      split: Split(session: judgment.sessionID, prompt: judgment.prompt),
      offsets: judgment.evidence.first, lastOffset: judgment.evidence.last,
      offsetCount: judgment.evidence.count)
  }

  /// The margin is what was said, else how much of the text was changed.
  init?(_ id: UInt64, corrected answer: Answer) {
    guard let correction = answer.correction else { return nil }
    let similarity = Sketch(of: correction).similarity(to: Sketch(of: answer.response))
    self.init(
      id: id, origin: .correction, prompt: answer.prompt, chosen: correction,
      rejected: answer.response, margin: answer.margin.map(asShare) ?? .one - similarity.value,
      split: answer.split, offsets: answer.evidence.first, lastOffset: answer.evidence.last,
      offsetCount: answer.evidence.count)
  }

  /// The margin is the difference of the scores.
  init(_ id: UInt64, _ origin: PairOrigin, _ chosen: Answer, _ rejected: Answer) {
    let offsets = (chosen.evidence.first + rejected.evidence.first).sorted()
    self.init(
      id: id, origin: origin, prompt: chosen.prompt, chosen: chosen.response,
      rejected: rejected.response, margin: max(chosen.score - rejected.score, .zero),
      chosenScore: chosen.score, split: chosen.split,
      offsets: Array(offsets.prefix(Evidence.keptMax)),
      lastOffset: max(chosen.evidence.last, rejected.evidence.last),
      offsetCount: chosen.evidence.count &+ rejected.evidence.count)
  }
}

/// A margin as a share of 1: some writers count to 100.
private func asShare(_ margin: FixedPoint) -> FixedPoint {
  let share =
    margin > .one
    ? FixedPoint(units: FixedPoint.divide(Int128(margin.units), by: 100)) : margin
  return min(max(share, .zero), .one)
}
