internal import Bytes
internal import Events
internal import Facts
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
  /// How many they are.
  var count: UInt64 = 1
  /// Hashes of what they wait for, the narrowest first.
  var places: [UInt64] = []

  static let table = StoredTable<UInt64, OpenError>(
    "open", isCounted: false, residentMax: 1 << 16)

  init() {}

  init(_ event: Event, _ group: UInt64) {
    self.group = group
    self.event = event.id
    time = event.time
    isTimeInferred = event.envelope.isTimeInferred
    project = event.fields.text(.project).map(identity) ?? 0
  }

  /// Nanoseconds until a time, at least none; nil when they are too many.
  func span(until end: Timestamp) -> Int64? {
    let (span, isTooLong) = end.nanoseconds.subtractingReportingOverflow(time.nanoseconds)
    return isTooLong ? nil : max(0, span)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout OpenError, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("group", &row.group)
    try visit.hidden("event", &row.event)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("project", &row.project)
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
  var actionEvent = EventID(0)
  /// Numbers of trials that worked.
  var mended: [UInt64] = []
  /// The greatest time of its errors, of those whose lines say theirs.
  var newest: Timestamp?
  /// Who told of its errors, and when last.
  var writers: [Writer] = []
  /// A hash of what was last reported of a fix, until something else happens; 0 for nothing.
  var reported: UInt64 = 0
  /// Numbers of reports whose errors nothing has told of.
  var early: [UInt64] = []

  var isEmpty: Bool {
    waiting.isEmpty && mended.isEmpty && reported == 0 && early.isEmpty && newest == nil
  }

  static let table = StoredTable<UInt64, Place>("places", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Place, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("waiting", &row.waiting)
    try visit.hidden("action", &row.action)
    try visit.hidden("action_event", &row.actionEvent)
    try visit.hidden("mended", &row.mended)
    try visit.hidden("newest", &row.newest)
    try visit.hidden("writers", &row.writers)
    try visit.hidden("reported", &row.reported)
    try visit.hidden("early", &row.early)
  }

  /// Notes who told of an error of its own, and when.
  mutating func note(_ event: Event) {
    if event.envelope.isTimeInferred { return }
    newest = max(newest ?? event.time, event.time)
    let id = Writer.id(of: event)
    if let index = writers.firstIndex(where: { $0.id == id }) {
      writers[index].last = max(writers[index].last, event.time)
      return
    }
    if writers.count >= ErrorLimits.writersMax { writers.removeFirst() }
    writers.append(Writer(id: id, last: event.time))
  }
}

extension KeyedTable where K == UInt64, R == Place {
  /// Notes in a task who told of an error, and when.
  func note(_ event: Event, in task: UInt64?) throws(TableError) {
    guard let task else { return }
    try change(task) { row in
      var place = row ?? Place()
      place.note(event)
      row = place
    }
  }
}

/// Who tells of the errors of a task: a source, in lines with certain fields. Two that write of one
/// failure, each at its own moment, differ in one or the other.
struct Writer: Row {
  var id: UInt64 = 0
  var last = Timestamp(nanoseconds: 0)

  static func id(of event: Event) -> UInt64 {
    let fields = event.fields.presence
    let kind = mix(event.envelope.source, identity(event.kind))
    return mix(
      mix(kind, UInt64(truncatingIfNeeded: fields)), UInt64(truncatingIfNeeded: fields >> 64))
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Writer, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("id", &row.id)
    try visit.hidden("last", &row.last)
  }
}

// When errors of a task happened.
extension FixLearner {
  /// Remembers when an error happened that does not wait to be mended: told again, it is no later one.
  func noteTime(of event: Event, _ attempt: Attempt) throws(TableError) {
    guard let task = attempt.task, !event.envelope.isTimeInferred else { return }
    try places.change(task) { row in
      var place = row ?? Place()
      place.newest = max(place.newest ?? event.time, event.time)
      row = place
    }
  }

  /// Whether an event that says the same as one before is of an error that happened since: its line
  /// says that it was later than every error that its own writer told of in the task; of another
  /// writer, than every one that is known, by more than two writers of one event differ. A line that is
  /// copied is not.
  func isLater(_ event: Event) throws(TableError) -> Bool {
    if event.envelope.isTimeInferred || !event.fields.has(.errorMessage) { return false }
    guard let task = Attempt(event).task, let place = try places.row(task),
      let newest = place.newest
    else { return false }
    let writer = Writer.id(of: event)
    if let own = place.writers.first(where: { $0.id == writer }) { return event.time > own.last }
    let (gap, isTooLong) = event.time.nanoseconds.subtractingReportingOverflow(newest.nanoseconds)
    return event.time > newest && (isTooLong || gap > ErrorLimits.copiesApartMax)
  }
}
