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
  let scoring: ScoringSettings
  fileprivate let viewSettings: ViewSettings
  fileprivate let skipped: [Offset]
  fileprivate let log: LogEnvironment
  fileprivate let catalogue: ViewCatalogue
  fileprivate let workers: Workers
  fileprivate let progress: (Progress) -> Void

  private func inScratch<Result>(
    to end: Offset, _ body: (WatchedFold, Build) throws -> Result
  ) throws -> Result {
    let scratch = try catalogue.makeScratch()
    defer { catalogue.discardScratch(scratch) }
    let fold = WatchedFold(
      log, settings: scoring, viewSettings: viewSettings, skipped: skipped, workers: workers,
      progress: { progress(Progress(phase: .explain, done: $0, total: end)) })
    return try body(fold, scratch)
  }

  /// What the projector of a view notes up to `end`, given what it needs; nil when it needs nothing.
  func note(_ view: String, _ need: NotesNeeded, to end: Offset) throws -> FoldNotes? {
    guard need != .none, let projector = projectorCatalogue.first(where: { $0.view.name == view })
    else { return nil }
    return try inScratch(to: end) {
      try $0.note(projector, withFacts: need == .eventsAndFacts, to: end, in: $1)
    }
  }

  /// The interaction that begins with an event, up to `end`.
  func trace(from first: Offset, to end: Offset) throws -> InteractionTracer {
    let tracer = InteractionTracer(from: first)
    try inScratch(to: end) { try $0.trace(tracer, to: end, in: $1) }
    return tracer
  }

  /// The interaction that an event belongs to; nil when it belongs to none.
  ///
  /// - Parameter known: its events, if some build knows them.
  func trace(_ event: Event, known: Evidence?) throws -> InteractionTracer? {
    guard InteractionStep.concerns(event) else { return nil }
    if let known {
      return try trace(from: known.first.first ?? event.offset, to: known.last + 1)
    }
    // An older one under an id that was used again, or a line told twice: a fold tells which.
    let finder = try trace(from: event.offset, to: event.offset + 1)
    guard let beginning = finder.beginning else { return nil }
    return try trace(from: beginning, to: try LogReader(log).end())
  }
}

extension Foldlog {
  /// Folds as the build of a view was folded.
  func watch(
    _ address: TableAddress, _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    let record = try snapshot(of: address).record()
    return try watch(plan(of: record), skipped: record.skipped, progress)
  }

  /// Folds as the first live view that knows interactions was folded; by the settings where none is.
  func liveWatch(_ progress: @escaping (Progress) -> Void) throws -> Watch {
    for view in Self.interactionViews where try openCatalogue().entry(view) != nil {
      return try watch(TableAddress(view), progress)
    }
    return try watch(plan(), skipped: [], progress)
  }

  private func watch(
    _ plan: FoldPlan, skipped: [Offset], _ progress: @escaping (Progress) -> Void
  ) throws -> Watch {
    Watch(
      scoring: plan.scoring, viewSettings: plan.viewSettings, skipped: skipped,
      log: try openWholeLog(), catalogue: try openCatalogue(),
      workers: workers, progress: progress)
  }

  private static var interactionViews: [String] {
    projectorCatalogue.filter { $0.view.needs.facts }.map { $0.view.name }
  }

  /// The events of an event's interaction, as a live build knows them.
  func storedEvidence(of event: Event) throws -> Evidence? {
    for view in Self.interactionViews where try openCatalogue().entry(view) != nil {
      let tables = TableSet(view: "interactions", provider: try snapshot(of: TableAddress(view)))
      return try InteractionFinder(tables: tables).evidence(of: event)
    }
    return nil
  }
}
