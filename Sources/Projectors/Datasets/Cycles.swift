internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import TrainingData
internal import Tables
internal import Views

/// What a training and its surroundings are due by: one row.
struct CycleTimes: Row, Equatable {
  /// Of all events of the log.
  var events = EventTimes()
  var evaluated = CycleEnd()
  var patterns = CycleEnd()
  var trained = CycleEnd()
  /// When a training was asked for, and none completed since; in the order in which they are read.
  private var requests: [CycleEnd] = []

  static let table = StoredTable<UInt64, CycleTimes>("cycles")

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("events", &row.events)
    try visit.hidden("evaluated", &row.evaluated)
    try visit.hidden("patterns", &row.patterns)
    try visit.hidden("trained", &row.trained)
    try visit.hidden("requests", &row.requests)
  }

  /// Takes what an event says of cycles that ended, or that are asked for.
  mutating func take(_ event: borrowing Event, _ report: CycleReport?) {
    let (time, offset) = (event.envelope.time, event.id.offset)
    switch event.kind {
    case "model_evaluated": evaluated.add(time, offset)
    case "training_requested": ask(at: time, offset)
    case "training_completed": train(at: time, offset)
    default:
      switch report?.cycle {
      case .evaluation: evaluated.add(time, offset)
      case .patterns: patterns.add(time, offset)
      case .training: train(at: time, offset)
      case .full:
        evaluated.add(time, offset)
        patterns.add(time, offset)
        train(at: time, offset)
      case .mini, nil: break
      }
    }
  }

  /// The events by which a training is asked for.
  var asked: Evidence {
    var evidence = Evidence()
    for request in requests { evidence.add(request.offset) }
    return evidence
  }

  private mutating func ask(at time: Timestamp, _ offset: Offset) {
    if let trained = trained.time, time < trained { return }
    var request = CycleEnd()
    request.add(time, offset)
    requests.append(request)
  }

  /// A training answers what was asked until then.
  private mutating func train(at time: Timestamp, _ offset: Offset) {
    trained.add(time, offset)
    requests.removeAll { $0.time.map { $0 <= time } ?? true }
  }
}

/// The last end of a cycle.
struct CycleEnd: Row, Equatable {
  var time: Timestamp?
  var offset: Offset = 0

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("time", &row.time)
    try visit.hidden("offset", &row.offset)
  }

  mutating func add(_ time: Timestamp, _ offset: Offset) {
    if let known = self.time, known > time { return }
    self.time = time
    self.offset = offset
  }
}

/// That a cycle of the surroundings ended.
struct CycleReport: Payload {
  enum Name: String, PayloadWord {
    case mini, training, evaluation, patterns, full
  }

  var cycle = Name.mini

  static let kinds = ["cycle_completed"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout CycleReport, _ visit: inout Visitor
  ) {
    visit.field(
      "cycle", &payload.cycle,
      "Which: mini, training, evaluation, patterns, or full for the last three together.")
  }

  var isTraining: Bool { cycle == .training || cycle == .full }
}

/// What may set off a training, an evaluation, or a search for patterns, and whether it does now.
struct Cycle: Row {
  var trigger = Occasion.evaluation
  var readiness: Readiness?
  var times = CycleTimes()
  var evidence = Evidence()

  /// In the order of their names.
  enum Occasion: UInt8, NamedChoice {
    case evaluation = 0
    case examples = 1
    case manual = 2
    case pairs = 3
    case patterns = 4
    case weekly = 5

    var name: String { "\(self)" }

    /// - Parameter isFirst: whether there was none yet.
    func reason(isFirst: Bool) -> String {
      switch self {
      case .evaluation:
        isFirst
          ? "a week since the first event, and no evaluation yet"
          : "a week since the last evaluation"
      case .examples: Self.reason(.examples)
      case .manual: "somebody asks for a training"
      case .pairs: Self.reason(.pairs)
      case .patterns:
        isFirst
          ? "a day since the first event, and no search for patterns yet"
          : "a day since the last search for patterns"
      case .weekly: "Sunday, 0\(weeklyHour):00 UTC"
      }
    }

    private static func reason(_ kind: Readiness.Kind) -> String {
      "\(grouped(kind.first)) \(kind.name), then \(grouped(Readiness.Kind.more)) more"
    }

    /// As people write it: 1,000.
    private static func grouped(_ number: UInt64) -> String {
      let digits = Array("\(number)")
      return digits.indices.map { place in
        let isGroup = place > 0 && (digits.count - place) % 3 == 0
        return (isGroup ? "," : "") + String(digits[place])
      }.joined()
    }
  }

  var count: UInt64? {
    switch trigger {
    case .examples, .pairs: readiness?.count
    case .manual: times.asked.count
    case .evaluation, .patterns, .weekly: nil
    }
  }

  var needed: UInt64? {
    switch trigger {
    case .examples, .pairs: readiness?.needed
    case .evaluation, .manual, .patterns, .weekly: nil
    }
  }

  private static let day: Int64 = 86_400
  /// From the last evaluation to the next.
  private static let evaluationDays: Int64 = 7
  /// Of a Sunday, UTC, at which the weekly training is due.
  fileprivate static let weeklyHour: Int64 = 2

  /// After which it is due: the last of its kind, else the first event.
  var last: CycleEnd? {
    switch trigger {
    case .evaluation: times.evaluated
    case .patterns: times.patterns
    case .weekly: times.trained
    case .examples, .manual, .pairs: nil
    }
  }

