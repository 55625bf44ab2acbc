internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// What sort of knowledge a note is, as it is kept.
enum NoteSection: UInt8, NamedChoice {
  case other = 0
  case decision = 1
  case preference = 2
  case pattern = 3
  case insight = 4

  var name: String { "\(self)" }

  init(_ said: KnowledgeSection?) {
    self =
      switch said {
      case .decision: .decision
      case .preference: .preference
      case .pattern: .pattern
      case .insight: .insight
      case .other, nil: .other
      }
  }
}

/// For whom a note holds, as it is kept.
enum NoteScope: UInt8, NamedChoice {
  case global = 0
  case project = 1
  case user = 2
  case session = 3
  case appType = 4

  var name: String { self == .appType ? "app_type" : "\(self)" }

  init(_ said: KnowledgeScope?, project: String?) {
    self =
      switch said {
      case .global: .global
      case .project: .project
      case .user: .user
      case .session: .session
      case .appType: .appType
      case nil: project == nil ? .global : .project
      }
  }
}

/// Something that is to be remembered, as it was said last.
struct Note: Row, Equatable {
  var id = ""
  var section = NoteSection.other
  var scope = NoteScope.global
  /// The project, user or session that it holds for.
  var subject: String?
  var key: String?
  var text = ""
  var confidence: FixedPoint?
  var times = Count()
  var notedAt = Timestamp(nanoseconds: .min)
  var isTimeInferred = false
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Note>("notes", residentMax: 1 << 12)

  init() {}

  /// Whether there is nothing to remember any more: of a key an empty text says so.
  var isTakenBack: Bool { !text.utf8.contains { $0 > 0x20 } }

  /// Nil for what says nothing.
  init?(_ noted: NotedKnowledge, _ event: Event) {
    let isNamed = noted.key.map { !$0.isEmpty } ?? false
    guard isNamed || noted.text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
    let project = event.fields.text(.project)
    section = NoteSection(noted.section)
    scope = NoteScope(noted.scope, project: project)
    subject =
      switch scope {
      case .global, .appType: nil
      case .project: project
      case .user: event.fields.text(.userID)
      case .session: event.fields.text(.sessionID)
      }
    key = noted.key.flatMap { $0.isEmpty ? nil : $0 }
    text = noted.text
    confidence = noted.confidence
    notedAt = event.time
    isTimeInferred = event.envelope.isTimeInferred
    var writer = ByteWriter()
    writer.append(byte: section.rawValue)
    writer.append(byte: scope.rawValue)
    subject.encode(into: &writer)
    writer.append(bool: key != nil)
    writer.append(text: key ?? text)
    id = "\(Hash128(of: writer.bytes))"
  }

  /// Takes in that it was said again, perhaps in other words: those of the greatest time stand, of equal
  /// times those of the later line.
  mutating func take(_ other: Note) {
    if other.notedAt < notedAt { return }
    (text, confidence) = (other.text, other.confidence)
    (notedAt, isTimeInferred) = (other.notedAt, other.isTimeInferred)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Note, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("note_id", &row.id, "A hash of what the note is about.")
    try visit.column(
      "section", &row.section, "What sort it is.", rule: "as it is said; other where it is not")
    try visit.column(
      "scope", &row.scope, "For whom it holds.",
      rule: "as it is said; else project where the line names one, else global")
    try visit.column(
      "subject", &row.subject, "The project, user or session that it holds for.")
    try visit.column("key", &row.key, "What it is about, in a word.")
    try visit.column(
      "text", &row.text, "What is to be remembered.",
      rule: """
        of the notes of one section, scope, subject and key that of the greatest time, and none where \
        that is empty; without a key notes of other texts are others
        """)
    try visit.column("confidence", &row.confidence, "How sure it is.")
    try visit.column("times", &row.times, unit: .count, "How often it was said.")
    try visit.column("noted_at", &row.notedAt, "When it was said last.")
    try visit.column(
      "is_noted_at_inferred", &row.isTimeInferred, "Whether its line does not say it.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "knowledge", "Something that is to be remembered, as it was said last.", of: table,
    where: { !$0.isTakenBack }, key: { TextKey($0[0]) }
  ).showing(first: "section", "text", "subject", "noted_at")
}
