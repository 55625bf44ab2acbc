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
}

/// The values of a series so far: whole numbers, so that a bound is exact on every machine.
struct RunningMoments {
  private(set) var count: UInt64 = 0
  /// In billionths.
  private var sum: Int128 = 0
  private var squares = WideInteger.zero

  /// What a deviation is taken to be at least.
  static let deviationMin = FixedPoint(units: 1_000_000)

  /// Adds so many values of 0.
  mutating func add(zeros: UInt64) { count += zeros }

  mutating func add(_ value: FixedPoint) {
    count += 1
    sum += Int128(value.units)
    squares += .product(value.units, value.units)
  }

  /// The deviation of all of them, not of a sample, times their count, squared: n·Σx² − (Σx)².
  private var spread: WideInteger { squares * count - .product(sum, sum) }

  private var spreadMin: WideInteger {
    let least = Int128(count) * Int128(Self.deviationMin.units)
    return max(spread, .product(least, least))
  }

  /// How far a value lies from the mean, times the count.
  private func distance(of value: FixedPoint) -> Int128 {
    Int128(count) * Int128(value.units) - sum
  }

  /// The last whose bound is exceeded; nil for what is no anomaly.
  func severity(of value: FixedPoint, _ settings: MetricsSettings) -> Severity? {
    let distance = distance(of: value)
    // Both sides in billionths of a deviation, squared: 256 bits have room for that.
    let one = UInt64(FixedPoint.one.units)
    let square = WideInteger.product(distance, distance) * one * one
    let spread = spreadMin
    return Severity.allCases.last {
      let units = UInt64(max(0, settings.deviations(of: $0).units))
      return square > spread * units * units
    }
  }

  // As people read them.
  var total: Double { Double(sum) / 1e9 }
  var mean: Double? { count == 0 ? nil : Double(sum) / (1e9 * Double(count)) }
  var deviation: Double? {
    count == 0 ? nil : spread.doubleValue.squareRoot() / (1e9 * Double(count))
  }
  func deviations(of value: FixedPoint) -> Double? {
    count == 0 ? nil : Double(distance(of: value)) / spreadMin.doubleValue.squareRoot()
  }
}

/// An hour whose value is unlike those of the hours before.
struct MetricAnomaly: Row {
  var measured = MetricHour()
  var value = FixedPoint.zero
  var before = RunningMoments()
  var settings = MetricsSettings()

  static let hoursMin: UInt64 = 10

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricAnomaly, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let measured = row.measured
    visit.derived("hour", isKey: true, "The hour.") { measured.hour }
    visit.key(measured.series)
    visit.derived(
      "value", "The mean of the hour, to 1e-9; of what is only counted, how many there were.",
      rule: "sum / n; of what is only counted, n"
    ) { row.value.doubleValue }
    visit.derived(
      "hours_before", unit: .count,
      "Earlier hours with a value; of what is only counted, also those with none, as said above."
    ) { row.before.count }
    visit.derived("mean_before", "The mean of their values.", rule: "sum_before / hours_before") {
      row.before.mean
    }
    visit.derived(
      "deviation_before", "Their standard deviation, as of all there are and not of a sample.",
      rule: "√(Σ(x − mean_before)² / hours_before), x being what each of these hours has"
    ) { row.before.deviation }
    visit.derived(
      "deviations", "How far the value lies from the mean.",
      rule: """
        (value − mean_before) / the greater of deviation_before and \(RunningMoments.deviationMin)
        """
    ) { row.before.deviations(of: row.value) }
    visit.derived(
      "severity", "How far that is.",
      rule: """
        by deviations, up or down, exactly: low above metrics.anomaly_low, medium above \
        metrics.anomaly_medium, high above metrics.anomaly_high
        """
    ) { row.before.severity(of: row.value, row.settings) }
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      measured.sums.isHourInferred
    }
    visit.givers(measured.sums.evidence)
  }

  static let answer = Answer<MetricAnomaly>(
    "metrics/anomalies",
    """
    Hours whose value is unlike those of at least \(hoursMin) earlier hours that have one. Of what is \
    only counted, in the system and in a stream, an hour without any has 0, from the first that has one \
    on, where the log has an event of that hour; and the last hour is not judged, which is not over. What \
    no line dates is left out, unless no line dates anything.
    """,
    rows: { tables, body throws(TableError) in try forEach(in: tables, body) },
    row: { key, tables throws(TableError) in try row(key, in: tables) }
  ).showing(first: "severity", "value", "mean_before").touched {
    subject, tables throws(TableError) in
    let effects = EventEffects(subject)
    var found: [MetricAnomaly] = []
    try forEach(in: tables) { row in
      if effects.areIn(row.measured) { found.append(row) }
      return true
    }
    return found
  }.explained { explanation, cells, tables, _ throws(TableError) in
    let key = RowKey(
      ["hour", "metric", "scope", "level"].map {
        cells[$0] == .null ? nil : cells[$0].plainText
      })
    guard let row = try row(key, in: tables) else { return }
    let sums = row.measured.sums
    if !row.measured.series.metric.isCount {
      explanation.add(Input("sum", sums.sum.cell, sums.evidence.first), to: "value")
    }
    explanation.add(Input("n", Cell(sums.count), sums.evidence.first), to: "value")
    explanation.add(Input("sum_before", .real(row.before.total)), to: "mean_before")
    for severity in Severity.allCases {
      explanation.add(
        Input(
          "metrics.anomaly_\(severity.name)", .decimal(row.settings.deviations(of: severity))),
        to: "severity")
    }
  }.whenEmpty { tables throws(TableError) in
    var hours: [SeriesKey: UInt64] = [:]
    try MetricHour.forEachHour(
      in: tables, withInferred: try Latest.times(in: tables).isNowInferred
    ) { rows in
      for row in rows { hours[row.series, default: 0] += 1 }
      return true
    }
    let most = hours.values.max() ?? 0
    let judged = hours.values.count { $0 > hoursMin }
    return [
      "an hour is judged by the \(hoursMin) hours or more before it that have a value: of "
        + "\(hours.count) metrics by scope \(judged) have more than \(hoursMin), the most is \(most)"
    ]
  }

  private static func row(_ key: RowKey, in tables: any ViewReader) throws(TableError) -> Self? {
    guard let hour = key[0].flatMap(Timestamp.init(parsing:)) else { return nil }
    var found: MetricAnomaly?
    try forEach(in: tables) { row in
      if row.measured.hour == hour, row.measured.series.isNamed(key[1], key[2], key[3]) {
        found = row
      }
      return found == nil
    }
    return found
  }

  /// Calls `body` with each, in the order of their keys, until it returns false. Holds the moments of
  /// each series in memory.
  private static func forEach(
    in tables: any ViewReader, _ body: (MetricAnomaly) throws(TableError) -> Bool
  ) throws(TableError) {
    let times = try Latest.times(in: tables)
    guard let current = times.now?.hourStart else { return }
    var known = KnownSeries(settings: try Latest.settings(in: tables))
    try MetricHour.forEachHour(
      in: tables, withInferred: times.isNowInferred
    ) { rows throws(TableError) in
      guard let hour = rows.first?.hour else { return true }
      if hour > current { return false }
      for found in known.judge(hour, rows, isOver: hour < current) {
        if try !body(found) { return false }
      }
      return true
    }
  }
}

