internal import Events
internal import Facts
internal import Interactions
internal import Projection
internal import ViewStore
internal import Views

/// The interactions step and the projectors of a build that still go on, with their tables.
final class FoldParts {
  private let decoding: DecodingCounts
  private let decodingTables: TableSet
  private let stepTables: TableSet
  private let step: InteractionStep?
  private let projectors:
    [(name: String, usesFacts: Bool, tables: TableSet, projector: any Projector)]

  init(_ record: BuildRecord, plan: FoldPlan, provider: any TableProvider) throws {
    decodingTables = TableSet(view: DecodingCounts.name, provider: provider)
    decoding = try DecodingCounts(tables: decodingTables)
    stepTables = TableSet(view: "interactions", provider: provider)
    var projectors: [(name: String, usesFacts: Bool, tables: TableSet, projector: any Projector)] =
      []
    for state in record.views where state.stopped == nil {
      guard let type = plan.projector(state.view) else { continue }
      let tables = TableSet(
        view: state.view, digest: Digest(sum: state.sum), provider: provider)
      projectors.append((state.view, type.usesFacts, tables, try type.init(tables: tables)))
    }
    self.projectors = projectors
    step =
      projectors.contains { $0.usesFacts }
      ? try InteractionStep(tables: stepTables, settings: plan.scoring) : nil
  }

  /// Folds a batch into all of them. An error of a fold is returned; one of the tables is thrown.
  func fold(_ decoded: DecodedEvents) throws -> FoldFailure? {
    try decoding.count(decoded.mismatches)
    var facts: [Fact] = []
    do throws(FoldError) {
      facts = try step?.derive(decoded.events, prepared: decoded.prepared) ?? []
    } catch {
      if error.isStorage { throw error }
      return FoldFailure(views: projectors.filter(\.usesFacts).map(\.name), error: error)
    }
    let batch = FoldBatch(events: decoded.events, facts: facts)
    for part in projectors {
      do throws(FoldError) {
        try part.projector.apply(batch)
      } catch {
        if error.isStorage { throw error }
        return FoldFailure(views: [part.name], error: error)
      }
    }
    return nil
  }

  /// Writes what changed. Returns the sum over each view's rows.
  func flush() throws -> [String: UInt128] {
    try decodingTables.flush()
    try stepTables.flush()
    var sums: [String: UInt128] = [:]
    for part in projectors {
      try part.tables.flush()
      sums[part.name] = part.tables.digest.sum
    }
    return sums
  }
}
