import Events
import Facts
import Tables
import Views

// Turns of which several files tell, none of them all: the files may be read in any order.
extension ConversationFold {
  /// The agent does something, which belongs to the turn that it is of by then.
  mutating func act(on content: ConversationRecord.Content) {
    promptSent()
    goBack(for: content)
  }

  /// Goes back to what was done before the first request, where a file without one tells of that.
  private mutating func goBack(for content: ConversationRecord.Content) {
    guard content.isOfTurn, hasTurns, !agent.isRun, let turn = agent.turn, turn.prompt != nil,
      turn.isOfAnotherFile(event), let askedAt = agent.askedAt, event.time < askedAt
    else { return }
    setAside = turn
    agent.turn = agent.unrequested
  }

  /// What was told of such a turn is told again with each event of it: nothing else may tell of what
  /// is read last.
  mutating func tellTornTurn(after content: ConversationRecord.Content) {
    if content.isOfTurn, let turn = agent.turn, (turn.isTorn && turn.isTold) || setAside != nil,
      turn.state != .interrupted, turn.state != .undone,
      !endings.contains(where: { $0.fields.text(.interactionID) == turn.id })
    {
      let isComplete = turn.state == .mayBeOver || turn.state == .over
      end(turn, isComplete: isComplete, isGoingOn: setAside == nil)
    }
    guard let setAside else { return }
    agent.unrequested = agent.turn
    agent.turn = setAside
  }

  /// As it would be called if it was read first.
  var nameOfUnrequested: String {
    let name = "\(place)#1"
    return agent.past.contains { $0.id == name } ? "\(place)#0" : name
  }
}

extension Conversations {
  /// A file that tells all that was told of a turn so far is the one that goes on.
  func handOver(
    _ event: Event, _ record: ConversationRecord, in place: String
  ) throws(TableError) {
    let key = agentKey(event.stream, place, record.agentID)
    guard var agent = try agents.row(key), let turn = agent.turn, turn.last == event.time,
      turn.isOfAnotherFile(event)
    else { return }
    agent.turn?.source = event.envelope.source
    try agents.put(key, agent)
  }
}

extension ConversationRecord.Content {
  /// Whether it is part of a turn.
  fileprivate var isOfTurn: Bool {
    switch self {
    case .message, .toolUse, .toolResult: true
    default: false
    }
  }
}
