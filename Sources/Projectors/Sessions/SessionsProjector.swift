internal import Bytes
public import Events
public import Facts
public import Projection
public import Tables
public import Views

/// A session: the events that name it, and the interactions that belong to it.
struct Session: Row, Equatable {
  var id = ""
  var stream = First<Events.Stream>()
  var project = First<String>()
  var startedAt = Least<Timestamp>()
  var endedAt = Greatest<Timestamp>()
  var events = Count()
  var interactions = Count()
  var errors = Count()
  var models = NameSet<16>()
  /// Of the last interaction, by its number.
  var outcome = Latest<Outcome>()
  var scoreSum = ExactSum()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Session>("sessions", residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Session, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("session_id", &row.id, "As its lines call it.")
    try visit.column("stream", &row.stream, "The stream of its first event.")
    try visit.column("project", &row.project, "The first project that an event names.")
    try visit.column("started_at", &row.startedAt, "The earliest time of its events.")
    try visit.column("ended_at", &row.endedAt, "The latest.")
    visit.derived("duration_s", unit: .seconds, rule: "ended_at − started_at") { row.duration }
    try visit.column("events", &row.events, "Its events; a repeat counts once.")
    try visit.column("interactions", &row.interactions, "Those that came to an outcome.")
    try visit.column("errors", &row.errors, "Events with an error_message.")
    try visit.column("models", &row.models, "Who answered; the first 16.")
    try visit.column("outcome", &row.outcome, "How its last interaction ended, as is known by now.")
    try visit.hidden("score_sum", &row.scoreSum)
    visit.derived("mean_score", unit: .fraction, rule: "the sum of their scores / interactions") {
      row.scoreSum.mean(of: row.interactions)
    }
    try visit.evidence(&row.evidence)
  }

  /// A time of nanoseconds, and a decimal of billionths, count alike.
  private var duration: FixedPoint? {
    guard let start = startedAt.value, let end = endedAt.value else { return nil }
    let (units, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return isTooLong ? nil : FixedPoint(units: units)
  }

  mutating func count(_ event: borrowing Event) {
    stream.add(event.envelope.stream)
    project.add(event.fields.text(.project))
    startedAt.add(event.envelope.time)
    endedAt.add(event.envelope.time)
    events += 1
    if event.fields.has(.errorMessage) { errors += 1 }
    if let model = event.fields.text(.model) { models.add(model) }
    evidence.add(event.offset)
  }

  static let answer = Answer(
    "sessions", "What a session did and came to, by the events that name it.",
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "outcome", "mean_score").touched { subject, tables throws(TableError) in
    guard let id = subject.event.fields.text(.sessionID) else { return [] }
    return try tables.read(table).row(TextKey(id)).map { [$0] } ?? []
  }.explained { explanation, row, tables, _ throws(TableError) in
    let kept = try tables.read(table).row(TextKey(row["session_id"].text))
    explanation.add(Input("sum of the scores", kept?.scoreSum.cell ?? .null), to: "mean_score")
  }
}

/// Folds events and facts into a row a session.
///
/// Memory: the sessions in use, about 1 KB each; 2^16 stay between checkpoints.
public final class SessionsProjector: EventProjector {
  public static let view = View(
    "sessions", version: 1, "What a session did and came to.",
    needs: .having(.sessionID).andFacts, tables: [Session.answer])

  private let sessions: KeyedTable<TextKey, Session>

  public init(tables: FoldTables) throws(TableError) { sessions = try tables.open(Session.table) }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    guard !context.isRepeat, let id = event.fields.text(.sessionID) else { return }
    let event = copy event
    try change(id) { $0.count(event) }
  }

  /// An interaction belongs to the session that its events name, which a late event may do.
  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let after = fact.after
    guard let id = after.fields.text(.sessionID) else { return }
    let before = fact.before.flatMap { $0.fields.has(.sessionID) ? $0 : nil }
    try change(id) { session in
      if let before { session.scoreSum -= before.score.total } else { session.interactions += 1 }
      session.scoreSum += after.score.total
      session.outcome.set(after.outcome, rank: after.number)
    }
  }

  private func change(_ id: String, _ body: (inout Session) -> Void) throws(TableError) {
    try sessions.change(TextKey(id)) { slot in
      var session = slot.take() ?? Session(id: id)
      body(&session)
      slot = session
    }
  }
}
