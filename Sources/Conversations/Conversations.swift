import Bytes
package import Events
package import Facts
package import Tables
package import Views

/// What the conversations step makes of events.
package struct ConversationBatch: Sendable {
  /// The events that count, with what their lines leave out, and behind those of each line what
  /// follows from them: ends of turns.
  package var events: [Event] = []
  /// For each of these the place that it had among the events that were folded; −1 for one that was
  /// added.
  package var origins: [Int] = []
  package var modelCalls: [CallChange<ModelCall>] = []
  package var toolCalls: [CallChange<ToolCall>] = []
  package var notes: [SessionNote] = []

  package init() {}

  /// Whether all events are as they were, and none was added.
  package var isUnchanged: Bool { isNative }
  fileprivate var isNative = true
}

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
  package static let version: UInt32 = 1

  /// The name of its set of tables in a build.
  package static let tables = "conversations"

  let prices: PriceList
  private let agents: KeyedTable<Hash128, AgentState>
  private let runs: KeyedTable<Hash128, RunState>
  private let calls: KeyedTable<Hash128, ModelCall>
  private let tools: KeyedTable<Hash128, ToolCall>
  private let lines: KeyedTable<Hash128, UInt64>
  private let cursors: KeyedTable<UInt64, SourceCursor>
  /// The line at hand, and whether it is a copy of one that was folded.
  private var line: (offset: Offset, isCopy: Bool)?

  private static let agentsTable = StoredTable<Hash128, AgentState>(
    "agents", isCounted: false, residentMax: 1 << 10)
  private static let runsTable = StoredTable<Hash128, RunState>(
    "runs", isCounted: false, residentMax: 1 << 10)
  private static let callsTable = StoredTable<Hash128, ModelCall>(
    "calls", isCounted: false, residentMax: 1 << 14)
  private static let toolsTable = StoredTable<Hash128, ToolCall>(
    "tools", isCounted: false, residentMax: 1 << 14)
  private static let linesTable = StoredTable<Hash128, UInt64>(
    "lines", isCounted: false, residentMax: 1 << 16)
  private static let cursorsTable = StoredTable<UInt64, SourceCursor>(
    "sources", isCounted: false, residentMax: 1 << 12)

  package init(tables: FoldTables, prices: PriceList) throws(TableError) {
    self.prices = prices
    agents = try tables.open(Self.agentsTable)
    runs = try tables.open(Self.runsTable)
    calls = try tables.open(Self.callsTable)
    tools = try tables.open(Self.toolsTable)
    lines = try tables.open(Self.linesTable)
    cursors = try tables.open(Self.cursorsTable)
  }

  /// Folds events that follow those folded before.
  package func fold(_ events: [Event]) throws(FoldError) -> ConversationBatch {
    var batch = ConversationBatch()
    batch.isNative = events.allSatisfy { $0.record == nil }
    if batch.isNative {
      batch.events = events
      try foldNative(events, &batch)
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
          try foldNative(event, &batch)
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

  // MARK: One event

  private func fold(
    _ event: Event, _ record: ConversationRecord, at index: Int, _ batch: inout ConversationBatch,
    _ derived: inout [Event]
  ) throws(TableError) {
    let isCopy = try isCopy(event, record)
    guard let session = try session(of: event, record) else { return }
    let key = agentKey(event.stream, session.name, record.agentID)
    var agent = try agents.row(key) ?? AgentState()
    var fields = event.fields
    agent.take(contextOf: event.fields)
    fields.complete(from: agent.context)
    if fields.has(.sessionID) == false, let name = session.name { fields.set(.sessionID, name) }
    fields.set(.agentID, record.agentID)
    var fold = ConversationFold(
      event: event, fields: fields, session: session.name, agentID: record.agentID, agent: agent)
    if isCopy || session.isCopying {
      fold.takeCopy(record.content)
      try agents.put(key, fold.agent)
      return
    }
    switch record.content {
    case .context(let context):
      if context.beginsRun { try begin(run: event.stream, session.name) }
      if let parent = context.parentSession { fold.note(.parent(parent)) }
    case .prompt(let id): fold.prompt(id)
    case .message(let message): try self.message(message, &fold)
    case .toolUse(let use): try toolUse(use, &fold)
    case .toolResult(let result): try toolResult(result, &fold)
    case .turnEnd(let end): fold.end(end)
    case .interruption: fold.interrupt()
    case .total(let total): try self.total(total, &fold)
    case .compaction: fold.note(.compaction)
    case .limits(let limits): fold.note(.limits(limits))
    case .title(let title): fold.note(.title(title))
    case .queued(let text): fold.queue(text)
    case .unqueued(let isPrompt): fold.unqueue(isPrompt: isPrompt)
    }
    try agents.put(key, fold.agent)
    if fold.isDropped { return }
    batch.take(fold, at: index, &derived)
  }

  /// Whether the line was folded before: transcripts are copied when a session is taken up again.
  private func isCopy(_ event: Event, _ record: ConversationRecord) throws(TableError) -> Bool {
    if let line, line.offset == event.offset { return line.isCopy }
    var isCopy = false
    if let id = record.line {
      let key = Hash128(of: id)
      isCopy = try lines.row(key) != nil
      if !isCopy { try lines.put(key, event.offset) }
    }
    line = (event.offset, isCopy)
    return isCopy
  }

  /// The session that a line belongs to: the one that it names, else that of its source; nil where
  /// the line is dropped.
  private func session(
    of event: Event, _ record: ConversationRecord
  ) throws(TableError) -> (name: String?, isCopying: Bool)? {
    let source = event.envelope.source
    if case .context(let context) = record.content, context.beginsRun, let named = record.session,
      record.line == nil
    {
      var cursor = try cursors.row(source) ?? SourceCursor()
      if let own = cursor.session, own != named {
        // A fork: what follows was copied from the session that the line names.
        cursor.isCopying = true
        try cursors.put(source, cursor)
        return (own, true)
      }
      cursor.session = named
      cursor.began = event.time
      try cursors.put(source, cursor)
      return (named, false)
    }
    if let named = record.session { return (named, false) }
    guard var cursor = try cursors.row(source) else { return (nil, false) }
    if cursor.isCopying {
      var isOver = event.time.nanoseconds &- cursor.began.nanoseconds > Self.forkMax
      if case .context(let context) = record.content, context.endsCopies { isOver = true }
      if isOver {
        cursor.isCopying = false
        try cursors.put(source, cursor)
      }
    }
    return (cursor.session, cursor.isCopying)
  }

  /// A fork is written at once, with the time at which that is done.
  private static let forkMax: Int64 = 5_000_000_000

  private func agentKey(
    _ stream: Events.Stream, _ session: String?, _ agentID: String?
  ) -> Hash128 {
    Hash128(of: "\(stream.rawValue)\u{0}\(session ?? "")\u{0}\(agentID ?? "")")
  }
}

// MARK: - Calls of models

extension Conversations {
  private func message(_ message: Message, _ fold: inout ConversationFold) throws(TableError) {
    if message.isError {
      fold.failedCall()
      return
    }
    if let total = message.totalUsage {
      let last = fold.agent.total ?? TokenUsage()
      let isRestarted = (0..<TokenUsage.size).contains {
        (total[$0] ?? 0) < (last[$0] ?? 0)
      }
      let usage = isRestarted ? total : total - last
      fold.agent.total = total
      if usage.isZero {
        fold.isDropped = true
        return
      }
      fold.agent.callCount &+= 1
      try count(
        "\(fold.session ?? "source \(fold.event.envelope.source)")#\(fold.agent.callCount)", usage,
        isPartial: false, &fold)
    } else if let usage = message.usage {
      var id = message.id ?? message.requestID
      if id == nil {
        fold.agent.callCount &+= 1
        id = "\(fold.session ?? "")#\(fold.agent.callCount)"
      }
      try count(id ?? "", usage, isPartial: message.isPartial, &fold)
    }
    fold.message(message)
  }

  /// Counts a call, or what another line of it says.
  private func count(
    _ id: String, _ usage: TokenUsage, isPartial: Bool, _ fold: inout ConversationFold
  ) throws(TableError) {
    let key = Hash128(of: id)
    let before = try calls.row(key)
    let model = fold.fields.text(.model) ?? before?.model
    fold.openTurn(named: id)
    var call =
      before
      ?? ModelCall(
        event: fold.event.id, id: id, context: fold.callContext, model: model, usage: usage,
        cost: nil, basis: .unknown)
    call.model = model
    call.usage = usage
    if call.basis != .said {
      (call.cost, call.basis) = prices.cost(
        of: usage, model: model, at: call.context.time, isPartial: isPartial)
    }
    try keep(call, before, key, &fold)
    if before == nil { fold.agent.turn?.modelCalls &+= 1 }
    if before == nil, fold.agent.turn?.failed.isEmpty == false,
      (fold.agent.turn?.callsSinceFailure.count ?? 0) < Turn.callsMax
    {
      fold.agent.turn?.callsSinceFailure.append(key)
    }
  }

  /// Stores a call, and adds what it changed to the sums of its run and its turn.
  private func keep(
    _ call: ModelCall, _ before: ModelCall?, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    if call == before { return }
    try calls.put(key, call)
    fold.modelCalls.append(CallChange(of: fold.event.id, before: before, after: call))
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    try runs.change(runKey) { slot in
      var run = slot ?? RunState()
      if let before {
        run.subtract(before.model, before.usage, before.cost)
      } else if !call.isUnattributed, run.calls.count < RunState.callsMax {
        run.calls.append(key)
      }
      run.add(call.model, call.usage, call.cost)
      slot = run
    }
    fold.agent.turn?.add(call, before)
  }

  private func begin(run stream: Events.Stream, _ session: String?) throws(TableError) {
    let key = agentKey(stream, session, nil)
    try runs.change(key) { slot in
      var run = RunState()
      run.totalCount = slot?.totalCount ?? 0
      slot = run
    }
  }

  /// What a run says that it used: its calls' dollars are said from now on, and what they do not
  /// come to is a call of its own that nothing is told of.
  private func total(_ total: RunTotal, _ fold: inout ConversationFold) throws(TableError) {
    let key = agentKey(fold.event.stream, fold.session, nil)
    var run = try runs.row(key) ?? RunState()
    if run.isTotalled, !total.mayFollow(run) {
      let count = run.totalCount
      run = RunState()
      run.totalCount = count
    }
    run.isTotalled = true
    run.totalCount &+= 1
    let count = run.totalCount
    let counted = run.calls
    try runs.put(key, run)
    for call in counted {
      guard let before = try calls.row(call), before.basis != .said, before.cost != nil else {
        continue
      }
      var said = before
      said.basis = .said
      try keep(said, before, call, &fold)
    }
    let models =
      total.models.isEmpty
      ? [RunTotal.OfModel(model: "", usage: TokenUsage(), costUSD: total.costUSD)] : total.models
    for model in models {
      let known =
        run.models.first { $0.model == model.model } ?? RunState.OfModel(model: model.model)
      let usage = total.models.isEmpty ? TokenUsage() : model.usage.rest(beyond: known.usage)
      let cost = model.costUSD.map {
        Money(dollars: $0) - (total.models.isEmpty ? run.cost : known.cost)
      }
      if usage.isZero, (cost ?? Money()) == Money() { continue }
      let id = "\(fold.session ?? "")/total \(count)/\(model.model)"
      var call = ModelCall(
        event: fold.event.id, id: id, context: fold.callContext,
        model: model.model.isEmpty ? nil : model.model, usage: usage, cost: cost,
        basis: cost == nil ? .unknown : .said)
      call.isUnattributed = true
      try keep(call, nil, Hash128(of: id), &fold)
    }
  }

  /// Batches of native events alone are handed on as they are.
  private func foldNative(
    _ events: [Event], _ batch: inout ConversationBatch
  ) throws(FoldError) {
    let span = events.span
    for index in span.indices {
      do throws(TableError) { try foldNative(span[index], &batch) } catch {
        throw FoldError(
          at: span[index].offset, error.description, isStorage: true, isDamage: error.isDamage)
      }
    }
  }

  /// A native event that ends a piece of work and says what it read and wrote is one call.
  private func foldNative(
    _ event: Event, _ batch: inout ConversationBatch
  ) throws(TableError) {
    guard event.fields.presence & Self.tokenFields != 0, EventRole(of: event) == .closes else {
      return
    }
    let fields = event.fields
    let interaction = fields.text(.interactionID)
    let id = interaction.map { "\(event.kind)/\($0)" } ?? "\(event.id)"
    let key = Hash128(of: "\(event.stream.rawValue)\u{0}\(id)")
    let before = try calls.row(key)
    var usage = TokenUsage()
    usage.input = fields.count(.tokensInput)
    usage.output = fields.count(.tokensOutput)
    if usage.input == nil, usage.output == nil { usage.output = fields.count(.tokensUsed) }
    usage.cacheRead = fields.count(.tokensCacheRead)
    usage.cacheWrite = fields.count(.tokensCacheWrite)
    usage.reasoning = fields.count(.tokensReasoning)
    let model = fields.text(.model) ?? fields.text(.llmUsed)
    var call = ModelCall(
      event: before?.event ?? event.id, id: id,
      context: CallContext(
        stream: event.stream, session: fields.text(.sessionID), agentID: fields.text(.agentID),
        agent: fields.text(.agent), project: fields.text(.project), interaction: interaction,
        time: event.time), model: model, usage: usage, cost: nil, basis: .unknown)
    if let cost = fields.number(.costUSD) {
      (call.cost, call.basis) = (Money(dollars: cost), .said)
    } else if fields.bool(.isLocal) == true {
      (call.cost, call.basis) = (Money(), .local)
    } else {
      (call.cost, call.basis) = prices.cost(
        of: usage, model: model, at: event.time, isPartial: false)
    }
    if call == before { return }
    try calls.put(key, call)
    batch.modelCalls.append(CallChange(of: event.id, before: before, after: call))
  }

  private static let tokenFields = Fields.mask(of: [.tokensInput, .tokensOutput, .tokensUsed])
}

// MARK: - Tools

extension Conversations {
  private func toolUse(_ use: ToolUse, _ fold: inout ConversationFold) throws(TableError) {
    let key = Hash128(of: use.id)
    if try tools.row(key) != nil {
      fold.isDropped = true
      return
    }
    fold.openTurn(named: use.id)
    var call = ToolCall(
      event: fold.event.id, id: use.id, context: fold.callContext, tool: use.name)
    call.command = fold.fields.text(.command)
    call.commandHead = call.command.flatMap(commandHead)
    call.paths = use.paths
    call.isEdit = use.isEdit
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

  private func toolResult(_ result: ToolResult, _ fold: inout ConversationFold) throws(TableError) {
    let key = Hash128(of: result.id)
    guard let before = try tools.row(key), before.ending == .open else {
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
    call.linesAdded = result.linesAdded
    call.linesRemoved = result.linesRemoved
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

extension RunState {
  var cost: Money { models.reduce(Money()) { $0 + $1.cost } }
}

extension RunTotal {
  /// Whether it can be a later total of the same process, whose totals only grow.
  func mayFollow(_ run: RunState) -> Bool {
    models.allSatisfy { model in
      guard let known = run.models.first(where: { $0.model == model.model }) else { return true }
      return (0..<TokenUsage.size).allSatisfy {
        model.usage[$0] == nil || (model.usage[$0] ?? 0) >= (known.usage[$0] ?? 0)
      }
    }
  }
}

extension TokenUsage {
  /// What a total has beyond a sum. A total does not tell writes to the cache apart.
  func rest(beyond known: TokenUsage) -> TokenUsage {
    var known = known
    if longCacheWrite == nil {
      known.cacheWrite = (known.cacheWrite ?? 0) &+ (known.longCacheWrite ?? 0)
      known.longCacheWrite = nil
    }
    var rest = self - known
    for count in 0..<Self.size where self[count] == nil { rest[count] = nil }
    return rest
  }
}

extension Fields {
  fileprivate func count(_ field: Field) -> UInt64? {
    number(field).flatMap { $0.units < 0 ? nil : UInt64($0.units / FixedPoint.one.units) }
  }

  /// Takes over the fields that it lacks.
  fileprivate mutating func complete(from context: Fields) {
    context.forEach { field, value in
      if !has(field) { self[field] = value }
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

extension ConversationBatch {
  /// Appends what follows from a line, as parts behind its last one.
  mutating func append(_ derived: inout [Event], after last: EventID) {
    for (number, event) in derived.enumerated() {
      let id = EventID(last.offset, part: last.part + 1 + UInt64(number))
      events.append(Event(id, envelope: event.envelope, fields: event.fields))
      origins.append(-1)
    }
    derived.removeAll(keepingCapacity: true)
  }

  mutating func take(_ fold: ConversationFold, at index: Int, _ derived: inout [Event]) {
    modelCalls += fold.modelCalls
    toolCalls += fold.toolCalls
    notes += fold.notes
    var endings = fold.endings[...]
    if fold.event.kind == ConversationFold.ending {
      // The event itself says how the turn stands, or nothing.
      if let own = endings.popFirst() {
        events.append(fold.ending(own, fold.event.id))
        origins.append(-1)
      }
    } else {
      events.append(fold.enriched)
      origins.append(index)
    }
    derived += endings.map { fold.ending($0, fold.event.id) }
  }
}
