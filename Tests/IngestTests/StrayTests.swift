import Events
import Ingest
import Testing

/// Files that lose the name that is followed, and what takes their place.
@Suite struct StrayTests {
  @Test(
    arguments: ["a.jsonl", nil],
    ["a.done", ".a.jsonl", "a.jsonl~", "a.jsonl.tmp", "a.jsonl.bak", "a-1.jsonl"])
  func `what was written before a file got another name is taken first, and what comes later too`(
    _ name: String?, _ other: String
  ) throws {
    for isStopped in [false, true] {
      let following = Following(name)
      following.write("a.jsonl", "1", "2")
      try following.settle()
      if isStopped { following.restart() }
      following.write("a.jsonl", "3")
      following.files.rename("a.jsonl", other)
      following.write("a.jsonl", "4")
      try following.settle()
      let isFound = name == nil && other == "a-1.jsonl"
      let order = isFound ? following.lines.sorted() : following.lines
      #expect(order == ["1", "2", "3", "4"], "stopped: \(isStopped)")
      following.write(other, "5")
      try following.settle()
      #expect(following.lines.sorted() == ["1", "2", "3", "4", "5"], "stopped: \(isStopped)")
      #expect(following.follower.nextLook == nil)
    }
  }

  @Test func `a file of a name that nobody follows is not read for itself`() throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1")
    following.write("b.jsonl", "no")
    try following.settle()
    let file = try #require(following.files["a.jsonl"])
    following.files.rename("a.jsonl", "a.done")
    following.restart()
    following.files.overwrite(file, with: Array("no\n".utf8))
    following.write("a.jsonl", "2")
    try following.settle()
    #expect(following.lines == ["1", "2"])
  }

  @Test(arguments: ["a.jsonl", nil], ["a.jsonl~", "a.jsonl.bak", "a.jsonl.orig", "a.jsonl.~1~"])
  func `of a file that was edited, with a backup kept beside, only new lines are taken`(
    _ name: String?, _ backup: String
  ) throws {
    for isStopped in [false, true] {
      let following = Following(name)
      following.write("a.jsonl", "1", "2", "3")
      try following.settle()
      if isStopped { following.restart() }
      following.write("a.jsonl", "4")
      following.files.rename("a.jsonl", backup)
      following.write("a.jsonl", "2", "3", "4", "5")
      try following.settle()
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
    try following.settle()
    following.files.append(emptyPacked, to: following.files.create("a.jsonl.1.gz"))
    try following.settle()
    #expect(following.follower.nextLook == nil)
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: Array("2\n3\n4\n".utf8))
    try following.settle()
    following.write("a.jsonl", "5")
    try following.settle()
    #expect(following.lines == ["1", "2", "3", "4", "5"])
    #expect(following.follower.nextLook == nil)
  }
}
