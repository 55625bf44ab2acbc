import Bytes
import EventLog
import Events
import Provenance
import TestSupport
import Testing

@Suite struct LogTests {
  @Test func `lines come back byte for byte, with their envelopes`() throws {
    let log = try LogFixture()
    var random = SeededRandom(seed: 7)
    let lines = randomLines(500, &random)
    #expect(try log.append(lines) == 0)
    #expect(try log.stored() == lines)

    let unpacker = try BlockUnpacker()
    let found = try log.reader.unpack(at: 17, with: unpacker)
    let (entry, block) = try #require(found)
    #expect(entry.range.contains(17))
    let expected = LogFixtureEnvelope(index: 17)
    #expect(block.kind(17).name == expected.kind)
    #expect(block.times[17] == expected.time)
    #expect(block.inferred[15] && !block.inferred[17])
    #expect(block.positions[1] == UInt64(lines[0].count) + 1)
  }

  @Test func `a trickle of single lines ends up as well packed as a bulk load`() throws {
    var random = SeededRandom(seed: 11)
    let lines = randomLines(4_000, &random)
    let bulk = try LogFixture()
    try bulk.append(lines)
    let trickle = try LogFixture()
    for line in lines { try trickle.append([line]) }
    #expect(try trickle.stored() == lines)

    let raw = lines.reduce(0) { $0 + $1.count + 1 }
    let blocks = try trickle.reader.blocks()
    // Full blocks, a run of small ones that do not fill one yet, and the tail.
    #expect(blocks.count <= raw / LogLimits.blockSizeTarget + 18)
    #expect(blocks.allSatisfy { $0.header.rawSize <= LogLimits.blockSizeTarget * 5 / 4 })
    #expect(try trickle.reader.verify(.events).damages.isEmpty)
  }

  @Test func `cutting and repacking blocks changes neither offsets nor the chain`() throws {
    var random = SeededRandom(seed: 13)
    let lines = randomLines(300, &random)
    // The envelopes must be the same too: one source, one block of positions.
    let whole = try LogFixture()
    let all = whole.block(lines)
    var commit = LogCommit()
    commit.events = [try whole.packer.pack(all)]
    try whole.writer.commit(commit)

    let cut = try LogFixture()
    var start = 0
    while start < lines.count {
      let end = min(lines.count, start + Int.random(in: 1...40, using: &random))
      var commit = LogCommit()
      commit.events = [try cut.packer.pack(slice(all, start..<end))]
      #expect(try cut.writer.commit(commit) == UInt64(start))
      start = end
    }
    #expect(try whole.reader.head() == cut.reader.head())
    #expect(try whole.reader.end() == cut.reader.end())
    #expect(try cut.stored() == lines)
  }

  @Test func `a commit from a position that has moved is refused whole`() throws {
    let log = try LogFixture()
    try log.append([Array("{}".utf8)])
    var commit = LogCommit()
    commit.events = [try log.packer.pack(log.block([Array("{\"a\":1}".utf8)]))]
    let record = SourceRecord(id: 1, form: .standardInput, path: "standard input")
    commit.sources = [.init(record: record, positionBefore: 99)]
    #expect(throws: LogError.self) { try log.writer.commit(commit) }
    #expect(try log.reader.end() == 1)
  }

  @Test func `a map that is full refuses the commit, and keeps what was there`() throws {
    let log = try LogFixture(mapSize: 1 << 20)
    var random = SeededRandom(seed: 17)
    try log.append(randomLines(10, &random))
    let noise = (0..<3_000).map { _ in
      (0..<400).map { _ in UInt8.random(in: 11...255, using: &random) }
    }
    do {
      try log.append(noise)
      Issue.record("a map of 1 MiB cannot hold that")
    } catch LogError.mapFull {}
    #expect(try log.reader.end() == 10)
    #expect(try log.reader.verify(.events).damages.isEmpty)
  }

  @Test func `a line of 100 MB passes`() throws {
    let log = try LogFixture()
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000)
    try log.append([line])
    let unpacker = try BlockUnpacker()
    let found = try log.reader.unpack(at: 0, with: unpacker)
    #expect(try #require(found).block.line(0) == line)
  }
}

/// What `LogFixture.block` writes for an index.
private struct LogFixtureEnvelope {
  let kind: String
  let time: Int64

  init(index: Int) {
    kind = index % 3 == 0 ? "query" : "completion"
    time = 1_700_000_000_000_000_000 + Int64(index) * 1_234_567
  }
}

/// A part of a block, its envelopes kept.
func slice(_ block: EventBlock, _ range: Range<Int>) -> EventBlock {
  var part = EventBlock()
  for index in range {
    part.append(
      line: block.line(index).span, kind: block.kind(index),
      time: Timestamp(nanoseconds: block.times[index]), isTimeInferred: block.inferred[index],
      source: block.sources[index], position: block.positions[index],
      recorded: Timestamp(nanoseconds: block.recorded[index]))
  }
  return part
}
