package import EventLog
package import Events
internal import Facts
package import Interactions
package import Projection
package import Scoring
package import ViewStore
internal import Tables
package import Views

/// Folds the log once more from the first event, in a scratch build, with somebody watching: for
/// explanations of what no table keeps. Costs what a replay of the same costs, up to `end`.
package struct WatchedFold {
  private let reader: LogReader
  private let settings: ScoringSettings
  private let viewSettings: ViewSettings
  private let skipped: [Offset]
  private let workers: Workers
  private let progress: (Offset) throws -> Void

  /// - Parameters:
  ///   - skipped: events that the fold passes over, ascending.
  ///   - progress: called after each batch with the offset that the fold stands at.
  package init(
    _ log: LogEnvironment, settings: ScoringSettings, viewSettings: ViewSettings = ViewSettings(),
    skipped: [Offset], workers: Workers, progress: @escaping (Offset) throws -> Void
  ) {
    reader = LogReader(log)
    self.settings = settings
    self.viewSettings = viewSettings
    self.skipped = skipped
    self.workers = workers
    self.progress = progress
  }

  /// Lets `tracer` watch the interactions step up to `end`, itself not included.
  @available(*, noasync)
  package func trace(_ tracer: InteractionTracer, to end: Offset, in scratch: Build) throws {
    let writer = try BuildWriter(scratch)
    let tables = TableSet(view: "interactions", provider: writer)
    let step = try InteractionStep(tables: tables, settings: settings)
    step.tracer = tracer
    try fold(to: end, writer, [tables]) { decoded in
      _ = try step.derive(decoded.events, prepared: decoded.prepared)
    }
  }

  /// Lets a projector note what it does up to `end`, itself not included.
  ///
  /// - Parameter withFacts: false when its notes are of events alone; then it folds no facts, and its
  ///   tables lack what comes of them. It is told of repeats all the same, where it needs facts.
  @available(*, noasync)
  package func note(
    _ type: any Projector.Type, withFacts: Bool, to end: Offset, in scratch: Build
  ) throws -> FoldNotes {
    let writer = try BuildWriter(scratch)
    let notes = FoldNotes()
    let stepTables = TableSet(view: "interactions", provider: writer)
    let tables = TableSet(view: type.view.name, provider: writer, notes: notes)
    let step =
      type.view.needs.facts
      ? try InteractionStep(tables: stepTables, settings: settings, derivesFacts: withFacts) : nil
    let projector = try viewSettings.open(type, tables)
    try fold(
      to: end, writer, [stepTables, tables], preparesTexts: withFacts,
      payloads: type.view.needs.payloads
    ) { decoded in
      let facts = try step?.derive(decoded.events, prepared: decoded.prepared) ?? []
      try projector.apply(
        FoldBatch(events: decoded.events, facts: facts, repeats: step?.repeats ?? []))
    }
    return notes
  }

  private func fold(
    to end: Offset, _ writer: BuildWriter, _ tables: [TableSet], preparesTexts: Bool = true,
    payloads: [any Payload.Type] = [], _ body: (DecodedEvents) throws -> Void
  ) throws {
    let events = EventReader(
      reader, from: 0, to: end, workers: workers, preparesTexts: preparesTexts,
      payloads: payloads)
    var record = BuildRecord()
    var folded: Offset = 0
    while var batch = try events.read() {
      folded += UInt64(batch.events.count)
      batch.pass(over: skipped)
      try body(batch)
      if folded - record.checkpoint >= BuildFold.checkpointIntervalDefault {
        // What was folded leaves the memory, as in a fold that serves.
        for set in tables { try set.flush() }
        record.checkpoint = folded
        try writer.commit(record)
      }
      try progress(folded)
    }
  }
}
