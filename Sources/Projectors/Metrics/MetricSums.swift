internal import Bytes
internal import Events
internal import Facts
internal import Views

/// The measurements of one metric in one hour.
struct MetricSums: ByteCodable, Equatable, Sendable {
  private(set) var count: UInt64 = 0
  private(set) var sum = ExactSum()
  private var low = LeastValues()
  /// Of the complements of the values, so that the greatest is the least.
  private var high = LeastValues()
  /// Whether no line says the time of some of them.
  private(set) var isHourInferred = false
  /// The events that gave them.
  private(set) var evidence = Evidence()

  init() {}

  /// - Parameter offset: of the event that gives the value. Offsets come in order.
  mutating func add(_ value: FixedPoint, at offset: Offset, isTimeInferred: Bool) {
    count &+= 1
    sum += value
    low.add(value.units, 1)
    high.add(~value.units, 1)
    if isTimeInferred { isHourInferred = true }
    evidence.add(offset)
  }

  /// Counts the events of a part of the log, the first of which may be of the line that the last one
  /// before was of.
  mutating func count(_ events: Evidence, times more: UInt64, isTimeInferred: Bool) {
    count &+= more
    if let more = FixedPoint(Int64(clamping: more)) { sum += more }
    low.add(FixedPoint.one.units, more)
    high.add(~FixedPoint.one.units, more)
    if isTimeInferred { isHourInferred = true }
    if evidence.count > 0, events.first.first == evidence.last {
      evidence.merge(
        Evidence(first: Array(events.first.dropFirst()), last: events.last, count: events.count - 1)
      )
    } else {
      evidence.merge(events)
    }
  }

  /// Takes back a value that has changed.
  mutating func subtract(_ value: FixedPoint) {
    count &-= 1
    sum -= value
    low.subtract(value.units)
    high.subtract(~value.units)
    if count == 0 { (low, high) = (LeastValues(), LeastValues()) }
  }

  mutating func merge(_ other: MetricSums) {
    mergeTotals(other)
    low.merge(other.low)
    high.merge(other.high)
  }

  /// All but the least and the greatest.
  mutating func mergeTotals(_ other: MetricSums) {
    count &+= other.count
    sum.merge(other.sum)
    if other.isHourInferred { isHourInferred = true }
    evidence.unite(other.evidence)
  }

  /// Of the values that stand; nil for none, and where it is not known.
  var least: FixedPoint? { low.least.map(FixedPoint.init(units:)) }
  var greatest: FixedPoint? { high.least.map { FixedPoint(units: ~$0) } }

  var mean: Double? { sum.mean(of: Count(count)) }

  /// The count as a number; nil beyond what one holds.
  var exactCount: FixedPoint? { FixedPoint(Int64(clamping: count)) }

  /// The mean to the nearest billionth, ties to even; nil for none.
  var exactMean: FixedPoint? {
    count == 0 ? nil : FixedPoint(units: FixedPoint.divide(sum.units, by: Int128(count)))
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    sum.encode(into: &writer)
    low.encode(into: &writer)
    high.encode(into: &writer)
    writer.append(bool: isHourInferred)
    evidence.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    sum = try ExactSum(from: &reader)
    low = try LeastValues(from: &reader)
    high = try LeastValues(from: &reader)
    isHourInferred = try reader.bool()
    evidence = try Evidence(from: &reader)
  }
}

/// The least of values, some of which are taken back: the least different ones, each with how often
/// it stands. Where all of these were taken back and others were left out, the least is not known.
struct LeastValues: ByteCodable, Equatable, Sendable {
  static let keptMax = 8

  private struct Kept: Equatable {
    let value: Int64
    var count: UInt64
  }

  /// Ascending.
  private var kept: [Kept] = []
  /// Values from here on are left out; nil while none is.
  private var bound: Int64?

  init() {}

  var least: Int64? { kept.first?.value }

  mutating func add(_ value: Int64, _ count: UInt64) {
    if let bound, value >= bound { return }
    let place = kept.firstIndex { $0.value >= value } ?? kept.count
    if place < kept.count, kept[place].value == value {
      kept[place].count &+= count
      return
    }
    kept.insert(Kept(value: value, count: count), at: place)
    if kept.count > Self.keptMax { bound = kept.removeLast().value }
  }

  /// Takes back one value that was added.
  mutating func subtract(_ value: Int64) {
    guard let place = kept.firstIndex(where: { $0.value == value }) else { return }
    if kept[place].count > 1 { kept[place].count -= 1 } else { kept.remove(at: place) }
  }

  mutating func merge(_ other: LeastValues) {
    if let end = other.bound {
      bound = bound.map { min($0, end) } ?? end
      kept.removeAll { $0.value >= end }
    }
    for one in other.kept { add(one.value, one.count) }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: kept.count)
    for one in kept {
      writer.append(zigzag: one.value)
      writer.append(varint: one.count)
    }
    bound.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    for _ in 0..<(try reader.count()) {
      kept.append(Kept(value: try reader.zigzag(), count: try reader.varint()))
    }
    bound = try Int64?(from: &reader)
  }
}

/// Sums by metric.
struct HourSums: ByteCodable, Equatable, Sendable {
  private(set) var all: [(metric: Metric, sums: MetricSums)] = []

  init() {}

  subscript(metric: Metric) -> MetricSums {
    all.first { $0.metric == metric }?.sums ?? MetricSums()
  }

  /// In place: sums are costly to copy.
  mutating func change(_ metric: Metric, _ body: (inout MetricSums) -> Void) {
    let place = all.firstIndex { $0.metric.rawValue >= metric.rawValue } ?? all.count
    if place == all.count || all[place].metric != metric {
      all.insert((metric, MetricSums()), at: place)
    }
    body(&all[place].sums)
  }

  mutating func merge(_ other: HourSums) {
    for (metric, sums) in other.all { change(metric) { $0.merge(sums) } }
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

extension Evidence {
  /// Takes in events from anywhere in the log. One that is named in both counts once; one that is
  /// beyond the first in both counts twice.
  mutating func unite(_ other: Evidence) {
    guard count > 0, other.count > 0 else {
      if count == 0 { self = other }
      return
    }
    var (both, common) = (first, UInt64(0))
    if let end = other.first.first, first.count < Self.keptMax || end <= first.last ?? 0 {
      both = Set(first + other.first).sorted()
      common = UInt64(first.count + other.first.count - both.count)
    }
    self = Evidence(
      first: Array(both.prefix(Self.keptMax)), last: max(last, other.last),
      count: count + other.count - common)
  }
}

extension ColumnVisitor {
  /// The columns that name the events that gave what a row is made of.
  mutating func givers(_ evidence: Evidence) {
    derived("offsets", "The events that gave it, the first \(Evidence.keptMax).") { evidence.first }
    derived("last_offset", "The last of them; null: there is none.") {
      evidence.count == 0 ? nil : evidence.last
    }
    derived("offset_count", "How many they are.") { evidence.count }
  }
}
