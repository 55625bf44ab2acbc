internal import Bytes
internal import Events
public import Facts
public import Projection
public import Tables
public import Views

/// Folds events, interactions and calls of models into sums by the hour.
///
/// Whatever is measured adds to an hour's row of its stream, and of its model and user where these are
/// known; sums do not depend on the order in which they are added up.
///
/// Memory: 2^14 rows of hours of about 1 KB, and 2^14 sessions. What is kept grows with the hours in
/// which a stream, model or user had something measured, and with the sessions.
public final class MetricsProjector: Projector {
  public static let view = View(
    "metrics", version: 2, "What was measured, over time.",
    needs: Needs.events.andFacts.andCalls.andPayload(HealthReport.self)
      .andPayload(WatchReport.self).andPayload(SearchReport.self).andPayload(Prediction.self),
    tables: [
      MetricHour.answer, MetricNow.answer, MetricAnomaly.answer, MetricTrend.answer,
    ])

  private let hours: KeyedTable<HourKey, HourRow>
  private let sessions: KeyedTable<Hash128, SessionSeen>
  private let latest: KeyedTable<UInt64, Latest>
  /// The last kind that was asked about, and the answer: lines of a kind come in rows.
  private var lastKind = (name: "", isMeasuring: false)

  public init(tables: FoldTables) throws(TableError) {
    hours = try tables.open(HourRow.table)
    sessions = try tables.open(SessionSeen.table)
    latest = try tables.open(Latest.table)
  }

  public func apply(_ batch: FoldBatch) throws(FoldError) {
    var run = EventRun()
    let events = batch.events.span
    let (facts, calls) = (batch.facts.span, batch.modelCalls.span)
    var (fact, call) = (0, 0)
    var repeats = batch.repeats[...]
    for index in events.indices {
      let id = events[index].id
      while let first = repeats.first, first.event < id { repeats.removeFirst() }
      do throws(TableError) {
        // An event that says again what an earlier one said counts once.
        if repeats.first?.event != id { try fold(events[index], &run) }
        while call < calls.count, calls[call].event == id {
          try fold(calls[call])
          call += 1
        }
        while fact < facts.count, facts[fact].event == id {
          try fold(facts[fact])
          fact += 1
        }
      } catch {
        throw FoldError(at: id.offset, error)
      }
    }
    do throws(TableError) { try finish(&run) } catch {
      throw FoldError(at: run.first.offset, error)
    }
  }

  // MARK: Events

  private func fold(_ event: borrowing Event, _ run: inout EventRun) throws(TableError) {
    let time = event.envelope.time
    if run.count == 0 || run.stream != event.envelope.stream || run.hour != time.hourNumber {
      try finish(&run)
      run = EventRun(event.id, event.envelope.stream, time)
    }
    run.add(event.id, time, isTimeInferred: event.envelope.isTimeInferred)
    if let session = event.fields.text(.sessionID) { try see(Hash128(of: session), time) }
    if lastKind.name != event.envelope.kind {
      lastKind = (event.envelope.kind, Measured.isMeasuring(event.envelope.kind))
    }
    if lastKind.isMeasuring || event.fields.presence & Measured.fields != 0 {
      let event = copy event
      let measured = Measured(event)
      if !measured.values.isEmpty {
        try change(
          When(event), of: event.stream, event.fields, measured.evidence
        ) { row in
          for (metric, value) in measured.values { row.change(metric) { $0.add(value) } }
        }
      }
    }
  }

  private func see(_ session: Hash128, _ time: Timestamp) throws(TableError) {
    if let known = try sessions.row(session), known.at >= time { return }
    try sessions.change(session) { row in
      var seen = row ?? SessionSeen()
      seen.at = time
      row = seen
    }
  }

  /// Writes what a run of events of one hour and stream came to.
  private func finish(_ run: inout EventRun) throws(TableError) {
    guard run.count > 0 else { return }
    let counted = run
    try change(
      When(time: counted.time, isInferred: counted.isInferred), .stream, counted.stream.name
    ) { row in
      row.change(.events) { $0.count(counted.count) }
      row.evidence.append(counted.evidence)
    }
    try latest.change(0) { row in
      var latest = row ?? Latest()
      if let said = counted.said { latest.said.add(said) }
      latest.any.add(counted.time)
      latest.evidence.append(counted.evidence)
      row = latest
    }
    run.count = 0
  }

  // MARK: Interactions and calls

