import EventLog
import Events
import Provenance
import Pipeline
import Ingest
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// How a follower learns of changes.
enum Watching: CaseIterable, Sendable {
  case inotify, polling
}

/// A folder with writers, a log, and a follower of some of the paths that can be killed at any moment.
/// Every line is the real thing: files of the disk, inotify or polling, and a log that commits.
final class TailedFolder {
  let directory: TemporaryDirectory
  let log: LogEnvironment
  private let paths: [String]
  private let watching: Watching
  private let openMax: Int
  private let quietPeriod: QuietPeriod
  private let workers = Workers(threadCount: 2)
  private var following: Following?
  /// Warnings and failures, in order.
  private(set) var told: [String] = []
  /// Chunks that may be taken before the follower is asked to stop; nil for all.
  var chunksBeforeStop: Int?

  /// What a killed follower loses.
  private final class Following {
    let watch: ChangeWatch
    let intake: Intake
    let follower: Follower
    var isFirst = true

    init(watch: ChangeWatch, intake: Intake, follower: Follower) {
      self.watch = watch
      self.intake = intake
      self.follower = follower
    }
  }

  /// - Parameters:
  ///   - names: what is followed, in the folder.
  ///   - quietPeriod: for how long files rest that turn up beside others.
  init(
    _ names: String..., watching: Watching = .inotify, openMax: Int = 100,
    quietPeriod: QuietPeriod = .none
  ) throws {
    directory = try TemporaryDirectory()
    for folder in ["log", "in"] { try directory.makeFolder(folder) }
    log = try LogEnvironment(path: directory.file("log"), mapSize: 1 << 32)
    paths = names.map { [directory] in directory.file("in/\($0)") }
    self.watching = watching
    self.openMax = openMax
    self.quietPeriod = quietPeriod
  }

  // MARK: The follower

  /// Has the follower take what changed, starting it if none runs; as the loop of `--follow` does.
  func follow() throws {
    let following = try following ?? start()
    self.following = following
    let watch = following.watch
    let changes = following.isFirst ? FileChanges.everything : watch.wait(atMost_ms: 0)
    following.isFirst = false
    if changes.isEverything || !changes.renamed.isEmpty {
      watch.watch(following.follower.folders(), steps: following.follower.steps())
    }
    _ = try following.follower.turn(changes)
    for note in following.intake.takeNotes() {
      if case .warning(let text) = note { told.append(text) }
      if case .failure(let text) = note { told.append(text) }
    }
  }

  /// Ends the follower at once; what it did not commit is lost.
  func kill() { following = nil }

  func restart() throws {
    kill()
    try follow()
  }

  private func start() throws -> Following {
    let intake = try Intake(log: log, workers: workers, stream: .hybrid, now: Self.now)
    let registry = SourceRegistry(LogSources(reader: LogReader(log)))
    registry.commit = { try intake.commit() }
    let follower = Follower(
      paths: paths, files: DiskFiles(isTakingPipes: false), registry: registry, taker: intake,
      openMax: openMax,
      quietPeriod: quietPeriod, now: Self.now,
      isStopping: { [unowned self] in
        guard let left = chunksBeforeStop else { return false }
        chunksBeforeStop = max(0, left - 1)
        return left == 0
      })
    return Following(
      watch: ChangeWatch(wake: -1, isPolling: watching == .polling), intake: intake,
      follower: follower)
  }

  // MARK: Ingests

  /// Takes in what files have now, once, as `ingest` without `--follow` does.
  @discardableResult
  func ingest(_ names: String...) throws -> IngestReport {
    let loop = IngestLoop(log: log, workers: workers, now: Self.now)
    return try loop.run(
      names.map { .file(path: directory.file("in/\($0)")) }, stream: .hybrid)
  }

  private static func now() -> Timestamp {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  // MARK: What came of it

  /// The lines of the log, in order.
  func lines(_ part: LogPart = .events) throws -> [String] { try log.lines(part) }

  /// What is told of by now, in one text.
  var notes: String { told.joined(separator: "\n") }

  func sources() throws -> [SourceRecord] { try LogReader(log).sources() }

  // MARK: Writers

  func append(_ name: String, _ lines: [String]) throws {
    try directory.append("in/\(name)", lines.asFile)
  }

  /// Replaces what a file holds, in place.
  func rewrite(_ name: String, _ lines: [String]) throws {
    try directory.write("in/\(name)", lines.asFile)
  }

  /// Puts another file in a file's place.
  func replace(_ name: String, _ lines: [String]) throws {
    try directory.write("in/.fresh", lines.asFile)
    try rename(".fresh", name)
  }

  func appendText(_ name: String, _ text: String) throws {
    try directory.append("in/\(name)", text)
  }

  func rename(_ name: String, _ other: String) throws {
    try directory.rename("in/\(name)", "in/\(other)")
  }

  func remove(_ name: String) throws { try directory.remove("in/\(name)") }
  func truncate(_ name: String) throws { try directory.truncate("in/\(name)") }

  /// Runs a shell's command in the folder of the files.
  func shell(_ command: String) throws {
    let result = try run("sh", ["-c", "cd '\(directory.file("in"))' && \(command)"])
    guard result.status == 0 else { throw ShellFailure(command: command, errors: result.errors) }
  }

  struct ShellFailure: Error {
    let command: String
    let errors: String
  }
}

/// Lines of events that are told apart by their numbers.
func lines(_ numbers: some Sequence<Int>) -> [String] { numbers.map { "{\"n\":\($0)}" } }

/// The same, each as long as a given length at least.
func longLines(_ numbers: some Sequence<Int>, length: Int) -> [String] {
  numbers.map { number in
    let text = "\(number) is a number, and then comes another. "
    return
      "{\"n\":\(number),\"text\":\"\(String(repeating: text, count: length / text.utf8.count + 1))\"}"
  }
}

extension [String] {
  /// Each with its newline.
  var asFile: String { map { $0 + "\n" }.joined() }
}
