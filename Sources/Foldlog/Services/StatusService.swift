package import Bytes
package import Effects
internal import EventLog
package import Events
internal import Provenance
internal import Pipeline
internal import Projection
package import Tables
internal import ViewStore
internal import Ingest
internal import Query
internal import Views

/// Everything that `status` tells.
package struct Status: Sendable {
  package struct View: Sendable {
    package let name: String
    package let version: UInt32
    package let digest: Digest
    /// The offset that it stands before.
    package let checkpoint: Offset
    /// Events of the log that are not in it.
    package let lag: UInt64
    /// Why it stopped; nil while it goes on.
    package let stopped: String?
    /// False when it waits for a replay under another version or other settings.
    package let isCurrent: Bool
    /// Whether the settings say that it is not folded.
    package let isOff: Bool
    package let build: String
  }

  /// Where lines came from.
  package struct Source: Equatable, Sendable {
    package let id: SourceID
    /// As a person reads it.
    package let path: String
    /// Bytes taken.
    package let position: UInt64
    package let generation: UInt64
    package let events: UInt64
    package let quarantined: UInt64
    /// Of its lines; `native` where these are of none.
    package let format: String
  }

  /// A field in a type that it cannot have, a time in a form that is not known, or a field that the
  /// kind needs and that is not there.
  package struct Mismatch: Equatable, Sendable {
    package let kind: String
    package let field: String
    /// Of a time, where the lines came from.
    package let source: SourceID?
    package let count: UInt64
    package let isMissing: Bool
    /// The first event of which that is so; nil where an earlier version counted.
    package let firstOffset: Offset?

    init(_ counted: Pipeline.Mismatch) {
      kind = counted.kind
      field = counted.field
      source = counted.source
      count = counted.count
      isMissing = counted.isMissing
      firstOffset = counted.firstOffset
    }

    /// Such as `2 events of training_completed lack run_id or model, the first is 5`.
    package var sentence: String {
      let first = firstOffset.map { count == 1 ? " (event \($0))" : ", the first is event \($0)" }
      return "\(HumanNumbers.counted(count, "event")) of \(kind) \(count == 1 ? "lacks" : "lack") "
        + field + (first ?? "")
    }
  }

  /// A build that is being folded beside the live ones.
  package struct Rebuild: Equatable, Sendable {
    package let views: [String]
    /// The name that it is to be kept under; empty when it is to serve.
    package let name: String
    package let done: UInt64
    package let total: UInt64
    /// False when its process ended: the next replay goes on with it.
    package let isRunning: Bool
    /// Events that the process folded so far, and for how long it runs.
    package let folded: UInt64
    package let elapsedSeconds: Double
  }

  package struct Kept: Equatable, Sendable {
    package let name: String
    package let views: [String]
    package let checkpoint: UInt64
  }

  package struct Skip: Equatable, Sendable {
    package let view: String
    package let offsets: [Offset]
  }

  package struct UnknownKind: Equatable, Sendable {
    package let stream: String
    package let kind: String
    package let count: UInt64
  }

  /// A file of a server.
  package struct Address: Sendable {
    package let file: RemoteFileState
    /// Bytes of it that were taken.
    package let position: UInt64
  }

  /// What views want done by others, and what that took today.
  package struct React: Equatable, Sendable {
    /// Wants that nobody has answered yet.
    package var waiting: UInt64 = 0
    /// Of these, those that were tried in vain.
    package var tried: UInt64 = 0
    /// Wants that were given up for good.
    package var givenUp: UInt64 = 0
    package var callsToday: UInt64 = 0
    package var callsMost: UInt64 = 0
    package var costToday = FixedPoint.zero
    package var costMost = FixedPoint.zero
    /// Servers that failed too often or asked for it, and have not answered since.
    package var resting: [EndpointRest] = []
    /// When that was so.
    package var time = Timestamp(nanoseconds: 0)
  }

  package var path = ""
  /// Events in the log: the offset that the next one gets.
  package var events: Offset = 0
  package var head: SHA256Digest = .zero
  /// Bytes of all lines, with a newline each.
  package var rawSize: UInt64 = 0
  /// Bytes that they take in the log's file.
  package var storedSize: UInt64 = 0
  package var blocks = 0
  package var sources: [Source] = []
  package var quarantined: UInt64 = 0
  package var retried = 0
  package var unknownKinds: [UnknownKind] = []
  package var mismatches: [Mismatch] = []
  package var views: [View] = []
  package var rebuilds: [Rebuild] = []
  package var kept: [Kept] = []
  package var skips: [Skip] = []
  package var react = React()
  package var addresses: [Address] = []
  package var usage = StorageUsage()
  /// Whether settings that the last switch brought could not be written to foldlog.toml.
  package var hasUnwrittenSettings = false
}

