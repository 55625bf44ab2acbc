import TestSupport
import Testing

/// `foldlog audit`: what was done is on record, and the log is not changed by it.
@Suite struct AuditCommandTests {
  private struct Entry: Equatable {
    var act: String
    var subject: String
    var rows: String
    var target: String
    var offset: String
    var isWhole: String
  }

  private func entries(_ session: Session, _ more: String...) throws -> [Entry] {
    let result = try run(
      foldlogBinary, ["audit", "--format", "json"] + more,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 0, "\(result.errors)")
    let columns = ["act", "subject", "rows", "to", "offset", "whole"]
    let program =
      "import json,sys\nfor e in json.load(sys.stdin):\n"
      + "  print('\\t'.join(str(e[c]) for c in \(columns)))"
    let read = try run("python3", ["-c", program], input: Array(result.output.utf8))
    #expect(read.status == 0, "\(read.errors)")
    return read.output.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Entry(
        act: parts[0], subject: parts[1], rows: parts[2], target: parts[3], offset: parts[4],
        isWhole: parts[5])
    }
  }

  @Test func `each export, skip and replay leaves a receipt, and none is an event`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let before = try session.foldlog("log", "verify").output
    let events = try session.foldlog("status", "--format", "json").output
    let last = try #require(events.firstMatch(of: #/"events": ?([0-9]+)/#)?.1)
    let offset = "\((Int(last) ?? 0) - 1)"
    #expect(try entries(session).isEmpty)
    let file = session.directory.file("out/train.jsonl")
    #expect(try run("mkdir", [session.directory.file("out")]).status == 0)
    #expect(
      try session.foldlog("dataset", "export", "--format", "openai", "--out", file).status == 0)
    #expect(try session.foldlog("dataset", "export", "--format", "dpo").status == 0)
    let skills = session.directory.file("skills")
    #expect(try session.foldlog("skills", "export", "--dir", skills).status == 0)
    #expect(try session.foldlog("log", "export").status == 0)
    let ralph = try session.foldlog("log", "export", "--stream", "ralph").output
    #expect(try session.foldlog("quarantine", "export").status == 0)
    #expect(try session.foldlog("project", "--skip", "errors", "1").status == 0)
    #expect(try session.foldlog("project", "--no-skip", "errors", "1").status == 0)
    #expect(try session.foldlog("replay", "sessions").status == 0)
    #expect(try session.foldlog("replay", "--rollback").status == 0)
    #expect(try session.foldlog("compact").status == 0)
    let all = try entries(session)
    #expect(
      all.map(\.act) == [
        "dataset_export", "dataset_export", "skills_export", "log_export", "log_export",
        "quarantine_export", "event_skipped", "views_rebuilt", "event_not_skipped",
        "views_rebuilt", "views_replayed", "builds_rolled_back", "compacted",
      ], "\(all)")
    let rows = try run("grep", ["-c", "", file]).output.filter(\.isNumber)
    #expect(
      all.first
        == Entry(
          act: "dataset_export", subject: "openai", rows: rows, target: file, offset: offset,
          isWhole: "True"))
    #expect(all[3].rows == String(last) && all[3].target == "-" && all[3].offset == offset)
    #expect(all[4].subject == "--stream ralph")
    #expect(all[4].rows == "\(ralph.split(separator: "\n").count)")
    #expect(all[6].subject == "errors" && all[6].offset == "1")
    #expect(all[10].subject == "sessions" && all[10].offset == offset)
    // Nothing of it is in the log.
    #expect(try session.foldlog("log", "verify").output == before)
    #expect(try session.foldlog("verify").status == 0)
    #expect(try entries(session, "--limit", "2") == Array(all.suffix(2)))
    let text = try session.foldlog("audit", "--limit", "1").output
    #expect(text.contains("compact"), "\(text)")
    let wrong = try session.foldlog("audit", "--limit", "-1")
    #expect(wrong.status == 64 && wrong.errors.contains("--limit takes 0 or more"))
  }

  @Test func `an export that nobody reads to its end says so`() throws {
    let session = try Session()
    let lines = (0..<20_000).map {
      #"{"event":"query","stream":"aidb","prompt":"prompt \#($0 &* 7_919)","ts":"2026-03-01T00:00:00Z"}"#
    }
    #expect(
      try session.foldlog("ingest", "--no-project", input: lines.joined(separator: "\n") + "\n")
        .status == 0)
    let data = session.directory.file("data")
    let cut = try run(
      "sh", ["-c", "'\(foldlogBinary)' --data '\(data)' log export 2>/dev/null | head -c 10"])
    #expect(cut.output.count == 10)
    var found: [Entry] = []
    #expect(
      eventually {
        found = (try? entries(session)) ?? []
        return !found.isEmpty
      })
    #expect(found.map(\.act) == ["log_export"] && found.first?.isWhole == "False", "\(found)")
  }

  @Test func `a log of before there were receipts opens, and has none`() throws {
    let session = try Session()
    let log = session.directory.file("data/log")
    #expect(try run("mkdir", ["-p", log]).status == 0)
    #expect(
      try run("cp", ["\(packageRoot)/fixtures/golden/log-format-1/data.mdb", log]).status == 0)
    let empty = try session.foldlog("audit")
    #expect(empty.status == 0 && empty.output.split(separator: "\n").count <= 2, "\(empty.output)")
    #expect(empty.errors.contains("nothing was exported"))
    #expect(try session.foldlog("log", "export").status == 0)
    #expect(try entries(session).map(\.act) == ["log_export"])
    #expect(try session.foldlog("log", "verify").status == 0)
  }
}
