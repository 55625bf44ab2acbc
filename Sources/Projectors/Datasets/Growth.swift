internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import TrainingData
internal import Views

/// What a week added. Kept by its number, so that weeks before 1970 come first.
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

  /// The number of a week, which begins on Monday, UTC.
  static func number(of time: Timestamp) -> UInt64 {
    let (week, rest) = (time.day + 3).quotientAndRemainder(dividingBy: 7)
    return UInt64(clamping: before1970 + (rest < 0 ? week - 1 : week))
  }

  /// The Monday with which it begins.
  static func start(of number: UInt64) -> CivilDate {
    CivilDate(day: (Int64(clamping: number) - before1970) * 7 - 3)
  }
}

/// How much there was to train on by the end of a week.
struct Growth: Row {
  /// As it is kept.
  var number: UInt64 = 0
  /// From 1, the first week of which something is known.
  var week: UInt64 = 1
  var added = Week()
  /// The last week up to its end that added something.
  var source: UInt64 = 0
  var examplesTotal: UInt64 = 0

  /// How many examples there are to be by the end of a week.
  static let milestones: [UInt64: UInt64] = [1: 10, 4: 100, 12: 500, 52: 2_500]

  var milestone: UInt64? { Self.milestones[week] }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    visit.derived(
      "week", isKey: true, "The week, from 1: the first of which there is a response or a pair."
    ) { row.week }
    visit.derived("starts_on", "Its Monday, UTC.") { Week.start(of: row.number) }
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
      "examples_total", unit: .count, "The examples that count, of all weeks up to its end."
    ) {
      row.examplesTotal
    }
    visit.derived(
      "milestone", unit: .count, "How many examples there are to be by its end; null: none is set.",
      rule: milestones.sorted { $0.key < $1.key }.map { "\($0.value) in week \($0.key)" }
        .joined(separator: ", ")
    ) { row.milestone }
    visit.derived(
      "met", "Whether there are.", rule: "examples_total ≥ milestone; null without a milestone"
    ) { row.milestone.map { row.examplesTotal >= $0 } }
  }

  static let answer = Answer(
    "datasets/growth",
    """
    How much there is to train on, by the weeks that added something, and those by whose end so many \
    examples are to be there, once they have passed: by the latest time of the log's events. Examples and \
    pairs count here as in datasets/readiness: those of which more than their own word says that they \
    succeeded.
    """,
    rows: { tables, body throws(TableError) in
      for row in try all(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first { "\($0.week)" == key[0] }
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
      return try all(in: tables).filter { numbers.contains($0.number) }
    }.explained { explanation, row, tables, _ throws(TableError) in
      guard let week = row["week"].integer,
        let growth = try all(in: tables).first(where: { Int64(clamping: $0.week) == week })
      else { return }
      let examples = try examples(of: growth.number, in: tables)
      let pairs = try pairs(of: growth.number, in: tables)
      explanation.add(
        Input("the first of them", .integer(Int64(examples.count)), examples), to: "examples")
      explanation.add(Input("the first of them", .integer(Int64(pairs.count)), pairs), to: "pairs")
      if growth.milestone != nil {
        explanation.add(Input("now", try now(in: tables).cell), to: "met")
      }
      var all = Set(examples + pairs)
      if growth.source != growth.number {
        all.formUnion(try Self.examples(of: growth.source, in: tables))
        all.formUnion(try Self.pairs(of: growth.source, in: tables))
      }
      if let first = try tables.read(Week.table).row(growth.source)?.first { all.insert(first) }
      explanation.offsets = all.sorted()
      explanation.offsetCount = UInt64(all.count)
    }

  /// In their order: as many as there are weeks that added something, and the few with a milestone.
  static func all(in tables: any ViewReader) throws(TableError) -> [Growth] {
    var rows: [Growth] = []
    var first: UInt64?
    var source: UInt64 = 0
    var total: UInt64 = 0
    /// The weeks since the last row that have a milestone, before another.
    func addMilestones(from start: UInt64, before number: UInt64) {
      for week in milestones.keys.sorted() {
        let due = start + week - 1
        if due < number, rows.last.map({ $0.number < due }) ?? true {
          rows.append(
            Growth(
              number: due, week: week, added: Week(), source: source, examplesTotal: total))
        }
      }
    }
    try tables.read(Week.table).forEach { number, added in
      let start = first ?? number
      first = start
      addMilestones(from: start, before: number)
      total += added.examples
      source = number
      rows.append(
        Growth(
          number: number, week: number - start + 1, added: added, source: number,
          examplesTotal: total))
      return true
    }
    if let first, let now = try now(in: tables) {
      addMilestones(from: first, before: Week.number(of: now))
    }
    return rows
  }

  /// The latest time of the events.
  private static func now(in tables: any ViewReader) throws(TableError) -> Timestamp? {
    try tables.read(CycleTimes.table).row(0)?.events.now
  }

  /// The events of the first examples of a week.
  private static func examples(
    of week: UInt64, in tables: any ViewReader
  ) throws(TableError) -> [Offset] {
    let responses = try tables.read(ResponseRow.table)
    var offsets: [Offset] = []
    try tables.read(Cluster.table).forEach { _, cluster throws(TableError) in
      guard cluster.week == week, cluster.isProven else { return true }
      if let response = try responses.row(cluster.best) { offsets.append(response.offset) }
      return offsets.count < Evidence.keptMax
    }
    return offsets
  }

  /// An event of each of the first pairs of a week.
  private static func pairs(
    of week: UInt64, in tables: any ViewReader
  ) throws(TableError) -> [Offset] {
    let responses = try tables.read(ResponseRow.table)
    var offsets: [Offset] = []
    try tables.read(Pair.table).forEach { _, pair throws(TableError) in
      guard pair.countedWeek == week else { return true }
      switch pair.content {
      case .judgment(let judgment): offsets.append(judgment.evidence.last)
      case .correction(let number), .responses(let number, _):
        if let response = try responses.row(number) { offsets.append(response.offset) }
      }
      return offsets.count < Evidence.keptMax
    }
    return offsets
  }
}
