internal import Bytes
internal import ErrorText
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A group of errors that say the same.
struct Pattern: Row {
  /// The key that it is kept under: known when it is read for an answer.
  var id: UInt64 = 0
  var category = Category.other
  var errorType: String?
  /// The template: words with the punctuation before each.
  var pieces: [Piece] = []
  /// The punctuation after the last word.
  var tail = ""
  /// The earliest message, at most 2,000 bytes of it, and the event that tells it.
  var example = ""
  var exampleOffset: Offset = 0
  var evidence = Evidence()
  /// Nil before the first event.
  var firstSeen: Timestamp?
  var isFirstSeenInferred = false
  var lastSeen: Timestamp?
  var isLastSeenInferred = false
  /// Of all events whose message fits it, also of those that name an error again.
  var lastMatched = Greatest<Timestamp>()
  var isLastMatchedInferred = false
  var sessions: UInt64 = 0
  /// The session that came last: the head of a list through the table of sessions.
  var newestSession: UInt64?
  /// Errors of which nothing tells that they were mended.
  var unresolved: UInt64 = 0
  var successes: UInt64 = 0
  var failures: UInt64 = 0
  /// The name of the built-in pattern that it is an instance of.
  var builtIn: String?

  static let table = StoredTable<UInt64, Pattern>(
    "patterns/rows", rowsPerChunk: 32, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Pattern, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived(
      "pattern_id", isKey: true,
      "Names the pattern, in this and the tables of fixes and events: by the order in which they are read."
    ) { row.id }
    try visit.column("category", &row.category, "What sort of error it is.")
    try visit.column(
      "error_type", &row.errorType, "The type that its errors give.",
      rule: "the field error_type, else what the line names")
    try visit.hidden("pieces", &row.pieces)
    try visit.hidden("tail", &row.tail)
    visit.derived(
      "template", "What its messages have in common, `<*>` for what differs.",
      rule: "the words that all messages of the group share, <*> where they differ"
    ) { row.template }
    try visit.column("example", &row.example, "The earliest message, by its time.")
    try visit.hidden("example_offset", &row.exampleOffset)
    try visit.hidden("evidence", &row.evidence)
    visit.derived(
      "count", "Events in which an error of the group happened; what names one again is none.",
      rule: """
        each line of one writer; those of several that say the same of a task within a second, as few \
        as they allow
        """
    ) { row.evidence.count }
    try visit.column(
      "unresolved", &row.unresolved, "Those of them of which nothing tells that they were mended.",
      rule: """
        mended by what passed or was reported no earlier, by the times of the lines; a session with \
        its tasks is told in that order up to \(ErrorLimits.attemptsMax) attempts, then as it is read, \
        and at most \(ErrorLimits.openErrorsMax) different errors wait in it; what is of no session \
        or task is mended by a report of none that names its pattern
        """)
    visit.derived("first_offset", "The first error.") { row.evidence.first.first }
    visit.derived("last_offset", "The last error.") {
      row.evidence.count == 0 ? nil : row.evidence.last
    }
    try visit.column("first_seen", &row.firstSeen, "The least time of its errors.")
    try visit.column(
      "is_first_seen_inferred", &row.isFirstSeenInferred, "Whether its line does not say it.")
    try visit.column("last_seen", &row.lastSeen, "The greatest.")
    try visit.column(
      "is_last_seen_inferred", &row.isLastSeenInferred, "Whether its line does not say it.")
    try visit.column(
      "last_matched_at", &row.lastMatched,
      "The greatest time of events that give such a message, also of those that name one again.")
    try visit.column(
      "is_last_matched_at_inferred", &row.isLastMatchedInferred, "Whether its line does not say it."
    )
    visit.derived(
      "file_pattern", "Which files it is about: the sort that its example names first; null: none.",
      rule: "by the first name of a file in the example"
    ) { FileNames.pattern(in: row.example) }
    try visit.column("sessions", &row.sessions, "Different session_ids among its events.")
    try visit.hidden("newest_session", &row.newestSession)
    try visit.column("successes", &row.successes, "Times that a fix worked.")
    try visit.column("failures", &row.failures, "Times that one did not.")
    visit.derived("attempts", "Times that one was tried.", rule: "successes + failures") {
      row.successes + row.failures
    }
    visit.derived(
      "success_rate", unit: .fraction, "Null before the first fix.", rule: "successes / attempts"
    ) { row.successRate }
    visit.derived(
      "confidence", unit: .fraction, "How sure one may be of what is known of it.",
      rule: """
        (successes + start) / (successes + failures + 1), where start is \
        \(starting(isBuiltIn: true)) for a built-in pattern and \(starting(isBuiltIn: false)) for a \
        learned one
        """
    ) { row.confidence }
    visit.derived(
      "active", "Whether its fixes may be relied on.",
      rule: """
        built_in, or fewer than \(failuresMin) failures, or a success_rate of at least 0.5
        """
    ) { row.isActive }
    visit.derived(
      "built_in", "Whether a built-in pattern describes it.",
      rule: """
        whether type and line hold a phrase of a built-in pattern, which gives name and advice
        """
    ) { row.builtIn != nil }
    try visit.column("name", &row.builtIn, "The name of the built-in pattern.")
    visit.derived("advice", "What the built-in pattern advises.") {
      row.builtIn.flatMap(BuiltIn.named)?.advice
    }
    visit.derived("offsets", "The events that it stands on, the first \(Evidence.keptMax).") {
      row.evidence.first
    }
    visit.derived("offset_count", "How many they are.") { row.evidence.count }
  }

