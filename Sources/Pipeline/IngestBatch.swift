internal import Bytes
internal import EventLog
internal import Events
internal import Ingest
internal import Provenance

/// Chunks of one commit that are being parsed.
struct IngestBatch {
  private struct Item {
    let source: TrackedSource
    let name: String
    let size: Int
    let parsed: Pending<ParsedChunk>
  }

  private var items: [Item] = []
  private var sources: [TrackedSource] = []
  private var held: Set<ObjectIdentifier> = []
  /// Bytes of content.
  private(set) var size = 0

  var isEmpty: Bool { sources.isEmpty }

  mutating func add(_ session: SourceSession, _ chunk: LineChunk, _ parsed: Pending<ParsedChunk>) {
    touch(session.source)
    items.append(
      Item(source: session.source, name: shownPath(session.name), size: chunk.count, parsed: parsed)
    )
    size += chunk.count
  }

  /// Adds a source to the commit, whether it gives lines or not.
  mutating func touch(_ source: TrackedSource) {
    // The common case: a run of chunks of one source.
    if sources.last === source { return }
    if held.insert(ObjectIdentifier(source)).inserted { sources.append(source) }
  }

  var newSourceCount: Int { sources.count(where: \.isNew) }

  /// Waits for the parsed chunks, decides what depends on the order of the lines (ids, inferred
  /// times, counts), and has the blocks packed.
  func pack(
    nextSourceID: SourceID, now: Timestamp, workers: Workers, packers: Pool<BlockPacker>
  ) throws -> PackingBatch {
    var next = nextSourceID
    var report = IngestReport()
    var events = BlockGatherer(workers: workers, packers: packers)
    var rejected = BlockGatherer(workers: workers, packers: packers)
    // A source that came from another has the higher id.
    for source in sources { _ = source.identify(next: &next) }
    for item in items {
      var parsed = try item.parsed.value()
      let id = item.source.identify(next: &next)
      item.source.count(&parsed)
      if let format = parsed.format { item.source.content.format = format }
      parsed.events.assign(source: id)
      parsed.rejected.assign(source: id)
      report.count(parsed, size: item.size, source: item.name)
      events.add(parsed.events)
      rejected.add(parsed.rejected)
    }
    return PackingBatch(
      events: events.finish(), quarantine: rejected.finish(),
      sources: sources.map { source in (source, source.change(at: now)) }, report: report)
  }
}

extension TrackedSource {
  fileprivate func change(at now: Timestamp) -> LogCommit.SourceChange {
    LogCommit.SourceChange(
      record: record(at: now), positionBefore: committedPosition, knownBefore: knownID)
  }
}

/// A commit whose blocks are being packed.
struct PackingBatch {
  let events: [Pending<PackedBlock>]
  let quarantine: [Pending<PackedBlock>]
  let sources: [(source: TrackedSource, change: LogCommit.SourceChange)]
  /// What the batch adds to the report, once it is committed.
  let report: IngestReport

  func commit() throws -> LogCommit {
    var commit = LogCommit()
    for block in events { commit.events.append(try block.value()) }
    for block in quarantine { commit.quarantine.append(try block.value()) }
    commit.sources = sources.map(\.change)
    return commit
  }

  func didCommit() {
    for (source, change) in sources { source.didCommit(change.record) }
  }
}

/// Gathers events into blocks of the log's size, and has them packed.
private struct BlockGatherer {
  private let workers: Workers
  private let packers: Pool<BlockPacker>
  private var gathered = EventBlock()
  private var packing: [Pending<PackedBlock>] = []

  init(workers: Workers, packers: Pool<BlockPacker>) {
    self.workers = workers
    self.packers = packers
  }

  mutating func add(_ block: EventBlock) {
    if block.isEmpty { return }
    if gathered.raw.count + block.raw.count > LogLimits.blockSizeTarget * 5 / 4 { flush() }
    gathered.append(block)
    if gathered.raw.count >= LogLimits.blockSizeTarget * 3 / 4 { flush() }
  }

  private mutating func flush() {
    if gathered.isEmpty { return }
    let block = gathered
    gathered = EventBlock()
    packing.append(workers.submit { [packers] in try packers.with { try $0.pack(block) } })
  }

  mutating func finish() -> [Pending<PackedBlock>] {
    flush()
    return packing
  }
}

extension IngestReport {
  fileprivate mutating func count(_ parsed: ParsedChunk, size: Int, source: String) {
    events += UInt64(parsed.events.count)
    quarantined += UInt64(parsed.rejected.count)
    blank += parsed.blank
    lines += UInt64(parsed.events.count + parsed.rejected.count) + parsed.blank
    bytes += UInt64(size)
    for index in 0..<parsed.rejected.count {
      count(
        parsed.rejected.kind(index).name, source: source,
        position: parsed.rejected.positions[index])
    }
  }
}
