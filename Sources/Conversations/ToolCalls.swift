import Bytes
import Events
import Facts
import Tables
import Views

// Tools: each counts once, from its call to its result.
extension Conversations {
  func toolUse(_ use: ToolUse, _ fold: inout ConversationFold) throws(TableError) {
    if use.isLocalID { fold.openTurn(named: nil) }
    let id = use.isLocalID ? fold.name(ofLocal: use.id) : use.id
    let key = Hash128(of: id)
    if try tools.row(key) != nil {
      fold.isDropped = true
      return
    }
    fold.openTurn(named: id)
    var call = ToolCall(
      event: fold.event.id, id: id, context: fold.callContext, tool: use.name)
    call.command = fold.fields.text(.command)
    call.commandHead = call.command.flatMap(commandHead)
    call.paths = use.paths
    call.isEdit = use.isEdit
    call.linesAdded = use.linesAdded
    call.linesRemoved = use.linesRemoved
    let input = Hash128(of: "\(use.name)\u{0}\(use.input.value)")
    call.isRetry = fold.agent.turn?.failed.contains(input) == true
    if call.isRetry { try markRetries(&fold) }
    call.input = input
    try tools.put(key, call)
    fold.toolCalls.append(CallChange(of: fold.event.id, before: nil, after: call))
    fold.use(call)
  }

  /// What was asked of models between a failure and its being tried again was the failure's cost.
  private func markRetries(_ fold: inout ConversationFold) throws(TableError) {
    for key in fold.agent.turn?.callsSinceFailure ?? [] {
      guard let before = try calls.row(key), !before.isRetry else { continue }
      var after = before
      after.isRetry = true
      try keep(after, before, key, &fold)
    }
    fold.agent.turn?.callsSinceFailure = []
  }

  func toolResult(_ result: ToolResult, _ fold: inout ConversationFold) throws(TableError) {
    let key = Hash128(of: result.isLocalID ? fold.name(ofLocal: result.id) : result.id)
    guard let before = try tools.row(key) else {
      // Its call stands in no line that is left: what went wrong is told all the same.
      return
    }
    if before.ending != .open {
      fold.isDropped = true
      return
    }
    var call = before
    switch result.ending {
    case .succeeded: call.ending = .succeeded
    case .failed: call.ending = .failed
    case .rejected: call.ending = .rejected
    case .unfinished: call.ending = .open
    }
    call.outputSize = result.outputSize
    call.linesAdded = max(call.linesAdded, result.linesAdded)
    call.linesRemoved = max(call.linesRemoved, result.linesRemoved)
    call.latencyMS = result.latencyMS ?? elapsed(from: before.context.time, to: fold.event.time)
    // A longer wait is that for a person.
    if let latency = call.latencyMS, latency.units > 600_000 * FixedPoint.one.units {
      call.latencyMS = nil
    }
    try tools.put(key, call)
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    fold.result(of: call, result)
  }

  private func elapsed(from start: Timestamp, to end: Timestamp) -> FixedPoint? {
    let (elapsed, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return isTooLong || elapsed < 0 ? nil : FixedPoint(units: elapsed).thousandfold
  }
}

extension FixedPoint {
  /// Milliseconds of seconds; a count of nanoseconds is one of billionths of a second.
  fileprivate var thousandfold: FixedPoint? {
    let (units, isTooLarge) = units.multipliedReportingOverflow(by: 1_000)
    return isTooLarge ? nil : FixedPoint(units: units)
  }
}