  static let answer = Answer<Pattern>(
    "errors",
    """
    Of each error_message the telling line is taken, what varies in it (numbers, paths, quoted texts, \
    …) becomes <*>, and Drain's parse tree finds the group of messages that say the same. Category, \
    type and name come from the earliest message of the group, by its time.
    """,
    rows: { tables, body throws(TableError) in
      try tables.read(table).forEach { id, row throws(TableError) in try body(row.named(id)) }
    },
    row: { key, tables throws(TableError) in
      guard let id = key.number(0) else { return nil }
      return try named(id, in: tables)
    }
  ).identified(by: ["first_offset"], numbering: ["pattern_id"])
    .showing(first: "template", "count", "success_rate", "advice").touched {
      subject, tables throws(TableError) in
      guard let event = try ErrorEvent.at(subject.event.id, in: tables) else { return [] }
      return try named(event.pattern, in: tables).map { [$0] } ?? []
    }.explained { explanation, row, tables, _ throws(TableError) in
      let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
      guard let pattern = try named(id, in: tables) else { return }
      let joined = try GroupNumber.roots(in: tables).filter { $0.value == id }.keys.sorted()
      explanation.title += ": \(pattern.template)"
      explanation.add(
        Input("example", row["example"], [pattern.exampleOffset]),
        Input("groups that became part of it", .offsets(joined)), to: "template")
      let line = ClassifiedLine(pattern)
      explanation.set(line.category)
      explanation.add(Input("phrase", Cell(line.phraseOfBuiltIn)), to: "built_in")
      explanation.add(Input("start", .real(pattern.startingConfidence)), to: "confidence")
      explanation.steps = try Trial.all(of: id, in: tables).map(\.step)
    }

  /// The pattern of a number, under its name.
  static func named(_ id: UInt64, in tables: any ViewReader) throws(TableError) -> Pattern? {
    try tables.read(table).row(id)?.named(id)
  }

  /// What tables that name patterns by their numbers show beside them.
  static let templateColumn = Column("template", of: String.self, "The pattern's template.")

