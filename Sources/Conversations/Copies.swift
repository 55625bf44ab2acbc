import Bytes
import Events
import Facts
import Tables
import Views

/// A line, by what it is known wherever it is copied to.
struct KnownLine {
  let offset: Offset
  let key: Hash128
  /// The mark of the session that it was folded for; nil when it is told for the first time.
  let owner: UInt64?
  /// Over the lines before it in its file, of those that have neither a name nor a time; nil where
  /// it has one.
  let chain: Hash128?
}

// Transcripts are copied: when a session is taken up again or forked, into backups, under other names.
// A line counts once, whatever file it is met in.
extension Conversations {
  /// A line without a name is known by its session and its bytes. Where it has no time either, equal
  /// lines may tell of different things: then by all such lines before it in its file, too.
  func line(
    of event: Event, _ record: ConversationRecord, _ session: String?, _ place: String
  ) throws(TableError) -> KnownLine {
    if let lastLine, lastLine.offset == event.offset { return lastLine }
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
    let owner = try lines.row(key)
    if owner == nil { try lines.put(key, mark(place)) }
    let known = KnownLine(offset: event.offset, key: key, owner: owner, chain: chain)
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
  func mark(_ place: String) -> UInt64 { UInt64(truncatingIfNeeded: Hash128(of: place).value) }

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
