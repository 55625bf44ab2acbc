import Bytes
import Events
import Facts
import Tables
import Views

// Calls of models: each counts once, at what its last line says.
extension Conversations {
  func message(_ message: Message, _ fold: inout ConversationFold) throws(TableError) {
    if message.isError {
      fold.failedCall()
      return
    }
    if let total = message.totalUsage, message.isTotalOfRuns {
      guard try countRun(total, message, &fold) else {
        fold.isDropped = true
        return
      }
    } else if let total = message.totalUsage {
      guard try countStep(to: total, message, &fold) else {
        fold.isDropped = true
        return
      }
    } else if let usage = message.usage {
      var id = message.id ?? message.requestID
      if id == nil {
        fold.agent.callCount &+= 1
        id = "\(fold.session ?? "")#\(fold.agent.callCount)"
      }
      try count(id ?? "", message.requestID, usage, message, &fold)
    }
    fold.message(message)
  }

  /// Counts a call by the running total behind it, as the difference to the total before. A total may
  /// be read late: what follows it is then the less.
  ///
  /// - Returns: false where the same was told before, or it is older than all totals that are kept.
  private func countStep(
    to total: TokenUsage, _ message: Message, _ fold: inout ConversationFold
  ) throws(TableError) -> Bool {
    let totals = fold.agent.totals
    let (index, time) = fold.agent.placeOfTotal(total, in: fold.event)
    if index == 0, totals.count == AgentState.totalsMax { return false }
    let source = fold.event.envelope.source
    let number = fold.agent.callCount &+ 1
    let id = "\(fold.place)#\(number)"
    let told = RunningTotal(
      total, last: message.lastUsage, at: time, from: source, endOf: Hash128(of: id))
    let step = told.step(from: fold.agent.total(before: index, at: told))
    if step.whole.isZero { return false }
    let after = index < totals.endIndex ? totals[index] : nil
    if let after, after.usage == total {
      fold.agent.totals[index].time = time
      try change(after.call, &fold) { $0.context.time = time }
      return false
    }
    fold.agent.callCount = number
    try count(id, nil, step.ofCall, message, &fold)
    try bookRest(step.rest, beside: told.call, &fold)
    if let after {
      let step = after.step(from: total)
      try change(after.call, &fold) { $0.usage = step.ofCall }
      try bookRest(step.rest, beside: after.call, &fold)
    }
    fold.agent.keep(told, at: index)
    return true
  }

  /// Books what a running total rose by beyond its call: calls whose own lines are missing.
  private func bookRest(
    _ usage: TokenUsage, beside key: Hash128?, _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let key, let call = try calls.row(key) else { return }
    let id = "\(call.id)/rest"
    let restKey = Hash128(of: id)
    let before = try calls.row(restKey)
    if before == nil, usage.isZero { return }
    var rest =
      before
      ?? ModelCall(
        event: fold.event.id, id: id, context: call.context, model: call.model, usage: usage,
        cost: nil, basis: .unknown)
    rest.usage = usage
    (rest.isUnattributed, rest.isPartial) = (true, true)
    rest.isToldTwice = usage.isZero
    (rest.cost, rest.basis) = cost(
      of: usage, model: call.model, at: call.context.time, tier: call.serviceTier, isPartial: true,
      isWhole: false)
    try keep(rest, before, restKey, &fold)
  }

  /// Counts a known call otherwise.
  private func change(
    _ key: Hash128?, _ fold: inout ConversationFold, _ body: (inout ModelCall) -> Void
  ) throws(TableError) {
    guard let key, let known = try calls.row(key) else { return }
    var changed = known
    body(&changed)
    (changed.cost, changed.basis) = cost(
      of: changed.usage, model: changed.model, at: changed.context.time,
      tier: changed.serviceTier, isPartial: changed.isPartial)
    try keep(changed, known, key, &fold)
  }

  /// Counts what a run used, as the difference between what the session used in all at its end and at
  /// that of the run before it. Files of runs may be read in any order: what a session used only grows.
  ///
  /// - Returns: false where the same was told before.
  private func countRun(
    _ total: TokenUsage, _ message: Message, _ fold: inout ConversationFold
  ) throws(TableError) -> Bool {
    let source = fold.event.envelope.source
    var totals = fold.agent.runTotals
    var number = totals.last { $0.source == source }?.count ?? 0
    if let last = totals.last(where: { $0.source == source && $0.count == number }),
      !(last.usage <= total)
    {
      number = (totals.map(\.count).max() ?? 0) + 1
    }
    let own = totals.filter { $0.count == number }
    if own.contains(where: { $0.usage == total }) { return false }
    let before = own.last { $0.usage <= total }
    let after = own.first { total <= $0.usage }
    fold.agent.callCount &+= 1
    let id = "\(fold.place)#\(fold.agent.callCount)"
    let usage = total - (before?.usage ?? TokenUsage())
    fold.fields.set(usage)
    try count(id, nil, usage, message, &fold)
    if let after { try change(after.call, &fold) { $0.usage = after.usage - total } }
    let index = totals.firstIndex { $0.count == number && total <= $0.usage } ?? totals.endIndex
    totals.insert(
      SessionTotal(usage: total, call: Hash128(of: id), source: source, count: number), at: index)
    if totals.count > AgentState.totalsMax { totals.removeFirst() }
    fold.agent.runTotals = totals
    return true
  }

