internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// A file that agents read or changed: who touched it.
struct TouchedFile: Row, Equatable {
  var path = ""
  /// Different ones, so that the sum of two parts of the log is not that of both.
  var sessions: UInt64 = 0
  var turns: UInt64 = 0
  var edits = Count()
  var lastSession = Latest<String>()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, TouchedFile>("files", residentMax: 1 << 15)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout TouchedFile, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("path", &row.path, "As the tool was given it.")
    try visit.column("sessions", &row.sessions, "Sessions that read or changed it.")
    try visit.column("turns", &row.turns, "Turns that did.")
    try visit.column("edits", &row.edits, "Changes of it that succeeded.")
    try visit.column("last_session_id", &row.lastSession, "The last session that did.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "sessions/files", "Which files agents read or changed, and in which session last.",
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "edits", "turns", "sessions", "last_session_id")
}

/// The files, and which session and turn touched which.
struct FileTables {
  private static let sessionsTable = StoredTable<Hash128, UInt64>(
    "file_sessions", isCounted: false, residentMax: 1 << 15)
  private static let turnsTable = StoredTable<Hash128, UInt64>(
    "file_turns", isCounted: false, residentMax: 1 << 15)

  private let files: KeyedTable<TextKey, TouchedFile>
  private let sessions: DifferentOnes
  private let turns: DifferentOnes

  init(_ tables: FoldTables) throws(TableError) {
    files = try tables.open(TouchedFile.table)
    sessions = try DifferentOnes(Self.sessionsTable, in: tables)
    turns = try DifferentOnes(Self.turnsTable, in: tables)
  }

  func count(_ change: CallChange<ToolCall>, session: String) throws(TableError) {
    let call = change.after
    let isNew = change.before == nil
    let isEdit =
      call.isEdit && call.ending == .succeeded && change.before?.ending ?? .open == .open
    guard isNew || isEdit else { return }
    for path in call.paths {
      let isFirst = try sessions.isNew(path, session)
      // What a sub-agent does is of no turn.
      let isFirstOfTurn =
        isNew ? try turns.isNew(path, call.context.interaction ?? session) : false
      try files.change(TextKey(path)) { slot in
        var file = slot.take() ?? TouchedFile(path: path)
        if isFirst { file.sessions += 1 }
        if isFirstOfTurn { file.turns += 1 }
        if isEdit { file.edits += 1 }
        file.lastSession.add(session, rank: call.context.time.rank)
        file.evidence.add(change.event.offset)
        slot = file
      }
    }
  }
}
