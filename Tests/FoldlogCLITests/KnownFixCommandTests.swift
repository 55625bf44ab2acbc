import TestSupport
import Testing

/// `foldlog query errors --for MESSAGE`.
@Suite struct KnownFixCommandTests {
  @Test func `a message that was never seen finds what mended its like`() throws {
    let session = try Session()
    let lines = """
      {"event":"tool_execute","session_id":"s","command":"pytest","exit_code":1,\
      "error_message":"ModuleNotFoundError: No module named 'a'"}
      {"event":"tool_execute","session_id":"s","command":"pip install a","exit_code":0}
      {"event":"tool_execute","session_id":"s","command":"pytest","exit_code":0}
      """
    #expect(try session.foldlog("ingest", "--stream", "hybrid", input: lines + "\n").status == 0)
    func ask(_ message: String) throws -> ChildResult {
      try session.foldlog("query", "errors", "--for", message, "--format", "csv")
    }
    let known = try ask("ModuleNotFoundError: No module named 'b'")
    #expect(known.status == 0, "\(known.errors)")
    let rows = known.output.split(whereSeparator: \.isNewline)
    #expect(rows.count == 2 && rows[1].contains("covered"), "\(known.output)")
    #expect(rows[1].contains("pip install a,worked,1,1,1"), "\(known.output)")
    let new = try ask("--the frobnicator stalls")
    #expect(new.status == 0 && new.output.contains(",new,"), "\(new.errors)")
    for message in ["ModuleNotFoundError: No module named 'b'", "the frobnicator stalls"] {
      let answer = try session.foldlog("query", "errors", "--for", message, "--format", "json")
      let result = try run(
        "python3", ["\(packageRoot)/tools/validate.py", "question", "fixes"],
        input: Array(answer.output.utf8))
      #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
  }
}