  /// Counts a call, or what another line of it says.
  private func count(
    _ id: String, _ requestID: String?, _ usage: TokenUsage, _ message: Message,
    _ fold: inout ConversationFold
  ) throws(TableError) {
    let key = Hash128(of: id)
    let before = try calls.row(key)
    let model = fold.fields.text(.model) ?? before?.model
    fold.openTurn(named: id)
    var call =
      before
      ?? ModelCall(
        event: fold.event.id, id: id, context: fold.callContext, model: model, usage: usage,
        cost: nil, basis: .unknown)
    call.model = model
    call.requestID = requestID ?? before?.requestID
    // The same call may be told of in several files: what is whole holds, of parts the greater.
    switch (before?.isPartial, message.isPartial) {
    case (false, true): break
    case (true, true): call.usage = .greater(call.usage, usage)
    default: (call.usage, call.isPartial) = (usage, message.isPartial)
    }
    call.serviceTier = (message.serviceTier ?? fold.agent.serviceTier).flatMap {
      ["standard", "default", "auto"].contains($0) ? nil : $0
    }
    if call.context.isTimeInferred, !fold.event.envelope.isTimeInferred {
      // What a transcript says of when and where holds over what a run printed, which says neither.
      call.context.time = fold.event.time
      call.context.isTimeInferred = false
      call.context.project = fold.fields.text(.project) ?? call.context.project
      call.context.agentID = fold.agentID
    }
    (call.cost, call.basis) = self.cost(
      of: call.usage, model: model, at: call.context.time, tier: call.serviceTier,
      isPartial: call.isPartial)
    if let said = message.costUSD {
      (call.cost, call.basis) = (Money(dollars: said), .said)
    } else if before?.basis == .said {
      // What it cost is told by its run, and beside it what that is beyond its price.
      call.basis = .said
      if call.cost == nil { call.cost = Money() }
    }
    try keep(call, before, key, &fold)
    if message.isOfRun { try join(key, &fold) }
    if before == nil { fold.agent.turn?.modelCalls &+= 1 }
    if before == nil, fold.agent.turn?.failed.isEmpty == false,
      (fold.agent.turn?.callsSinceFailure.count ?? 0) < Turn.callsMax
    {
      fold.agent.turn?.callsSinceFailure.append(key)
    }
  }

  /// Stores a call, and adds what it changed to the sums of its run and its turn.
  func keep(
    _ call: ModelCall, _ before: ModelCall?, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    if call == before { return }
    try calls.put(key, call)
    fold.modelCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    fold.agent.turn?.add(call, before)
    if !call.isUnattributed { try count(call, before, key, &fold) }
  }
}

extension TokenUsage {
  /// Whether no count is greater than there.
  fileprivate static func <= (left: TokenUsage, right: TokenUsage) -> Bool {
    (0..<size).allSatisfy { (left[$0] ?? 0) <= (right[$0] ?? 0) }
  }
}

extension RunningTotal {
  /// What was used since the total before; one that has fallen, or is all that its call used, counts
  /// anew. Where the line says what its call used, more than that is the rest.
  fileprivate func step(
    from before: TokenUsage
  ) -> (whole: TokenUsage, ofCall: TokenUsage, rest: TokenUsage) {
    let isNew = !(before <= usage) || (last == usage && before != usage)
    let whole = isNew ? usage : usage - before
    guard let last, last <= whole, !last.isZero else { return (whole, whole, TokenUsage()) }
    return (whole, last, whole - last)
  }
}

extension AgentState {
  /// The running total that one counts on from, which a session that goes on from another need not tell.
  fileprivate func total(before index: Int, at told: RunningTotal) -> TokenUsage {
    if index > 0 { return totals[index - 1].usage }
    guard goesOnFromOther, let last = told.last else { return TokenUsage() }
    return told.usage - last
  }

  /// Where a running total stands among those that are kept, and the time that it has there: behind
  /// what the same file told before, where it counts on from that, else by its time.
  fileprivate func placeOfTotal(_ total: TokenUsage, in event: Event) -> (Int, Timestamp) {
    guard let last = totals.last else { return (0, event.time) }
    let isNext = last.source == event.envelope.source && last.usage <= total
    if isNext || event.envelope.isTimeInferred {
      return (totals.endIndex, max(last.time, event.time))
    }
    let before = totals.lastIndex { other in
      other.time < event.time
        || (other.time == event.time && (other.usage <= total || !(total <= other.usage)))
    }
    return (before.map { $0 + 1 } ?? 0, event.time)
  }

  mutating func keep(_ total: RunningTotal, at index: Int) {
    totals.insert(total, at: index)
    if totals.count > Self.totalsMax { totals.removeFirst() }
  }
}
