internal import Bytes
internal import ErrorText
internal import Events
internal import Facts
internal import Projection
public import Views

/// How a message that was asked about fits what is known.
enum Fit: String {
  /// The template of a pattern covers it.
  case covered
  /// It has at least half of its words from a pattern, at their places.
  case similar
  /// No pattern is like it; a built-in one may describe it.
  case new
}

/// What is known of an error like a message: a row a fix, a row of the question `--for MESSAGE`.
struct KnownFix: Row {
  var rank: UInt64 = 0
  var fit = Fit.new
  var pattern: Pattern?
  var category = Category.other
  var advice: String?
  var fix: Fix?

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout KnownFix, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("rank", isKey: true, "Its place, from 1: what worked more surely comes first.") {
      row.rank
    }
    visit.derived("pattern_id", "The pattern; null: no error like it is known.") { row.pattern?.id }
    visit.derived(
      "match", "How the message fits it.",
      rule: """
        covered by its template, or similar: the first two words and half of all words at their \
        places; else new
        """
    ) { row.fit.rawValue }
    visit.derived("template", "What the messages of the pattern have in common.") {
      row.pattern?.template
    }
    visit.derived("category", "What sort of error it is.") { row.category }
    visit.derived("count", "How often it happened.") { row.pattern?.evidence.count ?? 0 }
    visit.derived("advice", "What a built-in pattern advises.") { row.advice }
    visit.derived("fix", "What was done; null: nothing that has a name.") { row.fix?.fix }
    visit.derived("verdict", "worked at some time; dead_end: never did; null: nothing was tried.") {
      row.fix.map { $0.successes > 0 ? "worked" : "dead_end" }
    }
    visit.derived("attempts", "Times it was tried.") { row.fix?.attempts }
    visit.derived("successes", "Times it worked.") { row.fix?.successes }
    visit.derived("success_rate", unit: .fraction, rule: "successes / attempts") {
      row.fix.map { Double($0.successes) / Double($0.attempts) }
    }
    visit.derived("seconds_to_fix", unit: .seconds, "Mean time from the error to the success.") {
      row.fix?.secondsToFix
    }
    visit.derived("global", "Whether it worked in more than one place.") { row.fix?.isGlobal }
    visit.derived("offsets", "The events that it stands on, the first \(Evidence.keptMax).") {
      row.evidence.first
    }
    visit.derived("last_offset", "The last of them; null: none.") {
      row.evidence.count == 0 ? nil : row.evidence.last
    }
    visit.derived("offset_count", "How many they are.") { row.evidence.count }
  }

  private var evidence: Evidence { fix?.evidence ?? pattern?.evidence ?? Evidence() }

  /// Whether it comes before another: what has a name; what worked, by its rate and how often; then
  /// dead ends.
  private func isBefore(_ other: KnownFix) -> Bool {
    guard let fix, let than = other.fix else { return fix != nil && other.fix == nil }
    if (fix.fix == nil) != (than.fix == nil) { return fix.fix != nil }
    let mine = fix.successes.multipliedFullWidth(by: than.attempts)
    let theirs = than.successes.multipliedFullWidth(by: fix.attempts)
    return (mine.high, mine.low, fix.successes) > (theirs.high, theirs.low, than.successes)
  }

  /// Of a message, which need never have been seen; at least one row.
  static func rows(
    for message: String, in tables: any ViewReader
  ) throws(TableError) -> [KnownFix] {
    let found = try group(of: message, in: tables)
    guard let (fit, group) = found,
      let pattern = try Pattern.named(try GroupNumber.root(of: group, in: tables), in: tables)
    else { return [unknown(message)] }
    var row = KnownFix(fit: fit, pattern: pattern, category: pattern.category)
    row.advice = pattern.builtIn.flatMap(BuiltIn.named)?.advice
    var rows = try Fix.all(of: pattern.id, in: tables).map { fix in
      row.fix = fix
      return row
    }
    if rows.isEmpty { rows = [row] }
    rows = rows.enumerated().sorted {
      $0.element.isBefore($1.element)
        || !$1.element.isBefore($0.element) && $0.offset < $1.offset
    }.map(\.element)
    for place in rows.indices { rows[place].rank = UInt64(place) + 1 }
    return rows
  }

  /// The group that a message fits, and how.
  static func group(
    of message: String, in tables: any ViewReader
  ) throws(TableError) -> (Fit, UInt64)? {
    var reader = MessageReader()
    let wording = reader.groupedWords(of: message, Event(asking: message))
    if let whole = wording.whole {
      return try tables.read(GroupNumber.opaque).row(whole).map { (.covered, $0.number) }
    }
    let leaves = try tables.read(Leaf.table)
    let (hashes, salt) = (wording.hashes, wording.salt)
    for (fit, mark) in [(Fit.covered, ParseTree.coverage), (.similar, ParseTree.likeness)] {
      let group = try ParseTree.best(of: hashes, salt: salt, by: mark) { key throws(TableError) in
        try leaves.row(key)
      }
      if let group { return (fit, group) }
    }
    return nil
  }

  /// What can be said of a message by itself.
  private static func unknown(_ message: String) -> KnownFix {
    let line = Headline.of(message.utf8.span) { String(repairing: $0) }
    let described = line.bounded(ErrorLimits.exampleSizeMax)
    let builtIn = BuiltIn.matching(described.utf8.span)
    var row = KnownFix(rank: 1)
    row.category = builtIn?.category ?? Category(of: described.utf8.span)
    row.advice = builtIn?.advice
    return row
  }
}

/// What is known of an error like a message: its pattern, what mended it, what did not. Not among the
/// view's tables, since its rows are those of a question.
///
/// Reads a few leaves of the parse tree, and every try of a fix.
public func knownFixesAnswer(message: String) -> any AnswerTable {
  Answer<KnownFix>(
    "errors", "What is known of an error like a message.",
    rows: { tables, body throws(TableError) in
      for row in try KnownFix.rows(for: message, in: tables) { if try !body(row) { return } }
    }
  ).showing(first: "match", "template", "fix", "verdict", "advice")
}
