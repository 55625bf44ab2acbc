internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import TrainingData
internal import Views

/// Derives preference pairs from responses, as they come and change, and from judgments.
struct PairFinder {
  private static let judgmentNumbers = StoredTable<Hash128, UInt64>(
    "judgments", isCounted: false, residentMax: 1 << 16)
  private static let judgmentCounts = StoredTable<UInt64, UInt64>(
    "judgments/count", isCounted: false)

  private let list: PairList
  private let responses: KeyedTable<UInt64, ResponseRow>
  private let groups: KeyedTable<UInt64, Group>
  private let best: Tournament
  private let worst: Tournament
  private let attempts: KeyedTable<Hash128, Attempts>
  private let journeys: KeyedTable<Hash128, Attempts>
  /// The number of each judgment, from 0, by its texts.
  private let judgments: KeyedTable<Hash128, UInt64>
  private let judgmentCount: KeyedTable<UInt64, UInt64>
  private let links: KeyedTable<NumberKey, UInt64>
  private let waiting: KeyedTable<Hash128, WaitingJudgments>
  private let splits: PromptSplits
  private let masks: MaskMemo

  init(
    tables: FoldTables, responses: KeyedTable<UInt64, ResponseRow>, counts: Counts,
    splits: PromptSplits, masks: MaskMemo
  ) throws(TableError) {
    self.responses = responses
    self.splits = splits
    self.masks = masks
    list = try PairList(tables: tables, counts: counts)
    groups = try tables.open(Group.prompts)
    best = try Tournament(tables, Tournament.bestResponses)
    worst = try Tournament(tables, Tournament.worstResponses)
    attempts = try tables.open(Attempts.table)
    journeys = try tables.open(Attempts.journeys)
    judgments = try tables.open(Self.judgmentNumbers)
    judgmentCount = try tables.open(Self.judgmentCounts)
    links = try tables.open(JudgmentLink.table)
    waiting = try tables.open(WaitingJudgments.table)
  }

  /// Puts a new response among those to the same prompt.
  func place(_ response: inout ResponseRow, _ prompts: PromptClusters) throws(TableError) {
    response.promptPosition = try groups.add(response.number, to: prompts.narrow)
  }

  /// Brings the pairs that a response is part of up to date; the response is in its table already.
  ///
  /// - Parameter before: the response as it was; nil for a new one.
  func update(_ response: ResponseRow, before: ResponseRow?) throws(TableError) {
    if response.correction != nil { try updateCorrection(response) }
    if let before, before.verdict != .unknown, before.setting != response.setting {
      try updateRetries(before) { $0.remove(before) }
    }
    if response.verdict != .unknown || (before?.verdict ?? .unknown) != .unknown {
      try updateRetries(response) { $0.set(response, isGood: response.isAccepted) }
    }
    try updateJourneys(response, before: before)
    try updateOutcome(response)
  }

  private func updateCorrection(_ response: ResponseRow) throws(TableError) {
    let texts = response.correction.flatMap {
      PairTexts(prompt: response.prompt, chosen: $0, rejected: response.response, masks)
    }
    let pair = texts.map {
      Pair(
        reason: .correction, content: .correction(of: response.number), identity: $0.identity,
        couple: $0.couple, basis: .human, week: response.week)
    }
    try list.set(.pair(.correction, response.number), pair, at: response.evidence.last)
  }

  /// Changes the attempts that a response is among, and the pairs that come of them.
  private func updateRetries(
    _ response: ResponseRow, _ change: (inout Attempts) -> Void
  ) throws(TableError) {
    guard let key = Attempts.key(response) else { return }
    var known = try attempts.row(key) ?? Attempts()
    let before = known
    change(&known)
    try attempts.put(key, known)
    let offset = response.evidence.last
    let retries = known.retries
    for attempt in before.all where !retries.contains(where: { $0.accepted == attempt.number }) {
      try list.set(.pair(.retry, attempt.number), nil, at: offset)
    }
    for retry in retries {
      let pair = try pair(.retry, chosen: retry.accepted, rejected: retry.rejected)
      try list.set(.pair(.retry, retry.accepted), pair, at: offset)
    }
  }

  /// Changes the journey that a response is part of, and the pairs that come of it. A response that
  /// is alone with its prompt is in none.
  private func updateJourneys(
    _ response: ResponseRow, before: ResponseRow?
  ) throws(TableError) {
    let place = response.promptPosition
    guard let group = try groups.row(place.group), group.size > 1 else { return }
    if before == nil, place.index == 1, let founder = try responses.row(group.founder) {
      try updateJourney(founder) { $0.set(founder, isGood: founder.hasSucceeded) }
    }
    if let before, before.setting != response.setting {
      try updateJourney(before) { $0.remove(before) }
    }
    try updateJourney(response) { $0.set(response, isGood: response.hasSucceeded) }
  }

