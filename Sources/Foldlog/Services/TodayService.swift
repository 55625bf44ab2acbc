package import Bytes
package import Events
internal import Query
internal import Views

/// What a day came to: worked on, spent, broken, mended, learnt, and left open.
package struct DayReport: Sendable {
  package struct Project: Sendable {
    package let name: String
    package var sessions: Int64 = 0
    package var turns: Int64 = 0
    package var activeSeconds = FixedPoint.zero
    package var calls: Int64 = 0
    package var tokens: Int64 = 0
    /// Nil where no call has a price.
    package var costUSD: FixedPoint?
    /// Whether the dollars are a lower bound, or leave calls out.
    package var isLowerBound = false
    /// Whether no line says the time of a part of it.
    package var isTimeInferred = false
    package var successes: Int64 = 0
    package var partials: Int64 = 0
    package var failures: Int64 = 0
  }

  package struct Item: Sendable {
    package let title: String
    package var detail: String
    /// What to ask for more.
    package let command: String
  }

  /// A view, and how far it was.
  package struct View: Equatable, Sendable {
    package let name: String
    /// The last event that is in it; −1 for none.
    package let offset: Int64
  }

  package let date: CivilDate
  package let zone: String
  /// Those that it was read from.
  package let views: [View]
  package var projects: [Project] = []
  package var sessions: [Item] = []
  package var broken: [Item] = []
  package var mended: [Item] = []
  package var learnt: [Item] = []
  package var open: [Item] = []
  /// Of a day of which nothing is known, the last one before it of which something is.
  package var lastDate: CivilDate?

  /// Whether no line says the time of a part of the day.
  package var isTimeInferred: Bool { projects.contains(where: \.isTimeInferred) }

  /// The last event that is in all of the views; −1 for none.
  package var offset: Int64 { views.map(\.offset).min() ?? -1 }

  package var isEmpty: Bool {
    projects.isEmpty && sessions.isEmpty && broken.isEmpty && mended.isEmpty
  }
}

/// Tells of a day from the views, as they are at one moment.
package struct TodayService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  @available(*, noasync)
  package func report(_ asked: TodayRequest.Checked) throws(FoldlogError) -> DayReport {
    let zone = asked.zone ?? store.configuration.program.zone
    let day = try store.reporting { try LocalDay(asked.day, in: zone) }
    return try store.reading.withViews(DayReading.views) { opened in
      try DayReading(store, opened).report(of: day)
    }
  }
}

/// Reads of a day what it came to.
private struct DayReading {
  static let views = ["values", "errors", "sessions"]

  let store: Store
  let opened: [OpenedView]

  init(_ store: Store, _ opened: [OpenedView]) {
    self.store = store
    self.opened = opened
  }

  func report(of day: LocalDay) throws -> DayReport {
    var report = DayReport(
      date: day.date, zone: day.zone,
      views: opened.map { DayReport.View(name: $0.name, offset: $0.offset) })
    let work = try work(day)
    report.projects = try projects(day, work)
    try addSessions(day, to: &report)
    try addErrors(day, to: &report)
    report.learnt = try learnt(day)
    if report.isEmpty { report.lastDate = try lastDate(before: day) }
    return report
  }

  /// Calls `body` with each row of a table, in the order of its key.
  private func forEachRow(of name: String, _ body: (AnswerRow) -> Void) throws {
    let view = viewName(of: name)
    guard let tables = opened.first(where: { $0.name == view })?.tables,
      let table = store.projectors.answers.first(where: { $0.name == name })
    else { return }
    let columns = table.columns
    try table.forEach(in: tables) { cells in
      body(AnswerRow(columns: columns, cells: cells))
      return true
    }
  }

  /// What a session did on the day for a project.
  private struct Work: Hashable {
    let session: String
    let project: String?
  }

  private func lastDate(before day: LocalDay) throws -> CivilDate? {
    var last: Timestamp?
    try forEachRow(of: "sessions/hours") { row in
      guard let hour = row.time("hour"), hour < day.start else { return }
      last = max(last ?? hour, hour)
    }
    return try last.flatMap { time in try LocalDay.date(of: time) }
  }

