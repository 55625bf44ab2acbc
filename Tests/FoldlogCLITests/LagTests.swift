import TestSupport
import Testing

/// An answer from views that are not what the log would give says so, whoever asks and however.
@Suite struct LagTests {
  private static let lag =
    "foldlog: views lag 3 events behind the log; `foldlog project` brings them up\n"

  private func lagging() throws -> DataFolder {
    let data = try DataFolder()
    try data.ingest(0..<20)
    try data.ingest(20..<23, "--no-project")
    return data
  }

  @Test(arguments: [
    ["query", "values"], ["query", "values", "--format", "json"],
    ["query", "errors", "--format", "jsonl", "--where", "count > 3"],
    ["query", "datasets/pairs", "--format", "csv", "--limit", "1"],
    ["query", "deployments", "--for", "code", "--key", "a"],
    ["explain", "values", "0"], ["explain", "3", "--format", "json"],
    ["dataset", "export", "--format", "openai"],
  ])
  func `every command that answers from views says how far they lag`(_ command: [String]) throws {
    let data = try lagging()
    let result = try run(foldlogBinary, command, variables: ["FOLDLOG_DATA=\(data.path)"])
    // Nothing serves requests here.
    let status: Int32 = command.contains("--for") ? 66 : 0
    #expect(result.status == status && result.errors.hasPrefix(Self.lag), "\(result.errors)")
    #expect(!result.output.contains("lag"))
    #expect(try data.foldlog("project").status == 0)
    let later = try run(foldlogBinary, command, variables: ["FOLDLOG_DATA=\(data.path)"])
    #expect(!later.errors.contains("lag"), "\(later.errors)")
  }

  @Test func `one event is one event, and the past does not lag`() throws {
    let data = try lagging()
    let past = try data.foldlog("query", "values", "--as-of", "21", "--format", "jsonl")
    #expect(past.status == 0 && past.errors.isEmpty, "\(past.errors)")
    #expect(try data.foldlog("project").status == 0)
    try data.ingest(23..<24, "--no-project")
    #expect(try data.foldlog("query", "values").errors.contains("views lag 1 event behind"))
  }

  @Test func `what is kept says where it stands, and does not lag`() throws {
    let data = try DataFolder()
    try data.ingest(0..<20)
    try data.directory.write(
      "data/heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let settings = "\(data.path)/heavier.toml"
    #expect(try data.foldlog("replay", "--what-if", settings, "--keep", "heavier").status == 0)
    try data.ingest(20..<23)
    let result = try data.foldlog("query", "values@heavier", "--format", "csv")
    #expect(result.errors == "foldlog: `values@heavier` stands at 20 of 23 events\n")
  }

  @Test func `a view under other settings is told with what it lacks`() throws {
    let data = try lagging()
    try data.directory.write(
      "data/foldlog.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    for command in [["query", "values", "--format", "json"], ["explain", "values", "0"]] {
      let result = try run(foldlogBinary, command, variables: ["FOLDLOG_DATA=\(data.path)"])
      #expect(result.errors.contains("`values` was built by another version or other settings"))
      #expect(result.errors.contains(Self.lag), "\(result.errors)")
    }
  }

  @Test func `a retry of the quarantine brings the views up, unless it is told not to`() throws {
    let data = try DataFolder()
    let refused = (0..<4).map { "{\"query\":\"why \($0)\",\"n\":\($0)}\n" }.joined()
    #expect(try data.foldlog("ingest", input: refused).status == 65)
    let copy = try data.copy("other")
    let retry = try data.foldlog("quarantine", "retry", "--stream", "hybrid")
    #expect(retry.status == 0 && retry.output.contains("4 taken"), "\(retry.errors)")
    #expect(try !data.foldlog("query", "values").errors.contains("lag"))
    #expect(
      try copy.foldlog("quarantine", "retry", "--stream", "hybrid", "--no-project").status == 0)
    #expect(try copy.foldlog("query", "values").errors.contains("views lag 4 events"))
  }

  @Test func `a retry beside a process that keeps the views leaves them to it`() throws {
    let data = try DataFolder()
    #expect(try data.foldlog("ingest", input: "{\"n\":1}\n").status == 65)
    let lock = try ChildProcess(
      "flock", ["--no-fork", "\(data.path)/views.lock", "sleep", "60"])
    #expect(
      try eventually { try run("flock", ["-n", "\(data.path)/views.lock", "true"]).status != 0 })
    let retry = try data.foldlog("quarantine", "retry", "--stream", "hybrid")
    #expect(retry.status == 0 && retry.errors.contains("another process keeps the views"))
    try lock.end()
  }
}
