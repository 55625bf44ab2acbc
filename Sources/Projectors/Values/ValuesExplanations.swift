import Bytes
import Events
import Facts
import Projection
import Views

extension ValuesAnswer: ExplainedTable {
  func beginning(of row: AnswerRow) -> Offset? { row["offsets"].offsets?.first }

  func rows(about subject: EventSubject, in tables: TableSet) throws(TableError) -> [AnswerRow] {
    guard let interaction = subject.interaction else { return [] }
    let values = try tables.chunked(TableName.values, row: ValueRow.self)
    guard let row = try values.row(interaction.number), row.offset == interaction.offset else {
      return []
    }
    return [AnswerRow(columns: columns, cells: cells(row))]
  }

  func explanation(
    of row: AnswerRow, in tables: TableSet, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    Explanation(
      title: "values \(row["offset"].integer ?? 0): what an interaction was worth",
      rule: """
        One row an interaction, named by the event that first gave it an outcome. Later events \
        change its outcome, feedback, score and tier. The score is the weighted sum of its five \
        parts; how each part came about, by which weights they count and which thresholds give the \
        tier is the interaction's own story.
        """,
      figures: [
        Figure(
          "score", row["score"], "the sum of weight × part, over the five parts",
          [
            Input("outcome_quality", row["outcome_quality"]), Input("feedback", row["feedback"]),
            Input("reusability", row["reusability"]), Input("complexity", row["complexity"]),
            Input("novelty", row["novelty"]),
          ]),
        Figure(
          "outcome", row["outcome"], "what the strongest evidence says",
          [Input("outcome_basis", row["outcome_basis"])]),
        Figure("tier", row["tier"], "by the score", [Input("score", row["score"])]),
      ],
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

/// Interactions of which a row of sums names the first.
private struct Members {
  private(set) var offsets: [Offset] = []
  private(set) var count: UInt64 = 0
  private(set) var scoreSum = WideInteger.zero

  mutating func add(_ row: ValueRow) {
    if offsets.count < Evidence.keptMax { offsets.append(row.offset) }
    count += 1
    scoreSum += WideInteger(row.score.total.units)
  }

  static func of(
    _ tables: TableSet, where isMember: (ValueRow) -> Bool
  ) throws(TableError) -> Members {
    var members = Members()
    try tables.chunked(TableName.values, row: ValueRow.self).forEach { _, row in
      if isMember(row) { members.add(row) }
      return true
    }
    return members
  }
}

extension DailyAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: TableSet) throws(TableError) -> [AnswerRow] {
    guard let interaction = subject.interaction else { return [] }
    let day = "\(CivilDate(day: interaction.time.day))"
    return try rows(in: tables) { row in
      row["day"] == .text(day) && row["stream"] == .text(interaction.stream.name)
        && row["model"] == Cell(interaction.fields.text(.model))
    }
  }

  func explanation(
    of row: AnswerRow, in tables: TableSet, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let members = try Members.of(tables) { value in
      Cell.text("\(CivilDate(day: value.time.day))") == row["day"]
        && Cell.text(value.stream.name) == row["stream"] && Cell(value.model) == row["model"]
    }
    let sum = Double(members.scoreSum.limbs.low) / 1e9
    let count = Input("count", row["count"])
    return Explanation(
      title: "values/daily: a day's interactions of one stream and model",
      rule: """
        The interactions of `values` whose first outcome was given on that day (UTC, event time), \
        in that stream, by that model (null: unknown). A late event that changes a score or a model \
        takes the interaction out as it was and adds it as it is.
        """,
      figures: [
        Figure(
          "count", row["count"], "the interactions", [Input("counted again", Cell(members.count))]),
        Figure(
          "mean_score", row["mean_score"], "score_sum / count",
          [Input("score_sum", Cell(sum)), count]),
        Figure("high_value", row["high_value"], "those whose tier is not reference"),
        Figure(
          "learning_rate", row["learning_rate"], "high_value / count",
          [Input("high_value", row["high_value"]), count]),
        Figure(
          "reused", row["reused"],
          "those whose reusability is above 0.3: an earlier prompt was like theirs"),
        Figure(
          "reuse_rate", row["reuse_rate"], "reused / count",
          [Input("reused", row["reused"]), count]),
      ],
      offsets: members.offsets, offsetCount: members.count)
  }
}

extension HistogramAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: TableSet) throws(TableError) -> [AnswerRow] {
    guard let interaction = subject.interaction else { return [] }
    let bucket = Cell(Histogram.bucket(interaction.score.total))
    return try rows(in: tables) { $0["bucket"] == bucket }
  }

  func explanation(
    of row: AnswerRow, in tables: TableSet, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    var total: Int64 = 0
    try forEach(in: tables) { cells in
      total += cells[1].integer ?? 0
      return true
    }
    let bucket = row["bucket"].integer ?? 0
    let members = try Members.of(tables) {
      Int64(Histogram.bucket($0.score.total)) == bucket
    }
    let isLast = bucket == Int64(Histogram.bucketCount) - 1
    return Explanation(
      title: "values/histogram \(bucket): scores of one tenth",
      rule: "Ten buckets of a tenth each, the lower end counted in; the last holds 1 as well.",
      figures: [
        Figure(
          "count", row["count"],
          "the scores from \(FixedPoint(hundredths: bucket * 10)) to "
            + (isLast ? "1" : "below \(FixedPoint(hundredths: bucket * 10 + 10))"),
          [Input("counted again", Cell(members.count))]),
        Figure(
          "share", row["share"], "count / total",
          [Input("count", row["count"]), Input("total", .integer(total))]),
      ],
      offsets: members.offsets, offsetCount: members.count)
  }
}
