import Events
import Ingest
import Testing

/// Files that lose the name that is followed, and what takes their place.
@Suite struct UnnamedFileTests {
  @Test(
    arguments: ["a.jsonl", nil],
    ["a.done", ".a.jsonl", "a.jsonl~", "a.jsonl.tmp", "a.jsonl.bak", "a-1.jsonl"])
  func `what was written before a file got another name is taken first, and what comes later too`(
    _ name: String?, _ other: String
  ) throws {
    for isStopped in [false, true] {
      let following = Following(name)
      following.write("a.jsonl", "1", "2")
      try following.lookUntilStable()
      if isStopped { following.restart() }
      following.write("a.jsonl", "3")
      following.files.rename("a.jsonl", other)
      following.write("a.jsonl", "4")
      try following.lookUntilStable()
      let isFound = name == nil && other == "a-1.jsonl"
      let order = isFound ? following.lines.sorted() : following.lines
      #expect(order == ["1", "2", "3", "4"], "stopped: \(isStopped)")
      following.write(other, "5")
      try following.lookUntilStable()
      #expect(following.lines.sorted() == ["1", "2", "3", "4", "5"], "stopped: \(isStopped)")
      #expect(following.follower.nextLook == nil)
    }
  }

  @Test(arguments: ["a.jsonl", nil], [0, 200])
  func `a file that gained nothing since the start, and then lost its name, is read to its end`(
    _ name: String?, _ others: Int
  ) throws {
    let following = Following(name)
    following.write("a.jsonl", "1")
    // So many that not all can be held open.
    for number in 0..<others { following.write("0\(number).jsonl", "other") }
    try following.lookUntilStable()
    following.restart()
    try following.lookUntilStable()
    following.files.rename("a.jsonl", "old.txt")
    try following.lookUntilStable()
    following.write("old.txt", "2")
    try following.lookUntilStable()
    following.write("old.txt", "3")
    try following.lookUntilStable()
    #expect(following.lines.filter { $0 != "other" } == ["1", "2", "3"])
  }

  @Test func `a renamed file in a folder that cannot be listed is read once it can`() throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    try following.lookUntilStable()
    following.restart()
    following.write("a.jsonl", "2")
    following.files.rename("a.jsonl", "old.txt")
    following.files.forbidden = [SimulatedFiles.folder]
    try following.lookUntilStable()
    #expect(following.lines == ["1"])
    following.files.forbidden = []
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2"])
  }

  @Test func `a file that is deleted after a start is read to its end, and let go of in time`()
    throws
  {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    try following.lookUntilStable()
    following.restart()
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.remove("a.jsonl")
    try following.lookUntilStable()
    following.files.append(Array("2\n".utf8), to: file)
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2"])
    for _ in 0..<5 {
      #expect(file.holders == 1)
      following.pass(120_000)
      try following.turn()
    }
    #expect(file.holders == 0)
  }

  @Test func `a copy beside a first line without its end keeps nobody busy`() throws {
    let following = Following("a.jsonl")
    following.files.append(Array("{".utf8), to: following.files.create("a.jsonl"))
    try following.turn()
    following.files.append(Array("{".utf8), to: following.files.create("a.jsonl.1"))
    try following.turn()
    let next = try #require(following.follower.nextLook)
    #expect(next.nanoseconds >= following.files.clock + 250_000_000)
    following.pass(250)
    following.write("a.jsonl", "}")
    try following.lookUntilStable()
    #expect(following.lines == ["{}"])
  }

  @Test func `a file of a name that nobody follows is not read for itself`() throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    following.write("b.jsonl", "no")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.rename("a.jsonl", "a.done")
    following.restart()
    following.files.overwrite(file, with: Array("no\n".utf8))
    following.write("a.jsonl", "2")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2"])
  }

  @Test(arguments: ["a.jsonl", nil], ["a.jsonl~", "a.jsonl.bak", "a.jsonl.orig", "a.jsonl.~1~"])
  func `of a file that was edited, with a backup kept beside, only new lines are taken`(
    _ name: String?, _ backup: String
  ) throws {
    for isStopped in [false, true] {
      let following = Following(name)
      following.write("a.jsonl", "1", "2", "3")
      try following.lookUntilStable()
      if isStopped { following.restart() }
      following.write("a.jsonl", "4")
      following.files.rename("a.jsonl", backup)
      following.write("a.jsonl", "2", "3", "4", "5")
      try following.lookUntilStable()
      #expect(following.lines.sorted() == ["1", "2", "3", "4", "5"], "stopped: \(isStopped)")
    }
  }

  /// What gzip makes of nothing.
  private let emptyPacked: [UInt8] = [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ]

  @Test(arguments: ["a.jsonl", nil])
  func `the packed form of an empty file keeps nobody waiting`(_ name: String?) throws {
    let following = Following(name)
    following.write("a.jsonl", "1", "2", "3")
    try following.lookUntilStable()
    following.files.append(emptyPacked, to: following.files.create("a.jsonl.1.gz"))
    try following.lookUntilStable()
    #expect(following.follower.nextLook == nil)
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: Array("2\n3\n4\n".utf8))
    try following.lookUntilStable()
    following.write("a.jsonl", "5")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3", "4", "5"])
    #expect(following.follower.nextLook == nil)
  }
}
