import TestSupport
import Testing

/// `ingest --follow` of what is no plain file in a plain folder: pipes, links, mounts, nothing.
@Suite struct FollowPlacesTests {
  @Test func `a pipe beside a compressed file, or in a file's place, keeps nobody waiting`() throws
  {
    let session = try FollowSession()
    _ = try session.directory.makePipe("in/a.jsonl")
    try session.append("plain", events(1...1))
    _ = try run("sh", ["-c", "cd '\(session.directory.file("in"))' && gzip -c plain >a.jsonl.gz"])
    try session.append("b.jsonl", events(2...2))
    let first = try session.follow(".")
    #expect(try session.lines(atLeast: 2).sorted() == events(1...2))
    try session.append("b.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3).last == events(3...3).last)
    try session.stop(first)
    try session.directory.rename("in/b.jsonl", "in/b.jsonl.2")
    try session.append("b.jsonl.1", events(4...4))
    _ = try session.directory.makePipe("in/b.jsonl")
    let second = try session.follow("b.jsonl")
    #expect(try session.lines(atLeast: 4).last == events(4...4).last)
    try session.directory.rename("in/b.jsonl", "in/pipe")
    try session.append("b.jsonl", events(5...5))
    #expect(try session.lines(atLeast: 5).last == events(5...5).last)
    try session.stop(second)
  }

  @Test func `without --follow, pipes that are named are read to their ends`() throws {
    let session = try FollowSession()
    let pipe = try session.directory.makePipe("in/pipe")
    let process = try session.start(["ingest", "--stream", "hybrid", "pipe"])
    var writer: PipeWriter? = try PipeWriter(pipe)
    try writer?.drip(events(1...1)[0] + "\n")
    #expect(try !process.hasEnded())
    try writer?.drip(events(2...2)[0] + "\n")
    writer = nil
    #expect(try process.wait().status == 0, "\(process.errors)")
    let script = "'\(foldlogBinary)' ingest --stream hybrid <(sleep 0.1; echo '{\"n\":3}')"
    let result = try run("bash", ["-c", script], variables: ["FOLDLOG_DATA=\(session.data)"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try session.lines() == events(1...2) + ["{\"n\":3}"])
  }

  @Test func `links that lead back to their folder are gone through once`() throws {
    let session = try FollowSession()
    for name in ["one", "two"] { try session.directory.makeSymbolicLink("in/\(name)", to: "in") }
    try session.append("a.jsonl", events(1...1))
    let follower = try session.follow(".")
    #expect(try session.lines(atLeast: 1) == events(1...1))
    try session.append("a.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2) == events(1...2))
    try session.stop(follower)
  }

  @Test func `when nobody reads what a follower complains of, it goes on`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(1...1))
    session.prefix = ["bash", "-c", "exec \"$@\" 2> >(exit)", "bash"]
    let follower = try session.follow("a.jsonl", "late.jsonl")
    #expect(try session.lines(atLeast: 1) == events(1...1))
    for number in 2...4 {
      try session.append("a.jsonl", ["no event \(number)"] + events(number...number))
      #expect(try session.lines(atLeast: number) == events(1...number))
    }
    try session.stop(follower)
    #expect(follower.output.hasPrefix("7 lines: 4 events"))
  }

  @Test func `what gives nothing yet, or never, is told of once`() throws {
    let session = try FollowSession()
    try session.directory.makeFolder("in/empty")
    try session.append("a.jsonl", events(1...1))
    _ = try session.directory.makePipe("in/pipe.jsonl")
    let follower = try session.follow(
      "a.jsonl", "late/b.jsonl", "pipe.jsonl", "/dev/null", "empty", "*.log")
    #expect(eventually { follower.errors.contains("*.log") }, "\(follower.errors)")
    try session.directory.makeFolder("in/late")
    try session.append("late/b.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2).sorted() == events(1...2))
    try session.append("empty/c.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3).last == events(3...3).last)
    try session.append("d.log", events(4...4))
    #expect(try session.lines(atLeast: 4).last == events(4...4).last)
    try session.stop(follower)
    #expect(
      follower.errors.split(separator: "\n") == [
        "foldlog: late/b.jsonl: nothing is there yet: it is taken once it comes",
        "foldlog: pipe.jsonl: it is no regular file, and is not followed",
        "foldlog: /dev/null: it is no regular file, and is not followed",
        "foldlog: empty: no file named *.jsonl or *.ndjson is there yet: it is taken once it comes",
        "foldlog: *.log: nothing fits it yet: what does is taken",
      ])
  }

  @Test func `a file system that is mounted over a followed folder is followed, without polling`()
    throws
  {
    let session = try FollowSession()
    try session.directory.makeFolder("in/disk")
    let disk = session.directory.file("in/disk")
    try session.append("disk/a.jsonl", events(1...1))
    let follower = try session.follow("disk")
    #expect(try session.lines(atLeast: 1) == events(1...1))
    guard isRoot, try run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status == 0
    else {
      print("skipped: no disk can be mounted here")
      return
    }
    defer { _ = try? run("umount", ["-l", disk]) }
    try session.append("disk/a.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2, withinSeconds: 30) == events(1...2))
    try session.append("disk/a.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3) == events(1...3))
    try session.stop(follower)
  }
}
