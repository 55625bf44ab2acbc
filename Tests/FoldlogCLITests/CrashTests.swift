import TestSupport
import Testing

/// Killed at any moment, and several at once: the same lines, once.
@Suite struct CrashTests {
  private func lines(_ count: Int, from first: Int = 0) -> String {
    (first..<(first + count)).map { number in
      "{\"event\":\"query_completion\",\"query_id\":\"q\(number)\",\"query\":\"why number \(number)\","
        + "\"response\":\"because of \(number % 7)\",\"success\":true,\"ts\":\(1_767_225_600 + number)}\n"
    }.joined()
  }

  @Test(arguments: [UInt64(41), 42])
  func `kill -9 at random moments loses and doubles nothing`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let session = try Session()
    let text = lines(30_000)
    let path = try session.directory.write("aidb-events.jsonl", text)
    for _ in 0..<8 {
      let seconds = "0.\(Int.random(in: 10...90, using: &random))"
      _ = try run(
        "timeout", ["-s", "KILL", seconds, foldlogBinary, "ingest", path],
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    }
    #expect(try session.foldlog("ingest", path).status == 0, "seed \(seed)")
    #expect(try session.foldlog("log", "export").output == text, "seed \(seed)")
    let verified = try session.foldlog("verify")
    #expect(verified.status == 0, "seed \(seed): \(verified.output)\(verified.errors)")
  }

  @Test func `pipes and files taken at once lose and double nothing`() throws {
    let session = try Session()
    let shared = try session.directory.write("aidb-shared.jsonl", lines(3_000))
    var commands: [String] = []
    for number in 0..<4 {
      let path = try session.directory.write(
        "pipe-\(number)", lines(1_000, from: 10_000 + number * 1_000))
      commands.append("\(foldlogBinary) ingest --no-project --stream aidb < \(path)")
      commands.append("\(foldlogBinary) ingest --no-project \(shared)")
    }
    let script = commands.map { "(\($0) || echo failed) &" }.joined(separator: " ") + " wait"
    let result = try run(
      "sh", ["-c", script], variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(!result.output.contains("failed"), "\(result.errors)")
    let stored = try session.foldlog("log", "export").output.split(separator: "\n")
    #expect(stored.count == 7_000)
    #expect(Set(stored).count == 7_000)
    #expect(try session.foldlog("log", "verify").status == 0)
  }

  @Test func `retries of the quarantine at once take each line once`() throws {
    let session = try Session()
    let refused = (0..<3_000).map { "{\"n\":\($0)}\n" }.joined()
    try session.foldlog("ingest", "--no-project", input: refused)
    let retry = "(\(foldlogBinary) quarantine retry --stream hybrid || true) &"
    _ = try run(
      "sh", ["-c", "\(retry) \(retry) \(retry) wait"],
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(try session.foldlog("quarantine", "retry", "--stream", "hybrid").status == 0)
    #expect(try session.foldlog("log", "export").output.split(separator: "\n").count == 3_000)
  }

  @Test func `kinds and files that only look the same stay apart`() throws {
    let session = try Session()
    let composed = "{\"event\":\"caf\u{e9}\",\"n\":1}\n"
    let decomposed = "{\"event\":\"cafe\u{301}\",\"n\":2}\n"
    try session.foldlog("ingest", "--stream", "hybrid", input: composed)
    try session.foldlog("ingest", "--stream", "hybrid", input: decomposed)
    #expect(try session.foldlog("log", "verify").status == 0)

    try session.directory.makeFolder("folder")
    try session.directory.write("folder/caf\u{e9}.jsonl", "{\"n\":3}\n")
    try session.directory.write("folder/cafe\u{301}.jsonl", "{\"n\":4}\n")
    try session.foldlog("ingest", "--stream", "hybrid", session.directory.file("folder"))
    #expect(try session.foldlog("log", "export").output.split(separator: "\n").count == 4)
  }

  @Test func `a kind of any length is folded`() throws {
    let session = try Session()
    let kind = "a" + String(repeating: "\u{301}", count: 300)
    let line = "{\"event\":\"\(kind)\",\"iterations\":\"abc\"}\n"
    #expect(try session.foldlog("ingest", "--stream", "hybrid", input: line).status == 0)
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `views under other settings wait, and their neighbours go on`() throws {
    let session = try Session()
    let line = "{\"event\":\"query_completion\",\"query\":\"why\",\"success\":true}\n"
    try session.foldlog("ingest", "--stream", "aidb", input: line)
    try session.directory.write(
      "data/foldlog.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let later = try session.foldlog("ingest", "--stream", "aidb", input: line)
    #expect(later.status == 0)
    #expect(later.errors.contains("foldlog replay values"))
    let deployments = try session.foldlog("query", "deployments", "--format", "json").output
    #expect(deployments.contains("\"offset\":1"))
    let values = try session.foldlog("query", "values", "--format", "json").output
    #expect(values.contains("\"offset\":0"))
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("replay").status == 0)
    let rebuilt = try session.foldlog("query", "values", "--format", "json").output
    #expect(rebuilt.contains("\"offset\":1"))
  }
}
