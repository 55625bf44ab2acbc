import Bytes
import Events
import Query
import TestSupport
import Testing
import Views

@testable import Foldlog

/// What is answered of transcripts: outcomes, errors, commands, days, and what the log shows.
@Suite struct TranscriptAnswerTests {
  private let directory: TemporaryDirectory
  private let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store(directory: DataDirectory(path: directory.file("data")))
  }

  /// Lines of a session of Claude Code.
  private struct Session {
    let name: String
    private(set) var lines: [String] = []

    init(_ name: String) { self.name = name }

    mutating func add(_ type: String, _ time: String, _ rest: String) {
      lines.append(
        #"{"type":"\#(type)","uuid":"\#(name)-\#(lines.count)","sessionId":"\#(name)","cwd":"/p","#
          + #""timestamp":"2026-05-\#(time):00Z",\#(rest)}"#)
    }

    mutating func ask(_ text: String, _ time: String) {
      add("user", time, #""message":{"role":"user","content":"\#(text)"}"#)
    }

    mutating func say(_ text: String, _ time: String) {
      add(
        "assistant", time,
        #""message":{"id":"\#(name)-m\#(lines.count)","model":"claude-opus-4-5","role":"assistant","#
          + #""content":[{"type":"text","text":"\#(text)"}],"stop_reason":"end_turn","#
          + #""usage":{"input_tokens":10,"output_tokens":5}}"#)
    }

    mutating func fail(_ text: String, _ time: String) {
      add(
        "assistant", time,
        #""isApiErrorMessage":true,"error":"server_error","message":{"id":"\#(name)-e\#(lines.count)","#
          + #""model":"<synthetic>","content":[{"type":"text","text":"\#(text)"}]}"#)
    }

    mutating func run(_ command: String, _ output: String, isError: Bool = false, _ time: String) {
      let id = "\(name)-t\(lines.count)"
      add(
        "assistant", time,
        #""message":{"id":"\#(name)-m\#(lines.count)","model":"claude-opus-4-5","role":"assistant","#
          + #""content":[{"type":"tool_use","id":"\#(id)","name":"Bash","#
          + #""input":{"command":"\#(command)"}}],"stop_reason":"tool_use","#
          + #""usage":{"input_tokens":10,"output_tokens":5}}"#)
      let detail = isError ? #""Error""# : #"{"stdout":"","stderr":"","interrupted":false}"#
      add(
        "user", time,
        #""toolUseResult":\#(detail),"message":{"role":"user","content":[{"type":"tool_result","#
          + #""tool_use_id":"\#(id)","is_error":\#(isError),"content":"\#(output)"}]}"#)
    }
  }

  private func take(_ session: Session) throws {
    let text = session.lines.map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(text.utf8), source: session.name, stream: nil)
    try store.fold()
  }

  private func rows(of table: String) throws -> [AnswerRow] {
    try answerRows(of: table, in: store)
  }

  @Test(arguments: [false, true])
  func `a call that failed and was made again leaves no failure`(_ isInMidTurn: Bool) throws {
    var session = Session("s")
    session.ask("a", "01T10:00")
    if isInMidTurn { session.run("ls", "x", "01T10:01") }
    session.fail("API Error: 500 overloaded", "01T10:02")
    session.say("ok", "01T10:03")
    try take(session)
    let value = try #require(try rows(of: "values").first)
    #expect(value["outcome"] == .text("success"))
    #expect(value["outcome_basis"] == .text("self"))
  }

  @Test func `each failure of the service is an error of its session`() throws {
    var session = Session("s")
    session.ask("a", "01T10:00")
    session.run("ls", "x", "01T10:01")
    session.fail("API Error: 529", "01T10:02")
    session.fail("API Error: 529", "01T10:02")
    try take(session)
    #expect(try rows(of: "sessions").first?["errors"] == .integer(2))
    #expect(try rows(of: "sessions/agents").first?["errors"] == .integer(2))
    #expect(try rows(of: "errors/events").count == 2)
  }

  @Test func `a check that failed behind a pipe breaks, and a longer command mends it`() throws {
    var session = Session("s")
    session.ask("a", "01T10:00")
    session.run("npm run lint 2>&1 | tail -5", "✖ 3 problems (1 error, 2 warnings)", "01T10:01")
    session.run("sed -i s/a/b/ a.ts", "", "01T10:02")
    session.run("npm run lint && npm test", "Tests: 3 passed, 3 total", "01T10:03")
    session.say("done", "01T10:04")
    try take(session)
    let commands = try rows(of: "tools/commands")
    let lint = try #require(commands.first { $0["command"] == .text("npm run lint") })
    #expect(lint["failures"] == .integer(1))
    #expect(try rows(of: "sessions").first?["tool_failures"] == .integer(0))
    let error = try #require(try rows(of: "errors").first)
    #expect(error["unresolved"] == .integer(0))
    let fix = try #require(try rows(of: "errors/fixes").first)
    #expect(fix["fix"] == .text("sed -i s/a/b/ a.ts"))
    let event = try #require(try rows(of: "errors/events").first)
    #expect(event["mended_by"] == fix["fix"])
    #expect(event["mended_at"] == .time(try #require(Timestamp(parsing: "2026-05-01T10:03:00Z"))))
  }

  /// Files of one session, one with its results and one with all else.
  @Test(arguments: [true, false])
  func `what mended a failure is learnt, whichever file is read first`(_ isResultFirst: Bool) throws
  {
    var session = Session("s")
    session.ask("a", "01T10:00")
    session.run("npm test", "Error: Cannot find module 'left-pad'", isError: true, "01T10:01")
    session.run("npm install left-pad", "added 1 package", "01T10:02")
    session.run("npm test", "Tests: 3 passed, 3 total", "01T10:03")
    session.say("done", "01T10:04")
    let results = session.lines.filter { $0.contains("tool_result") }
    let others = session.lines.filter { !$0.contains("tool_result") }
    let files = [("results", results), ("others", others)]
    for (name, lines) in isResultFirst ? files : files.reversed() {
      let text = lines.map { $0 + "\n" }.joined()
      try store.ingest(lines: Array(text.utf8), source: name, stream: nil)
    }
    try store.fold()
    let fixes = try rows(of: "errors/fixes")
    #expect(fixes.map { $0["fix"] } == [.text("npm install left-pad")])
    #expect(fixes.first?["successes"] == .integer(1))
    #expect(try rows(of: "errors").map { $0["unresolved"] } == [.integer(0)])
    let row = try #require(try rows(of: "sessions").first)
    #expect(row["errors"] == .integer(1))
    // A line each, and the request.
    #expect(row["events"] == .integer(Int64(session.lines.count) + 3))
    #expect(try rows(of: "tools/commands").map { $0["failures"] } == [.integer(0), .integer(1)])
  }

  private func events(_ ask: (inout LogRequest) -> Void) throws -> [ShownEvent] {
    var request = LogRequest()
    ask(&request)
    var found: [ShownEvent] = []
    try LogService(store).forEachEvent(request.checked(for: .builtIn), withFields: true) { event in
      found.append(event)
      return true
    }
    return found
  }

  @Test func `the log is asked for what the lines of a transcript tell`() throws {
    var session = Session("s")
    session.ask("big work", "01T10:00")
    session.run("git push", "no", isError: true, "01T10:01")
    session.fail("API Error: 529", "01T10:02")
    session.say("done", "01T10:03")
    try take(session)
    let codex = Transcripts.codex.map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(codex.utf8), source: "codex", stream: nil)
    try store.fold()
    #expect(try events { $0.session = "s" }.map(\.offset) == [0, 1, 2, 3, 4])
    #expect(try events { $0.session = "c-one" }.count > 5)
    #expect(try events { $0.kind = "tool_call" }.first?.offset == 1)
    #expect(try events { $0.kind = "claude-code/user" }.map(\.offset) == [0, 2])
    #expect(try events { $0.filters = ["model ~ opus"] }.map(\.offset) == [1, 4])
    #expect(try events { $0.filters = ["prompt ~ big"] }.map(\.offset) == [0])
    #expect(try events { $0.filters = ["kind = tool_result", "stream = ralph"] }.count == 2)
    let all = try events { $0.session = "s" }
    #expect(all[1].fields?.text(.command) == "git push")
    #expect(all[1].fields?.number(.tokensOutput) == FixedPoint(hundredths: 500))
    #expect(all[3].fields?.text(.errorMessage) == "API Error: 529")
  }

  private func day(_ date: String) throws -> DayReport {
    var request = TodayRequest()
    request.date = date
    request.zone = "UTC"
    return try TodayService(store).report(request.checked(for: store.projectors))
  }

  @Test func `a day of which nothing is known names the last before it`() throws {
    var first = Session("s")
    first.ask("a", "01T10:00")
    first.say("done", "01T10:01")
    try take(first)
    #expect("\(try #require(try day("2026-05-20").lastDate))" == "2026-05-01")
    #expect(try day("2026-04-01").lastDate == nil)
    #expect(try day("2026-05-01").lastDate == nil)
  }

  /// What a run printed of an agent that it sent out, and the agent's own file.
  @Test(arguments: [true, false])
  func `a tool is of the agent whose file tells of it, whichever is read first`(
    _ isStreamFirst: Bool
  ) throws {
    let message =
      #""message":{"id":"m2","model":"claude-haiku-4-5","role":"assistant","content":[{"type":"tool_use","#
      + #""id":"t2","name":"Bash","input":{"command":"ls"}}],"stop_reason":"tool_use","#
      + #""usage":{"input_tokens":10,"output_tokens":5}}"#
    let printed =
      #"{"type":"assistant","session_id":"s","uuid":"u1","parent_tool_use_id":"t1",\#(message)}"#
    let own =
      #"{"type":"assistant","sessionId":"s","uuid":"u2","agentId":"a9","isSidechain":true,"cwd":"/p","#
      + #""timestamp":"2026-05-01T10:00:00Z",\#(message)}"#
    let files = [("stream", printed), ("own", own)]
    for (name, line) in isStreamFirst ? files : files.reversed() {
      try store.ingest(lines: Array((line + "\n").utf8), source: name, stream: nil)
    }
    try store.fold()
    let agents = try rows(of: "sessions/agents").filter { $0["tool_calls"] != .integer(0) }
    #expect(agents.map { $0["agent_id"] } == [.text("a9")])
    #expect(agents.map { $0["model_calls"] } == [.integer(1)])
    #expect(try rows(of: "sessions").map { $0["tool_calls"] } == [.integer(1)])
  }

  @Test func `a day says up to which event it is, and what is added meanwhile is not in it`() throws
  {
    var first = Session("s")
    first.ask("count apples", "01T10:00")
    first.say("There are three.", "01T10:04")
    try take(first)
    let known = try day("2026-05-01")
    #expect(known.offset == 1 && known.views.map(\.name) == ["values", "errors", "sessions"])
    #expect(known.views.allSatisfy { $0.offset == 1 })
    try store.reading.withViews(["values", "sessions"]) { opened in
      var second = Session("t")
      second.ask("count pears", "01T11:00")
      try take(second)
      for view in opened {
        #expect(view.offset == 1)
        let table = try #require(store.projectors.answers.first { $0.name == view.name })
        var rows = 0
        try table.forEach(in: view.tables) { _ in
          rows += 1
          return true
        }
        #expect(rows == 1, "\(view.name)")
      }
    }
    #expect(try day("2026-05-01").offset == 2)
  }

  @Test func `a day that is past stays as it was`() throws {
    var first = Session("s")
    first.ask("count apples", "01T10:00")
    first.run("make apples", "no apples are left", isError: true, "01T10:01")
    first.run("make pears", "pears are rotten", isError: true, "01T10:02")
    first.run("make pears", "pears are rotten", isError: true, "01T10:03")
    first.say("It is bad", "01T10:04")
    try take(first)
    let before = try day("2026-05-01")
    #expect(before.broken.map(\.title) == ["pears are rotten", "no apples are left"])
    #expect(before.broken.map(\.detail) == ["2 times", "1 time"])
    #expect(before.mended.isEmpty)
    #expect(before.open.count == 2)
    // It goes on the day after the next.
    var later = first
    later.ask("count apples once more", "03T10:00")
    later.run("sed -i s/a/b/ apples", "", "03T10:01")
    later.run("make apples", "3", "03T10:02")
    later.run("make pears", "pears are rotten", isError: true, "03T10:03")
    later.say("Three", "03T10:04")
    let text = later.lines.dropFirst(first.lines.count).map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(text.utf8), source: "later", stream: nil)
    try store.fold()
    let after = try day("2026-05-01")
    #expect(after.broken.map(\.title) == before.broken.map(\.title))
    #expect(after.broken.map(\.detail) == before.broken.map(\.detail))
    #expect(after.open.map(\.title) == before.open.map(\.title))
    #expect(after.mended.isEmpty)
    #expect(after.sessions.map(\.detail) == before.sessions.map(\.detail))
    let between = try day("2026-05-02")
    #expect(between.isEmpty)
    let last = try day("2026-05-03")
    #expect(last.mended.map(\.title) == ["no apples are left"])
    #expect(last.mended.map(\.detail) == ["by sed -i s/a/b/ apples"])
    #expect(last.broken.map(\.detail) == ["1 time"])
    #expect(last.projects.map(\.sessions) == [1])
  }

  @Test func `what an ingest says of unread formats is of its own lines`() throws {
    let lines = (0..<3).map {
      #"{"type":"system","uuid":"a\#($0)","sessionId":"s","cwd":"/p","systemPayload":{}}"#
    }
    let qwen = try directory.write("a.jsonl", lines.map { $0 + "\n" }.joined())
    #expect(try ingest([qwen], into: store).notUnderstood.contains { $0.hasPrefix("3 lines look") })
    var session = Session("s")
    session.ask("a", "01T10:00")
    let other = try directory.write("b.jsonl", session.lines[0] + "\n")
    #expect(try ingest([other], into: store).notUnderstood.isEmpty)
  }

  @Test func `a file whose whole lines are taken is complete, and what is left to take is told`()
    throws
  {
    for folder in ["home", "home/.claude", "home/.claude/projects", "home/.claude/projects/p"] {
      try directory.makeFolder(folder)
    }
    var session = Session("s")
    session.ask("a", "01T10:00")
    let line = session.lines[0] + "\n"
    let path = try directory.write("home/.claude/projects/p/a.jsonl", line + #"{"type":"us"#)
    try directory.write("home/.claude/projects/p/.b.jsonl", line)
    func found() throws -> DiscoveredStore? {
      try DiscoverService(store).stores(environment: {
        $0 == "HOME" ? directory.file("home") : nil
      }).first
    }
    var claude = try #require(try found())
    #expect(claude.files == 1 && claude.complete == 0)
    #expect(claude.leftBytes == UInt64(line.utf8.count + 11))
    #expect(claude.otherBytes == UInt64(line.utf8.count))
    try ingest([path], into: store)
    claude = try #require(try found())
    #expect(claude.files == 1 && claude.complete == 1 && claude.leftBytes == 0)
    let absent = DiscoverService(store).absentFolders {
      $0 == "HOME" ? directory.file("home") : nil
    }
    #expect(absent.contains(directory.file("home/.codex/sessions")))
    #expect(!absent.contains(directory.file("home/.claude/projects")))
    #expect(!absent.contains { $0.contains(".qwen") })
  }
}
