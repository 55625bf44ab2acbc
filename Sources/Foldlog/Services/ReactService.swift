internal import Bytes
package import Effects
internal import EventLog
internal import Events
internal import Files
internal import Masking
internal import Pipeline
package import Query
internal import Views

#if canImport(Glibc)
  internal import Glibc
#endif

/// What a reactor tells while it goes on.
package enum ReactMessage: Sendable {
  case warning(String)
  case views(ProjectionOutcome)
}

/// Does what views want done.
package struct ReactService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// What is wanted and not answered yet, in the order in which it is done. Brings the views up to date.
  @available(*, noasync)
  package func wants(
    _ asked: ReactRequest.Checked, tell: (ReactMessage) -> Void
  ) throws(FoldlogError) -> [Want] {
    try store.requireLog()
    tell(.views(ViewService(store).projectTaken(progress: { _ in })))
    return try open(asked)
  }

  /// Does it: once, or until it is asked to stop.
  @available(*, noasync)
  package func run(
    _ asked: ReactRequest.Checked, stop: any StopRequest, tell: @escaping (ReactMessage) -> Void
  ) throws(FoldlogError) -> EffectReport {
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      let lock = try lock()
      defer { withExtendedLifetime(lock) {} }
      let reactor = Reactor(self, asked, stop, tell)
      repeat { try reactor.pass() } while asked.isFollowing && reactor.waits()
      let spent = try LogReader(store.openLog()).spending(onDay: wallClock().day)
      var report = reactor.total
      report.spentToday = Budget(calls: spent.calls, cost: spent.cost)
      return report
    }
  }

  func lock() throws -> FileLock {
    guard let lock = try FileLock(path: store.directory.reactLock) else {
      throw FoldlogError(
        .locked, "another `foldlog react` is running on \(store.directory.shown)")
    }
    return lock
  }

  /// Wants of live and current views that the log has no answer to: a view may lag behind the log.
  fileprivate func open(_ asked: ReactRequest.Checked) throws(FoldlogError) -> [Want] {
    let wants = try WantService(store).wants(of: asked.only.map { [$0] })
    return try store.reporting {
      let reader = LogReader(try store.openLog())
      let open = try wants.filter { try reader.answer(to: $0.requestID) == nil }
      // Alerts first: what models are asked can use up a day.
      return open.filter { $0.kind == WebhookEffect.wantKind }
        + open.filter { $0.kind != WebhookEffect.wantKind }
    }
  }
}

/// The passes of one process.
private final class Reactor {
  private let service: ReactService
  private let asked: ReactRequest.Checked
  private let stop: any StopRequest
  private let tell: (ReactMessage) -> Void
  private var driver: EffectDriver?
  private var kinds: Set<String> = []
  private var settings: ReactSettings?
  private var told: Set<String> = []
  /// What failed lately, by kinds: an outage is told once, and the next one again.
  private var reasonsTold: [String: Set<String>] = [:]
  private(set) var total = EffectReport()
  /// When a want that failed is tried again, or a kind whose settings are to be mended, in seconds of a
  /// clock that only goes forward, and how long that was.
  private var delays: [Delayed: (until: Double, length: Double)] = [:]
  private var revision: UInt64?
  /// When silence changes a row, as the views say at a revision of the log.
  private var due: (revision: UInt64, first: TickService.Due?)?
  private var lastTick: Timestamp?

  private enum Delayed: Hashable {
    case request(String)
    case kind(String)
  }

  /// How long what failed waits: twice as long each time.
  private static let delayFirst_s = 60.0
  private static let delayMost_s = 3_600.0
  private static let look_ms: Int32 = 1_000

  init(
    _ service: ReactService, _ asked: ReactRequest.Checked, _ stop: any StopRequest,
    _ tell: @escaping (ReactMessage) -> Void
  ) {
    self.service = service
    self.asked = asked
    self.stop = stop
    self.tell = tell
  }

  private var store: Store { service.store }

