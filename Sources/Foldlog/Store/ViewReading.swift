internal import EventLog
internal import Events
internal import Pipeline
internal import Query
internal import Tables
internal import ViewStore
package import Views

/// Opens views for what answers from them, and tells what the answer lacks.
package struct ViewReading {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Opens the tables of a view as they are now, and runs `body` with them and with the offset of
  /// the last event that is in them; −1 for none.
  ///
  /// What the answer lacks is told.
  package func withView<Result>(
    _ address: TableAddress, _ body: (any ViewReader, _ offset: Int64) throws -> Result
  ) throws(FoldlogError) -> Result {
    try withViewState(address) { tables, state, _ in
      try body(tables, Int64(state?.checkpoint ?? 0) - 1)
    }
  }

  /// The same with all that its build says of the view. Every command that answers from views opens
  /// them here, or as they were at some time.
  ///
  /// - Parameter isOutdated: whether another version or other settings than those of now built it;
  ///   of one that is kept under a name, another version.
  func withViewState<Result>(
    _ address: TableAddress,
    _ body: (any ViewReader, ViewState?, _ isOutdated: Bool) throws -> Result
  ) throws(FoldlogError) -> Result {
    try store.requireLog()
    if address.kept == nil, store.configuration.viewsOff.contains(address.view) {
      throw store.offError(address.view)
    }
    return try store.reporting {
      let (tables, state, isOutdated) = try opened(address, in: snapshot(of: address))
      return try body(tables, state, isOutdated)
    }
  }

  /// Opens live views as they are at one moment: those of one build in one transaction.
  ///
  /// What the answer lacks is told.
  func withViews<Result>(
    _ views: [String], _ body: ([OpenedView]) throws -> Result
  ) throws(FoldlogError) -> Result {
    try store.requireLog()
    if let off = views.first(where: store.configuration.viewsOff.contains) {
      throw store.offError(off)
    }
    return try store.reporting {
      var snapshots: [String: BuildSnapshot] = [:]
      let all = try views.map { view in
        let address = TableAddress(view)
        let build = try build(of: address)
        let snapshot = try snapshots[build] ?? snapshot(of: address)
        snapshots[build] = snapshot
        let (tables, state, _) = try opened(address, in: snapshot)
        return OpenedView(
          name: view, tables: tables, offset: Int64(state?.checkpoint ?? 0) - 1)
      }
      return try body(all)
    }
  }

  /// The tables of a view in its build, and what the build says of it. What an answer from them lacks is
  /// told.
  private func opened(
    _ address: TableAddress, in snapshot: BuildSnapshot
  ) throws -> (any ViewReader, ViewState?, isOutdated: Bool) {
    let record = try snapshot.record()
    let state = record.views.first { $0.view == address.view }
    let plan = try address.kept == nil ? store.plan() : store.plan(of: record)
    let tables = ViewTables(address.view, in: snapshot)
    let isOutdated = state.map { !plan.isCurrent($0) } ?? false
    if let state {
      // After the view: a log that grows meanwhile is no shorter than the view.
      let standing = Standing(
        address: address, state: state, isOutdated: isOutdated,
        end: try LogReader(store.openLog()).end())
      standing.sentences.forEach(store.notices.tellOnce)
    }
    return (tables, state, isOutdated)
  }

  /// The build that serves what is asked, as it is now.
  func snapshot(of address: TableAddress) throws -> BuildSnapshot {
    let catalogue = try store.openCatalogue()
    return try catalogue.followingReplacements {
      try BuildSnapshot(catalogue.open(build(of: address)))
    }
  }

  /// The name of the build that serves what is asked.
  func build(of address: TableAddress) throws -> String {
    let catalogue = try store.openCatalogue()
    guard let name = address.kept else {
      guard let entry = try catalogue.entry(address.view) else {
        throw StoreError.unknownView(address.view)
      }
      if let reason = store.buildCheck.unusable[entry.live] {
        throw FoldlogError(
          .badData,
          "the view `\(address.view)` does not fit the log: \(reason). It is not folded again from a "
            + "log that is not whole")
      }
      return entry.live
    }
    guard let build = try catalogue.kept(name)?.build(of: address.view) else {
      let names = try catalogue.kept().filter { $0.build(of: address.view) != nil }
        .map { "\(address.view)@\($0.name)" }
      throw FoldlogError(
        .noInput,
        "nothing is kept as `\(address.viewName)`: "
          + (names.isEmpty
            ? "`foldlog replay --what-if FILE --keep \(name)` would"
            : "there is \(names.joined(separator: ", "))"
              + suggestion(for: address.viewName, among: names)))
    }
    if let reason = store.buildCheck.unusable[build] {
      throw FoldlogError(
        .badData, "what is kept as `\(address.viewName)` does not fit the log: \(reason)")
    }
    return build
  }
}

/// A view that is open beside others.
struct OpenedView {
  let name: String
  let tables: any ViewReader
  /// The last event that is in it; −1 for none.
  let offset: Int64
}

/// How far the view stands that an answer comes from, and what is to be said of that beside the answer.
private struct Standing {
  let address: TableAddress
  let state: ViewState
  /// Whether another version or other settings than those of now built it; of one that is kept under
  /// a name, another version or skip list.
  let isOutdated: Bool
  /// Where the log ends.
  let end: Offset

  var sentences: [String] {
    var sentences: [String] = []
    if isOutdated { sentences.append(ofOutdated) }
    if let reason = state.stopped { sentences.append(ofStopped(reason)) }
    if address.kept != nil {
      if state.checkpoint < end {
        sentences.append("`\(address.viewName)` stands at \(state.checkpoint) of \(end) events")
      }
    } else if state.stopped == nil, state.checkpoint < end {
      let lag = end - state.checkpoint
      sentences.append(
        "views lag \(lag) \(lag == 1 ? "event" : "events") behind the log; `foldlog project` brings "
          + "them up")
    }
    return sentences
  }

  private var ofOutdated: String {
    if let name = address.kept {
      return "`\(address.viewName)` was built by another version or skip list than now: build it "
        + "again with `foldlog replay --what-if FILE --keep \(name)`"
    }
    return ViewReading.outdatedSentence(address.view)
  }

  private func ofStopped(_ reason: String) -> String {
    let left = end - min(end, state.checkpoint)
    return "`\(address.viewName)` stopped before event \(state.checkpoint), and \(left) "
      + "\(left == 1 ? "event is" : "events are") not in it: \(reason); `foldlog project --skip "
      + "\(address.view) \(state.checkpoint)` passes over that event"
  }
}

extension ViewReading {
  /// What is said of a view whose rows are not what they would be now.
  package static func outdatedSentence(_ view: String) -> String {
    "the view `\(view)` was built by another version or other settings: it keeps its rows until "
      + "`foldlog project` or `foldlog replay \(view)` rebuilds it"
  }
}
