internal import Bytes
public import Events
public import Facts
public import Projection
public import Tables
public import Views

/// Keeps what is to be remembered, and finds out what became of what agents were told.
///
/// What an agent was told names the call that had failed, or the request; the transcript tells of both
/// and of what followed, before or after, as files are read.
///
/// Memory: at most 2^12 notes, advices, turns and moments, of about 1 KB. What is kept grows with notes,
/// advices, turns, requests, and calls of tools that failed.
public final class KnowledgeProjector: EventProjector {
  public static let view = View(
    "knowledge", version: 2, "What to remember, and what came of what agents were told.",
    needs: Needs.kinds(["knowledge_noted", "advice_given"]).andFacts.andCalls
      .andPayload(NotedKnowledge.self).andPayload(GivenAdvice.self),
    tables: [Note.answer, Advice.answer, TurnsTold.answer])

  private let notes: KeyedTable<TextKey, Note>
  private let advices: KeyedTable<TextKey, Advice>
  private let turns: KeyedTable<TextKey, AdvisedTurn>
  private let moments: KeyedTable<TextKey, TurnMoment>
  private let turnsTold: KeyedTable<UInt64, TurnsTold>

  public init(tables: FoldTables) throws(TableError) {
    notes = try tables.open(Note.table)
    advices = try tables.open(Advice.table)
    turns = try tables.open(AdvisedTurn.table)
    moments = try tables.open(TurnMoment.table)
    turnsTold = try tables.open(TurnsTold.table)
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    if context.isRepeat { return }
    let event = copy event
    if let noted = event.payload(NotedKnowledge.self) {
      guard let note = Note(noted, event) else { return }
      try notes.change(TextKey(note.id)) { slot in
        var row = slot.take() ?? note
        row.take(note)
        row.times += 1
        row.evidence.add(event.offset)
        slot = row
      }
    } else if let given = event.payload(GivenAdvice.self) {
      try take(given, at: event.offset)
    }
  }

  // MARK: What was told

  private func take(_ given: GivenAdvice, at offset: Offset) throws(TableError) {
    let id = Advice.id(given)
    try advices.change(TextKey(id)) { slot in
      var row = slot.take() ?? Advice(given)
      row.pattern = given.pattern ?? row.pattern
      row.shown += 1
      row.evidence.add(offset)
      slot = row
    }
    guard let key = Self.moment(given) else { return }
    let wanted = Self.fixes.contains(given.section) ? actions(in: given.advice) : []
    var moment = try moments.row(key) ?? TurnMoment()
    let told = AdvisedTurn.Told(id, wanted: wanted, place: moment.place)
    if let turn = moment.turn {
      try change(turn, at: offset) { $0.tell(told) }
    } else {
      if moment.waiting.count < AdvisedTurn.toldMax { moment.waiting.append(told) }
      try moments.put(key, moment)
    }
  }

  /// The sections of what can be done.
  private static let fixes: Set = ["fixes", "project_fixes", "global_fixes"]

  /// Whether a tool is one that tells what is known, under any server's name.
  private static func asks(_ tool: String) -> Bool {
    tool.hasPrefix("mcp__") && (tool.hasSuffix("__fix") || tool.hasSuffix("__context"))
  }

  private static func moment(_ given: GivenAdvice) -> TextKey? {
    // Of an agent that asked by itself, its call is known, by an id that no other has.
    guard let session = given.session else { return given.call.map { TextKey("asked", $0) } }
    if let call = given.call { return TextKey(session, "call", call) }
    return given.prompt.map { TextKey(session, "prompt", $0) }
  }

  /// That a line tells of a moment: what was told then is told in its turn.
  private func reach(
    _ key: TextKey, of turn: String, at offset: Offset
  ) throws(TableError) {
    let place = try turns.row(TextKey(turn)).map { UInt64($0.done.count) } ?? 0
    var moment = try moments.row(key) ?? TurnMoment()
    let waiting = moment.waiting
    (moment.turn, moment.place, moment.waiting) = (turn, place, [])
    try moments.put(key, moment)
    try change(turn, at: offset) { row in
      for told in waiting {
        row.tell(AdvisedTurn.Told(told.advice, wanted: told.wanted, place: place))
      }
    }
  }

