import Files
import TestSupport
import Testing

/// `[views] off`: what it names is not folded, and is taken up again when it is named no more.
@Suite struct ViewsOffTests {
  @Test func `a view that is off keeps its rows, says so, and is built anew`() throws {
    let session = try Session()
    let fixtures = ["ralph", "aidb", "hybrid", "editor"].map {
      "\(packageRoot)/fixtures/\($0)-events.jsonl"
    }
    try session.foldlog("ingest", fixtures[0], fixtures[1])
    try session.directory.write("data/foldlog.toml", "[views]\noff = [\"errors\", \"sessions\"]\n")
    let more = try session.foldlog("ingest", fixtures[2], fixtures[3])
    #expect(more.status == 0, "\(more.errors)")
    #expect(!more.errors.contains("outdated"), "\(more.errors)")
    for words in [["query", "errors"], ["query", "errors/fixes"], ["explain", "sessions", "s"]] {
      let asked = try run(
        foldlogBinary, words, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(asked.status == 66)
      #expect(asked.errors.contains("`\(words[1].prefix(6))"), "\(asked.errors)")
      #expect(asked.errors.contains("is off"), "\(asked.errors)")
    }
    #expect(try session.foldlog("replay", "errors").status == 66)
    let replayed = try session.foldlog("replay")
    #expect(replayed.status == 0)
    #expect(replayed.errors.contains("off, and left as they are: `errors`, `sessions`"))
    #expect(try session.foldlog("replay", "--dry-run").errors.contains("off, and left as they are"))
    #expect(!(try session.foldlog("replay", "values")).errors.contains("off"))
    #expect(try session.foldlog("query", "values").status == 0)
    let verified = try session.foldlog("verify")
    #expect(verified.status == 0)
    let off = verified.output.split(separator: "\n").filter {
      $0.hasSuffix("off: it is not folded on")
    }
    #expect(off.map { $0.prefix(7) } == ["errors:", "session"])
    let status = try session.foldlog("status").output.split(separator: "\n")
    #expect(status.contains { $0.contains("errors") && $0.hasSuffix("off") }, "\(status)")

    try session.directory.write("data/foldlog.toml", "")
    let projected = try session.foldlog("project")
    #expect(projected.status == 0, "\(projected.errors)")
    let again = try Session()
    try again.foldlog("ingest", fixtures[0], fixtures[1])
    try again.foldlog("ingest", fixtures[2], fixtures[3])
    for table in ["errors", "errors/fixes", "sessions"] {
      let rows = try session.foldlog("query", table, "--format", "json").output
      #expect(!rows.isEmpty)
      #expect(try again.foldlog("query", table, "--format", "json").output == rows)
    }
  }

  @Test func `a view that is off stands in nobody's way`() throws {
    let session = try Session()
    try session.ingestFixtures()
    try session.directory.write("data/foldlog.toml", "[views]\noff = [\"values\"]\n")
    #expect(try session.foldlog("query", "values", "--as-of", "40").status == 66)
    let explained = try session.foldlog("explain", "48")
    #expect(explained.status == 0, "\(explained.errors)")
    #expect(explained.output.contains("the view `values` is off"))
    #expect(!explained.output.contains("values 48"))
    let copy = session.directory.file("copy")
    _ = try run("cp", ["-r", session.directory.file("data"), copy])
    for words in [["query", "errors"], ["status"], ["project"], ["verify"]] {
      let asked = try run(foldlogBinary, words, variables: ["FOLDLOG_DATA=\(copy)"])
      #expect(asked.status == 0, "\(words): \(asked.errors)")
    }
  }

  @Test func `a view that is not there is named with those that are`() throws {
    let session = try Session()
    try session.ingestFixtures()
    try session.directory.write("data/foldlog.toml", "[log]\n[views]\noff = [\"errrors\"]\n")
    let asked = try session.foldlog("query", "values")
    #expect(asked.status == 64)
    #expect(asked.errors.contains("foldlog.toml:3: `views.off`: there is no view `errrors`"))
  }
}
