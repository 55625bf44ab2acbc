import TestSupport
import Testing

/// `ingest --follow` where the system sets limits: descriptors, permissions, disks.
@Suite struct FollowLimitTests {
  /// Runs what follows with so many descriptors, and none that others left open.
  private func limited(to count: Int) -> [String] {
    let script = """
      for number in /proc/$$/fd/*; do
        number=${number##*/}
        if [ $number -gt 2 ]; then eval "exec $number>&-"; fi
      done
      ulimit -n \(count); exec "$@"
      """
    return ["bash", "-c", script, "bash"]
  }

  @Test func `5,000 files under 256 descriptors are all read, and all followed`() throws {
    let session = try FollowSession()
    for number in 0..<20 { try session.directory.makeFolder("in/\(number)") }
    for number in 0..<5_000 {
      try session.append("\(number % 20)/\(number).jsonl", ["{\"n\":\(number)}"])
    }
    session.prefix = limited(to: 256)
    let follower = try session.follow("--no-project", ".")
    #expect(try session.lines(atLeast: 5_000).count == 5_000, "\(follower.errors)")
    for number in stride(from: 0, to: 5_000, by: 7) {
      try session.append("\(number % 20)/\(number).jsonl", ["{\"n\":\(10_000 + number)}"])
    }
    let expected = 5_000 + (0..<5_000).count { $0.isMultiple(of: 7) }
    let lines = try session.lines(atLeast: expected)
    #expect(lines.count == expected && Set(lines).count == expected)
    try session.stop(follower)
    #expect(follower.errors == "")
  }

