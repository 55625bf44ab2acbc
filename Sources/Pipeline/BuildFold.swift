package import EventLog
package import Events
internal import Facts
internal import Interactions
internal import Projection
package import ViewStore
internal import Views

/// Folds the log into one build: rows, state and checkpoint in the same commits.
///
/// Belongs to one thread.
package final class BuildFold {
  /// Events between two checkpoints of a long fold: the more, the fewer flushes of what changes
  /// often, and the more is folded again after a kill.
  package static let checkpointIntervalDefault: UInt64 = 1 << 18

  private let writer: BuildWriter
  private let plan: FoldPlan
  private let reader: LogReader
  private let workers: Workers
  private let checkpointInterval: UInt64
  private let progress: (Offset) throws -> Void
  private let watch: FoldWatch?
  package private(set) var record: BuildRecord
  private var parts: FoldParts
  /// Whether the build has stored what it is built from, which it must even when the log is empty.
  private var isRecorded: Bool

  /// Takes up a build where it was left. A build of which nothing is folded yet gets the plan's
  /// views.
  ///
  /// - Parameters:
  ///   - watch: what records the fold for an explanation; nil for an ordinary fold.
  ///   - start: where a new build begins; above zero only for a traced fold that needs no earlier
  ///     line.
  ///   - progress: called after each batch with the offset that the fold stands at.
  @available(*, noasync)
  package init(
    _ build: Build, plan: FoldPlan, log: LogEnvironment, workers: Workers,
    checkpointInterval: UInt64 = checkpointIntervalDefault, watch: FoldWatch? = nil,
    from start: Offset = 0, progress: @escaping (Offset) throws -> Void = { _ in }
  ) throws {
    self.plan = plan
    self.checkpointInterval = checkpointInterval
    self.workers = workers
    self.progress = progress
    self.watch = watch
    reader = LogReader(log)
    writer = try BuildWriter(build)
    record = try writer.record()
    isRecorded = !record.views.isEmpty
    if record.views.isEmpty { record = plan.initialRecord(from: start) }
    plan.renewSettings(of: &record)
    parts = try FoldParts(
      record, plan: plan, log: reader, provider: writer, workers: workers, watch: watch)
  }

  /// Folds up to `end`. A view whose projector throws is set back to before the event's line, and
  /// stops there; the others go on.
  ///
  /// - Parameter beforeCommit: called before each commit; what it throws ends the fold.
  package func fold(to end: Offset, beforeCommit: () throws -> Void = {}) throws {
    while let failure = try run(to: end, beforeCommit) {
      try writer.rollBack()
      if watch != nil { throw failure.error }
      record = try writer.record()
      if record.views.isEmpty { record = plan.initialRecord() }
      plan.renewSettings(of: &record)
      parts = try FoldParts(
        record, plan: plan, log: reader, provider: writer, workers: workers, watch: nil)
      try fold(to: failure.error.offset, beforeCommit: beforeCommit)
      try stop(failure, beforeCommit)
    }
  }

  /// Folds and commits until the end, or until something throws.
  private func run(to end: Offset, _ beforeCommit: () throws -> Void) throws -> FoldFailure? {
    // A build without a view that goes on keeps its checkpoint, as it may go on again under its
    // settings.
    if parts.isEmpty { return nil }
    // The projectors must have stopped when this returns, also after an error.
    defer { _ = try? parts.finish() }
    let events = EventReader(
      reader, from: record.checkpoint, to: end, workers: workers,
      selection: watch?.selection ?? plan.selection, formats: plan.formats,
      preparesTexts: parts.preparesTexts, payloads: parts.payloads)
    var folded = record.checkpoint
    while var batch = try events.read() {
      folded = batch.lines.upperBound
      batch.pass(over: watch?.skipped ?? record.skipped)
      if !batch.events.isEmpty, let failure = try parts.fold(batch) { return failure }
      if folded - record.checkpoint >= checkpointInterval {
        if let failure = try parts.finish() { return failure }
        try commit(at: folded, beforeCommit)
      }
      try progress(folded)
    }
    if let failure = try parts.finish() { return failure }
    if folded > record.checkpoint || !isRecorded { try commit(at: folded, beforeCommit) }
    return nil
  }

  private func commit(at checkpoint: Offset, _ beforeCommit: () throws -> Void) throws {
    try beforeCommit()
    let sums = try parts.flush()
    record.checkpoint = checkpoint
    guard let head = try reader.head(before: checkpoint) else {
      throw LogError.damaged(block: checkpoint, reason: "the log ends before it")
    }
    record.head = head
    let priced = plan.states(of: parts.priced)
    for index in record.views.indices {
      guard let sum = sums[record.views[index].view] else { continue }
      if plan.usesPrices(record.views[index].view) { record.views[index].priced = priced }
      record.views[index].checkpoint = checkpoint
      record.views[index].sum = sum
    }
    try writer.commit(record)
    isRecorded = true
  }

  /// Marks the views that a failure stops, at the checkpoint just before the event.
  private func stop(_ failure: FoldFailure, _ beforeCommit: () throws -> Void) throws {
    try beforeCommit()
    for index in record.views.indices where failure.views.contains(record.views[index].view) {
      record.views[index].stopped = failure.error.reason
    }
    try writer.commit(record)
    parts = try FoldParts(
      record, plan: plan, log: reader, provider: writer, workers: workers, watch: nil)
  }
}

/// Which views an error stops, and where.
struct FoldFailure: Sendable {
  let views: [String]
  let error: FoldError
}
