internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// What models were told before all that was asked, each text once: of sessions, and of interactions
/// that say it themselves.
struct SystemMessages {
  fileprivate static let texts = StoredTable<Hash128, SystemText>(
    "system_messages", isCounted: false, residentMax: 1 << 6)
  fileprivate static let sessions = StoredTable<Hash128, SystemMessage>(
    "system_messages/sessions", isCounted: false, residentMax: 1 << 14)

  private let texts: KeyedTable<Hash128, SystemText>
  private let sessions: KeyedTable<Hash128, SystemMessage>

  init(tables: FoldTables) throws(TableError) {
    texts = try tables.open(Self.texts)
    sessions = try tables.open(Self.sessions)
  }

  /// Keeps what an event says of its session, in the place of what was said before.
  func note(_ event: borrowing Event) throws(TableError) {
    guard let session = event.fields.text(.sessionID), let text = try keep(event.fields) else {
      return
    }
    try sessions.put(Hash128(of: session), SystemMessage(text: text))
  }

  /// Keeps the text that fields have. Returns what it is found by; nil for none.
  func keep(_ fields: Fields) throws(TableError) -> Hash128? {
    guard let text = readable(fields.text(.systemMessage)) else { return nil }
    let key = Hash128(of: text)
    if try texts.row(key) == nil { try texts.put(key, SystemText(text: text)) }
    return key
  }
}

/// Finds what a response's model was told.
struct SystemMessageReader {
  private let texts: TableReader<Hash128, SystemText>
  private let sessions: TableReader<Hash128, SystemMessage>

  init(_ tables: any ViewReader) throws(TableError) {
    texts = try tables.read(SystemMessages.texts)
    sessions = try tables.read(SystemMessages.sessions)
  }

  /// What the interaction says, else what its session last said; nil where neither does.
  func text(for response: ResponseRow) throws(TableError) -> String? {
    var key = response.systemMessage
    if key == nil, let session = response.sessionID {
      key = try sessions.row(Hash128(of: session))?.text
    }
    return try key.flatMap { key throws(TableError) in try texts.row(key) }?.text
  }
}

/// A text, kept by its hash.
private struct SystemText: Row, Equatable {
  var text = ""

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("text", &row.text)
  }
}

/// Which text the model of a session was told. Kept by the session's hash.
private struct SystemMessage: Row, Equatable {
  var text = Hash128(value: 0)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("text", &row.text)
  }
}
