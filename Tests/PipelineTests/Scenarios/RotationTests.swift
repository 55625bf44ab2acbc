import EventLog
import Events
import Pipeline
import TestSupport
import Testing

/// Files that are rotated away from the name that is followed: scenarios 6 to 8.
@Suite struct RotationTests {
  /// Shifts `a.jsonl.1` and on by one, and moves `a.jsonl` to `a.jsonl.1`.
  private func rotate(_ folder: TailedFolder) throws {
    try folder.shell(
      "for i in 8 7 6 5 4 3 2 1; do [ -e a.jsonl.$i ] && mv a.jsonl.$i a.jsonl.$((i+1)); done; "
        + "mv a.jsonl a.jsonl.1; : > a.jsonl")
  }

  @Test(arguments: Watching.allCases)
  func `a file rotated once by renaming loses nothing`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...3))
    try folder.follow()
    try folder.append("a.jsonl", lines(4...5))
    try rotate(folder)
    try folder.append("a.jsonl", lines(6...7))
    try folder.follow()
    #expect(try folder.lines() == lines(1...7))
    try folder.restart()
    #expect(try folder.lines() == lines(1...7))
    #expect(folder.told.isEmpty)
  }

  @Test(arguments: Watching.allCases)
  func `of a rotation into another folder nothing is told, of a file that was rewritten it is`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...3))
    try folder.follow()
    try folder.shell("mkdir old; mv a.jsonl old/")
    try folder.append("a.jsonl", lines(4...5))
    try folder.follow()
    try folder.follow()
    #expect(try folder.lines() == lines(1...5))
    #expect(folder.told.isEmpty)
    try folder.rewrite("a.jsonl", lines(6...9))
    try folder.follow()
    #expect(try folder.lines() == lines(1...9))
    #expect(folder.notes.contains("does not hold what was read of it before"))
  }

  @Test(arguments: Watching.allCases)
  func `a file rotated five times within one look loses nothing`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(0...0))
    try folder.follow()
    for number in 1...5 {
      try folder.append("a.jsonl", lines(number * 10..<number * 10 + 3))
      try rotate(folder)
    }
    try folder.append("a.jsonl", lines(60...60))
    try folder.follow()
    let all = [0] + (1...5).flatMap { $0 * 10..<$0 * 10 + 3 } + [60]
    #expect(try folder.lines() == lines(all))
    try folder.restart()
    #expect(try folder.lines() == lines(all))
  }

  @Test(arguments: Watching.allCases)
  func `a file rotated five times while stopped gives all, the oldest first`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(0...1))
    try folder.follow()
    folder.kill()
    for number in 1...5 {
      try folder.append("a.jsonl", lines(number * 10..<number * 10 + 3))
      try rotate(folder)
    }
    try folder.append("a.jsonl", lines(60...60))
    try folder.follow()
    let all = [0, 1] + (1...5).flatMap { $0 * 10..<$0 * 10 + 3 } + [60]
    #expect(try folder.lines() == lines(all))
    try folder.restart()
    #expect(try folder.lines() == lines(all))
  }

  @Test(arguments: Watching.allCases)
  func `lines that still go to the renamed file are taken, also after a restart`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...2))
    try folder.follow()
    try rotate(folder)
    try folder.append("a.jsonl.1", lines(3...3))
    try folder.append("a.jsonl", lines(10...10))
    try folder.follow()
    #expect(try folder.lines() == lines([1, 2, 3, 10]))
    try folder.append("a.jsonl.1", lines(4...4))
    try folder.follow()
    #expect(try folder.lines() == lines([1, 2, 3, 10, 4]))
    folder.kill()
    try folder.append("a.jsonl.1", lines(5...5))
    try rotate(folder)
    try folder.append("a.jsonl.2", lines(6...6))
    try folder.append("a.jsonl.1", lines(11...11))
    try folder.follow()
    #expect(try folder.lines().sorted() == lines([1, 2, 3, 4, 5, 6, 10, 11]).sorted())
  }

  @Test(arguments: Watching.allCases)
  func `lines still go to a file whose name is gone`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...2))
    try folder.follow()
    // A second name outside: the writer of a file that lost its own.
    try folder.shell("ln a.jsonl ../writer && rm a.jsonl")
    try folder.append("a.jsonl", lines(10...10))
    try folder.directory.append("writer", lines(3...3).asFile)
    try folder.follow()
    #expect(try folder.lines().sorted() == lines([1, 10, 2, 3]).sorted())
  }

  @Test(arguments: Watching.allCases)
  func `what was not read to its end before it was rotated is read first`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", longLines(0..<300, length: 20_000))
    folder.chunksBeforeStop = 3
    try folder.follow()
    folder.chunksBeforeStop = nil
    folder.kill()
    let half = try folder.lines().count
    #expect(half > 0 && half < 300)
    try rotate(folder)
    try folder.append("a.jsonl", lines(1_000...1_001))
    try rotate(folder)
    try folder.append("a.jsonl", lines(1_002...1_003))
    // Files of that name that nobody read, and that were not changed since, are not of interest.
    try folder.append("a.jsonl.old", lines(5_000...5_000))
    try folder.directory.setTime("in/a.jsonl.old", seconds: 1_700_000_000)
    try folder.follow()
    #expect(
      try folder.lines() == longLines(0..<300, length: 20_000) + lines(1_000...1_003))
    try folder.restart()
    #expect(try folder.lines().count == 304)
  }
}
