internal import Bytes
internal import Events
internal import Facts
internal import Views

/// When a session was last heard of, and whose it is.
struct SessionSeen: Row, Equatable {
  /// The latest time of its events that a line says; where none does, of all.
  private(set) var at = Timestamp(nanoseconds: .min)
  private(set) var isInferred = true
  /// The first event of that time.
  private(set) var offset: Offset = 0
  private var user: SessionUser?

  static let table = StoredTable<Hash128, SessionSeen>("sessions", residentMax: 1 << 14)

  init() {}

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SessionSeen, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("at", &row.at)
    try visit.hidden("is_inferred", &row.isInferred)
    try visit.hidden("offset", &row.offset)
    try visit.hidden("user", &row.user)
  }

  mutating func see(_ event: borrowing Event) {
    let (id, time) = (event.id, event.envelope.time)
    let isLater = isInferred == event.envelope.isTimeInferred && time > at
    if isLater || isInferred && !event.envelope.isTimeInferred {
      (at, offset, isInferred) = (time, id.offset, event.envelope.isTimeInferred)
    }
    guard let name = event.fields.text(.userID) else { return }
    guard var known = user else {
      user = SessionUser(name: name, since: id)
      return
    }
    if known.until == nil, !known.name.utf8.elementsEqual(name.utf8) {
      known.until = id
      user = known
    }
  }

  /// Whose it is, as known when an event came; nil where nobody was named, or several.
  ///
  /// The answer for an event never changes, so that what is counted by it can be taken back.
  func user(at event: EventID) -> String? {
    guard let user, user.since <= event, user.until.map({ event < $0 }) ?? true else { return nil }
    return user.name
  }
}

/// The first person that a session's lines name.
private struct SessionUser: ByteCodable, Equatable, Sendable {
  var name: String
  var since: EventID
  /// The event that names another.
  var until: EventID?

  init(name: String, since: EventID) {
    self.name = name
    self.since = since
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: name)
    since.encode(into: &writer)
    until.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    name = try reader.text()
    since = try EventID(from: &reader)
    until = try EventID?(from: &reader)
  }
}
