import TestSupport
import Testing

@Suite struct ExplainTests {
  /// Every table, by the list in the help, with its key columns.
  private func tables(_ session: Session) throws -> [(name: String, key: [String])] {
    let help = try session.foldlog("explain", "--help").output
    let lines = help.split(separator: "\n").drop { $0 != "KEYS" }.dropFirst()
    return lines.prefix { $0.hasPrefix("  ") }.compactMap { line in
      let parts = line.split(separator: ":")
      guard parts.count == 2 else { return nil }
      return (
        String(parts[0].trimmingPrefix("  ")), parts[1].split(separator: " ").map { String($0) }
      )
    }
  }

  private func word(_ value: StrictJSON?) -> String {
    switch value {
    case .string(let text)?: text
    case .number(let text)?: text
    case .bool(let isTrue)?: "\(isTrue)"
    default: "null"
    }
  }

  @Test func `every table explains its first row and its last`() throws {
    let session = try Session()
    try session.ingestFixtures()
    try session.ingestWhatFixturesLack()
    let tables = try tables(session)
    #expect(try tables.count == listedTables().count)
    for table in tables {
      let answer = try session.foldlog("query", table.name, "--format", "jsonl").output
      let rows = answer.split(separator: "\n").compactMap { StrictJSON(Array($0.utf8)) }
      #expect(!rows.isEmpty, "\(table.name)")
      for row in [rows.first, rows.last].compactMap({ $0 }) {
        let part = word(row["part"])
        let key = table.key.map { name in
          name == "offset" && part != "0" && part != "null"
            ? "\(word(row[name])).\(part)" : word(row[name])
        }
        let result = try run(
          foldlogBinary, ["explain", table.name] + key + ["--format", "json"],
          variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
        let explained = try Explained(result)
        let name = "\(table.name) \(key)"
        #expect(explained.row == row, "\(name)")
        #expect(explained.rows.first?["key"]?.items.map(word) == key, "\(name)")
        let explanation = explained.explanation
        #expect(explanation["title"]?.text?.isEmpty == false, "\(name)")
        #expect(explanation["rule"]?.text?.isEmpty == false, "\(name)")
        #expect(explanation["figures"]?.items.isEmpty == false, "\(name)")
        // A bucket may be empty.
        let isEmpty = row["count"]?.number == 0
        #expect(explained.json["events"]?.items.isEmpty == isEmpty, "\(name): events")
        try checkText(table.name, key, explained, session)
      }
    }
  }

  /// What a person reads has every figure and every event that the JSON has.
  private func checkText(
    _ table: String, _ key: [String], _ explained: Explained, _ session: Session
  ) throws {
    let text = try run(
      foldlogBinary, ["explain", table] + key,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))", "COLUMNS=120"]
    ).output
    for figure in explained.explanation["figures"]?.items ?? [] {
      #expect(text.contains("\n  \(figure["name"]?.text ?? "") = "), "\(table) \(key)")
    }
    for event in explained.json["events"]?.items.prefix(32) ?? [] {
      #expect(text.contains("event \(word(event["offset"]))"), "\(table) \(key)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(table) \(key)")
  }

  @Test func `an event names each row that says that it stands on it`() throws {
    let session = try Session()
    try session.ingestFixtures()
    var named: [String: Set<String>] = [:]
    for table in try tables(session) {
      let answer = try session.foldlog("query", table.name, "--format", "jsonl").output
      for line in answer.split(separator: "\n") {
        guard let row = StrictJSON(Array(line.utf8)) else { continue }
        // A row of correlations names the samples of its level, also those without its metric.
        let key = table.key.filter { $0 != "metric" || !table.name.hasPrefix("correlations") }
          .map { word(row[$0]) }.joined(separator: "|")
        for offset in row["offsets"]?.items ?? [] {
          named[word(offset), default: []].insert("\(table.name)|\(key)")
        }
      }
    }
    // Of each stream, with errors, fixes, pairs, a deployment, a model and a training among them.
    for offset in ["48", "37", "57", "59", "267", "295", "425", "534", "689", "1560", "1816"] {
      let explained = try Explained(session.foldlog("explain", offset, "--format", "json"))
      let names = explained.rows.map { row in
        let key = (row["key"]?.items ?? []).map(word)
        return ([word(row["view"])] + key).joined(separator: "|")
      }
      #expect(Set(names).count == names.count, "event \(offset)")
      let short = names.map { name in
        name.hasPrefix("correlations|")
          ? name.split(separator: "|").prefix(3).joined(separator: "|") : name
      }
      let missing = (named[offset] ?? []).subtracting(short)
      #expect(missing.isEmpty, "event \(offset): \(missing)")
      #expect(!names.isEmpty, "event \(offset)")
      #expect(explained.json["event"]?["offset"]?.number == Double(offset))
    }
  }