  var dueAt: Timestamp? {
    guard let last, let start = last.time ?? times.events.first else { return nil }
    switch trigger {
    case .evaluation: return Self.add(Self.evaluationDays * Self.day, to: start)
    case .patterns: return Self.add(Self.day, to: start)
    case .weekly:
      // 1970-01-04 was a Sunday.
      let (week, length) = (7 * Self.day, start.seconds - 3 * Self.day - Self.weeklyHour * 3_600)
      let rest = (length % week + week) % week
      return Self.add(start.seconds - rest + week, to: Timestamp(nanoseconds: 0))
    case .examples, .manual, .pairs: return nil
    }
  }

  private static func add(_ seconds: Int64, to time: Timestamp) -> Timestamp? {
    let sum = Int128(time.nanoseconds) + Int128(seconds) * 1_000_000_000
    return Int64(exactly: sum).map(Timestamp.init)
  }

  var isReady: Bool {
    if let count { return count >= needed ?? 1 }
    guard let dueAt, let now = times.events.now else { return false }
    return now >= dueAt
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    visit.derived("trigger", isKey: true, "What sets it off.") { row.trigger }
    visit.derived("reason", "When it does, in words.") {
      row.trigger.reason(isFirst: row.last.map { $0.time == nil } ?? false)
    }
    visit.derived(
      "count", unit: .count,
      """
      How many there are: as in datasets/readiness, or training_requested since the last training, by \
      their times: each line counts.
      """
    ) { row.count }
    visit.derived(
      "needed", unit: .count, "How many are needed, as there; null: one, or time decides."
    ) {
      row.needed
    }
    visit.derived(
      "due_at", "When it is due; null where a number decides.",
      rule: """
        evaluation: \(evaluationDays) days after the last model_evaluated; patterns: a day after the \
        last cycle_completed of patterns; weekly: the first Sunday, 0\(weeklyHour):00 UTC, after the \
        last training; a cycle_completed counts for what it names, without any the first event does
        """
    ) { row.dueAt }
    visit.derived(
      "ready", "Whether it is due.",
      rule:
        "count ≥ needed (1 where it is null), or the latest time of all events is not before due_at"
    ) { row.isReady }
    visit.standing(on: row.evidence)
  }

  static let answer = Answer(
    "datasets/cycles",
    "What may set off a training, an evaluation or a search for patterns, and whether it does now.",
    rows: { tables, body throws(TableError) in
      for trigger in Occasion.allCases { if try !body(of(trigger, in: tables)) { return } }
    },
    row: { key, tables throws(TableError) in
      guard let trigger = Occasion.allCases.first(where: { $0.name == key[0] }) else { return nil }
      return try of(trigger, in: tables)
    }
  ).showing(first: "ready", "count", "needed", "due_at").touched {
    subject, tables throws(TableError) in
    var triggers: Set<Occasion> = []
    switch subject.event.kind {
    case "training_completed": triggers = [.examples, .manual, .pairs, .weekly]
    case "training_requested": triggers = [.manual]
    case "model_evaluated": triggers = [.evaluation]
    case "cycle_completed":
      switch subject.event.payload(CycleReport.self)?.cycle {
      case .evaluation: triggers = [.evaluation]
      case .patterns: triggers = [.patterns]
      case .training: triggers = [.examples, .manual, .pairs, .weekly]
      case .full: triggers = Set(Occasion.allCases)
      case .mini, nil: break
      }
    default: break
    }
    if try Example.touched(by: subject, in: tables) != nil { triggers.insert(.examples) }
    if try !PreferencePair.touched(by: subject, in: tables).isEmpty { triggers.insert(.pairs) }
    return try Occasion.allCases.filter(triggers.contains).map { trigger throws(TableError) in
      try of(trigger, in: tables)
    }.filter { subject.isTold(by: $0.evidence, $0.last?.offset) }
  }.explained { explanation, row, tables, _ throws(TableError) in
    guard let trigger = Occasion.allCases.first(where: { $0.name == row["trigger"].text }) else {
      return
    }
    let cycle = try of(trigger, in: tables)
    explanation.add(Input("now", cycle.times.events.now.cell), to: "ready")
    if let last = cycle.last, let time = last.time {
      explanation.add(Input("last", .time(time), [last.offset]), to: "due_at")
    } else if cycle.last != nil {
      explanation.add(Input("first event", cycle.times.events.first.cell), to: "due_at")
    }
  }

  /// When the first that is not due yet is.
  static func due(in tables: any ViewReader) throws(TableError) -> Timestamp? {
    let times = try tables.read(CycleTimes.table).row(0) ?? CycleTimes()
    guard let now = times.events.now else { return nil }
    return Occasion.allCases.compactMap { Cycle(trigger: $0, times: times).dueAt }
      .filter { $0 > now }.min()
  }

  private static func of(
    _ trigger: Occasion, in tables: any ViewReader
  ) throws(TableError) -> Cycle {
    let times = try tables.read(CycleTimes.table).row(0) ?? CycleTimes()
    let readiness: Readiness? =
      switch trigger {
      case .examples: try Readiness.answered(.examples, in: tables)
      case .pairs: try Readiness.answered(.pairs, in: tables)
      case .evaluation, .manual, .patterns, .weekly: nil
      }
    var cycle = Cycle(trigger: trigger, readiness: readiness, times: times)
    if let last = cycle.last {
      cycle.evidence = last.time == nil ? Evidence() : Evidence(last.offset)
    } else {
      cycle.evidence = readiness?.evidence ?? times.asked
    }
    return cycle
  }
}
