import Bytes
import Events
import Facts
import Tables
import Views

// Tools: each counts once, from its call to its result.
extension Conversations {
  func toolUse(_ use: ToolUse, _ fold: inout ConversationFold) throws(TableError) {
    if use.isEcho, try cursors.row(fold.event.envelope.source)?.tellsEnds == true {
      fold.isDropped = true
      return
    }
    if use.isLocalID { fold.openTurn(named: nil) }
    let id = use.isLocalID ? fold.name(ofLocal: use.id) : use.id
    let key = Hash128(of: id)
    let known = try tools.row(key)
    if let before = known?.call {
      fold.isDropped = true
      return try adopt(before, key, &fold)
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
    try tools.put(key, KnownTool(call))
    if let process = use.process { fold.agent.wait(for: process, by: key) }
    fold.toolCalls.append(CallChange(of: fold.event.id, before: nil, after: call))
    fold.use(call)
    if let held = known?.held { try release(held, for: call, key, &fold) }
  }

  /// A call that a file told of which names no session is that of the session in which it is told; and
  /// what a transcript says of when and by whom holds over what a run printed.
  private func adopt(
    _ before: ToolCall, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    let isOfSession = before.context.session == nil && fold.session != nil
    let isTimed =
      before.context.session == fold.session && before.context.isTimeInferred
      && !fold.event.envelope.isTimeInferred
    guard isOfSession || isTimed else { return }
    var call = before
    let interaction = before.context.interaction
    call.context = fold.callContext
    if isTimed { call.context.interaction = interaction }
    try tools.put(key, KnownTool(call))
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
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

  func toolResult(_ told: ToolResult, _ fold: inout ConversationFold) throws(TableError) {
    if told.isNotice {
      guard let index = fold.agent.processes.firstIndex(where: { $0.id == told.process }),
        try end(process: index, told, &fold)
      else {
        fold.isDropped = true
        return
      }
      return
    }
    let key = Hash128(of: told.isLocalID ? fold.name(ofLocal: told.id) : told.id)
    let known = try tools.row(key)
    guard let known else { return try hold(told, key, &fold) }
    guard let call = known.call, call.ending == .open else {
      fold.isDropped = true
      return
    }
    try end(call, key, by: told, &fold)
  }

  /// Ends a call by its result.
  func end(
    _ before: ToolCall, _ key: Hash128, by told: ToolResult, _ fold: inout ConversationFold
  ) throws(TableError) {
    var (call, result) = (before, told)
    let waited = fold.agent.processes.firstIndex { $0.waits.contains(key) }
    var passed: Bool?
    if waited == nil { passed = fold.judge(&call, &result) }
    if waited != nil { call.ending = ToolCall.Ending(result.ending) }
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
    try tools.put(key, KnownTool(call))
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    guard let waited else {
      fold.result(of: call, result, passed: passed)
      return
    }
    try wait(call, process: waited, key, result, &fold)
  }

  /// What a wait for a process comes to: its end is that of the call that began it.
  private func wait(
    _ wait: ToolCall, process index: Int, _ key: Hash128, _ told: ToolResult,
    _ fold: inout ConversationFold
  ) throws(TableError) {
    if told.hasExited, try end(process: index, told, &fold) { return }
    if told.hasExited {
      fold.agent.processes.remove(at: index)
    } else {
      fold.agent.processes[index].waits.removeAll { $0 == key }
    }
    fold.result(of: wait, told, passed: nil)
  }

  /// The end of a process is that of the call that began it; false where none that is open did.
  private func end(
    process index: Int, _ told: ToolResult, _ fold: inout ConversationFold
  ) throws(TableError) -> Bool {
    var result = told
    guard let began = fold.agent.processes[index].call, let before = try tools.row(began)?.call,
      before.ending == .open
    else { return false }
    fold.agent.processes.remove(at: index)
    var call = before
    let passed = fold.judge(&call, &result)
    call.toldCommits = result.commits
    call.latencyMS = ranMS(before, nil, fold)
    try tools.put(began, KnownTool(call))
    fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    fold.result(of: call, result, passed: passed)
    return true
  }

  /// How long a call ran; a longer wait is that for a person.
  private func ranMS(
    _ call: ToolCall, _ saidMS: FixedPoint?, _ fold: ConversationFold
  ) -> FixedPoint? {
    let ran = saidMS ?? elapsed(from: call.context.time, to: fold.event.time)
    let most = ToolCall.runMinutesMax * 60_000 * FixedPoint.one.units
    return ran.flatMap { $0.units > most ? nil : $0 }
  }

  private func elapsed(from start: Timestamp, to end: Timestamp) -> FixedPoint? {
    let (elapsed, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return isTooLong || elapsed < 0 ? nil : FixedPoint(units: elapsed).thousandfold
  }
}

extension ConversationFold {
  mutating func use(_ call: ToolCall) {
    guard var turn = agent.turn else { return }
    turn.steps &+= 1
    fields.set(.steps, turn.steps)
    if turn.tools.count < Turn.toolsMax, !turn.tools.contains(call.tool) {
      turn.tools.append(call.tool)
    }
    let mayBeOver = turn.state == .mayBeOver || turn.state == .over
    if turn.reach(event) {
      agent.turn = turn
      if mayBeOver { end(turn, isComplete: true) }
      return
    }
    turn.state = .working
    agent.turn = turn
    // It goes on after all.
    if mayBeOver { end(turn, isComplete: false, isGoingOn: true) }
  }

  /// - Parameter passed: what the check came to that the call ran.
  mutating func result(of call: ToolCall, _ result: ToolResult, passed: Bool?) {
    fields[.toolsUsed] = .texts([call.tool])
    fields.set(.command, blamed ?? call.command)
    // An edit is known by what it changes.
    if call.isEdit, call.command == nil, let path = call.paths.first {
      fields.set(.command, "\(call.tool) \(path)")
    }
    fields.set(.toolInput, "\(call.input)")
    if result.isSilent, let head = call.commandHead, let said = fields.text(.errorMessage) {
      fields.set(.errorMessage, "\(head) \(said)")
    }
    fields.set(.latencyMS, call.latencyMS)
    let hasFailed = call.ending == .failed || (call.ending == .succeeded && passed == false)
    if call.ending == .succeeded || hasFailed { fields[.success] = .bool(!hasFailed) }
    if hasFailed { leaveOutPrintedFailure() }
    guard var turn = agent.turn else { return }
    fields.set(.steps, turn.steps)
    let isPast = turn.reach(event)
    if hasFailed {
      if turn.failed.count < Turn.failedMax { turn.failed.append(call.input) }
      turn.callsSinceFailure = []
    } else if result.ending == .rejected, !isPast {
      turn.state = .rejected
    }
    let before = (turn.tests, turn.check)
    if let passed, let check = call.command.flatMap(Check.of)?.check {
      if !passed { turn.failedChecks &+= 1 }
      switch check {
      case .tests:
        if !isPast || turn.testsAt.map({ $0 < event.time }) ?? true {
          (turn.tests, turn.testsAt) = (passed, event.time)
        }
      case .build:
        if !isPast || turn.checkAt.map({ $0 < event.time }) ?? true {
          (turn.check, turn.checkAt) = (passed, event.time)
        }
      }
    }
    agent.turn = turn
    // Nothing else may tell of it: a file may end here.
    if (turn.tests, turn.check) != before, turn.state != .interrupted, turn.state != .undone {
      end(turn, isComplete: turn.state != .working, isGoingOn: true)
    }
  }

  /// Takes what a result says of the call that it ends, and of the command that that ran: what a
  /// check printed tells more than the exit status of a pipe behind it.
  ///
  /// - Returns: whether a check passed, where the command was one.
  mutating func judge(_ call: inout ToolCall, _ result: inout ToolResult) -> Bool? {
    call.ending = ToolCall.Ending(result.ending)
    guard let command = call.command, call.ending == .succeeded || call.ending == .failed else {
      return nil
    }
    let hasFailed = call.ending == .failed
    let output = result.outputTail
    if hasFailed, result.isSilent, fields.number(.exitCode) == .one, Check.answersByExit(command) {
      (result.ending, call.ending) = (.succeeded, .succeeded)
      for field in [Field.errorMessage, .errorType, .status] { fields[field] = nil }
      return nil
    }
    let run = Check.of(command)
    let passed = run?.passed(
      hasFailed: hasFailed, exitCode: fields.number(.exitCode), output: output)
    if hasFailed {
      failedCommand(&call, command, passed == false ? run : nil)
    } else if passed == false, let run {
      failed(run, output ?? "")
      if let parts = ShellParts(command) { blame(run.command, of: parts, &call) }
      call.commandEnding = .failed
    }
    return passed
  }

  /// Which command of a line failed, as far as that is known.
  private mutating func failedCommand(
    _ call: inout ToolCall, _ command: String, _ run: CheckRun?
  ) {
    guard let parts = ShellParts(command), parts.all.count > 1 else { return }
    let index = parts.failed(printing: fields.text(.errorMessage) ?? "")
    if let step = index.map(parts.step) ?? (parts.checks == 1 ? run?.command : nil) {
      blame(step, of: parts, &call)
    } else {
      // Any of them may have failed.
      call.commandEnding = .open
    }
  }

  /// A command of a line is what failed.
  private mutating func blame(
    _ command: String, of parts: ShellParts, _ call: inout ToolCall
  ) {
    call.commandHead = commandHead(command) ?? call.commandHead
    if parts.proven.count > 1 { blamed = command }
  }

  /// Tells of a check that failed though the call did not, as of one that ended with a failure.
  private mutating func failed(_ run: CheckRun, _ output: String) {
    var message = output[...]
    // The end of a longer output begins within a line.
    if output.utf8.count > 4_000, let line = output.firstIndex(where: \.isNewline) {
      message = output[line...].dropFirst()
    }
    fields.set(.errorMessage, String(message))
    fields.set(.status, "failed")
    // It is that of what stands behind the check.
    fields[.exitCode] = nil
  }
}

extension ShellParts {
  /// How many checks it runs.
  fileprivate var checks: Int { all.count { Check.isCheck($0.text) } }
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
