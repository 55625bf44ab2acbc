import EventLog
import Events
import Pipeline
import TestSupport
import Testing

/// Files that are copied and then truncated: scenario 9.
@Suite struct CopyTruncateTests {
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
}
