import Events
import Ingest
import Testing

/// Files that are pending before they are read: those that are rewritten in place, and copies.
@Suite struct PendingFileTests {
  @Test(arguments: ["a.jsonl", nil], [false, true])
  func `a file that is emptied and written again in pieces does not give its lines again`(
    _ name: String?, _ isRestarted: Bool
  ) throws {
    let following = Following(name)
    following.write("a.jsonl", "1", "2", "3", "4")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: [])
    for lines in [["2"], ["3", "4"], ["5"]] {
      try following.turn()
      following.pass(200)
      try following.turn()
      if isRestarted { following.restart() }
      for line in lines { following.write("a.jsonl", line) }
    }
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3", "4", "5"])
    // From then on it grows.
    following.write("a.jsonl", "2")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3", "4", "5", "2"])
  }

  @Test(arguments: 1..<40)
  func `a file that is emptied while it is opened is pending again`(_ moment: Int) throws {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "1", "2", "3", "4")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: Array("3\n4\n".utf8))
    try following.turn()
    following.pass(250)
    var calls = 0
    following.files.onCall = { [unowned following] _ in
      calls += 1
      if calls == moment {
        following.files.onCall = { _ in }
        following.files.overwrite(file, with: [])
      }
    }
    try following.turn()
    following.files.onCall = { _ in }
    if calls < moment { following.files.overwrite(file, with: []) }
    for lines in [["3"], ["4", "5"]] {
      for line in lines { following.write("a.jsonl", line) }
      try following.turn()
      following.pass(100)
    }
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "3", "4", "5"])
  }

  @Test(arguments: ["a.jsonl", nil])
  func `a file that stays empty for a moment starts anew, and gives all of its lines`(
    _ name: String?
  ) throws {
    let following = Following(name)
    following.write("a.jsonl", "1", "2")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: [])
    try following.turn()
    following.pass(250)
    try following.turn()
    following.write("a.jsonl", "1", "2")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "1", "2"])
  }

  @Test(arguments: ["a.jsonl", nil], [false, true])
  func `a file that is copied and then emptied goes on at once, also with lines that it gave`(
    _ name: String?, _ isCopySeen: Bool
  ) throws {
    let following = Following(name)
    following.write("a.jsonl", "1", "2")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    if isCopySeen {
      _ = following.files.create("a.jsonl.1")
      try following.turn()
    }
    following.write("a.jsonl.1", "1", "2")
    if isCopySeen { try following.turn() }
    following.files.overwrite(file, with: [])
    try following.turn()
    following.write("a.jsonl", "1")
    try following.turn()
    #expect(following.lines == ["1", "2", "1"])
  }

  @Test func `a file that is written without end after it was emptied is taken after a while`()
    throws
  {
    let following = Following("a.jsonl")
    following.write("a.jsonl", "a", "b")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    following.files.overwrite(file, with: [])
    for number in 0...100 {
      try following.turn()
      #expect(following.lines.count == (number < 100 ? 2 : 102))
      following.pass(100)
      following.write("a.jsonl", "\(number)")
    }
  }

  // MARK: Copies

  @Test(arguments: ["a-1.jsonl", "z.jsonl"], [0, 1, 2])
  func `a copy to another followed name is where an emptied file goes on`(
    _ name: String, _ seen: Int
  ) throws {
    let following = Following(nil)
    following.write("a.jsonl", "1", "2")
    try following.lookUntilStable()
    let file = try #require(following.files["a.jsonl"])
    let copy = following.files.create(name)
    // Seen empty, half, or whole.
    if seen > 0 { following.write(name, "1") }
    if seen > 1 { following.write(name, "2") }
    try following.turn()
    following.pass(100)
    try following.turn()
    if seen < 1 { following.write(name, "1") }
    if seen < 2 { following.write(name, "2") }
    try following.turn()
    following.files.overwrite(file, with: [])
    try following.lookUntilStable()
    following.write("a.jsonl", "3")
    following.files.append(Array("4\n".utf8), to: copy)
    try following.lookUntilStable()
    #expect(following.lines.sorted() == ["1", "2", "3", "4"])
  }

  @Test func `a copy of a file's beginning is another source, and is named`() throws {
    let following = Following(nil)
    let lines = (0..<200).map { "line \($0) \(String(repeating: "x", count: 40))" }
    for line in lines { following.write("a.jsonl", line) }
    try following.lookUntilStable()
    for line in lines.prefix(150) { following.write("b.jsonl", line) }
    try following.lookUntilStable()
    #expect(following.lines.count == 350)
    #expect(following.taker.told.contains { $0.contains("b.jsonl: is a copy of /logs/a.jsonl") })
  }
}
