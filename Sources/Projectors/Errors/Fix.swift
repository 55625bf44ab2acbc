internal import Bytes
internal import ErrorText
internal import Events
internal import Facts
internal import Projection
internal import Views

/// That a fix was tried: numbered in the order in which it came to be known.
struct Trial: Row {
  var group: UInt64 = 0
  /// What was done; nil when nothing tells.
  var fix: String?
  /// The event that tells of it.
  var event = EventID(0)
  /// The error that it was tried on: the last, of several that waited.
  var error = EventID(0)
  /// When the event happened.
  var time = Timestamp(nanoseconds: 0)
  /// Whether its line does not say that time.
  var isTimeInferred = false
  var worked = false
  /// Whether an event says what the fix was.
  var isNamed = false
  /// From the error to its success; nil where a line does not say its time, and for failures.
  var nanoseconds: Int64?
  /// A hash of the project; 0 for none.
  var project: UInt64 = 0
  /// A hash of the session; 0 for none.
  var session: UInt64 = 0
  /// Of the error's message, as `Attempt` has it.
  var subject: UInt64 = 0
  /// An event that was read later tells otherwise.
  var isTakenBack = false

  static let table = NumberedTable<Trial>("trials")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Trial, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("group", &row.group)
    try visit.hidden("fix", &row.fix)
    try visit.hidden("event", &row.event)
    try visit.hidden("error", &row.error)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("worked", &row.worked)
    try visit.hidden("is_named", &row.isNamed)
    try visit.hidden("nanoseconds", &row.nanoseconds)
    try visit.hidden("project", &row.project)
    try visit.hidden("session", &row.session)
    try visit.hidden("subject", &row.subject)
    try visit.hidden("is_taken_back", &row.isTakenBack)
  }

  /// Of a pattern, or of all, those that an event tells of earlier first, each under the pattern that
  /// its group is part of by now.
  static func all(
    of pattern: UInt64? = nil, in tables: any ViewReader
  ) throws(TableError) -> [Trial] {
    let roots = try GroupNumber.roots(in: tables)
    var trials: [Trial] = []
    try tables.read(table).forEach { _, row in
      var trial = row
      trial.group = roots[row.group] ?? row.group
      let isMeant = pattern == nil || pattern == trial.group
      if isMeant, !trial.isTakenBack { trials.append(trial) }
      return true
    }
    return trials.sorted { ($0.event, $0.error) < ($1.event, $1.error) }
  }

  /// By the error that was mended what did it, the first that tells of it.
  static func mendings(in tables: any ViewReader) throws(TableError) -> [EventID: Trial] {
    var mendings: [EventID: Trial] = [:]
    for trial in try all(in: tables) where trial.worked && mendings[trial.error] == nil {
      mendings[trial.error] = trial
    }
    return mendings
  }

  /// How it reads in an explanation.
  var step: Step {
    let name = fix.map { "`\($0)`" } ?? "something that nobody named"
    let verb = worked ? "mended" : "did not mend"
    return Step(
      event.offset,
      error == event
        ? "says of its own error that \(name) \(verb) it"
        : "\(name) \(verb) the error of event \(error.offset)")
  }
}

/// What was done about a pattern, and how it went: counted when it is asked for.
struct Fix: Row {
  var pattern: UInt64 = 0
  var fix: String?
  private var trials: [Trial] = []
  private(set) var successes: UInt64 = 0
  private(set) var evidence = Evidence()

  init() {}

  /// - Parameter trials: of one fix of a pattern, in the order of their events.
  private init(_ trials: [Trial]) {
    self.trials = trials
    pattern = trials[0].group
    fix = trials[0].fix
    successes = UInt64(trials.count { $0.worked })
    for trial in trials { evidence.add(trial.event.offset) }
  }

  var attempts: UInt64 { UInt64(trials.count) }

  /// Of those that worked, where both times are known.
  private var times: [Int64] { trials.compactMap(\.nanoseconds) }

  /// Summed exactly, so that the order of the trials does not matter.
  private var secondsInAll: Double { Double(times.reduce(Int128(0)) { $0 + Int128($1) }) / 1e9 }

  var secondsToFix: Double? { times.isEmpty ? nil : secondsInAll / Double(times.count) }

  private var projects: UInt64 { different(\.project) }

  private var sessions: UInt64 { different(\.session) }

  private func different(_ name: (Trial) -> UInt64) -> UInt64 {
    UInt64(Set(trials.filter { $0.worked && name($0) != 0 }.map(name)).count)
  }

  /// In how many places a fix must have worked to be global.
  private static let placesMin: UInt64 = 2

  /// Whether it is known, and worked in several projects; where none of those lines names one, in
  /// several sessions.
  var isGlobal: Bool {
    guard fix != nil else { return false }
    let namesProject = trials.contains { $0.worked && $0.project != 0 }
    return (namesProject ? projects : sessions) >= Self.placesMin
  }

