import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What breaks around `foldlog hook` and `foldlog mcp`: an agent goes on, and nothing is lost or told
/// wrongly.
@Suite struct AgentFaultTests {
  private static let failure = AgentFixture.failure(call: "call-1")

  private func hook(
    _ session: Session, _ input: String = failure, _ moment: String = "tool-failed"
  ) throws -> ChildResult {
    try session.foldlog("hook", moment, "--within-ms", "20000", input: input)
  }

  private func expectSilence(_ result: ChildResult, _ comment: Comment) {
    #expect(
      result.status == 0 && result.output.isEmpty && result.errors.isEmpty,
      "\(comment): \(result)")
  }

  private func shell(_ session: Session, _ script: String, _ words: String...) throws -> ChildResult
  {
    try run(
      "sh", ["-c", script, foldlogBinary] + words,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  private func shown(_ session: Session) throws -> String {
    try session.foldlog(
      "query", "knowledge/advice", "--columns", "advice,shown", "--format", "csv"
    ).output
  }

  @Test func `what cannot be given out is not noted as told`() throws {
    let session = try AgentFixture.session()
    let input = try session.directory.write("input", Self.failure)
    let full = try shell(
      session, "exec \"$0\" hook tool-failed --within-ms 20000 < \"$1\" > /dev/full", input)
    expectSilence(full, "a full device")
    // A pipe that nobody reads: the shell's own end of it is closed before the hook writes.
    let gone = try shell(
      session,
      "mkfifo \"$1.pipe\"; exec 3<> \"$1.pipe\" 4> \"$1.pipe\" 3>&-; "
        + "exec \"$0\" hook tool-failed --within-ms 20000 < \"$1\" >&4 4>&-", input)
    expectSilence(gone, "a closed pipe")
    #expect(try run("test", ["-e", session.directory.file("data/advice.jsonl")]).status == 1)
    for closed: [Int32] in [[0], [1], [2], [0, 1, 2]] {
      let result = try run(
        foldlogBinary, ["hook", "tool-failed", "--within-ms", "20000"],
        input: Array(Self.failure.utf8),
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"], closed: closed)
      #expect(result.status == 0, "\(closed)")
    }
  }

  @Test func `what a hook is given may be long, torn or of another form`() throws {
    let session = try AgentFixture.session()
    let long = String(repeating: "at line 9 of build.ts\\n", count: 200_000)
    let told = try hook(
      session, Self.failure.replacing("not found\"", with: "not found\\n\(long)\""))
    #expect(told.status == 0 && told.output.utf8.count < 4_096, "\(told.errors)")
    #expect(told.output.contains("`bun install` mended it 2 of 2 times"), "\(told.output)")
    let deep = String(repeating: "[", count: 100_000)
    for input in [
      Self.failure.replacing("not found\"", with: "\(String(repeating: "x", count: 17 << 20))\""),
      String(Self.failure.dropLast(20)), "{\"hook_event_name\":\(deep)", "\u{0}\u{0}", "[]", "null",
      Self.failure.replacing("\"Exit code", with: "7, \"e\": \"Exit code"),
      Self.failure.replacing("\"hook_event_name\":\"PostToolUseFailure\",", with: ""),
      #"{"hook_event_name":["PostToolUseFailure"],"error":"tsc: command not found"}"#,
    ] { expectSilence(try hook(session, input), "\(input.prefix(80))") }
  }

  @Test func `no directory, none that may be read, and damage are nothing to an agent`() throws {
    let session = try AgentFixture.session()
    for path in ["/no/such/folder", "/dev/null", "/dev/null/data", ""] {
      expectSilence(
        try session.foldlog(
          "hook", "tool-failed", "--within-ms", "20000", "--data", path, input: Self.failure),
        "\(path)")
    }
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if try run(words[0], words.dropFirst() + [foldlogBinary, "--help"]).status == 0 {
      let input = try session.directory.write("input", Self.failure)
      let script = "exec \(words.joined(separator: " ")) \"$0\" hook tool-failed --within-ms 20000"
      expectSilence(try shell(session, "\(script) < \"$1\"", input), "another user")
    }
    let settings = try session.directory.write("data/foldlog.toml", "[values]\nno_such = 1\n")
    expectSilence(try hook(session), "settings that are wrong")
    #expect(try run("rm", [settings]).status == 0)
    #expect(try hook(session).output.contains("bun install"))
    // A hook folds nothing: who asks a view does.
    #expect(try run("rm", ["-r", session.directory.file("data/views")]).status == 0)
    expectSilence(try hook(session), "no views")
    _ = try session.foldlog("project")
    // A session is told once.
    let other = Self.failure.replacing("\"session_id\":\"a1\"", with: "\"session_id\":\"a2\"")
    #expect(try hook(session, other).output.contains("bun install"))
    let data = session.directory.file("data/log/data.mdb")
    #expect(try run("dd", ["if=/dev/zero", "of=\(data)", "bs=4096", "count=4"]).status == 0)
    expectSilence(try hook(session), "a log that is overwritten")
  }

  @Test func `views of other settings are not told from, until they are folded again`() throws {
    let session = try AgentFixture.session()
    try session.directory.write("data/foldlog.toml", "[values]\nfeedback_per_minute = 19\n")
    expectSilence(try hook(session), "views of other settings")
    let asked = try AgentFixture.fix(session)
    #expect(
      asked.output.contains("what is known cannot be read now")
        && asked.output.contains("\"isError\":true"), "\(asked.output)")
    #expect(asked.output.contains("foldlog replay errors"), "\(asked.output)")
    #expect(try session.foldlog("replay").status == 0)
    #expect(try hook(session).output.contains("`bun install` mended it 2 of 2 times"))
    #expect(try AgentFixture.fix(session).output.contains("`bun install` mended it 2 of 2 times"))
  }

  @Test func `hooks that note at once, and half a line of one that died, lose nothing`() throws {
    let session = try AgentFixture.session()
    try session.directory.write("data/advice.jsonl", "{\"event\":\"advice_gi")
    let input = try session.directory.write("input", Self.failure)
    let all = try shell(
      session,
      "for i in 1 2 3 4 5 6 7 8; do "
        + "sed \"s/:.a1./:\\\"b$i\\\"/\" \"$1\" | \"$0\" hook tool-failed --within-ms 20000 > /dev/null & "
        + "done; wait", input)
    #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
    for _ in 0..<2 { try session.foldlog("ingest", input: "") }
    let advice = try shown(session)
    #expect(advice.contains("bun install,8"), "\(advice)")
    #expect(try session.foldlog("quarantine", "list").output.contains("advice.jsonl"))
  }

  @Test func `a server that runs on takes in what comes to be there, and other settings`() throws {
    let session = try Session()
    func call(_ id: Int, _ name: String, _ arguments: String) -> String {
      #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(name)","arguments":\#(arguments)}}"#
    }
    // The settings change once the note was answered: there is a log then.
    let script = """
      { printf '%s\\n' "$1" "$2" "$3"
        for turn in 1 2 3 4 5 6 7 8 9 10; do [ -e "$FOLDLOG_DATA/log" ] && break; sleep 0.2; done
        sleep 0.5; echo '# as it was' > "$FOLDLOG_DATA/foldlog.toml"
        printf '%s\\n' "$4" "$5"
      } | "$0" mcp
      """
    let all = try shell(
      session, script, AgentFixture.hello, call(1, "note", #"{"text":"Use cents."}"#),
      call(2, "query", #"{"view":"knowledge"}"#),
      call(3, "note", #"{"text":"Use euros."}"#), call(4, "query", #"{"view":"knowledge"}"#))
    let lines = all.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 5 && all.status == 0, "\(all)")
    #expect(!all.output.contains(#""isError":true"#), "\(all.output)")
    #expect(
      lines.last?.contains("Use cents.") == true && lines.last?.contains("Use euros.") == true)
  }

  @Test func `clients at once, beside a writer and replays, are all told the same`() throws {
    let session = try AgentFixture.session()
    let asked = #"{"name":"query","arguments":{"view":"errors/fixes","sort":["successes:desc"]}}"#
    let request = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":\#(asked)}"#
    let hello = AgentFixture.hello
    let quiet = try session.foldlog("mcp", input: "\(hello)\n\(request)\n")
    let answer = try #require(
      quiet.output.split(whereSeparator: \.isNewline).last.map(String.init), "\(quiet)")
    #expect(answer.contains("bun install"))
    func rows(_ line: Substring) -> Substring {
      line.firstRange(of: #"\"more\""#).map { line[..<$0.lowerBound] } ?? line
    }
    // Each client asks before, during and after the replays, over one store that it keeps open.
    let script = """
      for client in 1 2 3; do
        { echo "$1"; for turn in 1 2 3 4 5 6; do echo "$2"; sleep 0.1; done; } \
          | "$0" mcp > "$3.$client" 2> "$3.errors.$client" &
      done
      for turn in 1 2 3; do
        "$0" replay > /dev/null 2>&1 || exit 1
        echo '{"event":"feedback","rating":5}' | "$0" ingest --stream hybrid > /dev/null 2>&1 || exit 2
      done
      wait
      """
    let out = session.directory.file("out")
    let all = try shell(session, script, hello, request, out)
    #expect(all.status == 0, "\(all)")
    for client in 1...3 {
      let lines = try run("cat", ["\(out).\(client)"]).output.split(whereSeparator: \.isNewline)
      #expect(lines.count == 7, "\(lines)")
      // Behind the rows it is said where the views lag.
      #expect(lines.dropFirst().allSatisfy { rows($0) == rows(answer[...]) }, "\(lines)")
    }
  }
}
