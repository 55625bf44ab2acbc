internal import Bytes
package import EventLog
package import Events
package import Ingest
package import Logging

/// Moves what sources have now into the log, once.
package final class IngestLoop {
  private let log: LogEnvironment
  private let workers: Workers
  private let files: any FileSystem
  private let formats: FormatSet
  private let now: () -> Timestamp
  private let logger: Logger
  private let progress: (IngestReport) -> Void

  /// - Parameters:
  ///   - formats: the other tools' lines that are known.
  ///   - now: the clock, for times of recording.
  ///   - progress: called after each commit.
  package init(
    log: LogEnvironment, workers: Workers, files: any FileSystem = DiskFiles(),
    formats: FormatSet = .native, now: @escaping () -> Timestamp, logger: Logger = .silent,
    progress: @escaping (IngestReport) -> Void = { _ in }
  ) {
    self.log = log
    self.workers = workers
    self.files = files
    self.formats = formats
    self.now = now
    self.logger = logger
    self.progress = progress
  }

  /// How often a run starts over because another process appends from the same files.
  private static let attemptsMax = 20

  private func isCollision(_ error: any Error) -> Bool {
    if error is SourceMoved { return true }
    if case LogError.sourceMoved = error { return true }
    return false
  }

  /// Takes all that the inputs have, from where each was left. A source that cannot be read is
  /// reported, and the others are taken; an error of the log ends it.
  ///
  /// - Parameter stream: the stream of all lines, if given.
  package func run(_ inputs: [Input], stream: Stream?) throws -> IngestReport {
    var attempts = 0
    var report = IngestReport()
    var rest = inputs[...]
    while !rest.isEmpty {
      // After a collision, positions are read again.
      let run = try Run(
        files: files, log: log,
        intake: Intake(
          log: log, workers: workers, stream: stream, formats: formats, now: now, report: report,
          logger: logger,
          progress: progress))
      do {
        try run.takeAll(&rest)
        report = run.intake.report
      } catch let error where isCollision(error) {
        // Another process appended from one of the files. The next attempt waits the longer, the
        // more often that has happened.
        attempts += 1
        logger.info("retry", error: error, metadata: ["attempt": "\(attempts)"])
        if attempts == Self.attemptsMax { throw error }
        report = run.intake.report
        backOff(attempts)
      }
    }
    return report
  }
}

/// An attempt, with the sources as it found them.
private struct Run {
  let intake: Intake
  let resolver: SourceResolver

  init(files: any FileSystem, log: LogEnvironment, intake: Intake) {
    self.intake = intake
    let registry = SourceRegistry(LogSources(reader: LogReader(log)))
    registry.commit = { try intake.commit() }
    resolver = SourceResolver(files: files, registry: registry, isFollowing: false)
  }

  /// Takes inputs, and drops those that are committed.
  func takeAll(_ rest: inout ArraySlice<Input>) throws {
    for (place, input) in rest.enumerated() {
      // The content of a pipe cannot be read again, so that it shares no commit with files.
      guard case .standardInput = input else {
        try takeReporting(input)
        continue
      }
      try intake.commit()
      rest = rest.dropFirst(place)
      do {
        try takeReporting(input)
        try intake.commit()
      } catch LogError.sourceMoved {
        throw PipeCollision()
      }
      rest = rest.dropFirst()
      return
    }
    try intake.commit()
    rest = []
  }

  private func takeReporting(_ input: Input) throws {
    do {
      try take(input)
    } catch let error as IngestError {
      intake.tell("\(error)", isFailure: true)
    }
  }

  private func take(_ input: Input) throws {
    let opened =
      switch input {
      case .file(let path): try resolver.open(path).session
      case .standardInput(let name): try resolver.openStandardInput(name: name)
      case .lines(let lines, let name): try resolver.open(lines: lines, name: name)
      }
    guard let session = opened else { return }
    intake.countSource()
    for source in session.sourcesToCommit { intake.touch(source) }
    while let chunk = try session.nextChunk() { try intake.take(chunk, from: session) }
    for warning in session.takeWarnings() {
      intake.tell("\(shownPath(session.name)): \(warning)", isFailure: false)
    }
    if let damage = session.damage {
      intake.tell("\(shownPath(session.name)): \(damage)", isFailure: true)
    }
  }
}

/// Two pipes gave the same named source at the same time: one of them was taken.
package struct PipeCollision: Error, CustomStringConvertible {
  package var description: String {
    "another process gave this --source at the same time; what this pipe gave was not taken: give "
      + "it again"
  }
}

/// What an ingest did: its summary.
package struct IngestReport: Equatable, Sendable {
  /// Lines seen, blank ones included.
  package var lines: UInt64 = 0
  package var events: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var blank: UInt64 = 0
  /// Bytes of the lines seen, with their newlines.
  package var bytes: UInt64 = 0
  package var sources = 0
  /// Offset of the first event appended, if any was.
  package var firstOffset: Offset?
  /// What a person should know, each with its source.
  package var warnings: [String] = []
  /// Sources that could not be read.
  package var failures: [String] = []
  /// The first reasons of quarantine, each with how often and where first.
  package var reasons: [QuarantineReason] = []

  package struct QuarantineReason: Equatable, Sendable {
    package var reason: String
    package var source: String
    package var position: UInt64
    package var count: UInt64
  }

  package static let reasonsMax = 5

  package init() {}

  /// Adds the lines of a commit.
  mutating func add(_ other: IngestReport) {
    lines += other.lines
    events += other.events
    quarantined += other.quarantined
    blank += other.blank
    bytes += other.bytes
    for reason in other.reasons { add(reason) }
  }

  private mutating func add(_ reason: QuarantineReason) {
    if let place = reasons.firstIndex(where: {
      $0.reason == reason.reason && $0.source == reason.source
    }) {
      reasons[place].count += reason.count
    } else if reasons.count < Self.reasonsMax {
      reasons.append(reason)
    }
  }

  mutating func count(_ reason: String, source: String, position: UInt64) {
    add(QuarantineReason(reason: reason, source: source, position: position, count: 1))
  }
}
