import Events
import Ingest
import Testing

@Suite struct FollowingTests {
  @Test(arguments: ["tmp1.jsonl", "a.jsonl.x3f"])
  func `a file that is renamed over another while it is pending is that one's rewrite`(
    _ temporary: String
  ) throws {
    let following = Following(nil)
    following.write("a.jsonl", "1", "2", "3")
    try following.turn()
    following.pass(2_000)
    try following.turn()
    following.write(temporary, "2", "3")
    try following.turn()
    following.pass(200)
    following.write(temporary, "4")
    try following.turn()
    following.pass(200)
    try following.turn()
    following.files.rename(temporary, "a.jsonl")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3", "4"])
  }

  @Test func `a file that stopped changing, or never does, is read`() throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    try following.turn()
    following.pass(250)
    try following.turn()
    #expect(following.lines == ["1"])
    for number in 0..<21 {
      following.write("b.jsonl", "\(number)")
      try following.turn()
      #expect(following.lines.count == (number < 20 ? 1 : 22))
      following.pass(100)
    }
  }

  @Test func `a followed path is read at once`() throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    try following.turn()
    #expect(following.lines == ["1"])
  }

  @Test func `a folder that cannot be listed is told of, and nothing in it counts as gone`() throws
  {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1", "2")
    try following.turn()
    following.files.rename("a.jsonl", "a.jsonl.1")
    following.write("a.jsonl", "2", "3")
    following.files.forbidden = [SimulatedFiles.folder]
    for _ in 0..<3 {
      following.pass(3_000)
      try following.turn()
    }
    #expect(following.lines == ["1", "2"])
    #expect(following.taker.told.count { $0.contains("permission denied") } == 1)
    following.files.forbidden = []
    following.pass(3_000)
    try following.turn()
    #expect(following.lines == ["1", "2", "2", "3"])
  }

  @Test func `a file that cannot be opened waits, and others go on`() throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    following.write("b.jsonl", "2")
    following.files.forbidden = [following.files.path("a.jsonl")]
    for _ in 0..<3 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.lines == ["2"])
    #expect(following.taker.told.count { $0.contains("a.jsonl: permission denied") } == 1)
    following.files.forbidden = []
    for _ in 0..<2 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.lines == ["2", "1"])
  }

  @Test
  func `a rotated file in a folder that cannot be opened is told of once, and taken when it can`()
    throws
  {
    let following = Following(nil)
    following.write("a.jsonl.1", "1")
    following.write("a.jsonl", "2")
    following.files.forbidden = [following.files.path("a.jsonl.1")]
    for _ in 0..<3 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.lines == ["2"])
    #expect(following.taker.told.filter { $0.contains("a.jsonl.1: permission denied") }.count == 1)
    following.files.forbidden = []
    for _ in 0..<3 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.lines == ["2", "1"])
  }

  @Test(arguments: [false, true])
  func `a path goes on though a rotated file cannot be opened, which is taken when it can`(
    _ isRestarted: Bool
  ) throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    try following.turn()
    following.files.rename("a.jsonl", "a.jsonl.2")
    following.write("a.jsonl.1", "2")
    following.write("a.jsonl", "3")
    following.files.forbidden = [following.files.path("a.jsonl.1")]
    for _ in 0..<3 {
      following.pass(3_000)
      try following.turn()
    }
    #expect(following.lines == ["1", "3"])
    #expect(following.taker.told.filter { $0.contains("a.jsonl.1: permission denied") }.count == 1)
    following.write("a.jsonl", "4")
    try following.turn()
    // By now it is older than the last commit, and its path's file is as it was read.
    if isRestarted { following.restart() }
    following.files.forbidden = []
    for _ in 0..<3 {
      following.pass(3_000)
      try following.turn()
    }
    #expect(following.lines == ["1", "3", "4", "2"])
  }

  @Test func `a backup that cannot be opened, older than what was read, holds nobody back`() throws
  {
    let following = Following("a.jsonl")
    following.write("a.jsonl.bak", "0")
    following.files.forbidden = [following.files.path("a.jsonl.bak")]
    following.pass(60_000)
    following.write("a.jsonl", "1")
    try following.turn()
    following.files.rename("a.jsonl", "a.jsonl.1")
    following.write("a.jsonl", "2")
    for _ in 0..<3 {
      following.pass(3_000)
      try following.turn()
    }
    #expect(following.lines == ["1", "2"])
    following.files.forbidden = []
    following.pass(3_000)
    try following.turn()
    #expect(following.lines == ["1", "2"])
  }

  @Test(arguments: ["a.jsonl", nil])
  func `a rotated file whose bytes cannot be read is told of once, and taken when they can`(
    _ name: String?
  ) throws {
    let following = Following(name)
    following.write("a.jsonl", "1")
    for _ in 0..<2 {
      try following.turn()
      following.pass(3_000)
    }
    let rotated = try #require(following.files["a.jsonl"])
    following.files.rename("a.jsonl", "a.jsonl.1")
    following.write("a.jsonl.1", "2")
    following.files.broken = [rotated.number]
    following.write("a.jsonl", "3")
    for _ in 0..<3 {
      try following.turn()
      following.pass(3_000)
    }
    #expect(!following.lines.contains("2"))
    #expect(following.taker.told.filter { $0.contains("a.jsonl.1: input/output error") }.count == 1)
    following.files.broken = []
    for _ in 0..<3 {
      try following.turn()
      following.pass(3_000)
    }
    #expect(following.lines.sorted() == ["1", "2", "3"])
  }

  @Test func `a rewritten file is known again by what it begins with, in another place`() throws {
    let following = Following(nil)
    let old = (0..<200).map { "line \($0) \(String(repeating: "x", count: 40))" }
    func bytes(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }
    let file = following.files.create("a.jsonl")
    following.files.append(bytes(old), to: file)
    for _ in 0..<2 {
      try following.turn()
      following.pass(1_000)
    }
    // The lines that it gave are left out; the bytes of the file are what they are.
    let rewritten = ["new"] + old.suffix(150)
    following.files.overwrite(file, with: bytes(rewritten))
    for _ in 0..<2 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.lines.count == 201)
    following.files.append(bytes(rewritten), to: following.files.create("z.jsonl"))
    following.files.remove("a.jsonl")
    for _ in 0..<4 {
      following.pass(3_000)
      try following.turn()
    }
    #expect(following.lines.count == 201)
  }

  // MARK: Many files

  /// Files of one line each, all of them read, of which most are closed again.
  private func followMany() throws -> Following {
    let following = Following(nil)
    for number in 100..<400 { following.write("\(number).jsonl", "\(number)") }
    try following.turn()
    following.pass(250)
    try following.turn()
    #expect(following.lines.count == 300)
    _ = following.files.takeChanges()
    return following
  }

  /// What a turn asks of the file system, when it is told what changed.
  private func calls(of following: Following) throws -> Int {
    var count = 0
    following.files.onCall = { _ in count += 1 }
    defer { following.files.onCall = { _ in } }
    _ = try following.follower.turn(following.files.takeChanges())
    return count
  }

  @Test func `a line to any of many files costs no look at the others`() throws {
    let following = try followMany()
    for number in [100, 399, 250, 100] {
      following.pass(3)
      following.write("\(number).jsonl", "more of \(number)")
      #expect(try calls(of: following) < 30)
      #expect(following.lines.last == "more of \(number)")
    }
  }

  @Test func `a line to a file that was read by another process before costs no more`() throws {
    let following = try followMany()
    let taker = MemoryTaker(following.log)
    let registry = SourceRegistry(following.log)
    registry.commit = { try taker.commit() }
    let follower = Follower(
      paths: [SimulatedFiles.folder], files: following.files, registry: registry, taker: taker,
      now: { [following] in Timestamp(nanoseconds: following.files.clock) })
    _ = try follower.turn(.everything)
    var count = 0
    following.pass(3)
    following.write("200.jsonl", "more")
    following.files.onCall = { _ in count += 1 }
    _ = try follower.turn(following.files.takeChanges())
    #expect(count < 30)
    #expect(following.lines.suffix(1) == ["more"])
  }

  @Test func `a closed file that is rewritten gives what is new, after all was looked at`() throws {
    let following = try followMany()
    following.pass(3)
    let file = try #require(following.files["200.jsonl"])
    following.files.overwrite(file, with: Array("200\nmore\n".utf8))
    following.files.overwrite(file, with: Array("other\n200\n".utf8))
    _ = try following.follower.turn(following.files.takeChanges())
    #expect(following.follower.nextLook != nil)
    for _ in 0..<2 {
      _ = try following.follower.turn(FileChanges())
      following.pass(250)
    }
    #expect(following.lines.suffix(1) == ["other"])
    #expect(following.lines.count == 301)
  }

  @Test func `sources are listed anew after another's commit alone`() throws {
    let following = try followMany()
    let before = following.log.listings
    for number in 100..<110 {
      following.pass(3)
      following.write("\(number).jsonl", "more")
      try following.turn()
    }
    #expect(following.log.listings == before)
    let taker = MemoryTaker(following.log)
    let registry = SourceRegistry(following.log)
    let other = SourceResolver(files: following.files, registry: registry, isFollowing: false)
    let name = following.files.path("other.txt")
    following.write("other.txt", "1")
    let session = try #require(try other.open(name).session)
    while let chunk = try session.nextChunk() { try taker.take(chunk, from: session) }
    try taker.commit()
    let afterOther = following.log.listings
    try following.turn()
    #expect(following.log.listings == afterOther + 1)
  }

  // MARK: What nobody tells of

  @Test func `a sweep is due when an open file changed, and after a while anyway`() throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    try following.turn()
    #expect(following.follower.isSweepDue() == false)
    following.pass(10_000)
    #expect(following.follower.isSweepDue() == false)
    following.write("a.jsonl", "2")
    #expect(following.follower.isSweepDue() == false)
    following.pass(10_000)
    #expect(following.follower.isSweepDue())
    try following.turn()
    #expect(following.lines == ["1", "2"])
    following.pass(119_000)
    #expect(following.follower.isSweepDue() == false)
    following.pass(1_000)
    #expect(following.follower.isSweepDue())
    try following.turn()
    following.pass(-1_000)
    #expect(following.follower.isSweepDue())
  }
}
