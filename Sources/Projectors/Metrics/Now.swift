internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// When all events happened, and what answers go by: one row.
struct Latest: Row, Equatable {
  var events = EventTimes()
  /// That the view is folded under.
  var settings = MetricsSettings()

  static let table = StoredTable<UInt64, Latest>("latest")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Latest, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("events", &row.events)
    try visit.hidden("settings", &row.settings)
  }

  static func settings(in tables: any ViewReader) throws(TableError) -> MetricsSettings {
    try tables.read(table).row(0)?.settings ?? MetricsSettings()
  }

  static func times(in tables: any ViewReader) throws(TableError) -> EventTimes {
    try tables.read(table).row(0)?.events ?? EventTimes()
  }
}

/// How things stand at the latest event.
struct MetricNow: Row {
  var now = Timestamp(nanoseconds: 0)
  /// No event's line says when it happened.
  var isNowInferred = false
  var activeSessions: UInt64 = 0
  /// The last event of each, of the first sessions that are met.
  private var activeOffsets: [Offset] = []
  /// Of the day, UTC, of all streams.
  var today = HourSums()
  /// Of the hour, of all streams.
  var hour = HourSums()
  var week = HourSums()
  var weekBefore = HourSums()
  var events = CountedEvents()

  static let activeSeconds: Int64 = 1_800
  private static let daysOfWeek: Int64 = 7

  /// Minutes of the hour that have begun.
  private var minutes: Int64 { (now.seconds - now.hourStart.seconds) / 60 + 1 }

  private var improvement: Double? {
    guard let new = week[.score].mean, let old = weekBefore[.score].mean, old != 0 else {
      return nil
    }
    return (new - old) / old
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricNow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived(
      "now", isKey: true,
      """
      The latest time that an event's line says, also one in the future: `foldlog doctor` tells of a \
      line whose clock was wrong, and `foldlog project --skip metrics OFFSET` leaves it out.
      """
    ) { row.now }
    visit.derived(
      "is_now_inferred", "Whether no line says one: then it is the latest that was inferred."
    ) { row.isNowInferred }
    visit.derived(
      "active_sessions", unit: .count,
      "Sessions with an event in the last \(activeSeconds / 60) minutes, by whole seconds."
    ) { row.activeSessions }
    visit.derived("cost_today_usd", unit: .usd, "What the day's calls of models cost, UTC.") {
      row.today[.costUSD].sum
    }
    visit.derived(
      "searches_per_min", "Searches of the hour.",
      rule: "searches of the hour / the minutes of it that have begun"
    ) { Double(row.hour[.searches].count) / Double(row.minutes) }
    visit.derived(
      "cache_hit_rate", unit: .fraction,
      "Of the day's events that say whether an answer came from a cache, those that it did."
    ) { row.today[.cacheHit].mean }
    visit.derived("patterns_today", unit: .count, "The day's interactions of high value.") {
      UInt64(clamping: row.today[.highValue].sum.units / 1_000_000_000)
    }
    visit.derived(
      "improvement_rate", unit: .fraction,
      """
      How much better the scores of interactions are: of \(daysOfWeek) days, which are \(24 * daysOfWeek) \
      whole hours up to that of now.
      """,
      rule: """
        (the mean score of the last \(daysOfWeek) days − that of the \(daysOfWeek) before) / that of the \
        \(daysOfWeek) before
        """
    ) { row.improvement }
    visit.derived(
      "shadow_success_rate", unit: .fraction,
      """
      Of the results of models on trial (ab_result, arm deployment) in the last \(daysOfWeek) days, as \
      above, those without an error; also of those that deployments refuses.
      """
    ) { row.week[.trialSuccess].mean }
    visit.derived(
      "offsets",
      """
      The events that were counted in a figure, the last of each active session, and that of now: the \
      first \(Evidence.keptMax).
      """
    ) { row.events.first }
    visit.derived("last_offset", "The last of them.") { row.events.last }
    visit.derived(
      "offset_count",
      """
      How many they are; null where an hour counted more for a figure than the \(Evidence.keptMax) that \
      are kept.
      """
    ) { row.events.count }
  }

  static let answer = Answer<MetricNow>(
    "metrics/now",
    """
    How things stand at the latest event: one row. What no line dates is left out, unless no line dates \
    anything.
    """,
    rows: { tables, body throws(TableError) in
      if let row = try row(in: tables) { _ = try body(row) }
    },
    row: { key, tables throws(TableError) in
      try row(in: tables).flatMap { "\($0.now)" == key[0] ? $0 : nil }
    }
  ).showing(first: "active_sessions", "cost_today_usd", "patterns_today").touched {
    subject, tables throws(TableError) in
    guard let row = try row(in: tables) else { return [] }
    if row.events.isNamed(subject.offset) { return [row] }
    var isCounted = false
    let effects = EventEffects(subject)
    try forEachCounted(row, in: tables) { hour, stream, metric, sums in
      let series = SeriesKey(metric: metric, scope: .stream, level: stream)
      if effects.areIn(sums.evidence, hour, series) { isCounted = true }
    }
    return isCounted ? [row] : []
  }.explained { explanation, _, tables, _ throws(TableError) in
    try row(in: tables)?.explain(&explanation)
  }

