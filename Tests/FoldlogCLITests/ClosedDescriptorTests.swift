import TestSupport
import Testing

/// A process that is given no standard input, output or error: nothing else gets their numbers, and
/// what has nowhere to go is an error or is dropped.
@Suite struct ClosedDescriptorTests {
  static let combinations: [[Int32]] = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]

  @Test(arguments: combinations)
  func `every command leaves the data whole, and says where its answer did not go`(
    closed: [Int32]
  ) throws {
    let session = try Session.withFiles()
    for command in ToldCommand.all {
      let result = try session.foldlog(command, closed: closed)
      let isLost = closed.contains(1) && command.hasAnswer && command.status == 0
      #expect(result.status == (isLost ? 74 : command.status), "\(command.words): \(result.errors)")
      if isLost, !closed.contains(2) {
        #expect(result.errors.contains("standard output is closed"), "\(command.words)")
      }
      if closed.contains(2) { #expect(result.errors.isEmpty) }
    }
    let export = try session.foldlog("log", "export")
    #expect(export.output.split(separator: "\n").count == 163, "\(closed): \(export.errors)")
    let verified = try session.foldlog("verify")
    #expect(verified.status == 0, "\(closed): \(verified.errors)")
    #expect(
      verified.output.contains("163 events") && verified.output.contains("2 lines in quarantine"))
    let rows = try session.foldlog("query", "values", "--format", "jsonl").output
    let control = try Session.withFiles()
    try control.foldlog(
      "ingest", control.directory.file("aidb-a.jsonl"), control.directory.file("aidb-b.jsonl"))
    #expect(try control.foldlog("query", "values", "--format", "jsonl").output == rows)
    #expect(try session.directory.text("out.jsonl.manifest.json").hasPrefix("{"))
  }

  @Test(arguments: combinations)
  func `a follower takes what comes, and ends well`(closed: [Int32]) throws {
    let session = try Session.withFiles()
    let data = "FOLDLOG_DATA=\(session.directory.file("data"))"
    let follower = try ChildProcess(
      foldlogBinary, ["ingest", "--follow", session.directory.file("aidb-a.jsonl")],
      variables: [data], closed: closed)
    func count() throws -> Int {
      try session.foldlog("log", "export").output.split(separator: "\n").count
    }
    #expect(try eventually { try count() > 100 })
    let more = try session.directory.text("aidb-b.jsonl")
    try session.directory.append("aidb-a.jsonl", more)
    #expect(try eventually { try count() == 163 })
    follower.signal(15)
    #expect(try follower.wait().status == (closed.contains(1) ? 74 : 0))
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `standard input that is closed is no empty one`() throws {
    let session = try Session.withFiles()
    for words in [["ingest"], ["ingest", "-"], ["ingest", "--source", "pipe"]] {
      let result = try run(
        foldlogBinary, words, variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"],
        closed: [0])
      #expect(result.status == 66 && result.errors.contains("standard input"), "\(result)")
      #expect(!session.directory.exists("data"))
    }
    let some = try run(
      foldlogBinary, ["ingest", session.directory.file("aidb-a.jsonl"), "-"],
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"], closed: [0])
    #expect(some.status == 66 && some.output.contains(" events"), "\(some)")
    let keys = try run(
      foldlogBinary, ["query", "deployments", "--for", "code", "--key", "-"],
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"], closed: [0])
    #expect(keys.status == 66 && keys.errors.contains("standard input is closed"), "\(keys)")
  }

  @Test func `standard output by its other names is closed, too`() throws {
    let session = try Session.withFiles()
    try session.foldlog("ingest", session.directory.file("aidb-a.jsonl"))
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
      let words = ["dataset", "export", "--format", "examples", "--out", name]
      let data = "FOLDLOG_DATA=\(session.directory.file("data"))"
      let open = try run(foldlogBinary, words, variables: [data])
      #expect(open.status == 0 && open.output.hasPrefix("{"), "\(open)")
      #expect(try run(foldlogBinary, words, variables: [data], closed: [1]).status == 74)
    }
  }
}
