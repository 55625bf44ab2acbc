import Bytes
import Events
import Facts

/// The fold of one event into the state of its agent.
struct ConversationFold {
  let event: Event
  /// The event's, with what its line leaves out.
  var fields: Fields
  let session: String?
  let agentID: String?
  var agent: AgentState
  var modelCalls: [CallChange<ModelCall>] = []
  var toolCalls: [CallChange<ToolCall>] = []
  var notes: [SessionNote] = []
  /// What is said of turns that end, or that go on after all.
  var endings: [(kind: String, fields: Fields)] = []
  /// What is told of its call's result, which was read before.
  var late: [Event] = []
  /// Whether the event tells again what was told.
  var isDropped = false
  /// The event's kind, but for what turns out to be another.
  var kind: String
  /// The command that failed, of a line of several.
  var blamed: String?

  init(
    event: Event, fields: Fields, session: String?, agentID: String?, agent: AgentState
  ) {
    self.event = event
    kind = event.kind
    self.fields = fields
    self.session = session
    self.agentID = agentID
    self.agent = agent
  }

  var callContext: CallContext {
    CallContext(
      stream: event.stream, session: session, user: fields.text(.userID), agentID: agentID,
      agent: fields.text(.agent), project: fields.text(.project), interaction: agent.turn?.id,
      time: event.time,
      isTimeInferred: event.envelope.isTimeInferred)
  }

  mutating func note(_ what: SessionNote.What) {
    notes.append(SessionNote(of: event.id, callContext, what))
  }

  /// The event as projectors see it.
  var enriched: Event {
    var fields = fields
    // What ends a turn is said by the event that follows.
    if let turn = agent.turn, belongsToTurn { fields.set(.interactionID, turn.id) }
    var envelope = event.envelope
    envelope.kind = kind
    return Event(event.id, envelope: envelope, fields: fields, record: nil, isKnownByName: true)
  }

  /// An event that says how a turn stands.
  func event(_ ending: (kind: String, fields: Fields)) -> Event {
    var envelope = event.envelope
    envelope.kind = ending.kind
    return Event(
      event.id, envelope: envelope, fields: ending.fields, record: nil, isKnownByName: true)
  }

  private var belongsToTurn: Bool {
    switch kind {
    case "task_submitted", "inference", "message", "tool_call", "tool_result", "turn_interrupted":
      true
    default: false
    }
  }

  /// The session; where no line names it, the file.
  private var place: String { session ?? "source \(event.envelope.source)" }

  /// A name, unique in all sessions, of what has one in its turn alone.
  func name(ofLocal id: String) -> String {
    let agent = agentID.map { "/\($0)" } ?? ""
    return "\(place)\(agent)#\(self.agent.turnCount)/\(id)"
  }

  // MARK: Turns

  /// Whether what happens is of turns: what another agent asked is of none.
  var hasTurns: Bool { agentID == nil && !agent.isSubAgent }

  /// The tool begins to work on something: a request that it did nothing about so far is that.
  mutating func begin(task: String) {
    agent.task = task
    if let turn = agent.turn, turn.state == .working, turn.modelCalls == 0, turn.steps == 0 {
      agent.turn?.task = task
    }
  }

  /// Whether a task is another than that of the turn.
  private func isOther(_ task: String?) -> Bool {
    guard let task, let own = agent.turn?.task else { return false }
    return task != own
  }

  /// A turn that counts, and whose request stands in no line so far.
  private mutating func beginUnasked(_ id: TurnID) {
    if let turn = agent.turn, turn.isUnasked, agent.unasked.count < AgentState.unaskedMax {
      agent.unasked.append(turn)
    }
    begin(id, nil)
    agent.turn?.isUnasked = true
    note(.turn(prompt: nil))
  }

  mutating func begin(_ id: TurnID, _ prompt: Hash128?, parent: Hash128? = nil) {
    agent.turnCount &+= 1
    let name =
      switch id {
      case .named(let name): name
      case .numbered:
        "\(place)#\(agent.turnCount)"
      }
    var turn = Turn(id: name, began: event.time)
    turn.prompt = prompt
    turn.task = agent.task
    agent.turn = turn
    if agent.past.count == AgentState.pastMax { agent.past.removeFirst() }
    agent.past.append(PastTurn(id: name, parent: parent))
  }

  /// A request ends the turn before it, where nothing else did.
  mutating func closeBefore() {
    guard let turn = agent.turn, turn.state == .working || turn.state == .rejected,
      turn.steps > 0 || turn.modelCalls > 0
    else { return }
    end(turn, isComplete: false)
  }

  /// Where the request stands in no line, what an agent does belongs to a turn all the same.
  ///
  /// - Parameter id: of what it does first; nil for a turn that is known by its number.
  mutating func openTurn(named id: String?) {
    // What a sub-agent does is no turn.
    guard hasTurns, agent.turn == nil || agent.isTurnClosed else { return }
    // Without a run there is one such turn alone, whichever of its lines is read first.
    guard agent.isRun || agent.isTurnClosed else { return begin(.numbered, nil) }
    beginUnasked(id.map { TurnID.named("\(session ?? "")/\($0)") } ?? .numbered)
  }

  /// What a run tells at its end is of a turn, though nothing told of that before.
  mutating func openTurn(endingAs id: String) {
    guard hasTurns, agent.turn == nil || agent.isTurnClosed else { return }
    beginUnasked(.named(id))
  }

