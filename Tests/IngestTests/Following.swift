import Events
import Ingest

/// A follower of made-up files, turn by turn.
final class Following {
  let files = SimulatedFiles()
  let log = MemoryLog()
  private(set) var taker: MemoryTaker
  private(set) var follower: Follower
  /// What could not be read.
  let reportedErrors = ReportedErrors()
  /// Asked by the follower.
  var isStopping: () -> Bool = { false }
  private let paths: [String]
  private let openMax: Int

  /// - Parameters:
  ///   - name: followed in the folder; all of it, if nil.
  ///   - others: other folders that are followed.
  init(_ name: String?, _ others: String..., openMax: Int = Follower.openLimit) {
    paths = [name.map(files.path) ?? SimulatedFiles.folder] + others
    self.openMax = openMax
    (follower, taker) = Self.start(paths, files, log, openMax, reportedErrors) { false }
    restart()
  }

  /// Another follower of the same, that knows what the log knows.
  func restart() {
    (follower, taker) = Self.start(paths, files, log, openMax, reportedErrors) { [unowned self] in
      isStopping()
    }
  }

  private static func start(
    _ paths: [String], _ files: SimulatedFiles, _ log: MemoryLog, _ openMax: Int,
    _ reportedErrors: ReportedErrors,
    _ isStopping: @escaping () -> Bool
  ) -> (Follower, MemoryTaker) {
    let taker = MemoryTaker(log)
    let registry = SourceRegistry(log)
    registry.commit = { [taker] in try taker.commit() }
    taker.didCommit = { [unowned registry] in registry.didCommit(revision: $0) }
    let follower = Follower(
      paths: paths, files: files, registry: registry, taker: taker, openMax: openMax,
      reportedErrors: reportedErrors, now: { Timestamp(nanoseconds: files.clock) },
      isStopping: isStopping)
    return (follower, taker)
  }

  func turn() throws {
    taker.clock = files.clock
    _ = try follower.turn(.everything)
  }

  /// Looks so often, a second apart.
  func turns(_ count: Int) throws {
    for _ in 0..<count {
      try turn()
      pass(1_000)
    }
  }

  /// Looks until no file is pending any more.
  func lookUntilStable() throws { try turns(3) }

  func pass(_ milliseconds: Int64) { files.clock += milliseconds * 1_000_000 }

  func write(_ name: String, _ lines: String...) {
    let file = files[name] ?? files.create(name)
    files.append(Array(lines.map { $0 + "\n" }.joined().utf8), to: file)
  }

  var lines: [String] { log.lines.map { String(decoding: $0.bytes, as: UTF8.self) } }
}
