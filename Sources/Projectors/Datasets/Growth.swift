internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import TrainingData
internal import Views

/// What a week added. Kept by its number, so that weeks before 1970 come first; what no line dates
/// lies apart, behind all others.
struct Week: Row, Equatable {
  /// Interactions whose prompt and response can be read.
  var responses: UInt64 = 0
  var examples: UInt64 = 0
  /// Examples beside, on their own word.
  var unproven: UInt64 = 0
  var pairs: UInt64 = 0
  /// The event of the first response.
  var first: Offset?

  static let table = StoredTable<UInt64, Week>("weeks")

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("responses", &row.responses)
    try visit.hidden("examples", &row.examples)
    try visit.hidden("unproven", &row.unproven)
    try visit.hidden("pairs", &row.pairs)
    try visit.hidden("first", &row.first)
  }

  var isEmpty: Bool { responses == 0 && examples == 0 && unproven == 0 && pairs == 0 }

  /// More weeks than lie between the earliest time that there is, in 1677, and 1970.
  private static let before1970: Int64 = 20_000

  /// Added to the number of a week that no line says.
  private static let undated: UInt64 = 1 << 32

  /// The number of a week, which begins on Monday, UTC.
  ///
  /// - Parameter isInferred: whether no line says the time.
  static func number(of time: Timestamp, isInferred: Bool) -> UInt64 {
    let (week, rest) = (time.day + 3).quotientAndRemainder(dividingBy: 7)
    let number = UInt64(clamping: before1970 + (rest < 0 ? week - 1 : week))
    return isInferred ? number + undated : number
  }

  static func isDated(_ number: UInt64) -> Bool { number < undated }

  /// The Monday with which it begins.
  static func start(of number: UInt64) -> CivilDate {
    CivilDate(day: (Int64(clamping: number % undated) - before1970) * 7 - 3)
  }

  mutating func add(_ other: Week) {
    responses &+= other.responses
    examples &+= other.examples
    unproven &+= other.unproven
    pairs &+= other.pairs
    first = first ?? other.first
  }
}

/// How much there was to train on by the end of a week.
struct Growth: Row {
  /// As they are kept: one, but for what no line dates.
  var numbers: [UInt64] = []
  /// From 1, the first week of which something is known; nil for what no line dates.
  var week: UInt64? = 1
  var added = Week()
  /// The last week up to its end that added something.
  var source: UInt64 = 0
  var examplesTotal: UInt64 = 0
  /// Whether a later one has begun.
  var isOver = false
  var evidence = Evidence()

  /// How many examples there are to be by the end of a week.
  static let milestones: [UInt64: UInt64] = [1: 10, 4: 100, 12: 500, 52: 2_500]

  var milestone: UInt64? { week.flatMap { Self.milestones[$0] } }

  /// Nil while it may still be met.
  var isMet: Bool? {
    guard let milestone else { return nil }
    return examplesTotal >= milestone ? true : isOver ? false : nil
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    visit.derived(
      "week", isKey: true,
      """
      The week, from 1: the first of which there is a response or a pair. Null: of what no line dates, \
      which is of no week and counts towards no milestone.
      """
    ) { row.week }
    visit.derived("starts_on", "Its Monday, UTC.") {
      row.week == nil ? nil : row.numbers.first.map(Week.start)
    }
    visit.derived("is_week_inferred", "Whether no line says of which week it is.") {
      row.numbers.contains { !Week.isDated($0) }
    }
    visit.derived(
      "responses", unit: .count, "Its interactions whose prompt and response can be read."
    ) { row.added.responses }
    visit.derived(
      "examples", unit: .count,
      "The examples that count in datasets/readiness and whose interaction ended in it."
    ) { row.added.examples }
    visit.derived(
      "unproven", unit: .count,
      "Those beside, on their own word: they count neither there nor towards a milestone."
    ) { row.added.unproven }
    visit.derived(
      "pairs", unit: .count,
      """
      The pairs that count there: a week has those whose later answer, or whose judgment, is of it.
      """
    ) { row.added.pairs }
    visit.derived(
      "examples_total", unit: .count, "The examples that count, of all weeks up to its end.",
      rule: "examples + examples_before"
    ) { row.week == nil ? nil : row.examplesTotal }
    visit.derived(
      "milestone", unit: .count, "How many examples there are to be by its end; null: none is set.",
      rule: milestones.sorted { $0.key < $1.key }.map { "\($0.value) in week \($0.key)" }
        .joined(separator: ", ")
    ) { row.milestone }
    visit.derived(
      "met", "Whether there are.",
      rule: """
        true from examples_total ≥ milestone on; false once the week is over without; null till then, and \
        without a milestone
        """
    ) { row.isMet }
    visit.standing(on: row.evidence)
  }

