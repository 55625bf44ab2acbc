internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Events of a session whose feedback was ignored in one minute.
struct Ignored: Row, Equatable {
  var sessionID = ""
  /// The minute's beginning, UTC.
  var minute = Timestamp(nanoseconds: 0)
  /// Whether no line says the time of some of them.
  var isMinuteInferred = false
  var count: UInt64 = 0
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Ignored>("ignored", residentMax: 1 << 14)

  init() {}

  init(_ event: IgnoredFeedback) {
    sessionID = event.session
    minute = event.time.minuteStart
  }

  var key: TextKey { TextKey(sessionID, "\(minute)") }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Ignored, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("session_id", &row.sessionID, "The session.")
    try visit.key("minute", &row.minute, "The minute of event time, UTC.")
    try visit.column(
      "is_minute_inferred", &row.isMinuteInferred,
      "Whether no line says the time of some of them.")
    try visit.column(
      "ignored", &row.count, "The events beyond what a session may give in a minute.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "values/ignored",
    """
    Events whose feedback did not count, because their session had given as much in that minute as \
    `values.feedback_per_minute` allows. What else they say counts.
    """,
    of: table, key: { TextKey($0[0], $0[1]) }
  ).showing(first: "ignored").whenEmpty { _ in
    ["no session gave more feedback in a minute than the setting values.feedback_per_minute allows"]
  }
}
