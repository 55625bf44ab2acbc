import TestSupport
import Testing

/// `foldlog mcp`.
@Suite struct MCPCommandTests {
  /// What is answered to lines, a line each.
  private func answers(
    _ session: Session, _ lines: String..., version: String = "2025-06-18"
  ) throws -> [String] {
    let hello = AgentFixture.hello.replacing("2025-06-18", with: version)
    let input = ([hello] + lines).joined(separator: "\n") + "\n"
    let result = try session.foldlog("mcp", input: input)
    #expect(result.status == 0, "\(result.errors)")
    let all = result.output.split(whereSeparator: \.isNewline).map(String.init)
    #expect(all.first?.contains("\"protocolVersion\":\"\(version)\"") == true, "\(all)")
    return Array(all.dropFirst())
  }

  private func request(_ id: String, _ method: String, _ params: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
  }

  @Test func `the official client lists and calls every tool`() throws {
    let session = try AgentFixture.session()
    let result = try run(
      "python3",
      ["\(packageRoot)/Tests/Oracle/mcp_client.py", foldlogBinary, session.directory.file("data")])
    #expect(result.status == 0, "\(result.errors)")
    let check = try run(
      "python3",
      [
        "-c",
        """
        import json, sys
        r = json.load(sys.stdin)
        assert r["protocol"] == "2025-06-18" or r["protocol"] == "2025-03-26", r["protocol"]
        assert r["tools"] == ["fix", "context", "query", "explain", "note"], r["tools"]
        assert r["list_chars"] <= 4800, r["list_chars"]
        assert "no_such_tool" in r["unknown"], r["unknown"]
        assert all(c["bytes"] <= 4096 for c in r["calls"]), [c["bytes"] for c in r["calls"]]
        assert [c["error"] for c in r["calls"]] == [False] * 7 + [True] * 2, r["calls"]
        fix = r["calls"][0]
        assert "`bun install` mended it 2 of 2 times" in fix["text"], fix
        claim = fix["structured"]["claims"][0]
        assert claim["offset"] == 7 and claim["successes"] == 2 and claim["attempts"] == 2, claim
        assert r["calls"][6]["structured"]["rows"][0]["text"] == "Use bun, not npm.", r["calls"][6]
        assert r["calls"][6]["structured"]["rows"][0]["times"] == 2, r["calls"][6]
        assert "template" in r["calls"][7]["text"], r["calls"][7]
        """,
      ], input: Array(result.output.utf8))
    #expect(check.status == 0, "\(check.errors)")
  }

