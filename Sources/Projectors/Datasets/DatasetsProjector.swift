internal import Events
package import Facts
package import Projection
package import Tables
package import Views

/// What to train on: supervised examples from interactions of high value, and preference pairs.
///
/// Its rows hold the texts of every interaction with prompt and response, once, whatever it is worth:
/// a late event may make an example or a pair of any. Memory does not grow with them: of each table
/// so many rows stay after a checkpoint as its `residentMax` says (4,096 answers, 16,384 pairs, 65,536
/// of each small one), and of the index of similar texts what `SimilarityIndex` states. Between
/// checkpoints the rows that a batch changes are held too.
package final class DatasetsProjector: Projector {
  package static let view = View(
    "datasets", version: 5, "What to train on.",
    needs: Needs.events.andFacts,
    tables: [
      ExamplesAnswer(), PairsAnswer(), ReadinessAnswer(),
    ])

  private let answers: KeyedTable<UInt64, Answer>
  private let examples: ExampleClusters
  private let pairs: PairOrigins
  private let counts: Counts

  package init(tables: TableSet) throws(TableError) {
    answers = try tables.open(DatasetTables.answers)
    counts = try Counts(tables: tables)
    examples = try ExampleClusters(tables: tables, answers: answers, counts: counts)
    pairs = try PairOrigins(tables: tables, answers: answers, counts: counts)
  }

  package func apply(_ batch: FoldBatch) throws(FoldError) {
    // In place: events and facts are costly to copy.
    let events = batch.events.span
    let facts = batch.facts.span
    var next = 0
    for index in events.indices {
      while next < facts.count, facts[next].offset < events[index].offset {
        try apply(facts[next])
        next += 1
      }
      guard isConcerned(events[index].envelope.kind) else { continue }
      let isOwn = next < facts.count && facts[next].offset == events[index].offset
      do throws(TableError) {
        try apply(events[index], about: isOwn ? facts[next].after : nil)
      } catch {
        throw FoldError(at: events[index].offset, error)
      }
    }
    while next < facts.count {
      try apply(facts[next])
      next += 1
    }
  }

  private func apply(_ event: Event, about interaction: Interaction?) throws(TableError) {
    switch event.kind {
    case "judgment", "preference": try pairs.judge(event, about: interaction)
    case "training_completed": try counts.train()
    default: break
    }
  }

  /// A quick look: most events of a log are about something else.
  private func isConcerned(_ kind: String) -> Bool {
    kind == "judgment" || kind == "preference" || kind == "training_completed"
  }

  private func apply(_ fact: Fact) throws(FoldError) {
    do throws(TableError) {
      let known = fact.before == nil ? nil : try answers.row(fact.after.number)
      if let answer = try answer(fact, known: known) {
        try keep(answer, before: known)
      }
      if fact.before == nil { try pairs.welcome(fact.after) }
    } catch {
      throw FoldError(at: fact.offset, error)
    }
  }

  /// The answer as it is now, in the groups that it is in for good.
  private func answer(_ fact: Fact, known: Answer?) throws(TableError) -> Answer? {
    let interaction = fact.after
    if let known {
      guard var answer = Answer(interaction) else {
        // Its text is gone: it stays where it is, and teaches nothing.
        var answer = known
        answer.isHighValue = false
        return answer
      }
      answer.answers = known.answers
      answer.example = known.example
      return answer
    }
    guard var answer = Answer(interaction), let prompts = interaction.prompts else { return nil }
    try pairs.place(&answer, prompts)
    return answer
  }

  private func keep(_ answer: Answer, before: Answer?) throws(TableError) {
    var answer = answer
    try examples.update(&answer)
    try answers.put(answer.number, answer)
    try pairs.update(answer, before: before)
  }
}
