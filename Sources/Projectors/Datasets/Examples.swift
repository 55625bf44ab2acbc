internal import Bytes
internal import Events
internal import Facts
public import Projection
internal import Similarity
internal import Tables
public import TrainingData
internal import Views

/// A cluster of near-duplicates that an example stands for. Kept by its number, the `example_id`.
struct Cluster: Row, Equatable {
  /// How many examples have joined, whether they still count or not.
  var members: UInt64 = 0
  /// The interaction that stands for it.
  var best: UInt64 = 0
  /// Whether more than its own word says that it succeeded.
  var isProven = false
  /// In which that interaction ended.
  var week: UInt64 = 0
  /// The field of work of that interaction.
  var domain: String?
  /// The event since which more than its own word says so.
  var provenSince: Offset?
  /// The event that gave that interaction an outcome.
  var offset: Offset = 0

  static let table = StoredTable<UInt64, Cluster>("clusters", residentMax: 1 << 16)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("members", &row.members)
    try visit.hidden("best", &row.best)
    try visit.hidden("is_proven", &row.isProven)
    try visit.hidden("week", &row.week)
    try visit.hidden("domain", &row.domain)
    try visit.hidden("proven_since", &row.provenSince)
    try visit.hidden("offset", &row.offset)
  }
}

extension Cluster {
  /// The week that it counts in; nil while it rests on its own word.
  var countedWeek: UInt64? { isProven ? week : nil }
  /// The week in which it counts as one on its own word.
  var unprovenWeek: UInt64? { isProven ? nil : week }
}

extension Example {
  /// `datasets`: an example for each cluster that has one, by the cluster's number.
  public static let answer = Answer(
    "datasets",
    """
    Successful interactions of high value (failures too where the setting datasets.outcome_gate is \
    false) with a readable prompt and response; of conversations with agents, no request of under \
    \(RequestSize.wordsMin) words and \(RequestSize.bytesMin) bytes, such as a yes. One whose prompt and \
    response together, once masked, are at least \
    \(FixedPoint(hundredths: Int64(SimilarTexts.similarityMin))) similar to an earlier one (equal, when \
    they have no words) joins its cluster, for good. Of its members that still are examples one stands for it: first \
    those whose outcome_basis is at least \(OutcomeBasis.trainingMin.name), then by score, ties to the \
    lowest offset.
    """,
    rows: { tables, body throws(TableError) in
      let responses = try tables.read(ResponseRow.table)
      let systemMessages = try SystemMessageReader(tables)
      let trained = try Readiness.of(.examples, in: tables).trainedAt
      try tables.read(Cluster.table).forEach { id, cluster throws(TableError) in
        guard let response = try responses.row(cluster.best) else { return true }
        var example = Example(id, cluster, response, trained: trained)
        example.systemMessage = try systemMessages.text(for: response)
        return try body(example)
      }
    },
    row: { key, tables throws(TableError) in
      guard let id = key.number(0) else { return nil }
      return try row(id, in: tables)
    }
  ).identified(by: ["offset", "prompt"], numbering: ["example_id"])
    .showing(first: "prompt", "response", "score").touched { subject, tables throws(TableError) in
      try touched(by: subject, in: tables).map { [$0] } ?? []
    }.explained { explanation, row, tables, _ throws(TableError) in
      let members = try members(of: UInt64(clamping: row["example_id"].integer ?? 0), in: tables)
      for member in members {
        explanation.add(
          Input(
            (member.isExample ? "score" : "score, no longer an example")
              + (member.isProven ? "" : ", by its own word"), .decimal(member.score),
            [member.offset]), to: "offset")
      }
      explanation.add(
        Input("members", row["merged"].integer.map { .integer($0 + 1) } ?? .null), to: "merged")
      explanation.add(
        Input(
          "the last training", try Readiness.of(.examples, in: tables).trainedAt.cell),
        to: "used_in_training")
      try explanation.addSplit(of: row["prompt"].text ?? "", in: tables)
    }.whenEmpty(ResponseCounts.whyNoExample).ofInteractions

  private init(_ id: UInt64, _ cluster: Cluster, _ response: ResponseRow, trained: Offset?) {
    self.init()
    self.id = id
    offset = response.offset
    sessionID = response.sessionID
    score = response.score
    basis = response.basis
    model = response.model
    iterations = response.iterations
    backend = response.backend
    time = response.time
    isTimeInferred = response.isTimeInferred
    domain = response.domain
    taskType = response.taskType
    language = response.language
    tags = response.tags
    split = response.split ?? .train
    if split == .train, let trained, let since = cluster.provenSince {
      isUsedInTraining = since < trained
    }
    prompt = response.prompt
    self.response = response.response
    merged = cluster.members &- 1
    evidence = response.evidence
  }

  /// The example of a cluster, if it has one.
  private static func row(_ id: UInt64, in tables: any ViewReader) throws(TableError) -> Example? {
    guard let cluster = try tables.read(Cluster.table).row(id),
      let response = try tables.read(ResponseRow.table).row(cluster.best)
    else { return nil }
    return Example(
      id, cluster, response, trained: try Readiness.of(.examples, in: tables).trainedAt)
  }

