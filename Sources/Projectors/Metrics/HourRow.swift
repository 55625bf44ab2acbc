internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// An hour, and whose measurements it holds. Sorts by hour, then scope, then level.
struct HourKey: Key {
  /// Hours since 1970, UTC.
  let hour: Int64
  let scope: Scope
  let level: KeyName

  init(_ time: Timestamp, _ scope: Scope, _ level: String) {
    hour = time.hourNumber
    self.scope = scope
    self.level = KeyName(level)
  }

  /// The first of an hour.
  init(from time: Timestamp) { self.init(time, .model, "") }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: UInt64(bitPattern: hour) ^ 1 << 63)
    writer.append(byte: scope.rawValue)
    writer.append(level.bytes)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    hour = Int64(bitPattern: try reader.ordered(UInt64.self) ^ 1 << 63)
    scope = try Scope(from: &reader)
    level = try KeyName(ordered: &reader)
  }
}

extension Timestamp {
  static let hourLength: Int64 = 3_600

  /// Hours since 1970, UTC, rounded down.
  var hourNumber: Int64 {
    let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: Self.hourLength)
    return remainder < 0 ? quotient - 1 : quotient
  }

  init(hourNumber: Int64) {
    let (seconds, isTooFar) = hourNumber.multipliedReportingOverflow(by: Self.hourLength)
    let (units, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    self.init(nanoseconds: isTooFar || isBeyond ? (hourNumber < 0 ? .min : .max) : units)
  }
}

/// All that was measured in one hour of one stream, model or user.
struct HourRow: Row, Equatable {
  var level = ""
  /// By metric; those without a measurement are missing.
  var sums = HourSums()

  static let table = StoredTable<HourKey, HourRow>("hours", residentMax: 1 << 13)

  init() {}

  init(level: String) { self.level = level }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout HourRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("level", &row.level)
    try visit.hidden("sums", &row.sums)
  }
}

/// A metric in one hour, of everything or of one stream, model or user.
struct MetricHour: Row {
  var hour = Timestamp(nanoseconds: 0)
  var series = SeriesKey()
  var sums = MetricSums()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricHour, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let sums = row.sums
    visit.derived("hour", isKey: true, "The beginning of the hour of event time, UTC.") { row.hour }
    visit.key(row.series)
    visit.derived("n", unit: .count, "Measurements; of what is only counted, how many there were.")
    {
      sums.count
    }
    visit.derived("sum", "Their sum.") { sums.sum }
    visit.derived("mean", rule: "sum / n") { sums.mean }
    visit.derived(
      "min",
      """
      The least of the values that stand, without those that a later event corrected; null where the \
      \(LeastValues.keptMax) least were corrected, and it is not known.
      """
    ) { sums.least }
    visit.derived(
      "max",
      """
      The greatest of them; null where the \(LeastValues.keptMax) greatest were corrected.
      """
    ) { sums.greatest }
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      sums.isHourInferred
    }
    visit.givers(sums.evidence)
  }

  static let answer = Answer<MetricHour>(
    "metrics",
    """
    What was measured hour by hour: interactions by the hour of their first outcome, calls of models, \
    searches, routes and health checks by their own. What is of the system is that of all streams.
    """,
    rows: { tables, body throws(TableError) in
      try forEachHour(in: tables) { rows throws(TableError) in
        for row in rows { if try !body(row) { return false } }
        return true
      }
    },
    row: { key, tables throws(TableError) in
      guard let hour = key[0].flatMap(Timestamp.init(parsing:)) else { return nil }
      var found: MetricHour?
      try forEachHour(from: hour, in: tables) { rows in
        found = rows.first { $0.hour == hour && $0.series.isNamed(key[1], key[2], key[3]) }
        return false
      }
      return found
    }
  ).showing(first: "n", "mean", "sum").touched { subject, tables throws(TableError) in
    try given(by: subject, in: tables)
  }

  /// The rows that an event gave something to. A look at all of them.
  static func given(
    by subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [MetricHour] {
    let effects = EventEffects(subject)
    var found: [MetricHour] = []
    try forEachHour(in: tables) { rows in
      found += rows.filter(effects.areIn)
      return true
    }
    return found
  }

  /// Calls `body` with the rows of each hour, in the order of their keys, until it returns false. Holds
  /// one hour in memory.
  static func forEachHour(
    from start: Timestamp? = nil, in tables: any ViewReader,
    _ body: ([MetricHour]) throws(TableError) -> Bool
  ) throws(TableError) {
    var hour: Int64?
    var held: [(scope: Scope, row: HourRow)] = []
    var isOpen = true
    try tables.read(HourRow.table).forEach(
      from: start.map(HourKey.init(from:))
    ) { key, row throws(TableError) in
      if let last = hour, last != key.hour {
        isOpen = try body(rows(of: last, held))
        held.removeAll(keepingCapacity: true)
      }
      hour = key.hour
      held.append((key.scope, row))
      return isOpen
    }
    if isOpen, let hour { _ = try body(rows(of: hour, held)) }
  }

  private static func rows(
    of hour: Int64, _ held: [(scope: Scope, row: HourRow)]
  ) -> [MetricHour] {
    var system = HourSums()
    for (scope, row) in held where scope == .stream { system.merge(row.sums) }
    var rows: [MetricHour] = []
    func add(_ scope: Scope, _ level: String?, _ sums: HourSums) {
      for (metric, sums) in sums.all where sums.count > 0 {
        rows.append(
          MetricHour(
            hour: Timestamp(hourNumber: hour),
            series: SeriesKey(metric: metric, scope: scope, level: level), sums: sums))
      }
    }
    for (scope, row) in held { add(scope, row.level, row.sums) }
    add(.system, nil, system)
    return rows.sorted { $0.series < $1.series }
  }
}
