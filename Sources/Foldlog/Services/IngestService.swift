internal import Bytes
internal import Effects
internal import EventLog
package import Events
internal import Files
internal import Ingest
internal import Pipeline

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
  /// Lines in quarantine for reasons that are not among these.
  package let quarantinedOtherwise: UInt64
  /// Of which sources little or nothing was understood, what they look like, and what was left out.
  package let notUnderstood: [String]
  /// Whether nothing was understood of a file or folder that was named.
  package let isNothingUnderstood: Bool
  package let projection: ProjectionOutcome
  package let elapsedSeconds: Double
}

/// Takes lines in.
package struct IngestService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Takes in what files, folders, patterns or standard input have, then brings the views up to
  /// date.
  @available(*, noasync)
  package func run(
    _ job: IngestJob, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> IngestOutcome {
    let start = monotonicSeconds()
    return try store.reporting {
      var absent: [IngestError] = []
      // As it was given elsewhere, or comes from a text.
      let sourceName = job.source.map { givenText(pathBytes($0)) }
      let fetched = try fetch(job.paths, as: job.source)
      let discovered =
        job.isDiscovering ? try DiscoverService(store).foldersToTake(isFollowing: false) : []
      let paths = fetched.paths + discovered
      var leftOut: [LeftOutFile] = []
      var inputs = expandInputs(
        paths, standardInputName: sourceName,
        times: FirstTimeReader(formats: job.formats),
        leftOut: { file in
          // Tools keep other files beside their lines, which nobody asked for.
          if file.reason == .name, discovered.contains(where: { file.path.hasPrefix($0 + "/") }) {
            return
          }
          leftOut.append(file)
        }
      ) { absent.append($0) }
      if !StandardDescriptors.hasInput, inputs.contains(.standardInput(name: sourceName)) {
        inputs.removeAll { $0 == .standardInput(name: sourceName) }
        absent.append(
          IngestError(
            .absent, path: "standard input",
            reason: "it is closed: name files, or pipe the lines in"))
      }
      // With nothing to take, what was asked for is at fault; else the others are taken.
      if inputs.isEmpty, let first = absent.first {
        let sentences = UnderstandingCheck.sentences(
          leftOut: leftOut, recognizers: store.projectors.formats.recognizers)
        if sentences.isEmpty { throw first }
        throw FoldlogError(.badData, (["\(first)"] + sentences).joined(separator: "\n"))
      }
      try store.requireWritable()
      try store.directory.make()
      let log = try store.openWholeLog()
      try AdviceSpool(store).takeIn(log)
      let total = sizeOfFiles(inputs)
      let loop = IngestLoop(
        log: log, workers: store.workers, formats: job.formats, now: wallClock,
        logger: store.logger
      ) { report in
        progress(Progress(phase: .ingest, done: report.bytes, total: total))
      }
      let check = try UnderstandingCheck(
        LogReader(log), formats: store.projectors.formats, stream: job.stream)
      let report = try loop.run(inputs, stream: job.stream)
      var finding = try check.finding(
        paths.map { expandInputs([$0], standardInputName: nil) { _ in }.compactMap(\.path) })
      // Where something was understood, that there are others is a remark.
      finding.sentences += UnderstandingCheck.sentences(
        leftOut: leftOut, recognizers: store.projectors.formats.recognizers,
        isBrief: !finding.isFailure)
      return IngestOutcome(
        report, absent: absent.map(\.description), finding, fetched,
        projection: job.isProjecting
          ? ViewService(store).projectTaken(progress: progress) : ProjectionOutcome(),
        elapsedSeconds: monotonicSeconds() - start)
    }
  }

  /// Takes lines that are in memory; the views are left as they are.
  @available(*, noasync)
  package func take(
    _ lines: [UInt8], source: String, stream: Stream?
  ) throws(FoldlogError) -> IngestCounts {
    if source.isEmpty { throw FoldlogError(.usage, "a source has a name that is not empty") }
    return try store.reporting {
      try store.requireWritable()
      try store.directory.make()
      let log = try store.openWholeLog()
      try AdviceSpool(store).takeIn(log)
      let loop = IngestLoop(
        log: log, workers: store.workers,
        formats: store.projectors.formats, now: wallClock, logger: store.logger)
      let report = try loop.run(
        [.lines(lines, name: givenText(pathBytes(source)))], stream: stream)
      if let failure = report.failures.first { throw FoldlogError(.inputOutput, failure) }
      return IngestCounts(
        lines: report.lines, events: report.events, quarantined: report.quarantined)
    }
  }

  /// Brings the copies of files up to date that are named by their addresses. With none of them, and
  /// nothing else to take, what failed is thrown.
  private func fetch(_ given: [String], as source: String?) throws -> FetchedFiles {
    var files = FetchedFiles(paths: [])
    var fetched: [RemoteFile] = []
    var first: RemoteFileError?
    for path in given {
      guard RemoteFile.isAddress(path) else {
        files.paths.append(path)
        continue
      }
      try store.requireWritable()
      try store.directory.make()
      do throws(RemoteFileError) {
        let file = try RemoteFile(path, source: source)
        // No more than a note hangs on it: what cannot be read, the fetch says.
        let isPerhapsKnown =
          (try? file.isPerhapsKnown(in: store.directory.downloads)) ?? false
        let copy = try file.fetch(into: store.directory.downloads, isWhole: endsWhole)
        if isPerhapsKnown {
          files.notes.append(
            "\(file.shown) was taken before, with something else asked at the same address: if it is one file, "
              + "name it (`--source NAME`), or its lines count again")
        }
        files.paths.append(copy)
        fetched.append(file)
        files.shown.append((shownPath(copy), file.shown))
      } catch {
        first = first ?? error
        files.failures.append("\(error)")
      }
    }
    if files.paths.isEmpty, let first {
      throw FoldlogError(
        first.isUsage ? .usage : first.isLocked ? .locked : .inputOutput, "\(first)")
    }
    try refreshRelated(fetched, besides: given, &files)
    return files
  }

  /// Brings the copies of files up to date that those which were fetched may have been rotated from: a
  /// copy that still holds what has moved on would make another file of what is the same.
  private func refreshRelated(
    _ fetched: [RemoteFile], besides given: [String], _ files: inout FetchedFiles
  ) throws {
    if fetched.isEmpty { return }
    for known in try RemoteFileState.all(in: store.directory.downloads) {
      guard let address = known.address, !given.contains(address),
        fetched.contains(where: { $0.isRelated(to: address) })
      else { continue }
      do throws(RemoteFileError) {
        _ = try RemoteFile(address).fetch(into: store.directory.downloads, isWhole: endsWhole)
      } catch {
        files.notes.append("what may have been rotated could not be looked at: \(error)")
      }
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

/// What is taken of files that servers have.
struct FetchedFiles {
  var paths: [String]
  /// The names of copies, and what is told in their place.
  var shown: [(path: String, name: String)] = []
  var failures: [String] = []
  /// What a person should know besides.
  var notes: [String] = []

  func told(_ text: String) -> String {
    shown.reduce(text) { $0.replacing($1.path, with: $1.name) }
  }
}

extension Input {
  fileprivate var path: String? { if case .file(let path) = self { path } else { nil } }
}

extension IngestOutcome {
  init(
    _ report: IngestReport, absent: [String], _ finding: UnderstandingCheck.Finding = .init(),
    _ fetched: FetchedFiles = FetchedFiles(paths: []), projection: ProjectionOutcome,
    elapsedSeconds: Double
  ) {
    notUnderstood = finding.sentences.map(fetched.told)
    isNothingUnderstood = finding.isFailure
    quarantinedOtherwise =
      report.quarantined - min(report.quarantined, report.reasons.reduce(0) { $0 + $1.count })
    self.projection = projection
    lines = report.lines
    events = report.events
    quarantined = report.quarantined
    blank = report.blank
    bytes = report.bytes
    warnings = fetched.notes + report.warnings.map(fetched.told)
    failures = fetched.failures + report.failures.map(fetched.told)
    self.absent = absent
    quarantineReasons = report.reasons.map { reason in
      let times = reason.count > 1 ? " (\(reason.count) times)" : ""
      return
        "\(fetched.told(reason.source)), line at byte \(reason.position): \(reason.reason)\(times)"
    }
    self.elapsedSeconds = elapsedSeconds
  }
}
