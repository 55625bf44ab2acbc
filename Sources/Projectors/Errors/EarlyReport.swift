internal import Bytes
internal import Events
internal import Tables
internal import Views

/// What said that an error was resolved, before any line told of the error itself: files are read one
/// after the other. It waits in its task and session for an error that happened no later; and, where
/// its message is of no pattern yet, for an error anywhere that makes one.
struct EarlyReport: Row {
  var event = EventID(0)
  var time = Timestamp(nanoseconds: 0)
  var isTimeInferred = false
  /// Nil when it gives no message.
  var wording: Wording?
  var type: String?
  var fix: String?
  var worked = false
  /// A hash; 0 for none.
  var project: UInt64 = 0
  /// Hashes of its session and task.
  var scopes: [UInt64] = []
  /// What it is counted as, once its pattern is known.
  var trial: UInt64?
  /// The time of the last error that it was about.
  var newest: Timestamp?

  static let table = StoredTable<UInt64, EarlyReport>(
    "reports", isCounted: false, residentMax: 1 << 16)

  /// The place where those wait that are of no known pattern.
  static let anywhere: UInt64 = 0

  init() {}

  init(_ event: Event, _ wording: Wording?, type: String?, fix: String?) {
    self.event = event.id
    time = event.time
    isTimeInferred = event.envelope.isTimeInferred
    self.wording = wording
    self.type = type
    self.fix = fix
    project = event.fields.text(.project).map(identity) ?? 0
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout EarlyReport, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("event", &row.event)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("wording", &row.wording)
    try visit.hidden("type", &row.type)
    try visit.hidden("fix", &row.fix)
    try visit.hidden("worked", &row.worked)
    try visit.hidden("project", &row.project)
    try visit.hidden("scopes", &row.scopes)
    try visit.hidden("trial", &row.trial)
    try visit.hidden("newest", &row.newest)
  }

  /// Whether an error happened no later, as far as both lines say when.
  func follows(_ error: OpenError) -> Bool {
    !isTimeInferred && !error.isTimeInferred && error.time <= time
  }

  /// Takes an error for the one that it is about: the last of several.
  mutating func isAbout(_ error: OpenError, _ trial: inout Trial) {
    if let newest, newest > error.time { return }
    newest = error.time
    trial.error = error.event
    trial.nanoseconds = worked ? error.span(until: time) : nil
    if trial.project == 0 { trial.project = error.project }
  }

  /// What it is counted as before its error is known.
  func trial(of group: UInt64) -> Trial {
    var trial = Trial()
    trial.group = group
    trial.fix = fix
    trial.event = event
    trial.error = event
    trial.worked = worked
    trial.isNamed = fix != nil
    trial.project = project
    return trial
  }
}

extension FixLearner {
  /// Keeps a report until its error is told of; where its pattern is known, it counts at once.
  func keep(_ report: inout EarlyReport, naming group: UInt64?) throws(TableError) {
    if let group {
      let trial = try append(report.trial(of: group))
      if report.worked { try remember(trial, in: report.scopes) }
      report.trial = trial
    }
    // What says neither of what error nor of what task it is can be about any.
    let isOfNone = report.wording == nil && report.type == nil && report.scopes.isEmpty
    var keys = report.scopes
    if report.trial == nil, report.wording != nil { keys.append(EarlyReport.anywhere) }
    if isOfNone || keys.isEmpty { return }
    let number = try counters.row(Self.earlyKey)?.number ?? 0
    try counters.put(Self.earlyKey, GroupNumber(number + 1))
    try early.put(number, report)
    for key in keys {
      try places.change(key) { row in
        var place = row ?? Place()
        if place.early.count >= ErrorLimits.openErrorsMax { place.early.removeFirst() }
        place.early.append(number)
        row = place
      }
    }
  }

  /// Joins an error with what was reported of it before. Returns whether it was resolved with it.
  func wasReported(
    _ event: Event, _ attempt: Attempt, in group: UInt64
  ) throws(TableError) -> Bool {
    var numbers: Set<UInt64> = []
    for key in attempt.scopes + [EarlyReport.anywhere] {
      numbers.formUnion(try places.row(key)?.early ?? [])
    }
    let error = OpenError(event, group)
    var isResolved = false
    for number in numbers.sorted() {
      guard var report = try early.row(number), try concerns(report, group) else { continue }
      let isOfPlace = !Set(report.scopes).isDisjoint(with: attempt.scopes)
      let isJoined = isOfPlace && report.follows(error)
      if !isJoined, report.trial != nil || report.wording == nil { continue }
      var trial = report.trial
      if trial == nil {
        trial = try append(report.trial(of: group))
        if report.worked, let trial { try remember(trial, in: report.scopes) }
        try places.change(EarlyReport.anywhere) { place in
          place?.early.removeAll { $0 == number }
          if place?.isEmpty == true { place = nil }
        }
      }
      guard let trial else { continue }
      report.trial = trial
      if isJoined {
        try trials.change(trial) { report.isAbout(error, &$0) }
        if report.worked { isResolved = true }
      }
      try early.put(number, report)
    }
    return isResolved
  }

  /// Whether a report is about a pattern: by its message, else by its type, else about any.
  private func concerns(_ report: EarlyReport, _ group: UInt64) throws(TableError) -> Bool {
    if let wording = report.wording {
      guard let known = try tree.group(of: wording) else { return false }
      return try tree.root(known) == tree.root(group)
    }
    guard let type = report.type else { return true }
    return try self.type(of: group) == type
  }
}
