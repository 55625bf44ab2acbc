internal import Bytes
internal import Similarity
internal import Tables
internal import Views

/// A cluster of near-duplicates that an example stands for. Its number is the `example_id`.
struct Cluster: StoredRow, Equatable {
  /// How many examples have joined, whether they still count or not.
  var members: UInt64
  /// The interaction that stands for it.
  var best: UInt64

  init(members: UInt64, best: UInt64) {
    self.members = members
    self.best = best
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: members)
    writer.append(varint: best)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    members = try reader.varint()
    best = try reader.varint()
  }
}

/// Interactions of high value, each in the cluster of the earliest that it nearly repeats, prompt
/// and response together.
struct ExampleClusters {
  private let clusters: KeyedTable<UInt64, Cluster>
  private let texts: SimilarTexts
  private let groups: Groups
  private let best: Tournament
  private let answers: KeyedTable<UInt64, Answer>
  private let counts: Counts

  init(
    tables: TableSet, answers: KeyedTable<UInt64, Answer>, counts: Counts
  ) throws(TableError) {
    self.answers = answers
    self.counts = counts
    clusters = try tables.open(DatasetTables.clusters)
    texts = try SimilarTexts(tables: tables, name: "examples")
    groups = try Groups(tables: tables, name: "examples")
    best = try Tournament(tables: tables, name: "examples/best")
  }

  /// Takes an answer in when it first is of high value, and lets it contend while it is.
  func update(_ answer: inout Answer) throws(TableError) {
    if answer.example == nil {
      if !answer.isHighValue { return }
      let sketch = Sketch(of: answer.prompt + "\n" + answer.response)
      answer.example = try groups.add(answer.number, to: texts.add(sketch))
    }
    guard let place = answer.example, let group = try groups.group(place.group) else { return }
    let best = try best.set(contender(answer), at: place, of: group.size) {
      () throws(TableError) in try answers.row(group.founder).flatMap(contender)
    }
    let before = try clusters.row(place.group)
    let after = best.map { Cluster(members: group.size, best: $0.number) }
    if before == after { return }
    try counts.change(.examples, from: before != nil, to: after != nil)
    if let after {
      try clusters.put(place.group, after)
    } else {
      try clusters.remove(place.group)
    }
  }

  private func contender(_ answer: Answer) -> Contender? {
    answer.isHighValue
      ? Contender(rank: answer.score.units, offset: answer.offset, number: answer.number) : nil
  }
}
