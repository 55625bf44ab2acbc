import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// `ingest --follow` as people run it: processes, signals, locks, pipes.
@Suite struct FollowCommandTests {
  @Test(arguments: [false, true])
  func `files, folders and patterns are followed, by inotify and by polling`(
    _ isPolling: Bool
  ) throws {
    let session = try FollowSession()
    try session.directory.makeFolder("data")
    try session.directory.write("data/foldlog.toml", "[follow]\npoll = \(isPolling)\n")
    try session.directory.makeFolder("in/logs")
    // Paths as people write them: none of these exists yet.
    let follower = try session.follow("a.jsonl", "./b.jsonl", "logs//", "*.txt", "late/c.jsonl")
    try session.append("a.jsonl", events(1...1))
    #expect(try session.lines(atLeast: 1) == events(1...1))
    try session.append("b.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2) == events(1...2))
    try session.append("logs/l.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3) == events(1...3))
    try session.append("x.txt", events(4...4))
    #expect(try session.lines(atLeast: 4) == events(1...4))
    try session.directory.makeFolder("in/late")
    try session.append("late/c.jsonl", events(5...5))
    #expect(try session.lines(atLeast: 5) == events(1...5))
    try session.append("b.jsonl", events(6...6))
    try session.directory.rename("in/a.jsonl", "in/a.jsonl.1")
    try session.append("a.jsonl", events(7...7))
    #expect(Set(try session.lines(atLeast: 7)) == Set(events(1...7)))
    // The views follow along.
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output.contains("\"offset\":6")
      })
    try session.stop(follower)
    #expect(follower.output.hasPrefix("7 lines: 7 events"))
    // That nothing was there yet.
    let told = follower.errors.split(separator: "\n")
    #expect(told.allSatisfy { $0.contains(" yet: ") }, "\(follower.errors)")
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal in the middle of a batch ends it well, with what was taken committed`(
    _ signal: Int32
  ) throws {
    let session = try FollowSession()
    let text = String(repeating: "some text ", count: 100)
    let all = (0..<60_000).map {
      "{\"event\":\"query_completion\",\"query\":\"\(text)\",\"n\":\($0)}"
    }
    try session.append("a.jsonl", all)
    let follower = try session.follow("--no-project", "a.jsonl")
    // It has the file open: it reads, and has committed nothing or little yet.
    #expect(eventually { session.directory.exists("data/log/data.mdb") })
    pause(milliseconds: 300)
    try session.stop(follower, signal)
    let first = try session.lines()
    #expect(first == Array(all[..<first.count]))
    #expect(follower.output.contains("events"))
    let again = try session.follow("--no-project", "a.jsonl")
    #expect(try session.lines(atLeast: all.count) == all)
    try session.stop(again, signal)
    #expect(try session.lines().count == all.count)
  }

  @Test(arguments: [(SIGTERM, true), (SIGINT, false)])
  func `lines to a file that lost its name, of which nobody told, are taken at the end`(
    _ signal: Int32, _ isRemoved: Bool
  ) throws {
    let session = try FollowSession()
    try session.directory.makeFolder("elsewhere")
    try session.append("a.jsonl", events(1...1))
    let follower = try session.follow("a.jsonl")
    #expect(try session.lines(atLeast: 1) == events(1...1))
    let writer = try HoldingWriter(session.directory.file("in/a.jsonl"))
    if isRemoved {
      try session.directory.remove("in/a.jsonl")
    } else {
      try session.directory.rename("in/a.jsonl", "elsewhere/a.jsonl")
    }
    try session.append("a.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2) == events(1...2))
    try writer.append(events(3...4).map { $0 + "\n" }.joined())
    try session.stop(follower, signal)
    #expect(try session.lines() == events(1...4))
    #expect(follower.output.hasPrefix("4 lines: 4 events"))
  }

  @Test func `a second follower is refused with 75, and the first goes on`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(1...1))
    let first = try session.follow("a.jsonl")
    #expect(try session.lines(atLeast: 1).count == 1)
    let second = try session.follow("a.jsonl")
    #expect(try eventually { try second.hasEnded() })
    let result = try second.wait()
    #expect(result.status == 75)
    #expect(result.errors.contains("another follower is running"))
    try session.append("a.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2) == events(1...2))
    // Killed, its place is free.
    try first.end()
    let third = try session.follow("a.jsonl")
    try session.append("a.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3) == events(1...3))
    try session.stop(third)
  }

  @Test func `what a pipe gives beside a follower is projected by the follower`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(1...1))
    let follower = try session.follow("a.jsonl")
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output.contains("\"offset\":0")
      })
    let line = events(2...2)[0] + "\n"
    let piped = try session.foldlog("ingest", "--stream", "hybrid", input: line)
    #expect(piped.status == 0)
    #expect(piped.errors.contains("another process keeps the views up to date"))
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output.contains("\"offset\":1")
      })
    // The follower's own file goes on behind it.
    try session.append("a.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3) == events(1...3))
    try session.stop(follower)
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `two ingests of one file at once, and a follower of it, take it once`() throws {
    let session = try FollowSession()
    let all = (0..<30_000).map { "{\"event\":\"query_completion\",\"n\":\($0)}" }
    try session.append("a.jsonl", all)
    let arguments = ["ingest", "--no-project", "--stream", "hybrid", "a.jsonl"]
    var processes = [try session.follow("--no-project", "a.jsonl")]
    for _ in 0..<2 { processes.append(try session.start(arguments)) }
    for process in processes[1...] {
      #expect(try eventually { try process.hasEnded() })
      #expect(try process.wait().status == 0, "\(process.errors)")
    }
    #expect(try session.lines(atLeast: all.count) == all)
    try session.append("a.jsonl", events(1...1))
    #expect(try session.lines(atLeast: all.count + 1) == all + events(1...1))
    try session.stop(processes[0])
    #expect(try session.foldlog("log", "verify").status == 0)
  }

  // MARK: Standard input

  @Test func `standard input that comes byte by byte is taken line by line, and cut in a line`()
    throws
  {
    let session = try FollowSession()
    for arguments in [[], ["--source", "drip"]] {
      let before = try session.lines().count
      let pipe = try session.directory.makePipe("pipe-\(before)")
      let words = (["ingest", "--stream", "hybrid"] + arguments).joined(separator: " ")
      let process = try ChildProcess(
        "sh", ["-c", "exec '\(foldlogBinary)' \(words) < '\(pipe)'"],
        variables: ["FOLDLOG_DATA=\(session.data)"])
      var end: PipeWriter? = try PipeWriter(pipe)
      try end?.drip("{\"n\":1}\n")
      // The line is in the log while its writer goes on.
      #expect(try session.lines(atLeast: before + 1).count == before + 1)
      try end?.drip("{\"n\":2}\n{\"n\":3")
      #expect(try session.lines(atLeast: before + 2).count == before + 2)
      end = nil
      #expect(try eventually { try process.hasEnded() })
      #expect(try process.wait().status == 0, "\(process.errors)")
      #expect(try session.lines().count == before + 2)
      let refused = try session.foldlog("quarantine", "export").output
      // Nothing can follow without a name: what was cut is kept. With one, it may be given again.
      #expect(refused == "{\"n\":3\n")
      if !arguments.isEmpty { #expect(process.errors.contains("waits for its end")) }
    }
  }

  @Test func `a named standard source given again, longer, gives what is new`() throws {
    let session = try FollowSession()
    let text = events(1...3).map { $0 + "\n" }.joined()
    func give(_ text: String) throws -> ChildResult {
      try session.foldlog(
        "ingest", "--stream", "hybrid", "--source", "host", input: text)
    }
    #expect(try give(text).output.hasPrefix("3 lines: 3 events"))
    #expect(try give(text).output.hasPrefix("0 lines"))
    let longer = text + events(4...5).map { $0 + "\n" }.joined()
    #expect(try give(longer + "{\"n\":").output.hasPrefix("2 lines: 2 events"))
    #expect(try give(longer + "{\"n\":6}\n").output.hasPrefix("1 line: 1 event"))
    // Less than before is nothing new; something else is refused.
    let less = try give(text)
    #expect(less.output.hasPrefix("0 lines") && less.errors.contains("gave less than before"))
    let other = try give(String(repeating: "{\"other\":1}\n", count: 100))
    #expect(
      other.status == 74 && other.errors.contains("does not begin with what this --source gave"))
    #expect(try session.lines() == events(1...5) + ["{\"n\":6}"])
  }
}
