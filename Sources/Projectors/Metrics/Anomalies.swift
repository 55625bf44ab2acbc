internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// How far a value lies from those before it.
enum Severity: UInt8, NamedChoice {
  case low = 0
  case medium = 1
  case high = 2

  var name: String { "\(self)" }

  /// Nil for what is no anomaly.
  init?(deviations: Double) {
    switch deviations {
    case let far where far > 3: self = .high
    case let far where far > 2.5: self = .medium
    case let far where far > 2: self = .low
    default: return nil
    }
  }
}

/// The values of a series so far (Welford 1962).
struct RunningMoments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// Of all of them, not of a sample.
  var deviation: Double { count == 0 ? 0 : (squares / Double(count)).squareRoot() }
}

/// An hour whose value is unlike those of the hours before.
struct MetricAnomaly: Row {
  var measured = MetricHour()
  var value = 0.0
  var before = RunningMoments()

  static let hoursMin = 10
  static let deviationMin = 0.001

  private var deviations: Double {
    (value - before.mean) / max(before.deviation, Self.deviationMin)
  }

  private var severity: Severity? { Severity(deviations: abs(deviations)) }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricAnomaly, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let measured = row.measured
    visit.derived("hour", isKey: true, "The hour.") { measured.hour }
    visit.derived("metric", isKey: true, "What is measured.") { measured.metric }
    visit.derived(
      "scope", isKey: true, "Whether of the whole system, or of one stream, model or user."
    ) { measured.scope }
    visit.derived("level", isKey: true, "Which stream, model or user; null for the system.") {
      measured.level
    }
    visit.derived("value", "The mean of the hour; of what is only counted, how many there were.") {
      row.value
    }
    visit.derived("hours_before", unit: .count, "Earlier hours with a value.") {
      UInt64(row.before.count)
    }
    visit.derived("mean_before", "The mean of their values.") { row.before.mean }
    visit.derived("deviation_before", "Their standard deviation.") { row.before.deviation }
    visit.derived(
      "deviations", "How far the value lies from the mean.",
      rule: "(value − mean_before) / the greater of deviation_before and 0.001"
    ) { row.deviations }
    visit.derived(
      "severity", "How far that is.",
      rule: "by deviations, up or down: low above 2, medium above 2.5, high above 3"
    ) { row.severity }
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      measured.isHourInferred
    }
    visit.derived("offsets", "Events of that hour and level, the first 32.") {
      measured.evidence.first
    }
    visit.derived("last_offset", "The last of them.") { measured.evidence.last }
    visit.derived("offset_count", "How many they are.") { measured.evidence.count }
  }

  static let answer = Answer<MetricAnomaly>(
    "metrics/anomalies",
    """
    Hours whose value is unlike those of at least \(hoursMin) earlier hours that have one. What is only \
    counted is not judged in the last hour, which is not over.
    """,
    rows: { tables, body throws(TableError) in try forEach(in: tables, body) },
    row: { key, tables throws(TableError) in
      guard let hour = key[0].flatMap(Timestamp.init(parsing:)) else { return nil }
      var found: MetricAnomaly?
      try forEach(in: tables) { row in
        if row.measured.hour == hour, row.measured.isNamed(key) { found = row }
        return found == nil
      }
      return found
    }
  ).showing(first: "severity", "value", "mean_before")

  /// Calls `body` with each, in the order of their keys, until it returns false. Holds the moments of
  /// each series in memory.
  private static func forEach(
    in tables: any ViewReader, _ body: (MetricAnomaly) throws(TableError) -> Bool
  ) throws(TableError) {
    let current = try Latest.now(in: tables)?.hourStart
    var series: [SeriesKey: RunningMoments] = [:]
    try MetricHour.forEachHour(in: tables) { rows throws(TableError) in
      for row in rows {
        if row.metric.isCount, row.hour == current { continue }
        let key = SeriesKey(row)
        let before = series[key] ?? RunningMoments()
        let value = row.metric.isCount ? Double(row.sums.count) : row.sums.mean ?? 0
        let found = MetricAnomaly(measured: row, value: value, before: before)
        series[key, default: before].add(value)
        if before.count >= hoursMin, found.severity != nil, try !body(found) { return false }
      }
      return true
    }
  }
}

/// A metric of everything, or of one stream, model or user.
struct SeriesKey: Hashable {
  let metric: Metric
  let scope: Scope
  /// The level's UTF-8: names that only look alike are two.
  let level: [UInt8]

  init(_ row: MetricHour) {
    metric = row.metric
    scope = row.scope
    level = Array((row.level ?? "").utf8)
  }

  static func < (left: SeriesKey, right: SeriesKey) -> Bool {
    if left.metric != right.metric {
      return left.metric.name.utf8.lexicographicallyPrecedes(right.metric.name.utf8)
    }
    if left.scope != right.scope { return left.scope.rawValue < right.scope.rawValue }
    return left.level.lexicographicallyPrecedes(right.level)
  }
}
