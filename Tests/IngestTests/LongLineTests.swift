import Bytes
import Events
import Ingest
import TestSupport
import Testing

/// Lines that are long, or do not end, in files that are followed.
@Suite struct LongLineTests {
  private static let mebibyte = 1 << 20

  private func part(_ mebibytes: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(ascii: "x"), count: mebibytes * Self.mebibyte)
  }

  private func begin(_ following: Following, _ name: String, _ bytes: [UInt8]) {
    following.files.append(bytes, to: following.files[name] ?? following.files.create(name))
  }

  @Test func `a line without end keeps no other file waiting, and what others gave is committed`()
    throws
  {
    let following = Following(nil)
    following.write("b.jsonl", "b1")
    following.write("a.jsonl", "a1")
    try following.turns(2)
    begin(following, "a.jsonl", part(60))
    following.write("b.jsonl", "b2")
    try following.turn()
    #expect(following.lines == ["a1", "b1", "b2"])
    #expect(following.follower.isReading)
    // Who is written to meanwhile has a turn before the line ends.
    following.write("b.jsonl", "b3")
    var changes = FileChanges()
    changes.written = [following.files.path("b.jsonl")]
    _ = try following.follower.turn(changes)
    #expect(following.lines == ["a1", "b1", "b2", "b3"])
    #expect(following.follower.isReading)
    // By itself, to the end of the file.
    var turns = 0
    while following.follower.isReading {
      _ = try following.follower.turn(FileChanges())
      turns += 1
      try #require(turns < 10)
    }
    #expect(turns > 1)
    begin(following, "a.jsonl", Array("\n".utf8))
    try following.turn()
    #expect(following.log.lines.last?.bytes.count == 60 * Self.mebibyte)
    #expect(following.log.lines.count == 5)
  }

  @Test func `a stop in a line without end ends the turn, and loses and doubles nothing`() throws {
    let following = Following(nil)
    following.write("b.jsonl", "b1")
    begin(following, "a.jsonl", Array("a1\n".utf8) + part(20) + Array("\na3\n".utf8))
    var readsLeft = 24
    following.files.onCall = { if $0.hasPrefix("read 2") { readsLeft -= 1 } }
    following.isStopping = { readsLeft <= 0 }
    _ = try following.follower.turn(.everything)
    following.pass(1_000)
    let isStopped = try following.follower.turn(.everything)
    #expect(isStopped)
    #expect(readsLeft > -4)
    #expect(following.lines.sorted() == ["a1", "b1"])
    following.isStopping = { false }
    following.restart()
    try following.lookUntilStable()
    while following.follower.isReading { try following.turn() }
    #expect(following.lines.count == 4)
    #expect(Set(following.lines.map(\.utf8.count)) == [2, 20 * Self.mebibyte])
    #expect(following.lines.last == "a3")
  }

  @Test func `a line that is longer than 64 MiB is told of once, and comes whole`() throws {
    let following = Following("a.jsonl")
    begin(following, "a.jsonl", Array("first\n".utf8) + part(63))
    for _ in 0..<10 { try following.turn() }
    #expect(following.taker.told == [])
    for _ in 0..<3 {
      begin(following, "a.jsonl", part(2))
      for _ in 0..<3 { try following.turn() }
    }
    #expect(following.taker.told.count == 1)
    let told = following.taker.told.joined()
    #expect(told.contains("/logs/a.jsonl: the line at byte 6 is longer than 64 MiB"))
    begin(following, "a.jsonl", Array("\nlast\n".utf8))
    try following.turn()
    #expect(following.log.lines.map(\.position) == [0, 6, 7 + 69 << 20])
    #expect(Hash128(of: following.log.lines[1].bytes) == Hash128(of: part(69)))
    #expect(following.lines.last == "last")
    #expect(following.taker.told.count == 1)
  }

  @Test func `a long line that is rewritten while it is read is not taken for what it was`() throws
  {
    let following = Following("a.jsonl")
    begin(following, "a.jsonl", Array("1\n".utf8) + part(70))
    for _ in 0..<10 { try following.turn() }
    let file = try #require(following.files["a.jsonl"])
    following.pass(1_000)
    let other = [UInt8](repeating: UInt8(ascii: "y"), count: 70 * Self.mebibyte)
    following.files.overwrite(file, with: Array("1\n".utf8) + other + Array("y\n".utf8))
    for _ in 0..<20 {
      try following.turn()
      following.pass(1_000)
    }
    #expect(following.log.lines.map(\.bytes.count) == [1, 70 * Self.mebibyte + 1])
    let last = following.log.lines.last?.bytes ?? []
    #expect(Hash128(of: last) == Hash128(of: other + Array("y".utf8)))
  }

  @Test func `a packed file whose line is long is read to its end, whatever else changes`() throws {
    let following = Following(nil)
    let directory = try TemporaryDirectory()
    let long = "{\"x\":\"" + String(repeating: "y", count: 40 << 20) + "\"}"
    let path = try directory.write("a", "{}\n\(long)\n{}\n")
    #expect(try run("gzip", [path]).status == 0)
    begin(following, "a.jsonl.gz", try directory.bytes("a.gz"))
    following.write("b.jsonl", "b1")
    try following.turns(2)
    #expect(following.follower.isReading)
    var turns = 0
    while following.follower.isReading {
      // All is looked at each time.
      following.write("c\(turns).jsonl", "c")
      try following.turn()
      turns += 1
      try #require(turns < 10)
    }
    #expect(turns > 1)
    let ofPacked = following.log.lines.filter { $0.bytes.first == UInt8(ascii: "{") }
    #expect(ofPacked.map(\.bytes.count) == [2, long.utf8.count, 2])
  }

  /// More of them than have turns at once: none is read from its beginning again and again.
  @Test func `many long lines come whole with few descriptors`() throws {
    let following = Following(nil, openMax: 8)
    var most = 0
    following.files.onCall = { [files = following.files] _ in most = max(most, files.openCount) }
    for number in 0..<5 {
      begin(following, "\(number).jsonl", part(18) + Array("\n\(number)\n".utf8))
    }
    for number in 5..<9 { following.write("\(number).jsonl", "\(number)") }
    try following.lookUntilStable()
    var turns = 0
    while following.follower.isReading {
      _ = try following.follower.turn(FileChanges())
      turns += 1
      try #require(turns < 40)
    }
    #expect(following.lines.filter { $0.utf8.count == 1 }.sorted() == (0..<9).map(String.init))
    #expect(following.log.lines.count == 14)
    #expect(most <= 8 + Follower.passingMax)
  }
}
