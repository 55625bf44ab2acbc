import EventLog
import Provenance
import Events
import Pipeline
import TestSupport
import Testing

@Suite struct IngestLoopTests {
  @Test func `lines and positions commit together, and a second time adds nothing`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write(
      "a.jsonl", "{\"event\":\"query\",\"n\":1}\n\nnot json\n{\"event\":\"query\",\"n\":2}\n")
    let report = try fixture.ingest([path])
    #expect(report.events == 2 && report.quarantined == 1 && report.blank == 1 && report.lines == 4)
    #expect(try fixture.ingest([path]).lines == 0)
    #expect(
      try fixture.lines() == ["{\"event\":\"query\",\"n\":1}", "{\"event\":\"query\",\"n\":2}"])
    #expect(try fixture.lines(.quarantine) == ["not json"])
    let source = try #require(try LogReader(fixture.log).sources().first)
    #expect(source.position == 58 && source.events == 2 && source.quarantined == 1)
  }

  @Test func `two names of one file are one source`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write("a.jsonl", "{\"a\":1}\n")
    let link = try fixture.directory.link("a.jsonl", as: "b.jsonl")
    #expect(try fixture.ingest([path, link]).events == 1)
    #expect(try LogReader(fixture.log).sources().count == 1)
  }

  @Test(arguments: [1, 2, 4])
  func `thousands of lines come whole and in order, however many threads`(_ threads: Int) throws {
    let fixture = try PipelineFixture()
    fixture.workers = Workers(threadCount: threads)
    var random = SeededRandom(seed: 23)
    let lines = (0..<20_000).map { index in
      let padding = String(repeating: "x", count: Int.random(in: 0...400, using: &random))
      return "{\"event\":\"query\",\"n\":\(index),\"pad\":\"\(padding)\"}"
    }
    let path = try fixture.directory.write("a.jsonl", lines.joined(separator: "\n") + "\n")
    try fixture.ingest([path])
    #expect(try fixture.lines() == lines)
    #expect(try LogReader(fixture.log).verify(.events).damages.isEmpty)
  }

  @Test func `events without a time take that of the one before in their source`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write(
      "a.jsonl", "{\"ts\":1767955000}\n{\"a\":1}\n{\"a\":2}\n")
    try fixture.ingest([path])
    try fixture.directory.write(
      "a.jsonl", "{\"ts\":1767955000}\n{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")
    try fixture.ingest([path])
    let unpacker = try BlockUnpacker()
    let found = try LogReader(fixture.log).unpack(at: 3, with: unpacker)
    let (_, block) = try #require(found)
    #expect(block.times == [Int64](repeating: 1_767_955_000_000_000_000, count: 4))
    #expect(block.inferred == [false, true, true, true])
  }

  @Test func `events at the head of a file take its first time`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write("a.jsonl", "{\"a\":1}\n{\"ts\":1767955000}\n")
    try fixture.ingest([path])
    let found = try LogReader(fixture.log).unpack(at: 1, with: BlockUnpacker())
    let (_, block) = try #require(found)
    #expect(block.times == [Int64](repeating: 1_767_955_000_000_000_000, count: 2))
    #expect(block.inferred == [true, false])
  }
}
