import Bytes
import Events
import Facts
import Tables
import Views

// What a run of a tool printed, of a session that has a file of its own: the file tells the same and
// more, so that it alone counts, whichever is read first.
extension Conversations {
  /// The file of a session begins: what its runs printed before counts no more, and their turns are
  /// those that the file tells the requests of.
  func takeBackPrinted(_ fold: inout ConversationFold) throws(TableError) {
    if fold.agent.hasFile { return }
    fold.agent.hasFile = true
    for key in fold.agent.printedCalls {
      guard let before = try calls.row(key) else { continue }
      var after = before
      after.usage = TokenUsage()
      after.cost = nil
      after.isToldTwice = true
      try keep(after, before, key, &fold)
    }
    for key in fold.agent.printedTools {
      guard let before = try tools.row(key)?.call else { continue }
      var after = before
      after.isToldTwice = true
      try tools.put(key, KnownTool(after))
      fold.toolCalls.append(CallChange(of: fold.event.id, before: before, after: after))
    }
    fold.agent.forgetPrinted()
  }
}

extension ConversationFold {
  /// Notes what is to be taken back when the file of the session is read.
  mutating func rememberPrinted() {
    for change in modelCalls where change.before == nil {
      guard agent.printedCalls.count < AgentState.printedMax else { break }
      agent.printedCalls.append(Hash128(of: change.after.id))
    }
    for change in toolCalls where change.before == nil {
      guard agent.printedTools.count < AgentState.printedMax else { break }
      agent.printedTools.append(Hash128(of: change.after.id))
    }
    if event.kind == "tool_result", !isDropped, fields.has(.errorMessage) {
      agent.printedFailures &+= 1
    }
  }

  /// Leaves out an error that a run's output told of before the session's file does.
  mutating func leaveOutPrintedFailure() {
    guard agent.hasFile, agent.printedFailures > 0, fields.has(.errorMessage) else { return }
    agent.printedFailures -= 1
    fields[.errorMessage] = nil
    fields[.errorType] = nil
  }
}

extension AgentState {
  fileprivate mutating func forgetPrinted() {
    printedCalls = []
    printedTools = []
    totals = []
    runTotals = []
    for index in unasked.indices { unasked[index].empty() }
    if turn?.isUnasked == true { turn?.empty() }
  }
}

extension Turn {
  /// Forgets what was done in it.
  fileprivate mutating func empty() {
    self = Turn(id: id, began: began)
    isUnasked = true
  }
}