  @Test func `an agent that asks is told what mended the error, and found to heed it`() throws {
    let session = try AgentFixture.session()
    let told = try AgentFixture.fix(session)
    let answer = told.output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    #expect(answer.contains("`bun install` mended it 2 of 2 times [line 7]"), "\(told)")
    #expect(
      answer.contains(
        #""section":"fixes","text":"`bun install` mended it 2 of 2 times","offset":7,"#
          + #""successes":2,"attempts":2"#), "\(answer)")
    #expect(answer.contains("`npm link typescript` did not mend it, tried 1 time [line 5]"))
    let file = try session.directory.write(
      "session.jsonl", AgentFixture.transcript(asking: true))
    for _ in 0..<2 {
      let taken = try session.foldlog("ingest", file)
      #expect(taken.status == 0, "\(taken.errors)")
    }
    #expect(try AgentFixture.advice(session) == ["bun install,1,1,1,1,0,0"])
    // What is not known is not told, and nothing is noted of it.
    let unknown = try answers(
      session,
      request(
        "1", "tools/call", #"{"name":"fix","arguments":{"error":"the moon is full tonight"}}"#))
    #expect(unknown.first?.contains("Nothing is known of this error.") == true, "\(unknown)")
    try session.foldlog("ingest", file)
    #expect(try AgentFixture.advice(session) == ["bun install,1,1,1,1,0,0"])
  }

  @Test func `what is no request is answered as the protocol has it`() throws {
    let session = try AgentFixture.session()
    let all = try answers(
      session, "not JSON", "", #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
      #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
      #"{"jsonrpc":"2.0","id":9,"result":{}}"#, request("\"a\"", "ping"),
      request("2", "resources/list"),
      request("3", "tools/call", #"{"name":"fix","arguments":[]}"#),
      request("4", "tools/call", #"{"name":"nope"}"#), "[" + request("5", "ping") + "]",
      #"{"a":""# + String(repeating: "x", count: 1 << 21) + "\"}", request("6", "ping"), "7")
    func code(_ index: Int) -> String? {
      index < all.count
        ? all[index].firstRange(of: "\"code\":").map {
          String(all[index][$0.upperBound...].prefix(6))
        } : nil
    }
    try #require(all.count == 11, "\(all.map { $0.prefix(160) })")
    #expect(code(0) == "-32700" && code(1) == "-32600" && code(2) == "-32600")
    #expect(all[1].contains("\"id\":1") && all[2].contains("\"id\":null"))
    #expect(all[3] == #"{"jsonrpc":"2.0","id":"a","result":{}}"#)
    #expect(code(4) == "-32601" && code(5) == "-32602" && code(6) == "-32602")
    // No batches in this revision; a line that is too long; and on it goes.
    #expect(code(7) == "-32600" && code(8) == "-32700")
    #expect(all[9] == #"{"jsonrpc":"2.0","id":6,"result":{}}"#)
    #expect(code(10) == "-32600")
  }

  @Test func `the revision before has batches`() throws {
    let session = try AgentFixture.session()
    let batch =
      "[\(request("1", "ping")),{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},\(request("2", "nope"))]"
    let all = try answers(session, batch, "[]", version: "2025-03-26")
    try #require(all.count == 2)
    #expect(
      all[0].hasPrefix(#"[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"error""#))
    #expect(all[1].contains("-32600"))
    let unknown = try answers(session, request("1", "ping"), version: "2025-06-18")
    #expect(unknown.count == 1)
    let old = try session.foldlog(
      "mcp", input: AgentFixture.hello.replacing("2025-06-18", with: "2024-01-01") + "\n")
    #expect(old.output.contains("\"protocolVersion\":\"2025-06-18\""))
  }

  @Test func `what is taken back before its turn is not answered`() throws {
    let session = try AgentFixture.session()
    let all = try answers(
      session, request("1", "ping"),
      request("2", "tools/call", #"{"name":"fix","arguments":{"error":"x"}}"#),
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#,
      request("3", "ping"))
    #expect(all.count == 2 && all[1].contains("\"id\":3"), "\(all)")
  }

  @Test func `a reader that goes away ends it, and so does a log that is not there`() throws {
    let session = try AgentFixture.session()
    let lines = Array(repeating: request("1", "tools/list"), count: 200).joined(separator: "\n")
    let result = try run(
      "sh",
      [
        "-c", "printf '%s\\n' \"$0\" | \"$1\" mcp --data \"$2\" | head -c 100 >/dev/null", lines,
        foldlogBinary, session.directory.file("data"),
      ])
    #expect(result.status == 0, "\(result.errors)")
    let empty = try Session()
    let all = try answers(
      empty, request("1", "tools/call", #"{"name":"fix","arguments":{"error":"x y z"}}"#))
    #expect(all.count == 1 && all[0].contains("\"isError\":true"), "\(all)")
  }

  @Test func `what is too long is refused by its id, and an error is short and masked`() throws {
    let session = try AgentFixture.session()
    let long = String(repeating: "x", count: 1 << 20)
    let all = try answers(
      session,
      #"{"method":"tools/call","params":{"name":"fix","arguments":{"error":"\#(long)"}},"jsonrpc":"2.0","id":5}"#,
      #"{"jsonrpc":"2.0","id":"a-6","method":"tools/call","params":{"name":"fix","arguments":{"error":"\#(long)"}}}"#,
      request(
        "7", "tools/call",
        #"{"name":"query","arguments":{"view":"bob@example.com \#(long.prefix(200_000))"}}"#))
    #expect(all.count == 3)
    #expect(all[1].contains(#""id":"a-6","error""#), "\(all[1])")
    #expect(all[2].utf8.count < 4_096 && all[2].contains("\"isError\":true"), "\(all[2])")
    #expect(!all[2].contains("bob@"))
  }

  @Test func `what is absent may be null, and a whole number may have a point`() throws {
    let session = try AgentFixture.session()
    let all = try answers(
      session, request("1", "tools/list", "null"), request("2", "tools/list", #"{"cursor":null}"#),
      request("3", "tools/call", #"{"name":"query","arguments":{"view":"errors","limit":2.0}}"#),
      request("4", "tools/call", #"{"name":"query","arguments":null}"#))
    #expect(all[0].contains("\"tools\"") && all[1].contains("\"tools\""))
    #expect(all[2].contains("\"rows\""), "\(all[2])")
    #expect(all[3].contains("needs `view`"), "\(all[3])")
  }

  @Test func `of many requests at once each is answered, and what is taken back is not`() throws {
    let session = try AgentFixture.session()
    var lines = (1...3_000).map { request("\($0)", "ping") }
    lines.insert(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#, at: 2)
    let input = ([AgentFixture.hello] + lines).joined(separator: "\n") + "\n"
    let result = try session.foldlog("mcp", input: input)
    let ids = result.output.split(whereSeparator: \.isNewline).dropFirst()
    #expect(ids.count == 2_999 && !result.output.contains("\"id\":2,"))
    #expect(ids.last?.contains("\"id\":3000,") == true)
  }

  @Test func `the folder of the agent is no secret to it, and why there are no rows is said`()
    throws
  {
    let session = try AgentFixture.session()
    let filter = #"{"view":"sessions","where":["project = /home/dev/nowhere"]}"#
    let input =
      "\(AgentFixture.hello)\n"
      + request("1", "tools/call", #"{"name":"query","arguments":{"view":"sessions"}}"#) + "\n"
      + request("2", "tools/call", #"{"name":"query","arguments":\#(filter)}"#) + "\n"
    let result = try session.foldlog("mcp", "--project", "/home/dev/web", input: input)
    let lines = result.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 3 && lines[1].contains("/home/dev/web"), "\(result)")
    #expect(lines.last?.contains("\"notes\"") == true, "\(result)")
  }

  @Test func `a note has a key by which it is put right and taken back`() throws {
    let session = try AgentFixture.session()
    func note(_ text: String) throws -> String {
      let said =
        #"{"name":"note","arguments":{"text":"\#(text)","section":"decision","key":"tool"}}"#
      return try answers(session, request("1", "tools/call", said)).first ?? ""
    }
    func known() throws -> String {
      try session.foldlog("query", "knowledge", "--columns", "text", "--format", "csv").output
    }
    #expect(try note("Use npm.").contains("Noted."))
    #expect(try note("Use bun.").contains("Noted."))
    #expect(try known().contains("Use bun.") && !known().contains("Use npm."))
    #expect(try note("").contains("Noted."))
    #expect(try !known().contains("Use bun."))
  }

  @Test func `more than the default is given where it is asked for`() throws {
    let session = try AgentFixture.session()
    func size(_ limit: String) throws -> Int {
      try answers(
        session,
        request(
          "1", "tools/call", #"{"name":"query","arguments":{"view":"errors/events"\#(limit)}}"#)
      ).first?.utf8.count ?? 0
    }
    #expect(try size(#","limit":40"#) >= size(""))
    #expect(try size("") <= 4_200)
  }
}
