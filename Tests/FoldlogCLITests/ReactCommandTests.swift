import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// `foldlog react`, with a model on loopback that writes skills.
@Suite struct ReactCommandTests {
  /// Fixtures, and whom to ask.
  private func session(
    _ server: LoopbackServer, settings: String = "", keyed: Bool = true
  ) throws -> Session {
    let session = try Session()
    try session.ingestFixtures()
    try session.directory.write(
      "data/foldlog.toml",
      """
      [react]
      chat_url = "\(server.address("/v1"))"
      chat_model = "stub"
      \(keyed ? "key_env = \"STUB_KEY\"" : "")
      \(settings)
      """)
    return session
  }

  /// Writes a skill about whatever it is asked, the same for the same question.
  private static func model() throws -> LoopbackServer {
    try LoopbackServer { request, _ in
      let sum = request.body.reduce(UInt64(7)) { ($0 &* 31 &+ UInt64($1)) % 1_000_003 }
      let words = (0..<6).map { "step\((sum >> UInt64($0)) % 97)" }.joined(separator: " ")
      let skill =
        #"{\"name\":\"skill \#(sum)\",\"description\":\"About \#(words).\",\"prerequisites\":[],"#
        + #"\"steps\":[\"First \#(words).\",\"Then look.\"],\"tags\":[\"made\",\"up\"],"#
        + #"\"example\":\"\"}"#
      return LoopbackServer.answer(
        200, [],
        #"{"model":"stub","choices":[{"message":{"role":"assistant","content":"\#(skill)"},"#
          + #""finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9}}"#)
    }
  }

  private let key = ["STUB_KEY=key-of-ours"]

  @Test func `skills of the fixtures are written, exported, and the same after a replay`() throws {
    let server = try Self.model()
    let session = try session(server)
    let wanted = try session.foldlog("react", "--only", "extract_skill", "--dry-run")
    #expect(wanted.status == 0 && wanted.output.hasPrefix("extract_skill "), "\(wanted.errors)")
    let count = wanted.output.split(separator: "\n").count
    #expect(server.requests.isEmpty)
    let done = try session.foldlog("react", variables: key)
    #expect(done.status == 0, "\(done.errors)")
    #expect(
      done.output.hasPrefix("\(count) want\(count == 1 ? "" : "s") answered, 0 failed, 0 waiting;"))
    #expect(done.errors.contains("there is no price for the model stub"))
    #expect(server.requests.count == count)
    let skills = try session.foldlog("query", "skills", "--format", "jsonl").output
    #expect(!skills.isEmpty)
    #expect(try session.foldlog("query", "skills/wanted", "--format", "jsonl").output.isEmpty)
    let folders = ["one", "two"].map { session.directory.file($0) }
    #expect(try session.foldlog("skills", "export", "--dir", folders[0]).status == 0)
    server.stop()
    #expect(try session.foldlog("replay", "skills").status == 0)
    #expect(try session.foldlog("query", "skills", "--format", "jsonl").output == skills)
    #expect(try session.foldlog("skills", "export", "--dir", folders[1]).status == 0)
    #expect(try run("diff", ["-r"] + folders).status == 0)
    let again = try session.foldlog("react", variables: key)
    #expect(again.status == 0 && again.output.hasPrefix("0 wants answered, 0 failed, 0 waiting"))
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `one of two is refused, and a stop is heeded while a server is silent`() throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 30_000)] }
    let session = try session(server, keyed: false)
    let data = ["FOLDLOG_DATA=\(session.directory.file("data"))"]
    let first = try ChildProcess(foldlogBinary, ["react", "--follow"], variables: data)
    #expect(eventually { !server.requests.isEmpty })
    let second = try session.foldlog("react")
    #expect(second.status == 75 && second.errors.contains("another `foldlog react` is running"))
    #expect(try session.foldlog("react", "--dry-run").status == 0)
    first.signal(SIGTERM)
    #expect(try eventually(withinSeconds: 10) { try first.hasEnded() })
    let result = try first.wait()
    #expect(result.status == 0, "\(result.errors)")
    // What was on its way is wanted still, and that it was given up is written down.
    let told = try session.foldlog("log", "export", "--kind", "effect_failed").output
    #expect(told.contains(#""status":"cancelled""#) && told.contains(#""final":false"#))
  }

  @Test func `a key is in no list of processes, no message, no line and no core`() throws {
    let server = try LoopbackServer { request, number in
      number == 0
        ? LoopbackServer.answer(401, [], "not key-of-ours") : [.wait(milliseconds: 30_000)]
    }
    let session = try session(server, settings: "timeout_s = 60")
    let refused = try session.foldlog(
      "--log-level", "debug", "react", "--limit", "1", variables: key)
    #expect(refused.status == 74 && refused.errors.contains("status 401"), "\(refused.errors)")
    #expect(server.requests.first?.headers["authorization"] == "Bearer key-of-ours")
    try session.directory.makeFolder("cores")
    let child = try ChildProcess(
      "sh",
      [
        "-c", "ulimit -c unlimited; cd '\(session.directory.file("cores"))' && exec \"$@\"", "sh",
        foldlogBinary, "react", "--follow",
      ], variables: key + ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(eventually { server.requests.count > 1 })
    let listed = try run("ps", ["-o", "args=", "-p", "\(child.processID)"]).output
    #expect(listed.contains("react"))
    // Its end is a core, and no handler of the language stands before it.
    child.signal(SIGXCPU)
    #expect(try eventually { try child.hasEnded() })
    child.signal(SIGKILL)
    let result = try child.wait()
    let log = try session.foldlog("log", "export", "--stream", "foldlog").output
    #expect(log.contains("401"))
    for text in [refused.errors, refused.output, listed, result.errors, result.output, log] {
      #expect(!text.contains("key-of-ours"))
    }
    #expect(try run("ls", [session.directory.file("cores")]).output.isEmpty)
    let files = try run("grep", ["-rl", "key-of-ours", session.directory.file("data")])
    #expect(files.output.isEmpty)
  }

  @Test func `status says which server is left alone, and --again has it asked`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(429, ["Retry-After: 3600"]) }
    let session = try session(server, keyed: false)
    let place = "http://127.0.0.1:\(server.port)"
    #expect(try session.foldlog("react", "--limit", "1").status == 74)
    let count = server.requests.count
    _ = try session.foldlog("react", "--limit", "1")
    #expect(server.requests.count == count)
    let line = try session.foldlog("status").output.split(separator: "\n")
      .first { $0.hasPrefix("server \(place) (extract_skill): left alone since ") }
    #expect(line?.contains("last: it asks for fewer requests (status 429)") == true)
    let dry = try session.foldlog("react", "--again", place, "--dry-run")
    #expect(dry.status == 0 && dry.output.contains(place), "\(dry.errors)")
    #expect(try session.foldlog("react", "--again", "http://127.0.0.1:1").status == 66)
    #expect(try session.foldlog("react", "--again", place).status == 0)
    #expect(try !session.foldlog("status").output.contains("left alone"))
    _ = try session.foldlog("react", "--limit", "1")
    #expect(server.requests.count > count)
  }

  @Test func `what is wrong is said before anybody is asked`() throws {
    let server = try Self.model()
    let session = try session(server)
    let unset = try session.foldlog("react")
    #expect(unset.status == 64 && unset.errors.contains("STUB_KEY"), "\(unset.errors)")
    for words in [["--only", "webhok"], ["--limit", "0"], ["--follow", "--dry-run"]] {
      let result = try run(
        foldlogBinary, ["react"] + words,
        variables: key + ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(result.status == 64, "\(words): \(result.errors)")
    }
    #expect(try Session().foldlog("react").status == 66)
    let listed = try session.foldlog(
      "react", "--only", "extract_skill", "--dry-run", "--format", "json")
    #expect(listed.output.contains(#""request_id":"#))
    #expect(server.requests.isEmpty)
  }
}
