import Bytes
import Provenance
import Events
import Ingest
import TestSupport
import Testing

/// Reads files as the ingest loop does, remembering what it read.
private final class Reading {
  let directory: TemporaryDirectory
  let log = MemoryLog()
  var warnings: [String] = []
  var damage: String?
  private var clock: Int64 = 0

  init() throws { directory = try TemporaryDirectory() }

  /// The lines that a file gives now.
  func take(_ path: String) throws -> [String] {
    let before = log.lines.count
    let taker = MemoryTaker(log)
    clock += 1
    taker.clock = clock
    let resolver = SourceResolver(
      files: DiskFiles(), registry: SourceRegistry(log), isFollowing: false)
    let session = try #require(try resolver.open(path).session)
    for source in session.sourcesToCommit { taker.touch(source) }
    while let chunk = try session.nextChunk() { try taker.take(chunk, from: session) }
    try taker.commit()
    warnings = session.takeWarnings()
    damage = session.damage
    return log.lines[before...].map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}

@Suite struct SourceSessionTests {
  @Test func `a file that grew gives only what is new`() throws {
    let reading = try Reading()
    let path = try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n")
    #expect(try reading.take(path) == ["{\"a\":1}", "{\"a\":2}"])
    #expect(try reading.take(path) == [])
    try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
    #expect(try reading.take(path) == ["{\"a\":3}"])
    #expect(reading.warnings.isEmpty)
  }

  @Test func `a file that was rewritten is a new generation, and says so`() throws {
    let reading = try Reading()
    let path = try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n")
    _ = try reading.take(path)
    try reading.directory.write("a.jsonl", "{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n")
    #expect(try reading.take(path) == ["{\"b\":1}", "{\"b\":2}", "{\"b\":3}"])
    #expect(try reading.log.record(reading.log.nextID - 1)?.generation == 2)
    #expect(reading.warnings.count == 1)
    try reading.directory.write("a.jsonl", "{\"c\":1}\n")
    #expect(try reading.take(path) == ["{\"c\":1}"])
  }

  @Test func `a last line without newline is taken when it is whole, else it waits`() throws {
    let reading = try Reading()
    let path = try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":")
    #expect(try reading.take(path) == ["{\"a\":1}"])
    #expect(reading.warnings.count == 1)
    try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":2}")
    #expect(try reading.take(path) == ["{\"a\":2}"])
    try reading.directory.write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
    #expect(try reading.take(path) == ["{\"a\":3}"])
  }

  @Test func `a line longer than any buffer comes whole`() throws {
    let reading = try Reading()
    let long = "{\"x\":\"" + String(repeating: "y", count: 5_000_000) + "\"}"
    let path = try reading.directory.write("a.jsonl", "{}\n\(long)\n{}\n")
    #expect(try reading.take(path) == ["{}", long, "{}"])
  }

  @Test func `a file that is not there says so`() throws {
    let reading = try Reading()
    #expect(throws: IngestError.self) { try reading.take(reading.directory.file("none")) }
  }
}

@Suite struct InputPathTests {
  private func expand(_ paths: [String], standardInputName: String?) throws -> [Input] {
    var failure: IngestError?
    let inputs = expandInputs(paths, standardInputName: standardInputName) { failure = $0 }
    if let failure { throw failure }
    return inputs
  }

  @Test func `folders give their telemetry at any depth, patterns what fits`() throws {
    let directory = try TemporaryDirectory()
    for name in ["b.jsonl", "a.ndjson", "c.jsonl.gz", "d.jsonl.1", "e.txt", ".h.jsonl"] {
      try directory.write(name, "{}\n")
    }
    let all = try expand([directory.path], standardInputName: nil)
    #expect(
      all
        == ["a.ndjson", "b.jsonl", "c.jsonl.gz", "d.jsonl.1"].map {
          .file(path: directory.file($0))
        })
    let some = try expand([directory.file("*.txt")], standardInputName: nil)
    #expect(some == [.file(path: directory.file("e.txt"))])
    #expect(try expand([], standardInputName: "n") == [.standardInput(name: "n")])
    #expect(throws: IngestError.self) {
      _ = try expand([directory.file("none")], standardInputName: nil)
    }
    #expect(throws: IngestError.self) {
      _ = try expand([directory.file("*.none")], standardInputName: nil)
    }
  }

  @Test func `files of a folder are taken by the time at which they begin, then by their paths`()
    throws
  {
    let directory = try TemporaryDirectory()
    let line = { (time: String) in #"{"event":"x","timestamp":"\#(time)"}"# + "\n" }
    try directory.write("a.jsonl", line("2026-03-02T00:00:00Z"))
    // The first line that tells a time counts.
    try directory.write("b.jsonl", "\n{}\nno\n" + line("2026-03-01T00:00:00Z") + line("2026-03-09"))
    try directory.write("c.jsonl", line("2026-03-01T00:00:00Z"))
    try directory.write("d.jsonl", "{}\n")
    try directory.write("0.jsonl", "")
    // A first line that is longer than what is read at once.
    let long = #"{"event":"x","text":"\#(String(repeating: "x", count: 200_000))","#
    try directory.write("e.jsonl", long + #""timestamp":"2026-02-01T00:00:00Z"}"# + "\n")
    let times = FirstTimeReader(formats: .native)
    let inputs = expandInputs([directory.path], standardInputName: nil, times: times) { _ in }
    let names = ["e", "b", "c", "a", "0", "d"]
    #expect(inputs == names.map { .file(path: directory.file("\($0).jsonl")) })
    // Of those that begin at once, what ends first: a copy goes on.
    let copied = try TemporaryDirectory()
    let begun = line("2026-03-01T00:00:00Z")
    try copied.write("a.jsonl", begun + line("2026-03-03T00:00:00Z"))
    try copied.write("b.jsonl", begun + line("2026-03-02T00:00:00Z") + "{}\nno\n")
    // A text that is longer than what is read at once stands behind its last time.
    try copied.write("c.jsonl", begun + line("2026-03-01T01:00:00Z") + long + #""x":1}"# + "\n")
    let ordered = expandInputs([copied.path], standardInputName: nil, times: times) { _ in }
    #expect(ordered == ["c", "b", "a"].map { .file(path: copied.file("\($0).jsonl")) })
    // What is named is taken in the order given.
    let named = ["a", "e"].map { directory.file("\($0).jsonl") }
    #expect(
      expandInputs(named, standardInputName: nil, times: times) { _ in }
        == named.map { .file(path: $0) })
  }
}

@Suite struct PathTests {
  @Test(arguments: [
    ("a.jsonl", "a.jsonl"), ("./a.jsonl", "a.jsonl"), ("logs//", "logs"), ("/a//b/./c", "/a/b/c"),
    ("../a", "../a"), (".", "."), ("./", "."), ("/", "/"), ("", "."), ("a/../b", "a/../b"),
  ])
  func `a path loses steps that lead nowhere`(_ path: String, _ tidy: String) {
    #expect(tidyPath(path) == tidy)
  }

  @Test(arguments: ["a.jsonl", "logs/a.jsonl", "/a.jsonl", "/logs/a.jsonl"])
  func `a folder and a name join to the path that was split`(_ path: String) {
    let (folder, name) = splitPath(path)
    #expect(joinPath(folder, name) == path)
  }
}
