internal import Conversations
internal import EventLog
package import Events
internal import Facts
package import Interactions
package import Projection
internal import Tables
internal import ViewStore
internal import Views

/// What a traced fold records, for an explanation of what no table keeps.
package struct FoldWatch {
  /// Where projectors note what they do.
  package var trace: FoldTrace?
  /// Records what the interactions step does to one interaction.
  package var tracer: InteractionTracer?
  /// Which lines are read.
  package var selection: LineSelection
  /// Lines that the fold passes over, ascending.
  package var skipped: [Offset]

  package init(
    trace: FoldTrace? = nil, tracer: InteractionTracer? = nil, selection: LineSelection = .all,
    skipped: [Offset] = []
  ) {
    self.skipped = skipped
    self.trace = trace
    self.tracer = tracer
    self.selection = selection
  }
}

/// The steps and the projectors of a build that still go on, with their tables.
final class FoldParts {
  private let decoding: DecodingCounts
  private let decodingTables: FoldTables
  private let stepTables: FoldTables
  private let conversationTables: FoldTables
  private let conversations: Conversations?
  private let step: InteractionStep?
  private let projectors: [ProjectorPart]
  private let needsCalls: Bool
  private let workers: Workers
  /// What the projectors need of events beside the canonical fields, each once.
  let payloads: [any Payload.Type]
  private let trace: FoldTrace?
  /// Each projector's work on the previous batch, which runs while the step derives the facts of the
  /// next one.
  private var applying: [Pending<FoldFailure?>] = []

  init(
    _ record: BuildRecord, plan: FoldPlan, log: LogReader, provider: any TableProvider,
    workers: Workers, watch: FoldWatch?
  ) throws {
    self.workers = workers
    trace = watch?.trace
    decodingTables = FoldTables(view: DecodingCounts.name, provider: provider)
    decoding = try DecodingCounts(tables: decodingTables)
    stepTables = FoldTables(view: InteractionStep.tables, provider: provider)
    conversationTables = FoldTables(view: Conversations.tables, provider: provider)
    var projectors: [ProjectorPart] = []
    var payloads: [any Payload.Type] = []
    for state in record.views where plan.goesOn(state, in: record) {
      guard let type = plan.projector(state.view) else { continue }
      let tables = FoldTables(
        view: state.view, digest: Digest(sum: state.sum), provider: provider)
      for payload in type.view.needs.payloads
      where !payloads.contains(where: { $0 == payload }) { payloads.append(payload) }
      projectors.append(
        ProjectorPart(
          name: state.view, needs: type.view.needs, tables: tables,
          projector: try plan.viewSettings.open(type, tables)))
    }
    self.projectors = projectors
    needsCalls = projectors.contains { $0.needs.calls }
    self.payloads = payloads
    step =
      watch?.tracer != nil || projectors.contains { $0.needs.facts || $0.needs.calls }
      ? try InteractionStep(tables: stepTables, settings: plan.scoring) : nil
    // Every view sees the events of transcripts as the conversations step completes them.
    conversations =
      step != nil || !plan.formats.isEmpty || projectors.contains { $0.needs.calls }
      ? try Conversations(
        tables: conversationTables, prices: plan.prices, priced: record.priced(by: plan)) : nil
    step?.tracer = watch?.tracer
    conversations?.previousSource = log.previousSource
  }

  deinit { workers.release(sets.flatMap { $0.rowsToRelease() }) }

  private var sets: [FoldTables] {
    [decodingTables, stepTables, conversationTables] + projectors.map(\.tables)
  }

  /// Whether nothing is folded: no view goes on.
  var isEmpty: Bool { projectors.isEmpty && step == nil }

  /// Whether the interactions step folds, which is faster with texts that others prepared.
  var preparesTexts: Bool { step != nil }

  /// Folds a batch into all of them: the projectors are done with it after the next call, or after
  /// `finish`. An error of a fold is returned; one of the tables is thrown.
  func fold(_ decoded: DecodedEvents) throws -> FoldFailure? {
    try decoding.count(decoded.mismatches)
    let derived: Result<[Fact], FoldError>
    var batch = ConversationBatch()
    do throws(FoldError) {
      let prepared = try converse(decoded, into: &batch)
      derived = .success(try step?.derive(batch.events, prepared: prepared) ?? [])
    } catch {
      derived = .failure(error)
    }
    if let failure = try finish() { return failure }
    switch derived {
    case .success(let facts):
      let native = needsCalls ? conversations?.nativeCalls(of: facts) ?? [] : []
      let folded = FoldBatch(
        events: batch.events, facts: facts, repeats: step?.repeats ?? [],
        ignoredFeedback: step?.ignoredFeedback ?? [],
        modelCalls: inOrder(batch.modelCalls, native), toolCalls: batch.toolCalls,
        notes: batch.notes, trace: trace)
      applying = startApplying(folded)
      return nil
    case .failure(let error):
      if error.isStorage { throw error }
      return FoldFailure(
        views: projectors.filter { $0.needs.facts || $0.needs.calls }.map(\.name), error: error)
    }
  }

