internal import Bytes
public import Events
public import Facts
public import Projection
public import Tables
public import Views

/// A session: the events that name it, and the interactions that belong to it.
struct Session: Row, Equatable {
  var id = ""
  var totals = SessionTotals()

  static let table = StoredTable<TextKey, Session>("sessions", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Session, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("session_id", &row.id, "As its lines call it.")
    try SessionTotals.columns(&row.totals, &visit)
  }

  static let answer = Answer(
    "sessions",
    """
    What a session did and came to: the events that name it, with those of the agents that it sent \
    out.
    """,
    of: table, key: { TextKey($0[0]) }
  ).showing(
    first: "started_at", "first_prompt", "cost_usd", "outcome", "agent", "project", "turns"
  ).touched { subject, tables throws(TableError) in
    let fields = [subject.event.fields, subject.interaction?.fields].compactMap(\.self)
    let ids = Set(fields.compactMap { $0.text(.sessionID) }).sorted()
    return try rows(of: ids.map { TextKey($0) }, in: tables.read(table))
  }.counting(modelCalls: { $1.context.session == $0["session_id"].text })
    .counting(toolCalls: { $1.context.session == $0["session_id"].text })
    .explained { explanation, row, tables, _ throws(TableError) in
      let kept = try tables.read(table).row(TextKey(row["session_id"].text))
      explanation.add(
        Input("sum of the scores", kept?.totals.scoreSum.cell ?? .null), to: "mean_score")
    }
}

/// Those of some keys that there are.
private func rows<R: Row>(
  of keys: [TextKey], in table: TableReader<TextKey, R>
) throws(TableError) -> [R] {
  var rows: [R] = []
  for key in keys {
    if let row = try table.row(key) { rows.append(row) }
  }
  return rows
}

/// An agent within a session: its own, or one that it sent out.
struct SessionAgent: Row, Equatable {
  var id = ""
  var agentID: String?
  var totals = SessionTotals()

  static let table = StoredTable<TextKey, SessionAgent>("agents", residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SessionAgent, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("session_id", &row.id, "As its lines call it.")
    try visit.key("agent_id", &row.agentID, "The agent that it sent out; null for its own.")
    try SessionTotals.columns(&row.totals, &visit)
  }

  static let answer = Answer(
    "sessions/agents", "What each agent of a session did: its own, and those that it sent out.",
    of: table, key: { TextKey($0[0], $0[1]) }
  ).showing(
    first: "cost_usd", "outcome", "tool_calls", "turns", "project", "model_calls"
  ).touched { subject, tables throws(TableError) in
    let fields = [subject.event.fields, subject.interaction?.fields].compactMap(\.self)
    var keys: [TextKey] = []
    for fields in fields {
      guard let id = fields.text(.sessionID) else { continue }
      let key = TextKey(id, fields.text(.agentID))
      if !keys.contains(key) { keys.append(key) }
    }
    return try rows(of: keys, in: tables.read(table))
  }.counting(modelCalls: {
    $1.context.session == $0["session_id"].text && $1.context.agentID == $0["agent_id"].text
  }).counting(toolCalls: {
    $1.context.session == $0["session_id"].text && $1.context.agentID == $0["agent_id"].text
  })
}

/// Folds events, calls and facts into a row a session, an agent, a file, and an hour of a project.
///
/// Memory: what is in use, about 2 KB a session.
public final class SessionsProjector: EventProjector {
  public static let view = View(
    "sessions", version: 9, "What a session did, cost and came to.",
    needs: Needs.having(.sessionID).andFacts.andCalls,
    tables: [
      Session.answer, SessionAgent.answer, TouchedFile.answer, WorkedHour.answer,
      SessionHour.answer,
    ])

  private let sessions: KeyedTable<TextKey, Session>
  private let agents: KeyedTable<TextKey, SessionAgent>
  private let files: FileTables
  private var hours: HourTables

  public init(tables: FoldTables) throws(TableError) {
    sessions = try tables.open(Session.table)
    agents = try tables.open(SessionAgent.table)
    files = try FileTables(tables)
    hours = try HourTables(tables)
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    guard !context.isRepeat, event.completes == nil, let id = event.fields.text(.sessionID) else {
      return
    }
    let event = copy event
    try change(id, event.fields.text(.agentID)) { $0.count(event) }
    try hours.count(event, session: id)
  }

  /// An interaction belongs to the session that its events name, which a late event may do.
  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let fact = copy fact
    guard let id = fact.after.fields.text(.sessionID) else { return }
    let before = fact.before.flatMap { $0.fields.has(.sessionID) ? $0 : nil }
    try change(id, fact.after.fields.text(.agentID)) { $0.count(fact, since: before) }
    try hours.count(fact, since: before)
  }

  public func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError) {
    let change = copy change
    let call = change.after
    guard let id = call.context.session else { return }
    if let before = change.before, before.context.agentID != call.context.agentID {
      // It turned out to be another agent's.
      let isNew = CallChange(of: change.event, before: nil, after: call)
      try self.change(session: id) { $0.count(change) }
      try self.change(agent: before.context.agentID, of: id) {
        $0.takeBack(before, at: change.event.offset)
      }
      try self.change(agent: call.context.agentID, of: id) { $0.count(isNew) }
    } else {
      try self.change(id, call.context.agentID) { $0.count(change) }
    }
    try hours.count(change)
  }

  public func fold(_ change: borrowing CallChange<ToolCall>) throws(TableError) {
    var change = copy change
    guard let id = change.after.context.session else { return }
    if change.before?.context.session == nil {
      change = CallChange(of: change.event, before: nil, after: change.after)
    }
    let agentID = change.after.context.agentID
    if let before = change.before, before.context.agentID != agentID {
      // It turned out to be another agent's.
      let isNew = CallChange(of: change.event, before: nil, after: change.after)
      try self.change(session: id) { $0.count(change) }
      try self.change(agent: before.context.agentID, of: id) { $0.takeBack(before) }
      try self.change(agent: agentID, of: id) { $0.count(isNew) }
    } else {
      try self.change(id, agentID) { $0.count(change) }
    }
    try files.count(change, session: id)
  }

  public func fold(_ note: borrowing SessionNote) throws(TableError) {
    let note = copy note
    guard let id = note.context.session else { return }
    try change(id, note.context.agentID) { $0.count(note) }
    try hours.count(note)
  }

  private func change(
    _ id: String, _ agentID: String?, _ body: (inout SessionTotals) -> Void
  ) throws(TableError) {
    try change(session: id, body)
    try change(agent: agentID, of: id, body)
  }

  private func change(
    session id: String, _ body: (inout SessionTotals) -> Void
  ) throws(TableError) {
    try sessions.change(TextKey(id)) { slot in
      var session = slot.take() ?? Session(id: id)
      body(&session.totals)
      slot = session
    }
  }

  private func change(
    agent agentID: String?, of id: String, _ body: (inout SessionTotals) -> Void
  ) throws(TableError) {
    try agents.change(TextKey(id, agentID)) { slot in
      var agent = slot.take() ?? SessionAgent(id: id, agentID: agentID)
      body(&agent.totals)
      slot = agent
    }
  }
}