  @Test(arguments: [81, 86, 100])
  func `300 files under few descriptors are all read and projected, and all followed`(
    _ limit: Int
  ) throws {
    let session = try FollowSession()
    let numbers = 100..<400
    for number in numbers { try session.append("\(number).jsonl", events([number])) }
    session.prefix = limited(to: limit)
    let follower = try session.follow(".")
    #expect(try session.lines(atLeast: 300).count == 300, "\(follower.errors)")
    for number in numbers { try session.append("\(number).jsonl", events([1_000 + number])) }
    let all = events(numbers) + events(1_100..<1_400)
    #expect(try session.lines(atLeast: 600).sorted() == all.sorted(), "\(follower.errors)")
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output.contains("\"offset\":599")
      }, "\(follower.errors)")
    try session.stop(follower)
    #expect(follower.errors == "")
  }

  @Test func `with fewer descriptors than it needs, a follower says how many, and begins nothing`()
    throws
  {
    let session = try FollowSession()
    try session.append("a.jsonl", events(1...1))
    session.prefix = limited(to: 20)
    let follower = try session.follow(".")
    let result = try follower.wait()
    #expect(result.status == 74)
    #expect(result.errors.split(separator: "\n").count == 1)
    let needed = try #require(
      result.errors.split(separator: " ").compactMap { Int($0) }.first, "\(result.errors)")
    #expect(result.errors.contains("needs \(needed) open files"))
    #expect(result.errors.contains("gives this process 20"))
    #expect(result.errors.contains("ulimit -n \(needed)"))
    // What it asks for is enough.
    session.prefix = limited(to: needed)
    let second = try session.follow(".")
    #expect(try session.lines(atLeast: 1) == events(1...1), "\(second.errors)")
    try session.stop(second)
    #expect(second.errors == "")
  }

  @Test func `what could still not be read when a follower ends is named, ten at most, with 74`()
    throws
  {
    let session = try FollowSession()
    try session.directory.makeFolder("data")
    guard let prefix = try unprivileged(session) else {
      print("skipped: permissions bind nobody here")
      return
    }
    session.prefix = prefix
    for number in 10..<22 {
      try session.append("\(number).jsonl", events([number]))
      try session.directory.setPermissions("in/\(number).jsonl", 0)
    }
    try session.append("a.jsonl", events([1]))
    try session.directory.setPermissions("in/a.jsonl", 0o644)
    let follower = try session.follow(".")
    #expect(try session.lines(atLeast: 1) == events([1]))
    #expect(eventually { follower.errors.split(separator: "\n").count == 12 })
    #expect(follower.errors.contains("10.jsonl: Permission denied: this user has no right to read"))
    follower.signal(15)
    let result = try follower.wait()
    #expect(result.status == 74)
    #expect(result.output.hasPrefix("1 line: 1 event"))
    let last = result.errors.split(separator: "\n").dropFirst(12)
    #expect(last.count == 11)
    for (number, text) in zip(10..<20, last) {
      #expect(text.hasPrefix("foldlog: not read to the end: \(number).jsonl: Permission denied"))
    }
    #expect(last.last?.hasPrefix("foldlog: and 2 more") == true)
  }

  /// Runs what follows as a user whom permissions bind; nil when that cannot be had.
  private func unprivileged(_ session: FollowSession) throws -> [String]? {
    if !isRoot { return [] }
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let folders = ["", "in", "data"].map(session.directory.file)
    guard try run("chown", ["65534:65534"] + folders).status == 0,
      try run(words[0], Array(words[1...]) + [foldlogBinary, "--help"]).status == 0
    else { return nil }
    return words
  }

  @Test func `a file whose permission is lost is named, and goes on when it is back`() throws {
    let session = try FollowSession()
    try session.directory.makeFolder("data")
    guard let prefix = try unprivileged(session) else {
      print("skipped: permissions bind nobody here")
      return
    }
    session.prefix = prefix
    for name in ["a.jsonl", "b.jsonl"] {
      try session.append(name, ["{\"file\":\"\(name)\"}"])
      try session.directory.setPermissions("in/\(name)", 0o644)
    }
    let first = try session.follow("a.jsonl", "b.jsonl")
    #expect(try session.lines(atLeast: 2).count == 2)
    try first.end()
    try session.directory.setPermissions("in/a.jsonl", 0)
    try session.append("a.jsonl", events(1...1))
    try session.append("b.jsonl", events(2...2))
    let second = try session.follow("a.jsonl", "b.jsonl")
    // The others go on.
    #expect(try session.lines(atLeast: 3).last == events(2...2).last)
    #expect(eventually { second.errors.contains("a.jsonl: ") })
    #expect(second.errors.contains("ermission"))
    // And once: by hand it says the same, and takes the others.
    let byHand = try session.start([
      "ingest", "--no-project", "--stream", "hybrid", "a.jsonl", "b.jsonl",
    ])
    #expect(try byHand.wait().status == 74)
    #expect(byHand.errors.contains("a.jsonl: "))
    try session.directory.setPermissions("in/a.jsonl", 0o644)
    #expect(try session.lines(atLeast: 4).last == events(1...1).last)
    // A folder that may not be looked into, and may again.
    try session.directory.setPermissions("in", 0)
    try session.append("a.jsonl", events(3...3))
    try session.directory.setPermissions("in", 0o755)
    #expect(try session.lines(atLeast: 5).last == events(3...3).last)
    try session.stop(second)
    #expect(second.errors.split(separator: "\n").count { $0.contains("a.jsonl: ") } <= 2)
  }

  @Test func `a full disk stops nothing but the taking, which goes on when there is room`() throws {
    let mount = try TemporaryDirectory()
    try mount.makeFolder("disk")
    let disk = mount.file("disk")
    guard isRoot,
      try run("mount", ["-t", "tmpfs", "-o", "size=12m", "tmpfs", disk]).status == 0
    else {
      print("skipped: no disk can be mounted here")
      return
    }
    defer { _ = try? run("umount", ["-l", disk]) }
    let session = try FollowSession(data: "\(disk)/data")
    try session.append("a.jsonl", events(0..<100))
    let follower = try session.follow("a.jsonl")
    #expect(try session.lines(atLeast: 100) == events(0..<100))
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output.contains("\"offset\":99")
      })
    _ = try run("dd", ["if=/dev/zero", "of=\(disk)/filler", "bs=4096"])
    // More than what is left in pages that the log has already.
    var random = SeededRandom(seed: 30)
    let wide = (100..<400).map { number in
      let noise = (0..<500).map { _ in
        String(UInt64.random(in: 0 ... .max, using: &random), radix: 36)
      }
      return "{\"n\":\(number),\"noise\":\"\(noise.joined())\"}"
    }
    try session.append("a.jsonl", wide)
    #expect(eventually { follower.errors.contains("goes on by itself") }, "\(follower.errors)")
    #expect(try follower.hasEnded() == false)
    try session.append("a.jsonl", events(1...1))
    #expect(try run("rm", ["\(disk)/filler"]).status == 0)
    let all = events(0..<100) + wide + events(1...1)
    #expect(try session.lines(atLeast: all.count) == all, "\(follower.errors)")
    #expect(eventually { follower.errors.contains("there is room again") })
    #expect(
      try eventually {
        try session.foldlog("query", "values", "--format", "json").output
          .contains("\"offset\":\(all.count - 1)")
      }, "\(follower.errors)")
    try session.stop(follower)
    #expect(try session.foldlog("verify").status == 0)
  }
}