  /// Brings the views up to date, does what they want, and folds what came of it.
  func pass() throws {
    try projectIfBehind()
    if stop.isRaised { return }
    try tickIfDue()
    let wants = try service.open(asked)
    if wants.isEmpty { return }
    try refreshDriver()
    tellOfUndoable(wants)
    if wants.contains(where: { $0.kind == SkillEffect.wantKind }),
      let unpriced = service.unpriced(store.configuration.react)
    {
      tellOnce(unpriced)
    }
    let due = wants.filter(isDue)
    guard let driver, !due.isEmpty else { return }
    let isOpen = asked.isFollowing && asked.limit == .max
    let report = try driver.run(
      due.prefix(asked.limit).map(task), or: stop.descriptor, isStopping: { self.stop.isRaised },
      fresh: isOpen ? { try self.fresh() } : nil)
    total.add(report)
    // Once a day: the day after, it can be reached again.
    if let reached = report.budgetReached {
      let setting = reached.contains("react.daily_usd") ? "daily_usd" : "daily_calls"
      tellOnce(reached, key: "\(wallClock().day) \(setting)")
    }
    if !asked.isFollowing { for reason in report.reasons { tell(.warning(reason)) } }
    // A server may repeat what it was sent.
    var masker = Masker()
    for text in report.explanations { tellOnce(masker.mask(text)) }
    for rest in report.resting {
      tellOnce(
        "\(rest.place) is \(rest.sentence(at: wallClock()))",
        key: "left alone \(rest.place) \(rest.kind) \(rest.since)")
    }
    try projectIfBehind()
  }

  private func isDue(_ want: Want) -> Bool {
    let clock = monotonicSeconds()
    return kinds.contains(want.kind)
      && [.request(want.requestID), .kind(want.kind)].allSatisfy {
        (delays[$0]?.until ?? 0) <= clock
      }
  }

  /// What has come to be wanted while the wants of a pass are done, which may take long; nil once the
  /// settings have changed, which another pass takes in.
  private func fresh() throws -> [EffectTask]? {
    try store.refreshSettings()
    if store.configuration.react != settings { return nil }
    try projectIfBehind()
    try tickIfDue()
    return try service.open(asked).filter(isDue).map(task)
  }

