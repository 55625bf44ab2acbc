internal import Conversations
internal import EventLog
internal import Events
internal import Interactions
internal import Pipeline
internal import Projection
internal import Scoring
internal import Tables
internal import ViewStore
internal import Views

/// Folds of the log that somebody watches, as a build was folded: for what no table keeps.
struct Watch {
  let scoring: ScoringSettings
  fileprivate let viewSettings: ViewSettings
  fileprivate let skipped: [Offset]
  fileprivate let formats: FormatSet
  fileprivate let prices: PriceList
  /// Conversations as the build knows them; nil where there is none.
  fileprivate let conversations: ConversationFinder?
  fileprivate let log: LogEnvironment
  fileprivate let catalogue: ViewCatalogue
  fileprivate let workers: Workers
  fileprivate let progress: (Progress) -> Void

  /// The calls of a row, as the build has them.
  var countedCalls: CountedCalls? {
    conversations.map { CountedCalls(conversations: $0, prices: prices) }
  }

  private func fold(
    _ projectors: [any Projector.Type], _ watch: FoldWatch, from start: Offset = 0, to end: Offset
  ) throws {
    let scratch = try catalogue.makeScratch()
    defer { catalogue.discardScratch(scratch) }
    let plan = FoldPlan(
      projectors: projectors, scoring: scoring, viewSettings: viewSettings, formats: formats,
      prices: prices)
    var watch = watch
    watch.skipped = skipped
    let fold = try BuildFold(
      scratch, plan: plan, log: log, workers: workers, watch: watch, from: start,
      progress: { progress(Progress(phase: .explain, done: $0, total: end)) })
    try fold.fold(to: end)
  }

  /// What the projector of a view notes up to `end`.
  func trace(_ projector: any Projector.Type, to end: Offset) throws -> FoldTrace {
    let trace = FoldTrace()
    let selection = LineSelection(for: [projector.view.needs])
    try fold([projector], FoldWatch(trace: trace, selection: selection), to: end)
    return trace
  }

  /// An interaction, up to `end`: by a fold of the lines that name it or its session. Where that does
  /// not give what the build has, since others had a part in it, by a fold of the whole log.
  func trace(_ remembered: RememberedInteraction, to end: Offset) throws -> InteractionTracer {
    let tracer = InteractionTracer(remembered)
    let beginning = remembered.beginning.offset
    let sources = try remembered.sessionID.map { try conversations?.sources(ofSession: $0) } ?? nil
    let selection = LineSelection(
      holding: [remembered.interactionID, remembered.sessionID].compactMap { $0 },
      formatsFrom: sources, from: beginning)
    // What a line of a transcript says depends on those before it.
    let start = sources?.isEmpty == true ? beginning : 0
    try fold([], FoldWatch(tracer: tracer, selection: selection), from: start, to: end)
    return tracer.agreesWithBuild ? tracer : try trace(from: remembered.beginning, to: end)
  }

  /// An interaction, up to `end`, by a fold of the whole log.
  func trace(from beginning: EventID, to end: Offset) throws -> InteractionTracer {
    let tracer = InteractionTracer(from: beginning)
    try fold([], FoldWatch(tracer: tracer), to: end)
    return tracer
  }

  /// Where the interaction begins that an event belongs to; nil when it belongs to none.
  ///
  /// - Parameter readsAll: false for a look at the lines that name it alone, which is fast and may err.
  func beginning(of event: Event, readsAll: Bool) throws -> EventID? {
    let tracer = InteractionTracer(from: event.id)
    let texts = [event.fields.text(.interactionID), event.fields.text(.sessionID)]
    let sources = try texts[1].map { try conversations?.sources(ofSession: $0) } ?? nil
    let selection =
      readsAll
      ? .all : LineSelection(holding: texts.compactMap { $0 }, formatsFrom: sources)
    try fold([], FoldWatch(tracer: tracer, selection: selection), to: event.offset + 1)
    return tracer.beginning
  }

  /// The interaction that an event belongs to, by a fold of the whole log: where no view knows
  /// interactions.
  func trace(_ event: Event) throws -> InteractionTracer? {
    try beginning(of: event, readsAll: true).map { try trace(from: $0, to: LogReader(log).end()) }
  }
}

extension ExplainService {
  /// Folds as the build of a view was folded.
  func watch(
    _ address: TableAddress, _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    let snapshot = try store.reading.snapshot(of: address)
    let record = try snapshot.record()
    return try watch(
      store.plan(of: record), skipped: record.skipped, conversations: conversations(in: snapshot),
      progress)
  }

  /// Of the live views that know interactions, and are of this version and the settings of now, the one
  /// that stands furthest; nil where there is none.
  func interactionView() throws -> TableAddress? {
    var furthest: (address: TableAddress, checkpoint: Offset)?
    let plan = try store.plan()
    for projector in store.projectors.projectors where projector.view.needs.facts {
      let address = TableAddress(projector.view.name)
      guard try store.openCatalogue().entry(address.view) != nil,
        let state = try store.reading.snapshot(of: address).record().views.first(where: {
          $0.view == address.view
        }), state.checkpoint > furthest?.checkpoint ?? 0, plan.isCurrent(state)
      else { continue }
      furthest = (address, state.checkpoint)
    }
    return furthest?.address
  }

  func watch(
    _ plan: FoldPlan, skipped: [Offset], conversations: ConversationFinder? = nil,
    _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    Watch(
      scoring: plan.scoring, viewSettings: plan.viewSettings, skipped: skipped,
      formats: plan.formats, prices: plan.prices, conversations: conversations,
      log: try store.openWholeLog(),
      catalogue: try store.openCatalogue(),
      workers: store.workers, progress: progress)
  }

  /// Conversations as a build knows them.
  func conversations(in snapshot: BuildSnapshot) -> ConversationFinder {
    ConversationFinder(ViewTables(Conversations.tables, in: snapshot))
  }

  /// The interactions as a build knows them.
  func interactions(_ address: TableAddress) throws -> InteractionFinder {
    try InteractionFinder(in: store.reading.snapshot(of: address))
  }
}
