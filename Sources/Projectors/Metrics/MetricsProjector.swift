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
/// Memory: 2^13 rows of hours of up to 6 KB, 2^14 sessions and 2^14 requests. What is kept grows with
/// the hours in which a stream, model or user had something measured, with the sessions, and with the
/// requests that name themselves and were given a route, or of which is known whether their answer came
/// from a cache.
public final class MetricsProjector: Projector {
  public static let view = View(
    "metrics", version: 5, "What was measured, over time.",
    needs: Needs.events.andFacts.andCalls.andPayload(HealthReport.self)
      .andPayload(WatchReport.self).andPayload(SearchReport.self).andPayload(Prediction.self),
    tables: [
      MetricHour.answer, MetricNow.answer, MetricAnomaly.answer, MetricTrend.answer,
    ])

  private let hours: KeyedTable<HourKey, HourRow>
  private let sessions: KeyedTable<Hash128, SessionSeen>
  private let latest: KeyedTable<UInt64, Latest>
  private let requests: CountedRequests
  /// The last kind that was asked about, and the answer: lines of a kind come in rows.
  private var lastKind: (name: String, report: Measured.Report?) = ("", nil)

  public init(tables: FoldTables) throws(TableError) {
    hours = try tables.open(HourRow.table)
    sessions = try tables.open(SessionSeen.table)
    latest = try tables.open(Latest.table)
    requests = try CountedRequests(tables: tables)
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
          try replace(
            facts[fact].before.map(Measured.init), by: Measured(facts[fact].after), at: id.offset)
          fact += 1
        }
      } catch {
        throw FoldError(at: id.offset, error)
      }
    }
    do throws(TableError) {
      try finish(&run)
      if !batch.events.isEmpty {
        let times = batch.times
        try latest.change(0) { row in
          var latest = row ?? Latest()
          latest.events.merge(times)
          row = latest
        }
      }
    } catch {
      throw FoldError(at: run.first.offset, error)
    }
  }

  // MARK: Events

  private func fold(_ event: borrowing Event, _ run: inout EventRun) throws(TableError) {
    let time = event.envelope.time
    if run.evidence.count == 0 || run.stream != event.envelope.stream
      || run.hour != time.hourNumber || run.isInferred != event.envelope.isTimeInferred
    {
      try finish(&run)
      run = EventRun(event.id, event.envelope.stream, time)
    }
    run.add(event.id, isTimeInferred: event.envelope.isTimeInferred)
    if let session = event.fields.text(.sessionID) { try see(event, in: session) }
    if lastKind.name != event.envelope.kind {
      lastKind = (event.envelope.kind, Measured.Report(event.envelope.kind))
    }
    if lastKind.report != nil || event.fields.presence & Measured.fields != 0 {
      let event = copy event
      var measured = Measured(event)
      try requests.count(event, &measured)
      try replace(nil, by: measured, at: event.offset)
    }
  }

  private func see(_ event: borrowing Event, in session: String) throws(TableError) {
    let key = Hash128(of: session)
    let known = try sessions.row(key)
    var seen = known ?? SessionSeen()
    seen.see(event)
    if seen != known { try sessions.put(key, seen) }
  }

  /// Writes what a run of events of one hour and stream came to.
  private func finish(_ run: inout EventRun) throws(TableError) {
    guard run.count > 0 else { return }
    let counted = run
    let key = HourKey(
      counted.time, isInferred: counted.isInferred, .stream, counted.stream.name)
    try change(key, counted.stream.name) { sums in
      sums.change(.events) {
        $0.count(counted.evidence, times: counted.count, isTimeInferred: counted.isInferred)
      }
    }
    run.clear()
  }

  // MARK: Interactions and calls

  private func fold(_ change: CallChange<ModelCall>) throws(TableError) {
    try replace(
      try change.before.map { call throws(TableError) in try measured(call) },
      by: try measured(change.after), at: change.event.offset)
  }

  private func measured(_ call: ModelCall) throws(TableError) -> Measured {
    var user: String?
    if call.context.user == nil, let session = call.context.session {
      user = try sessions.row(Hash128(of: session))?.user(at: call.event)
    }
    return Measured(call, user: user)
  }

  // MARK: Rows

  /// Takes back what was measured, and adds what is, in the rows of the stream, and of the model and
  /// the user where these are known. What is the same in both stays as it is.
  private func replace(
    _ old: Measured?, by new: Measured, at offset: Offset
  ) throws(TableError) {
    for scope in [Scope.model, .stream, .user] {
      let before = old?.key(scope)
      let level = new.level(scope)
      let after = new.key(scope)
      var (gone, come) = (old?.values ?? [], new.values)
      if before == after {
        gone.removeAll(where: new.values.contains)
        if let old { come.removeAll(where: old.values.contains) }
      }
      if let before, !gone.isEmpty {
        try change(before, old?.level(scope) ?? "") { sums in
          for one in gone { sums.change(one.metric) { $0.subtract(one.value) } }
        }
      }
      if let after, let level, !come.isEmpty {
        try change(after, level) { sums in
          for one in come {
            sums.change(one.metric) {
              $0.add(one.value, at: offset, isTimeInferred: new.isTimeInferred)
            }
          }
        }
      }
    }
  }

  private func change(
    _ key: HourKey, _ level: String, _ body: (inout HourSums) -> Void
  ) throws(TableError) {
    try hours.change(key) { slot in
      var row = slot.take() ?? HourRow(level: level)
      body(&row.sums)
      slot = row
    }
  }
}

/// Events in a row of one stream and one hour.
private struct EventRun {
  private(set) var count: UInt64 = 0
  private(set) var first = EventID(0)
  private(set) var stream = Events.Stream.ralph
  private(set) var time = Timestamp(nanoseconds: 0)
  private(set) var hour: Int64 = 0
  private(set) var isInferred = false
  private(set) var evidence = Evidence()

  init() {}

  init(_ first: EventID, _ stream: Events.Stream, _ time: Timestamp) {
    self.first = first
    self.stream = stream
    self.time = time
    hour = time.hourNumber
  }

  mutating func add(_ event: EventID, isTimeInferred: Bool) {
    count += 1
    if isTimeInferred { isInferred = true }
    evidence.add(event.offset)
  }

  mutating func clear() { (count, evidence) = (0, Evidence()) }
}