  /// By pattern: what has a name and worked most often, of equal ones more surely, then the first.
  static func best(in tables: any ViewReader) throws(TableError) -> [UInt64: String] {
    var best: [UInt64: Fix] = [:]
    for fix in try all(of: nil, in: tables) where fix.fix != nil && fix.successes > 0 {
      if let known = best[fix.pattern],
        (known.successes, fix.attempts) >= (fix.successes, known.attempts)
      {
        continue
      }
      best[fix.pattern] = fix
    }
    return best.compactMapValues(\.fix)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Fix, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("pattern_id", isKey: true, "The pattern.") { row.pattern }
    visit.derived(
      "fix", isKey: true, "What was done; null: it was mended, and nothing tells by what."
    ) { row.fix }
    visit.derived("attempts", "Times it was tried.", rule: "successes + failures") { row.attempts }
    visit.derived("success_rate", unit: .fraction, rule: "successes / attempts") {
      Double(row.successes) / Double(row.attempts)
    }
    visit.derived("successes", "Times it worked.") { row.successes }
    visit.derived("failures", "Times it did not.") { row.attempts - row.successes }
    visit.derived(
      "seconds_to_fix", unit: .seconds,
      "Mean time, of events that say theirs, from the error to the success.",
      rule: "the seconds in all, over the successes whose times are known"
    ) { row.secondsToFix }
    visit.derived("projects", "Different projects where it worked; they are not named.") {
      row.projects
    }
    visit.derived("sessions", "Different sessions where it worked.") { row.sessions }
    visit.derived(
      "global", "Whether it is known, and worked in more than one place.",
      rule: "named, and projects ≥ \(placesMin); where projects is 0, sessions ≥ \(placesMin)"
    ) { row.isGlobal }
    visit.derived("fix_type", "What sort of change it is; null: it is not known.") {
      row.fix.map { FixType(of: $0).rawValue }
    }
    visit.derived("offsets", "The events that it stands on, the first \(Evidence.keptMax).") {
      row.evidence.first
    }
    visit.derived("last_offset", "The last of them.") { row.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.evidence.count }
  }

  static let answer = Answer<Fix>(
    "errors/fixes",
    """
    What was done about the errors of a pattern, and how often it worked. An error is mended when the same thing succeeds after it in the same session or task: the same \
    command (whatever wraps it, and however much of its output is shown) or call of a tool, or the task \
    that completes, which the end of an agent's turn does not tell; or when an event says so. That it \
    passes is evidence, and not the fix: the fix is what an event calls so, then or later, else the last \
    command or tool in between that changed something (a check, a build or a look changes nothing), else \
    it is not known. When the same fails in the same way after such a change, the change has failed as a fix. \
    After is by the times of the lines, in whatever order they were read, up to \
    \(ErrorLimits.attemptsMax) attempts of a session with its tasks; from then on they count in the order \
    in which they are read.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(of: nil, in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      guard let pattern = key.number(0) else { return nil }
      let fixes = try all(of: pattern, in: tables)
      return fixes.first { $0.fix == key[1] }
    }
  ).lookingUp(Pattern.templateColumn, after: "pattern_id") { tables throws(TableError) in
    let template = try Pattern.templates(in: tables)
    return { row throws(TableError) in try template(row.pattern) }
  }.identified(by: ["template", "fix"], numbering: ["pattern_id"])
    .showing(first: "template", "attempts", "success_rate", "failures").explained {
      explanation, row, tables, _ throws(TableError) in
      let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
      guard let fix = try all(of: id, in: tables).first(where: { $0.fix == row["fix"].text })
      else { return }
      explanation.add(
        Input("seconds in all", .real(fix.secondsInAll)),
        Input("successes whose times are known", .integer(Int64(fix.times.count))),
        to: "seconds_to_fix")
      let kept = fix.trials.prefix(Evidence.keptMax)
      explanation.steps = kept.map(\.step)
      explanation.offsets = Set(row.offsets + kept.map(\.error.offset)).sorted()
      explanation.offsetCount = nil
    }.whenEmpty { tables throws(TableError) in
      var (all, unresolved): (UInt64, UInt64) = (0, 0)
      try tables.read(Pattern.table).forEach { _, pattern in
        all += 1
        unresolved += pattern.unresolved
        return true
      }
      return [
        "of \(all) patterns no error was mended, nor did a change fail to: nothing tells of \(unresolved) "
          + "errors what was done about them"
      ]
    }

  /// By pattern and text, none first. Holds the trials in memory.
  static func all(
    of pattern: UInt64?, in tables: any ViewReader
  ) throws(TableError) -> [Fix] {
    var trials: [FixKey: [Trial]] = [:]
    for trial in try Trial.all(of: pattern, in: tables) {
      trials[FixKey(pattern: trial.group, fix: trial.fix.map { Array($0.utf8) }), default: []]
        .append(trial)
    }
    return trials.sorted { $0.key < $1.key }.map { Fix($0.value) }
  }
}

private struct FixKey: Hashable, Comparable {
  let pattern: UInt64
  /// The text's UTF-8: texts that only look alike are two.
  let fix: [UInt8]?

  static func < (left: FixKey, right: FixKey) -> Bool {
    if left.pattern != right.pattern { return left.pattern < right.pattern }
    guard let fix = left.fix, let other = right.fix else {
      return left.fix == nil && right.fix != nil
    }
    return fix.lexicographicallyPrecedes(other)
  }
}
