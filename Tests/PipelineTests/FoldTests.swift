import EventLog
import Events
import Facts
import Pipeline
import Projection
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@Suite struct FoldTests {
  private func lines(_ kinds: [String]) -> String {
    kinds.map { "{\"event\":\"\($0)\"}\n" }.joined()
  }

  @Test func `a projector that throws stops alone, just before its event`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write(
      "a.jsonl", lines(["query", "query", "bad", "query", "query"]))
    try fixture.ingest([path])
    let upkeep = fixture.upkeep([KindCounter.self, Stumbler.self])
    let report = try #require(try upkeep.catchUp())
    #expect(report.stopped.count == 1)
    let stopped = try #require(try fixture.state("stumbler"))
    #expect(stopped.checkpoint == 2)
    #expect(stopped.stopped == "it is bad")
    #expect(try fixture.state("kinds")?.checkpoint == 5)

    // The rows are those of the events before: a log that ends there gives the same digest.
    let short = try PipelineFixture()
    let start = try short.directory.write("a.jsonl", lines(["query", "query"]))
    try short.ingest([start])
    _ = try short.upkeep([KindCounter.self, Stumbler.self]).catchUp()
    #expect(try short.state("stumbler")?.sum == stopped.sum)

    // It stays stopped while the others go on.
    try fixture.directory.write(
      "a.jsonl", lines(["query", "query", "bad", "query", "query", "query"]))
    try fixture.ingest([path])
    _ = try upkeep.catchUp()
    #expect(try fixture.state("stumbler")?.checkpoint == 2)
    #expect(try fixture.state("kinds")?.checkpoint == 6)
  }

  @Test(arguments: [1, 2, 4])
  func `of projectors that throw in one batch each stops before its own event`(
    threadCount: Int
  ) throws {
    let fixture = try PipelineFixture()
    fixture.workers = Workers(threadCount: threadCount)
    let kinds = (0..<400).map { $0 == 390 ? "bad" : $0 == 7 ? "worse" : "query" }
    try fixture.ingest([try fixture.directory.write("a.jsonl", lines(kinds))])
    let upkeep = fixture.upkeep([Stumbler.self, KindCounter.self, SecondStumbler.self])
    _ = try upkeep.catchUp()
    #expect(try fixture.state("stumbler")?.checkpoint == 390)
    #expect(try fixture.state("stumbler")?.stopped == "it is bad")
    #expect(try fixture.state("second")?.checkpoint == 7)
    #expect(try fixture.state("second")?.stopped == "it is worse")
    #expect(try fixture.state("kinds")?.checkpoint == 400)
  }

  @Test func `a rebuild that stops does not take the live view's place`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write("a.jsonl", lines(["query", "bad"]))
    try fixture.ingest([path])
    let upkeep = fixture.upkeep([Stumbler.self])
    _ = try upkeep.catchUp()
    let live = try fixture.catalogue.entry("stumbler")?.live
    #expect(throws: RebuildError.self) { _ = try upkeep.rebuild(["stumbler"]) }
    #expect(try fixture.catalogue.entry("stumbler")?.live == live)
  }

  @Test(arguments: [UInt64(31), 32, 33])
  func `folding in any cuts gives the digest of folding once`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let kinds = (0..<3_000).map { _ in "k\(Int.random(in: 0..<50, using: &random))" }
    let once = try PipelineFixture()
    try once.ingest([try once.directory.write("a.jsonl", lines(kinds))])
    _ = try once.upkeep([KindCounter.self]).catchUp()

    let cut = try PipelineFixture()
    cut.workers = Workers(threadCount: Int.random(in: 1...3, using: &random))
    var end = 0
    while end < kinds.count {
      end = min(kinds.count, end + Int.random(in: 1...900, using: &random))
      let path = try cut.directory.write("a.jsonl", lines(Array(kinds[..<end])))
      try cut.ingest([path])
      _ = try cut.upkeep([KindCounter.self]).catchUp()
    }
    #expect(try cut.state("kinds")?.sum == once.state("kinds")?.sum, "seed \(seed)")
    let rebuilt = try cut.upkeep([KindCounter.self]).rebuild(["kinds"])
    #expect(rebuilt.first?.views.first?.sum == (try once.state("kinds")?.sum))
  }

  @Test func `a view that no build serves is built from the first event`() throws {
    let fixture = try PipelineFixture()
    try fixture.ingest([try fixture.directory.write("a.jsonl", lines(["query", "query"]))])
    _ = try fixture.upkeep([KindCounter.self]).catchUp()
    _ = try fixture.upkeep([KindCounter.self, Stumbler.self]).catchUp()
    #expect(try fixture.state("stumbler")?.checkpoint == 2)
    #expect(try fixture.catalogue.entry("kinds")?.live != fixture.catalogue.entry("stumbler")?.live)
  }
}

/// Throws at the first event of kind `worse`.
private final class SecondStumbler: Projector {
  static let view = View("second", version: 1, "A view of tests.", needs: .events, tables: [])

  init(tables: FoldTables) throws(TableError) {}

  func apply(_ batch: FoldBatch) throws(FoldError) {
    if let event = batch.events.first(where: { $0.kind == "worse" }) {
      throw FoldError(at: event.offset, "it is worse")
    }
  }
}
