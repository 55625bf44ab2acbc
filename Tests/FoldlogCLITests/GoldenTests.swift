import TestSupport
import Testing

/// Logs of every released format must open for ever.
@Suite struct GoldenTests {
  @Test(arguments: ["log-format-1"])
  func `a log that a release wrote opens, and holds what it held`(_ format: String) throws {
    let golden = "\(packageRoot)/fixtures/golden/\(format)"
    let session = try Session()
    let log = session.directory.file("data/log")
    #expect(try run("mkdir", ["-p", log]).status == 0)
    #expect(try run("cp", ["\(golden)/data.mdb", log]).status == 0)
    func held(_ name: String) throws -> String { try run("cat", ["\(golden)/\(name)"]).output }
    #expect(try session.foldlog("log", "show").output == held("events.tsv"))
    #expect(try session.foldlog("quarantine", "export").output == held("quarantine.txt"))
    #expect(try session.foldlog("log", "verify").output == held("verify.txt"))

    // It is also appended to.
    try session.foldlog(
      "ingest", "--stream", "aidb", input: "{\"event\":\"query\",\"late\":true}\n")
    #expect(try session.foldlog("log", "verify").status == 0)
    #expect(try session.foldlog("log", "export").output.hasSuffix("\"late\":true}\n"))
  }
}