  /// Adds what each figure was computed from.
  private func explain(_ explanation: inout Explanation) {
    func inputs(_ name: String, _ sums: MetricSums, _ value: Cell) -> Input {
      Input(name, value, sums.evidence.first)
    }
    explanation.add(
      Input("active sessions: the last event of each", Cell(activeSessions), activeOffsets),
      to: "active_sessions")
    let cost = today[.costUSD]
    explanation.add(
      inputs("calls of models with a cost", cost, Cell(cost.count)), to: "cost_today_usd")
    let searches = hour[.searches]
    explanation.add(
      inputs("searches of the hour", searches, Cell(searches.count)),
      Input("minutes of it that have begun", .integer(minutes)), to: "searches_per_min")
    let hits = today[.cacheHit]
    explanation.add(
      inputs("answers that came from a cache", hits, hits.sum.cell),
      Input("answers of which it is said", Cell(hits.count)), to: "cache_hit_rate")
    let high = today[.highValue]
    explanation.add(
      inputs("interactions of the day", high, Cell(high.count)), to: "patterns_today")
    for (name, sums) in [
      ("last \(Self.daysOfWeek) days", week[.score]),
      ("\(Self.daysOfWeek) before", weekBefore[.score]),
    ] {
      explanation.add(
        inputs("mean score of the \(name)", sums, sums.mean.cell),
        Input("scores of the \(name)", Cell(sums.count)), to: "improvement_rate")
    }
    let trials = week[.trialSuccess]
    explanation.add(
      inputs("results without an error", trials, trials.sum.cell),
      Input("results", Cell(trials.count)), to: "shadow_success_rate")
  }

  private static func row(in tables: any ViewReader) throws(TableError) -> MetricNow? {
    let times = try Latest.times(in: tables)
    guard let now = times.now, let offset = times.nowOffset else { return nil }
    var row = MetricNow()
    row.now = now
    row.isNowInferred = times.isNowInferred
    row.events.add(Evidence(offset))
    try forEachHour(row, in: tables) { hour, stream in
      if Timestamp(hourNumber: hour).day == now.day { row.today.merge(stream.sums) }
      let age = now.hourNumber - hour
      if age == 0 { row.hour.merge(stream.sums) }
      if age < daysOfWeek * 24 {
        row.week.merge(stream.sums)
      } else {
        row.weekBefore.merge(stream.sums)
      }
    }
    try forEachCounted(row, in: tables) { _, _, _, sums in row.events.add(sums.evidence) }
    try tables.read(SessionSeen.table).forEach { _, seen in
      let age = now.seconds - seen.at.seconds
      if (0...activeSeconds).contains(age), !seen.isInferred || row.isNowInferred {
        row.activeSessions += 1
        if row.activeOffsets.count < Evidence.keptMax { row.activeOffsets.append(seen.offset) }
        row.events.add(Evidence(seen.offset))
      }
      return true
    }
    return row
  }

  /// Calls `body` with the streams of each hour of the fortnight that ends with the hour of now.
  private static func forEachHour(
    _ row: MetricNow, in tables: any ViewReader, _ body: (Int64, HourRow) -> Void
  ) throws(TableError) {
    let (now, isNowInferred) = (row.now, row.isNowInferred)
    let start = Timestamp(hourNumber: now.hourNumber - 2 * daysOfWeek * 24 + 1)
    try tables.read(HourRow.table).forEach(from: HourKey(from: start)) { key, row in
      let isCounted = !key.isInferred || isNowInferred
      if key.scope == .stream, key.hour <= now.hourNumber, isCounted { body(key.hour, row) }
      return true
    }
  }

  /// Calls `body` with what a stream had in an hour of each metric that some figure counts there.
  private static func forEachCounted(
    _ row: MetricNow, in tables: any ViewReader,
    _ body: (_ hour: Int64, _ stream: String, Metric, MetricSums) -> Void
  ) throws(TableError) {
    let now = row.now
    try forEachHour(row, in: tables) { hour, stream in
      let age = now.hourNumber - hour
      let isToday = Timestamp(hourNumber: hour).day == now.day
      for (metric, sums) in stream.sums.all where sums.count > 0 {
        let isCounted =
          switch metric {
          case .costUSD, .cacheHit, .highValue: isToday
          case .searches: age == 0
          case .trialSuccess: age < daysOfWeek * 24
          case .score: true
          default: false
          }
        if isCounted { body(hour, stream.level, metric, sums) }
      }
    }
  }
}

/// The events of several sums, each once.
struct CountedEvents {
  private var named: Set<Offset> = []
  private(set) var last: Offset = 0
  private var isWhole = true

  mutating func add(_ evidence: Evidence) {
    named.formUnion(evidence.first)
    last = max(last, evidence.last)
    if evidence.isCut { isWhole = false }
  }

  func isNamed(_ offset: Offset) -> Bool { named.contains(offset) }

  var first: [Offset] { Array(named.sorted().prefix(Evidence.keptMax)) }

  /// Nil where some are not named, which may be the same or others.
  var count: UInt64? { isWhole ? UInt64(named.count) : nil }
}
