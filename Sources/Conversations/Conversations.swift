import Bytes
package import Events
package import Facts
package import Tables
package import Views

/// Folds what transcripts tell, line by line, into turns and calls.
///
/// A turn is a person's request and all that an agent does about it: one interaction. A call of a
/// model counts once, however many lines tell of it; what its last line says of its tokens holds. A
/// line that was copied into another file counts nothing. The rules are in schemas/conversations.md.
///
/// Its state is in its tables, none of which counts in a digest. It knows no clock: what it makes
/// depends on the order of the events alone.
///
/// Cost: some microseconds an event of a transcript, nearly nothing for others. Memory: the sessions
/// and calls in use.
package final class Conversations {
  /// Changes whenever the same log would give other turns or calls.
  package static let version: UInt32 = 10

  /// The name of its set of tables in a build.
  package static let tables = "conversations"

  private var prices: PricesByModel
  /// Which prices its results rest on.
  package private(set) var priced: PricedModels
  /// The source that a file gave lines as before it was rewritten: the file's lines that did not change
  /// are told of there alone.
  package var previousSource: (SourceID) throws(TableError) -> SourceID? = { _ in nil }
  let agents: KeyedTable<Hash128, AgentState>
  let runs: KeyedTable<Hash128, RunState>
  let calls: KeyedTable<Hash128, ModelCall>
  /// The runs that told of calls.
  let runsOfCalls: KeyedTable<Hash128, UInt64>
  let tools: KeyedTable<Hash128, KnownTool>
  let lines: KeyedTable<Hash128, UInt64>
  let cursors: KeyedTable<UInt64, SourceCursor>
  let places: KeyedTable<Hash128, SessionSources>
  /// What sessions are called, by what their lines are marked with.
  let sessions: KeyedTable<UInt64, SessionName>
  /// What conversations are about, by lines that end them and were not read so far.
  let summaries: KeyedTable<Hash128, SessionName>
  /// The line at hand, what it is known by, and whose copy it is.
  var lastLine: KnownLine?
  /// The session and the file of the last line.
  private(set) var lastPlace: (place: String, source: SourceID)?

  static let agentsTable = StoredTable<Hash128, AgentState>(
    "agents", isCounted: false, residentMax: 1 << 10)
  private static let runsTable = StoredTable<Hash128, RunState>(
    "runs", isCounted: false, residentMax: 1 << 10)
  static let callsTable = StoredTable<Hash128, ModelCall>(
    "calls", isCounted: false, residentMax: 1 << 14)
  private static let runsOfCallsTable = StoredTable<Hash128, UInt64>(
    "runs-of-calls", isCounted: false, residentMax: 1 << 14)
  static let toolsTable = StoredTable<Hash128, KnownTool>(
    "tools", isCounted: false, residentMax: 1 << 14)
  private static let linesTable = StoredTable<Hash128, UInt64>(
    "lines", isCounted: false, residentMax: 1 << 16)
  static let cursorsTable = StoredTable<UInt64, SourceCursor>(
    "sources", isCounted: false, residentMax: 1 << 12)
  static let placesTable = StoredTable<Hash128, SessionSources>(
    "places", isCounted: false, residentMax: 1 << 10)
  private static let sessionsTable = StoredTable<UInt64, SessionName>(
    "sessions", isCounted: false, residentMax: 1 << 10)
  private static let summariesTable = StoredTable<Hash128, SessionName>(
    "summaries", isCounted: false, residentMax: 1 << 10)

  /// - Parameter priced: which prices were asked for by the folds that it goes on from.
  package init(
    tables: FoldTables, prices: PriceList, priced: PricedModels = PricedModels()
  ) throws(TableError) {
    self.prices = PricesByModel(prices)
    self.priced = priced
    agents = try tables.open(Self.agentsTable)
    runs = try tables.open(Self.runsTable)
    calls = try tables.open(Self.callsTable)
    runsOfCalls = try tables.open(Self.runsOfCallsTable)
    tools = try tables.open(Self.toolsTable)
    lines = try tables.open(Self.linesTable)
    cursors = try tables.open(Self.cursorsTable)
    places = try tables.open(Self.placesTable)
    sessions = try tables.open(Self.sessionsTable)
    summaries = try tables.open(Self.summariesTable)
  }

  /// Folds events that follow those folded before.
  package func fold(_ events: [Event]) throws(FoldError) -> ConversationBatch {
    var batch = ConversationBatch()
    batch.isNative = isNative(events)
    if batch.isNative {
      batch.events = events
      return batch
    }
    batch.events.reserveCapacity(events.count)
    batch.origins.reserveCapacity(events.count)
    // Ends of turns follow the line's own events, so that parts stay in their order.
    var derived: [Event] = []
    let span = events.span
    for index in span.indices {
      let event = span[index]
      if !derived.isEmpty, span[index - 1].offset != event.offset {
        batch.append(&derived, after: span[index - 1].id)
      }
      do throws(TableError) {
        if let record = event.record {
          try fold(event, record, at: index, &batch, &derived)
        } else {
          batch.events.append(event)
          batch.origins.append(index)
        }
      } catch {
        throw FoldError(
          at: event.offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
    if let last = events.last { batch.append(&derived, after: last.id) }
    return batch
  }

  /// What a call costs, and what that rests on.
  func cost(
    of usage: TokenUsage, model: String?, at time: Timestamp, tier: String? = nil, isPartial: Bool,
    isWhole: Bool = true
  ) -> (Money?, CostBasis) {
    guard let model else { return (nil, .unknown) }
    priced.add(model, time...time)
    return prices.list(for: model).cost(
      of: usage, model: model, at: time, tier: tier, isPartial: isPartial, isWhole: isWhole)
  }

  /// Over a span, because copying an event is costly.
  private func isNative(_ events: [Event]) -> Bool {
    let span = events.span
    for index in span.indices where span[index].record != nil { return false }
    return true
  }

  // MARK: One event

  private func fold(
    _ event: Event, _ record: ConversationRecord, at index: Int, _ batch: inout ConversationBatch,
    _ derived: inout [Event]
  ) throws(TableError) {
    try goOn(in: event.envelope.source)
    let session = try session(of: event, record)
    let place = session.name ?? "source \(event.envelope.source)"
    try remember(event, record, in: place)
    let event = try timed(event, record)
    if record.isPrinted, try agents.row(agentKey(event.stream, place, nil))?.hasFile == true {
      return
    }
    if case .summary(let text, ofLine: let leaf) = record.content {
      return try summary(text, ofLine: Hash128(of: leaf), event, &batch)
    }
    if case .activity = record.content {
      if session.isCopying { return }
      return try active(event, record, in: place, session.name, &batch)
    }
    let line = try line(of: event, record, session.name, place)
    if line.isAwaited { try entitle(event, record, in: place, by: line.key, &batch) }
    if let copy = record.copy, try isFirstCopy(line.key, at: event, copy) {
      try take(event, record, from: session.name, to: copy, copy)
    }
    if let owner = line.owner {
      if owner == mark(place) {
        try handOver(event, record, in: place)
        try pass(over: event, record, session.name)
        try tellAgain(event, record, place, session.name, &batch)
      } else if try isFirstCopy(line.key, at: event, place) {
        try take(event, record, from: origin(of: record.content), to: place, session.name)
      }
      return
    }
    if session.isCopying {
      return try take(event, record, from: record.session, to: place, session.name)
    }
    let key = agentKey(event.stream, place, record.agentID)
    var fold = try begin(event, record, key, place, session.name)
    if let origin = fold.agent.copiedFrom {
      fold.note(.parent(origin))
      fold.agent.copiedFrom = nil
    }
    if !record.content.isCommand {
      fold.agent.eventCount &+= 1
      fold.tellActivity()
    }
    try openAwaitedTurn(after: line.chain, record, &fold)
    if record.content.isActivity { fold.act(on: record.content) }
    switch record.content {
    case .context(let context):
      if context.beginsRun {
        try begin(run: event.stream, session.name, source: event.envelope.source)
        fold.beginRun()
        if context.isHeader { try takeBackPrinted(&fold) }
      }
      if let tier = context.serviceTier { fold.agent.serviceTier = tier }
      if context.isSubAgent { fold.agent.isSubAgent = true }
      if context.isFork || context.firstOrdinal != nil { fold.agent.goesOnFromOther = true }
      if let task = context.task { fold.begin(task: task) }
      if context.beginsTurn { fold.startTurn() }
      if let parent = context.parentSession { fold.note(.parent(parent)) }
    case .prompt(let request):
      if request.origin == .command {
        fold.send(request, isTold: false)
      } else if request.origin == .sent {
        let isTold = try cursors.row(event.envelope.source)?.tellsRequests == true
        fold.send(request, isTold: isTold)
      } else {
        fold.prompt(request)
      }
    case .message(let message): try self.message(message, &fold)
    case .toolUse(let use): try toolUse(use, &fold)
    case .toolResult(let result): try toolResult(result, &fold)
    case .turnEnd(let end): fold.end(end)
    case .interruption(let task): fold.interrupt(task)
    case .undone(let count): fold.undo(count)
    case .total(let total): try self.total(total, isCopy: false, &fold)
    case .compaction: fold.compact()
    case .limits(let limits): fold.note(.limits(limits))
    case .title(let title): fold.note(.title(title))
    case .pullRequest(let address): fold.link(address)
    case .queued(let text): fold.queue(text)
    case .unqueued(let isPrompt): fold.unqueue(isPrompt: isPrompt)
    case .emptiedQueue: fold.emptyQueue()
    case .activity, .summary: break
    }
    fold.tellTornTurn(after: record.content)
    if record.isPrinted { fold.rememberPrinted() }
    try agents.put(key, fold.agent)
    batch.take(fold, at: index, &derived)
  }

  /// A line that its session has already: where a run told it, the file tells of that run, too.
  private func tellAgain(
    _ event: Event, _ record: ConversationRecord, _ place: String, _ session: String?,
    _ batch: inout ConversationBatch
  ) throws(TableError) {
    let key = agentKey(event.stream, place, record.agentID)
    var fold = try begin(event, record, key, place, session)
    switch record.content {
    case .message(let message):
      guard message.isOfRun, let id = message.id ?? message.requestID else { return }
      try join(Hash128(of: id), &fold)
    case .total(let total): try self.total(total, isCopy: true, &fold)
    default: return
    }
    if fold.modelCalls.isEmpty { return }
    batch.modelCalls += fold.modelCalls
    try agents.put(key, fold.agent)
  }

  /// An event, with what its line leaves out, and the state of its agent.
  func begin(
    _ event: Event, _ record: ConversationRecord, _ key: Hash128, _ place: String,
    _ session: String?
  ) throws(TableError) -> ConversationFold {
    var agent = try agents.row(key) ?? AgentState()
    if record.agentID != nil, let own = try agents.row(agentKey(event.stream, place, nil)) {
      agent.context.complete(from: own.context)
    }
    var fields = event.fields
    agent.take(contextOf: event.fields)
    fields.complete(from: agent.context)
    if fields.has(.sessionID) == false, let session { fields.set(.sessionID, session) }
    fields.set(.agentID, record.agentID)
    return ConversationFold(
      event: event, fields: fields, session: session, agentID: record.agentID, agent: agent)
  }

  private func remember(
    _ event: Event, _ record: ConversationRecord, in place: String
  ) throws(TableError) {
    let source = event.envelope.source
    if case .prompt(let request) = record.content, request.origin == .told {
      try cursors.change(source) { slot in
        if slot?.tellsRequests == true { return }
        var cursor = slot ?? SourceCursor()
        cursor.tellsRequests = true
        slot = cursor
      }
    }
    if case .toolUse(let use) = record.content, use.isOfEnd {
      try cursors.change(source) { slot in
        var cursor = slot ?? SourceCursor()
        cursor.tellsEnds = true
        slot = cursor
      }
    }
    if let lastPlace, lastPlace.source == source, lastPlace.place == place { return }
    lastPlace = (place, source)
    let key = agentKey(event.stream, place, nil)
    var sources = try places.row(key) ?? SessionSources()
    if sources.add(source) {
      try places.put(key, sources)
      try sessions.put(mark(place), SessionName(place))
    }
    guard let session = record.session else { return }
    var cursor = try cursors.row(source) ?? SourceCursor()
    var isProgress = record.isProgress
    if case .activity = record.content { isProgress = true }
    let agent = event.fields.text(.agent)
    if cursor.owner == nil, !isProgress {
      cursor.owner = session
      cursor.ownerAgent = agent
      try cursors.put(source, cursor)
    } else if isProgress, let owner = cursor.owner, owner != session, cursor.ownerAgent == agent {
      // The rest of a copy names the session that goes on in it.
      try agents.change(agentKey(event.stream, owner, nil)) { slot in
        var agent = slot ?? AgentState()
        if agent.copiedFrom == nil { agent.copiedFrom = session }
        slot = agent
      }
    }
  }

  func agentKey(
    _ stream: Events.Stream, _ session: String?, _ agentID: String?
  ) -> Hash128 { Self.agentKey(stream, session, agentID) }

  static func agentKey(
    _ stream: Events.Stream, _ session: String?, _ agentID: String?
  ) -> Hash128 {
    Hash128(of: "\(stream.rawValue)\u{0}\(session ?? "")\u{0}\(agentID ?? "")")
  }
}

extension Fields {
  /// Takes over the fields that it lacks.
  mutating func complete(from context: Fields) {
    context.forEach { field, value in
      if !has(field) { self[field] = value }
    }
  }
}

extension ConversationRecord.Content {
  /// Whether it may ask nothing of a model, and then is no event.
  fileprivate var isCommand: Bool {
    if case .prompt(let request) = self { request.origin == .command } else { false }
  }

  /// Whether the agent did something.
  fileprivate var isActivity: Bool {
    switch self {
    case .message, .toolUse, .toolResult, .interruption: true
    case .context, .prompt, .turnEnd, .undone, .total, .compaction, .limits, .title, .summary,
      .pullRequest, .queued, .unqueued, .emptiedQueue, .activity:
      false
    }
  }
}

extension AgentState {
  /// Takes over what an event says that holds until another says otherwise.
  mutating func take(contextOf fields: Fields) {
    for field in Self.contextFields {
      if let value = fields[field] { context[field] = value }
    }
  }
}
