package import Bytes
package import Events
package import HTTP

/// Does what is wanted: at most four requests at a time, each tried up to three times. Belongs to one
/// thread.
package final class EffectDriver {
  package static let inFlightMax = 4
  /// How often a server may refuse a want, in as many runs, while it takes others, before it is given up.
  package static let refusalsMax: UInt64 = 5
  private static let explanationsMax = 10
  private static let look_ms = 1_000

  private let effects: [String: any Effect]
  private let budget: Budget
  private let client: HTTPClient
  private let now: () -> Timestamp
  /// What was spent on a day, by what the log has.
  private let spent: (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint)
  private let hold: (_ amount: Budget, _ day: Int64) throws -> Void
  private let record: (EffectOutcome) throws -> Void
  private var random = SystemRandomNumberGenerator()
  /// From run to run.
  private var endpoints: Endpoints
  /// By kinds, from run to run.
  private var standings: [String: Standing] = [:]

  /// - Parameters:
  ///   - now: the clock, for times of events and for days.
  ///   - hold: writes down for good that a request is about to be made, and what it may cost: a run that
  ///     is killed after that has spent it.
  ///   - record: writes an outcome down for good; nothing else is done before.
  ///   - rests: the servers that were left alone by a run before.
  ///   - keep: writes down which servers are left alone, all of them each time.
  package init(
    _ effects: [any Effect], budget: Budget, client: HTTPClient, now: @escaping () -> Timestamp,
    spent: @escaping (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint),
    hold: @escaping (_ amount: Budget, _ day: Int64) throws -> Void,
    record: @escaping (EffectOutcome) throws -> Void, rests: [EndpointRest] = [],
    keep: @escaping ([EndpointRest]) throws -> Void = { _ in }
  ) {
    self.effects = Dictionary(effects.map { ($0.kind, $0) }) { $1 }
    self.budget = budget
    self.client = client
    self.now = now
    self.spent = spent
    self.hold = hold
    self.record = record
    endpoints = Endpoints(rests, at: now(), keep: keep)
  }

  /// The same, with a client of its own.
  package convenience init(
    _ effects: [any Effect], budget: Budget, now: @escaping () -> Timestamp,
    spent: @escaping (_ day: Int64) throws -> (calls: UInt64, cost: FixedPoint),
    hold: @escaping (_ amount: Budget, _ day: Int64) throws -> Void,
    record: @escaping (EffectOutcome) throws -> Void, rests: [EndpointRest],
    keep: @escaping ([EndpointRest]) throws -> Void
  ) throws(EffectSetupError) {
    let client: HTTPClient
    do { client = try HTTPClient() } catch { throw EffectSetupError(error) }
    self.init(
      effects, budget: budget, client: client, now: now, spent: spent, hold: hold,
      record: record, rests: rests, keep: keep)
  }

  /// Does tasks, until all are done, wait for a server that is left alone, or may not be paid for: these
  /// keep nobody from others.
  ///
  /// - Parameters:
  ///   - descriptor: can be read once it is to stop; −1 for none.
  ///   - isStopping: whether it is so: what is on its way is given up, and stays wanted.
  ///   - fresh: gives what has come to be wanted since, what is urgent goes first; nil where nothing more is
  ///     to be begun. It is asked each second.
  package func run(
    _ tasks: [EffectTask], or descriptor: Int32 = -1, isStopping: () -> Bool = { false },
    fresh: (() throws -> [EffectTask]?)? = nil
  ) throws -> EffectReport {
    var (known, looked) = (Set(tasks.map(\.requestID)), milliseconds())
    var run = EffectRun(
      waiting: tasks.compactMap { task in
        effects[task.kind].map { EffectAttempt(task: task, effect: $0) }
      })
    defer { for (_, transfer) in run.flying.values { client.cancel(transfer) } }
    while !isStopping() {
      if let fresh, !run.isEnding, milliseconds() - looked >= Self.look_ms {
        if let more = try fresh() {
          add(more.filter { known.insert($0.requestID).inserted }, to: &run)
        } else {
          run.isEnding = true
        }
        looked = milliseconds()
      }
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
  private func startSome(_ run: inout EffectRun) throws -> Int? {
    run.report.budgetReached = nil
    var next: Int?
    var place = 0
    var spent: Budget?
    // There may be many that wait: none of what is asked of each looks at all.
    var begun = run.begunByKind
    while place < run.waiting.count, run.flying.count < Self.inFlightMax {
      let clock = milliseconds()
      let attempt = run.waiting[place]
      // A probe that is on its way ends by itself.
      guard !run.refused.contains(attempt.task.kind),
        let free = endpoints.next(attempt.endpoint, at: clock)
      else {
        place += 1
        continue
      }
      if attempt.tries == 0,
        run.isEnding || mustWait(attempt.task.kind, begun) || mustLeaveRoom(attempt, run)
      {
        place += 1
        continue
      }
      let time = max(free, attempt.notBefore)
      if time > clock {
        next = min(next ?? time, time)
        place += 1
        continue
      }
      let known = try spent ?? spentNow(run)
      spent = known
      let shortage = budget.shortage(
        after: known, cost: attempt.effect.cost(expectedOf: attempt.task),
        keeping: attempt.effect.isUrgent || !hasUrgent ? 0 : budget.urgentCalls)
      if let shortage {
        run.report.budgetReached = run.report.budgetReached ?? shortage
        place += 1
        continue
      }
      run.waiting.remove(at: place)
      try start(attempt, &run)
      begun = run.begunByKind
      spent = nil
    }
    return next
  }

  /// Whether as many of a kind were begun as may be at a time, and none was taken yet: whether any will
  /// be is seen by these.
  private func mustWait(_ kind: String, _ begun: [String: Int]) -> Bool {
    !standings[kind, default: Standing()].hasTaken && begun[kind, default: 0] >= Self.inFlightMax
  }

  /// Whether the last place is kept for what is urgent, as calls are: a model may take a minute for each.
  private func mustLeaveRoom(_ attempt: EffectAttempt, _ run: EffectRun) -> Bool {
    !attempt.effect.isUrgent && hasUrgent && run.flying.count >= Self.inFlightMax - 1
  }

  private func add(_ tasks: [EffectTask], to run: inout EffectRun) {
    let more = tasks.compactMap { task in
      effects[task.kind].map { EffectAttempt(task: task, effect: $0) }
    }
    run.waiting.insert(contentsOf: more.filter(\.effect.isUrgent), at: 0)
    run.waiting += more.filter { !$0.effect.isUrgent }
  }

  private func start(_ waiting: EffectAttempt, _ run: inout EffectRun) throws {
    var attempt = waiting
    attempt.began = milliseconds()
    attempt.tries += 1
    let (time, cost) = (now(), attempt.effect.cost(expectedOf: attempt.task))
    // What was held back on the day before stays counted there.
    if attempt.day != time.day {
      attempt.day = time.day
      attempt.held = Budget(calls: 0, cost: .zero)
      attempt.before = attempt.spent
    }
    try hold(Budget(calls: 1, cost: cost), time.day)
    attempt.held = Budget(calls: attempt.held.calls + 1, cost: attempt.held.cost.adding(cost))
    attempt.costHeld = cost
    do {
      let request = try attempt.effect.request(for: attempt.task, at: time)
      let transfer = try client.start(request)
      endpoints.begin(attempt.endpoint)
      run.flying[ObjectIdentifier(transfer)] = (attempt, transfer)
    } catch let error as HTTPError {
      try fail(attempt, EffectFailure(error, afterSendings: 0), &run)
    } catch var failure as EffectFailure {
      failure.charge = .nothing
      try fail(attempt, failure, &run)
    }
  }

  private func settle(_ transfer: HTTPTransfer, _ run: inout EffectRun) throws {
    guard let (begun, _) = run.flying.removeValue(forKey: ObjectIdentifier(transfer)),
      let result = transfer.result
    else { return }
    var attempt = begun
    attempt.spent.calls += transfer.sendings
    do {
      let response: HTTPResponse
      do { response = try result.get() } catch {
        throw EffectFailure(error, afterSendings: transfer.sendings)
      }
      guard (200..<300).contains(response.status) else {
        var failure = EffectFailure(response, from: attempt.place, at: now())
        failure.explanation = attempt.effect.explanation(in: response)
        throw failure
      }
      let result: EffectResult
      do throws(EffectFailure) {
        result = try attempt.effect.result(
          of: response, to: attempt.task, latency_ms: milliseconds() - attempt.began)
      } catch {
        var failure = error
        failure.explanation = attempt.effect.explanation(in: response)
        throw failure
      }
      try endpoints.succeed(attempt.endpoint)
      standings[attempt.task.kind, default: Standing()].take()
      try finish(attempt, with: result, &run)
    } catch let failure as EffectFailure {
      try fail(attempt, failure, &run)
    }
  }

  private func finish(
    _ ended: EffectAttempt, with result: EffectResult, _ run: inout EffectRun
  ) throws {
    let time = now()
    var attempt = ended
    attempt.spent.cost = attempt.spent.cost.adding(result.cost)
    var line = JSONLineWriter()
    line.member("event", text: result.kind)
    line.member("timestamp", text: "\(time)")
    line.member("request_id", text: attempt.task.requestID)
    line.member("calls", json: "\(attempt.spent.calls)")
    if attempt.spent.cost != .zero { line.member("cost_usd", json: "\(attempt.spent.cost)") }
    result.fields(&line)
    run.report.answered += 1
    try write(attempt, line, nil, isFinal: true, &run)
    try decide(attempt.task.kind, isOwnFault: true, &run)
  }

  /// Tries again later, or leaves it to another run, or gives it up.
  private func fail(_ failed: EffectAttempt, _ failure: EffectFailure, _ run: inout EffectRun)
    throws
  {
    let hasTaken = standings[failed.task.kind, default: Standing()].hasTaken
    var (attempt, failure) = (failed, failure.decided(hasTaken: hasTaken))
    let cost: FixedPoint =
      switch failure.charge {
      case .nothing: .zero
      case .held: attempt.costHeld
      case .exactly(let cost): cost
      }
    attempt.spent.cost = attempt.spent.cost.adding(cost)
    attempt.lastFailure = failure
    // An answer that is of no use is one all the same.
    if failure.remedy == .waiting {
      try endpoints.fail(attempt.endpoint, failure, at: now())
    } else {
      try endpoints.succeed(attempt.endpoint)
    }
    if [.waiting, .anotherAnswer].contains(failure.remedy), attempt.tries < BackOff.triesMax {
      attempt.notBefore =
        milliseconds() + BackOff.milliseconds(after: Int(attempt.tries), &random)
      run.waiting.append(attempt)
      return
    }
    if [.refused, .anotherAnswer].contains(failure.remedy) {
      switch standings[attempt.task.kind, default: Standing()].refuse() {
      case .want: return try refuse(attempt, failure, isOwnFault: true, &run)
      case .unknown: return run.undecided.append((attempt, failure))
      case .settings: failure = failure.ofSettings
      }
    }
    if failure.remedy == .settings { run.refused.insert(attempt.task.kind) }
    try leave(attempt, failure, &run)
  }

  /// Writes down what was refused, of a kind or of all, now that it is known whose fault it is.
  private func decide(_ kind: String?, isOwnFault: Bool, _ run: inout EffectRun) throws {
    let undecided = run.undecided
    run.undecided = undecided.filter { kind != nil && $0.attempt.task.kind != kind }
    for (attempt, failure) in undecided where kind == nil || attempt.task.kind == kind {
      try refuse(attempt, failure, isOwnFault: isOwnFault, &run)
    }
  }

  private func refuse(
    _ attempt: EffectAttempt, _ failure: EffectFailure, isOwnFault: Bool, _ run: inout EffectRun
  ) throws {
    let refusals = attempt.task.refusals + (isOwnFault ? 1 : 0)
    let isFinal =
      isOwnFault && (failure.remedy == .anotherAnswer || refusals >= Self.refusalsMax)
    try leave(
      attempt, isFinal && failure.remedy == .refused ? failure.last(of: refusals) : failure,
      isOwnFault: isOwnFault, isFinal: isFinal, &run)
  }

  /// Writes down that a want was not done.
  private func leave(
    _ attempt: EffectAttempt, _ failure: EffectFailure, isOwnFault: Bool = false,
    isFinal: Bool = false, _ run: inout EffectRun
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
    line.member("refused", json: "\(isOwnFault)")
    line.member("final", json: "\(isFinal)")
    line.member("calls", json: "\(attempt.spent.calls)")
    if attempt.spent.cost != .zero { line.member("cost_usd", json: "\(attempt.spent.cost)") }
    if failure.remedy == .nextRun {
      run.report.waiting += 1
      return try write(attempt, line, failure, isFinal: false, &run)
    }
    run.report.failed += 1
    if isFinal { run.report.givenUp += 1 }
    if !run.report.reasons.contains(failure.reason) { run.report.reasons.append(failure.reason) }
    if let explanation = failure.explanation.map({ "\(attempt.place) says: \($0)" }),
      run.report.explanations.count < Self.explanationsMax,
      !run.report.explanations.contains(explanation)
    {
      run.report.explanations.append(explanation)
    }
    try write(attempt, line, failure, isFinal: isFinal, &run)
  }

  private func write(
    _ attempt: EffectAttempt, _ line: JSONLineWriter, _ failure: EffectFailure?, isFinal: Bool,
    _ run: inout EffectRun
  ) throws {
    run.report.calls += attempt.spent.calls
    run.report.cost = run.report.cost.adding(attempt.spent.cost)
    try record(
      EffectOutcome(
        line: line.bytes, isFinal: isFinal, task: attempt.task, failure: failure,
        cost: attempt.spent.cost, correction: attempt.correction, day: attempt.day))
  }

  /// Writes down what was tried and is left for another run.
  private func leave(_ run: inout EffectRun) throws {
    try decide(nil, isOwnFault: false, &run)
    let flying = run.flying.values
    run.flying = [:]
    for (begun, transfer) in flying {
      client.cancel(transfer)
      var attempt = begun
      endpoints.giveUp(attempt.endpoint)
      attempt.spent.calls += transfer.sendings
      // Who was asked may have done it.
      if transfer.sendings > 0 { attempt.spent.cost = attempt.spent.cost.adding(attempt.costHeld) }
      try leave(
        attempt, EffectFailure("cancelled", "given up, since foldlog was to stop", .nextRun), &run)
    }
    for attempt in run.waiting {
      guard let failure = attempt.lastFailure else {
        run.report.waiting += 1
        continue
      }
      try leave(attempt, failure, &run)
    }
    run.report.nextTry_ms = endpoints.nextTry_ms(at: milliseconds())
    run.report.resting = endpoints.resting(at: now())
  }

  /// Whether calls are kept for what is urgent.
  private var hasUrgent: Bool { effects.values.contains(where: \.isUrgent) }

  /// What the day has taken, with what is held back.
  private func spentNow(_ run: EffectRun) throws -> Budget {
    let (calls, known) = try spent(now().day)
    // What a try took that was made again meanwhile is in what is held back for it, or beyond it.
    let open =
      run.waiting.filter { $0.tries > 0 } + run.flying.values.map(\.attempt)
      + run.undecided.map(\.attempt)
    return open.reduce(into: Budget(calls: calls, cost: known)) { sum, attempt in
      let more = attempt.correction
      sum.calls += UInt64(max(0, more.calls))
      sum.cost = sum.cost.adding(max(.zero, more.cost))
    }
  }
}
