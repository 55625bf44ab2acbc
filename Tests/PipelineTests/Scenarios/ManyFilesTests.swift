import Bytes
import EventLog
import Events
import Provenance
import Ingest
import Pipeline
import TestSupport
import Testing

/// Files beside each other: scenarios 13, 21 and 22, and a file at many moments.
@Suite struct ManyFilesTests {
  @Test(arguments: Watching.allCases)
  func `two files that begin alike, one a prefix of the other, are two sources`(
    _ watching: Watching
  ) throws {
    let shared = longLines(0..<40, length: 200)
    for (short, long) in [("a", "b"), ("b", "a")] {
      for isOneShot in [true, false] {
        let folder = try TailedFolder("logs", watching: watching)
        try folder.directory.makeFolder("in/logs")
        let names = ("logs/\(short).jsonl", "logs/\(long).jsonl")
        try folder.append(names.0, shared)
        try folder.append(names.1, shared + lines(1...2))
        var warnings: [String] = []
        if isOneShot {
          warnings = try folder.ingest("logs/a.jsonl", "logs/b.jsonl").warnings
        } else {
          try folder.follow()
        }
        let what = "\(short) is the shorter; one-shot: \(isOneShot)"
        #expect(try folder.lines().count == 82, "\(what)")
        #expect(try folder.sources().count == 2, "\(what)")
        // Named where it can be known: the longer one is read after the other.
        if isOneShot, short == "a" {
          #expect(warnings.joined().contains("b.jsonl: is a copy of"), "\(what)")
        }
        // Each goes on for itself, also to where they are equal.
        try folder.append(names.0, lines(1...3))
        try folder.append(names.1, lines(3...3))
        try folder.follow()
        try folder.append(names.0, lines(4...4))
        try folder.restart()
        try folder.ingest("logs/a.jsonl", "logs/b.jsonl")
        #expect(try folder.lines().count == 87, "\(what)")
        #expect(try folder.sources().count == 2, "\(what)")
      }
    }
  }

  @Test func `a copy that stands beside a file is another source, and is named`() throws {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", lines(1...3))
    try folder.ingest("a.jsonl")
    try folder.shell("cp a.jsonl b.jsonl")
    let report = try folder.ingest("b.jsonl")
    #expect(report.events == 3)
    #expect(report.warnings.joined().contains("b.jsonl: is a copy of"))
    #expect(try folder.ingest("a.jsonl", "b.jsonl").lines == 0)
    #expect(try folder.sources().count == 2)
  }

  // MARK: Fairness

  /// Remembers in which order chunks came.
  private final class OrderTaker: LineTaker {
    var names: [String] = []
    func take(_ chunk: LineChunk, from session: SourceSession) throws { names.append(session.name) }
    func touch(_ source: TrackedSource) throws {}
    func commit() throws {}
    func tell(_ message: String, isFailure: Bool) {}
    func lost(_ source: TrackedSource, path: String) {}
  }

  private struct NoMemory: SourceMemory {
    func records(at file: FileID) throws -> [SourceRecord] { [] }
    func record(_ id: SourceID) throws -> SourceRecord? { nil }
    func record(named name: String) throws -> SourceRecord? { nil }
    func records(changedSince seen: inout [SourceID: Hash128]) throws -> [SourceRecord] { [] }
    func revision() throws -> UInt64 { 0 }
    func linesGiven(by ids: [SourceID]) throws -> GivenLines { GivenLines() }
  }

  @Test func `large files do not keep small ones waiting`() throws {
    let directory = try TemporaryDirectory()
    let large = longLines(0..<1_000, length: 40_000).asFile
    for number in 0..<2 { try directory.write("\(number).jsonl", large) }
    for number in 100..<400 { try directory.write("\(number).jsonl", "{}\n") }
    let taker = OrderTaker()
    let follower = Follower(
      paths: [directory.path], files: DiskFiles(), registry: SourceRegistry(NoMemory()),
      taker: taker,
      openMax: 20, quietPeriod: .none, now: { Timestamp(nanoseconds: 0) })
    _ = try follower.turn(.everything)
    let ofLarge = ["0", "1"].map { name in
      taker.names.indices.filter { taker.names[$0] == directory.file("\(name).jsonl") }
    }
    #expect(taker.names.count == 300 + ofLarge[0].count + ofLarge[1].count)
    try #require(ofLarge.allSatisfy { $0.count >= 38 })
    // Side by side, and every small one before the large ones come to their end.
    #expect(abs(ofLarge[0][10] - ofLarge[1][10]) <= 64)
    let lastSmall = taker.names.lastIndex {
      !["0", "1"].map { directory.file("\($0).jsonl") }.contains($0)
    }
    #expect((lastSmall ?? .max) < (ofLarge[0].last ?? 0))
    #expect((lastSmall ?? .max) < (ofLarge[1].last ?? 0))
  }