  private func work(_ day: LocalDay) throws -> Set<Work> {
    var work: Set<Work> = []
    try forEachRow(of: "sessions/work") { row in
      guard row.time("hour").map(day.contains) == true, let id = row.text("session_id") else {
        return
      }
      work.insert(Work(session: id, project: row.text("project")))
    }
    return work
  }

  private func projects(_ day: LocalDay, _ work: Set<Work>) throws -> [DayReport.Project] {
    var projects: [String: DayReport.Project] = [:]
    try forEachRow(of: "sessions/hours") { row in
      guard row.time("hour").map(day.contains) == true else { return }
      let name = row.text("project") ?? "no project"
      var project = projects[name] ?? DayReport.Project(name: name)
      // A session that was at work in several hours counts in each: sessions are counted below.
      project.turns.add(row.integer("turns"))
      project.activeSeconds = project.activeSeconds + (row.decimal("active_s") ?? .zero)
      project.calls.add(row.integer("model_calls"))
      for tokens in ["tokens_input", "tokens_cache_read", "tokens_cache_write", "tokens_output"] {
        project.tokens.add(row.integer(tokens))
      }
      if let cost = row.decimal("cost_usd") { project.costUSD = (project.costUSD ?? .zero) + cost }
      if ["partial", "unknown"].contains(row.text("cost_basis")) { project.isLowerBound = true }
      if row.bool("is_hour_inferred") { project.isTimeInferred = true }
      project.successes.add(row.integer("successes"))
      project.partials.add(row.integer("partials"))
      project.failures.add(row.integer("failures"))
      projects[name] = project
    }
    for work in work { projects[work.project ?? "no project"]?.sessions += 1 }
    return projects.values.sorted {
      ($1.activeSeconds, $0.name) < ($0.activeSeconds, $1.name)
    }
  }

  /// How a session stood at the end of the day.
  private struct SessionDay {
    var last = Timestamp(nanoseconds: .min)
    var outcome: String?
    var isInferred = true
  }

  private func addSessions(
    _ day: LocalDay, to report: inout DayReport
  ) throws {
    var days: [String: SessionDay] = [:]
    var outcomes: [String: Timestamp] = [:]
    try forEachRow(of: "sessions/work") { row in
      guard let hour = row.time("hour"), day.contains(hour), let id = row.text("session_id") else {
        return
      }
      var known = days[id] ?? SessionDay()
      known.last = max(known.last, hour)
      if !row.bool("is_hour_inferred") { known.isInferred = false }
      if let outcome = row.text("outcome"), outcomes[id].map({ $0 <= hour }) ?? true {
        known.outcome = outcome
        outcomes[id] = hour
      }
      days[id] = known
    }
    var sessions: [(Timestamp, Timestamp, DayReport.Item, isOpen: Bool)] = []
    try forEachRow(of: "sessions") { row in
      guard let id = row.text("session_id"), let known = days[id],
        row.integer("turns") > 0 || row.integer("interactions") > 0
      else { return }
      let title = row.text("title") ?? row.text("first_prompt") ?? id
      let item = DayReport.Item(
        title: oneLine(title),
        detail: (known.outcome ?? "no outcome yet")
          + (known.isInferred ? "; no line says when" : ""),
        command: "foldlog explain sessions \(id)")
      sessions.append(
        (known.last, row.time("started_at") ?? day.start, item, known.outcome != "success"))
    }
    sessions.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    report.sessions = sessions.map(\.2)
    report.open += sessions.filter(\.isOpen).map(\.2)
  }

  /// What happened of a pattern on the day.
  private struct Breakage {
    var count: UInt64 = 0
    var last = Timestamp(nanoseconds: .min)
    /// Whether the last of its errors was not mended by the end of the day.
    var isOpen = false
    /// Of its errors on any day, those that nothing mended.
    var unresolved: UInt64 = 0
  }

