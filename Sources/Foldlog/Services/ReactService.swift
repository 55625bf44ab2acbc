internal import Conversations
internal import Facts
internal import Bytes
internal import CGlibc
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
      guard let lock = try FileLock(path: store.directory.reactLock) else {
        throw FoldlogError(
          .locked, "another `foldlog react` is running on \(store.directory.shown)")
      }
      defer { withExtendedLifetime(lock) {} }
      let reactor = Reactor(self, asked, stop, tell)
      repeat { try reactor.pass() } while asked.isFollowing && reactor.waits()
      let spent = try LogReader(store.openLog()).spending(onDay: wallClock().day)
      var report = reactor.total
      report.spentToday = Budget(calls: spent.calls, cost: spent.cost)
      return report
    }
  }

  /// Wants of live and current views that the log has no answer to: a view may lag behind the log.
  fileprivate func open(_ asked: ReactRequest.Checked) throws(FoldlogError) -> [Want] {
    let wants = try WantService(store).wants(of: asked.only.map { [$0] })
    return try store.reporting {
      let reader = LogReader(try store.openLog())
      return try wants.filter { try reader.answer(to: $0.requestID) == nil }
    }
  }

  /// The effects that the settings give somebody to ask for.
  fileprivate func effects(_ settings: ReactSettings) throws -> [any Effect] {
    var effects: [any Effect] = []
    if !settings.chatURL.text.isEmpty {
      if settings.chatModel.text.isEmpty {
        throw FoldlogError(
          .usage, "react.chat_url is set, and react.chat_model is not: name the model to ask")
      }
      let key = try key(
        variable: settings.key.text, file: settings.keyFile.text, setting: "react.key")
      let prices = store.configuration.folding.prices.list
      effects.append(
        try of("react.chat_url") { () throws(EffectSetupError) in
          try SkillEffect(
            chatURL: settings.chatURL.text, model: settings.chatModel.text, key: key,
            timeout_s: Int(settings.timeout_s),
            price: { model, input, output in
              prices.cost(
                of: TokenUsage(input: input, output: output), model: model, at: wallClock(),
                isPartial: false
              ).0?.dollars ?? .zero
            })
        })
    }
    if !settings.webhookURL.text.isEmpty {
      let key = try key(
        variable: settings.webhookKey.text, file: settings.webhookKeyFile.text,
        setting: "react.webhook_key")
      effects.append(
        try of("react.webhook_url") { () throws(EffectSetupError) in
          try WebhookEffect(
            url: settings.webhookURL.text, key: key, timeout_s: Int(settings.timeout_s))
        })
    }
    return effects
  }

  /// What a setting has made, its errors with the setting's name.
  private func of<Made: Effect>(
    _ setting: String, _ make: () throws(EffectSetupError) -> Made
  ) throws -> Made {
    do throws(EffectSetupError) { return try make() } catch {
      throw error.isOfSetting ? FoldlogError(.usage, "\(setting): \(error)") : error
    }
  }

  /// Why a budget in dollars does not hold; nil where it does.
  fileprivate func unpriced(_ settings: ReactSettings) -> String? {
    let model = settings.chatModel.text
    if settings.chatURL.text.isEmpty
      || store.configuration.folding.prices.list.price(of: model, at: wallClock()) != nil
    {
      return nil
    }
    return "there is no price for the model \(model): what it costs is bounded by react.daily_calls"
      + " alone, unless [[prices]] names it (`foldlog prices`)"
  }

  /// A key from the environment or a file; nil where the settings name neither.
  private func key(variable: String, file: String, setting: String) throws -> Secret? {
    if variable.isEmpty && file.isEmpty { return nil }
    // Before the key is anywhere but in the environment.
    if !cglibc_forbid_core() {
      throw FoldlogError(
        .inputOutput,
        "the system would write keys into a core of this process, and does not stop it")
    }
    let text: String
    if !variable.isEmpty {
      if !file.isEmpty {
        throw FoldlogError(
          .usage, "\(setting)_env and \(setting)_file both name a key: leave one out")
      }
      guard let value = environmentText(variable), !value.isEmpty else {
        throw FoldlogError(
          .usage, "the variable \(variable), which \(setting)_env names, is not set: set it")
      }
      text = value
    } else {
      let path = file.hasPrefix("/") ? file : "\(store.directory.path)/\(file)"
      guard let bytes = try readSecretFile(path, atMost: 1 << 14) else {
        throw FoldlogError(
          .usage,
          "\(shownPath(path)), which \(setting)_file names, can be read by others, or is another's: "
            + "give it the mode 0600")
      }
      text = String(decoding: bytes, as: UTF8.self)
    }
    do {
      return try Secret(String(text.reversed().drop(while: \.isWhitespace).reversed()))
    } catch {
      throw FoldlogError(
        .usage,
        "the key that \(setting)_\(variable.isEmpty ? "file" : "env") names is none: it is one word of "
          + "ASCII")
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
  private(set) var total = EffectReport()
  /// When a want that failed is tried again, or a kind whose settings are to be mended, in seconds of a
  /// clock that only goes forward, and how long that was.
  private var delays: [Delayed: (until: Double, length: Double)] = [:]
  private var revision: UInt64?

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
    let wants = try service.open(asked)
    if wants.isEmpty { return }
    try refreshDriver()
    tellOfUndoable(wants)
    if wants.contains(where: { $0.kind == SkillEffect.wantKind }),
      let unpriced = service.unpriced(store.configuration.react)
    {
      tellOnce(unpriced)
    }
    let clock = monotonicSeconds()
    let due = wants.filter { want in
      kinds.contains(want.kind)
        && [.request(want.requestID), .kind(want.kind)].allSatisfy {
          (delays[$0]?.until ?? 0) <= clock
        }
    }
    guard let driver, !due.isEmpty else { return }
    let report = try driver.run(due.prefix(asked.limit).map(task), or: stop.descriptor) {
      self.stop.isRaised
    }
    total.add(report)
    // Once a day: the day after, it can be reached again.
    if let reached = report.budgetReached {
      tellOnce(reached, key: "\(wallClock().day) \(reached)")
    }
    for reason in report.reasons { asked.isFollowing ? tellOnce(reason) : tell(.warning(reason)) }
    try projectIfBehind()
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

  /// Makes the driver anew when the settings have changed; there is none while they name nobody.
  private func refreshDriver() throws {
    try store.refreshSettings()
    let now = store.configuration.react
    if settings == now { return }
    driver = nil
    delays = [:]
    let effects = try service.effects(now)
    kinds = Set(effects.map(\.kind))
    settings = now
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
        try lines.append([], spent: Spending(calls: amount.calls, cost: amount.cost), day: day)
      },
      record: { [weak self] outcome in
        try lines.append(
          [.init(outcome.line, answering: outcome.isFinal ? outcome.task.requestID : nil)],
          spent: Spending(cost: outcome.correction), day: outcome.day)
        self?.note(outcome)
      })
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
      requestID: want.requestID, kind: want.kind, subject: want.subject, failures: want.failures,
      row: AnswerRow(columns: want.row.columns, cells: cells))
  }
}

extension EffectReport {
  fileprivate mutating func add(_ other: EffectReport) {
    answered += other.answered
    failed += other.failed
    calls += other.calls
    cost = cost + other.cost
    waiting = other.waiting
    budgetReached = other.budgetReached
    for reason in other.reasons where !reasons.contains(reason) && reasons.count < 100 {
      reasons.append(reason)
    }
    nextTry_ms = other.nextTry_ms
  }

  /// As `foldlog react --format json` prints it.
  package var document: JSONDocument {
    .object([
      ("answered", .number(answered)), ("failed", .number(failed)), ("waiting", .number(waiting)),
      ("calls", .number(calls)), ("cost_usd", .raw("\(cost)")),
      ("calls_today", .number(spentToday.calls)), ("cost_today_usd", .raw("\(spentToday.cost)")),
      ("budget_reached", .optional(budgetReached)), ("reasons", .texts(reasons)),
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