  /// The templates of patterns by their numbers, each read once.
  static func templates(
    in tables: any ViewReader
  ) throws(TableError) -> (UInt64) throws(TableError) -> Cell {
    let patterns = try tables.read(table)
    var known: [UInt64: Cell] = [:]
    return { id throws(TableError) in
      if let cell = known[id] { return cell }
      let cell = Cell(try patterns.row(id)?.named(id).template)
      known[id] = cell
      return cell
    }
  }

  private func named(_ id: UInt64) -> Pattern {
    var row = self
    row.id = id
    return row
  }
}

extension Pattern {
  var template: String { pieces.text(tail: tail) }

  /// Stands for what the group is told to be: category, type, and built-in pattern.
  var label: UInt64 {
    mix(
      mix(UInt64(category.rawValue), errorType.map(identity) ?? 0), builtIn.map(identity) ?? 0)
  }

  /// How sure one may be of what is known: as at the start, then by what became of fixes.
  var confidence: Double {
    (Double(successes) + startingConfidence) / (Double(successes) + Double(failures) + 1)
  }

  var startingConfidence: Double { Self.starting(isBuiltIn: builtIn != nil) }

  private static func starting(isBuiltIn: Bool) -> Double {
    Double(startingTenths(isBuiltIn: isBuiltIn)) / 10
  }

  private static func startingTenths(isBuiltIn: Bool) -> UInt64 { isBuiltIn ? 9 : 7 }

  /// Nil before there was a fix.
  var successRate: Double? {
    let attempts = successes + failures
    return attempts == 0 ? nil : Double(successes) / Double(attempts)
  }

  static let failuresMin: UInt64 = 3

  /// A learned pattern whose fixes fail more often than not is no longer active.
  var isActive: Bool {
    builtIn != nil || failures < Self.failuresMin || successes >= failures
  }

  /// Whether it is surer than another: (successes + start) / (successes + failures + 1), as whole
  /// numbers.
  func isSurer(than other: Pattern) -> Bool {
    let mine = (10 * successes + startingTenths).multipliedFullWidth(
      by: other.successes + other.failures + 1)
    let theirs = (10 * other.successes + other.startingTenths).multipliedFullWidth(
      by: successes + failures + 1)
    return (mine.high, mine.low, successes) > (theirs.high, theirs.low, other.successes)
  }

  private var startingTenths: UInt64 { Self.startingTenths(isBuiltIn: builtIn != nil) }

  /// Of 100 fixes, how many must have worked for a prompt to tell of them.
  static let promptPercent: UInt64 = 60

  /// Active, and enough of its fixes worked.
  var isForPrompts: Bool {
    let attempts = successes + failures
    return isActive && attempts > 0 && successes * 100 >= attempts * Self.promptPercent
  }

  /// Whether its fixes work more often, or as often and more of them did.
  func isBetter(than other: Pattern) -> Bool {
    let mine = successes.multipliedFullWidth(by: other.successes + other.failures)
    let theirs = other.successes.multipliedFullWidth(by: successes + failures)
    return (mine.high, mine.low, successes) > (theirs.high, theirs.low, other.successes)
  }

  mutating func add(_ event: Event) {
    var one = Pattern()
    one.evidence.add(event.offset)
    one.firstSeen = event.time
    one.isFirstSeenInferred = event.envelope.isTimeInferred
    one.lastSeen = event.time
    one.isLastSeenInferred = event.envelope.isTimeInferred
    addTimes(of: one)
    addMatch(event.time, isInferred: event.envelope.isTimeInferred)
    evidence.add(event.offset)
  }

  /// Notes an event that names the pattern. Of two at one time it counts what a line says.
  mutating func addMatch(_ time: Timestamp, isInferred: Bool) {
    if let known = lastMatched.value, known > time { return }
    isLastMatchedInferred = isInferred && (lastMatched.value != time || isLastMatchedInferred)
    lastMatched.add(time)
  }