  private func updateJourney(
    _ response: ResponseRow, _ change: (inout Attempts) -> Void
  ) throws(TableError) {
    guard let key = Attempts.key(response) else { return }
    let before = try journeys.row(key) ?? Attempts()
    var known = before
    change(&known)
    if known != before { try journeys.put(key, known) }
    let mended = Dictionary(
      known.mends.map { ($0.accepted, $0.rejected) }, uniquingKeysWith: { first, _ in first })
    let offset = response.evidence.last
    for attempt in known.all {
      try setJourney(of: attempt.number, from: mended[attempt.number], at: offset)
    }
    for attempt in before.all where !known.all.contains(where: { $0.number == attempt.number }) {
      try setJourney(of: attempt.number, from: nil, at: offset)
    }
  }

  private func setJourney(
    of number: UInt64, from failed: UInt64?, at offset: Offset
  ) throws(TableError) {
    let key = NumberKey.pair(.journey, number)
    // The retry may give the same pair already.
    let retry = try list.pair(.pair(.retry, number))
    guard let failed, retry?.content != .responses(chosen: number, rejected: failed) else {
      return try list.set(key, nil, at: offset)
    }
    try list.set(key, try pair(.journey, chosen: number, rejected: failed), at: offset)
  }

  /// Of the responses to one prompt, the best of the best outcome beside the worst of the worst.
  private func updateOutcome(_ response: ResponseRow) throws(TableError) {
    let place = response.promptPosition
    guard let group = try groups.row(place.group), group.size > 1 else { return }
    let best = try best.set(candidate(response, .best), at: place, of: group.size) {
      () throws(TableError) in try responses.row(group.founder).map { candidate($0, .best) }
    }
    let worst = try worst.set(candidate(response, .worst), at: place, of: group.size) {
      () throws(TableError) in try responses.row(group.founder).map { candidate($0, .worst) }
    }
    guard let best, let worst else { return }
    let key = NumberKey.pair(.outcome, place.group)
    let offset = response.evidence.last
    guard best.number != worst.number,
      let chosen = try responses.row(best.number),
      let rejected = try responses.row(worst.number),
      chosen.outcome.rawValue > rejected.outcome.rawValue
    else {
      try list.set(key, nil, at: offset)
      return
    }
    // A retry, or a journey, gives the same pair already.
    let content = PairContent.responses(chosen: best.number, rejected: worst.number)
    for reason in [PairReason.retry, .journey] {
      let other = try list.pair(.pair(reason, best.number))
      if other?.content == content { return try list.set(key, nil, at: offset) }
    }
    let isOfOthers = best.number != response.number && worst.number != response.number
    if isOfOthers, try list.pair(key)?.content == content { return }
    let pair = try pair(.outcome, chosen: best.number, rejected: worst.number)
    try list.set(key, pair, at: offset)
  }

  private enum End { case best, worst }

  private func candidate(_ response: ResponseRow, _ end: End) -> Candidate {
    let rank = Int64(response.outcome.rawValue) << 40 + response.score.units
    return Candidate(
      rank: end == .best ? rank : -rank, offset: response.offset, number: response.number)
  }

  /// A pair of two responses; nil when they are the same text.
  private func pair(
    _ reason: PairReason, chosen: UInt64, rejected: UInt64
  ) throws(TableError) -> Pair? {
    guard let one = try responses.row(chosen), let other = try responses.row(rejected),
      let texts = PairTexts(
        prompt: one.prompt, chosen: one.response, rejected: other.response, masks)
    else { return nil }
    let isDropped = try split(of: one) != split(of: other)
    return Pair(
      reason: reason, content: .responses(chosen: chosen, rejected: rejected),
      isDropped: isDropped, identity: texts.identity, couple: texts.couple,
      // A retry was accepted, and what came before it rejected, by a person.
      basis: reason == .retry ? .human : min(one.basis, other.basis),
      week: max(one.week, other.week))
  }

  /// The split of a response, which is decided when it first is part of a pair.
  private func split(of response: ResponseRow) throws(TableError) -> Split {
    if let split = response.split { return split }
    var response = response
    let split = try splits.split(of: response)
    response.split = split
    try responses.put(response.number, response)
    return split
  }

