internal import Bytes
package import EventLog
package import Events
internal import Provenance
package import Ingest
package import Logging

/// Takes chunks of lines into the log: parsed and packed by workers, made durable in batches
/// together with the positions of their sources.
package final class Intake: LineTaker {
  /// Content of one commit, in bytes: more of it shares an fsync, and more is read again after a
  /// crash.
  package static let batchSize = 32 << 20

  private let writer: LogWriter
  private let workers: Workers
  private let parsers: Pool<ChunkParser>
  private let packers = Pool<BlockPacker> { try BlockPacker() }
  private let stream: Stream?
  private let now: () -> Timestamp
  private let progress: (IngestReport) -> Void
  private let logger: Logger
  /// The summary so far; lines count once they are durable.
  package private(set) var report: IngestReport
  private var batch = IngestBatch()
  /// Parsed, and being packed while the next batch is read.
  private var finishing: PackingBatch?

  /// - Parameters:
  ///   - stream: the stream of all lines, if given.
  ///   - now: the clock, for times of recording.
  ///   - report: what was done before.
  ///   - progress: called after each commit.
  package init(
    log: LogEnvironment, workers: Workers, stream: Stream?, formats: FormatSet = .native,
    now: @escaping () -> Timestamp, report: IngestReport = IngestReport(), logger: Logger = .silent,
    progress: @escaping (IngestReport) -> Void = { _ in }
  ) throws(LogError) {
    writer = try LogWriter(log)
    parsers = Pool { ChunkParser(formats: formats) }
    self.workers = workers
    self.stream = stream
    self.now = now
    self.report = report
    self.progress = progress
    self.logger = logger
  }

  package func take(_ chunk: LineChunk, from session: SourceSession) throws {
    let context = SourceContext(
      givenStream: stream, nameStream: streamOfFileName(splitPath(session.name).name),
      format: session.source.content.format, recorded: now())
    let parsed = workers.submit { [parsers] in try parsers.with { $0.parse(chunk, context) } }
    batch.add(session, chunk, parsed)
    if session.isWaiting {
      try commit()
    } else if batch.size >= Self.batchSize {
      try packBatch()
    }
  }

  package func touch(_ source: TrackedSource) { batch.touch(source) }

  package func lost(_ source: TrackedSource, path: String) {
    logger.info("source lost", metadata: ["path": "\(path)", "source": "\(source.id)"])
  }

  package func tell(_ message: String, isFailure: Bool) {
    logger.log(
      level: isFailure ? .warning : .notice, isFailure ? "source not read" : "source noted",
      metadata: ["cause": "\(message)"])
    if isFailure { report.failures.append(message) } else { report.warnings.append(message) }
  }

  /// Warnings, failures and reasons of quarantine since they were last asked for; they leave the
  /// report.
  package func takeNotes() -> [FollowNote] {
    defer {
      report.warnings = []
      report.failures = []
      report.reasons = []
    }
    return report.warnings.map { .warning($0) } + report.failures.map { .failure($0) }
      + report.reasons.map { reason in
        .warning("quarantine: \(reason.source), line at byte \(reason.position): \(reason.reason)")
      }
  }

  package func commit() throws {
    try packBatch()
    try commitPacked()
  }

  /// Called after each commit with the log's revision from then on.
  func whenCommitted(_ tell: @escaping (UInt64) -> Void) { writer.didCommit = tell }

  func countSource() { report.sources += 1 }

  /// Hands the batch over to be packed, once the one before is committed.
  private func packBatch() throws {
    try commitPacked()
    if batch.isEmpty { return }
    let newCount = batch.newSourceCount
    let firstID = newCount > 0 ? try writer.reserveSourceIDs(newCount) : 0
    finishing = try batch.pack(
      nextSourceID: firstID, now: now(), workers: workers, packers: packers)
    batch = IngestBatch()
  }

  private func commitPacked() throws {
    guard let packed = finishing else { return }
    finishing = nil
    let commit = try packed.commit()
    let first = try writer.commit(commit)
    if report.firstOffset == nil, !commit.events.isEmpty { report.firstOffset = first }
    log(packed)
    packed.didCommit()
    report.add(packed.report)
    progress(report)
  }

  /// Logs a commit. The reason why a line was refused may quote the line, so that only its position
  /// is logged.
  private func log(_ packed: PackingBatch) {
    for (source, change) in packed.sources {
      let record = change.record
      let about: Logger.Metadata = ["path": "\(record.path)", "source": "\(record.id)"]
      if change.positionBefore == nil, record.previous != 0 {
        logger.info(
          "source rewritten",
          metadata: about.merging(["generation": "\(record.generation)"]) { $1 })
      } else if change.positionBefore == nil {
        logger.info("source found", metadata: about)
      } else if let place = source.previousRealPath {
        logger.info("source rotated or moved", metadata: about.merging(["from": "\(place)"]) { $1 })
      }
    }
    for refused in packed.report.reasons {
      logger.notice(
        "lines refused",
        metadata: [
          "path": "\(refused.source)", "position": "\(refused.position)",
          "count": "\(refused.count)",
        ])
    }
    logger.debug(
      "batch committed",
      metadata: [
        "events": "\(packed.report.events)", "bytes": "\(packed.report.bytes)",
        "sources": "\(packed.sources.count)",
      ])
  }
}
