import TestSupport
import Testing

// What the command makes of its options, and of the files that it writes.

extension DatasetTests {
  // MARK: Score

  /// Two tasks: of 0.70 exactly, and of 0.69.
  private static let border = """
    {"event":"task_completed","task_id":"a","prompt":"mend the gate","response":"It hangs now.\\n```sh\\nmend gate\\n```\\nOil it.","success":true,"tools_used":["sh"]}
    {"event":"task_completed","task_id":"b","prompt":"paint the fence","response":"Two coats of green were put on it","success":true,"steps":2}

    """

  @Test func `an example begins at 0 70, and a least score takes what has it`() throws {
    let session = try Session()
    try session.foldlog("ingest", "--stream", "ralph", input: Self.border)
    let scores = try session.foldlog("query", "values", "--format", "csv").output
    #expect(scores.contains(",0.7,") && scores.contains(",0.69,"), "\(scores)")
    for (least, count) in [("0", 1), ("0.7", 1), ("0.70", 1), ("0.700000001", 0), ("1", 0)] {
      let result = try session.foldlog(
        "dataset", "export", "--format", "openai", "--min-score", least)
      #expect(result.status == 0)
      #expect(result.output.split(separator: "\n").count == count, "\(least)")
    }
  }

  // MARK: Domains and tags

