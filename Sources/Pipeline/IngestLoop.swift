package import EventLog
package import Events
package import Ingest

/// Moves lines from sources into the log: positions and lines in the same commits.
package final class IngestLoop {
  /// Content of one commit, in bytes: what a crash repeats, and what an fsync is shared by.
  package static let batchSize = 32 << 20

  private let log: LogEnvironment
  private let writer: LogWriter
  private let workers: Workers
  private let parsers = Pool<ChunkParser> { ChunkParser() }
  private let packers = Pool<BlockPacker> { try BlockPacker() }
  private let now: () -> Timestamp
  private let progress: (IngestReport) -> Void
  private var report = IngestReport()
  private var batch = IngestBatch()
  /// Parsed, and being packed while the next batch is read.
  private var finishing: PackingBatch?

  /// - Parameters:
  ///   - now: the clock, for times of recording.
  ///   - progress: called after each commit.
  package init(
    log: LogEnvironment, workers: Workers, now: @escaping () -> Timestamp,
    progress: @escaping (IngestReport) -> Void = { _ in }
  ) throws(LogError) {
    self.log = log
    self.workers = workers
    self.now = now
    self.progress = progress
    writer = try LogWriter(log)
  }

  /// Takes all that the inputs have, from where each was left. A source that cannot be read is
  /// reported, and the others are taken; an error of the log ends it.
  ///
  /// - Parameter stream: the stream of all lines, if given.
  package func run(_ inputs: [Input], stream: Stream?) throws -> IngestReport {
    for input in inputs {
      do {
        try take(input, stream: stream)
      } catch let error as IngestError {
        report.failures.append("\(error)")
      }
    }
    try commitAll()
    return report
  }

  private func take(_ input: Input, stream: Stream?) throws {
    // Two names of one file are one source: what the first gave must be known to the second.
    if batch.holds(input) || finishing?.holds(input) == true { try commitAll() }
    let reader = LogReader(log)
    let session = try SourceSession(
      input,
      lookup: SourceLookup(
        file: { try reader.sources(device: $0.device, inode: $0.inode) },
        named: { try reader.source(named: $0) }))
    let source = OpenSource(input, session)
    report.sources += 1
    while let chunk = try session.nextChunk() {
      let context = SourceContext(
        givenStream: stream, nameStream: source.nameStream, recorded: now())
      source.content = session.record
      batch.add(
        source, chunk,
        workers.submit { [parsers] in try parsers.with { $0.parse(chunk, context) } })
      if session.isWaiting {
        try commitAll()
      } else if batch.size >= Self.batchSize {
        try packBatch()
      }
    }
    report.warnings += session.warnings.map { "\(source.name): \($0)" }
  }

  private func commitAll() throws {
    try packBatch()
    try commitPacked()
  }

  /// Hands the batch over to be packed, once the one before is committed.
  private func packBatch() throws {
    try commitPacked()
    if batch.isEmpty { return }
    finishing = try batch.pack(
      nextSourceID: try writer.nextSourceID(), workers: workers, packers: packers, &report)
    batch = IngestBatch()
  }

  private func commitPacked() throws {
    guard let packed = finishing else { return }
    finishing = nil
    let commit = try packed.commit()
    let first = try writer.commit(commit)
    if report.firstOffset == nil, !commit.events.isEmpty { report.firstOffset = first }
    packed.didCommit()
    progress(report)
  }
}
