import Bytes
import Events
import Facts
import Tables
import Views

/// A line, by what it is known wherever it is copied to.
struct KnownLine {
  let offset: Offset
  /// Which line of several that stand in one.
  let bytes: Hash128
  let key: Hash128
  /// The mark of the session that it was folded for; nil when it is told for the first time.
  let owner: UInt64?
  /// Over the lines before it in its file, of those that have neither a name nor a time; nil where
  /// it has one.
  let chain: Hash128?
  /// Whether something was said of it before it was read.
  var isAwaited = false
}

// Transcripts are copied: when a session is taken up again or forked, into backups, under other names.
// A line counts once, whatever file it is met in.
extension Conversations {
  /// The session that a line belongs to: the one that it names, else that of its source; and whether
  /// it was copied there from another.
  func session(
    of event: Event, _ record: ConversationRecord
  ) throws(TableError) -> (name: String?, isCopying: Bool) {
    let source = event.envelope.source
    if case .context(let context) = record.content, context.beginsRun, let named = record.session,
      record.line == nil
    {
      var cursor = try cursors.row(source) ?? SourceCursor()
      if context.isHeader, let own = cursor.session, own != named {
        // A fork: what follows was copied from the session that the line names.
        cursor.isCopying = true
        try cursors.put(source, cursor)
        return (own, true)
      }
      // A fork of which the file does not say where its copies end, as a `firstOrdinal` does, begins
      // with them.
      cursor.isCopying =
        context.isHeader
        && (cursor.isCopying
          || (cursor.session == nil && context.isFork && context.firstOrdinal == nil))
      cursor.session = named
      cursor.began = event.time
      cursor.saysBegan = context.isHeader && !event.envelope.isTimeInferred
      cursor.firstOrdinal = context.firstOrdinal
      try cursors.put(source, cursor)
      return (named, false)
    }
    if let named = record.session { return (named, false) }
    guard var cursor = try cursors.row(source) else { return (nil, false) }
    if let ordinal = record.ordinal, let first = cursor.firstOrdinal {
      return (cursor.session, ordinal < first)
    }
    if cursor.isCopying {
      var isOver = event.time.nanoseconds &- cursor.began.nanoseconds > Self.forkMax
      if case .context(let context) = record.content {
        // Names tell when they were given: what was copied is of tasks that are older than the session.
        if let task = context.task.flatMap(timeMS), let own = cursor.session.flatMap(timeMS) {
          isOver = task >= own
        }
        if context.endsCopies {
          isOver = context.thread == nil || context.thread == cursor.session
        }
      }
      if isOver {
        cursor.isCopying = false
        try cursors.put(source, cursor)
      }
    }
    return (cursor.session, cursor.isCopying)
  }

  /// A fork is written at once, with the time at which that is done: where neither names nor a line of
  /// its own tell where its copies end, they end where the times do.
  private static let forkMax: Int64 = 5_000_000_000

  /// What the lines of a rewritten file left behind that are not told again holds for those that are new.
  func goOn(in source: SourceID) throws(TableError) {
    if lastPlace?.source == source { return }
    guard try cursors.row(source) == nil, let previous = try previousSource(source),
      let cursor = try cursors.row(previous)
    else { return }
    try cursors.put(source, cursor)
  }

  /// A line without a name is known by its session and its bytes. Where it has no time either, equal
  /// lines may tell of different things: then by all such lines before it in its file, too.
  func line(
    of event: Event, _ record: ConversationRecord, _ session: String?, _ place: String
  ) throws(TableError) -> KnownLine {
    if let lastLine, lastLine.offset == event.offset, lastLine.bytes == record.bytes {
      return lastLine
    }
    let source = event.envelope.source
    var chain: Hash128?
    let key: Hash128
    if let name = record.line {
      key = Hash128(of: name)
    } else {
      var cursor = try cursors.row(source) ?? SourceCursor()
      if event.envelope.isTimeInferred {
        if case .context(let context) = record.content, context.beginsRun {
          cursor.chain = Hash128(value: 0)
        }
        chain = cursor.chain
        cursor.chain = keyOfLine(place, record.bytes, cursor.chain)
        key = cursor.chain
      } else {
        // What is done twice within a thousandth of a second is told by two equal lines.
        cursor.repeats = cursor.last == record.bytes ? cursor.repeats &+ 1 : 0
        cursor.last = record.bytes
        key = keyOfLine(
          session ?? "", record.bytes, Hash128(value: UInt128(cursor.repeats)))
      }
      try cursors.put(source, cursor)
    }
    let said = try lines.row(key)
    let owner = said == Self.awaited ? nil : said
    if owner == nil { try lines.put(key, mark(place)) }
    let known = KnownLine(
      offset: event.offset, bytes: record.bytes, key: key, owner: owner, chain: chain,
      isAwaited: said == Self.awaited)
    lastLine = known
    return known
  }

  private func keyOfLine(_ place: String, _ bytes: Hash128, _ before: Hash128) -> Hash128 {
    var writer = ByteWriter(capacity: 96)
    writer.append(text: place)
    writer.append(hash: bytes)
    writer.append(hash: before)
    return Hash128(of: writer.span)
  }

  /// A session, as the lines that are its own are marked with it.
  func mark(_ place: String) -> UInt64 {
    max(UInt64(truncatingIfNeeded: Hash128(of: place).value), Self.awaited + 1)
  }

