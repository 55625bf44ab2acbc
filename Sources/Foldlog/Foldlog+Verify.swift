internal import EventLog
internal import Pipeline
internal import Projection
internal import ViewStore
package import Views

/// Three digests of one view that must be one.
package struct ViewVerdict: Sendable {
  package let view: String
  package let checkpoint: UInt64
  /// Kept up as rows changed.
  package let kept: Digest
  /// Computed from the rows as they lie.
  package let rows: Digest
  /// Of the same events folded again from zero; nil when that fold stopped.
  package let refolded: Digest?
  /// False when it was built by another version or other settings, so that a fold of today says
  /// nothing about it.
  package let isCurrent: Bool

  package var isGood: Bool { kept == rows && (!isCurrent || refolded == rows) }
}

extension Foldlog {
  /// Computes each live digest from the rows, folds every view again from zero in a scratch place
  /// to its own checkpoint, and compares.
  @available(*, noasync)
  package func verifyViews(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> [ViewVerdict] {
    try requireLog()
    return try reporting {
      let catalogue = try openCatalogue()
      let log = try openLog()
      var verdicts: [ViewVerdict] = []
      for name in Set(try catalogue.entries().map(\.live)).sorted() {
        let served = try catalogue.entries().filter { $0.live == name }.map(\.view)
        verdicts += try verify(
          try catalogue.open(name), serving: served, catalogue, log, progress)
      }
      return Self.views.compactMap { view in verdicts.first { $0.view == view } }
    }
  }

  private func verify(
    _ build: Build, serving views: [String], _ catalogue: ViewCatalogue, _ log: LogEnvironment,
    _ progress: @escaping (Progress) -> Void
  ) throws -> [ViewVerdict] {
    let snapshot = try BuildSnapshot(build)
    let record = try snapshot.record()
    var verdicts: [ViewVerdict] = []
    // Views of a build stand at one checkpoint, but for those that stopped.
    let states = record.views.filter { views.contains($0.view) }
    for checkpoint in Set(states.map(\.checkpoint)).sorted() {
      let group = states.filter { $0.checkpoint == checkpoint }
      let refolded = try refold(
        group.map(\.view), to: checkpoint, catalogue, log, progress)
      for state in group {
        verdicts.append(
          ViewVerdict(
            view: state.view, checkpoint: checkpoint, kept: Digest(sum: state.sum),
            rows: try rehash(state.view, snapshot), refolded: refolded[state.view],
            isCurrent: plan.isCurrent(state)))
      }
    }
    return verdicts
  }

  private func rehash(_ view: String, _ snapshot: BuildSnapshot) throws -> Digest {
    guard let projector = plan.projector(view) else { throw StoreError.unknownView(view) }
    let tables = TableSet(view: view, provider: snapshot)
    _ = try projector.init(tables: tables)
    return try tables.rehashed()
  }

  private func refold(
    _ views: [String], to checkpoint: UInt64, _ catalogue: ViewCatalogue, _ log: LogEnvironment,
    _ progress: @escaping (Progress) -> Void
  ) throws -> [String: Digest] {
    let scratch = try catalogue.makeScratch()
    defer { catalogue.discardScratch(scratch) }
    let fold = try BuildFold(
      scratch, plan: plan.only(views), log: log, workers: workers,
      progress: { progress(Progress(phase: .verify, done: $0, total: checkpoint)) })
    try fold.fold(to: checkpoint)
    var digests: [String: Digest] = [:]
    for state in fold.record.views where state.checkpoint == checkpoint {
      digests[state.view] = Digest(sum: state.sum)
    }
    return digests
  }
}
