import EventLog
import Provenance
import Events
import Ingest
import Pipeline
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A follower that is asked to stop in the middle of what takes long.
@Suite struct StoppingTests {
  /// Follows a folder's file, as `--follow` does, until it is asked for the n-th time whether to stop, or
  /// all is done. Returns how often it was asked.
  private func follow(
    _ folder: TailedFolder, stoppingAtAsk last: Int, turns: Int = 4,
    afterTurn: @escaping (Int) throws -> Void = { _ in }
  ) throws -> Int {
    var asks = 0
    var turn = 0
    var clock: Int64 = 1_900_000_000_000_000_000
    var isOver = false
    let loop = FollowLoop(
      paths: [folder.directory.file("in/a.jsonl")], stream: .hybrid,
      workers: Workers(threadCount: 2),
      surroundings: FollowLoop.Surroundings(
        files: DiskFiles(), watch: ChangeWatch(wake: -1, isPolling: false), openMax: 20,
        openLog: { folder.log }, logFolder: folder.directory.file("log"),
        now: {
          // What rests has rested at the next look; to leave there is time enough.
          if !isOver { clock += 100_000_000 }
          return Timestamp(nanoseconds: clock)
        },
        isStopping: {
          asks += 1
          isOver = isOver || asks > last
          return isOver
        },
        project: { _ in
          turn += 1
          try afterTurn(turn)
          isOver = isOver || turn == turns
          return true
        }, tell: { _ in }))
    _ = try loop.run()
    return asks
  }

  @Test func `lines that were given are not looked for any more once it is to stop`() throws {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", lines(1...3))
    try folder.ingest("a.jsonl")
    let ids = try folder.sources().map(\.id)
    let reader = LogReader(folder.log)
    #expect(try LogSources(reader: reader).linesGiven(by: ids).counts.count == 3)
    #expect(throws: FollowingStopped.self) {
      try LogSources(reader: reader, isStopping: { true }).linesGiven(by: ids)
    }
  }

  @Test func `at whatever moment it stops while a file is compared, no line is lost or doubled`()
    throws
  {
    var last = 0
    var isWhole = false
    while !isWhole {
      let folder = try TailedFolder("a.jsonl")
      try folder.append("a.jsonl", lines(1...30))
      try folder.follow()
      folder.kill()
      try folder.replace("a.jsonl", lines(2...33))
      let asks = try follow(folder, stoppingAtAsk: last)
      isWhole = asks < last
      let taken = try folder.lines()
      #expect(taken == lines(1...30) || taken == lines(1...33), "stopped at ask \(last)")
      _ = try follow(folder, stoppingAtAsk: .max)
      #expect(try folder.lines() == lines(1...33), "stopped at ask \(last)")
      last += 1
      try #require(last < 200)
    }
    #expect(last > 8)
  }

  @Test func `what a file without a name gained is compared and taken though it is to stop`() throws
  {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", lines(1...3))
    try folder.shell("ln a.jsonl kept")
    _ = try follow(folder, stoppingAtAsk: .max, turns: 3) { turn in
      guard turn == 3 else { return }
      // Another process takes what stands in its place by then.
      try folder.remove("a.jsonl")
      try folder.append("a.jsonl", lines(4...4))
      try folder.ingest("a.jsonl")
      try folder.append("kept", lines(4...6))
    }
    #expect(try folder.lines() == lines(1...6))
  }
}
