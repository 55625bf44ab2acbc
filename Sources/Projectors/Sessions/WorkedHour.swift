internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// An hour of a project: what was worked on, and what came of it.
struct WorkedHour: Row, Equatable {
  var hour = Timestamp(nanoseconds: 0)
  var project: String?
  /// Different ones, so that the sum of two parts of the log is not that of both.
  var sessions: UInt64 = 0
  var turns = Count()
  var active = ActiveTime()
  var calls = CallTotals()
  var successes = Count()
  var partials = Count()
  var failures = Count()
  /// Events whose time no line says.
  var inferred = Count()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, WorkedHour>("hours", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout WorkedHour, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("hour", &row.hour, "When it began, in UTC.")
    try visit.key("project", &row.project, "The project, or folder; null where none is named.")
    try visit.hidden("inferred", &row.inferred)
    visit.derived("is_hour_inferred", "Whether no line says the time of some of its events.") {
      row.inferred.value > 0
    }
    try visit.column("sessions", &row.sessions, "Sessions that were at work in it.")
    try visit.column("turns", &row.turns, "Requests of a person.")
    try visit.column(
      "active_s", &row.active, unit: .seconds,
      ActiveTime.about)
    try CallTotals.columns(&row.calls, &visit)
    let outcomes = row.successes.value &+ row.partials.value &+ row.failures.value
    visit.derived(
      "outcomes", unit: .count, "Interactions of that hour that came to an outcome.",
      rule: "successes + partials + failures"
    ) { outcomes }
    try visit.column("successes", &row.successes, "Those of them that succeeded.")
    try visit.column("partials", &row.partials, "Those that went half-way.")
    try visit.column("failures", &row.failures, "Those that failed.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "sessions/hours", "What was worked on hour by hour, and what came of it.",
    of: table, key: { TextKey($0[0], $0[1]) }
  ).showing(first: "sessions", "turns", "active_s", "cost_usd", "successes", "failures").counting(
    modelCalls: { row, call in
      call.context.session != nil
        && call.context.time.hourStart == Timestamp(parsing: row["hour"].plainText)
        && call.context.project == row["project"].text
    })

  mutating func count(_ outcome: Outcome, by amount: UInt64, adding: Bool) {
    func step(_ count: inout Count) { if adding { count += amount } else { count -= amount } }
    switch outcome {
    case .success: step(&successes)
    case .partial: step(&partials)
    case .failure: step(&failures)
    }
  }
}

/// A session in an hour: that it was at work, or that something came of it.
struct SessionHour: Row, Equatable {
  var hour = Timestamp(nanoseconds: 0)
  var project: String?
  var session = ""
  /// Events whose line says when, and others.
  var timed = Count()
  var inferred = Count()
  var interactions = Count()
  var outcome = Latest<Outcome>()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, SessionHour>("hour_sessions", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SessionHour, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("hour", &row.hour, "When it began, in UTC.")
    try visit.key("project", &row.project, "The project, or folder; null where none is named.")
    try visit.key("session_id", &row.session, "The session that was at work in it.")
    try visit.hidden("timed", &row.timed)
    try visit.hidden("inferred", &row.inferred)
    visit.derived("is_hour_inferred", "Whether no line says the time of any of its events.") {
      row.inferred.value > 0 && row.timed.value == 0
    }
    try visit.column(
      "interactions", &row.interactions, "Interactions of that hour that came to an outcome.")
    try visit.column("outcome", &row.outcome, "How the last of these ended, as is known by now.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "sessions/work", "Which session was at work in which hour, and how that ended.",
    of: table, key: { TextKey($0[0], $0[1], $0[2]) }
  ).showing(first: "interactions", "outcome")
}

/// The hours, and which session was at work in which.
struct HourTables {
  private let hours: KeyedTable<TextKey, WorkedHour>
  private let sessions: KeyedTable<TextKey, SessionHour>
  // Most events are of the hour of the one before.
  private var lastHour = (start: Timestamp(nanoseconds: 0), text: "")

  init(_ tables: FoldTables) throws(TableError) {
    hours = try tables.open(WorkedHour.table)
    sessions = try tables.open(SessionHour.table)
  }

  mutating func count(_ event: Event, session: String) throws(TableError) {
    let offset = event.offset
    let project = event.fields.text(.project)
    try work(event.time, project, session, isInferred: event.envelope.isTimeInferred) {
      $0.evidence.add(offset)
    }
    try changeSession(event.time, project, session) { $0.evidence.add(offset) }
  }

  private mutating func work(
    _ time: Timestamp, _ project: String?, _ session: String, isInferred: Bool,
    _ body: (inout WorkedHour) -> Void = { _ in }
  ) throws(TableError) {
    var isFirst = false
    try changeSession(time, project, session) { row in
      isFirst = row.timed.value == 0 && row.inferred.value == 0
      if isInferred { row.inferred += 1 } else { row.timed += 1 }
    }
    try change(time, project) { row in
      if isFirst { row.sessions += 1 }
      row.active.add(time)
      if isInferred { row.inferred += 1 }
      body(&row)
    }
  }

  mutating func count(_ fact: Fact, since before: Interaction?) throws(TableError) {
    let after = fact.after
    let offset = fact.event.offset
    let session = after.fields.text(.sessionID)
    if let before {
      let project = before.fields.text(.project)
      try change(before.time, project) {
        $0.count(before.outcome, by: 1, adding: false)
        $0.evidence.add(fact.event.offset)
      }
      if let session {
        try changeSession(before.time, project, session) { $0.interactions -= 1 }
      }
    }
    if let session {
      try changeSession(after.time, after.fields.text(.project), session) { row in
        row.interactions += 1
        row.evidence.add(offset)
        row.outcome.add(after.outcome, rank: after.number)
      }
    }
    try change(after.time, after.fields.text(.project)) {
      $0.count(after.outcome, by: 1, adding: true)
      $0.evidence.add(fact.event.offset)
    }
  }

  mutating func count(_ change: CallChange<ModelCall>) throws(TableError) {
    if let before = change.before {
      try self.change(before.context.time, before.context.project) {
        $0.calls.subtract(before)
        $0.evidence.add(change.event.offset)
      }
    }
    let after = change.after
    try self.change(after.context.time, after.context.project) {
      $0.calls.add(after)
      $0.evidence.add(change.event.offset)
    }
  }

  mutating func count(_ note: SessionNote) throws(TableError) {
    let context = note.context
    switch note.what {
    case .turn: try change(context.time, context.project) { $0.turns += 1 }
    case .activity:
      guard let session = context.session else { return }
      try work(context.time, context.project, session, isInferred: context.isTimeInferred)
    default: return
    }
  }

  private mutating func changeSession(
    _ time: Timestamp, _ project: String?, _ session: String,
    _ body: (inout SessionHour) -> Void
  ) throws(TableError) {
    let hour = time.hourStart
    try sessions.change(TextKey(text(ofHour: hour), project, session)) { slot in
      var row = slot.take() ?? SessionHour(hour: hour, project: project, session: session)
      body(&row)
      slot = row
    }
  }

  private mutating func text(ofHour start: Timestamp) -> String {
    if lastHour.start != start || lastHour.text.isEmpty { lastHour = (start, "\(start)") }
    return lastHour.text
  }

  private mutating func change(
    _ time: Timestamp, _ project: String?, _ body: (inout WorkedHour) -> Void
  ) throws(TableError) {
    let hour = time.hourStart
    try hours.change(TextKey(text(ofHour: hour), project)) { slot in
      var row = slot.take() ?? WorkedHour(hour: hour, project: project)
      body(&row)
      slot = row
    }
  }
}
