internal import Bytes
package import Events
internal import Facts
package import Projection
package import Views

extension Split {
  /// How the split of something comes about.
  static func figure(_ split: Cell, session: String?, prompt: String) -> Figure {
    let digest = SHA256Digest(of: (session ?? prompt).utf8.span)
    let percent = digest.bytes.reduce(0) { ($0 * 256 + Int($1)) % 100 }
    return Figure(
      "split", split,
      "SHA-256 of the UTF-8 bytes of the text, as one big-endian integer, modulo 100: below 80 "
        + "train, below 90 validation, else test",
      [
        Input(
          session == nil ? "text: the prompt, as there is no session_id" : "text: the session_id",
          .text(session ?? prompt)),
        Input("SHA-256", .text("\(digest)")), Input("modulo 100", .integer(Int64(percent))),
      ])
  }
}

extension ExamplesAnswer: ExplainedTable {
  package func beginning(of row: AnswerRow) -> Offset? { row["offsets"].offsets?.first }

  package func rows(
    about subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [AnswerRow] {
    guard let number = subject.interaction?.number,
      let group = try tables.read(DatasetTables.answers).row(number)?.example?.group
    else { return [] }
    return try rows(in: tables) { $0["example_id"] == Cell(group) }
  }

  package func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["example_id"].integer ?? 0)
    var members: [Answer] = []
    try tables.read(DatasetTables.answers).forEach { _, answer in
      if answer.example?.group == id { members.append(answer) }
      return true
    }
    members.sort { ($0.example?.index ?? 0) < ($1.example?.index ?? 0) }
    return Explanation(
      title: "datasets \(id): an example to train on",
      rule: """
        Interactions of high value with a readable prompt and response. One whose prompt and \
        response together are at least 0.95 similar to an earlier one joins its cluster, for good; \
        the best-scored member that is high value stands for the cluster, ties to the lowest offset. \
        `foldlog explain values \(row["offset"].integer ?? 0)` tells how its score came about.
        """,
      figures: [
        Figure(
          "offset", row["offset"],
          "of the members, in the order in which they joined, the best-scored that is high value",
          members.prefix(Evidence.keptMax).map { member in
            Input(
              member.isHighValue ? "score" : "score, no longer of high value",
              .decimal(member.score), [member.offset])
          }),
        Figure(
          "merged", row["merged"], "members − 1",
          [Input("members", .integer(Int64(members.count)))]),
        Figure("score", row["score"], "that of the interaction that stands for the cluster"),
        Split.figure(
          row["split"], session: row["session_id"].text, prompt: row["prompt"].text ?? ""),
      ],
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

extension PairsAnswer: ExplainedTable {
  package func rows(
    about subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [AnswerRow] {
    let number = subject.interaction?.number
    let pairs = try tables.read(DatasetTables.pairs)
    return try rows(in: tables) { row throws(TableError) in
      if row.offsets.contains(subject.offset) { return true }
      guard let number, let id = row["pair_id"].integer.flatMap(UInt64.init(exactly:)) else {
        return false
      }
      return try pairs.row(id)?.content.isOf(number) ?? false
    }
  }

  package func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["pair_id"].integer ?? 0)
    var explanation = Explanation(
      title: "datasets/pairs \(id): of two answers the better",
      rule: """
        correction: a person's own text beside the response that it corrects. outcome: of the answers \
        to one prompt (at least 0.95 similar) the best of the best outcome beside the worst of the \
        worst. retry: a rejected attempt followed by an accepted one in the same session or task. \
        judgment: an event that states both. A pair whose sides fall into different splits is dropped.
        """,
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
    guard let pair = try tables.read(DatasetTables.pairs).row(id) else { return explanation }
    let answers = try tables.read(DatasetTables.answers)
    explanation.figures = [Figure("reason", row["reason"], "where the pair comes from")]
    switch pair.content {
    case .judgment(let judgment):
      let interaction: Answer? =
        if let number = judgment.interaction { try answers.row(number) } else { nil }
      explanation.figures += [
        Figure(
          "margin", row["margin"], "as last said, a hundredth of it when above 1; null: not said",
          [Input("margin", Cell(judgment.margin), [judgment.evidence.last])]),
        Split.figure(
          row["split"], session: interaction.map(\.sessionID) ?? judgment.sessionID,
          prompt: interaction?.prompt ?? judgment.prompt),
      ]
    case .correction(let number):
      guard let answer = try answers.row(number) else { break }
      explanation.figures += [
        Self.margin(corrected: answer, row),
        Split.figure(row["split"], session: answer.sessionID, prompt: answer.prompt),
      ]
    case .answers(let chosen, let rejected):
      guard let chosen = try answers.row(chosen), let rejected = try answers.row(rejected) else {
        break
      }
      explanation.figures += [
        Self.side("chosen", chosen), Self.side("rejected", rejected),
        Figure(
          "margin", row["margin"], "chosen score − rejected score, at least 0",
          [
            Input("chosen score", .decimal(chosen.score), [chosen.offset]),
            Input("rejected score", .decimal(rejected.score), [rejected.offset]),
          ]),
        Split.figure(row["split"], session: chosen.sessionID, prompt: chosen.prompt),
      ]
    }
    return explanation
  }

  private static func margin(corrected answer: Answer, _ row: AnswerRow) -> Figure {
    if let said = answer.margin {
      return Figure(
        "margin", row["margin"], "as said, a hundredth of it when above 1",
        [Input("margin", .decimal(said), answer.evidence.first)])
    }
    return Figure(
      "margin", row["margin"],
      "1 − similarity of correction and response (Jaccard over word 3-shingles)",
      [Input("similarity", Cell(similarity(row)), answer.evidence.first)])
  }

  private static func similarity(_ row: AnswerRow) -> FixedPoint? {
    guard case .decimal(let margin) = row["margin"] else { return nil }
    return .one - margin
  }

  private static func side(_ name: String, _ answer: Answer) -> Figure {
    let verdict =
      switch answer.verdict {
      case .none: "nobody said"
      case .accepted: "accepted"
      case .rejected: "rejected"
      }
    return Figure(
      name, .text(answer.response), "the response of an interaction",
      [
        Input("outcome", .text(answer.outcome.name), [answer.offset]),
        Input("score", .decimal(answer.score), [answer.offset]),
        Input("what a person did with it", .text(verdict), answer.evidence.first),
      ])
  }
}

extension PairContent {
  /// Whether it is of an interaction.
  fileprivate func isOf(_ number: UInt64) -> Bool {
    switch self {
    case .correction(let other): other == number
    case .answers(let chosen, let rejected): chosen == number || rejected == number
    case .judgment(let judgment): judgment.interaction == number
    }
  }
}

extension ReadinessAnswer: ExplainedTable {
  package func rows(
    about subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [AnswerRow] {
    let isTraining = subject.event.kind == "training_completed"
    let isExample = try !ExamplesAnswer().rows(about: subject, in: tables).isEmpty
    let isPair = try !PairsAnswer().rows(about: subject, in: tables).isEmpty
    return try rows(in: tables) { row in
      isTraining || row["kind"] == .text("examples") && isExample
        || row["kind"] == .text("pairs") && isPair
    }
  }

  package func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let isExamples = row["kind"] == .text("examples")
    let need = isExamples ? Need.examples : Need.pairs
    let trained = try need.trained.count(in: tables)
    var members: [Offset] = []
    if isExamples {
      try ExamplesAnswer().forEach(in: tables) { cells in
        if let offset = cells[1].integer { members.append(Offset(clamping: offset)) }
        return members.count < Evidence.keptMax
      }
    } else {
      try PairsAnswer().forEach(in: tables) { cells in
        let row = AnswerRow(columns: PairsAnswer().columns, cells: cells)
        members += row.offsets.suffix(1)
        return members.count < Evidence.keptMax
      }
    }
    return Explanation(
      title: "datasets/readiness \(row["kind"].text ?? ""): whether there is enough to train on",
      rule: """
        A first training needs 1,000 examples, or 500 pairs; each one after it 500 more than there \
        were when the last completed that had enough (training_completed).
        """,
      figures: [
        Figure(
          "count", row["count"], isExamples ? "rows of datasets" : "rows of datasets/pairs",
          [Input("the first of them", .integer(Int64(members.count)), members)]),
        Figure(
          "needed", row["needed"],
          "first when nothing was trained yet, else trained + 500",
          [Input("first", Cell(need.first)), Input("trained", Cell(trained))]),
        Figure(
          "ready", row["ready"], "count ≥ needed",
          [Input("count", row["count"]), Input("needed", row["needed"])]),
        Figure(
          "trigger", row["trigger"],
          "first_run when ready and trained is 0, growth when ready and it is not, else null",
          [Input("ready", row["ready"]), Input("trained", Cell(trained))]),
        Figure("dropped", row["dropped"], "pairs whose sides fall into different splits"),
      ],
      offsets: members, offsetCount: row["count"].integer.map(UInt64.init(clamping:)))
  }
}
