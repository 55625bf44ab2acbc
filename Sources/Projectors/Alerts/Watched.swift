internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// An error that happens again and again, since it last paused.
struct ErrorRun: Row {
  var subject = ""
  var firstAt = Timestamp(nanoseconds: 0)
  var lastAt = Timestamp(nanoseconds: 0)
  var count = Count()
  /// Its first line.
  var since: Offset = 0
  /// Whether it happened before its last pause.
  var isBack = false
  /// The alert of this run.
  var alert: String?
  var evidence = Evidence()

  static let table = StoredTable<Hash128, ErrorRun>("errors", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ErrorRun, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("subject", &row.subject)
    try visit.hidden("first_at", &row.firstAt)
    try visit.hidden("last_at", &row.lastAt)
    try visit.hidden("count", &row.count)
    try visit.hidden("since", &row.since)
    try visit.hidden("is_back", &row.isBack)
    try visit.hidden("alert", &row.alert)
    try visit.hidden("evidence", &row.evidence)
  }

  /// Takes in an error. Returns false for one of before the run, which only tells that it is back.
  mutating func take(_ moment: Moment, quiet_s: Int64) -> Bool {
    if count.value > 0 {
      if moment.time.seconds < firstAt.seconds - quiet_s {
        isBack = true
        return false
      }
      if moment.time.seconds >= lastAt.seconds + quiet_s {
        (count, alert, evidence, isBack) = (Count(), nil, Evidence(), true)
      }
    }
    if count.value == 0 { (firstAt, lastAt, since) = (moment.time, moment.time, moment.offset) }
    firstAt = min(firstAt, moment.time)
    lastAt = max(lastAt, moment.time)
    count += 1
    evidence.add(moment.offset)
    return true
  }
}

/// What the calls of models of a day cost.
struct DaySpend: Row {
  var cost = MoneySum()
  var calls = Count()
  /// The first line that told of one.
  var since: Offset?
  var alert: String?
  var evidence = Evidence()

  static let table = StoredTable<TextKey, DaySpend>("spend", residentMax: 1 << 10)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout DaySpend, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("cost", &row.cost)
    try visit.hidden("calls", &row.calls)
    try visit.hidden("since", &row.since)
    try visit.hidden("alert", &row.alert)
    try visit.hidden("evidence", &row.evidence)
  }

  mutating func change(by call: ModelCall, isAdding: Bool) {
    guard !call.isToldTwice, let dollars = call.cost else { return }
    if isAdding {
      cost.add(dollars)
      calls += 1
    } else {
      cost.subtract(dollars)
      calls -= 1
    }
  }
}

/// How the interactions of a stream ended that began on a day.
struct DayOutcomes: Row {
  var failures = Count()
  /// Those that succeeded or failed.
  var decided = Count()
  /// The first line that told of one.
  var since: Offset?
  var alert: String?
  /// Of failures.
  var evidence = Evidence()

  static let table = StoredTable<TextKey, DayOutcomes>("outcomes", residentMax: 1 << 10)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout DayOutcomes, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("failures", &row.failures)
    try visit.hidden("decided", &row.decided)
    try visit.hidden("since", &row.since)
    try visit.hidden("alert", &row.alert)
    try visit.hidden("evidence", &row.evidence)
  }

  /// How many days before a day it is compared with.
  static let daysBefore: Int64 = 7

  mutating func change(by outcome: Outcome, isAdding: Bool) {
    func change(_ count: inout Count) { if isAdding { count += 1 } else { count -= 1 } }
    if outcome == .partial { return }
    change(&decided)
    if outcome == .failure { change(&failures) }
  }

  /// Whether so many more of them failed, exactly.
  func isAbove(_ before: DayOutcomes, by rise: FixedPoint) -> Bool {
    let (all, others) = (Int128(decided.value), Int128(before.decided.value))
    let more = Int128(failures.value) * others - Int128(before.failures.value) * all
    return more > 0 && more * 1_000_000_000 >= Int128(rise.units) * all * others
  }
}

/// A deployment that was taken out of service.
struct DemotedDeployment: Row {
  var alert: String?

  static let table = StoredTable<TextKey, DemotedDeployment>("deployments", residentMax: 1 << 10)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout DemotedDeployment, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("alert", &row.alert) }
}
