package import Bytes
package import Events
package import HTTP

#if canImport(Glibc)
  internal import Glibc
#endif

/// What may be spent in a day.
package struct Budget: Equatable, Sendable {
  package var calls: UInt64
  package var cost: FixedPoint

  package init(calls: UInt64, cost: FixedPoint) {
    self.calls = calls
    self.cost = cost
  }
}

/// What came of one want, to be written down.
package struct EffectOutcome: Sendable {
  /// The event that tells of it, as a line.
  package let line: [UInt8]
  /// Whether the want is done with.
  package let isFinal: Bool
  package let task: EffectTask
  package let failure: EffectFailure?
  package let calls: UInt64
  package let cost: FixedPoint
  /// What its cost is beyond what was held back for it on that day, below zero for less.
  package let correction: FixedPoint
  package let day: Int64
}

/// What a run did.
package struct EffectReport: Equatable, Sendable {
  package var answered = 0
  package var failed = 0
  package var calls: UInt64 = 0
  package var cost = FixedPoint.zero
  /// Wants that were not tried, since their server is left alone, or after what failed before.
  package var waiting = 0
  /// Why the budget ended the run; nil where it did not.
  package var budgetReached: String?
  /// What failed, each once.
  package var reasons: [String] = []
  /// Milliseconds after which a server that is left alone may be asked again; nil where none is.
  package var nextTry_ms: Int?
  /// What the day has taken, UTC, of this run and of others.
  package var spentToday = Budget(calls: 0, cost: .zero)

  package init() {}
}