  /// Whether what is told of it should be told by another message: files are read in any order, so that
  /// it is the earliest one, and of several of one time the least.
  func isDescribed(better message: String, at time: Timestamp) -> Bool {
    guard let firstSeen, firstSeen <= time else { return true }
    return firstSeen == time && message.utf8.lexicographicallyPrecedes(example.utf8)
  }

  /// Is described by another message of the group: what differs in its template stays so.
  mutating func describe(as other: Pattern) {
    (category, errorType, builtIn) = (other.category, other.errorType, other.builtIn)
    (example, exampleOffset) = (other.example, other.exampleOffset)
    guard pieces.count == other.pieces.count else { return }
    let known = pieces
    (pieces, tail) = (other.pieces, other.tail)
    for index in known.indices where known[index].word == Piece.wildcard {
      pieces[index].word = Piece.wildcard
    }
  }

  /// Takes in another group, all but its sessions.
  mutating func absorb(_ other: Pattern) {
    if let time = other.firstSeen, isDescribed(better: other.example, at: time) {
      describe(as: other)
    }
    addTimes(of: other)
    evidence.absorb(other.evidence)
    if let time = other.lastMatched.value {
      addMatch(time, isInferred: other.isLastMatchedInferred)
    }
    unresolved += other.unresolved
    successes += other.successes
    failures += other.failures
  }

  /// The least and the greatest time: lines may come in another order than what they tell of. Of equal
  /// times the first event's counts as the first, and the last event's as the last.
  private mutating func addTimes(of other: Pattern) {
    guard let first = other.firstSeen, let last = other.lastSeen else { return }
    let isFirst = other.evidence.first.first ?? .max < evidence.first.first ?? .max
    if firstSeen.map({ first < $0 || first == $0 && isFirst }) ?? true {
      firstSeen = first
      isFirstSeenInferred = other.isFirstSeenInferred
    }
    let isLast = other.evidence.last > evidence.last
    if lastSeen.map({ last > $0 || last == $0 && isLast }) ?? true {
      lastSeen = last
      isLastSeenInferred = other.isLastSeenInferred
    }
  }

  /// Puts wildcards where the template of the group has them.
  mutating func generalize(to template: [WordHash]) {
    for (index, hash) in template.enumerated() where hash == .wildcard && index < pieces.count {
      pieces[index].word = Piece.wildcard
    }
  }
}

extension Evidence {
  /// Takes in the events of another. Those that both keep count once.
  mutating func absorb(_ other: Evidence) {
    let both = Set(first).union(other.first)
    let shared = UInt64(first.count + other.first.count - both.count)
    self = Evidence(
      first: Array(both.sorted().prefix(Self.keptMax)),
      last: max(last, other.last), count: count + other.count - shared)
  }
}

/// The type and the telling line of a pattern's first message: what categories are looked for in.
private struct ClassifiedLine {
  private let pattern: Pattern
  private let text: String

  init(_ pattern: Pattern) {
    self.pattern = pattern
    let line = Headline.of(pattern.example.utf8.span) { String(repairing: $0) }
    text = "\(pattern.errorType ?? "") \(line.bounded(ErrorLimits.exampleSizeMax))"
  }

  /// The phrase by which it is an instance of a built-in pattern.
  var phraseOfBuiltIn: String? {
    pattern.builtIn.flatMap(BuiltIn.named)?.phrase(in: text.utf8.span)
  }

  var category: Figure {
    let phrase = pattern.category.phrase(in: text.utf8.span)
    let rule =
      if pattern.builtIn.flatMap(BuiltIn.named) != nil {
        "that of the built-in pattern"
      } else if phrase != nil {
        "the first category of which type and line hold a phrase"
      } else if pattern.category != .other {
        "by the whole message, of which the example shows the beginning"
      } else {
        "nothing that a category names is in it"
      }
    return Figure(
      "category", pattern.category.cell, rule,
      [
        Input("type and line", .text(text)),
        Input("phrase", Cell(pattern.builtIn == nil ? phrase : phraseOfBuiltIn)),
      ])
  }
}
