internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// An hour, whose measurements it holds, and whether lines say that they are of it: what no line dates
/// lies apart. Sorts by hour, then scope, then level.
struct HourKey: Key {
  /// Hours since 1970, UTC.
  let hour: Int64
  let scope: Scope
  let isInferred: Bool
  let level: KeyName

  init(_ time: Timestamp, isInferred: Bool, _ scope: Scope, _ level: String) {
    hour = time.hourNumber
    self.isInferred = isInferred
    self.scope = scope
    self.level = KeyName(level)
  }

  /// That of a stream.
  init(_ time: Timestamp, isInferred: Bool, _ stream: Events.Stream) {
    hour = time.hourNumber
    self.isInferred = isInferred
    scope = .stream
    level = Self.streamNames[stream] ?? KeyName(stream.name)
  }

  private static let streamNames = Dictionary(
    uniqueKeysWithValues: Events.Stream.allCases.map { ($0, KeyName($0.name)) })

  /// The first of an hour.
  init(from time: Timestamp) { self.init(time, isInferred: false, .model, "") }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: UInt64(bitPattern: hour) ^ 1 << 63)
    writer.append(byte: scope.rawValue)
    writer.append(bool: isInferred)
    writer.append(level.bytes)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    hour = Int64(bitPattern: try reader.ordered(UInt64.self) ^ 1 << 63)
    scope = try Scope(from: &reader)
    isInferred = try reader.bool()
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
    searches, routes and health checks by their own. What is of the system is that of all streams. An \
    event that says again what an earlier one of its interaction said counts in no metric, events \
    included: events is lower by these than the events of the log. A request's route, and whether its \
    answer came from a cache, count once: by the first event that \
    names the request, by interaction_id or trace_id, and says it.
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
    by subject: EventSubject, in tables: any ViewReader, withInferred: Bool = true
  ) throws(TableError) -> [MetricHour] {
    let effects = EventEffects(subject)
    var found: [MetricHour] = []
    try forEachHour(in: tables, withInferred: withInferred) { rows in
      found += rows.filter(effects.areIn)
      return true
    }
    return found
  }

  /// Calls `body` with the rows of each hour, in the order of their keys, until it returns false. Holds
  /// one hour in memory.
  ///
  /// - Parameter withInferred: whether what no line dates is in them.
  static func forEachHour(
    from start: Timestamp? = nil, in tables: any ViewReader, withInferred: Bool = true,
    _ body: ([MetricHour]) throws(TableError) -> Bool
  ) throws(TableError) {
    var hour: Int64?
    var held: [Holder: HourRow] = [:]
    var isOpen = true
    try tables.read(HourRow.table).forEach(
      from: start.map(HourKey.init(from:))
    ) { key, row throws(TableError) in
      if key.isInferred, !withInferred { return true }
      if let last = hour, last != key.hour {
        isOpen = try body(rows(of: last, held))
        held.removeAll(keepingCapacity: true)
      }
      hour = key.hour
      let holder = Holder(scope: key.scope, level: Array(row.level.utf8))
      if var both = held[holder] {
        both.sums.merge(row.sums)
        held[holder] = both
      } else {
        held[holder] = row
      }
      return isOpen
    }
    if isOpen, let hour { _ = try body(rows(of: hour, held)) }
  }

  /// Whose rows of an hour they are, by the bytes of its name.
  private struct Holder: Hashable {
    let scope: Scope
    let level: [UInt8]
  }

  private static func rows(of hour: Int64, _ held: [Holder: HourRow]) -> [MetricHour] {
    var system = HourSums()
    let streams = held.filter { $0.key.scope == .stream }
    for row in streams.sorted(by: { $0.key.level.lexicographicallyPrecedes($1.key.level) }) {
      system.merge(row.value.sums)
    }
    var rows: [MetricHour] = []
    func add(_ scope: Scope, _ level: String?, _ sums: HourSums) {
      for (metric, sums) in sums.all where sums.count > 0 {
        rows.append(
          MetricHour(
            hour: Timestamp(hourNumber: hour),
            series: SeriesKey(metric: metric, scope: scope, level: level), sums: sums))
      }
    }
    for (holder, row) in held { add(holder.scope, row.level, row.sums) }
    add(.system, nil, system)
    return rows.sorted { $0.series < $1.series }
  }
}