  /// The example of the cluster that an event's interaction is in.
  static func touched(
    by subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> Example? {
    guard let number = subject.interaction?.number,
      let place = try tables.read(ResponseRow.table).row(number)?.examplePosition
    else { return nil }
    return try row(place.group, in: tables)
  }

  /// The first members of a cluster, in the order in which they joined.
  private static func members(
    of id: UInt64, in tables: any ViewReader
  ) throws(TableError) -> [ResponseRow] {
    guard let group = try tables.read(Group.examples).row(id) else { return [] }
    let responses = try tables.read(ResponseRow.table)
    var members: [ResponseRow] = []
    for number in [group.founder] + group.others {
      if let member = try responses.row(number) { members.append(member) }
    }
    return members
  }
}

/// Interactions worth training on, each in the cluster of the earliest that it nearly repeats, prompt
/// and response together.
struct ExampleClusters {
  private let clusters: KeyedTable<UInt64, Cluster>
  private let texts: SimilarTexts
  private let groups: KeyedTable<UInt64, Group>
  private let best: Tournament
  private let responses: KeyedTable<UInt64, ResponseRow>
  private let counts: Counts
  private let domains: DomainCounts
  private let masks: MaskMemo

  init(
    tables: FoldTables, responses: KeyedTable<UInt64, ResponseRow>, counts: Counts, masks: MaskMemo
  ) throws(TableError) {
    self.responses = responses
    self.masks = masks
    self.counts = counts
    domains = try DomainCounts(tables: tables)
    clusters = try tables.open(Cluster.table)
    texts = try SimilarTexts(tables: tables)
    groups = try tables.open(Group.examples)
    best = try Tournament(tables, Tournament.bestExamples)
  }

  /// Adds a response when it is an example for the first time, and counts it while it is.
  func update(_ response: inout ResponseRow) throws(TableError) {
    if response.examplePosition == nil {
      if !response.isExample { return }
      let text = masks.masked(response.prompt) + "\n" + masks.masked(response.response)
      response.examplePosition = try groups.add(
        response.number, to: texts.add(text), othersMax: Evidence.keptMax - 1)
    }
    guard let place = response.examplePosition, let group = try groups.row(place.group) else {
      return
    }
    let best = try best.set(candidate(response), at: place, of: group.size) {
      () throws(TableError) in try responses.row(group.founder).flatMap(candidate)
    }
    let before = try clusters.row(place.group)
    var after = best.map {
      Cluster(members: group.size, best: $0.number, isProven: $0.rank >= Self.provenRank)
    }
    if let best = after?.best {
      let isOwn = best == response.number
      let stands = isOwn ? response : try responses.row(best) ?? ResponseRow()
      after?.week = stands.week
      after?.domain = stands.domain
      after?.offset = stands.offset
      if after?.isProven == true {
        after?.provenSince = before?.provenSince ?? response.evidence.last
      }
    }
    if before == after { return }
    try counts.change(.examples, from: before?.countedWeek, to: after?.countedWeek)
    try domains.change(from: before, to: after)
    try counts.changeUnproven(from: before?.unprovenWeek, to: after?.unprovenWeek)
    if let after {
      try clusters.put(place.group, after)
    } else {
      try clusters.remove(place.group)
    }
  }

  /// Above every score.
  private static let provenRank: Int64 = 1 << 40

  private func candidate(_ response: ResponseRow) -> Candidate? {
    guard response.isExample else { return nil }
    return Candidate(
      rank: response.score.units + (response.isProven ? Self.provenRank : 0),
      offset: response.offset, number: response.number)
  }
}

/// Puts each text into the group of the earliest text that it nearly duplicates. Groups never
/// change.
private struct SimilarTexts {
  /// Near-duplicates from here on, in hundredths.
  static var similarityMin: Int { 95 }

  private static let similar = StoredSimilarityIndex("examples/similar", lowest: similarityMin)

  /// The groups of texts without words, which are similar to none.
  private static let equal = StoredTable<Hash128, UInt64>(
    "examples/equal", isCounted: false, residentMax: 1 << 16)

  private let index: SimilarityIndex
  private let equal: KeyedTable<Hash128, UInt64>
  private let totals: KeyedTable<UInt64, Totals>

  init(tables: FoldTables) throws(TableError) {
    index = try SimilarityIndex(tables, Self.similar)
    equal = try tables.open(Self.equal)
    totals = try tables.open(Totals.table)
  }

  /// Adds a text. Returns the number of its group, from 0 without gaps.
  func add(_ text: String) throws(TableError) -> UInt64 {
    let sketch = Sketch(of: text)
    var totals = try totals.row(0) ?? Totals()
    let group: UInt64
    if sketch.isEmpty, let known = try equal.row(Hash128(of: text)) { return known }
    if let earliest = try index.earliest(similarTo: sketch, atLeast: Self.similarityMin) {
      group = earliest & 0xffff_ffff
    } else {
      group = totals.groups
      totals.groups += 1
    }
    if sketch.isEmpty { try equal.put(Hash128(of: text), group) }
    // The upper half is the order of arrival, so that the lowest id is the earliest text.
    try index.insert(sketch, id: totals.texts << 32 | group)
    totals.texts += 1
    try self.totals.put(0, totals)
    return group
  }

  private struct Totals: Row {
    var texts: UInt64 = 0
    var groups: UInt64 = 0

    static let table = StoredTable<UInt64, Totals>("examples/totals", isCounted: false)

    static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
      try visit.hidden("texts", &row.texts)
      try visit.hidden("groups", &row.groups)
    }
  }
}
