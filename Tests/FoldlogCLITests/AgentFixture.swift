import TestSupport
import Testing

/// A log in which errors were met, and mended or not.
enum AgentFixture {
  /// `tsc` was missing twice, and an installation mended it; a look at the version did not.
  static let lines = [
    run("s1", "2026-03-02T10:00:00Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s1", "2026-03-02T10:00:10Z", "bun install", 0),
    run("s1", "2026-03-02T10:00:20Z", "bun run build", 0),
    run("s2", "2026-03-03T10:00:00Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s2", "2026-03-03T10:00:10Z", "npm link typescript", 0),
    run("s2", "2026-03-03T10:00:20Z", "bun run build", 127, "sh: line 1: tsc: command not found"),
    run("s2", "2026-03-03T10:00:30Z", "bun install", 0),
    run("s2", "2026-03-03T10:00:40Z", "bun run build", 0),
    run("s3", "2026-03-04T10:00:00Z", "make flash", 2, "device busy: cannot open the flash port"),
    run("s3", "2026-03-04T10:00:10Z", "rm -rf /dev/shm/port", 0),
    run("s3", "2026-03-04T10:00:20Z", "make flash", 0),
  ]

  static func run(
    _ session: String, _ time: String, _ command: String, _ exit: Int, _ error: String? = nil
  ) -> String {
    let failed = error.map { #","error_message":"\#($0)""# } ?? ""
    return #"{"event":"tool_execute","session_id":"\#(session)","ts":"\#(time)","#
      + #""command":"\#(command)","exit_code":\#(exit),"project":"/home/dev/web"\#(failed)}"#
  }

  static func session() throws -> Session {
    let session = try Session()
    let taken = try session.foldlog(
      "ingest", "--stream", "hybrid", input: lines.joined(separator: "\n") + "\n")
    #expect(taken.status == 0, "\(taken.errors)")
    return session
  }
}
