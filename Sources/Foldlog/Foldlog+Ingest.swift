package import Events
internal import Ingest
internal import Pipeline
internal import EventLog

/// How far something long is.
package struct Progress: Sendable {
  package enum Phase: String, Sendable {
    case ingest, project, replay, verify
  }

  package let phase: Phase
  package let done: UInt64
  /// Nil when nobody knows, as of a pipe.
  package let total: UInt64?
}

/// What an ingest did.
package struct IngestOutcome: Sendable {
  package let lines: UInt64
  package let events: UInt64
  package let quarantined: UInt64
  package let blank: UInt64
  /// Of the lines, with their newlines.
  package let bytes: UInt64
  /// What a person should know, each with its source.
  package let warnings: [String]
  /// Sources that could not be read.
  package let failures: [String]
  /// The first reasons of quarantine, each with where and how often.
  package let quarantineReasons: [String]
  /// Nil when the views were left as they are.
  package let views: ViewsReport?
  /// Whether another process keeps the views, and will project what was taken.
  package let isFollowed: Bool
  package let elapsedSeconds: Double
}

extension Foldlog {
  /// Takes in what files, folders, patterns or standard input have, then brings the views up to
  /// date.
  ///
  /// - Parameters:
  ///   - paths: none, or `-`, for standard input.
  ///   - sourceName: gives standard input a memory.
  @available(*, noasync)
  package func ingest(
    paths: [String], stream: Stream?, sourceName: String?, isProjecting: Bool,
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> IngestOutcome {
    let start = monotonicSeconds()
    return try reporting {
      let inputs = try expandInputs(paths, standardInputName: sourceName)
      try directory.make()
      let log = try openLog()
      let total = sizeOfFiles(inputs)
      let report = try takeIn(inputs, stream: stream, log: log) { report in
        progress(Progress(phase: .ingest, done: report.bytes, total: total))
      }
      let views = isProjecting ? try projectIfFree(log: log, progress: progress) : nil
      return IngestOutcome(
        report, views: views, isFollowed: isProjecting && views == nil,
        elapsedSeconds: monotonicSeconds() - start)
    }
  }

  /// Another process may append from the same source at the same time: then it is looked at again.
  private func takeIn(
    _ inputs: [Input], stream: Stream?, log: LogEnvironment,
    progress: @escaping (IngestReport) -> Void
  ) throws -> IngestReport {
    var attemptsLeft = inputs.contains { $0.isStandardInput } ? 1 : 10
    while true {
      do {
        let loop = try IngestLoop(log: log, workers: workers, now: wallClock, progress: progress)
        return try loop.run(inputs, stream: stream)
      } catch LogError.sourceMoved(let id) {
        attemptsLeft -= 1
        if attemptsLeft == 0 { throw LogError.sourceMoved(id) }
      }
    }
  }

  private func sizeOfFiles(_ inputs: [Input]) -> UInt64? {
    var total: UInt64 = 0
    for input in inputs {
      guard case .file(let path) = input, let status = FileStatus(path: path) else { return nil }
      total += status.size
    }
    return total
  }
}

extension IngestOutcome {
  fileprivate init(
    _ report: IngestReport, views: ViewsReport?, isFollowed: Bool, elapsedSeconds: Double
  ) {
    lines = report.lines
    events = report.events
    quarantined = report.quarantined
    blank = report.blank
    bytes = report.bytes
    warnings = report.warnings
    failures = report.failures
    quarantineReasons = report.reasons.map { reason in
      let times = reason.count > 1 ? " (\(reason.count) times)" : ""
      return "\(reason.source), line at byte \(reason.position): \(reason.reason)\(times)"
    }
    self.views = views
    self.isFollowed = isFollowed
    self.elapsedSeconds = elapsedSeconds
  }
}

extension Input {
  fileprivate var isStandardInput: Bool {
    if case .standardInput = self { true } else { false }
  }
}
