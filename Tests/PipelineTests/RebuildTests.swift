import EventLog
import Events
import Pipeline
import Projection
import TestSupport
import Testing
import ViewStore

@Suite struct RebuildTests {
  private func lines(_ kinds: [String]) -> String {
    kinds.map { "{\"event\":\"\($0)\"}\n" }.joined()
  }

  /// A log of so many batches of 50 events, a block each.
  private func fixture(batches: Int) throws -> PipelineFixture {
    let fixture = try PipelineFixture()
    fixture.workers = Workers(threadCount: 1)
    for batch in 0..<batches {
      let path = try fixture.directory.write(
        "\(batch).jsonl", lines((0..<50).map { "k\(($0 + batch) % 7)" }))
      try fixture.ingest([path])
    }
    return fixture
  }

  @Test func `a rebuild that was interrupted goes on at its own checkpoint`() throws {
    let fixture = try fixture(batches: 8)
    _ = try fixture.upkeep([KindCounter.self]).catchUp()
    let live = try fixture.catalogue.entry("kinds")?.live
    let sum = try fixture.state("kinds")?.sum

    var begun: [Offset] = []
    func note(_ build: Build, _ views: [String], _ checkpoint: Offset) throws {
      begun.append(checkpoint)
      try fixture.catalogue.note(
        UnfinishedBuild(
          build: build.name, views: views, startedAt_ns: 1, startedFrom: checkpoint))
    }
    // Blocks may have been packed together: the interruption is at the first look past the half.
    let upkeep = fixture.upkeep(
      [KindCounter.self], checkpointInterval: 1,
      progress: { done, _ in if done >= 200 { throw FoldInterrupted() } }, begins: note)
    #expect(throws: FoldInterrupted.self) { _ = try upkeep.rebuild(["kinds"]) }
    #expect(try fixture.catalogue.entry("kinds")?.live == live)
    let unfinished = try #require(try fixture.catalogue.unfinished().first)
    let left = try fixture.catalogue.open(unfinished.build).record().checkpoint
    #expect(left > 0)

    let rebuilt = try fixture.upkeep([KindCounter.self], begins: note).rebuild(["kinds"])
    #expect(begun == [0, left])
    #expect(rebuilt.first?.views.first?.sum == sum)
    #expect(try fixture.catalogue.entry("kinds")?.live == unfinished.build)
    #expect(try fixture.catalogue.entry("kinds")?.previous == live)
    #expect(try fixture.catalogue.unfinished().isEmpty)
  }

  @Test func `an unfinished build of other views or another skip list is not taken up`() throws {
    let fixture = try fixture(batches: 4)
    func interrupt(_ skips: [String: [Offset]]) throws {
      let upkeep = fixture.upkeep(
        [KindCounter.self], skips: skips, checkpointInterval: 1,
        progress: { done, _ in if done >= 100 { throw FoldInterrupted() } },
        begins: { build, views, checkpoint in
          try fixture.catalogue.note(
            UnfinishedBuild(
              build: build.name, views: views, startedAt_ns: 1,
              startedFrom: checkpoint))
        })
      #expect(throws: FoldInterrupted.self) { _ = try upkeep.rebuild(["kinds"]) }
    }
    try interrupt(["kinds": [3]])
    var from: Offset?
    let upkeep = fixture.upkeep(
      [KindCounter.self, Stumbler.self], begins: { _, _, checkpoint in from = checkpoint })
    _ = try upkeep.rebuild(["kinds", "stumbler"])
    #expect(from == 0)
    #expect(try fixture.catalogue.unfinished().isEmpty && fixture.catalogue.builds().count == 1)
  }

  @Test func `an event on the skip list is passed over, live and rebuilt alike`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write(
      "a.jsonl", lines(["query", "query", "bad", "query", "query"]))
    try fixture.ingest([path])
    let projectors: [any Projector.Type] = [KindCounter.self, Stumbler.self]
    _ = try fixture.upkeep(projectors).catchUp()
    #expect(try fixture.state("stumbler")?.checkpoint == 2)
    let kinds = try fixture.state("kinds")

    let skips: [String: [Offset]] = ["stumbler": [2]]
    let upkeep = fixture.upkeep(projectors, skips: skips)
    #expect(try upkeep.outdated() == ["stumbler"])
    _ = try upkeep.catchUp(building: .outdated)
    let skipped = try #require(try fixture.state("stumbler"))
    #expect(skipped.stopped == nil)
    #expect(skipped.checkpoint == 5)
    // The other view is as it was: it has its own list.
    #expect(try fixture.state("kinds") == kinds)

    // What comes later is folded on, and a rebuild of all gives the same, in a build for each list.
    try fixture.ingest([try fixture.directory.write("b.jsonl", lines(["query", "query"]))])
    _ = try upkeep.catchUp()
    let live = try #require(try fixture.state("stumbler"))
    #expect(live.checkpoint == 7)
    let rebuilt = try upkeep.rebuild(["kinds", "stumbler"])
    #expect(rebuilt.count == 2)
    #expect(try fixture.state("stumbler") == live)
    #expect(live.settings != kinds?.settings)
  }

  @Test func `a view passes over an event as if the log did not hold it`() throws {
    let with = try PipelineFixture()
    try with.ingest([
      try with.directory.write("a.jsonl", lines(["query", "odd", "query", "odd", "query"]))
    ])
    _ = try with.upkeep([KindCounter.self], skips: ["kinds": [1, 3]]).catchUp()
    let without = try PipelineFixture()
    try without.ingest([try without.directory.write("a.jsonl", lines(["query", "query", "query"]))])
    _ = try without.upkeep([KindCounter.self]).catchUp()
    #expect(try with.state("kinds")?.sum == without.state("kinds")?.sum)
    #expect(try with.state("kinds")?.checkpoint == 5)
  }

  @Test func `the log grows while a rebuild runs, and what came is in it`() throws {
    let fixture = try fixture(batches: 2)
    var hasGrown = false
    let upkeep = fixture.upkeep(
      [KindCounter.self],
      progress: { _, _ in
        if hasGrown { return }
        hasGrown = true
        try fixture.ingest([try fixture.directory.write("late.jsonl", "{\"event\":\"late\"}\n")])
      })
    let rebuilt = try upkeep.rebuild(["kinds"])
    #expect(rebuilt.first?.checkpoint == 101)
  }

  @Test func `a build whose views wait for their settings does not move`() throws {
    let fixture = try fixture(batches: 1)
    _ = try fixture.upkeep([KindCounter.self]).catchUp()
    let name = try #require(try fixture.catalogue.entry("kinds")?.live)
    try fixture.ingest([try fixture.directory.write("b.jsonl", lines(["query"]))])
    let other = fixture.upkeep([KindCounter.self], skips: ["kinds": [0]])
    let report = try #require(try other.catchUp())
    #expect(report.outdated == ["kinds"])
    #expect(try fixture.catalogue.open(name).record().checkpoint == 50)
    // Under its own settings again it goes on, and nothing was lost.
    _ = try fixture.upkeep([KindCounter.self]).catchUp()
    #expect(try fixture.state("kinds")?.checkpoint == 51)
  }
}
