public import Bytes
public import Events
public import Views

/// How long something was worked on: its events' times as intervals, which become one where no more than
/// `gapSecondsMax` lie between. The order in which times come makes no difference.
public struct ActiveTime: ColumnValue, Mergeable, Equatable, Sendable {
  /// In nanoseconds, ascending, none within a gap of another.
  private var intervals: [(start: Int64, end: Int64)] = []

  static let gapMax: Int64 = gapSecondsMax * 1_000_000_000
  private static let gapSecondsMax: Int64 = 300

  /// In words.
  static let about = """
    How long it was worked on: the times between its lines, without gaps of more than \
    \(gapSecondsMax) s.
    """

  public init() {}

  public mutating func add(_ time: Timestamp) { add(time.nanoseconds, time.nanoseconds) }

  private mutating func add(_ start: Int64, _ end: Int64) {
    // From behind: times mostly come in order.
    var place = intervals.count
    while place > 0, intervals[place - 1].start > start { place -= 1 }
    intervals.insert((start, end), at: place)
    var first = place
    while first > 0, joins(first - 1, first) { first -= 1 }
    var last = place
    while last + 1 < intervals.count, joins(last, last + 1) { last += 1 }
    guard first < last else { return }
    let end = intervals[first...last].reduce(Int64.min) { max($0, $1.end) }
    intervals.replaceSubrange(first...last, with: [(intervals[first].start, end)])
  }

  private func joins(_ earlier: Int, _ later: Int) -> Bool {
    let (gap, isTooLong) = intervals[later].start.subtractingReportingOverflow(
      intervals[earlier].end)
    return !isTooLong && gap <= Self.gapMax
  }

  public mutating func merge(_ later: ActiveTime) {
    for interval in later.intervals { add(interval.start, interval.end) }
  }

  /// In seconds: a count of nanoseconds is one of billionths of a second.
  public var total: FixedPoint {
    intervals.reduce(.zero) { $0 + FixedPoint(units: $1.end &- $1.start) }
  }

  public static func == (left: ActiveTime, right: ActiveTime) -> Bool {
    left.intervals.elementsEqual(right.intervals) { $0 == $1 }
  }

  public func encode(into writer: inout ByteWriter) {
    writer.append(varint: intervals.count)
    for interval in intervals {
      writer.append(zigzag: interval.start)
      writer.append(zigzag: interval.end)
    }
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    for _ in 0..<(try reader.count()) {
      intervals.append((try reader.zigzag(), try reader.zigzag()))
    }
  }

  public static var columnType: ColumnType { .decimal }
  public var cell: Cell { .decimal(total) }
}
