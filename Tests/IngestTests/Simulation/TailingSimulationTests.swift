import Events
import Ingest
import TestSupport
import Testing

@Suite struct TailingSimulationTests {
  @Test(arguments: 0..<10)
  func `whatever happens to a file, each line is taken once`(_ part: UInt64) throws {
    for seed in part * 1_000..<(part + 1) * 1_000 {
      let simulation = TailingSimulation(seed: seed)
      let wrong = try simulation.run(actions: 40)
      #expect(wrong == nil, "seed \(seed): \(simulation.history.joined(separator: "; "))")
      if wrong != nil { return }
    }
  }
}

/// One made-up life of a followed file: writers write, rotate, truncate, rewrite and delete, also
/// between any two calls of a follower, which runs, crashes and comes back; single ingests take from
/// the same file beside it.
final class TailingSimulation {
  private let files = SimulatedFiles()
  private let log = MemoryLog()
  private let writers: SimulatedWriters
  private var follower: (Follower, MemoryTaker)?
  private var isFirstTurn = true
  private(set) var history: [String] = []
  /// Whether the calls of a follower are told, too.
  var isTracing = false

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let habit =
      Int.random(in: 0..<4, using: &random) == 0 ? SimulatedWriters.Habit.sameLines : .anything
    let isFolder = Bool.random(using: &random)
    writers = SimulatedWriters(files: files, random: random, habit: habit, isFolder: isFolder)
    note("\(habit), \(isFolder ? "a folder" : "a path")")
    writers.note = { [unowned self] in note($0) }
    writers.taken = { [log] in log.lines.map { String(decoding: $0.bytes, as: UTF8.self) } }
    writers.isFollowed = { [log] in log.nextID > 1 }
  }

  private func note(_ action: String) { history.append(action) }

  /// Runs some actions, then lets a follower read all; returns what is wrong, if anything.
  func run(actions: Int) throws -> String? {
    _ = files.create(SimulatedWriters.name)
    for _ in 0..<actions {
      passTime()
      try act()
    }
    writers.finish()
    note("the end")
    try lookUntilStable()
    return writers.verdict(log.lines.map { String(decoding: $0.bytes, as: UTF8.self) })
      ?? disorder()
  }

  /// Where the lines of a source are not in the order in which they were written; nil if there is none.
  private func disorder() -> String? {
    for (source, lines) in log.linesBySource() {
      var position: UInt64?
      var number = 0
      for line in lines {
        if let before = position, line.position <= before {
          return "source \(source) gave \(line.position) after \(before)"
        }
        position = line.position
        // Whoever writes counts on: what stands later in a file has the greater number.
        guard let next = SimulatedWriters.number(of: line.bytes) else { continue }
        if next <= number { return "source \(source) gave line \(next) after \(number)" }
        number = next
      }
    }
    return nil
  }

  /// A moment, or an hour; when a writer is about to go on, less than files are pending.
  private func passTime() {
    if !writers.isBusy {
      files.clock += writers.chance(1, of: 4) ? 3_600_000_000_000 : 3_000_000
    } else if writers.chance(1, of: 4), files.clock < writers.stepTime + 150_000_000 {
      files.clock += 50_000_000
    } else {
      files.clock += 3_000_000
    }
  }

  private func act() throws {
    switch Int.random(in: 0..<26, using: &writers.random) {
    case 0..<15: writers.act()
    case 15: kill()
    case 16:
      try follow(files.takeChanges(), crashAfter: Int.random(in: 0...3, using: &writers.random))
    case 17: try follow(.everything)
    // Of a path alone, single ingests leave out what was rotated: a follower would not know.
    // Nor does one that looks at a file while it is being rewritten.
    case 18 where writers.isFolder && !writers.isRewriting: try ingestOnce()
    case 19..<22: try followDisturbed()
    case 22 where !writers.isBusy: try moveFolder()
    case 23 where !writers.isBusy: try changeMounts()
    default: try follow(files.takeChanges())
    }
  }

  private func moveFolder() throws {
    if writers.isRewriteUnseen { try lookUntilStable() }
    // Of a file without a name, lines are compared with those of what took its place.
    if writers.habit == .sameLines || writers.chance(1, of: 2) { kill() }
    if writers.chance(1, of: 4) { return writers.renameFolder() }
    let farewell =
      SimulatedFiles.Farewell.allCases.randomElement(using: &writers.random) ?? .removed
    // What was never read and stands twice is two sources.
    let mayComeBack = farewell == .forbidden || farewell == .unmounted
    if mayComeBack { writers.writeLines(to: files[SimulatedWriters.name]) }
    if mayComeBack { try lookUntilStable() }
    while mayComeBack, writers.chance(1, of: 2) {
      writers.writeLines(to: files[SimulatedWriters.name])
    }
    if farewell == .unmounted { kill() }
    writers.copyFolder(farewell, isElsewhere: follower == nil)
  }

  private func kill() {
    note("kill")
    follower = nil
  }

  private func changeMounts() throws {
    let device = UInt64(100 + writers.next)
    if writers.isRewriteUnseen { try lookUntilStable() }
    if writers.chance(1, of: 2) {
      kill()
      writers.staleWriter = nil
      note("mount the folder as \(device)")
      files.remount(device: device)
    } else {
      try lookUntilStable()
      kill()
      note("bring back what is out of sight")
      files.bringBack(device: writers.chance(1, of: 2) ? device + 1_000 : nil)
    }
  }

  /// Has a follower read all there is.
  private func lookUntilStable() throws {
    note("look until stable")
    follower = nil
    for _ in 0..<3 {
      try follow(.everything)
      files.clock += 10_000_000_000
    }
    writers.isMoveUnseen = false
    writers.isRewriteUnseen = false
  }

  // MARK: Readers

  /// Writers do something between two calls of a follower.
  private func followDisturbed() throws {
    var callsLeft = Int.random(in: 0..<40, using: &writers.random)
    var isActing = false
    files.onCall = { [self] call in
      if isTracing { note("  \(call)") }
      if isActing { return }
      if callsLeft > 0 {
        callsLeft -= 1
        return
      }
      isActing = true
      note("meanwhile:")
      writers.act()
      note("(that was it)")
      isActing = false
      callsLeft = writers.chance(1, of: 2) ? .max : Int.random(in: 0..<20, using: &writers.random)
    }
    defer { files.onCall = { _ in } }
    try follow(writers.chance(1, of: 4) ? .everything : files.takeChanges())
  }

  private func follow(_ changes: FileChanges, crashAfter steps: Int? = nil) throws {
    if follower == nil {
      let taker = MemoryTaker(log)
      let registry = SourceRegistry(log)
      registry.commit = { try taker.commit() }
      taker.didCommit = { [unowned registry] in registry.didCommit(revision: $0) }
      let paths = files.places.map { place in
        writers.isFolder ? place : "\(place)/\(SimulatedWriters.name)"
      }
      follower = (
        Follower(
          paths: paths, files: files, registry: registry, taker: taker, openMax: 3,
          now: { [files] in Timestamp(nanoseconds: files.clock) }), taker
      )
      isFirstTurn = true
    }
    guard let (follower, taker) = follower else { return }
    note("turn")
    taker.clock = files.clock
    taker.stepsLeft = steps
    let toldBefore = taker.told.count
    defer { for message in taker.told[toldBefore...] { note("(\(message))") } }
    do {
      _ = try follower.turn(isFirstTurn ? .everything : changes)
      isFirstTurn = false
    } catch is MemoryTaker.Crash {
      note("kill in turn")
      self.follower = nil
    } catch let error where error is MemoryLog.Mismatch || error is SourceMoved {
      // Another process appended from one of the files: all are looked at anew.
      note("collision")
      self.follower = nil
      try follow(.everything)
    }
  }

  /// What `ingest` without `--follow` does to the base.
  private func ingestOnce() throws {
    note("ingest once")
    let taker = MemoryTaker(log)
    taker.clock = files.clock
    let registry = SourceRegistry(log)
    registry.commit = { try taker.commit() }
    let resolver = SourceResolver(files: files, registry: registry, isFollowing: false)
    do {
      guard let session = try resolver.open(files.path(SimulatedWriters.name)).session else {
        return
      }
      for source in session.sourcesToCommit { taker.touch(source) }
      while let chunk = try session.nextChunk() { try taker.take(chunk, from: session) }
      try taker.commit()
    } catch let error as IngestError where error.code == .absent {
      note("(nothing is there)")
    }
  }
}

extension TailingSimulation {
  /// What the log and the files hold, for a person who looks for the cause.
  func dump() -> String {
    let lines = log.lines.map {
      "  \($0.source)@\($0.position) \(String(decoding: $0.bytes, as: UTF8.self))"
    }
    let names = files.names.sorted { $0.key < $1.key }.map {
      "  \($0.key) inode \($0.value.device).\($0.value.number): \(String(decoding: $0.value.bytes, as: UTF8.self).split(separator: "\n").joined(separator: " "))"
    }
    return (log.sourcesShown + lines + names).joined(separator: "\n")
  }
}
