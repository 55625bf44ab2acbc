internal import Bytes
internal import ErrorText
package import Events
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
/// most 2^16 rows of each table and 64 MiB of `PlaceTable` between checkpoints, whatever the length of
/// the log. What is kept grows
/// with the number of groups, of pairs of group and session, of clusters of prompts (see `GapFinder`),
/// of errors that nothing mended and of tries of fixes, and by three bytes an error. An answer about
/// fixes holds their tries.
package final class ErrorsProjector: EventProjector {
  package static let view = View(
    "errors", version: 19, "Which errors come back, and what fixed them.",
    needs: Needs.having(.errorMessage, .sessionID, .interactionID).andFacts,
    tables: [
      Pattern.answer, Fix.answer, TopPattern.answer, TopPattern.promptAnswer, Gap.answer,
      ErrorEvent.answer,
    ])

  private let tree: ParseTree
  private let patterns: KeyedTable<UInt64, Pattern>
  private let events: ChunkedTable<ErrorEvent>
  private let sessions: KeyedTable<SessionKey, PatternSession>
  private let book: CaseBook
  private let occurrences: Occurrences
  private let counters: KeyedTable<UInt64, GroupNumber>
  private let gaps: GapFinder
  private var reader = MessageReader()

  package init(tables: FoldTables) throws(TableError) {
    tree = try ParseTree(tables: tables)
    patterns = try tables.open(Pattern.table)
    events = try tables.open(ErrorEvent.table)
    sessions = try tables.open(PatternSession.table)
    counters = try tables.open(GroupNumber.counters)
    book = try CaseBook(tables: tables, patterns: patterns, tree: tree, counters: counters)
    occurrences = try Occurrences(tables: tables)
    gaps = try GapFinder(tables: tables)
  }

  package func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    // What is said again without a time may be a copy from before an error that happened since.
    if context.again != nil, event.envelope.isTimeInferred, !event.fields.has(.errorMessage) {
      return
    }
    try fold(event)
  }

  package func fold(_ fact: borrowing Fact) throws(TableError) { try gaps.fold(fact) }

  private func fold(_ event: Event) throws(TableError) {
    if let told = event.completes { return try book.complete(told, by: event) }
    guard let message = event.fields.text(.errorMessage) else { return try book.other(event) }
    let wording = reader.groupedWords(of: message, event)
    // What says that an error was resolved names it again: it happened before.
    if Attempt.isResolution(event) {
      if let group = try tree.group(of: wording) {
        try patterns.change(try tree.root(group)) { row in
          row?.addMatch(event.time, isInferred: event.envelope.isTimeInferred)
        }
      }
      return try book.other(event, naming: wording)
    }
    guard try occurrences.isNew(event, message, wording) else { return }
    let known = try tree.group(of: wording)
    let group: UInt64
    if let known {
      group = known
      try describe(known, by: message, wording, event)
    } else {
      group = try createPattern(of: wording, message, event)
    }
    try patterns.change(group) { $0?.add(event) }
    try events.append(
      ErrorEvent(
        event: event.id, pattern: group, time: event.time,
        isTimeInferred: event.envelope.isTimeInferred))
    try countSession(of: event, group)
    try book.happened(event, in: group, first: known == nil ? wording : nil)
  }

  private func nextNumber() throws(TableError) -> UInt64 { try counters.row(0)?.number ?? 0 }

  /// The group of a message that is of none yet.
  private func createPattern(
    of wording: Wording, _ message: String, _ event: Event
  ) throws(TableError) -> UInt64 {
    let number = try nextNumber()
    if let whole = wording.whole {
      // Messages that are no text are alike when they are equal.
      try tree.opaque.put(whole, GroupNumber(number))
      try counters.put(0, GroupNumber(number + 1))
      let line = message.bounded(ErrorLimits.exampleSizeMax)
      let category = event.fields.text(.errorType).map { Category(of: $0.utf8.span) } ?? .other
      try patterns.put(
        number,
        Pattern(
          category: category, errorType: event.fields.text(.errorType),
          pieces: [Piece(separator: "", word: line)], example: line, exampleOffset: event.offset))
      return number
    }
    let position = try tree.position(for: wording.hashes, salt: wording.salt)
    if let overflow = position.overflow { return try tree.root(overflow) }
    let pattern = MessageReader.headline(of: message, event) { line, _ -> Pattern in
      self.pattern(line, message, event)
    }
    let merges = try tree.insert(
      wording.hashes, at: position, salt: wording.salt, label: pattern.label, as: number)
    try patterns.put(number, pattern)
    try counters.put(0, GroupNumber(number + 1))
    for merge in merges { try apply(merge) }
    return try tree.root(number)
  }

  /// The pattern that a message begins.
  private func pattern(_ line: Span<UInt8>, _ message: String, _ event: Event) -> Pattern {
    let thrown = errorType(line) ?? thrownType(message.utf8.span)
    let type = event.fields.text(.errorType) ?? thrown
    let text = String(repairing: line)
    let described = "\(type ?? "") \(text.bounded(ErrorLimits.exampleSizeMax))"
    let (pieces, tail) = reader.scanner.template(of: line)
    let builtIn = BuiltIn.matching(described.utf8.span)
    var category = builtIn?.category ?? Category(of: described.utf8.span)
    // What a program throws, whatever it is called.
    if category == .other, thrown?.contains(where: \.isLowercase) == true { category = .runtime }
    return Pattern(
      category: category,
      errorType: type?.bounded(ErrorLimits.wordSizeMax), pieces: pieces, tail: tail,
      example: MessageReader.example(of: message, telling: line), exampleOffset: event.offset,
      builtIn: builtIn?.name)
  }

  /// Lets a group be described by a message that is earlier than all that were read so far.
  private func describe(
    _ group: UInt64, by message: String, _ wording: Wording, _ event: Event
  ) throws(TableError) {
    guard wording.whole == nil, let known = try patterns.row(group),
      known.firstSeen.map({ event.time <= $0 }) ?? true
    else { return }
    let example = MessageReader.headline(of: message, event) { line, _ in
      MessageReader.example(of: message, telling: line)
    }
    guard known.isDescribed(better: example, at: event.time) else { return }
    let pattern = MessageReader.headline(of: message, event) { line, _ -> Pattern in
      self.pattern(line, message, event)
    }
    try patterns.change(group) { $0?.describe(as: pattern) }
  }
}

// What groups bring along when they become one.
extension ErrorsProjector {
  private func apply(_ merge: ParseTree.Merge) throws(TableError) {
    guard var pattern = try patterns.row(merge.into) else { return }
    for group in merge.from {
      guard let other = try patterns.row(group) else { continue }
      pattern.absorb(other)
      try moveSessions(of: other, group, to: merge.into, &pattern)
      try patterns.remove(group)
      try book.merged(group, into: merge.into)
    }
    pattern.generalize(to: merge.template)
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
      PatternSession(before: pattern.newestSession))
    pattern.newestSession = session
    pattern.sessions += 1
  }

  private func moveSessions(
    of other: Pattern, _ group: UInt64, to root: UInt64, _ pattern: inout Pattern
  ) throws(TableError) {
    var next = other.newestSession
    while let session = next {
      let key = SessionKey(pattern: group, session: session)
      let before = try sessions.row(key)?.before
      try sessions.remove(key)
      if try sessions.row(SessionKey(pattern: root, session: session)) == nil {
        try addSession(session, root, &pattern)
      }
      next = before
    }
  }
}
