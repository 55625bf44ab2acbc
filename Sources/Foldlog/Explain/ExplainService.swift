internal import Conversations
internal import EventLog
internal import Events
internal import Facts
internal import Interactions
internal import Pipeline
internal import Projection
internal import Scoring
package import Query
internal import ViewStore
internal import Views

/// How things came about: the log, the interactions step and the projectors each tell their part, and
/// here the parts are joined.
package struct ExplainService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  @available(*, noasync)
  package func run(
    _ request: ExplainRequest.Checked, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> Lineage {
    switch request.subject {
    case .event(let event): try explain(event: event, progress: progress)
    case .row(let address, let key): try explain(address, key: key, progress: progress)
    }
  }

  /// A row of a table, how it came about, and the events that it stands on.
  ///
  /// What no table keeps is told by a fold that is watched: of the lines of its interaction, or of the
  /// kinds that the view needs.
  ///
  /// - Parameter key: the row's key, as a person types it.
  @available(*, noasync)
  func explain(
    _ address: TableAddress, key: [String], progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> Lineage {
    let table = try table(address.table)
    return try store.reading.withViewState(address) { tables, state, isOutdated in
      let row = try RowFinder(table, in: tables).row(key)
      let checkpoint = state?.checkpoint ?? 0
      let watch = try watch(address, progress)
      var lineage = Lineage(offset: Int64(checkpoint) - 1)
      let projector = store.projectors.projector(of: address.view)
      let trace =
        table.needsTrace ? try projector.map { try watch.trace($0, to: checkpoint) } : nil
      let explanation = try table.explanation(of: row, in: tables, trace: trace)
      lineage.rows = [
        Lineage.ExplainedRow(
          table: table.name, key: table.key, row: row, explanation: explanation)
      ]
      if let beginning = table.beginning(of: row) {
        let offset = UInt64(clamping: row["offset"].integer ?? 0)
        // A table may name the line alone.
        let part = row[partColumn].integer.map { UInt64(clamping: $0) }
        let end = min((row.offsets.last ?? beginning) + 1, checkpoint)
        // What another version left cannot be read as this one's.
        let found =
          isOutdated
          ? nil
          : try interactions(address).interaction(from: beginning) { interaction in
            interaction.outcomeEvent.map { $0.offset == offset && $0.part == part ?? $0.part }
              ?? false
          }
        let tracer =
          try found.map { try watch.trace($0, to: end) }
          ?? watch.trace(from: EventID(beginning), to: end)
        lineage.interaction = tracer.explanation(watch.scoring)
      }
      if !isOutdated {
        let counted = try watch.countedCalls?.calls(of: row, in: table)
        lineage.calls = (counted?.models ?? []) + (counted?.tools ?? [])
      }
      lineage.events = try events(explanation.offsets)
      lineage.eventCount = explanation.offsetCount ?? UInt64(explanation.offsets.count)
      if isOutdated { lineage.notes.append(Self.outdatedNote) }
      return lineage
    }
  }

  private static let outdatedNote =
    "the view was built by another version or other settings than those of now, and keeps its rows "
    + "until a replay; it is explained by the settings that built it"

  func table(_ name: String) throws(FoldlogError) -> any ExplainedTable {
    try store.reporting {
      let found = try AnswerCatalog(store.projectors.answers).table(name)
      guard let table = store.projectors.explainedTables.first(where: { $0.name == found.name })
      else {
        throw FoldlogError(.noInput, "there is no table `\(name)`")
      }
      return table
    }
  }

  /// An event, its interaction, and each row that it went into.
  @available(*, noasync)
  func explain(
    event id: EventID, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> Lineage {
    try store.requireLog()
    let shown = try events([id.offset]).first
    return try store.reporting {
      guard let shown else { throw try absence(of: id.offset) }
      let address = try interactionView()
      let watch =
        try address.map { try self.watch($0, progress) }
        ?? self.watch(store.plan(), skipped: [], progress)
      let line = try watch.line(at: id.offset)
      let told = line.events
      guard let event = told.first(where: { $0.id == id }) else {
        throw FoldlogError(
          .noInput,
          told.isEmpty
            ? "the line \(id.offset) tells of no event"
            : told.count == 1
              ? "the line \(id.offset) tells of one event, `foldlog explain \(id.offset)`"
              : "the line \(id.offset) tells of \(told.count) events, 0 to \(told.count - 1)")
      }
      var lineage = Lineage(offset: -1)
      lineage.event = shown
      lineage.role = InteractionStep.role(of: event)
      let tracer = try trace(event, address, watch)
      lineage.interaction = tracer?.explanation(watch.scoring)
      let interaction = tracer?.interaction(watch.scoring)
      let native = try interaction.flatMap {
        Conversations.nativeCall(of: $0, prices: try store.plan().prices)
      }
      try addRows(
        about: EventSubject(
          event: event, interaction: interaction,
          modelCalls: ((line.calls?.models ?? []) + [native].compactMap(\.self)).filter {
            $0.event == id
          },
          toolCalls: (line.calls?.tools ?? []).filter { $0.event == id }),
        to: &lineage)
      lineage.events = try events(lineage.interaction?.offsets ?? [])
      lineage.eventCount = lineage.interaction?.offsetCount ?? 0
      return lineage
    }
  }

  /// The interaction that an event belongs to, folded as the live views were; nil when it belongs to
  /// none.
  private func trace(
    _ event: Event, _ address: TableAddress?, _ watch: Watch
  ) throws -> InteractionTracer? {
    guard InteractionStep.concerns(event) else { return nil }
    guard let address else { return try watch.trace(event) }
    func trace(_ found: RememberedInteraction) throws -> InteractionTracer {
      try watch.trace(found, to: max(found.evidence.last, event.offset) + 1)
    }
    let known = try interactions(address)
    if let found = try known.interaction(of: event), found.mayHold(event) {
      let tracer = try trace(found)
      // Of many events not all are kept: whether this is one of them, the fold tells.
      if tracer.holds(event.id) { return tracer }
    }
    // An older one under an id that was used again, or a line told twice: a fold tells which, of the
    // lines that name it, or, where these do not decide, of all.
    var found: RememberedInteraction?
    for readsAll in [false, true] where found.map({ !$0.mayHold(event) }) ?? true {
      let beginning = try watch.beginning(of: event, readsAll: readsAll)
      found = try beginning.flatMap { beginning in
        try known.interaction(from: beginning.offset) { $0.beginning == beginning }
      }
    }
    return try found.map(trace)
  }

  private func absence(of offset: Offset) throws -> FoldlogError {
    let reader = LogReader(try store.openLog())
    let end = try reader.end()
    let refused = try reader.end(of: .quarantine)
    return FoldlogError(
      .noInput,
      "the log has no event \(offset)"
        + (end == 0 ? ": it is empty" : ": it has events 0 to \(end - 1)")
        + (refused == 0
          ? "" : "; lines in quarantine have no offset, `foldlog quarantine list` shows them"))
  }

  private func addRows(about subject: EventSubject, to lineage: inout Lineage) throws {
    var checkpoints: [UInt64] = []
    for view in store.projectors.views {
      guard try store.openCatalogue().entry(view) != nil else {
        lineage.notes.append("the view `\(view)` was never built: `foldlog project` builds it")
        continue
      }
      if store.configuration.viewsOff.contains(view) {
        lineage.notes.append("the view `\(view)` is off: its rows are not looked at")
        continue
      }
      try store.reading.withViewState(TableAddress(view)) { tables, state, _ in
        let checkpoint = state?.checkpoint ?? 0
        checkpoints.append(checkpoint)
        if checkpoint <= subject.offset {
          lineage.notes.append(
            "the view `\(view)` stands before event \(checkpoint), and has not seen this one")
        }
        if try LogReader(store.openLog()).skips()[view]?.contains(subject.offset) == true {
          lineage.notes.append("the view `\(view)` passes over this event: it is on its skip list")
        }
        for table in store.projectors.explainedTables where viewName(of: table.name) == view {
          lineage.rows += try table.rows(about: subject, in: tables).map {
            Lineage.ExplainedRow(table: table.name, key: table.key, row: $0)
          }
        }
      }
    }
    lineage.offset = Int64(checkpoints.min() ?? 0) - 1
  }

  /// Events with their fields, in order; those that are not there are left out.
  private func events(_ offsets: [Offset]) throws(FoldlogError) -> [ShownEvent] {
    var events: [ShownEvent] = []
    try LogService(store).forEachEvent(at: offsets) { events.append($0) }
    return events
  }
}
