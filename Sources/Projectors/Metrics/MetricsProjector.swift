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
public final class MetricsProjector: ConfiguredProjector {
  public static let view = View(
    "metrics", version: 6, "What was measured, over time.",
    needs: Needs.events.andFacts.andCalls.andPayload(HealthReport.self)
      .andPayload(WatchReport.self).andPayload(SearchReport.self).andPayload(Prediction.self),
    tables: [
      MetricHour.answer, MetricNow.answer, MetricAnomaly.answer, MetricTrend.answer,
    ])

  private let hours: KeyedTable<HourKey, HourRow>
  private let sessions: KeyedTable<Hash128, SessionSeen>
  private let latest: KeyedTable<UInt64, Latest>
  private let requests: CountedRequests
  private let settings: MetricsSettings
  /// The last kind that was asked about, and the answer: lines of a kind come in rows.
  private var lastKind: (name: String, report: Measured.Report?) = ("", nil)

  public init(tables: FoldTables, settings: MetricsSettings) throws(TableError) {
    self.settings = settings
    hours = try tables.open(HourRow.table)
    sessions = try tables.open(SessionSeen.table)
    latest = try tables.open(Latest.table)
    requests = try CountedRequests(tables: tables)
  }

  public func apply(_ batch: FoldBatch) throws(FoldError) {
    var runs = EventRuns()
    let events = batch.events.span
    let (facts, calls) = (batch.facts.span, batch.modelCalls.span)
    var (fact, call) = (0, 0)
    var repeats = batch.repeats[...]
    for index in events.indices {
      let id = events[index].id
      while let first = repeats.first, first.event < id { repeats.removeFirst() }
      do throws(TableError) {
        // An event that says again what an earlier one said counts once.
        if repeats.first?.event != id { try fold(events[index], &runs) }
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
      for run in runs.all { try finish(run) }
      if !batch.events.isEmpty {
        let times = batch.times
        try latest.change(0) { row in
          var latest = row ?? Latest()
          latest.events.merge(times)
          latest.settings = settings
          row = latest
        }
      }
    } catch {
      throw FoldError(at: batch.events.first?.offset ?? 0, error)
    }
  }

  // MARK: Events

  private func fold(_ event: borrowing Event, _ runs: inout EventRuns) throws(TableError) {
    // It names what another event told of.
    if event.completes != nil { return }
    // How a turn stands follows from other events, and is told as often as it changes.
    if !event.isKnownByName || !Kinds.isTurn(event.envelope.kind), let ended = runs.add(event) {
      try finish(ended)
    }
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
    try sessions.change(Hash128(of: session)) { slot in
      var seen = slot.take() ?? SessionSeen()
      seen.see(event)
      slot = seen
    }
  }

  /// Writes what events of one hour and stream came to.
  private func finish(_ run: EventRun) throws(TableError) {
    let key = HourKey(run.time, isInferred: run.isInferred, run.stream)
    try change(key, run.stream.name) { sums in
      sums.change(.events) {
        $0.count(run.evidence, times: run.count, isTimeInferred: run.isInferred)
      }
    }
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
    // Most of what later events say of an interaction is measured nowhere.
    if old == new { return }
    for scope in Self.scopes {
      let before = old?.key(scope)
      let level = new.level(scope)
      let after = new.key(scope)
      var (gone, come) = (old?.values ?? [], new.values)
      if let old, before == after {
        gone.removeAll(where: new.values.contains)
        come.removeAll(where: old.values.contains)
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

  private static let scopes = [Scope.model, .stream, .user]

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

/// The events of one stream and one hour, in a part of the log.
private struct EventRun {
  let stream: Events.Stream
  let time: Timestamp
  let hour: Int64
  let isInferred: Bool
  private(set) var count: UInt64 = 0
  private(set) var evidence = Evidence()

  init(_ stream: Events.Stream, _ time: Timestamp, isInferred: Bool) {
    self.stream = stream
    self.time = time
    self.isInferred = isInferred
    hour = time.hourNumber
  }

  mutating func add(_ event: EventID) {
    count += 1
    evidence.add(event.offset)
  }
}

/// Counts events by stream and hour before they are added to the rows, since streams take turns.
private struct EventRuns {
  private(set) var all: [EventRun] = []

  /// No more are looked through for each event.
  private static let keptMax = 16

  /// Returns what ends by it, so that there are not too many.
  mutating func add(_ event: borrowing Event) -> EventRun? {
    let (stream, time) = (event.envelope.stream, event.envelope.time)
    let (isInferred, hour) = (event.envelope.isTimeInferred, time.hourNumber)
    for index in all.indices.reversed()
    where all[index].hour == hour && all[index].stream == stream
      && all[index].isInferred == isInferred
    {
      all[index].add(event.id)
      return nil
    }
    let ended = all.count < Self.keptMax ? nil : all.removeFirst()
    all.append(EventRun(stream, time, isInferred: isInferred))
    all[all.count - 1].add(event.id)
    return ended
  }
}
