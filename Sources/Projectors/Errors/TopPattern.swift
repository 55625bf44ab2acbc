internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A pattern by how much it may be relied on, or by how well its fixes work.
struct TopPattern: Row {
  /// From 1.
  var rank: UInt64 = 0
  var pattern = Pattern()
  var fix: String?

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout TopPattern, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("rank", isKey: true, "Its place, from 1.") { row.rank }
    visit.derived("pattern_id", "The pattern: `foldlog explain errors PATTERN_ID` tells of it.") {
      row.pattern.id
    }
    visit.derived("template", "Its template; `<*>` stands for what varies.") {
      row.pattern.template
    }
    visit.derived("fix", "What worked most often; null: nothing that has a name.") { row.fix }
    visit.derived("advice", "What a built-in pattern advises; null: it is an instance of none.") {
      row.pattern.builtIn.flatMap(BuiltIn.named)?.advice
    }
    visit.derived("successes", "How often it was mended.") { row.pattern.successes }
    visit.derived("failures", "How often it was not.") { row.pattern.failures }
    visit.derived("attempts", rule: "successes + failures") {
      row.pattern.successes + row.pattern.failures
    }
    visit.derived("success_rate", unit: .fraction, rule: "successes / attempts") {
      row.pattern.successRate
    }
    visit.derived(
      "confidence", unit: .fraction, "How sure the pattern is.",
      rule: "(successes + start) / (successes + failures + 1)"
    ) { row.pattern.confidence }
    visit.derived("offsets", "The events of its errors, the first \(Evidence.keptMax).") {
      row.pattern.evidence.first
    }
    visit.derived("last_offset", "The last of them.") { row.pattern.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.pattern.evidence.count }
  }

  static let topMax = 50
  static let promptMax = 30

  static let answer = answer(
    "errors/top",
    """
    The \(topMax) active patterns of which one may be most sure: by their confidence, then by their \
    successes, then by how often they happened, then by their template. Those of which no fix was tried \
    are among them.
    """,
    most: topMax, where: { $0.isActive }, by: { $0.isSurer(than: $1) })

  static let promptAnswer = answer(
    "errors/prompt",
    """
    What to tell an agent before it begins: the \(promptMax) active patterns of which at least \
    \(Pattern.promptPercent) of 100 fixes worked, by their success_rate, then by their successes, then by \
    how often they happened, then by their template.
    """,
    most: promptMax, where: { $0.isForPrompts }, by: { $0.isBetter(than: $1) })

  private static func answer(
    _ name: String, _ about: String, most: Int,
    where isMeant: @escaping @Sendable (Pattern) -> Bool,
    by isBefore: @escaping @Sendable (Pattern, Pattern) -> Bool
  ) -> Answer<TopPattern> {
    // Holds the patterns in memory that may be among the first.
    @Sendable func rows(in tables: any ViewReader) throws(TableError) -> [TopPattern] {
      func precedes(_ one: Pattern, _ other: Pattern) -> Bool {
        if isBefore(one, other) { return true }
        return !isBefore(other, one) && one.evidence.count > other.evidence.count
      }
      var top: [Pattern] = []
      // The last that is among the first of those that were read so far.
      var last: Pattern?
      func cut() {
        top.sort(by: precedes)
        var end = min(most, top.count)
        while end > 0, end < top.count, !precedes(top[end - 1], top[end]) { end += 1 }
        top.removeSubrange(end...)
        if top.count >= most { last = top[most - 1] }
      }
      var cutAt = 8 * most
      try tables.read(Pattern.table).forEach { id, pattern in
        guard isMeant(pattern), last.map({ !precedes($0, pattern) }) ?? true else { return true }
        top.append(pattern)
        top[top.count - 1].id = id
        if top.count >= cutAt {
          cut()
          cutAt = max(cutAt, 2 * top.count)
        }
        return true
      }
      cut()
      // Their templates decide last, since they take longer than the rest.
      let named = top.map { (pattern: $0, name: Array($0.template.utf8)) }.sorted {
        left, right in
        if precedes(left.pattern, right.pattern) { return true }
        if precedes(right.pattern, left.pattern) { return false }
        if left.name != right.name { return left.name.lexicographicallyPrecedes(right.name) }
        return left.pattern.id < right.pattern.id
      }
      let fixes = try Fix.best(in: tables)
      return named.prefix(most).enumerated().map {
        TopPattern(rank: UInt64($0) + 1, pattern: $1.pattern, fix: fixes[$1.pattern.id])
      }
    }
    return Answer<TopPattern>(
      name, about,
      rows: { tables, body throws(TableError) in
        for row in try rows(in: tables) { if try !body(row) { return } }
      },
      row: { key, tables throws(TableError) in
        try rows(in: tables).first { "\($0.rank)" == key[0] }
      }
    ).identified(by: ["template"], numbering: ["pattern_id"])
      .showing(first: "template", "success_rate", "fix", "advice").touched {
        subject, tables throws(TableError) in
        guard let event = try ErrorEvent.at(subject.event.id, in: tables) else { return [] }
        return try rows(in: tables).filter { $0.pattern.id == event.pattern }
      }.explained { explanation, row, tables, _ throws(TableError) in
        let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
        guard let pattern = try Pattern.named(id, in: tables) else { return }
        explanation.add(Input("start", .real(pattern.startingConfidence)), to: "confidence")
        explanation.steps = try Trial.all(of: id, in: tables).map(\.step)
      }.whenEmpty { tables throws(TableError) in
        var (all, tried): (UInt64, UInt64) = (0, 0)
        try tables.read(Pattern.table).forEach { _, pattern in
          all += 1
          if pattern.successRate != nil { tried += 1 }
          return true
        }
        return [
          "of \(all) patterns a fix was tried of \(tried), and none is one that is answered here"
        ]
      }
  }
}
