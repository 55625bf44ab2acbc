internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// How turns went: what ended half-way is neither. They are taken back where a turn goes on otherwise, so
/// that those of two logs cannot be added.
struct TurnCounts: Equatable {
  var turns: UInt64 = 0
  var successes: UInt64 = 0
  var failures: UInt64 = 0

  mutating func change(_ ending: TurnEnding, isAdding: Bool) {
    func change(_ count: inout UInt64) { if isAdding { count &+= 1 } else { count &-= 1 } }
    change(&turns)
    switch ending {
    case .success: change(&successes)
    case .failure: change(&failures)
    case .partial, .open: break
    }
  }

  var rate: Double? {
    let decided = successes + failures
    return decided == 0 ? nil : Double(successes) / Double(decided)
  }

  var interval: WilsonInterval? {
    WilsonInterval(successes: successes, failures: failures)
  }
}

/// Something that agents were told, and what came of it.
struct Advice: Row, Equatable {
  var id = ""
  var section = ""
  var advice = ""
  var pattern: String?
  var shown = Count()
  /// The turns that did it, those in which that failed, and those that did not.
  var heeding = TurnCounts()
  var failing = TurnCounts()
  var others = TurnCounts()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Advice>("advice", residentMax: 1 << 12)

  init() {}

  init(_ given: GivenAdvice) {
    id = Self.id(given)
    (section, advice) = (given.section, given.advice)
  }

  static func id(_ given: GivenAdvice) -> String {
    var writer = ByteWriter()
    writer.append(text: given.section)
    writer.append(text: given.advice)
    return "\(Hash128(of: writer.bytes))"
  }

  private var difference: Double? {
    guard let with = heeding.rate, let without = others.rate else { return nil }
    return with - without
  }

  /// An end of Newcombe's interval of the difference of two rates (1998, method 10).
  private func end(isHigh: Bool) -> Double? {
    guard let difference, let with = heeding.interval, let without = others.interval,
      let p = heeding.rate, let q = others.rate
    else { return nil }
    let (own, other) = isHigh ? (with.high - p, q - without.low) : (p - with.low, without.high - q)
    let spread = (own * own + other * other).squareRoot()
    return isHigh ? difference + spread : difference - spread
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Advice, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("advice_id", &row.id, "A hash of section and advice.")
    try visit.column("section", &row.section, "What sort it is: a section of `context`.")
    try visit.column("advice", &row.advice, "What was told: of a fix, what is to be done.")
    try visit.column("pattern", &row.pattern, "Which errors it was last told of, if of any.")
    try visit.column("shown", &row.shown, unit: .count, "How often it was told.")
    visit.derived(
      "turns", unit: .count, "Turns of which it is known that they were told.",
      rule: "turns_with + turns_failing + turns_without"
    ) { row.heeding.turns + row.failing.turns + row.others.turns }
    visit.derived(
      "heeded", unit: .count,
      "Of the turns, those in which it was done after it was told, and worked.",
      rule: "turns_with"
    ) { row.heeding.turns }
    try visit.column(
      "turns_with", &row.heeding.turns, unit: .count, "Turns that were told, and then did it.",
      rule: "each of its commands ended well, or its file was changed, later in the turn")
    try visit.column("successes_with", &row.heeding.successes, "Those that succeeded.")
    try visit.column("failures_with", &row.heeding.failures, "Those that failed.")
    try visit.column(
      "turns_failing", &row.failing.turns, unit: .count,
      "Turns that were told, and tried it, and it failed each time.")
    try visit.column(
      "successes_failing", &row.failing.successes, "Those that succeeded all the same.")
    try visit.column("failures_failing", &row.failing.failures, "Those that failed.")
    try visit.column(
      "turns_without", &row.others.turns, unit: .count, "Turns that were told, and did not do it.")
    try visit.column("successes_without", &row.others.successes, "Those that succeeded.")
    try visit.column("failures_without", &row.others.failures, "Those that failed.")
    visit.derived(
      "success_rate_with", unit: .fraction,
      rule: "successes_with / (successes_with + failures_with)"
    ) { row.heeding.rate }
    visit.derived(
      "success_rate_without", unit: .fraction,
      rule: "successes_without / (successes_without + failures_without)"
    ) { row.others.rate }
    visit.derived(
      "difference", "By how much more often turns succeed that do it.",
      rule: "success_rate_with - success_rate_without"
    ) { row.difference }
    visit.derived(
      "low", "Where the difference lies, with 95 %: not below.",
      rule: "Newcombe's interval of the difference of two rates, from Wilson's of each"
    ) { row.end(isHigh: false) }
    visit.derived(
      "high", "Where the difference lies, with 95 %: not above.",
      rule: "Newcombe's interval of the difference of two rates, from Wilson's of each"
    ) { row.end(isHigh: true) }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "knowledge/advice",
    """
    Something that agents were told, how often it was done, and how the turns ended that did it and \
    that did not. It compares turns that were told the same; which of them do it is no chance, so that \
    a difference need not come from the advice.
    """,
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "advice", "shown", "heeded", "success_rate_with", "success_rate_without")
}

/// Turns in which a tool failed: those that were told something, or those that were not.
struct TurnsTold: Row, Equatable {
  var isAdvised = false
  var counts = TurnCounts()
  var evidence = Evidence()

  static let table = StoredTable<UInt64, TurnsTold>("turns_told", residentMax: 2)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout TurnsTold, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("advised", &row.isAdvised, "Whether they were told something.")
    try visit.column("turns", &row.counts.turns, unit: .count, "Turns in which a tool failed.")
    try visit.column("successes", &row.counts.successes, "Those that succeeded all the same.")
    try visit.column("failures", &row.counts.failures, "Those that failed.")
    visit.derived("success_rate", unit: .fraction, rule: "successes / (successes + failures)") {
      row.counts.rate
    }
    visit.derived(
      "low", unit: .fraction, "Where the rate lies, with 95 %: not below.",
      rule: "Wilson's interval of successes among successes + failures"
    ) { row.counts.interval?.low }
    visit.derived(
      "high", unit: .fraction, "Where the rate lies, with 95 %: not above.",
      rule: "Wilson's interval of successes among successes + failures"
    ) { row.counts.interval?.high }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "knowledge/turns",
    """
    Turns of agents in which a tool failed: those that were told something out of what was known, and \
    those that were not.
    """,
    of: table, where: { $0.counts.turns > 0 },
    key: { key in key[0].flatMap { ["false": 0, "true": 1][$0] } }
  ).showing(first: "turns", "successes", "failures", "success_rate")
}
