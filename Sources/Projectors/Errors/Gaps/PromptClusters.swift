internal import Bytes
internal import Events
internal import Facts
internal import Similarity
internal import Views

/// Puts prompts that ask nearly the same into one cluster, and counts how each ended.
///
/// A prompt joins the earliest cluster whose first prompt it is at least 0.85 similar to, else it
/// begins one, and stays there: the order is that in which interactions come to have both an outcome
/// and a prompt. What has no words, or stands for another text, is alike when it is equal. Successes
/// count wherever they come, before the failures or after them, so every prompt takes part; when an
/// outcome changes, what it counted for is taken back.
///
/// Kept: 24 bytes for each distinct prompt, 12 for each failure, and for each cluster a sketch (see
/// `SimilarityIndex`) and, unless its first prompt succeeded, the text. In memory: at most 2^16 rows
/// of each table between checkpoints (2^12 texts), and the pages of the index.
struct PromptClusters {
  static let similarHundredths = 85

  private let index: SimilarityIndex
  /// The cluster of each prompt that was seen, so that a repeated one is not compared again.
  private let known: KeyedTable<Hash128, NumberRow>
  private let clusters: KeyedTable<UInt64, PromptCluster>
  private let prompts: KeyedTable<UInt64, PromptText>
  private let failures: KeyedTable<FailureKey, FailureRow>
  private let counters: KeyedTable<UInt64, NumberRow>

  init(tables: TableSet) throws(TableError) {
    index = try SimilarityIndex(
      tables: tables, name: "gaps/similar", lowest: Self.similarHundredths)
    known = try tables.keyed(
      "gaps/known", key: Hash128.self, row: NumberRow.self, isCounted: false, residentMax: 1 << 16)
    clusters = try Tables.promptClusters(tables)
    prompts = try Tables.clusterPrompts(tables)
    failures = try Tables.promptFailures(tables)
    counters = try tables.keyed(
      "gaps/counters", key: UInt64.self, row: NumberRow.self, isCounted: false)
  }

  /// Counts an interaction's outcome, and takes back what it was before.
  func apply(_ fact: Fact) throws(TableError) {
    let interaction = fact.after
    guard let prompt = interaction.fields.text(.prompt) else { return }
    // The first prompt of an interaction stands; it may come later than its outcome.
    let before = fact.before.flatMap { $0.fields.has(.prompt) ? $0.outcome : nil }
    let outcome = interaction.outcome
    if outcome == before { return }
    let number = try cluster(of: prompt, fact.prompt)
    let isFounder = try clusters.change(number) { row in
      var cluster = row ?? PromptCluster(founder: interaction.number)
      cluster.take(back: before)
      cluster.count(outcome)
      row = cluster
      return cluster.founder == interaction.number
    }
    if isFounder {
      // A cluster whose first prompt succeeded is no gap, and its text is not asked for.
      if outcome == .success {
        try prompts.remove(number)
      } else {
        try prompts.put(number, PromptText(text: prompt))
      }
    }
    let key = FailureKey(cluster: number, offset: interaction.offset)
    if outcome == .failure {
      try failures.put(key, FailureRow())
    } else if before == .failure {
      try failures.remove(key)
    }
  }

  private func cluster(of prompt: String, _ sketch: Sketch?) throws(TableError) -> UInt64 {
    let key = Hash128(of: prompt)
    if let row = try known.row(key) { return row.number }
    let number = try place(prompt, sketch)
    try known.put(key, NumberRow(number))
    return number
  }

  private func place(_ prompt: String, _ sketch: Sketch?) throws(TableError) -> UInt64 {
    let sketch = sketch ?? (isOpaque(prompt) ? nil : Sketch(of: prompt))
    // Clusters are numbered as they begin: the lowest number is the earliest.
    if let sketch,
      let earliest = try index.earliest(similarTo: sketch, atLeast: Self.similarHundredths)
    {
      return earliest
    }
    let number = try counters.row(0)?.number ?? 0
    try counters.put(0, NumberRow(number + 1))
    if let sketch { try index.insert(sketch, id: number) }
    return number
  }
}