  /// Of the web three, of data one, of none one; each worth 0.70, but for the second, which is praised.
  private static let spread = ["web", "web", "web", "data", nil].enumerated().map { index, domain in
    let words = ["gate", "fence", "lamp", "roof", "well"][index]
    return #"{"event":"task_completed","task_id":"\#(words)","prompt":"mend the \#(words)","#
      + #""response":"The \#(words) works.\n```sh\nmend \#(words)\n```\nOil the \#(words).","#
      + #""success":true,"tools_used":["sh"],"tags":["\#(words)","repair"]"#
      + (domain.map { #","domain":"\#($0)""# } ?? "") + (index == 1 ? #","user_feedback":1"# : "")
      + "}\n"
  }.joined()

  @Test(
    arguments: [
      ("1", ["fence", "roof", "well"]), ("2", ["gate", "fence", "roof", "well"]),
      ("3", ["gate", "fence", "lamp", "roof", "well"]),
      ("200", ["gate", "fence", "lamp", "roof", "well"]),
    ])
  func `so many of each domain are exported, the best first`(most: String, words: [String]) throws {
    let session = try Session()
    try session.foldlog("ingest", "--stream", "ralph", input: Self.spread)
    let path = try export(session, "--format", "openai", "--per-domain", most, to: "out.jsonl")
    let text = try session.directory.text("out.jsonl")
    let prompts = text.split(separator: "\n").compactMap { line in
      words.first { line.contains("mend the \($0)\"") }
    }
    #expect(prompts == words && text.split(separator: "\n").count == words.count, "\(path)")
    let manifest = try session.directory.text("out.jsonl.manifest.json")
    #expect(manifest.contains("\"per_domain\":\(most),\"rows\":\(words.count),"))
  }

  @Test func `the tags of lines are those of the example`() throws {
    let session = try Session()
    try session.foldlog("ingest", "--stream", "ralph", input: Self.spread)
    let text = try session.foldlog("dataset", "export", "--format", "openai").output
    #expect(text.contains(#""tags":["web","gate","repair"]"#))
    #expect(text.contains(#""tags":["well","repair"]"#))
  }

  /// A secret is all that tells the prompts of two sessions apart, one of training and one of test.
  @Test func `one masked prompt is in one file`() throws {
    let lines = ["s66", "s92"].map { session in
      #"{"event":"task_completed","task_id":"\#(session)","session_id":"\#(session)","success":true,"#
        + #""prompt":"mail \#(session)@example.org the report","tools_used":["sh"],"#
        + #""response":"It is \#(session == "s66" ? "sent" : "gone").\n```sh\nmail\n```\nDone."}"#
    }
    for order in [[0, 1], [1, 0]] {
      let session = try Session()
      for index in order {
        try session.foldlog("ingest", "--stream", "ralph", input: lines[index] + "\n")
      }
      func counts() throws -> [Int] {
        try ["train", "validation", "test"].map { split in
          let result = try session.foldlog(
            "dataset", "export", "--format", "openai", "--split", split)
          return result.output.split(separator: "\n").count
        }
      }
      let expected = order[0] == 0 ? [2, 0, 0] : [0, 0, 2]
      #expect(try counts() == expected)
      try session.foldlog("replay", "datasets")
      #expect(try counts() == expected)
      #expect(try session.foldlog("verify").status == 0)
    }
  }

  // MARK: Files

  @Test func `a manifest stands beside the file, with its hash and counts`() throws {
    let session = try filled()
    let path = try export(session, "--format", "kto", to: "kto.jsonl")
    let hash = try run("sha256sum", [path]).output.prefix(64)
    let manifest = try session.directory.text("kto.jsonl.manifest.json")
    #expect(manifest.contains("\"sha256\":\"\(hash)\""))
    #expect(manifest.contains("\"log\":{\"first_offset\":0,\"last_offset\":1816}"))
    #expect(manifest.contains("\"values.thresholds.high_value\":\"0.7\""))
    #expect(manifest.contains("\"name\":\"kto.jsonl\",\"format\":\"kto\",\"split\":\"all\""))
    let listed = try run("ls", [session.directory.path]).output
    #expect(listed == "data\nkto.jsonl\nkto.jsonl.manifest.json\n")

    // Other settings than those of the build: only what the build holds is shown.
    try session.directory.write("data/foldlog.toml", "[values.thresholds]\nhigh_value = 0.8\n")
    _ = try export(session, "--format", "kto", to: "kto.jsonl")
    let later = try session.directory.text("kto.jsonl.manifest.json")
    #expect(!later.contains("thresholds") && later.contains("\"interactions\":"))
    #expect(later.contains("\"settings\":\"of another version or configuration\""))
  }

  private func ask(_ session: Session, _ arguments: [String]) throws -> ChildResult {
    try run(
      foldlogBinary, arguments, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  @Test func `rows of other settings than the present ones are reported`() throws {
    let session = try filled()
    let export = ["dataset", "export", "--format", "openai"]
    let query = ["query", "datasets", "--format", "jsonl"]
    let note = "`foldlog replay datasets`"
    for command in [export, query] {
      #expect(try !ask(session, command).errors.contains(note))
    }
    try session.directory.write("data/foldlog.toml", "[values.thresholds]\nhigh_value = 0.8\n")
    for command in [export, query] {
      let result = try ask(session, command)
      #expect(result.status == 0 && result.errors.contains(note), "\(result.errors)")
      #expect(!result.output.contains(note))
    }
    try session.foldlog("replay")
    for command in [export, query] {
      #expect(try !ask(session, command).errors.contains(note))
    }
  }

  @Test func `nothing is written into the data directory`() throws {
    let session = try filled()
    let data = session.directory.file("data")
    _ = try run("ln", ["-s", "\(data)/log", session.directory.file("link")])
    _ = try run("mv", ["\(data)/views", session.directory.file("moved")])
    _ = try run("ln", ["-s", session.directory.file("moved"), "\(data)/views"])
    try session.directory.makeFolder("beside")
    let log = try run("sha256sum", ["\(data)/log/data.mdb"]).output
    for path in [
      "data/log/data.mdb", "data/log/new.jsonl", "data/foldlog.toml", "beside/../data/new.jsonl",
      "link/data.mdb", "moved/new.jsonl",
    ] {
      let result = try session.foldlog(
        "dataset", "export", "--format", "openai", "--out", session.directory.file(path))
      #expect(result.status == 64, "\(path)")
      #expect(result.errors.contains("data directory"), "\(result.errors)")
    }
    #expect(try run("sha256sum", ["\(data)/log/data.mdb"]).output == log)
    #expect(try run("find", [session.directory.path, "-name", "*.jsonl*"]).output.isEmpty)
    _ = try self.export(session, "--format", "openai", to: "beside/out.jsonl")
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `a link stays, and the file that it leads to is written`() throws {
    let session = try filled()
    try session.directory.makeFolder("far")
    try session.directory.write("far/real.jsonl", "of before\n")
    let link = session.directory.file("link.jsonl")
    _ = try run("ln", ["-s", "far/real.jsonl", link])
    _ = try export(session, "--format", "openai", to: "link.jsonl")
    #expect(try run("readlink", [link]).output == "far/real.jsonl\n")
    #expect(try session.directory.text("far/real.jsonl").hasPrefix("{\"messages\""))
    #expect(try session.directory.text("link.jsonl.manifest.json").contains("link.jsonl"))

    // Into the data directory, or to nothing, leads no way.
    let data = session.directory.file("data")
    _ = try run("ln", ["-s", "\(data)/log/data.mdb", session.directory.file("inside.jsonl")])
    _ = try run("ln", ["-s", "nowhere", session.directory.file("lost.jsonl")])
    for (name, status, words) in [
      ("inside.jsonl", 64, "data directory"), ("lost.jsonl", 74, "is a link to nothing"),
    ] {
      let result = try session.foldlog(
        "dataset", "export", "--format", "openai", "--out", session.directory.file(name))
      #expect(result.status == Int32(status) && result.errors.contains(words), "\(result.errors)")
    }
    #expect(try session.foldlog("log", "verify").status == 0)
    #expect(try run("find", [session.directory.path, "-name", "*unfinished*"]).output.isEmpty)
  }

  @Test func `what is no manifest is not overwritten by one`() throws {
    let session = try filled()
    try session.directory.write("out.jsonl.manifest.json", "{\"of\":\"somebody else\"}\n")
    let result = try session.foldlog(
      "dataset", "export", "--format", "openai", "--out", session.directory.file("out.jsonl"))
    #expect(result.status == 74)
    #expect(result.errors.contains("out.jsonl.manifest.json is there, and is no manifest"))
    #expect(
      try session.directory.text("out.jsonl.manifest.json") == "{\"of\":\"somebody else\"}\n")
    #expect(
      try run("ls", [session.directory.path]).output == "data\nout.jsonl.manifest.json\n")
  }

  @Test func `a file is replaced whole, or stays as it was`() throws {
    let session = try filled()
    try session.directory.write("out.jsonl", "of before\n")
    let refused = try session.foldlog(
      "dataset", "export", "--format", "nothing", "--out", session.directory.file("out.jsonl"))
    #expect(refused.status == 64)
    #expect(try session.directory.text("out.jsonl") == "of before\n")
    _ = try export(session, "--format", "openai", to: "out.jsonl")
    #expect(try session.directory.text("out.jsonl").hasPrefix("{\"messages\""))

    try session.directory.makeFolder("folder")
    for path in ["folder", "none/out.jsonl"] {
      let result = try session.foldlog(
        "dataset", "export", "--format", "openai", "--out", session.directory.file(path))
      #expect(result.status == 74, "\(path)")
      #expect(result.errors.contains(path))
    }
    // What was begun is gone.
    let listed = try run("ls", [session.directory.path]).output
    #expect(listed == "data\nfolder\nout.jsonl\nout.jsonl.manifest.json\n")
  }

  @Test func `what is no file is written to as it is`() throws {
    let session = try filled()
    let piped = try session.foldlog("dataset", "export", "--format", "alpaca")
    let dash = try session.foldlog("dataset", "export", "--format", "alpaca", "--out", "-")
    let device = try session.foldlog(
      "dataset", "export", "--format", "alpaca", "--out", "/dev/null")
    #expect(!piped.output.isEmpty && dash.output == piped.output)
    let count = piped.output.split(separator: "\n").count
    #expect(piped.errors.hasPrefix("foldlog: \(count) rows in \(count) lines"))
    #expect(device.status == 0 && device.errors == piped.errors)
    #expect(try run("test", ["-c", "/dev/null"]).status == 0)
    #expect(try run("test", ["-e", "/dev/null.manifest.json"]).status != 0)
  }

  // MARK: Mistakes

  @Test(arguments: [
    ["--format", "parquet"], [], ["--format", "openai", "--split", "dev"],
    ["--format", "openai", "--min-score", "high"], ["--format", "openai", "--min-score", "1.1"],
    ["--format", "openai", "--min-score", "-1"], ["--format", "openai", "--min-score", "nan"],
    ["--format", "openai", "--min-score", "70"], ["--format", "openai", "--min-score", ""],
    ["--format", "openai", "more"], ["--format", "openai", "--per-domain", "0"],
    ["--format", "openai", "--per-domain", "-1"], ["--format", "openai", "--per-domain", "x"],
    ["--format", "openai", "--per-domain", "1.5"], ["--format", "openai", "--per-domain", ""],
    ["--format", "openai", "--per-domain", "99999999999999999999"],
    ["--format", "dpo", "--per-domain", "5"], ["--format", "kto", "--per-domain", "5"],
  ])
  func `wrong usage exits with 64 and writes nothing`(_ arguments: [String]) throws {
    let session = try Session()
    try session.foldlog("ingest", "--stream", "ralph", input: Self.border)
    let path = session.directory.file("out.jsonl")
    let result = try run(
      foldlogBinary, ["dataset", "export", "--out", path] + arguments,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 64, "\(arguments): \(result.errors)")
    #expect(!result.errors.isEmpty && result.output.isEmpty)
    #expect(try run("ls", [session.directory.path]).output == "data\n")
  }

  @Test func `without a log there is nothing to export, with an empty view an empty file`() throws {
    let session = try Session()
    let absent = try session.foldlog("dataset", "export", "--format", "openai")
    #expect(absent.status == 66)
    try session.foldlog("ingest", "--stream", "aidb", input: "{\"event\":\"query\"}\n")
    for format in Self.formats {
      _ = try export(session, "--format", format, to: "empty.jsonl")
      #expect(try session.directory.bytes("empty.jsonl").isEmpty)
      let manifest = try session.directory.text("empty.jsonl.manifest.json")
      #expect(manifest.contains("\"rows\":0") && manifest.contains("\"last_offset\":0"))
      let said = try session.foldlog("dataset", "export", "--format", format).errors
      #expect(said.contains("nothing to train on yet"))
      let isOfPairs = ["dpo", "kto", "pairs"].contains(format)
      #expect(said.contains(isOfPairs ? "Of 0 answers" : "both a prompt and a response"))
    }
  }

  @Test func `a file without rows says what was left out, and which option takes it`() throws {
    let session = try Session()
    func take(_ responses: [String]) throws {
      let lines = responses.map {
        #"{"event":"agent_step_complete","query":"how are rows sorted by name","response":"\#($0)"}"#
      }
      try session.foldlog(
        "ingest", "--stream", "hybrid", input: lines.joined(separator: "\n") + "\n")
    }
    func said(_ options: String...) throws -> String {
      try run(
        foldlogBinary, ["dataset", "export", "--format", "openai"] + options,
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"]
      ).errors
    }
    // 0.4 for a success, 0.1 without feedback, 0.06 for a first prompt, 0.1 for a new response.
    try take(["by their first letters"])
    #expect(try said().contains("of 1 interactions") && said().contains("the best score is 0.66"))
    // 0.1 for a prompt that came once or twice, 0.14 for one that came three times.
    try take(["with a heap", "by merging runs", "not at all"])
    #expect(
      try said().contains(
        "3 on weaker evidence than --min-basis tool asks for (--min-basis self takes"))
    #expect(
      try said("--min-basis", "self", "--min-score", "0.9").contains(
        "3 below --min-score (the best has 0.74)"))
  }
}
