import TestSupport
import Testing

/// Where /proc is not mounted, as in a bare change of root.
@Suite struct NoProcTests {
  private static let runner = ["unshare", "-m", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh"]

  static let canUnmount = (try? withoutProc(["true"]))?.status == 0

  private static func withoutProc(_ command: [String], data: String = "") throws -> ChildResult {
    try run(
      runner[0], Array(runner[1...]) + command, variables: ["FOLDLOG_DATA=\(data)"])
  }

  @Test(.enabled(if: canUnmount, "no mount namespaces can be made here"))
  func `commands have their words, and do what they say`() throws {
    let data = try DataFolder()
    let lines = try data.directory.write(
      "aidb-events.jsonl",
      #"{"event_type": "query_completion", "query": "why", "success": true}"# + "\n")
    func foldlog(_ words: String...) throws -> ChildResult {
      try Self.withoutProc([foldlogBinary] + words, data: data.path)
    }
    let taken = try foldlog("ingest", lines)
    #expect(taken.status == 0, "\(taken.errors)")
    #expect((taken.output + taken.errors).contains("1 line: 1 event"))
    #expect(
      try foldlog("query", "values", "--columns", "outcome", "--format", "csv").output
        == "outcome\r\nsuccess\r\n")
    #expect(try foldlog("verify").status == 0)
    let status = try foldlog("status")
    #expect(status.status == 0, "\(status.errors)")
    #expect(try foldlog("qurey").status == 64)
  }
}
