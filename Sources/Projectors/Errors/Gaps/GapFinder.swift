internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Counts how the prompts of each cluster ended: of prompts that ask nearly the same, at least 0.85
/// similar to the first.
///
/// Successes count wherever they come, before the failures or after them, so every prompt takes part;
/// when an outcome changes, what it counted for is taken back. What is shown of a cluster is the prompt
/// that was the first to come to an outcome.
///
/// Kept: 12 bytes for each failure, and for each cluster some 16 and, unless the prompt that is shown
/// succeeded, the text. In memory: at most 2^16 rows of each table between checkpoints (2^12 texts).
struct GapFinder {
  private let clusters: KeyedTable<UInt64, PromptCluster>
  private let prompts: KeyedTable<UInt64, PromptText>
  private let failures: KeyedTable<FailureKey, FailureRow>

  init(tables: TableSet) throws(TableError) {
    clusters = try tables.open(ErrorTables.promptClusters)
    prompts = try tables.open(ErrorTables.clusterPrompts)
    failures = try tables.open(ErrorTables.promptFailures)
  }

  /// Counts an interaction's outcome, and takes back what it was before.
  func apply(_ fact: Fact) throws(TableError) {
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
    let key = FailureKey(cluster: number, offset: interaction.offset)
    if outcome == .failure {
      try failures.put(key, FailureRow())
    } else if before == .failure {
      try failures.remove(key)
    }
  }
}
