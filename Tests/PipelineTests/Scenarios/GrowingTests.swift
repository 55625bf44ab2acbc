import EventLog
import Events
import Pipeline
import TestSupport
import Testing

/// Files that come, and grow: scenarios 1 to 5.
@Suite struct GrowingTests {
  @Test(arguments: Watching.allCases)
  func `a file that does not exist yet is taken when it comes`(_ watching: Watching) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.follow()
    #expect(try folder.lines() == [])
    try folder.append("a.jsonl", lines(1...2))
    try folder.follow()
    #expect(try folder.lines() == lines(1...2))
    try folder.append("a.jsonl", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
    #expect(folder.told.isEmpty)
  }

  @Test(arguments: Watching.allCases)
  func `a file whose folder does not exist yet is taken when both come`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("new/a.jsonl", watching: watching)
    try folder.follow()
    try folder.directory.makeFolder("in/new")
    try folder.append("new/a.jsonl", lines(1...1))
    try folder.follow()
    try folder.append("new/a.jsonl", lines(2...2))
    try folder.follow()
    #expect(try folder.lines() == lines(1...2))
  }

  @Test(arguments: Watching.allCases)
  func `a folder and a pattern give the files that they gain`(_ watching: Watching) throws {
    let folder = try TailedFolder("logs", "other/*.log", "by-day/*/a.log", watching: watching)
    for name in ["logs", "other", "by-day"] { try folder.directory.makeFolder("in/\(name)") }
    try folder.append("logs/a.jsonl", lines(1...1))
    try folder.follow()
    try folder.append("logs/b.jsonl", lines(2...2))
    try folder.append("logs/not-telemetry.txt", lines(90...90))
    try folder.append("other/c.log", lines(3...3))
    try folder.append("other/not-telemetry.txt", lines(91...91))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
    // Folders that come later, and what comes in them later still.
    try folder.directory.makeFolder("in/logs/deep")
    try folder.directory.makeFolder("in/by-day/1")
    try folder.follow()
    try folder.append("logs/deep/d.ndjson", lines(4...4))
    try folder.follow()
    try folder.append("by-day/1/a.log", lines(5...5))
    try folder.follow()
    #expect(try folder.lines() == lines(1...5))
    try folder.append("logs/deep/d.ndjson", lines(6...6))
    try folder.append("by-day/1/a.log", lines(7...7))
    try folder.follow()
    #expect(Set(try folder.lines()) == Set(lines(1...7)))
    try folder.restart()
    #expect(try folder.lines().count == 7)
  }

  @Test(arguments: Watching.allCases)
  func `an empty file gives nothing until it has lines, also over a restart`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.rewrite("a.jsonl", [])
    #expect(try folder.ingest("a.jsonl").lines == 0)
    try folder.follow()
    try folder.restart()
    #expect(try folder.lines() == [] && folder.told.isEmpty)
    try folder.append("a.jsonl", lines(1...1))
    try folder.follow()
    #expect(try folder.lines() == lines(1...1))
    try folder.restart()
    #expect(try folder.lines() == lines(1...1))
    #expect(try folder.ingest("a.jsonl").lines == 0)
  }

  @Test(arguments: Watching.allCases)
  func `a line written in three pieces, hours apart, over a restart, comes once and whole`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...1))
    try folder.appendText("a.jsonl", "{\"piece\":")
    try folder.directory.setTime("in/a.jsonl", seconds: 1_767_225_600)
    try folder.follow()
    try folder.appendText("a.jsonl", "\"one, two\"")
    try folder.directory.setTime("in/a.jsonl", seconds: 1_767_232_800)
    try folder.follow()
    #expect(try folder.lines() == lines(1...1))
    try folder.restart()
    #expect(try folder.lines() == lines(1...1))
    try folder.appendText("a.jsonl", ",\"n\":2}\n")
    try folder.directory.setTime("in/a.jsonl", seconds: 1_767_240_000)
    try folder.follow()
    let whole = lines(1...1) + ["{\"piece\":\"one, two\",\"n\":2}"]
    #expect(try folder.lines() == whole)
    try folder.restart()
    #expect(try folder.lines() == whole)
    #expect(try folder.lines(.quarantine) == [])
  }

  @Test func `a last line without newline is taken once when it is whole, and its end is no line`()
    throws
  {
    let folder = try TailedFolder("a.jsonl")
    try folder.appendText("a.jsonl", "{\"n\":1}\n{\"n\":2}")
    #expect(try folder.ingest("a.jsonl").warnings == [])
    #expect(try folder.lines() == lines(1...2))
    #expect(try folder.ingest("a.jsonl").lines == 0)
    try folder.appendText("a.jsonl", "\n{\"n\":3}")
    // A follower waits for the end.
    try folder.follow()
    #expect(try folder.lines() == lines(1...2))
    folder.kill()
    #expect(try folder.ingest("a.jsonl").events == 1)
    try folder.appendText("a.jsonl", "\n")
    try folder.follow()
    #expect(try folder.ingest("a.jsonl").events == 0)
    #expect(try folder.lines() == lines(1...3))
    #expect(try folder.lines(.quarantine) == [])
  }

  @Test func `a last line that is no whole object waits, the summary names it, and it comes once`()
    throws
  {
    let folder = try TailedFolder("a.jsonl")
    try folder.appendText("a.jsonl", "{\"n\":1}\n{\"n\":")
    for _ in 0..<2 {
      let report = try folder.ingest("a.jsonl")
      #expect(report.warnings.count == 1)
      #expect(report.warnings.first?.contains("a.jsonl: the last line (5 bytes at 8)") == true)
    }
    try folder.appendText("a.jsonl", "2")
    #expect(try folder.ingest("a.jsonl").warnings.count == 1)
    #expect(try folder.lines() == lines(1...1))
    try folder.appendText("a.jsonl", "}\n")
    #expect(try folder.ingest("a.jsonl").warnings == [])
    #expect(try folder.lines() == lines(1...2))
    try folder.follow()
    #expect(try folder.ingest("a.jsonl").lines == 0)
    #expect(try folder.lines() == lines(1...2))
    #expect(try folder.lines(.quarantine) == [])
  }
}
