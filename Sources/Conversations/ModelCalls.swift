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
    call.serviceTier = message.serviceTier.flatMap { $0 == "standard" ? nil : $0 }
    if call.basis != .said {
      (call.cost, call.basis) = self.cost(
        of: call.usage, model: model, at: call.context.time, tier: call.serviceTier,
        isPartial: call.isPartial)
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
