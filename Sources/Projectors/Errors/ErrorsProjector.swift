internal import Bytes
internal import Events
package import Facts
package import Projection
package import Tables
package import Views

/// What breaks, and what mended it: errors grouped by what went wrong.
///
/// A message's telling line is cut into words, what varies is masked, and Drain's parse tree finds
/// its group. Opaque messages are grouped by equality.
///
/// Memory: the groups that are in use (about 1 KiB each, and the first message up to 2,000 bytes), at
/// most 2^16 rows of each table between checkpoints, whatever the length of the log. What is kept grows
/// with the number of groups, of pairs of group and session, of clusters of prompts (see `GapFinder`),
/// and by three bytes an error.
package final class ErrorsProjector: Projector {
  package static let view = View(
    "errors", version: 5, "Which errors come back, and what fixed them.",
    needs: Needs.having(.errorMessage, .sessionID, .interactionID).andFacts,
    tables: [
      PatternAnswer(), FixAnswer(), TopAnswer(), GapAnswer(), ErrorEventAnswer(),
    ])

  private let tree: ParseTree
  private let patterns: KeyedTable<UInt64, Pattern>
  private let events: ChunkedTable<ErrorEvent>
  private let sessions: KeyedTable<SessionKey, SessionRow>
  private let opaque: KeyedTable<Hash128, NumberRow>
  private let learner: FixLearner
  private let counters: KeyedTable<UInt64, NumberRow>
  private let gaps: GapFinder
  private var scanner = Scanner()
  /// What errors and what mended them carry, one at least.
  private let anError: UInt128 = 1 << UInt128(Field.errorMessage.rawValue)
  private let concerned: UInt128 = [Field.errorMessage, .sessionID, .interactionID]
    .reduce(0) { $0 | 1 << UInt128($1.rawValue) }

  package init(tables: TableSet) throws(TableError) {
    tree = try ParseTree(tables: tables)
    patterns = try tables.open(ErrorTables.patterns)
    events = try tables.open(ErrorTables.events)
    sessions = try tables.keyed(
      "pattern_sessions", key: SessionKey.self, row: SessionRow.self, isCounted: false,
      residentMax: 1 << 16)
    learner = try FixLearner(tables: tables)
    gaps = try GapFinder(tables: tables)
    opaque = try tables.keyed(
      "opaque", key: Hash128.self, row: NumberRow.self, isCounted: false, residentMax: 1 << 16)
    counters = try tables.keyed(
      "counters", key: UInt64.self, row: NumberRow.self, isCounted: false)
  }

  package func apply(_ batch: FoldBatch) throws(FoldError) {
    // In place: an event is costly to copy, and most have no error.
    let events = batch.events.span
    var repeats = batch.repeats[...]
    for index in events.indices where events[index].fields.presence & concerned != 0 {
      let offset = events[index].offset
      while let first = repeats.first, first.offset < offset { repeats.removeFirst() }
      if let again = repeats.first, again.offset == offset, again.news & anError == 0 { continue }
      do throws(TableError) { try fold(events[index]) } catch {
        throw FoldError(at: events[index].offset, error)
      }
    }
    for fact in batch.facts {
      do throws(TableError) {
        try gaps.apply(fact)
      } catch {
        throw FoldError(at: fact.offset, error)
      }
    }
  }

  private func fold(_ event: Event) throws(TableError) {
    guard let message = event.fields.text(.errorMessage) else {
      for verdict in try learner.other(event) { try count(verdict) }
      return
    }
    let group = try group(of: message, event)
    try events.append(ErrorEvent(offset: event.offset, group: group))
    try countSession(of: event, group)
    let verdicts = try learner.error(event, group: group) { left, right throws(TableError) in
      try tree.root(left) == tree.root(right)
    }
    for verdict in verdicts { try count(verdict) }
  }

  private func count(_ verdict: FixLearner.Verdict) throws(TableError) {
    try patterns.change(try tree.root(verdict.group)) { pattern in
      if verdict.succeeded { pattern?.successes += 1 } else { pattern?.failures += 1 }
    }
  }

  /// The group of a message, which counts the event.
  private func group(of message: String, _ event: Event) throws(TableError) -> UInt64 {
    if isOpaque(message) { return try groupByValue(message, event) }
    let bytes = message.utf8.span
    if hasEscapes(bytes) {
      let plain = withoutEscapes(bytes)
      return try group(of: plain.span, message, event)
    }
    return try group(of: bytes, message, event)
  }

  private func group(
    of bytes: Span<UInt8>, _ message: String, _ event: Event
  ) throws(TableError) -> UInt64 {
    let line = bytes.extracting(Headline(bytes).line)
    scanner.scan(line)
    if scanner.tokens.isEmpty { return try groupByValue(message, event) }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(scanner.tokens.count)
    var salt: UInt64 = 1
    for token in scanner.tokens {
      hashes.append(token.hash)
      if token.mask != .whole { salt = 0 }
    }
    // What has no words, such as a key that was not found, is told apart by its type.
    if salt != 0, let type = event.fields.text(.errorType) { salt = identity(type) }
    if let group = try tree.group(of: hashes, salt: salt) {
      try add(event, to: group)
      return group
    }
    let place = try tree.place(for: hashes, salt: salt)
    if let overflow = place.overflow {
      let root = try tree.root(overflow)
      try add(event, to: root)
      return root
    }
    let number = try nextNumber()
    let pattern = pattern(line, message, event)
    let merges = try tree.insert(
      hashes, at: place, salt: salt, label: pattern.label, as: number)
    try patterns.put(number, pattern)
    try counters.put(0, NumberRow(number + 1))
    for merge in merges { try apply(merge) }
    return try tree.root(number)
  }

  private func add(_ event: Event, to group: UInt64) throws(TableError) {
    try patterns.change(group) { $0?.add(event) }
  }

  private func nextNumber() throws(TableError) -> UInt64 { try counters.row(0)?.number ?? 0 }

  /// Messages that are no text are alike when they are equal.
  private func groupByValue(_ message: String, _ event: Event) throws(TableError) -> UInt64 {
    let key = Hash128(of: message)
    if let row = try opaque.row(key) {
      try add(event, to: row.number)
      return row.number
    }
    let number = try nextNumber()
    try opaque.put(key, NumberRow(number))
    try counters.put(0, NumberRow(number + 1))
    let line = message.bounded(Limits.exampleSizeMax)
    let category = event.fields.text(.errorType).map { Category(of: $0.utf8.span) } ?? .other
    try patterns.put(
      number,
      Pattern(
        pieces: [Piece(separator: "", word: line)], tail: "", example: line,
        errorType: event.fields.text(.errorType), category: category, builtIn: nil,
        evidence: Evidence(event.offset), firstSeen: event.time, lastSeen: event.time))
    return number
  }

  /// The pattern that a message begins.
  private func pattern(_ line: Span<UInt8>, _ message: String, _ event: Event) -> Pattern {
    let type = event.fields.text(.errorType) ?? errorType(line)
    let text = String(repairing: line)
    let described = "\(type ?? "") \(text.bounded(Limits.exampleSizeMax))"
    let (pieces, tail) = scanner.template(of: line)
    let builtIn = BuiltIn.matching(described.utf8.span)
    return Pattern(
      pieces: pieces, tail: tail, example: message.bounded(Limits.exampleSizeMax),
      errorType: type?.bounded(Limits.wordSizeMax),
      category: builtIn?.category ?? Category(of: described.utf8.span), builtIn: builtIn?.name,
      evidence: Evidence(event.offset), firstSeen: event.time,
      lastSeen: event.time)
  }
}

