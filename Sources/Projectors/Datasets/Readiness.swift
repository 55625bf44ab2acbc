internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import TrainingData
internal import Views

/// Whether there is enough of something for a training. Kept by its kind.
struct Readiness: Row, Equatable {
  var kind = Kind.examples
  var count: UInt64 = 0
  /// How many the last training had; 0 for none yet.
  var trained: UInt64 = 0
  /// The last training that was on it, whether there was enough or not.
  var trainedAt: Offset?
  var dropped: UInt64 = 0
  var unproven: UInt64 = 0
  var gated: UInt64 = 0
  /// Of what is counted; looked for when it is asked for.
  var evidence = Evidence()

  static let table = StoredTable<UInt64, Readiness>("readiness")

  /// What a training can be on.
  enum Kind: UInt8, NamedChoice {
    case examples = 0
    case pairs = 1

    var name: String {
      switch self {
      case .examples: "examples"
      case .pairs: "pairs"
      }
    }

    /// How many a first training needs.
    var first: UInt64 {
      switch self {
      case .examples: 1_000
      case .pairs: 500
      }
    }

    /// How many more each later one needs.
    static let more: UInt64 = 500
  }

  enum Trigger: UInt8, NamedChoice {
    case firstRun = 0
    case growth = 1

    var name: String {
      switch self {
      case .firstRun: "first_run"
      case .growth: "growth"
      }
    }
  }

  var needed: UInt64 { trained == 0 ? kind.first : trained &+ Kind.more }
  var isReady: Bool { count >= needed }
  var trigger: Trigger? { isReady ? trained == 0 ? .firstRun : .growth : nil }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.key("kind", &row.kind, "Of what.")
    try visit.column(
      "count", &row.count,
      "How many there are of which more than their own word says that they succeeded.",
      rule: "those whose outcome_basis is null, or at least \(OutcomeBasis.trainingMin.name)")
    try visit.hidden("trained", &row.trained)
    try visit.hidden("trained_at", &row.trainedAt)
    visit.derived(
      "needed",
      "How many a training needs, by what had been read when the last one was, whatever their times.",
      rule: "first when nothing was trained yet, else trained + \(Kind.more)"
    ) { row.needed }
    visit.derived("ready", rule: "count ≥ needed") { row.isReady }
    visit.derived(
      "trigger", "Why a training is due; null when there is not enough.",
      rule: "first_run when ready and nothing was trained yet, growth when ready and it was"
    ) { row.trigger }
    try visit.column(
      "dropped", &row.dropped,
      "How many fell away because their sides are in different splits.")
    try visit.column("unproven", &row.unproven, "How many there are beside, on their own word.")
    try visit.column(
      "gated", &row.gated,
      "How many are none since they did not succeed, though of high value: datasets/gated has them."
    )
    visit.standing(on: row.evidence)
  }

  static let answer = Answer(
    "datasets/readiness",
    """
    Whether there is enough to train on. A first training needs \(Kind.examples.first) examples, or \
    \(Kind.pairs.first) pairs; each one after it \(Kind.more) more than there were when the last completed \
    (training_completed, of what it names in dataset_kind, else of both; a cycle_completed of training or \
    full, of both) that had enough for a first. What had been read by then was there: in the order of \
    reading, not of their times.
    """,
    rows: { tables, body throws(TableError) in
      for kind in Kind.allCases { if try !body(answered(kind, in: tables)) { return } }
    },
    row: { key, tables throws(TableError) in
      guard let kind = Kind.allCases.first(where: { $0.name == key[0] }) else { return nil }
      return try answered(kind, in: tables)
    }
  ).showing(first: "count").touched { subject, tables throws(TableError) in
    let isTraining =
      subject.event.kind == "training_completed"
      || subject.event.payload(CycleReport.self)?.isTraining == true
    let example = try Example.touched(by: subject, in: tables)
    let pairs = try PreferencePair.touched(by: subject, in: tables)
    var rows: [Readiness] = []
    let isGated = try !Gated.answer.rows(about: subject, in: tables).isEmpty
    if isTraining || isGated || example != nil { rows.append(try answered(.examples, in: tables)) }
    if isTraining || !pairs.isEmpty { rows.append(try answered(.pairs, in: tables)) }
    // A training before the last one is told by none of them any more.
    return rows.filter { isGated || subject.isTold(by: $0.evidence, $0.trainedAt) }
  }.explained { explanation, row, tables, _ throws(TableError) in
    let kind = row["kind"].text == Kind.examples.name ? Kind.examples : .pairs
    let readiness = try answered(kind, in: tables)
    let trained = readiness.trained
    explanation.add(firstOf(readiness.evidence.first), to: "count")
    let training = readiness.trainedAt.map { [$0] } ?? []
    explanation.add(
      Input("first", Cell(kind.first)), Input("trained", Cell(trained), training), to: "needed")
    explanation.add(Input("trained", Cell(trained), training), to: "trigger")
    switch kind {
    case .examples: try explainExamples(&explanation, in: tables)
    case .pairs: try explainPairs(&explanation, in: tables)
    }
  }

  /// Adds what is counted beside the examples.
  private static func explainExamples(
    _ explanation: inout Explanation, in tables: any ViewReader
  ) throws(TableError) {
    var unproven: [Offset] = []
    try tables.read(Cluster.table).forEach { _, cluster in
      if !cluster.isProven { unproven.append(cluster.offset) }
      return true
    }
    var gated: [Offset] = []
    try Gated.answer.forEachRow(in: tables) { row in
      gated.append(row.response.offset)
      return gated.count < Evidence.keptMax
    }
    explanation.add(firstOf(unproven), to: "unproven")
    explanation.add(firstOf(gated), to: "gated")
  }

  /// Adds what is counted beside the pairs.
  private static func explainPairs(
    _ explanation: inout Explanation, in tables: any ViewReader
  ) throws(TableError) {
    var (unproven, dropped): ([Offset], [Offset]) = ([], [])
    try tables.read(Pair.table).forEach { _, pair in
      if pair.isDropped { dropped.append(pair.statedAt) }
      if pair.isShown, !pair.isProven { unproven.append(pair.statedAt) }
      return true
    }
    explanation.add(firstOf(unproven), to: "unproven")
    explanation.add(firstOf(dropped), to: "dropped")
  }

  private static func firstOf(_ offsets: [Offset]) -> Input {
    let first = Evidence(of: offsets).first
    return Input("the first of them", .integer(Int64(first.count)), first)
  }

  /// With the events that what is counted stands on.
  static func answered(
    _ kind: Kind, in tables: any ViewReader
  ) throws(TableError) -> Readiness {
    var readiness = try of(kind, in: tables)
    readiness.evidence = try Standing.of(kind, in: tables)
    return readiness
  }

  static func of(_ kind: Kind, in tables: any ViewReader) throws(TableError) -> Readiness {
    try tables.read(table).row(UInt64(kind.rawValue)) ?? Readiness(kind: kind)
  }
}