  /// Waits until there may be something to do. Returns false when it is to stop.
  func waits() -> Bool {
    var request = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, Self.look_ms)
    return !stop.isRaised
  }

  private func projectIfBehind() throws {
    let now = try LogReader(store.openLog()).revision()
    if now == revision { return }
    let outcome = ViewService(store).projectTaken(
      isStopping: { [stop] in stop.isRaised }, progress: { _ in })
    // What failed is tried again with the next look.
    if outcome.error == nil { revision = now }
    if let error = outcome.error, asked.isFollowing {
      tellOnce("the views are not up to date: \(error)")
    } else {
      tell(.views(outcome))
    }
  }

  /// Says how late it is, once silence has changed a row of a view: views that were up to date then know
  /// of it, and of each such time there is one line at most.
  private func tickIfDue() throws {
    let now = wallClock()
    let ticks = TickService(store)
    let known = try LogReader(store.openLog()).revision()
    if due?.revision != known {
      let asked = try ticks.due()
      due = asked.isKnown ? (known, asked.first) : nil
    }
    guard let first = due?.first, first.time <= now, lastTick.map({ $0 < first.time }) ?? true
    else { return }
    lastTick = now
    try ticks.tick(first, at: now, OwnLines(store.openWholeLog(), now: wallClock))
    try projectIfBehind()
  }

  /// Makes the driver anew when the settings have changed; there is none while they name nobody.
  private func refreshDriver() throws {
    try store.refreshSettings()
    let now = store.configuration.react
    if settings == now { return }
    driver = nil
    delays = [:]
    // Who starts it is told at once; later on, one kind's mistake ends no other.
    let isFirst = settings == nil
    let effects = try service.effects(now) { error in
      if isFirst { throw error }
      tellOnce("\(error): nothing is done for it until foldlog.toml is changed")
    }
    kinds = Set(effects.map(\.kind))
    settings = now
    let (file, places) = (service.rests, Set(effects.map(\.place)))
    let known = try file.read()
    // Of who is not asked any more, nobody has to know.
    let rests = known.filter { places.contains($0.place) }
    if rests != known { try file.write(rests) }
    if effects.isEmpty { return }
    let log = try store.openWholeLog()
    let lines = try OwnLines(log, now: wallClock)
    driver = try EffectDriver(
      effects, budget: Budget(calls: now.dailyCalls, cost: now.dailyCost), now: wallClock,
      spent: { day in
        let spent = try LogReader(log).spending(onDay: day)
        return (spent.calls, spent.cost)
      },
      hold: { amount, day in
        try lines.append(
          [], spent: SpendingChange(calls: Int64(clamping: amount.calls), cost: amount.cost),
          day: day)
      },
      record: { [weak self] outcome in
        try lines.append(
          [.init(outcome.line, answering: outcome.isFinal ? outcome.task.requestID : nil)],
          spent: SpendingChange(
            calls: outcome.correction.calls, cost: outcome.correction.cost), day: outcome.day)
        self?.note(outcome)
      },
      rests: rests, keep: file.write)
  }

  private func tellOfUndoable(_ wants: [Want]) {
    for kind in Set(wants.map(\.kind)).subtracting(kinds).sorted() {
      let count = wants.count { $0.kind == kind }
      tellOnce(
        "\(HumanNumbers.counted(UInt64(count), "want")) of the kind \(kind) cannot be done: no setting "
          + "under [react] says whom to ask (`foldlog settings react`)", key: kind)
    }
  }

  private func note(_ outcome: EffectOutcome) {
    let isOfKind = outcome.failure?.remedy == .settings
    let delayed: Delayed =
      isOfKind ? .kind(outcome.task.kind) : .request(outcome.task.requestID)
    if let failure = outcome.failure, failure.remedy != .nextRun {
      let isNew = reasonsTold[outcome.task.kind, default: []].insert(failure.reason).inserted
      if asked.isFollowing, isNew { tell(.warning(failure.reason)) }
    } else if outcome.failure == nil {
      reasonsTold[outcome.task.kind] = nil
    }
    if outcome.failure == nil || outcome.isFinal {
      delays[delayed] = nil
      delays[.kind(outcome.task.kind)] = nil
    } else {
      let length = min((delays[delayed]?.length ?? Self.delayFirst_s / 2) * 2, Self.delayMost_s)
      delays[delayed] = (monotonicSeconds() + length, length)
    }
  }

  private func tellOnce(_ text: String, key: String? = nil) {
    if told.insert(key ?? text).inserted { tell(.warning(text)) }
  }

  /// A want as effects are given it: what leaves the machine is masked, but for what names things.
  private func task(_ want: Want) -> EffectTask {
    var masker = Masker()
    let cells = zip(want.row.columns, want.row.cells).map { column, cell -> Cell in
      if column.name.hasSuffix("_id") || column.name == "kind" { return cell }
      switch cell {
      case .text(let text): return .text(masker.mask(text))
      case .texts(let texts): return .texts(texts.map { masker.mask($0) })
      default: return cell
      }
    }
    return EffectTask(
      requestID: want.requestID, kind: want.kind, subject: want.subject, refusals: want.refusals,
      row: AnswerRow(columns: want.row.columns, cells: cells))
  }
}

extension EffectReport {
  fileprivate mutating func add(_ other: EffectReport) {
    answered += other.answered
    failed += other.failed
    givenUp += other.givenUp
    calls += other.calls
    cost = cost.adding(other.cost)
    waiting = other.waiting
    budgetReached = other.budgetReached
    for reason in other.reasons where !reasons.contains(reason) && reasons.count < 100 {
      reasons.append(reason)
    }
    nextTry_ms = other.nextTry_ms
    resting = other.resting
  }

  /// As `foldlog react --format json` prints it.
  package var document: JSONDocument {
    .object([
      ("answered", .number(answered)), ("failed", .number(failed)), ("given_up", .number(givenUp)),
      ("waiting", .number(waiting)),
      ("calls", .number(calls)), ("cost_usd", .raw("\(cost)")),
      ("calls_today", .number(spentToday.calls)), ("cost_today_usd", .raw("\(spentToday.cost)")),
      ("budget_reached", .optional(budgetReached)), ("reasons", .texts(reasons)),
      ("left_alone", .list(resting.map(\.document))),
    ])
  }
}

extension [Want] {
  /// As `foldlog react --dry-run --format json` prints them.
  package var document: JSONDocument {
    .list(
      map { want in
        .object([
          ("request_id", .text(want.requestID)), ("kind", .text(want.kind)),
          ("subject", .text(want.subject)), ("view", .text(want.view)),
          ("since_offset", .number(want.since)),
        ])
      })
  }
}