// What groups bring along when they become one.
extension ErrorsProjector {
  private func apply(_ merge: ParseTree.Merge) throws(TableError) {
    guard var pattern = try patterns.row(merge.into) else { return }
    pattern.generalize(to: merge.template)
    for group in merge.from {
      guard let other = try patterns.row(group) else { continue }
      pattern.absorb(other)
      try moveSessions(of: other, group, to: merge.into, &pattern)
      try patterns.remove(group)
    }
    try patterns.put(merge.into, pattern)
  }

  private func countSession(of event: Event, _ group: UInt64) throws(TableError) {
    guard let id = event.fields.text(.sessionID) else { return }
    let session = identity(id)
    let key = SessionKey(pattern: group, session: session)
    if try sessions.row(key) != nil { return }
    guard var pattern = try patterns.row(group) else { return }
    try addSession(session, group, &pattern)
    try patterns.put(group, pattern)
  }

  private func addSession(
    _ session: UInt64, _ group: UInt64, _ pattern: inout Pattern
  ) throws(TableError) {
    try sessions.put(
      SessionKey(pattern: group, session: session),
      SessionRow(before: pattern.newestSession ?? 0))
    pattern.newestSession = session
    pattern.sessions += 1
  }

  private func moveSessions(
    of other: Pattern, _ group: UInt64, to root: UInt64, _ pattern: inout Pattern
  ) throws(TableError) {
    var next = other.newestSession
    while let session = next {
      let key = SessionKey(pattern: group, session: session)
      let before = try sessions.row(key)?.before ?? 0
      try sessions.remove(key)
      if try sessions.row(SessionKey(pattern: root, session: session)) == nil {
        try addSession(session, root, &pattern)
      }
      next = before == 0 ? nil : before
    }
  }
}

/// A text as a number that is never 0.
func identity(_ text: String) -> UInt64 {
  let hash = UInt64(truncatingIfNeeded: Hash128(of: text).value)
  return hash == 0 ? 1 : hash
}
