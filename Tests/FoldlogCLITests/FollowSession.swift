import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A data directory, a folder of files beside it, and followers on it.
final class FollowSession {
  let directory: TemporaryDirectory
  let data: String
  /// Words before the command, as to run it as another user.
  var prefix: [String] = []

  /// - Parameter data: where the data directory is; beside the files unless given.
  init(data: String? = nil) throws {
    directory = try TemporaryDirectory()
    self.data = data ?? directory.file("data")
    try directory.makeFolder("in")
  }

  /// Starts a follower, in the folder of the files.
  func follow(_ arguments: String...) throws -> ChildProcess {
    try start(["ingest", "--follow", "--stream", "hybrid"] + arguments)
  }

  func start(_ arguments: [String]) throws -> ChildProcess {
    let words = ["-c", "cd '\(directory.file("in"))' && exec \"$@\"", "sh"]
    return try ChildProcess(
      "sh", words + prefix + [foldlogBinary] + arguments, variables: ["FOLDLOG_DATA=\(data)"])
  }

  @discardableResult
  func foldlog(_ arguments: String..., input: String = "") throws -> ChildResult {
    try run(foldlogBinary, arguments, input: Array(input.utf8), variables: ["FOLDLOG_DATA=\(data)"])
  }

  /// The lines of the log; none while there is none.
  func lines() throws -> [String] {
    try foldlog("log", "export").output.split(separator: "\n").map(String.init)
  }

  /// Waits until the log has so many lines; returns them.
  func lines(atLeast count: Int, withinSeconds limit: Int = 20) throws -> [String] {
    var found: [String] = []
    _ = try eventually(withinSeconds: limit) {
      found = try lines()
      return found.count >= count
    }
    return found
  }

  func append(_ name: String, _ lines: [String]) throws {
    try directory.append("in/\(name)", lines.map { $0 + "\n" }.joined())
  }

  /// Asks a follower to end, and expects that it does, well.
  func stop(_ follower: ChildProcess, _ signal: Int32 = SIGTERM) throws {
    follower.signal(signal)
    try #require(try eventually { try follower.hasEnded() })
    #expect(try follower.wait().status == 0, "\(follower.errors)")
  }
}

func events(_ numbers: some Sequence<Int>) -> [String] {
  numbers.map { "{\"event\":\"query_completion\",\"query\":\"why \($0)\",\"n\":\($0)}" }
}
