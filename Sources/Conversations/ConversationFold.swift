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
  /// What is said of turns that end, or that go on after all, and when that was.
  var endings: [(kind: String, fields: Fields, time: Timestamp)] = []
  /// The turn at hand, while something is told of that was before it.
  var setAside: Turn?
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
    let turn = setAside == nil ? agent.turn : agent.unrequested
    if let turn, belongsToTurn { fields.set(.interactionID, turn.id) }
    var envelope = event.envelope
    envelope.kind = kind
    return Event(event.id, envelope: envelope, fields: fields, record: nil, isKnownByName: true)
  }

  /// What names the call of a failure that an event told before: which message that had, it has told.
  func completion(of told: EventID) -> Event {
    let event = enriched
    var fields = event.fields
    for field in [Field.errorMessage, .errorType, .errorStack] { fields[field] = nil }
    return Event(
      event.id, envelope: event.envelope, fields: fields, record: nil, isKnownByName: true,
      completes: told)
  }

  /// An event that says how a turn stands.
  func event(_ ending: (kind: String, fields: Fields, time: Timestamp)) -> Event {
    var envelope = event.envelope
    (envelope.kind, envelope.time) = (ending.kind, ending.time)
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
  var place: String { session ?? "source \(event.envelope.source)" }

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
        setAside == nil ? "\(place)#\(agent.turnCount)" : nameOfUnrequested
      }
    var turn = Turn(id: name, began: event.time)
    turn.prompt = prompt
    if prompt != nil, !event.envelope.isTimeInferred {
      turn.source = event.envelope.source
      agent.askedAt = min(agent.askedAt ?? event.time, event.time)
    }
    turn.task = agent.task
    agent.turn = turn
    if agent.past.count == AgentState.pastMax { agent.past.removeFirst() }
    let place = setAside == nil ? agent.past.endIndex : 0
    agent.past.insert(PastTurn(id: name, parent: parent), at: place)
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
    let isPast = turn.reach(event)
    if let model = fields.text(.model), turn.modelAt.map({ event.time < $0 }) ?? true {
      if turn.model == nil || isPast { (turn.model, turn.modelAt) = (model, event.time) }
    }
    if isPast {
      if let text = message.text, turn.responseAt.map({ $0 < event.time }) ?? true {
        (turn.response, turn.responseAt) = (text, event.time)
      }
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
    if let text = message.text {
      turn.responseAt = event.time
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
    if turn.id == agent.turn?.id { agent.turn?.isTold = true }
    var ending = turn.ending(isComplete: isComplete)
    agent.context.forEach { field, value in
      if !ending.has(field) { ending[field] = value }
    }
    ending.set(.sessionID, session)
    ending.set(.errorMessage, event.kind == Kinds.turnEnded ? fields.text(.errorMessage) : nil)
    ending.set(.errorType, event.kind == Kinds.turnEnded ? fields.text(.errorType) : nil)
    let isOver = turn.state != .mayBeOver && !(turn.state == .working && isGoingOn)
    var time = event.time
    // It was the request that told that nothing more would come.
    if setAside != nil, turn.state == .working || turn.state == .rejected {
      time = agent.askedAt ?? time
    }
    endings.append((isOver ? Kinds.turnEnded : Kinds.turnProgressed, ending, time))
  }
}
