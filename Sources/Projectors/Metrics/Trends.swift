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
  var series = SeriesKey()
  var days: Int64 = 0
  var first = MetricSums()
  var second = MetricSums()
  /// Whether the log is older than the first half.
  var isFirstWhole = false
  /// Above which change it is rising or falling.
  var bound = MetricsSettings().trend

  static let lengths: [Int64] = [7, 30, 90]
  /// Of fewer measurements nothing is said: of a mean in each half, of what is counted in both.
  static let halfMin: UInt64 = 5
  static let countedMin: UInt64 = 10

  private static func lengths(joinedBy word: String) -> String {
    let names = lengths.map { "\($0)" }
    return names.dropLast().joined(separator: ", ") + " \(word) " + (names.last ?? "")
  }

  private var isCount: Bool { series.metric.isCount }

  private func value(_ half: MetricSums) -> Double? {
    isCount ? Double(half.count) : half.mean
  }

  /// The values of both halves, brought to one denominator: whole numbers, so that a bound is exact.
  private var compared: (first: WideInteger, second: WideInteger)? {
    guard first.count > 0 else { return nil }
    if isCount {
      guard isFirstWhole else { return nil }
      return (WideInteger(Int128(first.count)), WideInteger(Int128(second.count)))
    }
    guard second.count > 0, first.sum.units > 0 else { return nil }
    return (
      WideInteger(first.sum.units) * second.count, WideInteger(second.sum.units) * first.count
    )
  }

  private var isEnough: Bool {
    isCount
      ? first.count + second.count >= Self.countedMin
      : min(first.count, second.count) >= Self.halfMin
  }

  private var trend: Trend? {
    guard isEnough, let (first, second) = compared else { return nil }
    let (one, bound) = (UInt64(FixedPoint.one.units), UInt64(max(0, bound.units)))
    if first * (one + bound) < second * one { return .rising }
    return second * one < first * (one - min(one, bound)) ? .falling : .steady
  }

  /// How much more, as a fraction; nil where the halves cannot be compared.
  var change: Double? {
    compared.map { ($0.second - $0.first).doubleValue / $0.first.doubleValue }
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricTrend, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.key(row.series)
    visit.derived(
      "days", isKey: true, "How many days up to the latest event: \(lengths(joinedBy: "or"))."
    ) { row.days }
    visit.derived("first_n", unit: .count, "Measurements of the first half.") { row.first.count }
    visit.derived("second_n", unit: .count, "Measurements of the second.") { row.second.count }
    visit.derived(
      "first", "The mean of the first half; of what is only counted, how many.",
      rule: "sum_of_first / first_n; of what is only counted, first_n"
    ) { row.value(row.first) }
    visit.derived(
      "second", "The same of the second half.",
      rule: "sum_of_second / second_n; of what is only counted, second_n"
    ) { row.value(row.second) }
    visit.derived(
      "change", unit: .fraction,
      """
      How much more it is in the second half: −1 of what is only counted, and stopped. Null where a mean \
      is, where first is not above 0, and, of what is only counted, where the log began within the first \
      half: it would always rise.
      """,
      rule: "(second − first) / first"
    ) { row.change }
    visit.derived(
      "trend",
      """
      Where it is going; null where change is, where a half has fewer than \(halfMin) measurements, and, \
      of what is only counted, where both have fewer than \(countedMin).
      """,
      rule: "rising at a change above metrics.trend, falling below −metrics.trend, else steady"
    ) { row.trend }
    var evidence = row.first.evidence
    evidence.unite(row.second.evidence)
    visit.givers(evidence)
  }

  static let answer = Answer<MetricTrend>(
    "metrics/trends",
    """
    Each metric in the second half of the last \(lengths(joinedBy: "and")) days against the first half, by \
    whole hours up to that of the latest event. What no line dates is left out, unless no line dates anything.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first {
        $0.series.isNamed(key[0], key[1], key[2]) && "\($0.days)" == key[3]
      }
    }
  ).showing(first: "trend", "change", "first", "second").touched {
    subject, tables throws(TableError) in
    let times = try Latest.times(in: tables)
    let end = times.now?.hourNumber ?? 0
    let given = try MetricHour.given(by: subject, in: tables, withInferred: times.isNowInferred)
    return try all(in: tables).filter { row in
      given.contains { $0.series == row.series && row.holds(end - $0.hour.hourNumber) }
    }
  }.explained { explanation, row, tables, _ throws(TableError) in
    let key = ["metric", "scope", "level", "days"].map { row[$0] }
    guard
      let trend = try all(in: tables).first(where: {
        $0.series.isNamed(key[0].text, key[1].text, key[2].text)
          && "\($0.days)" == key[3].plainText
      })
    else { return }
    if !trend.isCount {
      explanation.add(
        Input("sum_of_first", trend.first.sum.cell, trend.first.evidence.first), to: "first")
      explanation.add(
        Input("sum_of_second", trend.second.sum.cell, trend.second.evidence.first), to: "second")
    }
    explanation.add(Input("metrics.trend", .decimal(trend.bound)), to: "trend")
  }

  /// Whether an hour is in it that is so many hours before the last.
  private func holds(_ age: Int64) -> Bool { age >= 0 && age < 24 * days }

  /// In the order of their keys. Holds a row a metric, level and length in memory.
  static func all(in tables: any ViewReader) throws(TableError) -> [MetricTrend] {
    let times = try Latest.times(in: tables)
    guard let end = times.now?.hourNumber, let start = times.first?.hourNumber else { return [] }
    let bound = try Latest.settings(in: tables).trend
    var trends: [SeriesKey: [MetricTrend]] = [:]
    let longest = end - 24 * (lengths.last ?? 0)
    try MetricHour.forEachHour(
      from: Timestamp(hourNumber: longest + 1), in: tables, withInferred: times.isNowInferred
    ) { rows in
      for row in rows {
        let age = end - row.hour.hourNumber
        var known =
          trends[row.series]
          ?? lengths.map { days in
            MetricTrend(
              series: row.series, days: days, isFirstWhole: start <= end - 24 * days + 1,
              bound: bound)
          }
        for place in known.indices where known[place].holds(age) {
          if age < 12 * known[place].days {
            known[place].second.mergeTotals(row.sums)
          } else {
            known[place].first.mergeTotals(row.sums)
          }
        }
        trends[row.series] = known
      }
      return true
    }
    return trends.sorted { $0.key < $1.key }.flatMap(\.value).filter {
      $0.first.count > 0 || $0.second.count > 0
    }
  }
}