/// The values of each series so far.
private struct KnownSeries {
  let settings: MetricsSettings

  private var all: [SeriesKey: RunningMoments] = [:]
  /// How many hours there were.
  private var hours: UInt64 = 0
  /// By counted series: how many of these hours its moments hold.
  private var held: [SeriesKey: UInt64] = [:]
  /// Counted series that may be unlike what they were by having nothing.
  private var watched: Set<SeriesKey> = []

  init(settings: MetricsSettings) { self.settings = settings }

  /// The anomalies of an hour, in the order of their series.
  mutating func judge(_ hour: Timestamp, _ rows: [MetricHour], isOver: Bool) -> [MetricAnomaly] {
    var found: [MetricAnomaly] = []
    for row in rows {
      let isCount = row.series.metric.isCount
      if isCount, !isOver { continue }
      guard let value = isCount ? row.sums.exactCount : row.sums.exactMean else { continue }
      if row.series.isCountedByTheHour { catchUp(row.series) }
      found += judge(value, of: row)
    }
    if !isOver { return found }
    let met = Set(rows.lazy.filter { $0.series.isCountedByTheHour }.map(\.series))
    for series in watched.subtracting(met) {
      let unlike = judge(.zero, of: MetricHour(hour: hour, series: series))
      // With each hour more that has none, to have none is less unlike.
      if unlike.isEmpty, all[series]?.count ?? 0 > MetricAnomaly.hoursMin {
        watched.remove(series)
      }
      held[series] = hours + 1
      found += unlike
    }
    for series in met { held[series] = hours + 1 }
    watched.formUnion(met)
    hours += 1
    return found.sorted { $0.measured.series < $1.measured.series }
  }

  /// Adds the hours that were passed over, in which a series had nothing.
  private mutating func catchUp(_ series: SeriesKey) {
    guard let held = held[series], held < hours else { return }
    all[series]?.add(zeros: hours - held)
  }

  private mutating func judge(_ value: FixedPoint, of row: MetricHour) -> [MetricAnomaly] {
    let before = all[row.series] ?? RunningMoments()
    all[row.series, default: before].add(value)
    if before.count < MetricAnomaly.hoursMin || before.severity(of: value, settings) == nil {
      return []
    }
    return [MetricAnomaly(measured: row, value: value, before: before, settings: settings)]
  }
}

extension SeriesKey {
  /// Whether it has 0 in an hour that has none: of one model or user it tells nothing that nobody asked.
  fileprivate var isCountedByTheHour: Bool {
    metric.isCount && (scope == .system || scope == .stream)
  }
}
