internal import Bytes
internal import Events
internal import Facts
public import Projection
internal import Similarity
public import TrainingData
internal import Views

extension PreferencePair {
  /// `datasets/pairs`: the preference pairs, by their numbers, without those that are dropped.
  public static let answer = Answer(
    "datasets/pairs",
    """
    Of two answers to a prompt the better, where their sides are in one split; the others are counted \
    in datasets/readiness. correction: a person's own text beside the response that it corrects. \
    outcome: of the answers to one prompt (at least \(ScoreRules.samePrompt) similar) the best of the best \
    outcome beside the worst of the worst. retry: an accepted attempt with the rejected one that came last before it, \
    by time, in the same session or task, of the first \(Attempts.keptMax) attempts. journey: of failed attempts at a \
    prompt in a row the last, with the first success after them, by time, in the same session or task, \
    of the first \(Attempts.keptMax) attempts; what is mended within a turn leaves one answer, and so no \
    pair. judgment: an event that states both. Of pairs whose texts are the same, \
    once masked, one is there, and none whose sides are. Where some prefer one of two texts and some \
    the other, for one prompt, those whose outcome_basis is null, or at least \
    \(OutcomeBasis.trainingMin.name), win, of equals those of which one came to be, or was stated, last; \
    the others are left out.
    """,
    rows: { tables, body throws(TableError) in
      let source = try PairSource(tables)
      try tables.read(Pair.table).forEach { id, pair throws(TableError) in
        try PreferencePair(id, pair, source).map(body) ?? true
      }
    },
    row: { key, tables throws(TableError) in
      guard let id = key.number(0), let pair = try tables.read(Pair.table).row(id) else {
        return nil
      }
      return try PreferencePair(id, pair, PairSource(tables))
    }
  ).identified(by: ["prompt", "chosen", "rejected"], numbering: ["pair_id"])
    .showing(first: "prompt", "chosen", "rejected", "reason", "margin").touched {
      subject, tables throws(TableError) in
      try touched(by: subject, in: tables)
    }.whenEmpty(ResponseCounts.whyNoPair).explained {
      explanation, row, tables, _ throws(TableError) in
      let id = UInt64(clamping: row["pair_id"].integer ?? 0)
      guard let pair = try tables.read(Pair.table).row(id) else { return }
      explanation.add(
        Input("counts since", pair.countedSince.cell, pair.countedSince.map { [$0] } ?? []),
        Input("the last training", try Readiness.of(.pairs, in: tables).trainedAt.cell),
        to: "used_in_training")
      let responses = try tables.read(ResponseRow.table)
      switch pair.content {
      case .judgment(let judgment):
        explanation.set(
          Figure(
            "margin", row["margin"],
            "as last said, a hundredth of it when above 1; null: not said, or not from 0 to 100",
            [Input("margin", Cell(judgment.margin), [judgment.evidence.last])]))
        try explanation.addSplit(of: judgment.prompt, in: tables)
      case .correction(let number):
        guard let response = try responses.row(number) else { return }
        explanation.set(margin(of: response, row["margin"]))
        try explanation.addSplit(of: response.prompt, in: tables)
      case .responses(let chosen, let rejected):
        guard let chosen = try responses.row(chosen), let rejected = try responses.row(rejected)
        else { return }
        explanation.set(side("chosen", chosen))
        explanation.set(side("rejected", rejected))
        explanation.set(
          Figure(
            "margin", row["margin"], "chosen score − rejected score, at least 0",
            [
              Input("chosen score", .decimal(chosen.score), [chosen.offset]),
              Input("rejected score", .decimal(rejected.score), [rejected.offset]),
            ]))
        try explanation.addSplit(of: chosen.prompt, in: tables)
      }
    }

  /// What pairs take their texts and splits from.
  private struct PairSource {
    let responses: TableReader<UInt64, ResponseRow>
    let splits: TableReader<Hash128, PromptSplit>
    /// The last training on pairs.
    let trained: Offset?

    init(_ tables: any ViewReader) throws(TableError) {
      responses = try tables.read(ResponseRow.table)
      splits = try tables.read(PromptSplit.table)
      trained = try Readiness.of(.pairs, in: tables).trainedAt
    }
  }

  /// A pair with its texts; nil for one that is dropped, or that another stands for.
  private init?(
    _ id: UInt64, _ pair: Pair, _ source: PairSource
  ) throws(TableError) {
    if !pair.isShown { return nil }
    self.init()
    let responses = source.responses
    self.id = id
    reason = pair.reason
    basis = pair.basis
    switch pair.content {
    case .judgment(let judgment):
      set(judgment, try source.splits.row(judgment.promptKey)?.split ?? .train)
    case .correction(let number):
      guard let response = try responses.row(number), let correction = response.correction else {
        return nil
      }
      set(correction, of: response)
    case .responses(let chosen, let rejected):
      guard let chosen = try responses.row(chosen), let rejected = try responses.row(rejected)
      else { return nil }
      set(chosen, rejected)
    }
    if split == .train, let trained = source.trained, let since = pair.countedSince {
      isUsedInTraining = since < trained
    }
  }