  // MARK: What inotify tells

  @Test func `an overflow of the queue of inotify has everything looked at`() throws {
    let folder = try TailedFolder("logs", "b.jsonl")
    try folder.directory.makeFolder("in/logs")
    try folder.append("logs/a.jsonl", lines(1...1))
    try folder.follow()
    // More than any queue holds by default; equal ones behind each other count as one.
    for _ in 0..<9_000 {
      try folder.rename("logs/a.jsonl", "logs/c.jsonl")
      try folder.rename("logs/c.jsonl", "logs/a.jsonl")
    }
    try folder.append("logs/a.jsonl", lines(2...2))
    try folder.append("logs/d.jsonl", lines(3...3))
    try folder.append("b.jsonl", lines(4...4))
    try folder.follow()
    #expect(try folder.lines().sorted() == lines(1...4))
    try folder.append("logs/d.jsonl", lines(5...5))
    try folder.follow()
    #expect(try folder.lines().sorted() == lines(1...5))
  }

  @Test func `an overflow is told as such`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("a", "")
    let watch = ChangeWatch(wake: -1)
    watch.watch([directory.path])
    try directory.rename("a", "b")
    #expect(watch.wait(atMost_ms: 0).isEverything == false)
    for _ in 0..<17_000 {
      try directory.rename("b", "a")
      try directory.rename("a", "b")
    }
    #expect(watch.wait(atMost_ms: 0).isEverything)
    try directory.append("b", "x")
    #expect(watch.wait(atMost_ms: 0).written == [directory.file("b")])
  }

  // MARK: A file at many moments

  /// Follows one path through versions of a file, killed between any two. Returns what came of it.
  private func replay(_ versions: [[UInt8]], killing isKilled: (Int) -> Bool, isInPlace: Bool)
    throws
    -> [String]
  {
    let folder = try TailedFolder("a.jsonl")
    for (index, version) in versions.enumerated() {
      try folder.directory.write(isInPlace ? "in/a.jsonl" : "in/.fresh", version)
      if !isInPlace { try folder.rename(".fresh", "a.jsonl") }
      if isKilled(index) { try folder.restart() } else { try folder.follow() }
    }
    return try folder.lines().sorted() + folder.lines(.quarantine).sorted()
  }

  private func check(_ versions: [[UInt8]]) throws {
    let last = try #require(versions.last)
    let alone = try replay([last], killing: { _ in true }, isInPlace: true)
    #expect(!alone.isEmpty)
    for isInPlace in [true, false] {
      for killed in versions.indices {
        let lines = try replay(versions, killing: { $0 == killed }, isInPlace: isInPlace)
        #expect(lines == alone, "killed before version \(killed), in place: \(isInPlace)")
      }
      let lines = try replay(versions, killing: { _ in true }, isInPlace: isInPlace)
      #expect(lines == alone, "killed before each, in place: \(isInPlace)")
    }
  }

  @Test func `a growing file at many moments gives the lines of its last version`() throws {
    var random = SeededRandom(seed: 15)
    var text = ""
    var versions: [[UInt8]] = []
    for version in 0..<12 {
      for number in 0..<Int.random(in: 1...9, using: &random) {
        // Equal lines, lines that are no events, blank ones.
        let kinds = [
          "{\"n\":\(version * 100 + number)}", "{\"event\":\"the same again\"}", "not one", "",
        ]
        text += kinds[Int.random(in: 0..<4, using: &random)] + "\n"
      }
      let cut = version == 11 ? 0 : Int.random(in: 0...4, using: &random)
      versions.append(Array(text.utf8.dropLast(cut)))
    }
    try check(versions)
  }

  /// Versions of a file, named in their order, in each folder of a folder.
  private static let growing = environment("FOLDLOG_GROWING")

  @Test(.enabled(if: growing != nil, "FOLDLOG_GROWING names no folder of growing files"))
  func `given growing files give the lines of their last versions`() throws {
    for folder in (Self.growing ?? "").split(separator: ":") {
      let paths = DiskFiles().matches("\(folder)/*.jsonl")
      let versions = try paths.map { path in
        var bytes: [UInt8] = []
        let file = try DiskFiles().open(path)
        while try file.read(at: UInt64(bytes.count), count: 1 << 20, into: &bytes) > 0 {}
        return bytes
      }
      try check(versions)
      print("\(folder): \(versions.count) versions")
    }
  }
}
