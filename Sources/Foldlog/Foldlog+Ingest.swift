package import Events
internal import Bytes
internal import EventLog
internal import Files
internal import Ingest
internal import Pipeline

/// How far something long is.
package struct Progress: Sendable {
  package enum Phase: String, Sendable {
    case ingest, project, replay, verify, explain
    case dryRun = "dry run"
    /// Folding a view as it was.
    case past
    /// Of rows.
    case compare
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
  /// Paths that do not exist, or gave nothing to read.
  package let absent: [String]
  /// The first reasons of quarantine, each with where and how often.
  package let quarantineReasons: [String]
  package let projection: ProjectionOutcome
  package let elapsedSeconds: Double
}

/// What became of the views after lines were taken into the log.
package struct ProjectionOutcome: Sendable {
  /// Nil when the views were left as they are.
  package var views: ViewsReport?
  /// Why the views could not be brought up to date, though the lines are in the log.
  package var error: FoldlogError?
  /// Whether another process keeps the views, and will project what was taken.
  package var isFollowed = false
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
    if sourceName == "" { throw FoldlogError(.usage, "--source takes a name that is not empty") }
    if sourceName != nil, !paths.isEmpty, !paths.contains("-") {
      throw FoldlogError(.usage, "--source names standard input, and only files are given")
    }
    return try reporting {
      var absent: [IngestError] = []
      // As it was given elsewhere, or comes from a text.
      let sourceName = sourceName.map { givenText(pathBytes($0)) }
      var inputs = expandInputs(paths, standardInputName: sourceName) { absent.append($0) }
      if !StandardDescriptors.hasInput, inputs.contains(.standardInput(name: sourceName)) {
        inputs.removeAll { $0 == .standardInput(name: sourceName) }
        absent.append(
          IngestError(
            .absent, path: "standard input",
            reason: "it is closed: name files, or pipe the lines in"))
      }
      // With nothing to take, what was asked for is at fault; else the others are taken.
      if inputs.isEmpty, let first = absent.first { throw first }
      try directory.make()
      let log = try openWholeLog()
      let total = sizeOfFiles(inputs)
      let loop = IngestLoop(log: log, workers: workers, now: wallClock) { report in
        progress(Progress(phase: .ingest, done: report.bytes, total: total))
      }
      let report = try loop.run(inputs, stream: stream)
      return IngestOutcome(
        report, absent: absent.map(\.description),
        projection: isProjecting ? projectTaken(progress: progress) : ProjectionOutcome(),
        elapsedSeconds: monotonicSeconds() - start)
    }
  }

  /// Brings the views up to date with lines that are in the log, whatever becomes of the views.
  @available(*, noasync)
  func projectTaken(progress: @escaping (Progress) -> Void) -> ProjectionOutcome {
    do {
      let views = try projectIfFree(progress: progress)
      return ProjectionOutcome(views: views, isFollowed: views == nil)
    } catch {
      return ProjectionOutcome(error: FoldlogError(error))
    }
  }

  private func sizeOfFiles(_ inputs: [Input]) -> UInt64? {
    var total: UInt64 = 0
    for input in inputs {
      guard case .file(let path) = input, let status = DiskFiles().status(path) else { return nil }
      total += status.size
    }
    return total
  }
}

extension IngestOutcome {
  init(
    _ report: IngestReport, absent: [String], projection: ProjectionOutcome,
    elapsedSeconds: Double
  ) {
    self.projection = projection
    lines = report.lines
    events = report.events
    quarantined = report.quarantined
    blank = report.blank
    bytes = report.bytes
    warnings = report.warnings
    failures = report.failures
    self.absent = absent
    quarantineReasons = report.reasons.map { reason in
      let times = reason.count > 1 ? " (\(reason.count) times)" : ""
      return "\(reason.source), line at byte \(reason.position): \(reason.reason)\(times)"
    }
    self.elapsedSeconds = elapsedSeconds
  }
}