  /// Folds a batch into conversations. Returns the texts that were prepared for the events that come
  /// of it.
  private func converse(
    _ decoded: DecodedEvents, into batch: inout ConversationBatch
  ) throws(FoldError) -> [PreparedTexts] {
    guard let conversations else {
      batch.events = decoded.events
      return decoded.prepared
    }
    batch = try conversations.fold(decoded.events)
    if batch.isUnchanged { return decoded.prepared }
    return batch.origins.map { $0 < 0 ? PreparedTexts() : decoded.prepared[$0] }
  }

  private func startApplying(_ batch: FoldBatch) -> [Pending<FoldFailure?>] {
    // The notes of a trace are in the order of the projectors.
    if trace != nil {
      return [workers.submit { [projectors] in try apply(batch, to: projectors) }]
    }
    return projectors.map { part in workers.submit { try apply(batch, to: [part]) } }
  }

  /// Waits for the projectors. Of several that fail the first counts, whichever was the sooner.
  func finish() throws -> FoldFailure? {
    let results = applying.map { pending in Result { try pending.value() } }
    applying = []
    for result in results {
      if let failure = try result.get() { return failure }
    }
    return nil
  }

  /// Which prices the views rest on that use facts or calls.
  var priced: PricedModels { conversations?.priced ?? PricedModels() }

  /// Writes what changed, after `finish`. Returns the sum over each view's rows.
  func flush() throws -> [String: UInt128] {
    let sets = sets
    let writing = sets.map { tables in
      tables.flushes.map { flush in workers.submit { try flush.write() } }
    }
    // All are waited for, since nobody may use the storage's transaction when this throws.
    let written = writing.map { $0.map { pending in Result { try pending.value() } } }
    for (tables, changes) in zip(sets, written) {
      for change in changes { tables.add(try change.get()) }
    }
    return Dictionary(
      projectors.map { ($0.name, $0.tables.digest.sum) }, uniquingKeysWith: { first, _ in first })
  }
}

extension BuildRecord {
  /// Which prices the views rest on that go on.
  fileprivate func priced(by plan: FoldPlan) -> PricedModels {
    var priced = PricedModels()
    for model in views.filter({ plan.goesOn($0, in: self) }).flatMap(\.priced) {
      priced.add(
        model.model,
        Timestamp(nanoseconds: model.first)...Timestamp(nanoseconds: max(model.first, model.last)))
    }
    return priced
  }
}

/// A projector with its tables: of one thread at a time, which need not be the same one.
private struct ProjectorPart: @unchecked Sendable {
  let name: String
  let needs: Needs
  let tables: FoldTables
  let projector: any Projector
}

private func apply(_ batch: FoldBatch, to parts: [ProjectorPart]) throws -> FoldFailure? {
  // What a view sees must not depend on the views that are folded beside it.
  let withoutFacts = FoldBatch(
    events: batch.events, facts: [], modelCalls: batch.modelCalls, toolCalls: batch.toolCalls,
    notes: batch.notes, trace: batch.trace)
  for part in parts {
    do throws(FoldError) {
      try part.projector.apply(part.needs.facts ? batch : withoutFacts)
    } catch {
      if error.isStorage { throw error }
      return FoldFailure(views: [part.name], error: error)
    }
  }
  return nil
}

/// Two lists of changes as one, in the order of their events.
private func inOrder(
  _ left: [CallChange<ModelCall>], _ right: [CallChange<ModelCall>]
) -> [CallChange<ModelCall>] {
  if right.isEmpty { return left }
  if left.isEmpty { return right }
  var merged: [CallChange<ModelCall>] = []
  merged.reserveCapacity(left.count + right.count)
  var (left, right) = (left[...], right[...])
  while let first = left.first, let second = right.first {
    merged.append(first.event <= second.event ? left.removeFirst() : right.removeFirst())
  }
  return merged + left + right
}