  /// A run begins: that before it told no end, where its turn is still open, for it was stopped.
  mutating func beginRun() {
    if agent.isRun, agent.turn?.isClosed == false {
      closeBefore()
      agent.turn?.isClosed = true
    }
    agent.isRun = true
  }

  /// A tool says that a turn begins, and not what was asked.
  mutating func startTurn() {
    guard hasTurns else { return }
    closeBefore()
    beginUnasked(.numbered)
  }

  mutating func message(_ message: Message) {
    guard var turn = agent.turn else { return }
    let isFirst = event.time < turn.began
    if turn.reach(event) {
      if turn.model == nil || isFirst { turn.model = fields.text(.model) ?? turn.model }
      if turn.response.isEmpty, let text = message.text { turn.response = text }
      agent.turn = turn
      // It went on after this, or ended.
      let mayHaveEnded = message.text != nil && message.endsTurn != false
      if turn.state == .mayBeOver || (turn.state == .working && mayHaveEnded) {
        end(turn, isComplete: turn.state == .mayBeOver, isGoingOn: true)
      }
      return
    }
    if turn.state == .rejected { turn.state = .working }
    // A call that failed before was made again.
    turn.success = nil
    if turn.model == nil { turn.model = fields.text(.model) }
    if let text = message.text {
      if let id = message.id, id == turn.message {
        turn.response += "\n\n" + text
      } else {
        turn.response = text
      }
      turn.message = message.id
      if turn.response.utf8.count > Turn.responseSizeMax {
        turn.response = String(turn.response.prefix(Turn.responseSizeMax / 4))
      }
    }
    agent.turn = turn
    guard turn.state != .interrupted, turn.state != .undone else { return }
    if message.endsTurn == true, !turn.response.isEmpty {
      agent.turn?.state = .over
      end(agent.turn, isComplete: true)
    } else if message.endsTurn == nil, message.text != nil {
      agent.turn?.state = .mayBeOver
      end(agent.turn, isComplete: true)
    }
  }

  mutating func failedCall() {
    guard var turn = agent.turn else { return }
    turn.last = event.time
    turn.success = false
    if turn.state == .interrupted || turn.state == .undone { return }
    turn.state = .mayBeOver
    agent.turn = turn
    // Until a call is made again.
    end(turn, isComplete: false)
  }

  mutating func end(_ said: TurnEnd) {
    if isOther(said.task) {
      isDropped = true
      return
    }
    // One run tells of its end once: another end is that of another turn.
    if agent.turn == nil || (said.turn != nil && agent.isTurnClosed) {
      guard hasTurns else { return }
      beginUnasked(said.turn.map(TurnID.named) ?? .numbered)
    }
    if said.turn != nil { agent.turn?.isClosed = true }
    guard var turn = agent.turn else { return }
    if turn.state == .interrupted || turn.state == .undone { return }
    if event.time > turn.last { turn.last = event.time }
    if let response = said.response { turn.response = response }
    if turn.model == nil { turn.model = said.model }
    if let latency = said.latencyMS { turn.latencyMS = latency }
    if said.isUnanswered, turn.modelCalls == 0, turn.steps == 0, turn.response.isEmpty {
      turn.success = false
    }
    if let succeeded = said.succeeded, said.turn != nil || !succeeded { turn.success = succeeded }
    turn.state = .over
    agent.turn = turn
    end(turn, isComplete: said.succeeded != false && !said.isUnanswered)
  }

  mutating func interrupt(_ task: String?) {
    if isOther(task) {
      isDropped = true
      return
    }
    note(.interruption)
    guard agent.turn != nil else { return }
    agent.turn?.state = .interrupted
    agent.turn?.last = event.time
    end(agent.turn, isComplete: false)
  }

  /// Says how a turn stands, which may be said again as it goes on.
  mutating func end(_ turn: Turn?, isComplete: Bool, isGoingOn: Bool = false) {
    guard let turn, hasTurns else { return }
    var ending = turn.ending(isComplete: isComplete)
    agent.context.forEach { field, value in
      if !ending.has(field) { ending[field] = value }
    }
    ending.set(.sessionID, session)
    ending.set(.errorMessage, event.kind == Kinds.turnEnded ? fields.text(.errorMessage) : nil)
    ending.set(.errorType, event.kind == Kinds.turnEnded ? fields.text(.errorType) : nil)
    let isOver = turn.state != .mayBeOver && !(turn.state == .working && isGoingOn)
    endings.append((isOver ? Kinds.turnEnded : Kinds.turnProgressed, ending))
  }

  // MARK: Tools

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
      case .tests: turn.tests = isPast ? turn.tests ?? passed : passed
      case .build: turn.check = isPast ? turn.check ?? passed : passed
      }
    }
    agent.turn = turn
    // Nothing else may tell of it: a file may end here.
    if (turn.tests, turn.check) != before, turn.state != .interrupted, turn.state != .undone {
      end(turn, isComplete: turn.state != .working, isGoingOn: true)
    }
  }
}

extension Turn {
  /// Adds a call of its own, or what changed of one.
  mutating func add(_ call: ModelCall, _ before: ModelCall?) {
    guard call.context.interaction == id || before == nil else { return }
    if let before {
      usage = usage - before.usage
      if let dollars = before.cost { cost = (cost ?? Money()) - dollars }
    }
    usage = usage + call.usage
    if let dollars = call.cost { cost = (cost ?? Money()) + dollars }
  }
}
