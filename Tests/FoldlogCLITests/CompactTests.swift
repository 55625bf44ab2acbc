import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What stays on disk for readers of before, and how it is given back.
@Suite struct CompactTests {
  private let session: FollowSession

  init() throws {
    session = try FollowSession()
    let lines = try workload(4_000, seed: 3)
    try session.directory.write("first.jsonl", lines.joined(separator: "\n"))
    let result = try session.foldlog("ingest", session.directory.file("first.jsonl"))
    #expect(result.status == 0, "\(result.errors)")
  }

  private func workload(_ count: Int, seed: Int) throws -> [Substring] {
    let tool = "\(packageRoot)/tools/workload"
    return try run("python3", [tool, "\(count)", "--seed", "\(seed)"]).output.split(separator: "\n")
  }

  /// The bytes of the builds' files, by their names.
  private func builds() throws -> [String: Int] {
    let listed = try run(
      "sh", ["-c", "stat -c '%n %s' \(session.data)/views/build-*/data.mdb"]
    ).output
    return listed.split(separator: "\n").reduce(into: [:]) { sizes, line in
      let words = line.split(separator: " ")
      sizes[String(words[0].split(separator: "/").dropLast().last ?? "")] = Int(words[1])
    }
  }

  /// A process that sees a build, or the log, as it is now, and was stopped.
  private func stoppedReader(of folder: String) throws -> ChildProcess {
    let reader = try ChildProcess(
      "python3", ["-c", holdingEnvironment, "\(session.data)/\(folder)"])
    #expect(eventually { reader.output == "held\n" }, "\(reader.errors)")
    reader.signal(SIGSTOP)
    return reader
  }

  private func foldlog(_ arguments: String...) throws -> String {
    let result = try run(
      foldlogBinary, arguments, variables: ["FOLDLOG_DATA=\(session.data)"])
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }

  private func take(batches: Int, seed: Int) throws {
    let lines = try workload(batches * 40, seed: seed)
    for batch in 0..<batches {
      let text = lines[batch * 40..<batch * 40 + 40].map { "\($0)\n" }.joined()
      let result = try session.foldlog("ingest", input: text)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func `a stopped reader has no build grow beyond twice its size`() throws {
    let before = try builds()
    #expect(before.keys.sorted() == ["build-1"])
    let reader = try stoppedReader(of: "views/build-1")
    var largest = 0
    for round in 0..<10 {
      try take(batches: 10, seed: 10 + round)
      largest = max(largest, try builds().values.max() ?? 0)
    }
    // It has been replaced, and its file is the reader's alone.
    #expect(try builds()["build-1"] == nil)
    #expect(try builds().count == 1)
    #expect(try run("cat", ["/proc/\(reader.processID)/maps"]).output.contains("(deleted)"))
    #expect(try !foldlog("status").contains("reader of before"))
    #expect(try foldlog("verify").contains("good"))
    _ = try foldlog("compact")
    let size = try builds().values.max() ?? 0
    #expect(largest <= 2 * size, "\(size) with nothing free, \(largest) beside the reader")
  }

  @Test func `without readers of before no build is copied`() throws {
    try take(batches: 5, seed: 5)
    #expect(try builds().keys.sorted() == ["build-1"])
  }

  @Test func `status names who holds what, and compaction gives it back`() throws {
    let reader = try stoppedReader(of: "log")
    try take(batches: 4, seed: 7)
    let status = try foldlog("status")
    let line = status.split(separator: "\n").first { $0.hasPrefix("process ") }
    let words = try #require(line, "\(status)").split(separator: " ")
    #expect(words.starts(with: ["process", "\(reader.processID)", "(python3,", "stopped)", "log"]))
    #expect(Int(words[5]) ?? 0 >= 4, "\(words)")

    // Its file stays while it has it open.
    let beside = try session.foldlog("compact")
    #expect(beside.status == 0)
    #expect(beside.errors.contains("log is left as it is: process \(reader.processID) (python3)"))
    try reader.end()
    let rows = try foldlog("query", "values", "--format", "jsonl")
    let lines = try foldlog("log", "export")
    let after = try foldlog("compact")
    let log = after.split(separator: "\n").first { $0.hasPrefix("log ") }
    #expect(log?.split(separator: " ").last == "log", "\(after)")
    let usage = try foldlog("status").split(separator: "\n")
    for name in ["log ", "catalogue ", "build-"] {
      let line = try #require(usage.first { $0.hasPrefix(name) })
      // The receipt of the compaction leaves two pages free.
      let isFree = name == "log " ? ["8.2", "kB", "0", "B"] : ["0", "B", "0", "B"]
      #expect(
        line.split(separator: " ").dropFirst(3).prefix(4).map(String.init) == isFree, "\(line)")
    }
    #expect(try foldlog("query", "values", "--format", "jsonl") == rows)
    #expect(try foldlog("log", "export") == lines)
    // What comes after is taken as before.
    try take(batches: 2, seed: 8)
    #expect(try foldlog("log", "export").hasPrefix(lines))
    #expect(try foldlog("log", "verify").contains("good"))
    #expect(try foldlog("verify").contains("good"))
  }

  @Test func `views are compacted beside a follower, which goes on in the copies`() throws {
    try take(batches: 3, seed: 9)
    try session.append("a.jsonl", events(0..<20))
    let follower = try session.follow("a.jsonl")
    #expect(try session.lines(atLeast: 4_140).count == 4_140)
    let result = try session.foldlog("compact")
    #expect(result.status == 0)
    #expect(result.errors.contains("log is left as it is: process \(follower.processID) (foldlog)"))
    #expect(try builds()["build-1"] == nil && builds().count == 1)
    try session.append("a.jsonl", events(20..<30))
    #expect(
      try eventually {
        try foldlog("status").contains("4,150") && foldlog("status").contains("live")
      })
    try session.stop(follower)
    #expect(try foldlog("verify").contains("good"))
  }

