public import Events
public import Facts
public import Projection
public import Tables
internal import Masking
internal import TrainingData
public import Views

/// What to train on: supervised examples from interactions of high value, and preference pairs.
///
/// Its rows hold the texts of every interaction with prompt and response, once, whatever it is
/// worth: a late event may make an example or a pair of any. Memory does not grow with them: of
/// each table so many rows stay after a checkpoint as its `residentMax` says (4,096 responses,
/// 16,384 pairs, 65,536 of each small one), and of the index of similar texts what
/// `SimilarityIndex` states. Between checkpoints the rows that a batch changes are held too.
public final class DatasetsProjector: ConfiguredProjector, EventProjector {
  public static let view = View(
    // What is masked decides which texts are alike. Both numbers only grow, and so does their sum.
    "datasets", version: 13 + Masker.version, "What to train on.",
    needs: Needs.kinds([
      "judgment", "preference", "training_completed", "training_requested", "model_evaluated",
      "cycle_completed", "session_started",
    ]).andFacts.andPayload(TrainedOn.self).andPayload(CycleReport.self),
    tables: [
      Example.answer, PreferencePair.answer, Readiness.answer, Growth.answer, DomainShare.answer,
      Cycle.answer, Gated.answer,
    ], due: { tables throws(TableError) in try Cycle.due(in: tables) })

  private let responses: KeyedTable<UInt64, ResponseRow>
  private let examples: ExampleClusters
  private let pairs: PairFinder
  private let counts: Counts
  private let times: KeyedTable<UInt64, CycleTimes>
  private let splits: PromptSplits
  private let systemMessages: SystemMessages
  private let settings: DatasetsSettings

  public init(tables: FoldTables, settings: DatasetsSettings) throws(TableError) {
    self.settings = settings
    responses = try tables.open(ResponseRow.table)
    counts = try Counts(tables: tables)
    times = try tables.open(CycleTimes.table)
    let masks = MaskMemo()
    splits = try PromptSplits(tables: tables, masks: masks)
    systemMessages = try SystemMessages(tables: tables)
    examples = try ExampleClusters(
      tables: tables, responses: responses, counts: counts, masks: masks)
    pairs = try PairFinder(
      tables: tables, responses: responses, counts: counts, splits: splits, masks: masks)
  }

  /// How many pairs are answered by no table, because their sides are in different splits.
  public static func droppedPairs(in tables: any ViewReader) throws(TableError) -> UInt64 {
    try Readiness.of(.pairs, in: tables).dropped
  }

  public func begin(_ batch: borrowing FoldBatch) throws(TableError) {
    let events = batch.times
    try change { $0.events.merge(events) }
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    let event = copy event
    try change { $0.take(event, event.payload(CycleReport.self)) }
    switch event.kind {
    case "session_started": try systemMessages.note(event)
    case "judgment", "preference": try pairs.judge(event, about: context.fact?.after)
    case "training_completed":
      try counts.train((event.payload(TrainedOn.self) ?? TrainedOn()).readiness, at: event.offset)
    case "cycle_completed" where event.payload(CycleReport.self)?.isTraining == true:
      try counts.train(Readiness.Kind.allCases, at: event.offset)
    default: break
    }
  }

  private func change(_ body: (inout CycleTimes) -> Void) throws(TableError) {
    let known = try times.row(0) ?? CycleTimes()
    var now = known
    body(&now)
    if now != known { try times.put(0, now) }
  }

  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let known = fact.before == nil ? nil : try responses.row(fact.after.number)
    if let response = try response(of: fact.after, known: known) {
      try keep(response, before: known)
    }
    if fact.before == nil { try pairs.addWaitingJudgments(to: fact.after) }
  }

  /// The response as it is now, in the groups that it is in for good.
  private func response(
    of interaction: Interaction, known: ResponseRow?
  ) throws(TableError) -> ResponseRow? {
    guard let known else {
      guard var response = ResponseRow(interaction, settings), let prompts = interaction.prompts
      else { return nil }
      response.systemMessage = try systemMessages.keep(interaction.fields)
      try pairs.place(&response, prompts)
      if response.isSplitNeeded { response.split = try splits.split(of: response) }
      try counts.addResponse(in: response.week, at: response.offset)
      return response
    }
    guard var response = ResponseRow(interaction, settings) else {
      // Its text is gone: it stays in its groups, and is no example any more.
      var response = known
      (response.isExample, response.isGated) = (false, false)
      return response
    }
    response.systemMessage = try systemMessages.keep(interaction.fields) ?? known.systemMessage
    response.promptPosition = known.promptPosition
    response.examplePosition = known.examplePosition
    if known.split != nil, response.isAsked(as: known) {
      response.split = known.split
    } else if known.split != nil || response.isSplitNeeded {
      response.split = try splits.split(of: response)
    }
    return response
  }

  private func keep(_ response: ResponseRow, before: ResponseRow?) throws(TableError) {
    var response = response
    try examples.update(&response)
    try counts.change(
      .examples, \.gated, from: before?.isGated == true, to: response.isGated)
    try responses.put(response.number, response)
    try pairs.update(response, before: before)
  }
}