  static let answer = Answer(
    "datasets/growth",
    """
    How much there is to train on, by the weeks that added something, and those by whose end so many \
    examples are to be there, once they have passed: by the latest time of the log's events. Examples and \
    pairs count here as in datasets/readiness: those of which more than their own word says that they \
    succeeded. What no line dates is of no week, unless no line dates anything.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first { $0.week.map { "\($0)" } == key[0] }
    }
  ).identified(by: ["starts_on"]).showing(first: "examples", "pairs", "examples_total", "met")
    .touched {
      subject, tables throws(TableError) in
      var numbers: Set<UInt64> = []
      if let number = subject.interaction?.number,
        let response = try tables.read(ResponseRow.table).row(number)
      {
        numbers.insert(response.week)
        if let place = response.examplePosition,
          let cluster = try tables.read(Cluster.table).row(place.group)
        {
          numbers.insert(cluster.week)
        }
      }
      for pair in try PreferencePair.touched(by: subject, in: tables) {
        if let pair = try tables.read(Pair.table).row(pair.id) { numbers.insert(pair.week) }
      }
      return try all(in: tables).filter {
        !numbers.isDisjoint(with: $0.numbers) && subject.isTold(by: $0.evidence, $0.added.first)
      }
    }.explained { explanation, row, tables, _ throws(TableError) in
      let week = row["week"].integer.map(UInt64.init(clamping:))
      guard let growth = try all(in: tables).first(where: { $0.week == week }) else { return }
      func add(_ name: String, _ offsets: [Offset]) {
        let first = Evidence(of: offsets).first
        explanation.add(Input("the first of them", .integer(Int64(first.count)), first), to: name)
      }
      add("examples", try examples(of: growth.numbers, isProven: true, in: tables))
      add("unproven", try examples(of: growth.numbers, isProven: false, in: tables))
      add("pairs", try pairs(of: growth.numbers, in: tables))
      explanation.add(
        Input("the first", growth.added.first.cell, growth.added.first.map { [$0] } ?? []),
        to: "responses")
      explanation.add(
        Input("examples_before", Cell(growth.examplesTotal - growth.added.examples)),
        to: "examples_total")
      if growth.milestone != nil {
        explanation.add(Input("now", try times(in: tables).now.cell), to: "met")
      }
    }.whenEmpty { _ in
      [
        "a week has a row by an interaction with an outcome whose prompt and response can be read, or by a "
          + "pair: there is neither"
      ]
    }

  /// In their order: as many as there are weeks that added something, and the few with a milestone;
  /// what no line dates comes first.
  static func all(in tables: any ViewReader) throws(TableError) -> [Growth] {
    var (dated, undated): ([(UInt64, Week)], [(UInt64, Week)]) = ([], [])
    try tables.read(Week.table).forEach { number, added in
      if Week.isDated(number) {
        dated.append((number, added))
      } else {
        undated.append((number, added))
      }
      return true
    }
    let times = try times(in: tables)
    let isInferred = dated.isEmpty && times.isNowInferred
    let standing = try Standing.byWeek(in: tables)
    let now = times.now.map { Week.number(of: $0, isInferred: isInferred) }
    var rows = rows(of: isInferred ? undated : dated, standing, now: now)
    if isInferred || undated.isEmpty { return rows }
    var rest = Growth(numbers: undated.map(\.0), week: nil)
    for (_, added) in undated { rest.added.add(added) }
    rest.evidence = Evidence(
      of: try examples(of: rest.numbers, isProven: true, in: tables)
        + pairs(of: rest.numbers, in: tables) + undated.compactMap(\.1.first))
    rows.insert(rest, at: 0)
    return rows
  }

  private static func rows(
    of weeks: [(UInt64, Week)], _ standing: [UInt64: Evidence], now: UInt64?
  ) -> [Growth] {
    guard let first = weeks.first?.0, let last = weeks.last?.0 else { return [] }
    let now = max(now ?? last, last)
    var rows: [Growth] = []
    var source = first
    var total: UInt64 = 0
    func add(_ number: UInt64, _ added: Week) {
      rows.append(
        Growth(
          numbers: [number], week: number - first + 1, added: added, source: source,
          examplesTotal: total, isOver: number < now, evidence: standing[source] ?? Evidence()))
    }
    /// The weeks since the last row that have a milestone, before another.
    func addMilestones(before number: UInt64) {
      for week in milestones.keys.sorted() {
        let due = first + week - 1
        if due < number, rows.last.map({ $0.numbers[0] < due }) ?? true { add(due, Week()) }
      }
    }
    for (number, added) in weeks {
      addMilestones(before: number)
      total += added.examples
      source = number
      add(number, added)
    }
    addMilestones(before: now)
    return rows
  }

  private static func times(in tables: any ViewReader) throws(TableError) -> EventTimes {
    try tables.read(CycleTimes.table).row(0)?.events ?? EventTimes()
  }

  /// The events of the examples of some weeks.
  private static func examples(
    of weeks: [UInt64], isProven: Bool, in tables: any ViewReader
  ) throws(TableError) -> [Offset] {
    var offsets: [Offset] = []
    try tables.read(Cluster.table).forEach { _, cluster in
      if cluster.isProven == isProven, weeks.contains(cluster.week) {
        offsets.append(cluster.offset)
      }
      return true
    }
    return offsets
  }

  /// An event of each of the pairs of some weeks.
  private static func pairs(
    of weeks: [UInt64], in tables: any ViewReader
  ) throws(TableError) -> [Offset] {
    var offsets: [Offset] = []
    try tables.read(Pair.table).forEach { _, pair in
      if let week = pair.countedWeek, weeks.contains(week) { offsets.append(pair.statedAt) }
      return true
    }
    return offsets
  }
}