  @Test func `an event of nothing, and one of an interaction without an outcome, say so`() throws {
    let session = try Session()
    try session.foldlog(
      "ingest", "--stream", "ralph",
      input: """
        {"event":"task_submitted","task_id":"t","prompt":"do it"}
        {"event":"adaptive_limit_calculated"}

        """)
    let open = try Explained(session.foldlog("explain", "0", "--format", "json"))
    #expect(open.json["role"] == .string("opens an interaction"))
    #expect(open.interaction.figure("outcome")["value"] == .null)
    // That it happened is counted, and no more.
    #expect(open.rows.allSatisfy { word($0["view"]).hasPrefix("metrics") })
    let idle = try Explained(session.foldlog("explain", "1", "--format", "json"))
    #expect(idle.interaction == .null)
    #expect(idle.rows.allSatisfy { word($0["view"]).hasPrefix("metrics") })
  }

  @Test func `of a used id, each event is explained by its own interaction`() throws {
    let session = try Session()
    func line(_ kind: String, _ second: Int, _ more: String = "") -> String {
      """
      {"event":"\(kind)","task_id":"t","timestamp":"2026-01-05T10:00:0\(second)Z"\(more)}

      """
    }
    let repeated = line("iteration_started", 1, ",\"iteration\":1")
    try session.foldlog(
      "ingest", "--stream", "ralph",
      input: line("task_submitted", 0) + repeated + repeated
        + line("task_completed", 2, ",\"exit_code\":1") + line("task_submitted", 3)
        + line("task_completed", 4, ",\"exit_code\":0"))
    for (offset, outcome, events) in [
      ("0", "failure", [0, 1, 2, 3]), ("2", "failure", [0, 1, 2, 3]),
      ("3", "failure", [0, 1, 2, 3]),
      ("4", "success", [4, 5]), ("5", "success", [4, 5]),
    ] {
      let explained = try Explained(session.foldlog("explain", offset, "--format", "json"))
      let explanation = explained.interaction
      #expect(explanation.figure("outcome")["value"] == .string(outcome), "event \(offset)")
      #expect(
        explanation["steps"]?.items.map { $0["offset"]?.number ?? -1 } == events.map { Double($0) },
        "event \(offset)")
    }
    let text = try session.foldlog("explain", "0").output
    #expect(text.contains("event 2: iteration_started repeats what is known"))
  }

  @Test func `feedback that is ignored is said to be`() throws {
    let session = try Session()
    var lines = "{\"event\":\"query_completion\",\"query_id\":\"q\",\"success\":true}\n"
    for number in 0..<21 {
      lines += """
        {"event":"feedback","query_id":"q\(number < 20 ? "\(number)" : "")","session_id":"s",\
        "user_feedback":\(number < 20 ? -1 : 1),"timestamp":"2026-01-05T10:00:00Z"}

        """
    }
    try session.foldlog("ingest", "--stream", "aidb", input: lines)
    let explained = try Explained(session.foldlog("explain", "values", "0", "--format", "json"))
    #expect(explained.interaction.figure("feedback").input("explicit") == .null)
    #expect(explained.interaction.value("feedback") == 0.5)
    let text = try session.foldlog("explain", "21").output
    #expect(text.contains("its feedback is ignored"), "\(text)")
  }

  @Test func `a view is explained by the settings that built it`() throws {
    let session = try Session()
    try session.foldlog("ingest", session.fixture("ralph-events.jsonl"))
    try session.directory.write(
      "other.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    try session.foldlog(
      "replay", "values", "--what-if", session.directory.file("other.toml"), "--keep", "other")
    func weight(_ view: String) throws -> Double? {
      let explained = try Explained(session.foldlog("explain", view, "48", "--format", "json"))
      let score = explained.interaction.figure("score")
      #expect(score["value"] == explained.row["score"], "\(view)")
      return score.input("weight_of_outcome_quality").number
    }
    #expect(try weight("values") == 0.4)
    #expect(try weight("values@other") == 0.5)
    // The settings change, the view does not yet.
    try session.directory.write(
      "data/foldlog.toml", "[values.weights]\noutcome = 0.6\nfeedback = 0.0\n")
    #expect(try weight("values") == 0.4)
    #expect(try session.foldlog("explain", "values", "48").output.contains("until a replay"))
    #expect(try session.foldlog("explain", "values@none", "48").status == 66)
  }

  @Test func `an event that a view passes over is said to be`() throws {
    let session = try Session()
    try session.foldlog("ingest", session.fixture("ralph-events.jsonl"))
    try session.foldlog("project", "--skip", "values", "49")
    let feedback = try session.foldlog("explain", "49").output
    #expect(feedback.contains("the view `values` passes over this event"), "\(feedback)")
    let explained = try Explained(session.foldlog("explain", "values", "48", "--format", "json"))
    #expect(explained.interaction.value("feedback") == explained.row["feedback"]?.number)
    #expect(explained.row["feedback"]?.number == 0.5)
  }
}
