internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Why something is an alert.
enum AlertRule: UInt8, NamedChoice {
  case newError = 0
  case errorBack = 1
  case overBudget = 2
  case failuresUp = 3
  case demoted = 4

  var name: String {
    switch self {
    case .newError: "error_new"
    case .errorBack: "error_back"
    case .overBudget: "spend_over_budget"
    case .failuresUp: "failure_rate_up"
    case .demoted: "deployment_demoted"
    }
  }

  var severity: AlertSeverity {
    switch self {
    case .newError: .low
    case .errorBack: .medium
    case .overBudget, .failuresUp, .demoted: .high
    }
  }
}

enum AlertSeverity: UInt8, NamedChoice {
  case low = 0
  case medium = 1
  case high = 2

  var name: String { "\(self)" }
}

/// What has become of telling somebody of an alert.
enum Notice: UInt8, NamedChoice {
  case wanted = 0
  case sent = 1
  case failed = 2

  var name: String { "\(self)" }
}

/// Something that somebody should know of.
struct Alert: Row, Equatable {
  var rule = AlertRule.newError
  var subject = ""
  /// The first line of what it is about, whatever number of them makes an alert.
  var first: Offset = 0
  /// The line that opened it.
  var since: Offset = 0
  var about = ""
  var count = Count()
  var openedAt = Timestamp(nanoseconds: 0)
  var isOpenedAtInferred = false
  var lastAt = Timestamp(nanoseconds: 0)
  var isLastAtInferred = false
  /// When it is over by itself; nil for one that an event resolves.
  var until: Timestamp?
  /// When an event resolved it.
  var resolvedBy: Timestamp?
  var isResolvedByInferred = false
  var isAcknowledged = false
  var acknowledgedBy: String?
  var notice = Notice.wanted
  /// How often nobody could be told of it, and how often a server refused to be.
  var failures: UInt64 = 0
  var refusals: UInt64 = 0
  var evidence = Evidence()
  /// The latest time of the log, for what is answered; kept in a row of its own.
  var now: Timestamp?

  static let table = StoredTable<TextKey, Alert>("alerts", residentMax: 1 << 12)

  static let kind = "webhook"
  /// Of the wants: a higher one has everybody told once more.
  static let revision: UInt64 = 1
  static let subjectSizeMax = 300

  init() {}

  /// - Parameters:
  ///   - subject: of what it is; a rule has one open alert of each.
  ///   - first: the first line of what it is about.
  ///   - moment: of the line that opened it.
  init(_ rule: AlertRule, of subject: String, from first: Offset, at moment: Moment) {
    self.rule = rule
    self.subject = subject
    self.first = first
    openedAt = moment.time
    isOpenedAtInferred = moment.isInferred
    lastAt = moment.time
    isLastAtInferred = moment.isInferred
    since = moment.offset
  }

  var id: String {
    var writer = ByteWriter()
    writer.append(text: rule.name)
    writer.append(text: subject)
    writer.append(varint: first)
    return "\(Hash128(of: writer.bytes))"
  }

  var want: WantedEffect {
    WantedEffect(
      Self.kind, of: id, revision: Self.revision, since: since, failures: failures,
      refusals: refusals)
  }

  /// Notes that nobody could be told of it.
  mutating func fail(_ failure: FailedEffect) {
    var want = want
    want.fail(failure)
    (failures, refusals) = (want.failures, want.refusals)
  }

  /// Somebody is to be told of it as if nobody had tried.
  mutating func renew() {
    var want = want
    want.renew()
    (failures, refusals) = (want.failures, want.refusals)
    notice = .wanted
  }

  /// Takes in what happened since.
  mutating func happened(_ moment: Moment) {
    if moment.time > lastAt { (lastAt, isLastAtInferred) = (moment.time, moment.isInferred) }
    evidence.add(moment.offset)
  }

  /// When it was over; nil while it is open.
  private var resolvedAt: Timestamp? {
    if let resolvedBy { return resolvedBy }
    guard let until, let now, until <= now else { return nil }
    return until
  }

  private var isResolvedAtInferred: Bool {
    resolvedAt != nil && (resolvedBy == nil ? isLastAtInferred : isResolvedByInferred)
  }

  /// For so long somebody is still told of one that is over: who tells may be down over a weekend, and a
  /// day's alerts are over with the day.
  static let toldLate_days: Int64 = 3

