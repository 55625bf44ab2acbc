import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Containers that share a data directory: foldlog is process 1 in each.
@Suite(.enabled(if: Namespaces.runner != nil, "\(Namespaces.requirement)"))
struct NamespaceTests {
  private let session: FollowSession

  init() throws {
    session = try FollowSession()
    session.prefix = try #require(Namespaces.runner)
  }

  /// Runs a command as process 1 of another container, to its end.
  private func foldlog(_ arguments: String...) throws -> ChildResult {
    try session.start(arguments).wait()
  }

  @Test func `every command works beside a follower that has the same process number`() throws {
    try session.append("a.jsonl", events(0..<30))
    let follower = try session.follow(".")
    #expect(try session.lines(atLeast: 30).count == 30)
    try session.append("b.log", events(30..<34))
    for command in [
      ["query", "values", "--format", "jsonl"], ["status"], ["explain", "3"], ["log", "export"],
      ["log", "verify"], ["verify"], ["ingest", "--stream", "hybrid", "b.log"],
      ["query", "values", "--as-of", "20"], ["replay"],
    ] {
      let result = try session.start(command).wait()
      #expect(result.status == 0, "\(command): \(result.errors)")
      #expect(!result.errors.contains("unavailable"), "\(command): \(result.errors)")
    }
    #expect(try session.lines(atLeast: 34).sorted() == events(0..<34).sorted())
    send(SIGTERM, to: follower.inner)
    #expect(try follower.wait().status == 0, "\(follower.errors)")
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `readers and writers that have one number do not wait for one another`() throws {
    try session.append("a.log", events(0..<3))
    #expect(try foldlog("ingest", "--stream", "hybrid", "a.log").status == 0)
    var running: [ChildProcess] = []
    for number in 0..<4 {
      try session.append("w\(number).log", events(100 * number..<100 * number + 3))
      running.append(
        try session.start(["ingest", "--no-project", "--stream", "hybrid", "w\(number).log"]))
      running.append(try session.start(["query", "values"]))
    }
    for child in running {
      let result = try child.wait()
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try session.lines().count == 15)
  }

  @Test func `what another container works in is not taken away from it`() throws {
    try session.append("a.log", events(0..<4_000))
    #expect(try foldlog("ingest", "--stream", "hybrid", "a.log").status == 0)
    func scratches() throws -> [Substring] {
      try run("ls", ["\(session.data)/views"]).output.split(separator: "\n")
        .filter { $0.hasPrefix("scratch-") }
    }
    let first = try session.start(["query", "values", "--as-of", "3000", "--format", "jsonl"])
    #expect(try eventually { try !scratches().isEmpty })
    send(SIGSTOP, to: first.inner)
    let mine = try scratches()
    let second = try foldlog("query", "values", "--as-of", "3000", "--format", "jsonl")
    #expect(second.status == 0, "\(second.errors)")
    #expect(try Set(mine).isSubset(of: scratches()))
    send(SIGCONT, to: first.inner)
    let result = try first.wait()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == second.output)
    #expect(try scratches().isEmpty)
  }

  @Test func `a reader that was killed in a container holds nothing in the next one`() throws {
    try session.append("a.log", events(0..<20))
    #expect(try foldlog("ingest", "--stream", "hybrid", "a.log").status == 0)
    let runner = try #require(Namespaces.runner)
    let reader = try ChildProcess(
      runner[0],
      runner.dropFirst() + ["python3", "-c", holdingEnvironment, "\(session.data)/log"])
    #expect(eventually { reader.output == "held\n" }, "\(reader.errors)")
    try session.append("a.log", events(20..<40))
    #expect(try foldlog("ingest", "--stream", "hybrid", "a.log").status == 0)
    #expect(try foldlog("status").output.contains("a process of another container"))
    try reader.end()
    #expect(
      try eventually { try !foldlog("status").output.contains("reader of before") })
  }
}
