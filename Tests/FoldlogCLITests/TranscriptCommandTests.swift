import TestSupport
import Testing

/// What commands say of transcripts of coding agents.
@Suite struct TranscriptCommandTests {
  private let session: Session

  init() throws { session = try Session() }

  /// A session of Claude Code with a call and a total, of some length.
  private func transcript(_ name: String, calls: Int = 1) -> String {
    let head = { (type: String, id: String, second: Int) in
      "{\"type\":\"\(type)\",\"uuid\":\"\(name)-\(id)\",\"sessionId\":\"\(name)\",\"cwd\":\"/p\","
        + "\"timestamp\":\(1_769_940_000 + second),"
    }
    var lines = [head("user", "p", 0) + "\"message\":{\"role\":\"user\",\"content\":\"do it\"}}\n"]
    for number in 0..<calls {
      lines.append(
        head("assistant", "a\(number)", number)
          + "\"message\":{\"id\":\"\(name)-m\(number)\",\"model\":\"claude-opus-4-5\",\"content\":[],"
          + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":\(number),\"output_tokens\":7}}}\n"
      )
      if number % 50 == 49 {
        lines.append(
          "{\"type\":\"cost-state\",\"sessionId\":\"\(name)\",\"costState\":{\"totalCostUSD\":"
            + "\(number).5,\"modelUsage\":{\"claude-opus-4-5\":{\"inputTokens\":\(number * number),"
            + "\"outputTokens\":\(number * 9),\"costUSD\":\(number).5}}}}\n")
      }
    }
    return lines.joined()
  }

