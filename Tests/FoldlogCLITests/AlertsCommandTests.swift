import Synchronization
import TestSupport
import Testing

/// `foldlog alerts`, and alerts that are told by `foldlog react`.
@Suite struct AlertsCommandTests {
  /// Later than any clock: what foldlog writes itself does not make them a thing of the past.
  private static func failures(_ numbers: Range<Int>, message: String) -> String {
    numbers.map {
      #"{"event":"tool_call","stream":"ralph","error_message":"\#(message)","#
        + #""ts":"2099-03-10T08:00:\#($0 + 10)Z"}"# + "\n"
    }.joined()
  }

  private func filled(_ settings: String = "") throws -> Session {
    let session = try Session()
    if !settings.isEmpty {
      try session.directory.makeFolder("data")
      #expect(try run("chmod", ["700", session.directory.file("data")]).status == 0)
      try session.directory.write("data/foldlog.toml", settings)
    }
    let lines =
      Self.failures(0..<5, message: "TypeError: x is not a function")
      + Self.failures(5..<11, message: "Error: connect ECONNREFUSED 10.0.0.1:5432")
    let taken = try session.foldlog("ingest", input: lines)
    #expect(taken.status == 0, "\(taken.errors)")
    return session
  }

  private func column(_ name: String, _ session: Session, _ table: String = "alerts") throws
    -> [String]
  {
    try session.foldlog("query", table, "--columns", name, "--format", "csv").output
      .split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  @Test func `what is noted is told to nobody, and is noted once`() throws {
    let session = try filled()
    let ids = try column("alert_id", session)
    try #require(ids.count == 2)
    #expect(try column("alert_id", session, "alerts/wanted").count == 2)
    let first = try session.foldlog("alerts", "ack", String(ids[0].prefix(8)), "--who", "ann")
    #expect(first.status == 0 && first.errors == "foldlog: 1 alert noted\n", "\(first.errors)")
    let again = try session.foldlog("alerts", "ack", ids[0], ids[0])
    #expect(again.status == 0 && again.errors == "foldlog: 0 alerts noted\n")
    #expect(try column("acknowledged_by", session).filter { $0 == "ann" }.count == 1)
    #expect(try column("alert_id", session, "alerts/wanted") == [ids[1]])
    let told = try session.foldlog("log", "export", "--stream", "foldlog").output
    #expect(told.split(separator: "\n").count == 1 && told.contains("alert_acknowledged"))
    #expect(try session.foldlog("verify").status == 0)
    for (words, status) in [([], 64), (["0"], 64), (["ffffffffffffffff"], 66)] {
      #expect(
        try run(
          foldlogBinary, ["alerts", "ack"] + words,
          variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"]
        ).status == Int32(status))
    }
  }

  @Test func `what was given up is told when somebody wants it again, and a replay agrees`() throws
  {
    let isMended = Mutex(false)
    let server = try LoopbackServer { request, _ in
      let isRefused =
        String(decoding: request.body, as: UTF8.self).contains("TypeError")
        && !isMended.withLock { $0 }
      return LoopbackServer.answer(isRefused ? 422 : 200)
    }
    let session = try filled("[react]\nwebhook_url = \"\(server.address("/hook"))\"\n")
    func column(_ name: String, where filter: String) throws -> [String] {
      try session.foldlog(
        "query", "alerts", "--columns", name, "--where", filter, "--format", "csv"
      ).output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }
    // The server takes another in each run, so that this one is at fault.
    let words = ["aardvark", "badger", "cormorant", "dormouse", "echidna", "flamingo"]
    for word in words {
      let lines = Self.failures(0..<5, message: "Error: the \(word) of the \(word) is missing")
      #expect(try session.foldlog("ingest", input: lines).status == 0)
      _ = try session.foldlog("react")
    }
    #expect(try column("notice", where: "about ~ TypeError") == ["failed"])
    #expect(try session.foldlog("react").output.hasPrefix("0 wants answered, 0 failed"))
    let status = try session.foldlog("status").output
    #expect(status.contains("1 given up (`foldlog react --again`)"), "\(status)")
    let unknown = try session.foldlog("react", "--again", "nothing")
    #expect(
      unknown.status == 66 && unknown.errors.contains("there is webhook"), "\(unknown.errors)")
    let listed = try session.foldlog("react", "--again", "webhook", "--dry-run")
    #expect(listed.status == 0 && listed.errors == "foldlog: 1 want given up\n")
    #expect(listed.output.contains("422"), "\(listed.output)")
    let again = try session.foldlog("react", "--again", "webhook")
    #expect(again.status == 0 && again.errors.contains("1 want wanted again"), "\(again.errors)")
    #expect(try column("notice", where: "about ~ TypeError") == ["wanted"])
    #expect(try session.foldlog("react", "--again", "webhook").status == 66)
    // Another want, and another run, do not have what was given up done meanwhile.
    isMended.withLock { $0 = true }
    let done = try session.foldlog("react")
    #expect(done.status == 0 && done.output.hasPrefix("1 want answered, 0 failed"), "\(done)")
    #expect(try column("notice", where: "about ~ TypeError") == ["sent"])
    let rows = try session.foldlog("query", "alerts", "--format", "jsonl").output
    #expect(try session.foldlog("replay", "alerts").status == 0)
    #expect(try session.foldlog("query", "alerts", "--format", "jsonl").output == rows)
    #expect(try session.foldlog("verify").status == 0)
    for wrong in [["--follow"], ["--limit", "1"], ["--only", "webhook"]] {
      let refused = try run(
        foldlogBinary, ["react", "--again", "webhook"] + wrong,
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(refused.status == 64, "\(wrong)")
    }
  }

  @Test func `each open alert is told once, and a replay tells nobody`() throws {
    let server = try LoopbackServer { _, number in LoopbackServer.answer(number == 0 ? 503 : 200) }
    let session = try filled(
      "[react]\nwebhook_url = \"\(server.address("/hook"))\"\n[alerts]\nerror_count = 6\n")
    let done = try session.foldlog("react")
    #expect(done.status == 0 && done.output.hasPrefix("1 want answered"), "\(done.errors)")
    #expect(server.requests.count == 2)
    let body = String(decoding: server.requests[1].body, as: UTF8.self)
    #expect(body.hasPrefix(#"{"type":"alert","timestamp":""#) && body.contains("ECONNREFUSED <*>"))
    #expect(body.contains(#""rule":"error_new""#) && body.contains(#""count":6"#))
    #expect(try column("notice", session) == ["sent"])
    server.stop()
    #expect(try session.foldlog("replay", "alerts").status == 0)
    #expect(try column("notice", session) == ["sent"])
    #expect(try session.foldlog("react").output.hasPrefix("0 wants answered"))
    // The next one of the same is no other alert.
    let more = Self.failures(20..<21, message: "Error: connect ECONNREFUSED 10.0.0.1:5432")
    #expect(try session.foldlog("ingest", input: more).status == 0)
    #expect(try column("count", session) == ["7"])
    #expect(try column("alert_id", session, "alerts/wanted").isEmpty)
  }
}
