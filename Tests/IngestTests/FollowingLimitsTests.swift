import Events
import Ingest
import Testing

/// Few descriptors, files without names, and what is told of files that cannot be read.
@Suite struct FollowingLimitsTests {
  private func names(_ count: Int) -> [String] { (100..<100 + count).map { "\($0).jsonl" } }

  // MARK: Descriptors

  @Test(arguments: [8, 9, 20, 27, 100])
  func `no more files are held open than may be`(_ openMax: Int) throws {
    let following = Following(nil, openMax: openMax)
    var most = 0
    following.files.onCall = { [files = following.files] _ in most = max(most, files.openCount) }
    for name in names(110) { following.write(name, name) }
    try following.turns(2)
    for name in names(110) { following.write(name, "more of \(name)") }
    try following.turns(1)
    #expect(following.lines.count == 220 && Set(following.lines).count == 220)
    #expect(most <= openMax + Follower.passingMax)
    #expect(following.taker.told == [])
  }

  /// The system gives less than was counted on: 100 are counted on here.
  @Test(arguments: [2, 4, 7, 40, 101])
  func `a file for which no descriptor is left waits until others are closed`(
    _ descriptorMax: Int
  ) throws {
    let following = Following(nil)
    following.files.descriptorMax = descriptorMax
    for name in names(110) { following.write(name, name) }
    try following.turns(2)
    for name in names(110) { following.write(name, "more of \(name)") }
    try following.turns(1)
    #expect(following.lines.count == 220 && Set(following.lines).count == 220)
    #expect(following.taker.told == [])
  }

  @Test func `where there is no descriptor at all, it is told once, and tried again by itself`()
    throws
  {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    following.files.descriptorMax = 0
    _ = try following.follower.turn(.everything)
    for _ in 0..<3 {
      following.pass(1_000)
      _ = try following.follower.turn(FileChanges())
    }
    #expect(following.lines == [])
    #expect(following.taker.told.count { $0.contains("a.jsonl: too many open files") } == 1)
    following.files.descriptorMax = 10
    _ = try following.follower.turn(FileChanges())
    #expect(following.lines == [])
    following.pass(1_000)
    #expect(
      try #require(following.follower.nextLook) <= Timestamp(nanoseconds: following.files.clock))
    _ = try following.follower.turn(FileChanges())
    #expect(following.lines == ["1"])
    #expect(following.follower.nextLook == nil)
    #expect(following.reportedErrors.descriptions == [])
  }

