internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// What is asked again and again, and has never worked.
struct Gap: Row {
  var prompt = ""
  /// How many failed, and the event that first gave the first of them an outcome.
  var count: UInt64 = 0
  var first = EventID(0)
  /// The lines of those that failed.
  var failures = Evidence()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Gap, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived(
      "prompt", "The prompt of the cluster that was the first to come to an outcome."
    ) { row.prompt }
    visit.derived(
      "failures", "Interactions that failed.",
      rule: "at least \(PromptCluster.failuresMin) of the cluster failed, and none succeeded"
    ) { row.count }
    visit.derivedKey(
      event: "first_offset", "The first that failed: the event that first gave it an outcome."
    ) { row.first }
    visit.derived("last_offset", "The last of them.") { row.failures.last }
    visit.derived(
      "offsets", "The interactions that failed, in order: the first \(Evidence.keptMax)."
    ) {
      row.failures.first
    }
    visit.derived("offset_count", "How many they are.") { row.count }
  }

  static let answer = Answer<Gap>(
    "errors/gaps",
    """
    What was asked again and again, and never came to a success. Interactions whose prompt is at least \
    \(ScoreRules.promptSimilarity) similar to the first of their \
    cluster (equal, when it has no words) count together. A cluster is a gap when it failed at least \(PromptCluster.failuresMin) \
    times and never succeeded, whenever that was; a partial success is neither. The events are those \
    that first gave the failed interactions an outcome.
    """,
    rows: { tables, body throws(TableError) in
      for row in try rows(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      guard let event = key.event(0) else { return nil }
      return try rows(in: tables).first { $0.first == event }
    }
  ).showing(first: "failures").touched { subject, tables throws(TableError) in
    guard let interaction = subject.interaction, let cluster = interaction.prompts?.wide,
      try tables.read(PromptFailure.table).row(
        FailureKey(cluster: cluster, event: interaction.event)) != nil
    else { return [] }
    return try gap(of: cluster, in: tables).map { [$0] } ?? []
  }

  /// In the order of the first failure. Holds them all in memory, with 32 offsets each.
  private static func rows(in tables: any ViewReader) throws(TableError) -> [Gap] {
    var clusters: [UInt64] = []
    try tables.read(PromptCluster.table).forEach { number, cluster in
      if cluster.isGap { clusters.append(number) }
      return true
    }
    var gaps: [Gap] = []
    for cluster in clusters { if let gap = try gap(of: cluster, in: tables) { gaps.append(gap) } }
    return gaps.sorted { $0.first < $1.first }
  }

  /// Nil where a cluster is no gap.
  private static func gap(
    of cluster: UInt64, in tables: any ViewReader
  ) throws(TableError) -> Gap? {
    guard try tables.read(PromptCluster.table).row(cluster)?.isGap == true,
      let prompt = try tables.read(PromptText.table).row(cluster)
    else { return nil }
    var gap = Gap(prompt: prompt.text)
    let start = FailureKey(cluster: cluster, event: EventID(0))
    try tables.read(PromptFailure.table).forEach(from: start) { key, _ in
      guard key.cluster == cluster else { return false }
      if gap.count == 0 { gap.first = key.event }
      gap.count += 1
      gap.failures.add(key.event.offset)
      return true
    }
    return gap.count == 0 ? nil : gap
  }
}

/// Counts how the prompts of each cluster ended: of prompts that ask nearly the same, at least 0.85
/// similar to the first.
///
/// Successes count wherever they come, before the failures or after them, so every prompt takes part;
/// when an outcome changes, what it counted for is taken back. What is shown of a cluster is the prompt
/// that was the first to come to an outcome.
///
/// Kept: 20 bytes for each failure, and for each cluster some 16 and, unless the prompt that is shown
/// succeeded, the text. In memory: at most 2^16 rows of each table between checkpoints (2^12 texts).
struct GapFinder {
  private let clusters: KeyedTable<UInt64, PromptCluster>
  private let prompts: KeyedTable<UInt64, PromptText>
  private let failures: KeyedTable<FailureKey, PromptFailure>

  init(tables: FoldTables) throws(TableError) {
    clusters = try tables.open(PromptCluster.table)
    prompts = try tables.open(PromptText.table)
    failures = try tables.open(PromptFailure.table)
  }

  /// Counts an interaction's outcome, and takes back what it was before.
  func fold(_ fact: Fact) throws(TableError) {
    let interaction = fact.after
    guard let prompt = interaction.fields.text(.prompt), let number = interaction.prompts?.wide
    else { return }
    // The first prompt of an interaction stands; it may come later than its outcome.
    let before = fact.before.flatMap { $0.fields.has(.prompt) ? $0.outcome : nil }
    let outcome = interaction.outcome
    if outcome == before { return }
    let isFounder = try clusters.change(number) { row in
      var cluster = row ?? PromptCluster(founder: interaction.number)
      cluster.take(back: before)
      cluster.count(outcome)
      row = cluster
      return cluster.founder == interaction.number
    }
    if isFounder {
      // A cluster whose first prompt succeeded is no gap, and its text is not asked for.
      if outcome != .success {
        try prompts.put(number, PromptText(text: prompt))
      } else if before != nil {
        try prompts.remove(number)
      }
    }
    let key = FailureKey(cluster: number, event: interaction.event)
    if outcome == .failure {
      try failures.put(key, PromptFailure())
    } else if before == .failure {
      try failures.remove(key)
    }
  }
}

/// How the prompts of a cluster ended, as is known by now. A partial success is neither.
struct PromptCluster: Row {
  private(set) var failures: UInt64 = 0
  private(set) var successes: UInt64 = 0
  /// The number of the interaction whose prompt was the first to come to an outcome.
  private(set) var founder: UInt64 = 0

  static let table = StoredTable<UInt64, PromptCluster>("gaps/clusters", residentMax: 1 << 16)

  static let failuresMin: UInt64 = 3

  /// Failed again and again, and never succeeded.
  var isGap: Bool { failures >= Self.failuresMin && successes == 0 }

  init() {}

  init(founder: UInt64) { self.founder = founder }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromptCluster, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("failures", &row.failures)
    try visit.hidden("successes", &row.successes)
    try visit.hidden("founder", &row.founder)
  }

  mutating func count(_ outcome: Outcome) {
    switch outcome {
    case .failure: failures += 1
    case .success: successes += 1
    case .partial: break
    }
  }

  mutating func take(back outcome: Outcome?) {
    switch outcome {
    case .failure: failures -= 1
    case .success: successes -= 1
    case .partial, nil: break
    }
  }
}

/// The prompt that is shown of a cluster, unless it succeeded.
struct PromptText: Row {
  var text = ""

  static let table = StoredTable<UInt64, PromptText>("gaps/prompts", residentMax: 1 << 12)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromptText, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("text", &row.text) }
}

/// An interaction that failed, by its cluster and the event that first gave it an outcome.
struct FailureKey: Key {
  let cluster: UInt64
  let event: EventID

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: cluster)
    event.encode(ordered: &writer)
  }

  init(cluster: UInt64, event: EventID) {
    self.cluster = cluster
    self.event = event
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    cluster = try reader.ordered(UInt64.self)
    event = try EventID(ordered: &reader)
  }
}

/// That it is there is all that it says.
struct PromptFailure: Row {
  static let table = StoredTable<FailureKey, PromptFailure>("gaps/failures", residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromptFailure, _ visit: inout Visitor
  ) throws(Visitor.Failure) {}
}
