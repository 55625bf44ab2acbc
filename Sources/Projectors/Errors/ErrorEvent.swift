internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// An event with an error, and the pattern that it went to: rows come in the order of their events.
struct ErrorEvent: Row {
  var event = EventID(0)
  /// As it is kept, the group that the event went to, which may be part of another by now.
  var pattern: UInt64 = 0
  var time = Timestamp(nanoseconds: 0)
  var isTimeInferred = false
  /// What mended it, looked up when it is asked for.
  private var mending: Trial?

  static let table = NumberedTable<ErrorEvent>("events")

  init() {}

  init(event: EventID, pattern: UInt64, time: Timestamp, isTimeInferred: Bool) {
    (self.event, self.pattern) = (event, pattern)
    (self.time, self.isTimeInferred) = (time, isTimeInferred)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ErrorEvent, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(event: &row.event, "The event.")
    try visit.column(
      "pattern_id", &row.pattern, "Its pattern: `foldlog explain errors PATTERN_ID` tells of it.",
      rule: "the group whose template the line fits")
    try visit.column("time", &row.time, "When it happened.")
    try visit.column("is_time_inferred", &row.isTimeInferred, "Whether its line does not say when.")
    let mending = row.mending
    visit.derived(
      "mended_at",
      "When it was mended; of several alike that waited to be mended together the last says it."
    ) { mending.flatMap { $0.time.nanoseconds == .min ? nil : $0.time } }
    visit.derived("is_mended_at_inferred", "Whether no line says that time.") {
      mending?.isTimeInferred ?? false
    }
    visit.derived("mended_by", "What was done, where that is known.") { mending?.fix }
  }

  /// The same, under another pattern, and with what mended it.
  private func moved(to pattern: UInt64, _ mending: Trial?) -> ErrorEvent {
    var row = self
    row.pattern = pattern
    row.mending = mending
    return row
  }

  static let answer = Answer<ErrorEvent>(
    "errors/events",
    """
    Of the event's error_message the telling line is taken, what varies becomes <*>, and Drain's parse \
    tree finds its group; a group that became part of another counts as that one.
    """,
    rows: { tables, body throws(TableError) in
      let roots = try GroupNumber.roots(in: tables)
      let mendings = try Trial.mendings(in: tables)
      try tables.read(table).forEach { _, row throws(TableError) in
        try body(row.moved(to: roots[row.pattern] ?? row.pattern, mendings[row.event]))
      }
    },
    row: { key, tables throws(TableError) in
      guard let event = key.event(0) else { return nil }
      return try at(event, in: tables)
    }
  ).identified(numbering: ["pattern_id"]).lookingUp(Pattern.templateColumn, after: "pattern_id") {
    tables throws(TableError) in
    let template = try Pattern.templates(in: tables)
    return { row throws(TableError) in try template(row.pattern) }
  }.lookingUp(
    Column(
      "unresolved", of: UInt64.self,
      "Errors of its pattern, whenever they happened, of which nothing tells that they were mended."
    ),
    after: "template"
  ) { tables throws(TableError) in
    let patterns = try tables.read(Pattern.table)
    return { row throws(TableError) in
      try patterns.row(row.pattern).map { .integer(Int64(clamping: $0.unresolved)) } ?? .null
    }
  }.showing(first: "template", "time").touched { subject, tables throws(TableError) in
    try at(subject.event.id, in: tables).map { [$0] } ?? []
  }.explained { explanation, row, tables, _ throws(TableError) in
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    guard let pattern = try Pattern.named(id, in: tables) else { return }
    explanation.add(
      Input("template", .text(pattern.template)),
      Input("example", .text(pattern.example), [pattern.exampleOffset]),
      to: "pattern_id")
  }

  /// The row of an event, with the pattern that it is of by now; nil when it had no error.
  static func at(_ event: EventID, in tables: any ViewReader) throws(TableError) -> ErrorEvent? {
    let events = try tables.read(table)
    guard let row = try events.row(by: { $0.event }, event) else { return nil }
    return row.moved(
      to: try GroupNumber.root(of: row.pattern, in: tables), try Trial.mendings(in: tables)[event])
  }
}

/// A session that met a pattern.
struct SessionKey: Key {
  let pattern: UInt64
  /// A hash of the session's id, never 0.
  let session: UInt64

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: pattern)
    writer.append(ordered: session)
  }

  init(pattern: UInt64, session: UInt64) {
    self.pattern = pattern
    self.session = session
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    pattern = try reader.ordered(UInt64.self)
    session = try reader.ordered(UInt64.self)
  }
}

/// A link of the list of a pattern's sessions.
struct PatternSession: Row {
  /// The session that met the pattern before it.
  var before: UInt64?

  static let table = StoredTable<SessionKey, PatternSession>(
    "pattern_sessions", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PatternSession, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("before", &row.before) }
}
