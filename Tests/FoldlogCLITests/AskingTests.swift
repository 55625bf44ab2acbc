import TestSupport
import Testing

/// Questions as they are typed, and what is said where a name is not known.
@Suite struct AskingTests {
  private let session: Session

  init() throws {
    session = try Session()
    let lines = (0..<6).map { number in
      """
      {"event":"query_completion","session_id":"s-\(number % 2)","query_id":"q\(number)","prompt":"p\(number)",\
      "response":"r","model":"\(number < 4 ? "Large" : "small")","success":\(number != 3),\
      "timestamp":"2026-01-05T00:00:0\(number)Z"}

      """
    }
    let result = try session.foldlog(
      "ingest", "--stream", "aidb", input: lines.joined() + "no line\n")
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func `groups, orders and columns are named on the command line`() throws {
    let groups = try session.foldlog(
      "query", "values", "--group-by", "model,outcome", "--mean", "score", "--sort",
      "count:desc,outcome", "--columns", "model,outcome,count", "--format", "csv")
    #expect(groups.status == 0, "\(groups.errors)")
    #expect(
      groups.output
        == "model,outcome,count\r\nLarge,success,3\r\nsmall,success,2\r\nLarge,failure,1\r\n")
    let shown = try session.foldlog(
      "query", "values", "--sort", "outcome", "--sort", "offset:desc", "--columns",
      "outcome,offset",
      "--limit", "2")
    #expect(
      shown.output.split(separator: "\n").suffix(2) == ["failure       3", "success       5"])
  }

  @Test func `alternatives are told apart by where --or stands`() throws {
    func offsets(_ words: String...) throws -> String {
      let result = try session.foldlog(
        ["query", "values", "--columns", "offset", "--format", "csv"] + words)
      #expect(result.status == 0, "\(result.errors)")
      return result.output.split(whereSeparator: \.isNewline).dropFirst().joined(separator: " ")
    }
    #expect(
      try offsets(
        "--where", "model = Large", "--where", "offset > 2", "--or", "--where", "model ~i SMALL",
        "--where", "offset = 5") == "3 5")
    #expect(
      try offsets(
        "--where", "model = Large", "--or", "--where", "offset > 2", "--where", "offset = 5")
        == "0 1 2 3 5")
    let wrong = try session.foldlog("query", "values", "--or", "--where", "offset = 1")
    #expect(wrong.status == 64 && wrong.errors.contains("--or stands between two --where"))
    let events = try session.foldlog(
      "log", "export", "--where", "query_id = q1", "--or", "--where", "session_id = s-0")
    #expect(events.status == 64, "an alias is no canonical field")
    let either = try session.foldlog(
      "log", "export", "--where", "interaction_id = q1", "--or", "--where", "session_id = s-0")
    #expect(either.output.split(separator: "\n").count == 4)
  }

  @Test func `the first and the last events are shown in their order`() throws {
    func offsets(_ words: String...) throws -> [Substring] {
      let shown = try session.foldlog(["log", "show"] + words)
      #expect(shown.status == 0, "\(shown.errors)")
      return shown.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
    }
    #expect(try offsets("--limit", "2") == ["0", "1"])
    #expect(try offsets("--tail", "2") == ["4", "5"])
    #expect(try offsets("--tail", "9") == ["0", "1", "2", "3", "4", "5"])
    #expect(try offsets("--tail", "2", "--session", "s-0", "--to", "3") == ["0", "2"])
    #expect(try offsets("--tail", "0") == [] && offsets("--limit", "0") == [])
    #expect(try session.foldlog("log", "show", "--tail", "1", "--limit", "1").status == 64)
    #expect(try session.foldlog("log", "show", "--tail", "-1").status == 64)
    let json = try session.foldlog("log", "show", "--limit", "1", "--format", "json")
    #expect(
      json.output.hasPrefix("{\"events\":[\n{\"offset\":0,") && json.output.hasSuffix("}\n]}\n"))
  }

  @Test func `the last events are found over many commits`() throws {
    for number in 6..<9 {
      try session.foldlog(
        "ingest", "--no-project", "--stream", "aidb",
        input: "{\"event\":\"other\",\"n\":\(number)}\n")
    }
    let last = try session.foldlog("log", "show", "--tail", "2", "--kind", "query_completion")
    #expect(last.output.split(separator: "\n").map { $0.prefix(1) } == ["4", "5"])
    let across = try session.foldlog("log", "show", "--tail", "4")
    #expect(across.output.split(separator: "\n").map { $0.prefix(1) } == ["5", "6", "7", "8"])
  }

  @Test func `status and the quarantine are given as JSON`() throws {
    let script = """
      import json, sys
      status = json.loads(sys.stdin.read())
      assert status["events"] == 6 and status["quarantined"] == 1, status
      assert status["sources"][0]["quarantined"] == 1
      assert {view["state"] for view in status["views"]} == {"live"}
      assert {file["file"] for file in status["files"]} >= {"log", "catalogue"}
      """
    let status = try session.foldlog("status", "--format", "json")
    let read = try run("python3", ["-c", script], input: Array(status.output.utf8))
    #expect(status.status == 0 && read.status == 0, "\(read.errors)")
    #expect(try session.foldlog("status", "--format", "xml").status == 64)
    let list = try session.foldlog("quarantine", "list", "--format", "jsonl")
    #expect(
      list.output.contains("\"position\":") && list.output.contains("\"beginning\":\"no line\""))
    let object = try session.foldlog("quarantine", "list", "--format", "json")
    #expect(object.output.hasPrefix("{\"lines\":[\n{\"number\":0,"))
  }

  @Test(arguments: [
    (["qury", "values"], 64, "no command `qury`; did you mean `query`?"),
    (["--log-level", "info", "log", "shwo"], 64, "no command `log shwo`; did you mean `show`?"),
    (["query", "values", "--json"], 64, "Unknown option '--json'; did you mean `--format json`?"),
    (["query", "values", "--order", "score"], 64, "did you mean `--sort`?"),
    (["query", "values", "-n", "5"], 64, "did you mean `--limit N`?"),
    (["log", "show", "--tial", "5"], 64, "Unknown option '--tial'; did you mean `--tail`?"),
    (["verify", "--bogus"], 64, "Unknown option '--bogus'"),
    (["errors"], 64, "no command `errors`: `foldlog query errors` asks that view"),
    (["help", "querry"], 64, "no command `querry`; did you mean `query`?"),
    (["help", "log", "shwo"], 64, "no command `log shwo`; did you mean `show`?"),
    (
      ["query", "values", "--group-by", "model", "--where", "count > 3"], 64,
      "`count` is of the groups, and a condition chooses the rows of values before they are grouped"
    ),
    (["query", "values", "--as-of", "-1"], 0, "-1 is before the first event"),
    (
      ["query", "values", "--where", "time > someday"], 64,
      "`last week` and `3 hours ago` are times, too"
    ),
    (["query", "values", "--where", "time > 3 hours ago"], 0, "none of the"),
    (["query", "vlaues"], 66, "no view `vlaues`; did you mean `values`?"),
    (["query", "errors/fixs"], 66, "did you mean `errors/fixes`?"),
    (["query", "values", "--columns", "scor"], 64, "did you mean `score`?"),
    (["query", "values", "--group-by", "modl"], 64, "did you mean `model`?"),
    (["query", "values", "--format", "jsn"], 64, "did you mean `json`?"),
    (["replay", "vlaues"], 66, "did you mean `values`?"),
    (["schema", "task_complete"], 66, "did you mean `events/task_completed`?"),
    (["schema", "daily"], 66, "did you mean `values/daily`?"),
    (["schema", "events/task_complete"], 66, "did you mean `task_completed`?"),
    (["settings", "weight"], 66, "did you mean `values.weights`"),
    (["explain", "sessions", "s-2"], 66, "did you mean"),
    (["log", "show", "--session", "s-7"], 0, "did you mean `s-0`?"),
    (["log", "show", "--kind", "query_completon"], 0, "did you mean `query_completion`?"),
    (["query", "values", "--where", "MODEL = x"], 64, "did you mean `model`?"),
    (["query", "VALUES"], 66, "did you mean `values`?"),
    (["explain", "sessions", "S-0"], 66, "did you mean `foldlog explain sessions s-0`?"),
    (["log", "show", "--session", "S-1"], 0, "did you mean `s-1`?"),
    (["log", "show", "--kind", "QUERY_completion"], 0, "did you mean `query_completion`?"),
    (["log", "show", "--kind", "complet"], 0, "did you mean `query_completion`?"),
    (["log", "show", "--stream", "aid"], 64, "did you mean `aidb`?"),
    (["log", "show", "--limit", "-1"], 64, "--limit takes 0 or more, and -1 is not"),
    (["query", "values", "--limit", "-1"], 64, "a limit is 0 or more, and -1 is not"),
    (["dataset", "export", "--format", "opena"], 64, "did you mean `openai`?"),
    (["dataset", "export", "--format", "dpo", "--split", "trian"], 64, "did you mean `train`?"),
    (
      ["dataset", "export", "--format", "dpo", "--min-basis", "Human"], 64,
      "did you mean `human`?"
    ),
    (["log", "show", "--from", "2026"], 0, "for the time, write 2026-01-01"),
    (["log", "show", "--to", "20260305"], 0, "for the time, write 2026-03-05"),
    (["log", "export", "--from", "1777622400"], 0, "for the time, write 2026-05-01T08:00:00Z"),
    (["query", "values", "--as-of", "2026"], 64, "for the time, write 2026-01-01"),
    (["query", "values", "--as-of", "2020-01-01"], 0, "nothing was recorded by 2020-01-01"),
    (["explain", "values", "-1"], 64, "offset is a whole number from 0 on, and `-1` is none"),
    (["explain", "-1"], 64, "a whole number from 0 on, and `-1` is none"),
    (["query", "values", "--where", "model = smal"], 0, "did you mean `small`?"),
    (
      ["log", "show", "--since", ""], 64, "such as 2026-01-09T10:33:00Z or 2026-01-09, and nothing"
    ),
    (["log", "export", "--until", "5/3/2026"], 64, "did you mean `2026-03-05` or `2026-05-03`?"),
    (["query", "values", "--as-of", " "], 64, "and nothing is given"),
    (["today", "--date", "2026/02/01"], 64, "not `2026/02/01`; did you mean `2026-02-01`"),
    (["today", "--date", ""], 64, "a day, such as 2026-02-01, and nothing is given"),
    (["today", "--format", "jsn"], 64, "did you mean `json`?"),
    (["verify", "--format", "csv"], 64, "there are text and json"),
  ])
  func `what is not known is said with what is near`(
    words: [String], status: Int32, part: String
  ) throws {
    let result = try session.foldlog(words)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(part), "\(result.errors)")
    #expect(result.errors.hasPrefix("foldlog: "), "\(result.errors)")
    #expect(!result.errors.contains("\""), "\(result.errors)")
    // Which options there are is shown where one is not known.
    let isOption = result.errors.contains("Unknown option")
    #expect(result.errors.contains("Usage:") == isOption, "\(result.errors)")
  }

  @Test(arguments: ["5", "100", "1989", "2101", "20261301", "123456789"])
  func `numbers that are no time are offsets without a word`(number: String) throws {
    let shown = try session.foldlog("log", "show", "--to", number, "--limit", "1")
    #expect(shown.status == 0 && shown.errors.isEmpty, "\(shown.errors)")
  }

  @Test func `what doctor and discover find is given as JSON`() throws {
    let found = try session.foldlog("doctor", "--format", "json")
    #expect(found.status == 65)
    #expect(found.output.hasPrefix("{\n  \"findings\": ["), "\(found.output)")
    #expect(found.output.contains("\"name\": \"quarantine\""), "\(found.output)")
    #expect(try session.foldlog("doctor", "--format", "jsn").status == 64)
    #expect(try session.foldlog("discover", "--format", "jsn").status == 64)
    try session.directory.makeFolder("claude")
    try session.directory.makeFolder("claude/projects")
    _ = try session.directory.write("claude/projects/a.jsonl", "{}\n")
    let stores = try session.foldlog(
      "discover", "--format", "json",
      variables: ["CLAUDE_CONFIG_DIR=\(session.directory.file("claude"))"])
    #expect(stores.status == 0, "\(stores.errors)")
    #expect(
      stores.output.contains("\"files\": 1,") && stores.output.contains("\"complete\": 0,"),
      "\(stores.output)")
  }

  @Test func `a number of an explanation is told once`() throws {
    let explained = try session.foldlog("explain", "values", "0").output
    for name in ["score", "outcome", "feedback", "novelty", "tier", "confidence"] {
      let told = explained.split(separator: "\n").filter { $0.hasPrefix("  \(name) = ") }
      #expect(told.count == 1, "\(name): \(explained)")
    }
    let object = try session.foldlog("explain", "values/daily", "2026-01-05", "aidb", "small")
    #expect(object.output.contains("sum of the scores") && !object.output.contains("score_sum"))
  }

  @Test func `what names a pattern by its number shows its text beside`() throws {
    let line = """
      {"event":"error","session_id":"e","error_message":"ValueError: bad shelf 7"}

      """
    #expect(try session.foldlog("ingest", "--stream", "aidb", input: line).status == 0)
    let events = try session.foldlog("query", "errors/events", "--format", "csv").output
    #expect(events.hasPrefix("offset,part,pattern_id,template,unresolved,time,"))
    #expect(events.contains("ValueError: bad shelf <*>"), "\(events)")
    let pattern = try session.foldlog(
      "query", "errors/events", "--where", "template ~i SHELF", "--columns", "pattern_id",
      "--format", "csv")
    #expect(pattern.output.split(whereSeparator: \.isNewline).count == 2)
    let fixes = try session.foldlog("query", "errors/fixes", "--format", "csv").output
    #expect(fixes.hasPrefix("pattern_id,template,fix,"))
  }

  @Test func `an empty answer says why, and leaves standard output to the answer`() throws {
    func told(_ words: String...) throws -> (output: String, errors: String) {
      let result = try session.foldlog(words)
      #expect(result.status == 0, "\(result.errors)")
      return (result.output, result.errors)
    }
    let none = try told("query", "values", "--where", "model = smal", "--format", "jsonl")
    #expect(none.output.isEmpty)
    #expect(
      none.errors
        == "foldlog: none of the 6 rows of values passes `model = smal`; did you mean `small`?\n")
    let object = try told("query", "values", "--where", "score > 7", "--format", "json")
    #expect(object.output == "{\"view\":\"values\",\"offset\":5,\"rows\":[]}\n")
    #expect(object.errors.contains("`score > 7`; `score` goes from "), "\(object.errors)")
    let groups = try told(
      "query", "values", "--where", "model = gpt", "--group-by", "model", "--format", "csv")
    #expect(groups.errors.contains("`model` has `Large`, `small`"), "\(groups.errors)")
    #expect(try told("query", "tools").errors.contains("tools has no rows"))
    #expect(try told("query", "values", "--limit", "0").errors.isEmpty)
    let events = try told("log", "show", "--kind", "query_completion", "--since", "2030-01-01")
    #expect(
      events.output.isEmpty
        && events.errors
          == "foldlog: none of the 6 events in the log passes --kind query_completion --from 2030-01-01\n"
    )
    let lines = try Session().foldlog("log", "show")
    #expect(lines.status == 66, "\(lines.errors)")
  }

  @Test func `reports are given as JSON`() throws {
    func report(_ words: String...) throws -> StrictJSON? {
      let result = try session.foldlog(words + ["--format", "json"])
      #expect(result.status == 0, "\(result.errors)")
      return StrictJSON(Array(result.output.utf8))
    }
    let log = try report("log", "verify")
    #expect(log?["is_good"] == .bool(true) && log?["events"] == .number("6"))
    #expect(log?["quarantined"] == .number("1") && log?["damages"] == .array([]))
    let all = try report("verify")
    #expect(all?["is_good"] == .bool(true) && all?["log"]?["events"] == .number("6"))
    guard case .array(let views)? = all?["views"] else {
      Issue.record("no views")
      return
    }
    #expect(views.first?["view"] == .string("values"))
    #expect(views.first?["digest_kept"] == views.first?["digest_refolded"])
    let day = try report("today", "--date", "2026-01-05", "--tz", "UTC")
    #expect(day?["date"] == .string("2026-01-05") && day?["zone"] == .string("UTC"))
    #expect(day?["offset"] == .number("5"))
    guard case .array(let read)? = day?["views"] else {
      Issue.record("\(String(describing: day))")
      return
    }
    #expect(read.count == 3 && read.allSatisfy { $0["offset"] == .number("5") })
    for list in ["projects", "worked_on", "broke", "mended", "worth_learning_from", "left_open"] {
      guard case .array? = day?[list] else {
        Issue.record("\(list): \(String(describing: day))")
        continue
      }
    }
    let compacted = try report("compact")
    guard case .array(let files)? = compacted?["files"] else {
      Issue.record("no files")
      return
    }
    #expect(files.contains { $0["file"] == .string("log") && $0["after_bytes"] != nil })
    #expect(compacted?["dropped"] == .array([]) && compacted?["left_out"] == .array([]))
  }

  @Test func `help says what conditions do with null`() throws {
    for command in [["query"], ["log", "show"], ["log", "export"]] {
      let help = try session.foldlog(command + ["--help"]).output
        .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(help.contains("every other condition, != and < too, leaves null out"), "\(command)")
    }
  }

  @Test func `tables and fields are completed`() throws {
    func completed(_ option: String, _ prefix: String) throws -> [Substring] {
      let words = ["foldlog", "query", "values/daily", option, prefix]
      return try session.foldlog(
        ["---completion", "query", "--", option, "4", "\(prefix.utf8.count)"] + words
      ).output.split(separator: "\n")
    }
    #expect(try completed("--sort", "").contains("mean_score"))
    #expect(try completed("--columns", "day,").contains("day,stream"))
    func offered(_ option: String, _ words: String...) throws -> [Substring] {
      let line = ["foldlog"] + words
      return try session.foldlog(
        ["---completion", words[0], "--", option, "\(line.count - 1)", "0"] + line
      ).output.split(separator: "\n")
    }
    // Before a table is named, what any has, and nothing that only events have.
    let any = try offered("--sort", "query", "--sort", "")
    #expect(any.contains("cost_usd") && any.contains("score") && !any.contains("position"))
    #expect(Set(any).count == any.count)
    #expect(
      try offered(
        "--sort", "query", "values", "--group-by", "model", "--mean", "score", "--sort", "")
        == ["model", "count", "mean_score"])
    #expect(try offered("--for", "query", "errors", "--for", "").isEmpty)
    let deployment = """
      {"event":"deployment_created","deployment_id":"d","model":"m","task_type":"review"}

      """
    #expect(try session.foldlog("ingest", "--stream", "hybrid", input: deployment).status == 0)
    #expect(
      try offered(
        "--for", "query", "--data", session.directory.file("data"), "deployments", "--for", "")
        == ["review"])
    let script = try session.foldlog("--generate-completion-script", "bash").output
    #expect(script.contains("values/daily") && script.contains("errors/fixes"))
  }

  @Test func `no example of a help is broken over lines`() throws {
    let list = try session.foldlog("--help").output
    let commands = list.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    let words =
      commands.map { [$0] } + ["show", "export"].map { ["log", $0] }
      + [["dataset", "export"], ["skills", "export"], ["quarantine", "list"], []]
    #expect(commands.contains("query") && commands.contains("settings"))
    for command in words {
      let help = try session.foldlog(command + ["--help"]).output
      let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        .prefix { !$0.hasPrefix("USAGE") }
      for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  ") {
        // What was broken goes on without a margin.
        #expect(next.isEmpty || next.hasPrefix("  "), "\(command): \(line) / \(next)")
      }
    }
  }
}

extension Session {
  @discardableResult
  fileprivate func foldlog(_ words: [String]) throws -> ChildResult {
    try run(foldlogBinary, words, variables: ["FOLDLOG_DATA=\(directory.file("data"))"])
  }
}