  /// Whether somebody is to be told of it.
  private var isToBeTold: Bool {
    guard notice == .wanted, !isAcknowledged else { return false }
    guard let resolvedAt, let now else { return true }
    return now.seconds < resolvedAt.seconds + Self.toldLate_days * 86_400
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Alert, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let (id, severity) = (row.id, row.rule.severity)
    visit.derived(
      "alert_id", isKey: true,
      "Names the alert: a hash of rule, subject and the first line of what it is about."
    ) { id }
    try visit.keptColumns(of: &row, severity)
    let resolved = row.resolvedAt
    visit.derived(
      "resolved_at", "When it was over, by the latest time of the log; null while it is open.",
      rule: """
        an error: last_at + alerts.quiet_days; spend and failures: the end of the day, UTC; a deployment: \
        when it serves again
        """
    ) { resolved }
    let isInferred = row.isResolvedAtInferred
    visit.derived("is_resolved_at_inferred", "Whether no line says the time that it follows from.")
    {
      isInferred
    }
    try visit.column(
      "acknowledged", &row.isAcknowledged, "Whether somebody has taken note of it.")
    try visit.column("acknowledged_by", &row.acknowledgedBy, "Who, where that is told.")
    try visit.column(
      "notice", &row.notice,
      "Whether somebody was told of it: `foldlog react` does that until it is over for \(toldLate_days) "
        + "days, unless somebody has taken note of it.")
    try visit.hidden("first", &row.first)
    try visit.hidden("since", &row.since)
    try visit.hidden("until", &row.until)
    try visit.hidden("resolved_by", &row.resolvedBy)
    try visit.hidden("is_resolved_by_inferred", &row.isResolvedByInferred)
    try visit.hidden("failures", &row.failures)
    try visit.hidden("refusals", &row.refusals)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer<Alert>(
    "alerts",
    """
    Something that somebody should know of; a rule has one open alert of a subject. What `foldlog react` \
    could not do is an error as others are. How things stand is judged at the latest time of the log.
    """,
    rows: { tables, body throws(TableError) in try forEach(in: tables, body) },
    row: { key, tables throws(TableError) in try row(key, in: tables) }
  ).showing(first: "severity", "rule", "about", "count", "opened_at", "resolved_at", "acknowledged")

  private static func forEach(
    in tables: any ViewReader, _ body: (Alert) throws(TableError) -> Bool
  ) throws(TableError) {
    let now = try LatestTime.now(in: tables)
    try tables.read(table).forEach { _, row throws(TableError) in
      var row = row
      row.now = now
      return try body(row)
    }
  }

  /// When the first of those that are open is over by itself.
  static func due(in tables: any ViewReader) throws(TableError) -> Timestamp? {
    var due: Timestamp?
    try forEach(in: tables) { row in
      if row.resolvedAt == nil, let until = row.until { due = due.map { min($0, until) } ?? until }
      return true
    }
    return due
  }

  private static func row(
    _ key: RowKey, in tables: any ViewReader
  ) throws(TableError) -> Alert? {
    guard var row = try tables.read(table).row(TextKey(key[0])) else { return nil }
    row.now = try LatestTime.now(in: tables)
    return row
  }

  /// Of an alert that somebody is to be told of.
  struct Wanted: Row {
    var alert = Alert()
    var want = WantedEffect()

    static func columns<Visitor: ColumnVisitor>(
      _ row: inout Wanted, _ visit: inout Visitor
    ) throws(Visitor.Failure) {
      try visit.wanted(&row.want)
      let (id, severity) = (row.alert.id, row.alert.rule.severity)
      visit.derived("alert_id", "Which alert.") { id }
      try visit.keptColumns(of: &row.alert, severity)
      let resolved = row.alert.resolvedAt
      visit.derived(
        "resolved_at", "When it was over, by the latest time of the log; null while it is open."
      ) { resolved }
      let isInferred = row.alert.isResolvedAtInferred
      visit.derived(
        "is_resolved_at_inferred", "Whether no line says the time that it follows from."
      ) { isInferred }
      try visit.evidence(&row.alert.evidence)
    }

    static let answer = Answer<Wanted>(
      "alerts/wanted",
      """
      An alert that is open, or over for less than \(Alert.toldLate_days) days, that nobody has taken note of, and of which \
      `foldlog react` is to tell somebody.
      """,
      rows: { tables, body throws(TableError) in
        // By what is asked, as its key has it.
        var rows: [Alert] = []
        try Alert.forEach(in: tables) { row in
          if row.isToBeTold { rows.append(row) }
          return true
        }
        let wanted = rows.map(Wanted.init).sorted { $0.want.requestID < $1.want.requestID }
        for row in wanted { if try !body(row) { return } }
      },
      row: { key, tables throws(TableError) in
        guard let id = key[0].map({ TextKey($0) }),
          let alert = try tables.read(RequestedAlert.table).row(id),
          let row = try Alert.row([alert.id], in: tables), row.isToBeTold
        else { return nil }
        return Wanted(alert: row)
      }
    ).showing(first: "rule", "about", "opened_at")

    init() {}

    private init(alert: Alert) {
      self.alert = alert
      want = alert.want
    }
  }
}

extension ColumnVisitor {
  /// What an alert tells, and who is told of one.
  fileprivate mutating func keptColumns(
    of row: inout Alert, _ severity: AlertSeverity
  ) throws(Failure) {
    try column("rule", &row.rule, "Why it is one.")
    try column(
      "alert_subject", &row.subject,
      "Of what: an error by what its messages have in common, a day, a stream and a day, a deployment."
    )
    derived("severity", "How much it matters, by its rule.") { severity }
    try column("about", &row.about, "What happened, in words.")
    try column(
      "count", &row.count, unit: .count,
      "How often: errors since it began, calls of models or failures of the day, or demotions.")
    try column("opened_at", &row.openedAt, "When it came to be one.")
    try column(
      "is_opened_at_inferred", &row.isOpenedAtInferred, "Whether no line says that time.")
    try column("last_at", &row.lastAt, "When it last happened.")
    try column("is_last_at_inferred", &row.isLastAtInferred, "Whether no line says that time.")
  }
}

/// When and where something happened.
struct Moment {
  let time: Timestamp
  let isInferred: Bool
  let offset: Offset

  init(_ event: borrowing Event) {
    time = event.envelope.time
    isInferred = event.envelope.isTimeInferred
    offset = event.offset
  }

  init(_ time: Timestamp, isInferred: Bool, at offset: Offset) {
    self.time = time
    self.isInferred = isInferred
    self.offset = offset
  }
}

/// When all events happened: one row.
struct LatestTime: Row {
  var events = EventTimes()

  static let table = StoredTable<UInt64, LatestTime>("latest")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout LatestTime, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("events", &row.events) }

  static func now(in tables: any ViewReader) throws(TableError) -> Timestamp? {
    try tables.read(table).row(0)?.events.now
  }
}

/// By the request that tells of it, an alert.
struct RequestedAlert: Row {
  var id = ""

  static let table = StoredTable<TextKey, RequestedAlert>("requests", residentMax: 1 << 12)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout RequestedAlert, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("id", &row.id) }
}
