internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Where a metric is going.
enum Trend: UInt8, NamedChoice {
  case falling = 0
  case steady = 1
  case rising = 2

  var name: String { "\(self)" }
}

/// A metric in the second half of a time against the first.
struct MetricTrend: Row {
  var measured = MetricHour()
  var days: Int64 = 0
  var first = MetricSums()
  var second = MetricSums()

  static let lengths: [Int64] = [7, 30, 90]

  private var isCount: Bool { measured.metric.isCount }

  private func value(_ half: MetricSums) -> Double? {
    isCount ? Double(half.count) : half.mean
  }

  /// The values of both halves, brought to one denominator: whole numbers, so that a bound is exact.
  private var compared: (first: WideInteger, second: WideInteger)? {
    if isCount {
      guard first.count > 0 else { return nil }
      return (WideInteger(Int128(first.count)), WideInteger(Int128(second.count)))
    }
    guard first.count > 0, second.count > 0, first.sum.units > 0 else { return nil }
    return (
      WideInteger(first.sum.units) * second.count, WideInteger(second.sum.units) * first.count
    )
  }

  private var trend: Trend? {
    guard let (first, second) = compared else { return nil }
    if first * 105 < second * 100 { return .rising }
    return second * 100 < first * 95 ? .falling : .steady
  }

  /// How much more, as a fraction; nil where the first half has none, or sums up to nothing.
  var change: Double? {
    compared.map { ($0.second - $0.first).doubleValue / $0.first.doubleValue }
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricTrend, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("metric", isKey: true, "What is measured.") { row.measured.metric }
    visit.derived(
      "scope", isKey: true, "Whether of the whole system, or of one stream, model or user."
    ) { row.measured.scope }
    visit.derived("level", isKey: true, "Which stream, model or user; null for the system.") {
      row.measured.level
    }
    visit.derived("days", isKey: true, "How many days up to the latest event: 7, 30 or 90.") {
      row.days
    }
    visit.derived("first_n", unit: .count, "Measurements of the first half.") { row.first.count }
    visit.derived("second_n", unit: .count, "Measurements of the second.") { row.second.count }
    visit.derived("first", "The mean of the first half; of what is only counted, how many.") {
      row.value(row.first)
    }
    visit.derived("second", "The same of the second half.") { row.value(row.second) }
    visit.derived(
      "change", unit: .fraction, "How much more it is in the second half.",
      rule: "(second − first) / first; null without a first above 0"
    ) { row.change }
    visit.derived(
      "trend", "Where it is going.",
      rule: "rising at a change above 0.05, falling below −0.05, else steady"
    ) { row.trend }
    visit.derived("offsets", "Events of its last hour, the first 32.") {
      row.measured.evidence.first
    }
    visit.derived("last_offset", "The last of them.") { row.measured.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.measured.evidence.count }
  }

  static let answer = Answer<MetricTrend>(
    "metrics/trends",
    """
    Each metric in the second half of the last 7, 30 and 90 days against the first half, by whole hours \
    up to that of the latest event.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first {
        $0.measured.metric.name == key[0] && $0.measured.scope.name == key[1]
          && ($0.measured.level ?? "null") == key[2] && "\($0.days)" == key[3]
      }
    }
  ).showing(first: "trend", "change", "first", "second")

  /// In the order of their keys. Holds a row a metric, level and length in memory.
  static func all(in tables: any ViewReader) throws(TableError) -> [MetricTrend] {
    guard let end = try Latest.now(in: tables)?.hourNumber else { return [] }
    var trends: [SeriesKey: [MetricTrend]] = [:]
    let longest = end - 24 * (lengths.last ?? 0)
    try MetricHour.forEachHour(from: Timestamp(hourNumber: longest + 1), in: tables) { rows in
      for row in rows {
        let age = end - row.hour.hourNumber
        guard age >= 0 else { continue }
        let key = SeriesKey(row)
        var known = trends[key] ?? lengths.map { MetricTrend(measured: row, days: $0) }
        for place in known.indices where age < 24 * known[place].days {
          known[place].measured = row
          if age < 12 * known[place].days {
            known[place].second.merge(row.sums)
          } else {
            known[place].first.merge(row.sums)
          }
        }
        trends[key] = known
      }
      return true
    }
    return trends.sorted { $0.key < $1.key }.flatMap(\.value).filter {
      $0.first.count > 0 || $0.second.count > 0
    }
  }
}
