internal import Bytes
internal import ErrorText
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Tells apart the failures of a task from the copies of their lines.
///
/// Lines of one writer are failures of their own. Those of two writers that say the same of a task
/// within a second of each other, or of which one does not say when, may be of one failure. They are
/// as few failures as the lines allow: so their number does not depend on the order of the lines.
///
/// What is kept grows by a few bytes a failure that names its task.
final class Occurrences {
  private let moments: KeyedTable<UInt64, Moments>
  private let counts: KeyedTable<UInt64, WriterCounts>

  /// Nanoseconds between the times that two writers give to one failure.
  private static let apartMax: Int64 = 1_000_000_000
  /// Nanoseconds that a row of moments covers.
  private static let span: Int64 = 8_000_000_000
  /// Rows before and after a moment in which is looked for others of one row of failures, none more
  /// than a second after the one before.
  private static let spansMax = 8
  /// Moments of a row; what else happens in the same seconds counts without being compared.
  private static let momentsMax = 512

  init(tables: FoldTables) throws(TableError) {
    moments = try tables.open(Moments.table)
    counts = try tables.open(WriterCounts.table)
  }

  /// Whether a line tells of a failure that no line before told of. What names no task always does.
  func isNew(_ event: Event, _ message: String, _ wording: Wording) throws(TableError) -> Bool {
    guard let task = Attempt.task(of: event) else { return true }
    let fields = event.fields
    let iteration = fields.number(.iterations).map { UInt64(bitPattern: $0.units) } ?? 0
    let said = mix(mix(identity(event.kind), iteration), mix(identity(message), wording.salt))
    let key = mix(task, said)
    let writer = Self.writer(of: event)
    var known = try counts.row(key) ?? WriterCounts()
    let before = known.failures
    let isAlone = known.writers.allSatisfy { $0.id == writer }
    known.add(writer)
    if !event.envelope.isTimeInferred,
      try add(event.time.nanoseconds, of: writer, to: key, isAlone: isAlone)
    {
      known.timed += 1
    }
    let isNew = known.failures > before
    try counts.put(key, known)
    return isNew
  }

  /// A source, in lines with certain fields: two that write of one failure, each at its own moment,
  /// differ in one or the other.
  private static func writer(of event: Event) -> UInt64 {
    let fields = event.fields.presence
    return mix(
      mix(event.envelope.source, UInt64(truncatingIfNeeded: fields)),
      UInt64(truncatingIfNeeded: fields >> 64))
  }

  /// Adds a moment; returns whether it takes another failure to explain it.
  private func add(
    _ time: Int64, of writer: UInt64, to key: UInt64, isAlone: Bool
  ) throws(TableError) -> Bool {
    let moment = Moment(time: time, writer: writer)
    var isNew = true
    if !isAlone {
      var near = try near(time, of: key)
      let before = Self.failures(near)
      near.insert(moment, at: near.firstIndex { $0.time > time } ?? near.count)
      isNew = Self.failures(near) > before
    }
    try moments.change(mix(key, Self.row(of: time))) { row in
      var changed = row.take() ?? Moments()
      if changed.all.count < Self.momentsMax {
        changed.all.insert(
          moment, at: changed.all.firstIndex { $0.time > time } ?? changed.all.count)
      }
      row = changed
    }
    return isNew
  }

  private static func row(of time: Int64) -> UInt64 {
    UInt64(bitPattern: time >= 0 ? time / span : -1 - (-1 - time) / span)
  }

  /// The moments around a time, in their order, none more than a second from the next.
  private func near(_ time: Int64, of key: UInt64) throws(TableError) -> [Moment] {
    let middle = Self.row(of: time)
    var found = try moments.row(mix(key, middle))?.all ?? []
    for step in 1...UInt64(Self.spansMax) {
      let before = try moments.row(mix(key, middle &- step))?.all ?? []
      let start = min(found.first?.time ?? time, time)
      found = before + found
      guard let last = before.last, Self.isNear(last.time, start) else { break }
    }
    for step in 1...UInt64(Self.spansMax) {
      let after = try moments.row(mix(key, middle &+ step))?.all ?? []
      let end = max(found.last?.time ?? time, time)
      found += after
      guard let first = after.first, Self.isNear(end, first.time) else { break }
    }
    var start = found.firstIndex { $0.time >= time } ?? found.count
    var end = start
    var edge = time
    while start > 0, Self.isNear(found[start - 1].time, edge) {
      start -= 1
      edge = found[start].time
    }
    edge = time
    while end < found.count, Self.isNear(edge, found[end].time) {
      edge = found[end].time
      end += 1
    }
    return Array(found[start..<end])
  }

  private static func isNear(_ first: Int64, _ second: Int64) -> Bool {
    let (gap, isTooLong) = second.subtractingReportingOverflow(first)
    return !isTooLong && gap <= apartMax
  }

  /// The least number of failures that explain moments in their order: each takes the first that is
  /// left, and of each other writer the first that is left within a second of it.
  private static func failures(_ moments: [Moment]) -> UInt64 {
    var isTaken = [Bool](repeating: false, count: moments.count)
    var count: UInt64 = 0
    for first in moments.indices where !isTaken[first] {
      count += 1
      var writers: Set<UInt64> = [moments[first].writer]
      var next = first + 1
      while next < moments.count, isNear(moments[first].time, moments[next].time) {
        if !isTaken[next], writers.insert(moments[next].writer).inserted { isTaken[next] = true }
        next += 1
      }
    }
    return count
  }
}

/// What writers said of one failure of a task, in a few seconds.
private struct Moments: Row {
  var all: [Moment] = []

  static let table = StoredTable<UInt64, Moments>("moments", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Moments, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("all", &row.all) }
}

private struct Moment: Row {
  var time: Int64 = 0
  var writer: UInt64 = 0

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Moment, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("time", &row.time)
    try visit.hidden("writer", &row.writer)
  }
}

/// How many lines the writers of a failure of a task have for it.
private struct WriterCounts: Row {
  /// Failures that those lines take that say when.
  var timed: UInt64 = 0
  var writers: [WriterCount] = []

  static let table = StoredTable<UInt64, WriterCounts>(
    "moments/writers", isCounted: false, residentMax: 1 << 16)

  /// A line that does not say when may be of any failure that its writer tells nothing else of.
  var failures: UInt64 { max(timed, writers.map(\.lines).max() ?? 0) }

  mutating func add(_ writer: UInt64) {
    if let index = writers.firstIndex(where: { $0.id == writer }) {
      writers[index].lines += 1
    } else {
      writers.append(WriterCount(id: writer, lines: 1))
    }
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout WriterCounts, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("timed", &row.timed)
    try visit.hidden("writers", &row.writers)
  }
}

private struct WriterCount: Row {
  var id: UInt64 = 0
  var lines: UInt64 = 0

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout WriterCount, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("id", &row.id)
    try visit.hidden("lines", &row.lines)
  }
}
