internal import Events
internal import Facts
internal import Interactions
internal import Projection
internal import Tables
internal import ViewStore
internal import Views

/// The interactions step and the projectors of a build that still go on, with their tables.
final class FoldParts {
  private let decoding: DecodingCounts
  private let decodingTables: TableSet
  private let stepTables: TableSet
  private let step: InteractionStep?
  private let projectors: [ProjectorPart]
  private let workers: Workers
  /// What the projectors need of events beside the canonical fields, each once.
  let payloads: [any Payload.Type]
  /// What the projectors do with the batch before, while the step derives the facts of the next.
  private var applying: Pending<FoldFailure?>?

  init(
    _ record: BuildRecord, plan: FoldPlan, provider: any TableProvider, workers: Workers
  ) throws {
    self.workers = workers
    decodingTables = TableSet(view: DecodingCounts.name, provider: provider)
    decoding = try DecodingCounts(tables: decodingTables)
    stepTables = TableSet(view: InteractionStep.tables, provider: provider)
    var projectors: [ProjectorPart] = []
    var payloads: [any Payload.Type] = []
    for state in record.views where plan.goesOn(state, in: record) {
      guard let type = plan.projector(state.view) else { continue }
      let tables = TableSet(
        view: state.view, digest: Digest(sum: state.sum), provider: provider)
      for payload in type.view.needs.payloads
      where !payloads.contains(where: { $0 == payload }) { payloads.append(payload) }
      projectors.append(
        ProjectorPart(
          name: state.view, usesFacts: type.view.needs.facts, tables: tables,
          projector: try plan.viewSettings.open(type, tables)))
    }
    self.projectors = projectors
    self.payloads = payloads
    step =
      projectors.contains { $0.usesFacts }
      ? try InteractionStep(tables: stepTables, settings: plan.scoring) : nil
  }

  /// Whether no view goes on.
  var isEmpty: Bool { projectors.isEmpty }

  /// Folds a batch into all of them: the projectors are done with it after the next call, or after
  /// `finish`. An error of a fold is returned; one of the tables is thrown.
  func fold(_ decoded: DecodedEvents) throws -> FoldFailure? {
    try decoding.count(decoded.mismatches)
    let derived: Result<[Fact], FoldError>
    do throws(FoldError) {
      derived = .success(try step?.derive(decoded.events, prepared: decoded.prepared) ?? [])
    } catch {
      derived = .failure(error)
    }
    if let failure = try finish() { return failure }
    switch derived {
    case .success(let facts):
      let batch = FoldBatch(
        events: decoded.events, facts: facts, repeats: step?.repeats ?? [])
      applying = workers.submit { [projectors] in try apply(batch, to: projectors) }
      return nil
    case .failure(let error):
      if error.isStorage { throw error }
      return FoldFailure(views: projectors.filter(\.usesFacts).map(\.name), error: error)
    }
  }

  /// Waits for the projectors.
  func finish() throws -> FoldFailure? { try applying.take()?.value() }

  /// Writes what changed, after `finish`. Returns the sum over each view's rows.
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

/// A projector with its tables: of one thread at a time, which need not be the same one.
private struct ProjectorPart: @unchecked Sendable {
  let name: String
  let usesFacts: Bool
  let tables: TableSet
  let projector: any Projector
}

private func apply(_ batch: FoldBatch, to parts: [ProjectorPart]) throws -> FoldFailure? {
  for part in parts {
    do throws(FoldError) {
      try part.projector.apply(batch)
    } catch {
      if error.isStorage { throw error }
      return FoldFailure(views: [part.name], error: error)
    }
  }
  return nil
}