  /// Marks a line of which something was said before it was read.
  static let awaited: UInt64 = 0

  /// Whether a session is given a copied line for the first time: what the line leaves behind is
  /// taken over once.
  func isFirstCopy(
    _ key: Hash128, at event: Event, _ place: String
  ) throws(TableError) -> Bool {
    let taken = keyOfLine(place, key, Hash128(value: 0))
    if let offset = try lines.row(taken) { return offset == event.offset }
    try lines.put(taken, event.offset)
    return true
  }

  /// Takes over what a copied line leaves behind, so that what follows it has its turn.
  func take(
    _ event: Event, _ record: ConversationRecord, from origin: String?, to place: String,
    _ session: String?
  ) throws(TableError) {
    let key = agentKey(event.stream, place, record.agentID)
    var fold = try begin(event, record, key, place, session)
    fold.takeCopy(record.content)
    if let origin, origin != session { fold.agent.copiedFrom = origin }
    try agents.put(key, fold.agent)
  }

  /// A line says no more than that its session was at work then. The same time counts once, so that
  /// only a line with a name needs to be known as a copy: another session's would be at another time.
  func active(
    _ event: Event, _ record: ConversationRecord, in place: String, _ session: String?,
    _ batch: inout ConversationBatch
  ) throws(TableError) {
    if record.line != nil {
      let line = try line(of: event, record, session, place)
      if line.isAwaited { try entitle(event, record, in: place, by: line.key, &batch) }
      if let owner = line.owner, owner != mark(place) { return }
    }
    let key = agentKey(event.stream, place, record.agentID)
    var fold = try begin(event, record, key, place, session)
    if fold.agent.eventCount > 0 {
      fold.note(.activity)
      batch.notes += fold.notes
    } else if fold.agent.wait(since: event.time) {
      // What a copy keeps of a session that is nowhere else is no session.
      try agents.put(key, fold.agent)
    }
  }

  /// A line that its session has already leaves nothing behind; but where the runs of a tool begin
  /// alike, a later one may part from here.
  func pass(
    over event: Event, _ record: ConversationRecord, _ session: String?
  ) throws(TableError) {
    let source = event.envelope.source
    if case .context(let context) = record.content, context.beginsRun {
      try begin(run: event.stream, session, source: source)
    }
    guard event.envelope.isTimeInferred, record.line == nil,
      var cursor = try cursors.row(source)
    else { return }
    switch record.content {
    case .context(let context): cursor.awaitsTurn = context.beginsTurn
    case .turnEnd: cursor.awaitsTurn = false
    default: return
    }
    try cursors.put(source, cursor)
  }

  /// Begins the turn that lines before this one tell of, if these are those of another run, too, and
  /// not those that this one goes on from.
  func openAwaitedTurn(
    after chain: Hash128?, _ record: ConversationRecord, _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let chain, let next = lastLine?.key else { return }
    let source = fold.event.envelope.source
    if var cursor = try cursors.row(source), cursor.awaitsTurn {
      cursor.awaitsTurn = false
      try cursors.put(source, cursor)
      if fold.agent.chain != chain { fold.startTurn() }
    }
    fold.agent.chain = next
  }

  /// The session that a copied message was first told of in.
  func origin(of content: ConversationRecord.Content) throws(TableError) -> String? {
    guard case .message(let message) = content, let id = message.id else { return nil }
    return try calls.row(Hash128(of: id))?.context.session
  }
}

/// When a name was given, in milliseconds, where it is a UUID that says so: of version 7.
private func timeMS(_ name: String) -> UInt64? {
  let bytes = Array(name.utf8)
  guard bytes.count == 36, bytes[8] == UInt8(ascii: "-"), bytes[14] == UInt8(ascii: "7") else {
    return nil
  }
  return UInt64(name.prefix(13).filter { $0 != "-" }, radix: 16)
}

extension ConversationFold {
  /// Tells of the times before the first event at which its agent was at work.
  mutating func tellActivity() {
    if agent.activeBefore.isEmpty { return }
    for time in agent.activeBefore {
      var context = callContext
      (context.time, context.isTimeInferred) = (time, false)
      notes.append(SessionNote(of: event.id, context, .activity))
    }
    agent.activeBefore = []
  }
}

extension AgentState {
  /// Keeps a time at which it was at work before its first event; false where others tell as much.
  mutating func wait(since time: Timestamp) -> Bool {
    let index = activeBefore.firstIndex { time <= $0 } ?? activeBefore.endIndex
    if index < activeBefore.endIndex, activeBefore[index] == time { return false }
    let isBetween = index > 0 && index < activeBefore.endIndex
    if isBetween, isShort(from: activeBefore[index - 1], to: activeBefore[index]) { return false }
    if activeBefore.count == Self.activeBeforeMax { return false }
    activeBefore.insert(time, at: index)
    // One between two others that are near each other tells nothing.
    for middle in [index + 1, index - 1]
    where middle > 0 && middle < activeBefore.count - 1
      && isShort(from: activeBefore[middle - 1], to: activeBefore[middle + 1])
    {
      activeBefore.remove(at: middle)
    }
    return true
  }

  /// Whether a gap is no pause.
  private func isShort(from start: Timestamp, to end: Timestamp) -> Bool {
    let (gap, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return !isTooLong && gap <= 300_000_000_000
  }
}
