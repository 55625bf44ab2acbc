internal import Bytes
internal import ErrorText
internal import Events
internal import Tables
internal import Views

/// Errors of one pattern, of the same call, task and session, that wait to be mended.
struct OpenError: Row {
  var group: UInt64 = 0
  /// The last of them, and when it happened.
  var event = EventID(0)
  var time = Timestamp(nanoseconds: 0)
  var isTimeInferred = false
  /// A hash; 0 for none.
  var project: UInt64 = 0
  /// As `Attempt` has it.
  var subject: UInt64 = 0
  /// How many they are.
  var count: UInt64 = 1
  /// Hashes of what they wait for, the narrowest first.
  var places: [UInt64] = []

  static let table = StoredTable<UInt64, OpenError>(
    "open", isCounted: false, residentMax: 1 << 16)

  init() {}

  init(_ attempt: Attempt, _ group: UInt64) {
    self.group = group
    event = attempt.event
    time = attempt.time
    isTimeInferred = attempt.isTimeInferred
    project = attempt.project
    subject = attempt.subject
    places = attempt.places
  }

  /// Whether both lines say when, and this one's is later.
  func happened(after attempt: Attempt) -> Bool {
    !isTimeInferred && !attempt.isTimeInferred && time > attempt.time
  }

  /// Nanoseconds until what mended it; nil where a line does not say its time, or says one before.
  func span(until attempt: Attempt) -> Int64? {
    // A time that its line does not say measures nothing.
    if isTimeInferred || attempt.isTimeInferred || attempt.time < time { return nil }
    let (span, isTooLong) = attempt.time.nanoseconds.subtractingReportingOverflow(time.nanoseconds)
    return isTooLong ? nil : span
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout OpenError, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("group", &row.group)
    try visit.hidden("event", &row.event)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("project", &row.project)
    try visit.hidden("subject", &row.subject)
    try visit.hidden("count", &row.count)
    try visit.hidden("places", &row.places)
  }
}

/// A call, a task or a session: the errors that wait for it, the last change in it since, and what was
/// last mended. At most `ErrorLimits.openErrorsMax` of each.
struct Place: Row {
  /// Numbers of open errors, in the order of their events.
  var waiting: [UInt64] = []
  var action: String?
  /// How many errors were opened before the change.
  var actionNumber: UInt64 = 0
  /// Numbers of trials that worked.
  var mended: [UInt64] = []
  /// A hash of what was last reported of a fix, until something else happens; 0 for nothing.
  var reported: UInt64 = 0

  var isEmpty: Bool { waiting.isEmpty && mended.isEmpty && reported == 0 }

  static let table = StoredTable<UInt64, Place>("places", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Place, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("waiting", &row.waiting)
    try visit.hidden("action", &row.action)
    try visit.hidden("action_number", &row.actionNumber)
    try visit.hidden("mended", &row.mended)
    try visit.hidden("reported", &row.reported)
  }
}
