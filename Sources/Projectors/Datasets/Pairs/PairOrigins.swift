internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Derives preference pairs from answers, as they come and change, and from judgments.
struct PairOrigins {
  private let list: PairList
  private let answers: KeyedTable<UInt64, Answer>
  private let groups: Groups
  private let best: Tournament
  private let worst: Tournament
  private let attempts: KeyedTable<Hash128, Attempts>
  /// The offset of the first event that stated a judgment, by its texts.
  private let judgments: KeyedTable<Hash128, Count>
  /// Judgments of interactions that have no outcome yet, by stream and id.
  private let waiting: KeyedTable<Hash128, WaitingJudgments>

  init(
    tables: TableSet, answers: KeyedTable<UInt64, Answer>, counts: Counts
  ) throws(TableError) {
    self.answers = answers
    list = try PairList(tables: tables, counts: counts)
    groups = try Groups(tables: tables, name: "prompts")
    best = try Tournament(tables: tables, name: "prompts/best")
    worst = try Tournament(tables: tables, name: "prompts/worst")
    attempts = try tables.keyed(
      "attempts", key: Hash128.self, row: Attempts.self, isCounted: false, residentMax: 1 << 16)
    judgments = try tables.keyed(
      "judgments", key: Hash128.self, row: Count.self, isCounted: false, residentMax: 1 << 16)
    waiting = try tables.keyed(
      "judgments/waiting", key: Hash128.self, row: WaitingJudgments.self, isCounted: false)
  }

  /// Puts a new answer among those to the same prompt.
  func place(_ answer: inout Answer, _ prompts: PromptClusters) throws(TableError) {
    answer.answers = try groups.add(answer.number, to: prompts.narrow)
  }

  /// Brings the pairs that an answer is part of up to date; the answer is in its table already.
  ///
  /// - Parameter before: the answer as it was; nil for a new one.
  func update(_ answer: Answer, before: Answer?) throws(TableError) {
    if answer.correction != nil { try updateCorrection(answer) }
    if let before, before.verdict != .none, before.setting != answer.setting {
      try updateRetries(before) { $0.remove(before) }
    }
    if answer.verdict != .none || (before?.verdict ?? .none) != .none {
      try updateRetries(answer) { $0.set(answer) }
    }
    try updateOutcome(answer)
  }

  private func updateCorrection(_ answer: Answer) throws(TableError) {
    let isPair = answer.correction.map { !$0.utf8.elementsEqual(answer.response.utf8) } ?? false
    let pair = Pair(
      origin: .correction, content: .correction(of: answer.number), isDropped: false)
    try list.set(PairKey(.correction, answer.number), isPair ? pair : nil)
  }

  // MARK: Retries

  /// Changes the attempts that an answer is among, and the pairs that come of them.
  private func updateRetries(
    _ answer: Answer, _ change: (inout Attempts) -> Void
  ) throws(TableError) {
    guard let setting = answer.setting else { return }
    var key = ByteWriter()
    key.append(varint: answer.answers.group)
    key.append(text: setting)
    let hash = Hash128(of: key.span)
    var known = try attempts.row(hash) ?? Attempts()
    let before = known
    change(&known)
    try attempts.put(hash, known)
    for attempt in before.all { try list.set(PairKey(.retry, attempt.number), nil) }
    for retry in known.retries {
      let pair = try pair(.retry, chosen: retry.accepted, rejected: retry.rejected)
      try list.set(PairKey(.retry, retry.accepted), pair)
    }
  }

  // MARK: Outcomes