/// Keeps the counts that readiness goes by.
struct Counts {
  private let table: KeyedTable<UInt64, Readiness>
  private let weeks: KeyedTable<UInt64, Week>

  init(tables: FoldTables) throws(TableError) {
    table = try tables.open(Readiness.table)
    weeks = try tables.open(Week.table)
  }

  /// Notes a response that was not there before.
  func addResponse(in week: UInt64, at offset: Offset) throws(TableError) {
    try change(week: week) { row in
      row.responses &+= 1
      row.first = row.first ?? offset
    }
  }

  /// Counts what counted in one week in another, nil standing for none.
  func change(
    _ kind: Readiness.Kind, from old: UInt64?, to new: UInt64?
  ) throws(TableError) {
    if old == new { return }
    let count = kind == .examples ? \Week.examples : \Week.pairs
    if let old { try change(week: old) { $0[keyPath: count] &-= 1 } }
    if let new { try change(week: new) { $0[keyPath: count] &+= 1 } }
    try change(kind, \.count, from: old != nil, to: new != nil)
  }

  /// Counts an example on its own word in another week, nil standing for none.
  func changeUnproven(from old: UInt64?, to new: UInt64?) throws(TableError) {
    if old == new { return }
    if let old { try change(week: old) { $0.unproven &-= 1 } }
    if let new { try change(week: new) { $0.unproven &+= 1 } }
    try change(.examples, \.unproven, from: old != nil, to: new != nil)
  }

  private func change(week: UInt64, _ body: (inout Week) -> Void) throws(TableError) {
    try weeks.change(week) { row in
      var week = row ?? Week()
      body(&week)
      row = week.isEmpty ? nil : week
    }
  }

  /// Adds or takes away one when something comes or goes.
  func change(
    _ kind: Readiness.Kind, _ count: WritableKeyPath<Readiness, UInt64>,
    from wasThere: Bool, to isThere: Bool
  ) throws(TableError) {
    if wasThere == isThere { return }
    try change(kind) { row in
      row[keyPath: count] = isThere ? row[keyPath: count] &+ 1 : row[keyPath: count] &- 1
    }
  }

  /// Notes a training of these kinds. It counts for those of which there was enough for a first.
  func train(_ kinds: [Readiness.Kind], at offset: Offset) throws(TableError) {
    for kind in kinds {
      try change(kind) {
        $0.trainedAt = offset
        if $0.count >= kind.first { $0.trained = $0.count }
      }
    }
  }

  private func change(
    _ kind: Readiness.Kind, _ body: (inout Readiness) -> Void
  ) throws(TableError) {
    try table.change(UInt64(kind.rawValue)) { row in
      var readiness = row ?? Readiness(kind: kind)
      body(&readiness)
      row = readiness
    }
  }
}

extension EventSubject {
  /// Whether a row tells of the event, or of another of its interaction: among the events that it stands
  /// on, or as one of some others.
  func isTold(by evidence: Evidence, _ others: Offset?...) -> Bool {
    let own = interaction?.evidence
    func isMeant(_ offset: Offset) -> Bool {
      offset == event.offset || own.map { $0.first.contains(offset) || $0.last == offset } ?? false
    }
    return evidence.isCut || evidence.first.contains(where: isMeant)
      || others.contains { $0.map(isMeant) ?? false }
  }
}