  @Test func `the builds before are dropped where that is asked for`() throws {
    _ = try foldlog("replay")
    #expect(try builds().count == 2)
    _ = try foldlog("compact")
    #expect(try builds().count == 2)
    _ = try foldlog("replay", "--rollback")
    #expect(try foldlog("compact", "--drop-previous").contains("dropped: build-"))
    #expect(try builds().count == 1)
    #expect(try session.foldlog("replay", "--rollback").status == 66)
    #expect(try foldlog("verify").contains("good"))
  }

  @Test func `on a full disk the builds before make room, and what has none is left`() throws {
    guard let disk = try SmallDisk(size_MiB: 64) else { return }
    let full = try FollowSession(data: "\(disk.path)/data")
    let lines = try workload(4_000, seed: 3)
    for part in 0..<20 {
      let text = lines[part * 200..<part * 200 + 200].map { "\($0)\n" }.joined()
      #expect(try full.foldlog("ingest", input: text).status == 0)
    }
    #expect(try full.foldlog("replay").status == 0)
    let rows = try full.foldlog("query", "values", "--format", "jsonl").output
    try disk.fill()
    let left = try full.foldlog("compact")
    #expect(left.status == 0, "\(left.errors)")
    for name in ["log", "build-1"] {
      #expect(
        left.errors.contains("\(name) is left as it is: no room for a copy of "), "\(left.errors)")
    }
    // Room for the catalogue to say what is gone, and for no copy.
    #expect(try run("truncate", ["-s", "-64K", "\(disk.path)/filler"]).status == 0)
    let dropped = try full.foldlog("compact", "--drop-previous")
    #expect(dropped.status == 0, "\(dropped.errors)")
    #expect(dropped.output.contains("dropped: build-1"), "\(dropped.output)")
    #expect(!dropped.errors.contains("left as it is"), "\(dropped.errors)")
    #expect(try full.foldlog("query", "values", "--format", "jsonl").output == rows)
    #expect(try full.foldlog("verify").status == 0)
    #expect(try full.foldlog("log", "verify").errors == "")
  }
}