  /// Of the answers to one prompt, the best of the best outcome beside the worst of the worst.
  private func updateOutcome(_ answer: Answer) throws(TableError) {
    let place = answer.answers
    guard let group = try groups.group(place.group), group.size > 1 else { return }
    let best = try best.set(contender(answer, .best), at: place, of: group.size) {
      () throws(TableError) in try answers.row(group.founder).map { contender($0, .best) }
    }
    let worst = try worst.set(contender(answer, .worst), at: place, of: group.size) {
      () throws(TableError) in try answers.row(group.founder).map { contender($0, .worst) }
    }
    guard let best, let worst else { return }
    let key = PairKey(.outcome, place.group)
    guard best.number != worst.number,
      let chosen = try answers.row(best.number), let rejected = try answers.row(worst.number),
      chosen.outcome.rawValue > rejected.outcome.rawValue
    else {
      try list.set(key, nil)
      return
    }
    // Told once: by the retry.
    let retry = try list.pair(PairKey(.retry, best.number))
    let content = PairContent.answers(chosen: best.number, rejected: worst.number)
    if retry?.content == content {
      try list.set(key, nil)
    } else {
      try list.set(key, try pair(.outcome, chosen: best.number, rejected: worst.number))
    }
  }

  private enum End { case best, worst }

  private func contender(_ answer: Answer, _ end: End) -> Contender {
    let rank = Int64(answer.outcome.rawValue) << 40 + answer.score.units
    return Contender(
      rank: end == .best ? rank : -rank, offset: answer.offset, number: answer.number)
  }

  /// A pair of two answers; nil when they are the same text.
  private func pair(
    _ origin: PairOrigin, chosen: UInt64, rejected: UInt64
  ) throws(TableError) -> Pair? {
    guard let one = try answers.row(chosen), let other = try answers.row(rejected),
      !one.response.utf8.elementsEqual(other.response.utf8)
    else { return nil }
    return Pair(
      origin: origin, content: .answers(chosen: chosen, rejected: rejected),
      isDropped: one.split != other.split)
  }

  // MARK: Judgments

  /// A judgment or preference that states both answers; prompt and session may be those of the
  /// interaction that it speaks of.
  func judge(_ event: Event, about interaction: Interaction?) throws(TableError) {
    let fields = event.fields
    guard let chosen = readable(fields.text(.chosen)),
      let rejected = readable(fields.text(.rejected)),
      !chosen.utf8.elementsEqual(rejected.utf8)
    else { return }
    let judgment = Judgment(
      interaction: nil, sessionID: fields.text(.sessionID),
      prompt: readable(fields.text(.prompt)) ?? "", chosen: chosen, rejected: rejected,
      margin: fields.number(.margin), evidence: Evidence(event.offset))
    if let interaction {
      try state(judgment.about(interaction))
      return
    }
    try state(judgment)
    guard let id = fields.text(.interactionID) else { return }
    try waiting.change(WaitingJudgments.key(event.stream, id)) { row in
      row = (row ?? WaitingJudgments()).adding(judgment)
    }
  }

  /// Gives an interaction that has its first outcome the judgments that were waiting for it.
  func welcome(_ interaction: Interaction) throws(TableError) {
    guard let id = interaction.fields.text(.interactionID) else { return }
    let key = WaitingJudgments.key(interaction.stream, id)
    guard let row = try waiting.row(key) else { return }
    for judgment in row.judgments { try state(judgment.about(interaction)) }
    try waiting.remove(key)
  }

  /// Makes a judgment a pair, once its prompt is known.
  private func state(_ stated: Judgment) throws(TableError) {
    guard !stated.prompt.isEmpty else { return }
    var judgment = stated
    let first = try judgments.row(judgment.identity) ?? Count(value: judgment.evidence.last)
    let key = PairKey(.judgment, first.value)
    if case .judgment(let known)? = try list.pair(key)?.content {
      judgment.interaction = known.interaction ?? judgment.interaction
      judgment.sessionID = known.sessionID ?? judgment.sessionID
      judgment.margin = judgment.margin ?? known.margin
      judgment.evidence = known.evidence
      judgment.evidence.add(stated.evidence.last)
    } else {
      try judgments.put(judgment.identity, first)
    }
    try list.set(key, Pair(origin: .judgment, content: .judgment(judgment), isDropped: false))
  }
}
