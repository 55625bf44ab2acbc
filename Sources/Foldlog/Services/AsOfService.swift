internal import Bytes
internal import EventLog
internal import Events
internal import Logging
internal import Pipeline
internal import Tables
internal import ViewStore
package import Views

/// Views as they were: folded up to an event, or to a time.
package struct AsOfService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Opens the tables of a view as a log that ends there gives them, and runs `body` with them and
  /// with the offset of that log's last event; −1 for none.
  ///
  /// Folds what that view needs, from the nearest of the view's past builds, which a long fold
  /// leaves on its way: at most `pastsMax` of a view.
  @available(*, noasync)
  package func withView<Result>(
    _ address: TableAddress, asOf end: LogEnd, progress: @escaping (Progress) -> Void,
    _ body: (any ViewReader, _ offset: Int64) throws -> Result
  ) throws(FoldlogError) -> Result {
    try store.requireLog()
    return try store.reporting {
      let end = try offset(of: end)
      let catalogue = try store.openCatalogue()
      let plan = try plan(of: address).only([address.view])
      if let snapshot = try liveSnapshot(address, at: end, plan) {
        return try body(ViewTables(address.view, in: snapshot), Int64(end) - 1)
      }
      let build = try foldPast(address.view, to: end, plan, catalogue, progress)
      defer { catalogue.discardScratch(build) }
      let snapshot = try BuildSnapshot(build)
      let state = try snapshot.record().views.first
      if let reason = state?.stopped, let offset = state?.checkpoint {
        throw FoldlogError(.badData, "`\(address.view)` stops at event \(offset): \(reason)")
      }
      return try body(ViewTables(address.view, in: snapshot), Int64(end) - 1)
    }
  }

  private func offset(of end: LogEnd) throws -> Offset {
    let reader = LogReader(try store.openLog())
    switch end {
    case .time(let time):
      let end = try reader.end(recordedBy: time)
      if end == 0, let (_, block) = try reader.unpack(at: 0, with: BlockUnpacker()), block.count > 0
      {
        let first = Timestamp(nanoseconds: block.recorded[0])
        store.notices.tell(
          "nothing was recorded by \(time), so the answer is empty: the first event was at \(first)"
            + " (--as-of goes by when lines were taken in, not by when things happened)")
      }
      return end
    case .events(0):
      store.notices.tell("-1 is before the first event, so the answer is empty")
      return 0
    case .events(let count):
      let all = try reader.end()
      let note = count > 0 ? ambiguity(of: "\(count - 1)", "--as-of") : nil
      if let note { store.notices.tell(note) }
      if count > all {
        throw FoldlogError(
          .usage,
          all == 0
            ? "the log is empty: there is no event \(count - 1)"
            : "the log ends with event \(all - 1): there is no event \(count - 1)")
      }
      return count
    }
  }

  /// The plan that a view is folded by: the configured one, or that of what is kept under a name.
  private func plan(of address: TableAddress) throws -> FoldPlan {
    guard store.projectors.views.contains(address.view) else {
      throw StoreError.unknownView(address.view)
    }
    if address.kept == nil {
      if store.configuration.viewsOff.contains(address.view) { throw store.offError(address.view) }
      return try store.plan()
    }
    return try store.plan(of: store.reading.snapshot(of: address).record())
  }

  /// The view itself, where it stands just there.
  private func liveSnapshot(
    _ address: TableAddress, at end: Offset, _ plan: FoldPlan
  ) throws -> BuildSnapshot? {
    if address.kept == nil, try store.openCatalogue().entry(address.view) == nil { return nil }
    let snapshot = try store.reading.snapshot(of: address)
    let state = try snapshot.record().views.first { $0.view == address.view }
    guard let state, state.checkpoint == end, state.stopped == nil, plan.isCurrent(state) else {
      return nil
    }
    return snapshot
  }

  /// Folds a view into a scratch build, up to an offset.
  private func foldPast(
    _ view: String, to end: Offset, _ plan: FoldPlan, _ catalogue: ViewCatalogue,
    _ progress: @escaping (Progress) -> Void
  ) throws -> Build {
    let name = plan.name(of: view)
    let upkeep = try store.upkeep(plan, phase: .past, progress)
    let nearest = catalogue.pasts(of: view).last { $0.plan == name && $0.checkpoint <= end }
    let taken = try nearest.flatMap { try takeUp($0, catalogue) }
    let build = try taken ?? catalogue.makeScratch()
    do {
      let start = taken == nil ? 0 : nearest?.checkpoint ?? 0
      let interval = PastBuild.interval(try LogReader(store.openLog()).end())
      var mark = (start / interval + 1) * interval
      while mark < end {
        _ = try upkeep.bring(build, to: mark)
        // What is kept saves time later; where there is no room for it, the answer is there all the
        // same.
        guard isKept(build, as: PastBuild(view: view, plan: name, checkpoint: mark)) else { break }
        mark += interval
      }
      _ = try upkeep.bring(build, to: end)
      try discardPasts(of: view, interval, catalogue)
      return build
    } catch {
      catalogue.discardScratch(build)
      guard taken != nil, let nearest, !(error is LogError) else { throw error }
      // A past build that is no good helps nobody: the one before it, or none, may.
      store.logger.warning(
        "past build discarded",
        error: error, metadata: ["view": "\(view)", "event": "\(nearest.checkpoint)"])
      catalogue.discard(nearest)
      return try foldPast(view, to: end, plan, catalogue, progress)
    }
  }

  /// A scratch build that stands where a past one does; nil, and the past one gone, if it is damaged
  /// or of another log.
  private func takeUp(_ past: PastBuild, _ catalogue: ViewCatalogue) throws -> Build? {
    let build = (try? catalogue.makeScratch(from: past)) ?? nil
    if let build, let record = try? build.record(), record.checkpoint == past.checkpoint,
      record.views.map(\.view) == [past.view],
      try store.buildCheck.mismatch(of: record, in: build.name) == nil
    {
      return build
    }
    if let build { catalogue.discardScratch(build) }
    catalogue.discard(past)
    return nil
  }

  /// Discards the past builds of what nobody asks any more, or between which is too little.
  private func discardPasts(
    of view: String, _ interval: Offset, _ catalogue: ViewCatalogue
  ) throws {
    let names = try catalogue.followingReplacements {
      try [store.plan().name(of: view)]
        + catalogue.kept().compactMap { $0.build(of: view) }.map {
          try store.plan(of: catalogue.open($0).record()).name(of: view)
        }
    }
    for past in catalogue.pasts(of: view)
    where !names.contains(past.plan) || past.checkpoint % interval != 0 {
      catalogue.discard(past)
    }
  }

  private func isKept(_ build: Build, as past: PastBuild) -> Bool {
    do { try store.openCatalogue().keep(build, as: past) } catch { return false }
    return true
  }
}

extension PastBuild {
  /// Events between two past builds of a view, for a log of some length: a power of two, so that a
  /// fold from the nearest one takes at most a quarter of the fold from the first event, or well
  /// under two seconds.
  static func interval(_ end: Offset) -> Offset {
    var interval = least
    while end / interval > countMax { interval *= 2 }
    return interval
  }

  private static let least: Offset = 1 << 18
  private static let countMax: Offset = 4
}

extension FoldPlan {
  /// A name for what a view is folded by, the same for the same.
  fileprivate func name(of view: String) -> String {
    guard let projector = projector(view) else { return "" }
    let state = initialState(of: projector)
    var writer = ByteWriter()
    writer.append(varint: UInt64(state.version))
    writer.append(hash: state.settings)
    writer.append(hash: state.upstream)
    return String("\(Hash128(of: writer.bytes))".prefix(16))
  }
}
