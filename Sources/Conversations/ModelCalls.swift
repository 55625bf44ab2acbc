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
      let last = fold.agent.total ?? TokenUsage()
      let isRestarted = (0..<TokenUsage.size).contains {
        (total[$0] ?? 0) < (last[$0] ?? 0)
      }
      let usage = isRestarted ? total : total - last
      fold.agent.total = total
      if usage.isZero {
        fold.isDropped = true
        return
      }
      fold.agent.callCount &+= 1
      try count(
        "\(fold.session ?? "source \(fold.event.envelope.source)")#\(fold.agent.callCount)", nil,
        usage, message, &fold)
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
    let id = "\(fold.session ?? "source \(source)")#\(fold.agent.callCount)"
    let usage = total - (before?.usage ?? TokenUsage())
    fold.fields.set(usage)
    try count(id, nil, usage, message, &fold)
    if let after, let known = try calls.row(after.call) {
      var changed = known
      changed.usage = after.usage - total
      (changed.cost, changed.basis) = cost(
        of: changed.usage, model: changed.model, at: changed.context.time, isPartial: false)
      try keep(changed, known, after.call, &fold)
    }
    let index = totals.firstIndex { $0.count == number && total <= $0.usage } ?? totals.endIndex
    totals.insert(
      SessionTotal(usage: total, call: Hash128(of: id), source: source, count: number), at: index)
    if totals.count > AgentState.runTotalsMax { totals.removeFirst() }
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