  private func addErrors(_ day: LocalDay, to report: inout DayReport) throws {
    var broken: [Int64: Breakage] = [:]
    var fixes: [Int64: [String?]] = [:]
    try forEachRow(of: "errors/events") { row in
      let pattern = row.integer("pattern_id")
      let mended = row.time("mended_at")
      if let mended, day.contains(mended) {
        let fix = row.text("mended_by")
        if fixes[pattern]?.contains(fix) != true { fixes[pattern, default: []].append(fix) }
      }
      guard let time = row.time("time"), day.contains(time) else { return }
      var known = broken[pattern] ?? Breakage()
      known.count += 1
      if time >= known.last {
        known.last = time
        known.isOpen = mended.map { $0 >= day.end } ?? true
      }
      broken[pattern] = known
    }
    var items: [(Breakage, DayReport.Item)] = []
    try forEachRow(of: "errors") { row in
      let pattern = row.integer("pattern_id")
      let title = oneLine(row.text("template") ?? "")
      let command = "foldlog explain errors \(pattern)"
      if var known = broken[pattern] {
        known.unresolved = UInt64(clamping: row.integer("unresolved"))
        let detail = HumanNumbers.counted(known.count, "time")
        items.append((known, DayReport.Item(title: title, detail: detail, command: command)))
      }
      guard let tried = fixes[pattern] else { return }
      let named = tried.compactMap(\.self).map(oneLine)
      report.mended.append(
        DayReport.Item(
          title: title,
          detail: named.isEmpty ? "done again" : "by \(named.joined(separator: "; "))",
          command: command))
    }
    // What a person should see first: what is still open, what happens most, what is newest.
    items.sort { left, right in
      if left.0.isOpen != right.0.isOpen { return left.0.isOpen }
      return (left.0.count, left.0.last) > (right.0.count, right.0.last)
    }
    report.broken = items.map(\.1)
    report.open += items.filter(\.0.isOpen).map { known, item in
      // By now some of the day's errors may be mended, and the last is not.
      var item = item
      if known.unresolved > 0, known.unresolved < known.count {
        item.detail = "\(known.unresolved) of \(HumanNumbers.counted(known.count, "time"))"
      }
      return item
    }
  }

  private func learnt(_ day: LocalDay) throws -> [DayReport.Item] {
    var learnt: [(score: FixedPoint, item: DayReport.Item)] = []
    try forEachRow(of: "values") { row in
      guard row.time("time").map(day.contains) == true, row.text("tier") != "reference",
        let score = row.decimal("score")
      else { return }
      let event = EventID(
        UInt64(clamping: row.integer("offset")), part: UInt64(clamping: row.integer("part")))
      learnt.append(
        (
          score,
          DayReport.Item(
            title: oneLine(row.text("prompt") ?? row.text("response") ?? ""),
            detail: "\(score), \(row.text("outcome_basis") ?? "")",
            command: "foldlog explain values \(event)")
        ))
    }
    return learnt.sorted { $1.score < $0.score }.map(\.item)
  }

  /// The beginning of a text, on one line.
  private func oneLine(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > Self.titleMax ? words.prefix(Self.titleMax - 1) + "…" : words
  }

  private static let titleMax = 72
}

extension Int64 {
  /// Adds, and stays at the greatest number beyond it: lines may say any number of tokens.
  fileprivate mutating func add(_ more: Int64) {
    let (sum, isTooLarge) = addingReportingOverflow(more)
    self = isTooLarge ? .max : sum
  }
}

extension AnswerRow {
  fileprivate func text(_ column: String) -> String? { self[column].text }
  fileprivate func integer(_ column: String) -> Int64 { self[column].integer ?? 0 }
  fileprivate func bool(_ column: String) -> Bool {
    if case .bool(let flag) = self[column] { flag } else { false }
  }
  fileprivate func decimal(_ column: String) -> FixedPoint? {
    if case .decimal(let number) = self[column] { number } else { nil }
  }
  fileprivate func time(_ column: String) -> Timestamp? {
    if case .time(let time) = self[column] { time } else { nil }
  }
}
