import EventLog
import Events
import Pipeline
import TestSupport
import Testing

/// Files that are rotated away from the name that is followed: scenarios 6 to 9, 18 and 19.
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

  // MARK: Copy, then truncate

  @Test(arguments: Watching.allCases)
  func `a followed file that is copied and truncated is taken once`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    for round in 0..<3 {
      let first = round * 10
      try folder.append("a.jsonl", lines(first..<first + 3))
      if round != 1 { try folder.follow() }
      try folder.append("a.jsonl", lines(first + 3..<first + 5))
      try folder.shell("cp a.jsonl a.jsonl.\(round)")
      if round != 2 { try folder.follow() }
      try folder.truncate("a.jsonl")
      try folder.append("a.jsonl", lines(first + 5..<first + 7))
      try folder.follow()
      try folder.truncate("a.jsonl")
      try folder.follow()
    }
    let all = (0..<3).flatMap { $0 * 10..<$0 * 10 + 7 }
    #expect(try folder.lines() == lines(all))
    try folder.restart()
    #expect(try folder.lines() == lines(all))
  }

  @Test(arguments: Watching.allCases)
  func `a file copied and truncated while stopped is taken once`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...4))
    try folder.follow()
    folder.kill()
    try folder.append("a.jsonl", lines(5...6))
    try folder.shell("cp a.jsonl a.jsonl.1")
    try folder.truncate("a.jsonl")
    try folder.append("a.jsonl", lines(7...8))
    try folder.follow()
    #expect(try folder.lines() == lines(1...8))
    folder.kill()
    // Longer than what was read before, and with the times of the original.
    try folder.shell("cp -p a.jsonl a.jsonl.2")
    try folder.truncate("a.jsonl")
    try folder.append("a.jsonl", lines(9...20))
    try folder.follow()
    #expect(try folder.lines() == lines(1...20))
  }

  @Test(arguments: Watching.allCases)
  func `a file truncated under a writer that goes on where it was has a hole, not lines`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    let first = lines(100..<200).asFile
    try folder.appendText("a.jsonl", first)
    try folder.follow()
    for isStopped in [false, true] {
      if isStopped { folder.kill() }
      let before = try folder.lines()
      try folder.shell("cp a.jsonl a.jsonl.1")
      let numbers = isStopped ? 300..<302 : 200..<202
      let size = first.utf8.count
      try folder.truncate("a.jsonl")
      try folder.directory.write("in/a.jsonl", Array(lines(numbers).asFile.utf8), at: size)
      try folder.follow()
      #expect(try folder.lines() == before + lines(numbers))
      #expect(try folder.lines(.quarantine) == [])
      #expect(folder.notes.contains("\(size) NUL bytes"))
      // It grows on, and a restart knows it.
      let end = size + lines(numbers).asFile.utf8.count
      try folder.directory.write("in/a.jsonl", Array(lines([900]).asFile.utf8), at: end)
      try folder.restart()
      #expect(try folder.lines() == before + lines(numbers) + lines([900]))
      try folder.shell("rm a.jsonl.1")
      try folder.truncate("a.jsonl")
      try folder.follow()
      try folder.appendText("a.jsonl", first)
      try folder.follow()
    }
  }

  @Test func `a hole is passed over by a one-shot ingest too`() throws {
    let folder = try TailedFolder("a.jsonl")
    let first = lines(100..<200).asFile
    try folder.appendText("a.jsonl", first)
    try folder.ingest("a.jsonl")
    let size = first.utf8.count
    try folder.truncate("a.jsonl")
    try folder.directory.write("in/a.jsonl", Array(lines(1...2).asFile.utf8), at: size)
    let report = try folder.ingest("a.jsonl")
    #expect(report.events == 2 && report.quarantined == 0)
    #expect(report.warnings.joined().contains("\(size) NUL bytes"))
    #expect(try folder.ingest("a.jsonl").lines == 0)
    // NUL bytes that stand for nothing that was read are a line like any other.
    try folder.directory.write("in/b.jsonl", Array(repeating: 0, count: 10) + Array("\n".utf8))
    #expect(try folder.ingest("b.jsonl").quarantined == 1)
  }

  // MARK: Links

  @Test(arguments: Watching.allCases)
  func `a link whose target changes gives what is left of the old one, then the new one`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("current", watching: watching)
    try folder.directory.makeFolder("in/days")
    try folder.append("days/1", lines(1...2))
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/1")
    try folder.follow()
    try folder.append("days/1", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
    try folder.append("days/1", lines(4...4))
    try folder.append("days/2", lines(5...5))
    try folder.remove("current")
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/2")
    try folder.follow()
    #expect(try folder.lines() == lines(1...5))
    folder.kill()
    try folder.append("days/2", lines(6...6))
    try folder.append("days/3", lines(7...7))
    try folder.remove("current")
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/3")
    try folder.follow()
    #expect(try folder.lines() == lines(1...7))
    try folder.append("days/3", lines(8...8))
    try folder.follow()
    #expect(try folder.lines() == lines(1...8))
  }

  @Test(arguments: Watching.allCases)
  func `two links to one file are one source`(_ watching: Watching) throws {
    let folder = try TailedFolder("one", "two", "logs", watching: watching)
    try folder.directory.makeFolder("in/logs")
    try folder.append("logs/a.jsonl", lines(1...2))
    try folder.shell("ln -s logs/a.jsonl one; ln -s logs/a.jsonl two; ln logs/a.jsonl logs/b.jsonl")
    try folder.follow()
    try folder.append("logs/a.jsonl", lines(3...3))
    try folder.follow()
    try folder.append("two", lines(4...4))
    try folder.follow()
    try folder.restart()
    #expect(try folder.ingest("one", "two", "logs/a.jsonl", "logs/b.jsonl").lines == 0)
    #expect(try folder.lines() == lines(1...4))
    #expect(try folder.sources().count == 1)
  }
}