  @Test func `a file without a name is not closed for want of descriptors`() throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    try following.turns(2)
    let file = try #require(following.files["a.jsonl"])
    following.files.remove("a.jsonl")
    following.files.descriptorMax = 4
    for name in names(20) { following.write(name, name) }
    try following.turns(3)
    #expect(following.lines.count == 21)
    following.files.append(Array("2\n".utf8), to: file)
    try following.turns(1)
    #expect(following.lines.last == "2")
  }

  // MARK: The last look

  /// A file that was read, and then lost its name.
  private func nameless(_ following: Following) throws -> SimulatedFiles.Inode {
    following.write("a.jsonl", "1")
    try following.turns(2)
    let file = try #require(following.files["a.jsonl"])
    following.files.remove("a.jsonl")
    return file
  }

  private func leave(_ following: Following, afterMilliseconds limit: Int64 = 1_000) throws {
    try following.follower.takeLeave(
      by: Timestamp(nanoseconds: following.files.clock + limit * 1_000_000))
  }

  @Test(arguments: ["a.jsonl", nil])
  func `what a file without a name gained is taken before leaving`(_ name: String?) throws {
    let following = Following(name)
    let file = try nameless(following)
    following.files.append(Array("2\n3\nhalf".utf8), to: file)
    try leave(following)
    #expect(following.lines == ["1", "2", "3"])
    try leave(following)
    #expect(following.lines == ["1", "2", "3"])
  }

  @Test func `what a file without a name gained is left out as far as its successor gave it`()
    throws
  {
    let following = Following("a.jsonl")
    let file = try nameless(following)
    following.write("a.jsonl", "other", "2")
    let taker = MemoryTaker(following.log)
    let registry = SourceRegistry(following.log)
    registry.commit = { try taker.commit() }
    let other = SourceResolver(files: following.files, registry: registry, isFollowing: false)
    let session = try #require(try other.open(following.files.path("a.jsonl")).session)
    while let chunk = try session.nextChunk() { try taker.take(chunk, from: session) }
    try taker.commit()
    #expect(following.lines == ["1", "other", "2"])
    following.files.append(Array("2\n3\n".utf8), to: file)
    try leave(following)
    #expect(following.lines == ["1", "other", "2", "3"])
  }

  @Test func `after its time nothing more is taken before leaving`() throws {
    let following = Following(nil)
    let file = try nameless(following)
    following.files.append(Array("2\n".utf8), to: file)
    try leave(following, afterMilliseconds: 0)
    #expect(following.lines == ["1"])
    following.files.onCall = { [files = following.files] _ in files.clock += 1_000_000 }
    for _ in 0..<8 {
      following.files.append([UInt8](repeating: 0x78, count: 1 << 20) + [0x0a], to: file)
    }
    try leave(following, afterMilliseconds: 10)
    #expect((2...8).contains(following.lines.count))
  }

  @Test func `a file without a name that cannot be read keeps no other back`() throws {
    let following = Following(nil)
    let file = try nameless(following)
    following.write("b.jsonl", "b1")
    try following.turns(2)
    let other = try #require(following.files["b.jsonl"])
    following.files.remove("b.jsonl")
    for one in [file, other] { following.files.append(Array("2\n".utf8), to: one) }
    following.files.broken = [file.number]
    try leave(following)
    #expect(following.lines == ["1", "b1", "2"])
    #expect(following.reportedErrors.descriptions.count == 1)
  }

  // MARK: What is told

  @Test func `an error that ended is told again when it comes again, whatever was read meanwhile`()
    throws
  {
    let following = Following(nil)
    let path = following.files.path("a.jsonl")
    func told() -> Int { following.taker.told.count { $0.contains("a.jsonl: permission denied") } }
    for (round, text) in ["1\n", "half", ""].enumerated() {
      following.files.remove("a.jsonl")
      let file = following.files.create("a.jsonl")
      following.files.append(Array(text.utf8), to: file)
      following.files.forbidden = [path]
      try following.turns(3)
      #expect(told() == round + 1)
      #expect(following.reportedErrors.descriptions == ["\(path): permission denied"])
      following.files.forbidden = []
      try following.turns(3)
      #expect(following.reportedErrors.descriptions == [])
    }
  }

  @Test func `a file that went away unread is no error any more`() throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    following.files.forbidden = [following.files.path("a.jsonl")]
    try following.turns(2)
    #expect(following.reportedErrors.descriptions.count == 1)
    following.files.remove("a.jsonl")
    try following.turns(1)
    #expect(following.reportedErrors.descriptions == [])
  }

  @Test func `a folder that cannot be listed is told of again when it could be meanwhile`() throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    for round in 1...2 {
      following.files.forbidden = [SimulatedFiles.folder]
      try following.turns(3)
      #expect(following.taker.told.count { $0.contains("permission denied") } == round)
      #expect(following.reportedErrors.descriptions.count == 1)
      following.files.forbidden = []
      try following.turns(3)
      #expect(following.reportedErrors.descriptions == [])
    }
  }

  @Test func `damage is told once for as long as the file exists, and is remembered`() throws {
    let following = Following(nil)
    let file = following.files.create("a.jsonl.gz")
    // The beginning of an empty gzip file.
    following.files.append([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], to: file)
    try following.turns(5)
    #expect(following.taker.told.count == 1)
    #expect(following.reportedErrors.descriptions.count == 1)
    following.files.remove("a.jsonl.gz")
    try following.turns(1)
    #expect(following.reportedErrors.descriptions == [])
  }

  @Test(arguments: ["a.jsonl", nil])
  func `a link that leads to itself keeps nobody from what was rotated or rewritten beside it`(
    _ name: String?
  ) throws {
    let following = Following(name)
    following.files.loops = [following.files.path("loop"), following.files.path("a.jsonl.2")]
    following.write("a.jsonl", "1", "2")
    try following.lookUntilStable()
    following.files.rename("a.jsonl", "a.jsonl.1")
    following.write("a.jsonl", "3")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3"])
    following.files["a.jsonl"].map { following.files.overwrite($0, with: Array("4\n".utf8)) }
    try following.turns(15)
    #expect(following.lines == ["1", "2", "3", "4"])
    #expect(following.taker.told.count { $0.contains("symbolic links") } == 0)
  }
}
