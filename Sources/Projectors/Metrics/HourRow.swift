internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// An hour, and whose measurements it holds. Sorts by hour, then scope, then level.
struct HourKey: Key {
  /// A key has at most 511 bytes; a hash stands for the rest of a longer name.
  private static let levelSizeMax = 400

  /// Hours since 1970, UTC.
  let hour: Int64
  let scope: Scope
  let level: [UInt8]

  init(_ time: Timestamp, _ scope: Scope, _ level: String) {
    hour = time.hourNumber
    self.scope = scope
    var bytes = Array(level.utf8)
    if bytes.count > Self.levelSizeMax {
      var writer = ByteWriter(capacity: Self.levelSizeMax + 16)
      writer.append(Array(bytes.prefix(Self.levelSizeMax)))
      writer.append(hash: Hash128(of: bytes))
      bytes = writer.bytes
    }
    self.level = bytes
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: UInt64(bitPattern: hour) ^ 1 << 63)
    writer.append(byte: scope.rawValue)
    writer.append(level)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    hour = Int64(bitPattern: try reader.ordered(UInt64.self) ^ 1 << 63)
    scope = try Scope(from: &reader)
    level = try reader.array(reader.remaining)
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
  private(set) var sums = HourSums()
  /// Whether no line says the time of some of what is in it.
  var isHourInferred = false
  var evidence = Evidence()

  static let table = StoredTable<HourKey, HourRow>("hours", residentMax: 1 << 14)

  init() {}

  init(level: String) { self.level = level }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout HourRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("level", &row.level)
    try visit.hidden("sums", &row.sums)
    try visit.hidden("is_hour_inferred", &row.isHourInferred)
    try visit.evidence(&row.evidence)
  }

  mutating func change(_ metric: Metric, _ body: (inout MetricSums) -> Void) {
    body(&sums[metric])
  }
}

/// Sums by metric.
struct HourSums: ByteCodable, Equatable, Sendable {
  private(set) var all: [(metric: Metric, sums: MetricSums)] = []

  init() {}

  subscript(metric: Metric) -> MetricSums {
    get { all.first { $0.metric == metric }?.sums ?? MetricSums() }
    set {
      let place = all.firstIndex { $0.metric.rawValue >= metric.rawValue } ?? all.count
      if place < all.count, all[place].metric == metric {
        all[place].sums = newValue
      } else {
        all.insert((metric, newValue), at: place)
      }
    }
  }

  mutating func merge(_ other: HourSums) {
    for (metric, sums) in other.all { self[metric].merge(sums) }
  }

  static func == (left: HourSums, right: HourSums) -> Bool {
    left.all.elementsEqual(right.all) { $0 == $1 }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: all.count)
    for (metric, sums) in all {
      metric.encode(into: &writer)
      sums.encode(into: &writer)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    for _ in 0..<(try reader.count()) {
      all.append((try Metric(from: &reader), try MetricSums(from: &reader)))
    }
  }
}

/// A metric in one hour, of everything or of one stream, model or user.
struct MetricHour: Row {
  var hour = Timestamp(nanoseconds: 0)
  var metric = Metric.events
  var scope = Scope.system
  /// Nil for the system.
  var level: String?
  var sums = MetricSums()
  var isHourInferred = false
  var evidence = Evidence()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricHour, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("hour", isKey: true, "The beginning of the hour of event time, UTC.") { row.hour }
    visit.derived("metric", isKey: true, "What is measured.") { row.metric }
    visit.derived(
      "scope", isKey: true, "Whether of the whole system, or of one stream, model or user."
    ) { row.scope }
    visit.derived("level", isKey: true, "Which stream, model or user; null for the system.") {
      row.level
    }
    visit.derived("n", unit: .count, "Measurements; of what is only counted, how many there were.")
    {
      row.sums.count
    }
    visit.derived("sum", "Their sum.") { row.sums.sum }
    visit.derived("mean", rule: "sum / n") { row.sums.mean }
    visit.derived("min", "The least; a value that a later event corrected is among them.") {
      row.sums.least
    }
    visit.derived("max", "The greatest of them.") { row.sums.greatest }
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      row.isHourInferred
    }
    visit.derived("offsets", "Events of that hour and level, the first 32.") { row.evidence.first }
    visit.derived("last_offset", "The last of them.") { row.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.evidence.count }
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
        found = rows.first { $0.hour == hour && $0.isNamed(key) }
        return false
      }
      return found
    }
  ).showing(first: "n", "mean", "sum")

  func isNamed(_ key: RowKey) -> Bool {
    metric.name == key[1] && scope.name == key[2] && level == key[3]
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
      from: start.map { HourKey($0, .model, "") }
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
    var whole = HourRow()
    var sums = HourSums()
    for (scope, row) in held where scope == .stream {
      sums.merge(row.sums)
      if row.isHourInferred { whole.isHourInferred = true }
      whole.evidence = whole.evidence.united(with: row.evidence)
    }
    var rows: [MetricHour] = []
    func add(_ scope: Scope, _ level: String?, _ sums: HourSums, _ row: HourRow) {
      for (metric, sums) in sums.all where sums.count > 0 {
        rows.append(
          MetricHour(
            hour: Timestamp(hourNumber: hour), metric: metric, scope: scope, level: level,
            sums: sums, isHourInferred: row.isHourInferred, evidence: row.evidence))
      }
    }
    for (scope, row) in held { add(scope, row.level, row.sums, row) }
    add(.system, nil, sums, whole)
    return rows.sorted { left, right in
      if left.metric != right.metric {
        return left.metric.name.utf8.lexicographicallyPrecedes(right.metric.name.utf8)
      }
      if left.scope != right.scope { return left.scope.rawValue < right.scope.rawValue }
      return (left.level ?? "").utf8.lexicographicallyPrecedes((right.level ?? "").utf8)
    }
  }
}

extension Evidence {
  /// Of the events of both, which have none in common.
  fileprivate func united(with other: Evidence) -> Evidence {
    if count == 0 { return other }
    return Evidence(
      first: Array((first + other.first).sorted().prefix(Self.keptMax)),
      last: max(last, other.last), count: count + other.count)
  }
}
