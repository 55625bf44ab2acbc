import TestSupport
import Testing

/// What is said, and with which status, where nothing of what is given is telemetry.
@Suite struct NotUnderstoodTests {
  private let session: Session

  init() throws { session = try Session() }

  private func path(_ name: String, _ text: String) throws -> String {
    try session.directory.write(name, text)
  }

  @Test func `a file of which nothing is understood ends with 65 and what it looks like`() throws {
    for (name, text, part) in [
      ("a.json", "{\n  \"a\": 1\n}\n", "one JSON document, an object with the keys `a`"),
      ("b.json", "[{\"a\":1},{\"a\":2}]", "an array of 2 elements"),
      ("c.csv", "a,b\n1,2\n", "CSV with the columns `a`, `b`"),
      ("d.jsonl", "{\"role\":\"user\"}\n", "with the keys `role`"),
      ("e.txt", "words\nand more\n", "plain text"), ("f.txt", "no newline", "plain text"),
    ] {
      let result = try session.foldlog("ingest", path(name, text))
      #expect(result.status == 65, "\(name)")
      #expect(
        result.errors.contains("\(name): nothing was understood; it looks like "),
        "\(result.errors)")
      #expect(result.errors.contains(part), "\(result.errors)")
    }
    // Their lines are kept all the same.
    #expect(try session.foldlog("quarantine", "list").output.split(separator: "\n").count == 8)
    let piped = try session.foldlog("ingest", input: "[1,\n2]\n")
    #expect(piped.status == 65 && piped.errors.contains("standard input: nothing was understood"))
  }

  @Test func `values that no field can have are counted in the status, and are none`() throws {
    let lines = [
      #"{"event":"cycle_completed","cycle_id":"c","cycle":"Training"}"#,
      #"{"event":"cycle_completed","cycle_id":"d","cycle":"trainings"}"#,
      #"{"event":"local_inference","query":"q","response":"r","success":true,"complexity":"Tricky","#
        + #""style_score":85,"security_score":0.5,"tests_passed":19,"tests_failed":1}"#,
      #"{"event":"deployment_created","deployment_id":"d","promotion_threshold":5}"#,
      #"{"event":"deployment_scaled","deployment_id":"d","replicas":-1}"#,
      #"{"event":"training_started","run_id":"r","hyperparameters":{"rate":2e-4,"#
        + #""epochs":3,"lora":{"r":8,"at":["q","v"]}}}"#,
    ].joined(separator: "\n")
    try session.foldlog("ingest", "--stream", "hybrid", input: lines + "\n")
    let status = try session.foldlog("status", "--format", "json").output.filter {
      !$0.isWhitespace
    }
    for (field, kind) in [
      ("cycle", "cycle_completed"), ("complexity", "local_inference"),
      ("style_score", "local_inference"), ("replicas", "deployment_scaled"),
    ] {
      #expect(
        status.contains(#"{"field":"\#(field)","kind":"\#(kind)","events":1,"first_offset":"#),
        "\(field): \(status)")
    }
    let human = try session.foldlog("status").output
    #expect(human.contains("field of a wrong type or range"))
    func rows(_ table: String) throws -> String {
      try session.foldlog("query", table, "--format", "jsonl").output
    }
    let quality = try rows("values/quality")
    #expect(quality.contains(#""code_quality":0.5"#) && quality.contains(#""correctness":0.95"#))
    #expect(quality.contains(#""meets":false"#))
    let reason = "a promotion_threshold of 5, which is not within 0 to 1: 0.05 holds"
    #expect(try rows("deployments/anomalies").contains(reason))
    #expect(try rows("deployments").contains(#""promotion_threshold":null"#))
    #expect(
      try rows("deployments/training").contains(
        #""hyperparameters":"epochs=3, lora.at=[q v], lora.r=8, rate=0.0002""#))
  }

  @Test func `fields that a kind needs and lacks are counted, and told where an answer is empty`()
    throws
  {
    let lines = [
      #"{"event":"training_completed","eval_score":0.5}"#,
      #"{"event":"training_completed","eval_score":0.6}"#,
      #"{"event":"training_completed","run_id":["r"]}"#,
      #"{"event":"deployment_promoted","deployment_id":"d"}"#,
      #"{"event":"prediction_made","probability":0.5}"#,
      #"{"event":"deployment_checked","deployment_id":"d"}"#,
      #"{"event":"deployment_checked","deploymentId":"d","status":"ok"}"#,
      #"{"event":"cycle_completed"}"#, #"{"event":"cycle_completed","cycle":"mini"}"#,
      #"{"event":"query","prompt":"p"}"#,
    ].joined(separator: "\n")
    try session.foldlog("ingest", "--stream", "hybrid", input: lines + "\n")
    let status = try session.foldlog("status", "--format", "json").output.filter {
      !$0.isWhitespace
    }
    let missing = status.split(separator: "\"missing_fields\":[").last?.prefix { $0 != "]" } ?? ""
    // The run_id that is a list is told as what it is.
    let expected = [
      ("cycle", "cycle_completed", 1, 7), ("subject_id", "prediction_made", 1, 4),
      ("okorstatus", "deployment_checked", 1, 5), ("run_idormodel", "training_completed", 2, 0),
      ("traffic_percentage", "deployment_promoted", 1, 3),
    ].map {
      #"{"field":"\#($0.0)","kind":"\#($0.1)","events":\#($0.2),"first_offset":\#($0.3)}"#
    }
    #expect(missing == expected.joined(separator: ","), "\(status)")
    #expect(status.contains(#"{"field":"run_id","kind":"training_completed","events":1,"#))
    let human = try session.foldlog("status").output
    #expect(human.contains("field that is needed and missing"))
    let sentence = "2 events of training_completed lack run_id or model, the first is event 0"
    let empty = try session.foldlog("query", "deployments/training")
    #expect(empty.errors.contains(sentence), "\(empty.errors)")
    #expect(!empty.errors.contains("cycle_completed"))
    #expect(try session.foldlog("doctor").output.contains("lack run_id or model"))
    #expect(try !session.foldlog("query", "deployments/anomalies").errors.contains("lack"))
  }

  @Test(arguments: [
    ("[{\"role\":\"user\",\"content\":\"x\"}]\n", "an API's conversation"),
    ("{\n\"trajectory\":[],\n\"history\":[],\n\"info\":{}\n}\n", "SWE-agent's trajectory"),
    ("{\n\"info\":{},\n\"messages\":[\n{\"a\":1}]\n}", "OpenCode"),
    ("{\n\"sessionId\":\"s\",\n\"projectHash\":\"h\",\n\"messages\":[]\n}\n", "Gemini CLI"),
    ("{\n\"loop_count\":1,\n\"calls_made_this_hour\":2\n}", "ralph-claude-code's status"),
    ("{\"eval\":{},\"status\":\"success\",\"version\":2}\n", "Inspect AI's log"),
    ("\n# aider chat started at 2026-03-01\n\n#### fix it\n", "Aider's chat history"),
    ("[GIN] 2026/03/01 | 200 | POST\n", "Ollama's log"),
    ("SQLite format 3\u{0}\u{10}", "SQLite's database"),
  ])
  func `what a tool writes that is not read yet is called by the tool's name`(
    text: String, name: String
  ) throws {
    let told = try session.foldlog("ingest", try path("given", text)).errors
    #expect(
      told.contains("looks like \(name)") || told.contains("looks like what \(name)"), "\(told)")
  }

  @Test(arguments: [1, 3])
  func `lines of a tool in a file of another name are taken where it is named`(_ count: Int) throws
  {
    let line = #"{"type":"summary","summary":"x","leafUuid":"u"}"#
    let folder = session.directory.file("logs")
    _ = try run("mkdir", [folder])
    let log = try path("logs/claude_output.log", String(repeating: line + "\n", count: count))
    let told = try session.foldlog("ingest", folder).errors
    #expect(
      told.contains("looks like what Claude Code writes, a line each: name the file itself"),
      "\(told)")
    #expect(try session.foldlog("ingest", log).output.hasPrefix("\(count) line"))
  }

  @Test func `telemetry of no stream is taken for no tool's`() throws {
    let line =
      #"{"id":"1","timestamp":"2026-01-01T00:00:00Z","source":"a","action":"b","role":"c"}"#
    let told = try session.foldlog("ingest", try path("given", line + "\n")).errors
    #expect(told.contains("give --stream"), "\(told)")
  }

  /// What is told last between backticks.
  private func command(in errors: String) -> String {
    let parts = errors.split(separator: "`", omittingEmptySubsequences: false)
    return String(parts.last { $0.contains("foldlog ingest") } ?? "")
  }

  private static let event = """
    "event":"query_completion","query_id":"q","prompt":"it is, \\"}","success":true
    """

  @Test(arguments: [
    ("{\(event)},\n{\(event)},\n", 2), ("{\(event),}\n{\(event),\"b\":[1,],}\n", 2),
    ("{\(event)},{\(event)},\n", 2), ("{\(event)} {\(event)}\n", 2),
    ("{'event': 'query_completion', 'query_id': \"q's\", 'success': True, 'x': None}\n", 1),
    ("{\(event),\"x\":NaN}\n", 1),
    ("2026-01-01 INFO {\(event)}\n2026-01-02 INFO {\(event)}\n", 2),
    ("data: {\(event)}\n\ndata: {\(event)}\n", 2),
    ("<?xml version=\"1.0\"?>\n<l><e event=\"query\"><query_id>q</query_id></e></l>\n", 1),
    ("event\tquery_id\nquery\tq\nquery\tr\n", 2), ("event,query_id\nquery,q\n", 1),
    ("{\(event)}\n{\(event)}\n{\(event)}\n{'event': 'query_completion', 'a': True}\n", 1),
  ])
  func `the command that is told takes what was not understood`(
    text: String, events: Int
  ) throws {
    let file = try path("given", text)
    let told = command(in: try session.foldlog("ingest", "--stream", "aidb", file).errors)
    let needsJQ = told.contains("jq ")
    if needsJQ, try run("sh", ["-c", "command -v jq"]).status != 0 { return }
    let folder = told.contains("quarantine export") ? "data" : "other"
    let binary = foldlogBinary.split(separator: "/").dropLast().joined(separator: "/")
    let taken = try run(
      "sh", ["-c", told.replacing("FILE", with: file)],
      variables: [
        "FOLDLOG_DATA=\(session.directory.file(folder))", "PATH=/\(binary):/usr/bin:/bin",
      ])
    #expect(taken.status == 0, "\(told): \(taken.errors)")
    #expect(taken.output.contains(": \(events) event"), "\(told): \(taken.output)")
  }

  @Test func `one of several that is not understood counts, and the others are taken`() throws {
    let good = session.fixture("aidb-events.jsonl")
    let both = try session.foldlog("ingest", good, path("x.md", "# words\n"))
    #expect(both.status == 65 && both.output.contains("events"))
    #expect(!both.errors.contains("aidb-events.jsonl: nothing"), "\(both.errors)")
    let again = try session.foldlog("ingest", good, session.directory.file("x.md"))
    #expect(again.status == 0, "nothing new was given")
  }

  @Test func `what is half understood is told, and is no failure`() throws {
    let line = "{\"event\":\"query\",\"query_id\":\"q\"}"
    let result = try session.foldlog(
      "ingest", "--stream", "aidb", path("list.json", "[\n\(line),\n\(line),\n\(line)\n]\n"))
    #expect(result.status == 0)
    #expect(
      result.errors.contains("little was understood; it looks like one JSON document, an array"),
      "\(result.errors)")
  }

  @Test func `a line that is being written, and an empty file, are no failure`() throws {
    for text in ["", "\n\n", "{\"event\":\"que"] {
      let result = try session.foldlog("ingest", path("aidb-events.jsonl", text))
      #expect(result.status == 0 && !result.errors.contains("nothing was understood"))
    }
  }

  @Test func `a folder says which files were left out, why, and what they look like`() throws {
    try session.directory.makeFolder("f")
    let empty = try session.foldlog("ingest", session.directory.file("f"))
    #expect(empty.status == 66)
    for number in 0..<7 { _ = try path("f/\(number).json", "{\"a\":\n1}\n") }
    for name in [".hidden.jsonl", "x.jsonl.tmp"] { _ = try path("f/\(name)", "{}\n") }
    let none = try session.foldlog("ingest", session.directory.file("f"))
    #expect(none.status == 65)
    #expect(
      none.errors.contains("7 files were left out (not named *.jsonl or *.ndjson"), "\(none.errors)"
    )
    #expect(none.errors.contains(" and 2 more\n"))
    #expect(none.errors.contains("2 files were left out (hidden"))
    #expect(
      none.errors.contains("0.json looks like one JSON document, an object with the keys `a`"))
    _ = try path("f/x.jsonl", "{\"a\":1}\n")
    let bad = try session.foldlog("ingest", session.directory.file("f"))
    #expect(bad.status == 65 && bad.errors.contains("7 files were left out"))
    _ = try path("f/aidb-events.jsonl", "{\"event\":\"query\"}\n")
    let good = try session.foldlog("ingest", session.directory.file("f"))
    #expect(good.status == 0)
    #expect(
      good.errors.contains("7 files were left out (not named *.jsonl or *.ndjson"), "\(good.errors)"
    )
    #expect(good.errors.contains("0.json") && good.errors.contains(" and 2 more\n"))
    #expect(good.errors.contains("2 files were left out (hidden"))
    #expect(!good.errors.contains("looks like one JSON document"), "\(good.errors)")
  }

  @Test func `notes beyond the first are counted`() throws {
    let lines = ["{", "]", "1x", "\"a", "nul", "{\"a\"", "[,"]
    let result = try session.foldlog("ingest", input: lines.map { "\($0)\n" }.joined())
    #expect(result.errors.contains("lines more for other reasons"), "\(result.errors)")
    try session.directory.makeFolder("g")
    let text = try run("head", ["-n", "60", session.fixture("aidb-events.jsonl")]).output
    for number in 10..<24 { _ = try path("g/\(number).jsonl", text) }
    let copies = try session.foldlog("ingest", "--stream", "aidb", session.directory.file("g"))
    #expect(copies.errors.contains("and 3 more notes"), "\(copies.errors)")
  }
}