  private func fold(_ fact: Fact) throws(TableError) {
    let (before, after) = (fact.before.map(Measured.init), Measured(fact.after))
    if let old = fact.before, let before {
      if before == after, Levels(old.fields) == Levels(fact.after.fields) { return }
      try change(When(old), of: old.stream, old.fields, nil) { row in
        for (metric, value) in before.values { row.change(metric) { $0.subtract(value) } }
      }
    }
    try change(
      When(fact.after), of: fact.after.stream, fact.after.fields, fact.event.offset
    ) { row in
      for (metric, value) in after.values { row.change(metric) { $0.add(value) } }
    }
  }

  private func fold(_ change: CallChange<ModelCall>) throws(TableError) {
    let (before, after) = (change.before.map(Measured.init), Measured(change.after))
    if let old = change.before, let before {
      if before == after, old.model == change.after.model { return }
      try self.change(old, nil) { row in
        for (metric, value) in before.values { row.change(metric) { $0.subtract(value) } }
      }
    }
    try self.change(change.after, change.event.offset) { row in
      for (metric, value) in after.values { row.change(metric) { $0.add(value) } }
    }
  }

  // MARK: Rows

  private func change(
    _ call: ModelCall, _ offset: Offset?, _ body: (inout HourRow) -> Void
  ) throws(TableError) {
    let when = When(time: call.context.time, isInferred: call.context.isTimeInferred)
    try change(when, .stream, call.context.stream.name, body)
    guard let model = call.model else { return }
    try change(when, .model, model) { row in
      body(&row)
      if let offset { row.evidence.add(offset) }
    }
  }

  /// Changes the rows of a stream, and of the model and the user that fields name.
  ///
  /// - Parameter offset: of the event that is to be counted among those of model and user.
  private func change(
    _ when: When, of stream: Events.Stream, _ fields: Fields, _ offset: Offset?,
    _ body: (inout HourRow) -> Void
  ) throws(TableError) {
    try change(when, .stream, stream.name, body)
    let levels = Levels(fields)
    for (scope, level) in [(Scope.model, levels.model), (.user, levels.user)] {
      guard let level else { continue }
      try change(when, scope, level) { row in
        body(&row)
        if let offset { row.evidence.add(offset) }
      }
    }
  }

  private func change(
    _ when: When, _ scope: Scope, _ level: String, _ body: (inout HourRow) -> Void
  ) throws(TableError) {
    try hours.change(HourKey(when.time, scope, level)) { slot in
      var row = slot.take() ?? HourRow(level: level)
      if when.isInferred { row.isHourInferred = true }
      body(&row)
      slot = row
    }
  }
}

/// The model and the user that fields name: what names one late is counted under it from then on.
private struct Levels: Equatable {
  let model: String?
  let user: String?

  init(_ fields: Fields) {
    model = fields.text(.model) ?? fields.text(.llmUsed)
    user = fields.text(.userID)
  }
}

/// When something was, and whether no line says so.
private struct When {
  let time: Timestamp
  let isInferred: Bool

  init(time: Timestamp, isInferred: Bool) {
    self.time = time
    self.isInferred = isInferred
  }

  init(_ event: Event) { self.init(time: event.time, isInferred: event.envelope.isTimeInferred) }

  init(_ interaction: Interaction) {
    self.init(time: interaction.time, isInferred: interaction.isTimeInferred)
  }
}

/// Events in a row of one stream and one hour.
private struct EventRun {
  var count: UInt64 = 0
  private(set) var first = EventID(0)
  private(set) var stream = Events.Stream.ralph
  private(set) var hour: Int64 = 0
  /// The latest of them.
  private(set) var time = Timestamp(nanoseconds: 0)
  /// The latest that a line says.
  private(set) var said: Timestamp?
  private(set) var isInferred = false
  private(set) var evidence = Evidence()

  init() {}

  init(_ first: EventID, _ stream: Events.Stream, _ time: Timestamp) {
    self.first = first
    self.stream = stream
    self.time = time
    hour = time.hourNumber
  }

  mutating func add(_ event: EventID, _ time: Timestamp, isTimeInferred: Bool) {
    count += 1
    self.time = max(self.time, time)
    if isTimeInferred { isInferred = true } else { said = said.map { max($0, time) } ?? time }
    evidence.add(event.offset)
  }
}

extension Evidence {
  /// Adds later events, the first of which may be of the same line as the last one here.
  fileprivate mutating func append(_ later: Evidence) {
    guard count > 0, later.first.first == last else { return merge(later) }
    merge(
      Evidence(first: Array(later.first.dropFirst()), last: later.last, count: later.count - 1))
  }
}