/// Does what is wanted: at most four requests at a time, each tried up to three times. Belongs to one
/// thread.
package final class EffectDriver {
  package static let inFlightMax = 4
  /// How often a want may fail, in as many runs, before it is given up because its server refuses it.
  package static let failuresMax: UInt64 = 5

  private let effects: [String: any Effect]
  private let budget: Budget
  private let client: HTTPClient
  private let now: () -> Timestamp
  /// What was spent on a day, by what the log has.
  private let spent: (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint)
  private let hold: (_ amount: Budget, _ day: Int64) throws -> Void
  private let record: (EffectOutcome) throws -> Void
  private var random = SystemRandomNumberGenerator()
  /// By the places of servers, from run to run.
  private var endpoints: [String: Endpoint] = [:]

  /// - Parameters:
  ///   - now: the clock, for times of events and for days.
  ///   - hold: writes down for good that a request is about to be made, and what it may cost: a run that
  ///     is killed after that has spent it.
  ///   - record: writes an outcome down for good; nothing else is done before.
  package init(
    _ effects: [any Effect], budget: Budget, client: HTTPClient, now: @escaping () -> Timestamp,
    spent: @escaping (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint),
    hold: @escaping (_ amount: Budget, _ day: Int64) throws -> Void,
    record: @escaping (EffectOutcome) throws -> Void
  ) {
    self.effects = Dictionary(effects.map { ($0.kind, $0) }) { $1 }
    self.budget = budget
    self.client = client
    self.now = now
    self.spent = spent
    self.hold = hold
    self.record = record
  }

  /// The same, with a client of its own.
  package convenience init(
    _ effects: [any Effect], budget: Budget, now: @escaping () -> Timestamp,
    spent: @escaping (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint),
    hold: @escaping (_ amount: Budget, _ day: Int64) throws -> Void,
    record: @escaping (EffectOutcome) throws -> Void
  ) throws(EffectSetupError) {
    let client: HTTPClient
    do { client = try HTTPClient() } catch { throw EffectSetupError(error) }
    self.init(
      effects, budget: budget, client: client, now: now, spent: spent, hold: hold,
      record: record)
  }

  private struct Attempt {
    let task: EffectTask
    let effect: any Effect
    var tries: UInt64 = 0
    var notBefore = 0
    var began = 0
    var cost = FixedPoint.zero
    var lastFailure: EffectFailure?
    /// The day of its last try, what was held back for its tries on it, and what it had cost before.
    var day: Int64 = 0
    var held = FixedPoint.zero
    var costBefore = FixedPoint.zero

    var place: String { effect.address.place }
  }

  /// The state of one run.
  private struct Run {
    var waiting: [Attempt]
    var flying: [ObjectIdentifier: (attempt: Attempt, transfer: HTTPTransfer)] = [:]
    var report = EffectReport()
    /// Kinds of which somebody has to change settings first.
    var refused: Set<String> = []
  }

  /// Does tasks, until all are done, wait for a server that is left alone, or may not be paid for.
  ///
  /// - Parameters:
  ///   - descriptor: can be read once it is to stop; −1 for none.
  ///   - isStopping: whether it is so: what is on its way is given up, and stays wanted.
  package func run(
    _ tasks: [EffectTask], or descriptor: Int32 = -1, isStopping: () -> Bool = { false }
  ) throws -> EffectReport {
    var run = Run(
      waiting: tasks.compactMap { task in
        effects[task.kind].map { Attempt(task: task, effect: $0) }
      })
    defer { for (_, transfer) in run.flying.values { client.cancel(transfer) } }
    while !isStopping() {
      let next = try startSome(&run)
      if run.flying.isEmpty {
        guard let next, next <= milliseconds() + BackOff.most_ms else { break }
      }
      let wait = next.map { max(0, $0 - milliseconds()) } ?? 1_000
      for transfer in try client.wait(atMost: min(wait, 1_000), or: descriptor) {
        try settle(transfer, &run)
      }
    }
    try leave(&run)
    return run.report
  }

  /// When more may be started; nil where that is not known.
  private func startSome(_ run: inout Run) throws -> Int? {
    run.report.budgetReached = nil
    var next: Int?
    var place = 0
    while place < run.waiting.count, run.flying.count < Self.inFlightMax {
      let clock = milliseconds()
      let attempt = run.waiting[place]
      let endpoint = endpoints[attempt.place, default: Endpoint()]
      // A probe that is on its way ends by itself.
      guard !run.refused.contains(attempt.task.kind), let free = endpoint.next(at: clock) else {
        place += 1
        continue
      }
      let time = max(free, attempt.notBefore)
      if time > clock {
        next = min(next ?? time, time)
        place += 1
        continue
      }
      run.report.budgetReached = try budgetReached(run)
      if run.report.budgetReached != nil { return nil }
      run.waiting.remove(at: place)
      try start(attempt, &run)
    }
    return next
  }

  private func start(_ waiting: Attempt, _ run: inout Run) throws {
    var attempt = waiting
    attempt.began = milliseconds()
    attempt.tries += 1
    let (time, cost) = (now(), attempt.effect.cost(expectedOf: attempt.task))
    // What was held back on the day before stays counted there.
    if attempt.day != time.day {
      (attempt.day, attempt.held, attempt.costBefore) = (time.day, .zero, attempt.cost)
    }
    try hold(Budget(calls: 1, cost: cost), time.day)
    attempt.held = attempt.held + cost
    do {
      let request = try attempt.effect.request(for: attempt.task, at: time)
      let transfer = try client.start(request)
      change(attempt) { $0.begin() }
      run.flying[ObjectIdentifier(transfer)] = (attempt, transfer)
    } catch let error as HTTPError {
      try fail(attempt, EffectFailure(error), &run)
    } catch let failure as EffectFailure {
      try fail(attempt, failure, &run)
    }
  }

  private func settle(_ transfer: HTTPTransfer, _ run: inout Run) throws {
    guard let (attempt, _) = run.flying.removeValue(forKey: ObjectIdentifier(transfer)),
      let result = transfer.result
    else { return }
    do {
      let response: HTTPResponse
      do { response = try result.get() } catch { throw EffectFailure(error) }
      guard (200..<300).contains(response.status) else {
        throw EffectFailure(response, from: attempt.place, at: now())
      }
      let result = try attempt.effect.result(
        of: response, to: attempt.task, latency_ms: milliseconds() - attempt.began)
      change(attempt) { $0.succeed() }
      try finish(attempt, with: result, &run)
    } catch let failure as EffectFailure {
      try fail(attempt, failure, &run)
    }
  }

  private func finish(
    _ attempt: Attempt, with result: EffectResult, _ run: inout Run
  ) throws {
    let time = now()
    let cost = attempt.cost + result.cost
    var line = JSONLineWriter()
    line.member("event", text: result.kind)
    line.member("timestamp", text: "\(time)")
    line.member("request_id", text: attempt.task.requestID)
    line.member("calls", json: "\(attempt.tries)")
    if cost != .zero { line.member("cost_usd", json: "\(cost)") }
    result.fields(&line)
    run.report.answered += 1
    try write(attempt, line, nil, isFinal: true, cost, &run)
  }

  /// Tries again later, or gives up.
  private func fail(_ failed: Attempt, _ failure: EffectFailure, _ run: inout Run) throws {
    var attempt = failed
    attempt.cost = attempt.cost + failure.cost
    attempt.lastFailure = failure
    change(attempt) { endpoint in
      // An answer that is of no use is one all the same.
      if failure.remedy == .waiting {
        endpoint.fail(at: milliseconds(), retryAfter_ms: failure.retryAfter_ms)
      } else {
        endpoint.succeed()
      }
    }
    if failure.remedy == .settings { run.refused.insert(attempt.task.kind) }
    if failure.remedy == .nextRun, attempt.task.failures + 1 >= Self.failuresMax {
      let last = EffectFailure(
        failure.status, "\(failure.reason); given up after \(attempt.task.failures + 1) failures",
        .none)
      return try giveUp(attempt, last, isFinal: true, &run)
    }
    if [.waiting, .anotherAnswer].contains(failure.remedy), attempt.tries < BackOff.triesMax {
      attempt.notBefore =
        milliseconds() + BackOff.milliseconds(after: Int(attempt.tries), &random)
      run.waiting.append(attempt)
      return
    }
    try giveUp(
      attempt, failure, isFinal: [.none, .anotherAnswer].contains(failure.remedy), &run)
  }

  private func giveUp(
    _ attempt: Attempt, _ failure: EffectFailure, isFinal: Bool, _ run: inout Run
  ) throws {
    let time = now()
    var line = JSONLineWriter()
    line.member("event", text: "effect_failed")
    line.member("timestamp", text: "\(time)")
    line.member("request_id", text: attempt.task.requestID)
    line.member("kind", text: attempt.task.kind)
    line.member("subject", text: attempt.task.subject)
    line.member("status", text: failure.status)
    line.member("reason", text: failure.reason)
    line.member("final", json: "\(isFinal)")
    line.member("calls", json: "\(attempt.tries)")
    if attempt.cost != .zero { line.member("cost_usd", json: "\(attempt.cost)") }
    run.report.failed += 1
    if !run.report.reasons.contains(failure.reason) { run.report.reasons.append(failure.reason) }
    try write(attempt, line, failure, isFinal: isFinal, attempt.cost, &run)
  }

  private func write(
    _ attempt: Attempt, _ line: JSONLineWriter, _ failure: EffectFailure?, isFinal: Bool,
    _ cost: FixedPoint, _ run: inout Run
  ) throws {
    run.report.calls += attempt.tries
    run.report.cost = run.report.cost + cost
    try record(
      EffectOutcome(
        line: line.bytes, isFinal: isFinal, task: attempt.task, failure: failure,
        calls: attempt.tries, cost: cost,
        correction: cost - attempt.costBefore - attempt.held, day: attempt.day))
  }

  /// Writes down what was tried and is left for another run.
  private func leave(_ run: inout Run) throws {
    let flying = run.flying.values
    run.flying = [:]
    for (attempt, transfer) in flying {
      client.cancel(transfer)
      change(attempt) { $0.giveUp() }
      try giveUp(
        attempt, EffectFailure("cancelled", "given up, since foldlog was to stop", .nextRun),
        isFinal: false, &run)
    }
    for attempt in run.waiting {
      guard let failure = attempt.lastFailure else {
        run.report.waiting += 1
        continue
      }
      try giveUp(attempt, failure, isFinal: false, &run)
    }
    let clock = milliseconds()
    run.report.nextTry_ms = endpoints.values.compactMap { $0.next(at: clock) }
      .filter { $0 > clock }.min().map { $0 - clock }
  }

  private func change(_ attempt: Attempt, _ body: (inout Endpoint) -> Void) {
    body(&endpoints[attempt.place, default: Endpoint()])
  }

  private func budgetReached(_ run: Run) throws -> String? {
    let (calls, known) = try spent(now().day)
    // What a try cost that was made again meanwhile is in what is held back for it, or beyond it.
    let open = run.waiting + run.flying.values.map(\.attempt)
    let cost = open.reduce(known) { $0 + max(.zero, $1.cost - $1.costBefore - $1.held) }
    if calls >= budget.calls {
      return "the budget of a day is reached: \(calls) of \(budget.calls) calls (react.daily_calls)"
    }
    if cost >= budget.cost {
      return "the budget of a day is reached: \(cost) of \(budget.cost) USD (react.daily_usd)"
    }
    return nil
  }
}

/// Of a clock that only goes forward.
private func milliseconds() -> Int {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
}
