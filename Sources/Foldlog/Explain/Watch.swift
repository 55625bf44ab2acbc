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
  fileprivate let log: LogEnvironment
  fileprivate let catalogue: ViewCatalogue
  fileprivate let workers: Workers
  fileprivate let progress: (Progress) -> Void

  private func fold(
    _ projectors: [any Projector.Type], _ watch: FoldWatch, from start: Offset = 0, to end: Offset
  ) throws {
    let scratch = try catalogue.makeScratch()
    defer { catalogue.discardScratch(scratch) }
    let plan = FoldPlan(
      projectors: projectors, scoring: scoring, viewSettings: viewSettings,
      skips: Dictionary(uniqueKeysWithValues: projectors.map { ($0.view.name, skipped) }),
      formats: formats)
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

  /// An interaction, up to `end`: a fold of its own lines alone.
  func trace(_ remembered: RememberedInteraction, to end: Offset) throws -> InteractionTracer {
    let tracer = InteractionTracer(remembered)
    let start = remembered.beginning.offset
    let selection = selection(remembered.interactionID, remembered.sessionID)
    try fold([], FoldWatch(tracer: tracer, selection: selection), from: start, to: end)
    return tracer
  }

  /// Where the interaction begins that an event belongs to; nil when it belongs to none.
  func beginning(of event: Event) throws -> EventID? {
    let tracer = InteractionTracer(from: event.id)
    let selection = selection(
      event.fields.text(.interactionID), event.fields.text(.sessionID))
    try fold([], FoldWatch(tracer: tracer, selection: selection), to: event.offset + 1)
    return tracer.beginning
  }

  /// The interaction that an event belongs to, by a fold of the whole log: where no view knows
  /// interactions.
  func trace(_ event: Event) throws -> InteractionTracer? {
    guard let beginning = try beginning(of: event) else { return nil }
    let tracer = InteractionTracer(from: beginning)
    try fold([], FoldWatch(tracer: tracer), to: LogReader(log).end())
    return tracer
  }

  /// The lines that can belong to an interaction. A number may stand in them in another form.
  private func selection(_ interactionID: String?, _ sessionID: String?) -> LineSelection {
    let texts = [interactionID, sessionID].compactMap { $0 }
    return texts.contains { Double($0) != nil } ? .all : LineSelection(holding: texts)
  }
}

extension ExplainService {
  /// Folds as the build of a view was folded.
  func watch(
    _ address: TableAddress, _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    let record = try store.reading.snapshot(of: address).record()
    return try watch(store.plan(of: record), skipped: record.skipped, progress)
  }

  /// The first live view that knows interactions; nil where none is.
  func interactionView() throws -> TableAddress? {
    for projector in store.projectors.projectors where projector.view.needs.facts {
      let view = projector.view.name
      if try store.openCatalogue().entry(view) != nil { return TableAddress(view) }
    }
    return nil
  }

  func watch(
    _ plan: FoldPlan, skipped: [Offset], _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    Watch(
      scoring: plan.scoring, viewSettings: plan.viewSettings, skipped: skipped,
      formats: plan.formats, log: try store.openWholeLog(), catalogue: try store.openCatalogue(),
      workers: store.workers, progress: progress)
  }

  /// The interactions as a build knows them.
  func interactions(_ address: TableAddress) throws -> InteractionFinder {
    try InteractionFinder(in: store.reading.snapshot(of: address))
  }
}
