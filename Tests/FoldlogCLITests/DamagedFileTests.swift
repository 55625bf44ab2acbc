import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Files of the data directory that are not what was left there.
@Suite struct DamagedFileTests {
  private func filled(_ count: Int) throws -> Session {
    let session = try Session()
    let lines = (0..<count).map { "{\"event\":\"query_completion\",\"query\":\"why \($0)\"}\n" }
    try session.foldlog("ingest", "--stream", "aidb", input: lines.joined())
    return session
  }

  private func cutHalf(_ path: String) throws {
    var status = stat()
    try #require(unsafe stat(path, &status) == 0)
    let code = unsafe truncate(path, status.st_size / 2)
    #expect(code == 0)
  }

  @Test func `a log that was cut short is damage, named with what to do`() throws {
    let session = try filled(3_000)
    try cutHalf(session.directory.file("data/log/data.mdb"))
    for command in [
      ["status"], ["log", "export"], ["log", "verify"], ["ingest", "--stream", "aidb"],
    ] {
      let result = try run(
        foldlogBinary, command, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(result.status == 65, "\(command)")
      #expect(result.errors.contains("cut short") && result.errors.contains("copy"))
    }
  }
}
