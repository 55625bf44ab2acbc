internal import Conversations
internal import EventLog
internal import Events
internal import Facts
internal import Interactions
internal import Pipeline
internal import Projection
internal import Scoring
internal import Tables
internal import ViewStore
internal import Views

/// Folds of the log that somebody watches, as a build was folded: for what no table keeps.
struct Watch {
  fileprivate let plan: FoldPlan
  fileprivate let skipped: [Offset]
  /// Conversations as the build knows them, and up to where; nil where there is none.
  fileprivate let known: (conversations: ConversationFinder, end: Offset)?
  fileprivate let log: LogEnvironment
  fileprivate let shelf: SessionShelf
  fileprivate let catalogue: ViewCatalogue
  fileprivate let workers: Workers
  fileprivate let progress: (Progress) -> Void

  var scoring: ScoringSettings { plan.scoring }

  private var conversations: ConversationFinder? { known?.conversations }

  /// The calls of a row, as the build has them.
  var countedCalls: CountedCalls? {
    known.map { CountedCalls(conversations: $0.conversations, prices: plan.prices) }
  }

  /// The lines of the log, as the build reads them.
  var events: LogEvents {
    LogEvents(log, plan: plan, skipped: skipped, workers: workers, shelf: shelf)
  }

  /// What a line tells, as the build has it.
  func line(at offset: Offset) throws -> ToldLine {
    var line = try events.line(at: offset, build: known)
    if line.calls == nil, let conversations {
      line.calls = (
        try conversations.modelCalls { $0.event.offset == offset },
        try conversations.toolCalls { $0.event.offset == offset }
      )
    }
    return line
  }

  private func fold(
    _ projectors: [any Projector.Type], _ watch: FoldWatch, from start: Offset = 0, to end: Offset
  ) throws {
    let scratch = try catalogue.makeScratch()
    defer { catalogue.discardScratch(scratch) }
    let foldPlan = FoldPlan(
      projectors: projectors, scoring: scoring, viewSettings: plan.viewSettings,
      formats: plan.formats, prices: plan.prices)
    var watch = watch
    watch.skipped = skipped
    let fold = try BuildFold(
      scratch, plan: foldPlan, log: log, workers: workers, watch: watch, from: start,
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
    let session = remembered.sessionID
    let sources = try session.map { try known?.conversations.sources(ofSession: $0) } ?? nil
    if let sources, let known {
      try events.trace(tracer, of: remembered, in: sources, to: end, buildEnd: known.end)
    } else {
      let selection = LineSelection(
        holding: [remembered.interactionID, session].compactMap { $0 }, formatsFrom: nil,
        from: remembered.beginning.offset)
      try fold([], FoldWatch(tracer: tracer, selection: selection), to: end)
    }
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
    let sources = try texts[1].map { try known?.conversations.sources(ofSession: $0) } ?? nil
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
      store.plan(of: record), skipped: record.skipped,
      known: (conversations(in: snapshot), record.checkpoint), progress)
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
    _ plan: FoldPlan, skipped: [Offset],
    known: (conversations: ConversationFinder, end: Offset)? = nil,
    _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    Watch(
      plan: plan, skipped: skipped, known: known, log: try store.openWholeLog(), shelf: store.shelf,
      catalogue: try store.openCatalogue(),
      workers: store.workers, progress: progress)
  }

  /// Conversations as the live views know them; nil where no view does.
  func knownConversations() throws -> ConversationFinder? {
    try interactionView().map { conversations(in: try store.reading.snapshot(of: $0)) }
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