  @Test func `a packed copy beside a file is told to be one, whichever is taken first`() throws {
    for (index, names) in [["a.jsonl", "a.jsonl.gz"], ["a.jsonl.gz", "a.jsonl"]].enumerated() {
      let session = try Session()
      let path = try session.directory.write("a.jsonl", transcript("s\(index)"))
      #expect(try run("gzip", ["-k", path]).status == 0)
      for name in names.dropLast() {
        #expect(try session.foldlog("ingest", session.directory.file(name)).status == 0)
      }
      let both = try run(
        foldlogBinary, ["ingest"] + names.map { session.directory.file($0) },
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(both.status == 0, "\(both.errors)")
      #expect(!both.errors.contains("nothing was understood"), "\(both.errors)")
    }
    let path = try session.directory.write("b.jsonl", transcript("t"))
    #expect(try run("gzip", ["-k", path]).status == 0)
    let both = try session.foldlog("ingest", path, path + ".gz")
    #expect(both.status == 0, "\(both.errors)")
    #expect(both.errors.contains("is a copy of"), "\(both.errors)")
  }

  @Test func `a file that has another name now was understood`() throws {
    try session.directory.makeFolder("d")
    let path = try session.directory.write("d/a.jsonl", transcript("s"))
    // One whose first line is longer than what is looked at.
    let long = transcript("t").replacing("do it", with: String(repeating: "x", count: 300_000))
    let longPath = try session.directory.write("d/b.jsonl", long)
    let folder = session.directory.file("d")
    #expect(try session.foldlog("ingest", folder).status == 0)
    #expect(try run("mv", [path, session.directory.file("d/c.jsonl")]).status == 0)
    #expect(try run("mv", [longPath, session.directory.file("d/e.jsonl")]).status == 0)
    for _ in 0..<2 {
      let again = try session.foldlog("ingest", folder)
      #expect(again.status == 0 && !again.errors.contains("understood"), "\(again.errors)")
    }
  }

  @Test func `a day says of what no line tells the time`() throws {
    let line = """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r",\
      "result":"done","total_cost_usd":0.5,"modelUsage":{"m":{"inputTokens":1,"costUSD":0.5}}}

      """
    let path = try session.directory.write("a.jsonl", line)
    #expect(try run("touch", ["-d", "2026-03-05T10:00:00Z", path]).status == 0)
    let dated = try session.directory.write("b.jsonl", transcript("t"))
    #expect(try session.foldlog("ingest", path, dated).status == 0)
    let day = try session.foldlog("today", "--tz", "UTC", "--date", "2026-03-05").output
    #expect(day.contains("* No line says when") && day.contains("no line says when)"), "\(day)")
    let document = try session.foldlog(
      "today", "--tz", "UTC", "--date", "2026-03-05", "--format", "json"
    ).output
    #expect(document.contains(#""is_time_inferred": true"#), "\(document)")
    let other = try session.foldlog("today", "--tz", "UTC", "--date", "2026-02-01").output
    #expect(other.contains("/p") && !other.contains("line says"), "\(other)")
  }

  @Test func `kinds of lines that a format does not know are counted`() throws {
    let path = try session.directory.write(
      "a.jsonl",
      transcript("s")
        + "{\"type\":\"system\",\"subtype\":\"new_thing\",\"sessionId\":\"s\",\"uuid\":\"x\"}\n")
    #expect(try session.foldlog("ingest", path).status == 0)
    let status = try session.foldlog("status").output
    #expect(status.contains("claude-code/system/new_thing"), "\(status)")
    #expect(!status.contains("claude-code/assistant"), "\(status)")
  }

  @Test func `of many sources a table, those to look at, and how to see all`() throws {
    try session.directory.makeFolder("f")
    for number in 0..<30 {
      let text = transcript("s\(number)") + (number == 3 ? "no event\n" : "")
      try session.directory.write("f/\(number + 100).jsonl", text)
    }
    #expect(try session.foldlog("ingest", session.directory.file("f")).status == 0)
    let brief = try session.foldlog("status").output
    #expect(brief.split(separator: "\n").count { $0.contains(".jsonl") } == 10, "\(brief)")
    #expect(brief.contains("103.jsonl") && brief.contains("129.jsonl"), "\(brief)")
    #expect(brief.contains("and 20 more sources: `foldlog status --sources`"), "\(brief)")
    let format = brief.split(separator: "\n").first { $0.hasPrefix("claude-code ") }
    #expect(format?.split(separator: " ")[1] == "30", "\(brief)")
    let all = try session.foldlog("status", "--sources").output
    #expect(all.split(separator: "\n").count { $0.contains(".jsonl") } == 30)
    let document = try session.foldlog("status", "--format", "json").output
    #expect(document.components(of: ".jsonl\"") == 30)
  }

  @Test func `a day is named as people do`() throws {
    let path = try session.directory.write("a.jsonl", transcript("s"))
    #expect(try session.foldlog("ingest", path).status == 0)
    var days: [String] = []
    for day in [
      "today", "yesterday", "monday", "Tue", "wednesday", "thu", "fri", "saturday", "sun",
    ] {
      let result = try session.foldlog("today", "--tz", "UTC", "--date", day)
      #expect(result.status == 0, "\(result.errors)")
      days.append(String(result.output.prefix(10)))
    }
    #expect(Set(days.dropFirst(2)).count == 7)
    #expect(days.dropFirst(2).contains(days[0]) && days.dropFirst(2).contains(days[1]))
    #expect(days.dropFirst(2).allSatisfy { $0 <= days[0] })
    #expect(try session.foldlog("today", "--date", "2026-02-01").output.hasPrefix("2026-02-01"))
    let wrong = try session.foldlog("today", "--date", "someday")
    #expect(wrong.status == 64 && wrong.errors.contains("yesterday"), "\(wrong.errors)")
  }

  @Test func `the doctor ends with 65 while there is something to mend, and 0 when not`() throws {
    let path = try session.directory.write("a.jsonl", transcript("s"))
    #expect(try session.foldlog("ingest", path).status == 0)
    let home = ["HOME=\(session.directory.file("nobody"))"]
    let data = "FOLDLOG_DATA=\(session.directory.file("data"))"
    let ill = try run(foldlogBinary, ["doctor"], variables: [data] + home)
    #expect(ill.status == 65 && ill.output.contains("foldlog verify"), "\(ill.output)")
    #expect(try session.foldlog("verify").status == 0)
    let well = try run(foldlogBinary, ["doctor"], variables: [data] + home)
    #expect(
      well.output.contains("disk:") || (well.status == 0 && well.output == "Nothing to mend.\n"))
    #expect(try session.foldlog("doctor", "--help").output.contains("65"))
  }

  @Test(arguments: [UInt64(7), 8])
  func `costs that were folded over several kills are those that are folded at once`(
    _ seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let text = transcript("s", calls: 4_000)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    let path = try session.directory.write("a.jsonl", "")
    for part in 1...6 {
      let part = lines.prefix(lines.count * part / 6).map { $0 + "\n" }.joined()
      try session.directory.write("a.jsonl", part)
      let seconds = "0.\(Int.random(in: 10...60, using: &random))"
      _ = try run(
        "timeout", ["-s", "KILL", seconds, foldlogBinary, "ingest", path],
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    }
    #expect(try session.foldlog("ingest", path).status == 0)
    let once = try Session()
    #expect(try once.foldlog("ingest", path).status == 0)
    for view in ["costs", "sessions", "sessions/hours"] {
      let resumed = try session.foldlog("query", view, "--format", "jsonl").output
      let whole = try once.foldlog("query", view, "--format", "jsonl").output
      #expect(resumed == whole, "seed \(seed): \(view)")
      #expect(!resumed.isEmpty)
    }
    #expect(try session.foldlog("verify").status == 0)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
