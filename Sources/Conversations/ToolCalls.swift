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
    if let process = use.process { fold.agent.wait(for: process, by: key) }
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
    if result.isNotice {
      guard let index = fold.agent.processes.firstIndex(where: { $0.id == result.process }),
        try end(process: index, result, &fold)
      else {
        fold.isDropped = true
        return
      }
      return
    }
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
    call.ending = ToolCall.Ending(result.ending)
    let waited = fold.agent.processes.firstIndex { $0.waits.contains(key) }
    if waited != nil, result.hasExited || result.ending == .unfinished {
      // To wait for a process succeeds, whatever that comes to.
      call.ending = .succeeded
    } else if result.ending == .unfinished, let process = result.process {
      fold.agent.begin(process, by: key)
    }
    call.outputSize = result.outputSize
    call.linesAdded = max(call.linesAdded, result.linesAdded)
    call.linesRemoved = max(call.linesRemoved, result.linesRemoved)
    call.toldCommits = result.commits
    call.latencyMS = ranMS(before, result.latencyMS, fold)
    try tools.put(key, call)
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    guard let waited else {
      fold.result(of: call, result)
      return
    }
    try wait(call, process: waited, key, result, &fold)
  }

  /// What a wait for a process comes to: its end is that of the call that began it.
  private func wait(
    _ wait: ToolCall, process index: Int, _ key: Hash128, _ result: ToolResult,
    _ fold: inout ConversationFold
  ) throws(TableError) {
    if result.hasExited, try end(process: index, result, &fold) { return }
    if result.hasExited {
      fold.agent.processes.remove(at: index)
    } else {
      fold.agent.processes[index].waits.removeAll { $0 == key }
    }
    fold.result(of: wait, result)
  }

  /// The end of a process is that of the call that began it; false where none that is open did.
  private func end(
    process index: Int, _ result: ToolResult, _ fold: inout ConversationFold
  ) throws(TableError) -> Bool {
    guard let began = fold.agent.processes[index].call, let before = try tools.row(began),
      before.ending == .open
    else { return false }
    fold.agent.processes.remove(at: index)
    var call = before
    call.ending = ToolCall.Ending(result.ending)
    call.toldCommits = result.commits
    call.latencyMS = ranMS(before, nil, fold)
    try tools.put(began, call)
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    fold.result(of: call, result)
    return true
  }

  /// How long a call ran; a longer wait is that for a person.
  private func ranMS(
    _ call: ToolCall, _ saidMS: FixedPoint?, _ fold: ConversationFold
  ) -> FixedPoint? {
    let ran = saidMS ?? elapsed(from: call.context.time, to: fold.event.time)
    return ran.flatMap { $0.units > 600_000 * FixedPoint.one.units ? nil : $0 }
  }

  private func elapsed(from start: Timestamp, to end: Timestamp) -> FixedPoint? {
    let (elapsed, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return isTooLong || elapsed < 0 ? nil : FixedPoint(units: elapsed).thousandfold
  }
}

extension ToolCall.Ending {
  fileprivate init(_ ending: ToolResult.Ending) {
    switch ending {
    case .succeeded: self = .succeeded
    case .failed: self = .failed
    case .rejected: self = .rejected
    case .unfinished: self = .open
    }
  }
}

extension FixedPoint {
  /// Milliseconds of seconds; a count of nanoseconds is one of billionths of a second.
  fileprivate var thousandfold: FixedPoint? {
    let (units, isTooLarge) = units.multipliedReportingOverflow(by: 1_000)
    return isTooLarge ? nil : FixedPoint(units: units)
  }
}
