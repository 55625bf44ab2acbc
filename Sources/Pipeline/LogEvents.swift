package import Conversations
package import EventLog
package import Events
package import Facts
package import Interactions
internal import Tables
internal import Views

/// What a line of the log tells.
package struct ToldLine {
  /// In the order of their parts.
  package let events: [Event]
  /// The calls that it told of first, as they stand at the end of what was folded; nil where that fold is
  /// not what the build has.
  package var calls: (models: [ModelCall], tools: [ToolCall])?

  static func native(_ events: [Event]) -> ToldLine { ToldLine(events: events, calls: ([], [])) }
}

/// Reads single lines and sessions of the log, as projectors see their events.
package struct LogEvents {
  private let reader: LogReader
  private let plan: FoldPlan
  private let skipped: [Offset]
  private let workers: Workers
  private let shelf: SessionShelf

  /// - Parameters:
  ///   - skipped: lines that are passed over, ascending.
  ///   - shelf: where the session stays that was read last.
  package init(
    _ log: LogEnvironment, plan: FoldPlan, skipped: [Offset] = [],
    workers: Workers = Workers(threadCount: 1), shelf: SessionShelf
  ) {
    reader = LogReader(log)
    self.plan = plan
    self.skipped = skipped
    self.workers = workers
    self.shelf = shelf
  }

  /// What a line tells; nothing where it holds no event, or beyond the end of the log.
  ///
  /// Unpacks a block. What a line of a transcript says depends on those before it: the files that its
  /// session stands in are folded, and where that does not come to what the build has, since others
  /// had a part in it, all transcripts up to the line.
  ///
  /// - Parameter build: conversations as a build knows them, and up to where.
  @available(*, noasync)
  package func line(
    at offset: Offset, build: (conversations: ConversationFinder, end: Offset)? = nil
  ) throws -> ToldLine {
    guard offset < (try reader.end()) else { return .native([]) }
    let told = try reading(from: offset, to: offset + 1, .all).read()?.events ?? []
    guard let event = told.first(where: { $0.record != nil }) else { return .native(told) }
    if let build, offset < build.end, !skipped.contains(offset),
      let sources = try build.conversations.sources(of: event)
    {
      let session = try session(in: sources, to: build.end)
      if try build.conversations.agrees(with: session.fold, about: event) {
        return ToldLine(
          events: Array(session.events(of: offset..<offset + 1)), calls: session.calls(of: offset))
      }
    }
    let all = try SessionEvents(
      reading(from: 0, to: offset + 1, .ofFormats), previousSource: reader.previousSource,
      skipped: skipped.filter { $0 != offset }, prices: plan.prices, keepingFrom: offset)
    return ToldLine(events: Array(all.events(of: offset..<offset + 1)), calls: nil)
  }

  /// Shows a tracer the events of one interaction, up to `end`: those that the files of its session tell
  /// of, and the native lines that name it or its session.
  @available(*, noasync)
  package func trace(
    _ tracer: InteractionTracer, of remembered: RememberedInteraction, in sources: Set<SourceID>,
    to end: Offset, buildEnd: Offset
  ) throws {
    let range = remembered.beginning.offset..<max(end, remembered.beginning.offset)
    var events =
      sources.isEmpty
      ? [] : Array(try session(in: sources, to: buildEnd).events(of: range))
    let texts = [remembered.interactionID, remembered.sessionID].compactMap { $0 }
    let native = reading(
      from: range.lowerBound, to: range.upperBound,
      LineSelection(holding: texts, formatsFrom: [], from: range.lowerBound))
    var hasNative = false
    while var batch = try native.read() {
      batch.pass(over: skipped)
      hasNative = hasNative || !batch.events.isEmpty
      events += batch.events
    }
    if hasNative { events.sort { $0.id < $1.id } }
    let step = try InteractionStep(
      tables: FoldTables(view: InteractionStep.tables, provider: MemoryTables()),
      settings: plan.scoring)
    step.tracer = tracer
    _ = try step.derive(events)
  }

  private func session(in sources: Set<SourceID>, to end: Offset) throws -> SessionEvents {
    let title = SessionShelf.Title(
      settings: plan.settings, skipped: skipped, sources: sources, end: end)
    return try shelf.session(title) {
      try SessionEvents(
        reading(from: 0, to: end, .ofFormats(from: sources)),
        previousSource: reader.previousSource, skipped: skipped, prices: plan.prices)
    }
  }

  private func reading(
    from start: Offset, to end: Offset, _ selection: LineSelection
  ) -> EventReader {
    EventReader(
      reader, from: start, to: end, workers: workers, selection: selection,
      formats: plan.formats, preparesTexts: false)
  }
}

/// The events of some files of transcripts, as a fold of these alone completes them.
package final class SessionEvents {
  private let events: [Event]
  fileprivate let fold: Conversations
  /// As they were told of last, by what they are called.
  private var models: [String: ModelCall] = [:]
  private var tools: [String: ToolCall] = [:]

  /// - Parameter keepingFrom: the line before which nobody asks for one.
  fileprivate init(
    _ lines: EventReader, previousSource: @escaping (SourceID) throws(TableError) -> SourceID?,
    skipped: [Offset],
    prices: PriceList, keepingFrom first: Offset = 0
  ) throws {
    fold = try Conversations(
      tables: FoldTables(view: Conversations.tables, provider: MemoryTables()), prices: prices)
    fold.previousSource = previousSource
    var events: [Event] = []
    while var batch = try lines.read() {
      batch.pass(over: skipped)
      let folded = try fold.fold(batch.events)
      for change in folded.modelCalls { models[change.after.id] = change.after }
      for change in folded.toolCalls { tools[change.after.id] = change.after }
      if batch.lines.upperBound <= first { continue }
      // What a line says is in its event by now.
      events += folded.events.map { event in
        Event(
          event.id, envelope: event.envelope, fields: event.fields, record: nil,
          isKnownByName: event.isKnownByName, completes: event.completes)
      }
    }
    self.events = events
    // Nothing of the log stays open for what is kept.
    fold.previousSource = { _ in nil }
  }

  /// The calls that a line told of first.
  fileprivate func calls(of line: Offset) -> (models: [ModelCall], tools: [ToolCall]) {
    let (models, tools) = (
      models.values.filter { $0.event.offset == line },
      tools.values.filter { $0.event.offset == line }
    )
    return (
      models.sorted { ($0.event, $0.id) < ($1.event, $1.id) },
      tools.sorted { ($0.event, $0.id) < ($1.event, $1.id) }
    )
  }

  var count: Int { events.count }

  /// Those of some lines.
  fileprivate func events(of lines: Range<Offset>) -> ArraySlice<Event> {
    let first = place(of: lines.lowerBound)
    return events[first..<max(first, place(of: lines.upperBound))]
  }

  /// Where the events of a line begin, or would.
  private func place(of line: Offset) -> Int {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = low + (high - low) / 2
      if events[middle].offset < line { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// The session that was read last: who asks about a line of it asks about more of it.
package final class SessionShelf {
  struct Title: Equatable {
    let settings: String
    let skipped: [Offset]
    let sources: Set<SourceID>
    let end: Offset
  }

  private var kept: (title: Title, session: SessionEvents)?
  /// Events of a session that is kept, at most.
  private static let eventsMax = 16_384

  package init() {}

  fileprivate func session(
    _ title: Title, _ read: () throws -> SessionEvents
  ) rethrows -> SessionEvents {
    if let kept, kept.title == title { return kept.session }
    kept = nil
    let session = try read()
    if session.count <= Self.eventsMax { kept = (title, session) }
    return session
  }
}
