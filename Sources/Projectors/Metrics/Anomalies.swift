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

  /// From which distance on, in half deviations.
  fileprivate var halvesMin: UInt64 {
    switch self {
    case .low: 4
    case .medium: 5
    case .high: 6
    }
  }

  fileprivate var deviations: FixedPoint { FixedPoint(hundredths: 50 * Int64(halvesMin)) }
}

/// The values of a series so far: whole numbers, so that a bound is exact on every machine.
struct RunningMoments {
  private(set) var count: UInt64 = 0
  /// In billionths.
  private var sum: Int128 = 0
  private var squares = WideInteger.zero

  /// What a deviation is taken to be at least.
  static let deviationMin = FixedPoint(units: 1_000_000)

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

  /// Nil for what is no anomaly.
  func severity(of value: FixedPoint) -> Severity? {
    let distance = distance(of: value)
    let halves = WideInteger.product(distance, distance) * 4
    let bound = spreadMin
    return Severity.allCases.last { halves > bound * ($0.halvesMin * $0.halvesMin) }
  }

  // As people read them.
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

  static let hoursMin: UInt64 = 10

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricAnomaly, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let measured = row.measured
    visit.derived("hour", isKey: true, "The hour.") { measured.hour }
    visit.key(measured.series)
    visit.derived(
      "value", "The mean of the hour, to 1e-9; of what is only counted, how many there were."
    ) { row.value.doubleValue }
    visit.derived("hours_before", unit: .count, "Earlier hours with a value.") { row.before.count }
    visit.derived("mean_before", "The mean of their values.") { row.before.mean }
    visit.derived(
      "deviation_before", "Their standard deviation, as of all there are and not of a sample.",
      rule: "√(Σ(value − mean_before)² / hours_before)"
    ) { row.before.deviation }
    visit.derived(
      "deviations", "How far the value lies from the mean.",
      rule: """
        (value − mean_before) / the greater of deviation_before and \(RunningMoments.deviationMin)
        """
    ) { row.before.deviations(of: row.value) }
    visit.derived(
      "severity", "How far that is.",
      rule: "by deviations, up or down, exactly: "
        + Severity.allCases.map { "\($0.name) above \($0.deviations)" }.joined(separator: ", ")
    ) { row.before.severity(of: row.value) }
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      measured.sums.isHourInferred
    }
    visit.givers(measured.sums.evidence)
  }

  static let answer = Answer<MetricAnomaly>(
    "metrics/anomalies",
    """
    Hours whose value is unlike those of at least \(hoursMin) earlier hours that have one. What is only \
    counted is not judged in the last hour, which is not over. What no line dates is left out, unless \
    no line dates anything.
    """,
    rows: { tables, body throws(TableError) in try forEach(in: tables, body) },
    row: { key, tables throws(TableError) in
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
  ).showing(first: "severity", "value", "mean_before").touched {
    subject, tables throws(TableError) in
    let effects = EventEffects(subject)
    var found: [MetricAnomaly] = []
    try forEach(in: tables) { row in
      if effects.areIn(row.measured) { found.append(row) }
      return true
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
    var known: [SeriesKey: RunningMoments] = [:]
    try MetricHour.forEachHour(
      in: tables, withInferred: times.isNowInferred
    ) { rows throws(TableError) in
      for row in rows {
        if row.hour > current { return false }
        let isCount = row.series.metric.isCount
        if isCount, row.hour == current { continue }
        let before = known[row.series] ?? RunningMoments()
        guard let value = isCount ? row.sums.exactCount : row.sums.exactMean else { continue }
        known[row.series, default: before].add(value)
        if before.count < hoursMin || before.severity(of: value) == nil { continue }
        if try !body(MetricAnomaly(measured: row, value: value, before: before)) { return false }
      }
      return true
    }
  }
}
