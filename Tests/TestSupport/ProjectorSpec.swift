package import Events
package import Facts
package import Projection
package import Tables
package import Views

/// Folds events and facts into memory, and answers: given these events, expect these rows.
package final class ProjectorSpec<P: Projector> {
  package let tables: FoldTables
  private let projector: P

  package init(_ type: P.Type) throws {
    tables = FoldTables(view: P.view.name, provider: MemoryTables())
    projector = try P(tables: tables)
  }

  /// Folds under settings of its own.
  package init(_ type: P.Type, settings: P.Settings) throws where P: ConfiguredProjector {
    tables = FoldTables(view: P.view.name, provider: MemoryTables())
    projector = try P(tables: tables, settings: settings)
  }

  /// Folds one batch, and writes the checkpoint.
  package func given(
    _ events: [Event] = [], facts: [Fact] = [], repeats: [Repeat] = [],
    ignoredFeedback: [IgnoredFeedback] = [],
    modelCalls: [CallChange<ModelCall>] = [], toolCalls: [CallChange<ToolCall>] = [],
    notes: [SessionNote] = []
  ) throws {
    try projector.apply(
      FoldBatch(
        events: events, facts: facts, repeats: repeats, ignoredFeedback: ignoredFeedback,
        modelCalls: modelCalls, toolCalls: toolCalls, notes: notes))
    try tables.flush()
  }

  /// The rows of an answer, each a dictionary by column.
  package func rows(_ name: String = P.view.name) throws -> [[String: Cell]] {
    guard let answer = P.view.tables.first(where: { $0.name == name }) else { return [] }
    var rows: [[String: Cell]] = []
    try answer.forEach(in: tables) { cells in
      rows.append(Dictionary(zip(answer.columns.map(\.name), cells)) { first, _ in first })
      return true
    }
    return rows
  }
}
