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
    var attemptsLeft = Self.attemptsMax
    var rest = inputs[...]
    while !rest.isEmpty {
      do {
        try takeAll(&rest, stream: stream)
      } catch LogError.sourceMoved(let id) {
        // Another process appended from one of the files: they are looked at again.
        attemptsLeft -= 1
        if attemptsLeft == 0 { throw LogError.sourceMoved(id) }
        batch = IngestBatch()
        finishing = nil
      }
    }
    return report
  }

  /// How often a run gives way to others that append from the same files.
  private static let attemptsMax = 20

  /// Takes inputs, and drops those that are committed.
  private func takeAll(_ rest: inout ArraySlice<Input>, stream: Stream?) throws {
    for (place, input) in rest.enumerated() {
      // What a pipe gives cannot be read again: it shares no commit with files.
      let isPipe = if case .standardInput = input { true } else { false }
      if isPipe {
        try commitAll()
        rest = rest.dropFirst(place)
        do {
          try takeReporting(input, stream: stream)
          try commitAll()
        } catch LogError.sourceMoved {
          throw PipeCollision()
        }
        rest = rest.dropFirst()
        return
      }
      try takeReporting(input, stream: stream)
    }
    try commitAll()
    rest = []
  }

  private func takeReporting(_ input: Input, stream: Stream?) throws {
    do {
      try take(input, stream: stream)
    } catch let error as IngestError {
      report.failures.append("\(error)")
    }
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
    if let damage = session.damage { report.failures.append("\(source.name): \(damage)") }
  }

  private func commitAll() throws {
    try packBatch()
    try commitPacked()
  }

  /// Hands the batch over to be packed, once the one before is committed.
  private func packBatch() throws {
    try commitPacked()
    if batch.isEmpty { return }
    let newCount = batch.newSourceCount
    let firstID = newCount > 0 ? try writer.reserveSourceIDs(newCount) : 0
    finishing = try batch.pack(nextSourceID: firstID, workers: workers, packers: packers)
    batch = IngestBatch()
  }

  private func commitPacked() throws {
    guard let packed = finishing else { return }
    finishing = nil
    let commit = try packed.commit()
    let first = try writer.commit(commit)
    if report.firstOffset == nil, !commit.events.isEmpty { report.firstOffset = first }
    packed.didCommit()
    report.add(packed.report)
    progress(report)
  }
}

/// Two pipes gave the same named source at the same time: one of them was taken.
package struct PipeCollision: Error, CustomStringConvertible {
  package var description: String {
    "another process gave this --source at the same time; what this pipe gave was not taken: give "
      + "it again"
  }
}
