internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// The latest time of events: one row.
struct Latest: Row, Equatable {
  /// Of events whose lines say it.
  var said = Greatest<Timestamp>()
  /// Of all events.
  var any = Greatest<Timestamp>()
  var evidence = Evidence()

  static let table = StoredTable<UInt64, Latest>("latest")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Latest, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("said", &row.said)
    try visit.hidden("any", &row.any)
    try visit.hidden("evidence", &row.evidence)
  }

  /// The latest event time; nil for no event.
  static func now(in tables: any ViewReader) throws(TableError) -> Timestamp? {
    try tables.read(table).row(0).flatMap { $0.said.value ?? $0.any.value }
  }
}

/// When a session was last heard of.
struct SessionSeen: Row, Equatable {
  var at = Timestamp(nanoseconds: .min)

  static let table = StoredTable<Hash128, SessionSeen>("sessions", residentMax: 1 << 14)

  init() {}

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SessionSeen, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.column("at", &row.at, "The latest time of its events.") }
}

/// How things stand at the latest event.
struct MetricNow: Row {
  var now = Timestamp(nanoseconds: 0)
  /// No event's line says when it happened.
  var isNowInferred = false
  var activeSessions: UInt64 = 0
  /// Of the day, UTC, of all streams.
  var today = HourSums()
  /// Of the hour, of all streams.
  var hour = HourSums()
  var week = HourSums()
  var weekBefore = HourSums()
  var evidence = Evidence()

  static let activeSeconds: Int64 = 1_800

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
    visit.derived("now", isKey: true, "The latest time that an event's line says.") { row.now }
    visit.derived(
      "is_now_inferred", "Whether no line says one: then it is the latest that was inferred."
    ) { row.isNowInferred }
    visit.derived(
      "active_sessions", unit: .count, "Sessions with an event in the last 30 minutes."
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
      "improvement_rate", unit: .fraction, "How much better the scores of interactions are.",
      rule: "(the mean score of the last 7 days − that of the 7 before) / that of the 7 before"
    ) { row.improvement }
    visit.derived(
      "shadow_success_rate", unit: .fraction,
      "Of the results of models on trial in the last 7 days, those without an error."
    ) { row.week[.trialSuccess].mean }
    visit.derived("offsets", "The events that it stands on, the first 32.") { row.evidence.first }
    visit.derived("last_offset", "The last of them.") { row.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.evidence.count }
  }

  static let answer = Answer<MetricNow>(
    "metrics/now", "How things stand at the latest event: one row.",
    rows: { tables, body throws(TableError) in
      if let row = try row(in: tables) { _ = try body(row) }
    },
    row: { key, tables throws(TableError) in
      try row(in: tables).flatMap { "\($0.now)" == key[0] ? $0 : nil }
    }
  ).showing(first: "active_sessions", "cost_today_usd", "patterns_today").touched {
    _, tables throws(TableError) in try row(in: tables).map { [$0] } ?? []
  }

  private static func row(in tables: any ViewReader) throws(TableError) -> MetricNow? {
    guard let latest = try tables.read(Latest.table).row(0), let now = try Latest.now(in: tables)
    else { return nil }
    var row = MetricNow()
    row.now = now
    row.isNowInferred = latest.said.value == nil
    row.evidence = latest.evidence
    let fortnight = Timestamp(hourNumber: now.hourNumber - 14 * 24 + 1)
    try tables.read(HourRow.table).forEach(from: HourKey(fortnight, .model, "")) { key, hour in
      let age = now.hourNumber - key.hour
      guard age >= 0, key.scope == .stream else { return true }
      if Timestamp(hourNumber: key.hour).day == now.day { row.today.merge(hour.sums) }
      if age == 0 { row.hour.merge(hour.sums) }
      if age < 7 * 24 { row.week.merge(hour.sums) } else { row.weekBefore.merge(hour.sums) }
      return true
    }
    try tables.read(SessionSeen.table).forEach { _, seen in
      let age = now.seconds - seen.at.seconds
      if (0...activeSeconds).contains(age) { row.activeSessions += 1 }
      return true
    }
    return row
  }
}