/// What a store holds, and how far its views are.
package struct StatusService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Head, sizes, sources, quarantine, oddities, and each view.
  package func status() throws(FoldlogError) -> Status {
    try store.requireLog()
    return try store.reporting {
      let reader = LogReader(try store.openLog())
      var status = Status()
      status.path = store.directory.shown
      status.events = try reader.end()
      status.head = try reader.head()
      status.storedSize = try reader.storedSize()
      status.sources = try reader.sources().map { source in
        Status.Source(
          id: source.id, path: shownPath(source.path), position: source.position,
          generation: source.generation, events: source.events, quarantined: source.quarantined,
          format: source.format ?? "native")
      }
      status.quarantined = try reader.end(of: .quarantine)
      status.retried = try reader.retried().count
      try addBlocks(to: &status, reader)
      status.skips = try reader.skips().sorted { $0.key < $1.key }.map {
        Status.Skip(view: $0.key, offsets: $0.value)
      }
      if store.hasViews { try addViews(to: &status) }
      try addReact(to: &status, reader)
      let sources = status.sources
      status.addresses = try RemoteFileState.all(in: store.directory.downloads).map { file in
        Status.Address(
          file: file, position: sources.last { $0.path == shownPath(file.path) }?.position ?? 0)
      }
      status.usage = try StorageUsage(store.openLog(), store.hasViews ? store.openCatalogue() : nil)
      return status
    }
  }

  private func addBlocks(to status: inout Status, _ reader: LogReader) throws {
    var unknown: [EventBlock.KindEntry: UInt64] = [:]
    for entry in try reader.blocks() {
      status.blocks += 1
      status.rawSize += UInt64(entry.header.rawSize)
      for kind in entry.header.kinds where !isKnown(kind.entry) {
        unknown[kind.entry, default: 0] += kind.count
      }
    }
    status.unknownKinds =
      unknown
      .map { entry, count in
        Status.UnknownKind(
          stream: Stream(rawValue: entry.stream)?.name ?? "?", kind: entry.name, count: count)
      }
      .sorted { ($1.count, $0.stream, $0.kind) < ($0.count, $1.stream, $1.kind) }
  }

  private func isKnown(_ entry: EventBlock.KindEntry) -> Bool {
    guard let stream = Stream(rawValue: entry.stream) else { return false }
    if store.projectors.formats.knows(kind: entry.name) { return true }
    return Kinds.isKnown(entry.name, in: stream)
  }

  private func addViews(to status: inout Status) throws {
    let catalogue = try store.openCatalogue()
    try addBuilds(to: &status, catalogue)
    var hasMismatches = false
    for view in store.projectors.views {
      guard let (name, snapshot) = try liveSnapshot(view, catalogue) else { continue }
      let record = try snapshot.record()
      guard let state = record.views.first(where: { $0.view == view }) else {
        continue
      }
      status.views.append(
        Status.View(
          name: view, version: state.version, digest: Digest(sum: state.sum),
          checkpoint: state.checkpoint, lag: status.events - min(status.events, state.checkpoint),
          stopped: state.stopped,
          isCurrent: try store.plan().isCurrent(state)
            && (state.stopped != nil || state.checkpoint == record.checkpoint),
          isOff: store.configuration.viewsOff.contains(view), build: name))
      if !hasMismatches {
        hasMismatches = true
        status.mismatches = try DecodingCounts.mismatches(in: snapshot).map(Status.Mismatch.init)
      }
    }
  }

  private func addReact(to status: inout Status, _ reader: LogReader) throws {
    let spent = try reader.spending(onDay: wallClock().day)
    let settings = store.configuration.react
    (status.react.callsToday, status.react.costToday) = (spent.calls, spent.cost)
    (status.react.callsMost, status.react.costMost) = (settings.dailyCalls, settings.dailyCost)
    status.react.resting = try ReactService(store).rests.read()
    status.react.time = wallClock()
    status.react.givenUp = UInt64(try GivenUpService(store).all().count)
    guard store.hasViews else { return }
    let catalogue = try store.openCatalogue()
    for projector in store.projectors.projectors {
      let view = projector.view
      guard let wants = view.wants, !store.configuration.viewsOff.contains(view.name),
        let (_, snapshot) = try liveSnapshot(view.name, catalogue),
        let state = try snapshot.record().views.first(where: { $0.view == view.name }),
        state.stopped == nil, try store.plan().isCurrent(state)
      else { continue }
      let tables = ViewTables(view.name, in: snapshot)
      for want in try WantService(store).rows(of: wants.table, in: tables, view: view.name)
      where try reader.answer(to: want.requestID) == nil {
        status.react.waiting += 1
        if want.failures > 0 { status.react.tried += 1 }
      }
    }
  }

  private func liveSnapshot(
    _ view: String, _ catalogue: ViewCatalogue
  ) throws -> (name: String, snapshot: BuildSnapshot)? {
    try catalogue.followingReplacements {
      guard let entry = try catalogue.entry(view), store.buildCheck.unusable[entry.live] == nil
      else {
        return nil
      }
      return (entry.live, try BuildSnapshot(catalogue.open(entry.live)))
    }
  }

  /// What is being rebuilt, and what is kept beside the live builds.
  private func addBuilds(to status: inout Status, _ catalogue: ViewCatalogue) throws {
    status.hasUnwrittenSettings = try catalogue.pendingSettings() != nil
    for unfinished in try catalogue.unfinished() {
      let isRunning = catalogue.isHeld(unfinished)
      let checkpoint = (try? catalogue.open(unfinished.build).record().checkpoint) ?? 0
      let done = isRunning ? max(checkpoint, unfinished.done) : checkpoint
      let elapsed_ns = wallClock().nanoseconds - unfinished.startedAt_ns
      status.rebuilds.append(
        Status.Rebuild(
          views: unfinished.views, name: unfinished.name, done: done, total: status.events,
          isRunning: isRunning, folded: done - min(done, unfinished.startedFrom),
          elapsedSeconds: Double(max(0, elapsed_ns)) / 1e9))
    }
    status.kept = try catalogue.followingReplacements {
      try catalogue.kept().map { kept in
        let records = try kept.placements.map { try catalogue.open($0.build).record() }
        return Status.Kept(
          name: kept.name, views: kept.placements.flatMap(\.views),
          checkpoint: records.map(\.checkpoint).min() ?? 0)
      }
    }
  }
}