  private mutating func set(_ judgment: Judgment, _ split: Split) {
    prompt = judgment.prompt
    chosen = judgment.chosen
    rejected = judgment.rejected
    margin = judgment.margin.flatMap(asShare)
    self.split = split
    evidence = judgment.evidence
  }

  /// The margin is what was said, else how much of the text was changed.
  private mutating func set(_ correction: String, of response: ResponseRow) {
    prompt = response.prompt
    chosen = correction
    rejected = response.response
    margin =
      response.margin.flatMap(asShare)
      ?? .one - Sketch(of: correction).similarity(to: Sketch(of: response.response)).value
    split = response.split ?? .train
    evidence = response.evidence
  }

  /// The margin is the difference of the scores.
  private mutating func set(_ chosen: ResponseRow, _ rejected: ResponseRow) {
    prompt = chosen.prompt
    self.chosen = chosen.response
    self.rejected = rejected.response
    margin = max(chosen.score - rejected.score, .zero)
    chosenScore = chosen.score
    split = chosen.split ?? .train
    let offsets = (chosen.evidence.first + rejected.evidence.first).sorted()
    evidence = Evidence(
      first: Array(offsets.prefix(Evidence.keptMax)),
      last: max(chosen.evidence.last, rejected.evidence.last),
      count: chosen.evidence.count &+ rejected.evidence.count)
  }

  /// The pairs that an event states, and those that its interaction is part of.
  static func touched(
    by subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [PreferencePair] {
    let responses = try tables.read(ResponseRow.table)
    var keys = try JudgmentLink.event.pairs(of: subject.offset, in: tables)
    if let number = subject.interaction?.number {
      keys += try JudgmentLink.interaction.pairs(of: number, in: tables)
      if let response = try responses.row(number) {
        keys += try Self.keys(of: response, in: tables)
      }
    }
    var pairs: [UInt64: PreferencePair] = [:]
    let numbers = try tables.read(PairList.numbers)
    for key in keys {
      guard let id = try numbers.row(key), let pair = try tables.read(Pair.table).row(id) else {
        continue
      }
      pairs[id] = try PreferencePair(id, pair, PairSource(tables))
    }
    return pairs.values.sorted { $0.id < $1.id }
  }

  /// The keys of the pairs that are of a response.
  private static func keys(
    of response: ResponseRow, in tables: any ViewReader
  ) throws(TableError) -> [NumberKey] {
    let number = response.number
    var keys = [NumberKey.pair(.correction, number)]
    let outcome = NumberKey.pair(.outcome, response.promptPosition.group)
    if let id = try tables.read(PairList.numbers).row(outcome),
      let pair = try tables.read(Pair.table).row(id), pair.content.isOf(number)
    {
      keys.append(outcome)
    }
    let attempts = try Attempts.key(response).flatMap(tables.read(Attempts.table).row)
    for retry in attempts?.retries ?? [] where [retry.accepted, retry.rejected].contains(number) {
      keys.append(.pair(.retry, retry.accepted))
    }
    let journey = try Attempts.key(response).flatMap(tables.read(Attempts.journeys).row)
    for mend in journey?.mends ?? [] where [mend.accepted, mend.rejected].contains(number) {
      keys.append(.pair(.journey, mend.accepted))
    }
    return keys
  }

  private static func margin(of response: ResponseRow, _ margin: Cell) -> Figure {
    if let said = response.margin, asShare(said) != nil {
      return Figure(
        "margin", margin, "as said, a hundredth of it when above 1",
        [Input("margin", .decimal(said), response.evidence.first)])
    }
    var similarity = Cell.null
    if case .decimal(let margin) = margin { similarity = .decimal(.one - margin) }
    return Figure(
      "margin", margin, "1 − similarity of correction and response (Jaccard over word 3-shingles)",
      [Input("similarity", similarity, response.evidence.first)])
  }

  private static func side(_ name: String, _ response: ResponseRow) -> Figure {
    Figure(
      name, .text(response.response), "the response of an interaction",
      [
        Input("outcome", response.outcome.cell, [response.offset]),
        Input("score", .decimal(response.score), [response.offset]),
        Input("what a person did with it", response.verdict.cell, response.evidence.first),
      ])
  }
}

/// A margin as a share of 1: some writers count to 100. Nil for what is none.
private func asShare(_ margin: FixedPoint) -> FixedPoint? {
  let share =
    margin > .one
    ? FixedPoint(units: FixedPoint.divide(Int128(margin.units), by: 100)) : margin
  return (FixedPoint.zero...FixedPoint.one).contains(share) ? share : nil
}