  // MARK: Judgments

  /// A judgment or preference that states both answers; prompt and session may be those of the
  /// interaction that it annotates.
  func judge(_ event: borrowing Event, about interaction: Interaction?) throws(TableError) {
    guard let judgment = Judgment(event) else { return }
    if let interaction {
      try state(judgment.about(interaction), at: event.id.offset)
      return
    }
    try state(judgment, at: event.id.offset)
    guard let id = event.fields.text(.interactionID) else { return }
    try waiting.change(WaitingJudgments.key(event.stream, id)) { row in
      var waiting = row.take() ?? WaitingJudgments()
      waiting.add(judgment)
      row = waiting
    }
  }

  /// Gives an interaction with its first outcome the judgments that were waiting for it.
  func addWaitingJudgments(to interaction: Interaction) throws(TableError) {
    guard let id = interaction.fields.text(.interactionID) else { return }
    let key = WaitingJudgments.key(interaction.stream, id)
    guard let row = try waiting.row(key) else { return }
    for judgment in row.judgments {
      try state(judgment.about(interaction), at: interaction.evidence.last)
    }
    try waiting.remove(key)
  }

  /// Makes a judgment a pair, once its prompt is known.
  private func state(_ stated: Judgment, at offset: Offset) throws(TableError) {
    guard !stated.prompt.isEmpty, let texts = stated.texts(masks) else { return }
    let identity = texts.identity
    var judgment = stated
    let known = try judgments.row(identity)
    let count = try judgmentCount.row(0) ?? 0
    let number = known ?? count
    let key = NumberKey.pair(.judgment, number)
    if case .judgment(let known)? = try list.pair(key)?.content {
      (judgment.prompt, judgment.chosen, judgment.rejected) = (
        known.prompt, known.chosen, known.rejected
      )
      judgment.interaction = known.interaction ?? judgment.interaction
      judgment.sessionID = known.sessionID ?? judgment.sessionID
      judgment.margin = judgment.margin ?? known.margin
      judgment.week = known.week
      judgment.evidence = known.evidence
      judgment.evidence.add(stated.evidence.last)
    } else {
      try judgments.put(identity, number)
    }
    if known == nil { try judgmentCount.put(0, number + 1) }
    judgment.promptKey = try splits.split(
      of: judgment.prompt, session: judgment.sessionID, by: .judgment(number),
      at: stated.evidence.last
    ).key
    try list.set(
      key,
      Pair(
        reason: .judgment, content: .judgment(judgment), identity: identity, couple: texts.couple,
        week: judgment.week), at: offset)
    try links.put(JudgmentLink.event.key(stated.evidence.last, number), number)
    if let interaction = judgment.interaction {
      try links.put(JudgmentLink.interaction.key(interaction, number), number)
    }
  }
}

/// Leads from an event, or an interaction, to the judgments that it has a part in. Kept by its
/// source, the event's offset or the interaction's number, and the judgment's number.
enum JudgmentLink: UInt8 {
  case event = 0
  case interaction = 1

  static let table = StoredTable<NumberKey, UInt64>(
    "judgments/links", isCounted: false, residentMax: 1 << 14)

  func key(_ source: UInt64, _ judgment: UInt64) -> NumberKey {
    NumberKey(kind: rawValue, number: source, index: judgment)
  }

  /// The keys of the pairs of these judgments.
  func pairs(of number: UInt64, in tables: any ViewReader) throws(TableError) -> [NumberKey] {
    var keys: [NumberKey] = []
    try tables.read(Self.table).forEach(from: key(number, 0)) { key, judgment in
      guard key.kind == rawValue, key.number == number else { return false }
      keys.append(.pair(.judgment, judgment))
      return true
    }
    return keys
  }
}

/// Judgments that came before the interaction that they annotate has an outcome. Kept by its stream
/// and id.
struct WaitingJudgments: Row {
  private(set) var judgments: [Judgment] = []

  static let table = StoredTable<Hash128, WaitingJudgments>("judgments/waiting", isCounted: false)
  /// Of one interaction: the first of them are kept.
  private static let keptMax = 16

  static func key(_ stream: Stream, _ id: String) -> Hash128 {
    var writer = ByteWriter(capacity: 48)
    writer.append(byte: stream.rawValue)
    writer.append(text: id)
    return Hash128(of: writer.span)
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("judgments", &row.judgments)
  }

  init() {}

  mutating func add(_ judgment: Judgment) {
    if judgments.count < Self.keptMax { judgments.append(judgment) }
  }
}
