internal import Bytes
internal import Events
internal import Facts
internal import Similarity
internal import Views

/// A cluster of near-duplicates. Its number is the `example_id`.
struct Cluster: Row {
  /// How many examples have joined, whether they still count or not.
  var members: UInt64 = 0
  /// The interaction that stands for the cluster; nil when no member counts.
  var best: UInt64?

  init() {}

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: members)
    writer.append(bool: best != nil)
    if let best { writer.append(varint: best) }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    members = try reader.varint()
    best = try reader.bool() ? try reader.varint() : nil
  }
}

/// What the examples are counted by.
struct ExampleCounts: Row, Equatable {
  /// Examples that ever came in.
  var entries: UInt64 = 0
  var clusters: UInt64 = 0
  /// Clusters that somebody stands for.
  var rows: UInt64 = 0

  init() {}

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: entries)
    writer.append(varint: clusters)
    writer.append(varint: rows)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    entries = try reader.varint()
    clusters = try reader.varint()
    rows = try reader.varint()
  }
}

/// Interactions of high value, each in the cluster of the earliest that it nearly repeats.
struct ExampleClusters {
  /// Prompt and response together are near-duplicates from here on, in hundredths.
  static var similarityMin: Int { 95 }

  private let examples: KeyedTable<UInt64, Example>
  private let clusters: KeyedTable<UInt64, Cluster>
  private let counts: KeyedTable<UInt64, ExampleCounts>
  private let best: Tournament
  private let similar: SimilarityIndex

  init(tables: TableSet) throws(TableError) {
    examples = try Self.examples(tables)
    clusters = try Self.clusters(tables)
    counts = try Self.counts(tables)
    best = try Tournament(tables: tables, name: "best")
    similar = try SimilarityIndex(
      tables: tables, name: "similar", lowest: ExampleClusters.similarityMin)
  }

  /// By the interaction's number.
  static func examples(_ tables: TableSet) throws(TableError) -> KeyedTable<UInt64, Example> {
    try tables.keyed("examples", key: UInt64.self, row: Example.self, residentMax: 1 << 12)
  }

  static func clusters(_ tables: TableSet) throws(TableError) -> KeyedTable<UInt64, Cluster> {
    try tables.keyed("clusters", key: UInt64.self, row: Cluster.self, residentMax: 1 << 16)
  }

  static func counts(_ tables: TableSet) throws(TableError) -> KeyedTable<UInt64, ExampleCounts> {
    try tables.keyed("counts", key: UInt64.self, row: ExampleCounts.self)
  }

  func apply(_ fact: Fact) throws(TableError) {
    let was = fact.before.map(isExample) ?? false
    let isNow = isExample(fact.after)
    if !was && !isNow { return }
    let number = fact.after.number
    if let known = fact.before == nil ? nil : try examples.row(number) {
      try change(known, fact.after)
    } else if isNow {
      try enter(fact.after)
    }
  }

  private func isExample(_ interaction: Interaction) -> Bool {
    interaction.score.isHighValue && readable(interaction.fields.text(.prompt)) != nil
      && readable(interaction.fields.text(.response)) != nil
  }

  private func enter(_ interaction: Interaction) throws(TableError) {
    guard var example = Example(interaction, cluster: 0, place: 0) else { return }
    var counts = try counts.row(0) ?? ExampleCounts()
    let sketch = Sketch(of: example.prompt + "\n" + example.response)
    if let earliest = try similar.earliest(similarTo: sketch, atLeast: Self.similarityMin) {
      example.cluster = earliest & 0xffff_ffff
    } else {
      example.cluster = counts.clusters
      counts.clusters += 1
    }
    // The order of entry in the upper half, so that the lowest id is the earliest.
    try similar.insert(sketch, id: counts.entries << 32 | example.cluster)
    counts.entries += 1
    try self.counts.put(0, counts)
    example.place = try clusters.change(example.cluster) { row in
      var cluster = row ?? Cluster()
      cluster.members += 1
      row = cluster
      return cluster.members &- 1
    }
    try stand(example, number: interaction.number)
  }

  private func change(_ known: Example, _ interaction: Interaction) throws(TableError) {
    var example =
      Example(interaction, cluster: known.cluster, place: known.place) ?? known
    example.counts = isExample(interaction)
    try stand(example, number: interaction.number)
  }

  /// Writes an example, and lets it contend for its cluster.
  private func stand(_ example: Example, number: UInt64) throws(TableError) {
    try examples.put(number, example)
    guard var cluster = try clusters.row(example.cluster) else { return }
    let contender = Contender(
      rank: example.score.units, offset: example.offset, number: number)
    let best = try best.set(
      example.counts ? contender : nil, group: example.cluster, place: example.place,
      of: cluster.members)
    if best?.number == cluster.best { return }
    if (best == nil) != (cluster.best == nil) {
      var counts = try counts.row(0) ?? ExampleCounts()
      counts.rows = best == nil ? counts.rows &- 1 : counts.rows &+ 1
      try self.counts.put(0, counts)
    }
    cluster.best = best?.number
    try clusters.put(example.cluster, cluster)
  }
}
