import TestSupport
import Testing

/// Time that passes without a line: `foldlog react` says so once, and a replay agrees.
@Suite struct TickTests {
  /// Errors of a day that is long ago, of which an alert is open until a week after.
  private func filled() throws -> Session {
    let session = try Session()
    let lines = (10..<16).map {
      #"{"event":"tool_call","stream":"ralph","error_message":"TypeError: x is not a function","#
        + #""ts":"2026-03-10T08:00:\#($0)Z"}"# + "\n"
    }
    let taken = try session.foldlog("ingest", input: lines.joined())
    #expect(taken.status == 0, "\(taken.errors)")
    return session
  }

  private func column(
    _ name: String, _ session: Session, _ more: String...
  ) throws -> [String] {
    try run(
      foldlogBinary, ["query", "alerts", "--columns", name, "--format", "csv"] + more,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"]
    ).output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  private func ticks(_ session: Session) throws -> [String] {
    try session.foldlog("log", "export", "--kind", "tick").output.split(separator: "\n")
      .map(String.init)
  }

  @Test func `an alert that silence ends is over after one tick, and after a replay`() throws {
    let session = try filled()
    #expect(try column("alert_id", session).count == 1)
    #expect(try column("rule", session, "--where", "resolved_at=null") == ["error_new"])
    // Who only looks writes nothing.
    #expect(try session.foldlog("react", "--dry-run").status == 0)
    #expect(try ticks(session).isEmpty)
    let done = try session.foldlog("react")
    #expect(done.status == 0 && done.output.hasPrefix("0 wants answered"), "\(done.errors)")
    #expect(try column("resolved_at", session) == ["2026-03-17T08:00:15Z"])
    let told = try ticks(session)
    #expect(told.count == 1)
    // Of all that is due by now, there is one.
    #expect(told.first?.contains(#""due_at":"2026-03-1"#) == true, "\(told)")
    let ready = try session.foldlog(
      "query", "datasets/cycles", "--where", "ready=true", "--columns", "trigger", "--format", "csv"
    ).output
    #expect(ready.contains("evaluation") && ready.contains("patterns") && ready.contains("weekly"))
    for _ in 0..<2 { #expect(try session.foldlog("react").status == 0) }
    #expect(try ticks(session) == told)
    let rows = try session.foldlog("query", "alerts", "--format", "jsonl").output
    #expect(try session.foldlog("replay", "alerts", "datasets").status == 0)
    #expect(try session.foldlog("query", "alerts", "--format", "jsonl").output == rows)
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("log", "verify").status == 0)
  }

  @Test func `where nothing is due, who follows writes nothing`() throws {
    let session = try filled()
    #expect(try session.foldlog("react").status == 0)
    let data = session.directory.file("data")
    func sum() throws -> String { try run("sha256sum", ["\(data)/log/data.mdb"]).output }
    let told = try ticks(session)
    let written = try sum()
    let child = try ChildProcess(
      foldlogBinary, ["react", "--follow"], variables: ["FOLDLOG_DATA=\(data)"])
    TestSupport.pause(milliseconds: 3_500)
    child.signal(15)
    let ended = try child.wait()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try sum() == written)
    #expect(try ticks(session) == told)
  }
}
