import Bytes
import Events
import Facts
import Tables
import Views

// Calls of models: each counts once, at what its last line says, and what a run's total has beyond them is one more.
extension Conversations {
  func message(_ message: Message, _ fold: inout ConversationFold) throws(TableError) {
    if message.isError {
      fold.failedCall()
      return
    }
    if let total = message.totalUsage {
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
        usage, isPartial: false, &fold)
    } else if let usage = message.usage {
      var id = message.id ?? message.requestID
      if id == nil {
        fold.agent.callCount &+= 1
        id = "\(fold.session ?? "")#\(fold.agent.callCount)"
      }
      try count(
        id ?? "", message.requestID, usage, isPartial: message.isPartial, &fold)
    }
    fold.message(message)
  }

  /// Counts a call, or what another line of it says.
  private func count(
    _ id: String, _ requestID: String?, _ usage: TokenUsage, isPartial: Bool,
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
    switch (before?.isPartial, isPartial) {
    case (false, true): break
    case (true, true): call.usage = .greater(call.usage, usage)
    default: (call.usage, call.isPartial) = (usage, isPartial)
    }
    if call.basis != .said {
      (call.cost, call.basis) = self.cost(
        of: call.usage, model: model, at: call.context.time, isPartial: call.isPartial)
    }
    try keep(call, before, key, &fold)
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
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    try runs.change(runKey) { slot in
      var run = slot ?? RunState()
      if let before {
        run.subtract(before.model, before.usage, before.cost)
      } else if !call.isUnattributed, run.calls.count < RunState.callsMax {
        run.calls.append(key)
      }
      run.add(call.model, call.usage, call.cost)
      slot = run
    }
    fold.agent.turn?.add(call, before)
  }

  func begin(run stream: Events.Stream, _ session: String?) throws(TableError) {
    let key = agentKey(stream, session, nil)
    try runs.change(key) { slot in
      var run = RunState()
      run.totalCount = slot?.totalCount ?? 0
      slot = run
    }
  }

  /// What a run says that it used: its calls' dollars are said from now on, and what they do not
  /// come to is a call of its own that nothing is told of.
  func total(_ total: RunTotal, _ fold: inout ConversationFold) throws(TableError) {
    if let turn = total.turn { fold.openTurn(endingAs: turn) }
    let key = agentKey(fold.event.stream, fold.session, nil)
    var run = try runs.row(key) ?? RunState()
    if run.isTotalled, !total.mayFollow(run) {
      let count = run.totalCount
      run = RunState()
      run.totalCount = count
    }
    run.isTotalled = true
    run.totalCount &+= 1
    let count = run.totalCount
    let counted = run.calls
    try runs.put(key, run)
    for call in counted {
      guard let before = try calls.row(call), before.basis != .said, before.cost != nil else {
        continue
      }
      var said = before
      said.basis = .said
      try keep(said, before, call, &fold)
    }
    let models =
      total.models.isEmpty
      ? [RunTotal.OfModel(model: "", usage: TokenUsage(), costUSD: total.costUSD)] : total.models
    for model in models {
      let known =
        run.models.first { $0.model == model.model } ?? RunState.OfModel(model: model.model)
      let usage = total.models.isEmpty ? TokenUsage() : model.usage.rest(beyond: known.usage)
      let cost = model.costUSD.map {
        Money(dollars: $0) - (total.models.isEmpty ? run.cost : known.cost)
      }
      if usage.isZero, (cost ?? Money()) == Money() { continue }
      let id = "\(fold.session ?? "")/total \(count)/\(model.model)"
      var call = ModelCall(
        event: fold.event.id, id: id, context: fold.callContext,
        model: model.model.isEmpty ? nil : model.model, usage: usage, cost: cost,
        basis: cost == nil ? .unknown : .said)
      call.isUnattributed = true
      try keep(call, nil, Hash128(of: id), &fold)
    }
  }
}

extension RunState {
  var cost: Money { models.reduce(Money()) { $0 + $1.cost } }
}

extension RunTotal {
  /// Whether it can be a later total of the same process, whose totals only grow.
  func mayFollow(_ run: RunState) -> Bool {
    models.allSatisfy { model in
      guard let known = run.models.first(where: { $0.model == model.model }) else { return true }
      return (0..<TokenUsage.size).allSatisfy {
        model.usage[$0] == nil || (model.usage[$0] ?? 0) >= (known.usage[$0] ?? 0)
      }
    }
  }
}

extension TokenUsage {
  /// What a total has beyond a sum. A total does not tell writes to the cache apart.
  func rest(beyond known: TokenUsage) -> TokenUsage {
    var known = known
    if longCacheWrite == nil {
      known.cacheWrite = (known.cacheWrite ?? 0) &+ (known.longCacheWrite ?? 0)
      known.longCacheWrite = nil
    }
    var rest = self - known
    for count in 0..<Self.size where self[count] == nil { rest[count] = nil }
    return rest
  }
}
