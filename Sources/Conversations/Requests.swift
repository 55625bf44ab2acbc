import Bytes
import Events
import Facts

// What a person asks: when it begins a turn, when it waits, and when it is taken back.
extension ConversationFold {
  mutating func prompt(_ request: AskedPrompt) {
    guard hasTurns else {
      isDropped = true
      return
    }
    let text = fields.text(.prompt) ?? ""
    let hash = Hash128(of: text)
    (agent.sent, agent.sentID) = (nil, nil)
    if request.origin == .queued {
      if let index = agent.taken.firstIndex(of: hash) {
        agent.taken.remove(at: index)
        isDropped = true
        return
      }
      if agent.queued.contains(text), agent.attached.count < AgentState.queuedMax {
        agent.attached.append(hash)
      }
    }
    // Some tools tell of a request twice.
    if let turn = agent.turn, turn.prompt == hash, turn.modelCalls == 0, turn.steps == 0,
      turn.state == .working, turn.success == nil
    {
      isDropped = true
      return
    }
    if let parent = request.parent,
      let first = agent.past.firstIndex(where: { $0.parent == parent })
    {
      undo(UInt64(agent.past.count - first))
    }
    closeBefore()
    if let turn = agent.turn, turn.prompt == nil, !turn.isUnasked, !agent.isRun {
      agent.unrequested = turn
    }
    if var turn = agent.takeUnasked() {
      turn.prompt = hash
      turn.isUnasked = false
      agent.turn = turn
      note(.request(text))
      return
    }
    begin(request.turn, hash, parent: request.parent)
    note(.turn(prompt: text))
  }

  /// Keeps what was sent to the model in a person's place, until the agent does something about it.
  mutating func send(_ request: AskedPrompt, isTold: Bool) {
    if !isTold {
      agent.sent = fields.text(.prompt)
      if case .named(let id) = request.turn { agent.sentID = id } else { agent.sentID = nil }
    }
    if request.origin == .command {
      if agent.eventCount > 0 { note(.activity) } else { _ = agent.wait(since: event.time) }
    }
    isDropped = true
  }

  /// The agent does something: what was sent to it is the request, where nothing told of one.
  mutating func promptSent() {
    guard hasTurns, let text = agent.sent else { return }
    let id = agent.sentID
    (agent.sent, agent.sentID) = (nil, nil)
    let hash = Hash128(of: text)
    if let turn = agent.turn, turn.prompt == hash, turn.modelCalls == 0, turn.steps == 0 { return }
    closeBefore()
    begin(id.map(TurnID.named) ?? .numbered, hash)
    note(.turn(prompt: text))
    var asked = Fields()
    asked.complete(from: agent.context)
    asked.set(.sessionID, session)
    asked.set(.interactionID, agent.turn?.id)
    asked.set(.prompt, text)
    endings.append(("task_submitted", asked, event.time))
  }

  /// A person took back the last turns: they failed, whatever else is said of them.
  mutating func undo(_ count: UInt64) {
    guard hasTurns else { return }
    for turn in agent.past.suffix(Int(clamping: count)).reversed() {
      if turn.id == agent.turn?.id {
        agent.turn?.state = .undone
        end(agent.turn, isComplete: false)
        continue
      }
      var ending = Fields()
      ending.set(.interactionID, turn.id)
      ending.set(.sessionID, session)
      ending.set(.agent, agent.context.text(.agent))
      ending.set(.status, "failed")
      ending.set(.outcomeBasis, "human")
      endings.append((Kinds.turnEnded, ending, event.time))
    }
    agent.past.removeLast(min(agent.past.count, Int(clamping: count)))
  }

  /// What came before was replaced by a summary, behind which lines follow none.
  mutating func compact() {
    note(.compaction)
    for index in agent.past.indices { agent.past[index].parent = nil }
  }

  mutating func queue(_ text: String) {
    if agent.queued.count < AgentState.queuedMax { agent.queued.append(text) }
    isDropped = true
  }

  mutating func unqueue(isPrompt: Bool) {
    guard !agent.queued.isEmpty else {
      isDropped = true
      return
    }
    let text = agent.queued.removeFirst()
    let hash = Hash128(of: text)
    if let index = agent.attached.firstIndex(of: hash) {
      // The line that it was attached to has told of it.
      agent.attached.remove(at: index)
      isDropped = true
      return
    }
    guard isPrompt else {
      isDropped = true
      return
    }
    fields.set(.prompt, text)
    kind = "task_submitted"
    prompt(AskedPrompt(idOfTaken))
    if agent.taken.count == AgentState.queuedMax { agent.taken.removeFirst() }
    agent.taken.append(hash)
  }

  /// A turn whose request was taken from the queue is known by when that was, which the line tells in
  /// whatever order files are read.
  private var idOfTaken: TurnID {
    if event.envelope.isTimeInferred { return .numbered }
    let id = "\(session ?? "")/\(event.time)"
    let ids = Set(agent.past.map(\.id))
    if !ids.contains(id) { return .named(id) }
    let number = (2...AgentState.pastMax + 1).first { !ids.contains("\(id)/\($0)") }
    return number.map { .named("\(id)/\($0)") } ?? .numbered
  }

  mutating func emptyQueue() {
    agent.queued = []
    agent.attached = []
    isDropped = true
  }

  /// Takes over the state that a copied line leaves behind, so that what follows it has its turn.
  mutating func takeCopy(_ content: ConversationRecord.Content) {
    switch content {
    case .prompt(let request):
      guard request.origin != .sent, request.origin != .command else { return }
      begin(request.turn, Hash128(of: fields.text(.prompt) ?? ""))
      agent.turn?.state = .over
    case .message(let message):
      if let total = message.totalUsage {
        if agent.totals.last?.call == nil { _ = agent.totals.popLast() }
        let copied = RunningTotal(
          total, at: event.time, from: event.envelope.source, endOf: nil)
        agent.keep(copied, at: agent.totals.endIndex)
      }
    default: break
    }
  }
}
