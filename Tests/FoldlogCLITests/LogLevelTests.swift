import TestSupport
import Testing

/// What a process logs to standard error, beside what it tells a person.
@Suite struct LogLevelTests {
  /// Without what is told.
  private func logged(_ errors: String) -> [Substring] {
    errors.split(separator: "\n").filter { !$0.hasPrefix("foldlog: ") }
  }

  @Test func `a follower logs what becomes of its files, and nothing that they say`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(1...2) + ["{\"query\":\"why a torn line"])
    let follower = try session.follow("--log-level", "info", "a.jsonl*")
    #expect(try session.lines(atLeast: 2).count == 2)
    try session.directory.rename("in/a.jsonl", "in/a.jsonl.1")
    try session.append("a.jsonl", events(3...3))
    #expect(try session.lines(atLeast: 3).count == 3)
    try session.stop(follower)
    let lines = logged(follower.errors)
    let wanted = [
      "following begins files_max=", "source found path=a.jsonl source=1", "lines refused count=1",
      "source found path=a.jsonl source=2", "build begun build=build-1", "build serves",
      "following ends events=3",
    ]
    for part in wanted {
      #expect(lines.contains { $0.contains(" foldlog: \(part)") }, "\(part): \(follower.errors)")
    }
    #expect(!lines.contains { $0.contains("why") }, "\(follower.errors)")
    #expect(lines.allSatisfy { $0.utf8.starts(with: "20".utf8) }, "\(follower.errors)")
  }

  @Test func `unless a level is given, nothing is logged`() throws {
    let session = try FollowSession()
    try session.append("ralph-events.jsonl", ["{\"event\":\"task_completed\"}", "{"])
    let path = session.directory.file("in/ralph-events.jsonl")
    let quiet = try session.foldlog("ingest", path)
    #expect(logged(quiet.errors).isEmpty, "\(quiet.errors)")
    let variables = ["FOLDLOG_DATA=\(session.directory.file("other"))", "FOLDLOG_LOG_LEVEL=notice"]
    let loud = try run(foldlogBinary, ["ingest", path], variables: variables)
    #expect(loud.status == 0)
    #expect(logged(loud.errors).contains { $0.contains("notice foldlog: lines refused count=1") })
    #expect(!loud.errors.contains(" info foldlog: "))
    // What is said on the command line goes before, wherever it is said.
    for arguments in [["--log-level", "error", "status"], ["status", "--log-level", "error"]] {
      #expect(try run(foldlogBinary, arguments, variables: variables).errors.isEmpty)
    }
  }

  @Test func `an unknown level is wrong usage, whoever says it`() throws {
    let session = try FollowSession()
    let given = try session.foldlog("status", "--log-level", "loud")
    let set = try run(
      foldlogBinary, ["status"],
      variables: ["FOLDLOG_DATA=\(session.data)", "FOLDLOG_LOG_LEVEL=loud"])
    for result in [given, set] {
      #expect(result.status == 64)
      #expect(result.errors.contains("there is no level `loud`: there are trace, debug"))
    }
  }

  @Test func `where standard error is the journal, lines have its priorities`() throws {
    let session = try FollowSession()
    try session.append("ralph-events.jsonl", ["{\"event\":\"task_completed\"}"])
    let command = """
      cd '\(session.directory.path)' && : > err && \
      JOURNAL_STREAM=$(stat -c %d:%i err) '\(foldlogBinary)' --data data ingest \
      --log-level info in/ralph-events.jsonl 2> err && cat err && \
      JOURNAL_STREAM=1:1 '\(foldlogBinary)' --data other ingest \
      --log-level info in/ralph-events.jsonl
      """
    let result = try run("sh", ["-c", command])
    #expect(result.status == 0)
    #expect(result.output.contains("\n<6>foldlog: source found path="), "\(result.output)")
    #expect(result.errors.contains("Z info foldlog: source found path="), "\(result.errors)")
  }
}
