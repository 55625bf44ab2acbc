import TestSupport
import Testing

/// `foldlog hook`: an agent that meets an error again.
@Suite struct HookCommandTests {
  private static let failure = AgentFixture.failure(call: "call-1")

  private func hook(_ session: Session, _ moment: String, _ input: String) throws -> ChildResult {
    try session.foldlog("hook", moment, "--within-ms", "20000", input: input)
  }

  @Test func `what mended the error is told, noted once, and found to be heeded`() throws {
    let session = try AgentFixture.session()
    let told = try hook(session, "tool-failed", Self.failure)
    #expect(told.status == 0 && told.errors.isEmpty, "\(told.errors)")
    #expect(
      told.output.hasPrefix(
        #"{"hookSpecificOutput":{"hookEventName":"PostToolUseFailure","additionalContext":"#),
      "\(told.output)")
    #expect(told.output.contains("`bun install` mended it 2 of 2 times"), "\(told.output)")
    #expect(told.output.contains("`npm link typescript` did not mend it, tried 1 time [line 5]"))
    let spool = session.directory.file("data/advice.jsonl")
    #expect(try run("stat", ["-c", "%a", spool]).output == "600\n")
    let file = try session.directory.write("session.jsonl", AgentFixture.transcript())
    for _ in 0..<3 {
      let taken = try session.foldlog("ingest", file)
      #expect(taken.status == 0, "\(taken.errors)")
    }
    #expect(try AgentFixture.advice(session) == ["bun install,1,1,1,1,0,0"])
    let given = try session.foldlog(
      "log", "export", "--kind", "advice_given")
    #expect(
      given.output.split(whereSeparator: \.isNewline).count == 1, "\(given.output)\(given.errors)")
  }

  @Test func `without evidence, and whatever it is given, it says nothing and ends well`() throws {
    let session = try AgentFixture.session()
    let unknown = Self.failure.replacing("tsc: command not found", with: "the moon is full tonight")
    for (moment, input) in [
      ("tool-failed", unknown), ("tool-failed", "no JSON"), ("tool-failed", ""),
      (
        "prompt",
        #"{"hook_event_name":"UserPromptSubmit","session_id":"a","prompt":"hello there my friend"}"#
      ),
      ("prompt", "{}"), ("stop", #"{"hook_event_name":"Stop","session_id":"a"}"#),
      ("session-start", "[]"), ("no-such-moment", "{}"),
    ] {
      let told = try session.foldlog("hook", moment, input: input)
      #expect(
        told.status == 0 && told.output.isEmpty, "\(moment) \(input): \(told.output)\(told.errors)")
    }
    let nowhere = try session.foldlog(
      "hook", "tool-failed", "--data", "/no/such/folder", input: Self.failure)
    #expect(nowhere.status == 0 && nowhere.output.isEmpty)
    let late = try session.foldlog("hook", "tool-failed", "--within-ms", "0", input: Self.failure)
    #expect(late.status == 0)
  }

  @Test func `at the start of a session it tells what holds for the project`() throws {
    let session = try AgentFixture.session()
    let start =
      #"{"hook_event_name":"SessionStart","session_id":"a","cwd":"/home/dev/web","source":"startup"}"#
    #expect(
      try session.foldlog("note", "--section", "decision", "--project", "/home/dev/web", "Use bun.")
        .status == 0)
    let told = try hook(session, "session-start", start)
    #expect(told.output.contains("What was decided:\\n- Use bun. [line 11]"), "\(told.output)")
    let elsewhere = try hook(session, "session-start", start.replacing("/web", with: "/none"))
    #expect(!elsewhere.output.contains("Use bun"), "\(elsewhere.output)")
  }

  @Test func `the hooks go into settings and out of them, and leave the rest`() throws {
    let session = try Session()
    let home = session.directory.file("home")
    let settings = "{\n  // mine\n  \"model\" : \"opus\",\n  \"hooks\": {\"Stop\": [] }\n}\n"
    #expect(try run("mkdir", ["-p", "\(home)/.claude"]).status == 0)
    let path = try session.directory.write("home/.claude/settings.json", settings)
    #expect(try run("chmod", ["640", path]).status == 0)
    func install(_ words: String...) throws -> ChildResult {
      // The test's own home is handed on: of two the first would count.
      try run("env", ["HOME=\(home)", foldlogBinary, "hook", "install"] + words)
    }
    func text() throws -> String { try run("cat", [path]).output }
    let dry = try install("claude-code", "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("hook tool-failed"), "\(dry.errors)")
    #expect(try text() == settings)
    #expect(try install("claude-code").status == 0)
    let once = try text()
    #expect(once == dry.output && once.contains("// mine"))
    #expect(try install("claude-code", "--user").status == 0)
    #expect(try text() == once)
    #expect(try run("stat", ["-c", "%a", path]).output == "640\n")
    #expect(try install("claude-code", "--remove").status == 0)
    #expect(try text() == settings)
    #expect(try install("codex").status == 0)
    #expect(try run("test", ["-s", "\(home)/.codex/hooks.json"]).status == 0)
    #expect(try install("codex", "--remove").status == 0)
    #expect(try run("test", ["-e", "\(home)/.codex/hooks.json"]).status == 1)
    #expect(try install("cursor").status == 64)
    _ = try session.directory.write("home/.claude/settings.json", "{ no settings")
    #expect(try install("claude-code").status == 65)
    #expect(try text() == "{ no settings")
  }

  @Test func `the same is told once in a session`() throws {
    let session = try AgentFixture.session()
    #expect(try hook(session, "tool-failed", Self.failure).output.contains("bun install"))
    let again = AgentFixture.failure(call: "call-2")
    #expect(try hook(session, "tool-failed", again).output.isEmpty)
    let other = again.replacing("\"session_id\":\"a1\"", with: "\"session_id\":\"a2\"")
    #expect(try hook(session, "tool-failed", other).output.contains("bun install"))
  }

  @Test func `what is told at the start of a session is noted, too`() throws {
    let session = try AgentFixture.session()
    let start =
      #"{"hook_event_name":"SessionStart","session_id":"a","cwd":"/home/dev/web","source":"startup"}"#
    let told = try hook(session, "session-start", start)
    #expect(told.output.contains("`bun install` mended it 2 of 2 times"), "\(told)")
    let spool = try run("cat", [session.directory.file("data/advice.jsonl")]).output
    #expect(spool.contains("\"advice\":\"bun install\"") && spool.contains("session-start"))
  }

  @Test func `many that install at once leave one whole file`() throws {
    let session = try Session()
    let home = session.directory.file("home")
    #expect(try run("mkdir", ["-p", "\(home)/.claude"]).status == 0)
    let one = "HOME=\(home) \(foldlogBinary) hook install claude-code 2>&1 || echo failed"
    for _ in 0..<3 {
      let path = try session.directory.write(
        "home/.claude/settings.json", "{\"model\": \"opus\"}\n")
      let script = (0..<6).map { _ in "(\(one)) & " }.joined() + "wait"
      let result = try run("sh", ["-c", script])
      #expect(!result.output.contains("failed"), "\(result.output)")
      let text = try run("cat", [path]).output
      #expect(text.contains("opus") && text.components("hook prompt") == 1, "\(text)")
      #expect(try run("ls", ["-A", "\(home)/.claude"]).output == "settings.json\n")
    }
  }

  @Test func `the hooks of a project are no team's, and name the data from the root`() throws {
    let session = try Session()
    let folder = session.directory.file("project")
    #expect(try run("mkdir", ["-p", folder]).status == 0)
    func install(_ words: String) throws -> ChildResult {
      try run("sh", ["-c", "cd \(folder) && \(foldlogBinary) hook install \(words)"])
    }
    #expect(try install("claude-code --project --data mine").status == 0)
    let text = try run("cat", ["\(folder)/.claude/settings.local.json"]).output
    #expect(text.contains(" --data /") && text.contains("/project/mine"), "\(text)")
    #expect(try run("test", ["-e", "\(folder)/.claude/settings.json"]).status == 1)
    let codex = try install("codex --project")
    #expect(codex.status == 0 && codex.errors.contains("it says of no tool that it failed"))
    #expect(try !run("cat", ["\(folder)/.codex/hooks.json"]).output.contains("tool-failed"))
    #expect(try install("claude-code --project --remove").status == 0)
    #expect(try run("ls", ["-A", "\(folder)/.claude"]).output.isEmpty)
  }

  @Test func `settings that are empty, or lie in folders that are not there, are none`() throws {
    let session = try Session()
    let folder = session.directory.file("a/b/c")
    func install() throws -> ChildResult {
      try run(
        "env", ["CLAUDE_CONFIG_DIR=\(folder)", foldlogBinary, "hook", "install", "claude-code"])
    }
    #expect(try install().status == 0)
    let whole = try run("cat", ["\(folder)/settings.json"]).output
    #expect(whole.contains("hook prompt"))
    _ = try session.directory.write("a/b/c/settings.json", " \n")
    #expect(try install().status == 0)
    #expect(try run("cat", ["\(folder)/settings.json"]).output == whole)
  }
}

extension String {
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