  // MARK: What turns did

  public func fold(_ change: borrowing CallChange<ToolCall>) throws(TableError) {
    let (before, call, offset) = (change.before, change.after, change.event.offset)
    guard !call.isToldTwice, let session = call.context.session,
      let turn = call.context.interaction
    else { return }
    if before == nil, Self.asks(call.tool) {
      try reach(TextKey("asked", call.id), of: turn, at: offset)
    }
    // What a person did not let run, or what has not ended, was not done.
    if call.ending != before?.ending, call.ending == .succeeded || call.ending == .failed {
      let done =
        if let command = call.command {
          actions(in: command)
        } else {
          call.isEdit ? call.paths.flatMap { actions(in: "\(call.tool) \($0)") } : []
        }
      if !done.isEmpty {
        try self.change(turn, at: offset) { $0.add(done, worked: call.ending == .succeeded) }
      }
    }
    if call.ending == .failed, before?.ending != .failed {
      try self.change(turn, at: offset) { $0.hasFailed = true }
      try reach(TextKey(session, "call", call.id), of: turn, at: offset)
    }
  }

  public func fold(_ note: borrowing SessionNote) throws(TableError) {
    let prompt: String?
    switch note.what {
    case .turn(let text): prompt = text
    case .request(let text): prompt = text
    default: return
    }
    let context = note.context
    guard let session = context.session, let turn = context.interaction, let prompt else { return }
    let key = TextKey(session, "prompt", "\(Hash128(of: prompt))")
    try reach(key, of: turn, at: note.event.offset)
  }

  /// How a turn ended, of those that lines of a conversation told of.
  public func fold(_ fact: borrowing Fact) throws(TableError) {
    guard let turn = fact.after.fields.text(.interactionID) else { return }
    let ending = TurnEnding(fact.after.outcome)
    guard let known = try turns.row(TextKey(turn)), known.ending != ending else { return }
    try change(turn, at: fact.event.offset) { $0.ending = ending }
  }

  // MARK: Rows

  /// Changes a turn, and what it counts as.
  private func change(
    _ turn: String, at offset: Offset, _ body: (inout AdvisedTurn) -> Void
  ) throws(TableError) {
    let (before, after) = try turns.change(TextKey(turn)) { slot in
      var row = slot.take() ?? AdvisedTurn()
      let before = row.shares
      body(&row)
      slot = row
      return (before, row.shares)
    }
    if before == after { return }
    for share in before { try count(share, isAdding: false, at: offset) }
    for share in after { try count(share, isAdding: true, at: offset) }
  }

  private func count(
    _ share: AdvisedTurn.Share, isAdding: Bool, at offset: Offset
  ) throws(TableError) {
    guard let advice = share.advice else {
      return try turnsTold.change(share.doing == .did ? 1 : 0) { slot in
        var row = slot.take() ?? TurnsTold(isAdvised: share.doing == .did)
        row.counts.change(share.ending, isAdding: isAdding)
        if isAdding { row.evidence.add(offset) }
        slot = row
      }
    }
    try advices.change(TextKey(advice)) { slot in
      guard var row = slot.take() else { return }
      switch share.doing {
      case .did: row.heeding.change(share.ending, isAdding: isAdding)
      case .failed: row.failing.change(share.ending, isAdding: isAdding)
      case .didNot: row.others.change(share.ending, isAdding: isAdding)
      }
      if isAdding { row.evidence.add(offset) }
      slot = row
    }
  }
}

extension AdvisedTurn {
  fileprivate mutating func tell(_ told: Told) {
    if self.told.count < Self.toldMax { self.told.append(told) }
  }
}
