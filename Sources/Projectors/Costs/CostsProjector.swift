internal import Bytes
internal import Events
public import Facts
public import Projection
public import Tables
public import Views

/// Folds calls of models into what they cost, and interactions into what models are worth.
///
/// Memory: the rows in use, about 0.5 KB each.
public final class CostsProjector: EventProjector {
  public static let view = View(
    "costs", version: 4, "What models cost, and which gives most for it.",
    needs: .facts.andCalls, tables: [CostRow.answer, ModelRow.answer, LimitRow.answer])

  private let costs: KeyedTable<TextKey, CostRow>
  private let models: KeyedTable<TextKey, ModelRow>
  private let limits: KeyedTable<TextKey, LimitRow>

  public init(tables: FoldTables) throws(TableError) {
    costs = try tables.open(CostRow.table)
    models = try tables.open(ModelRow.table)
    limits = try tables.open(LimitRow.table)
  }

  public func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError) {
    let offset = change.event.offset
    if let before = change.before {
      try self.change(CostRow(of: before)) {
        $0.subtract(before)
        $0.evidence.add(offset)
      }
    }
    let after = change.after
    try self.change(CostRow(of: after)) {
      $0.add(after)
      $0.evidence.add(offset)
    }
  }

  private func change(
    _ row: CostRow, _ body: (inout CostRow) -> Void
  ) throws(TableError) {
    try costs.change(row.key) { slot in
      var row = slot.take() ?? row
      body(&row)
      slot = row
    }
  }

  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let offset = fact.event.offset
    if let before = fact.before {
      try change(before) {
        $0.subtract(before)
        $0.evidence.add(offset)
      }
    }
    let after = fact.after
    try change(after) {
      $0.add(after)
      $0.evidence.add(offset)
    }
  }

  /// Changes what is known of an interaction's model at its kind of task; nothing where no model is
  /// told.
  private func change(
    _ interaction: Interaction, _ body: (inout ModelSums) -> Void
  ) throws(TableError) {
    let fields = interaction.fields
    guard let model = fields.modelName else { return }
    let row = ModelRow(taskType: fields.text(.taskType), model: model)
    try models.change(row.key) { slot in
      var row = slot.take() ?? row
      body(&row.sums)
      slot = row
    }
  }

  public func fold(_ note: borrowing SessionNote) throws(TableError) {
    guard case .limits(let states) = note.what else { return }
    let (context, event) = (note.context, note.event)
    for state in states {
      try limits.change(TextKey(context.agent, state.window)) { slot in
        var row = slot.take() ?? LimitRow(context.agent, state.window)
        row.take(state, context, event)
        slot = row
      }
    }
  }
}
