import Bytes
import EventLog
import Events
import Provenance
import TestSupport

/// A log in a folder of its own, and lines to append to it.
final class LogFixture {
  let directory: TemporaryDirectory
  let log: LogEnvironment
  let writer: LogWriter
  let packer: BlockPacker
  private var source: SourceRecord?
  private(set) var lines: [[UInt8]] = []

  init(mapSize: Int = 1 << 30) throws {
    directory = try TemporaryDirectory()
    log = try LogEnvironment(path: directory.path, mapSize: mapSize)
    writer = try LogWriter(log)
    packer = try BlockPacker()
  }

  var reader: LogReader { LogReader(log) }

  /// A block of lines, as they would come from one source.
  func block(_ lines: [[UInt8]], kind: String = "query") -> EventBlock {
    var block = EventBlock()
    var position = source?.position ?? 0
    for (index, line) in lines.enumerated() {
      block.append(
        line: line.span, kind: .init(stream: 1, name: index % 3 == 0 ? kind : "completion"),
        time: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(index) * 1_234_567),
        isTimeInferred: index % 5 == 0, source: source?.id ?? 1, position: position,
        recorded: Timestamp(nanoseconds: 1_800_000_000_000_000_000))
      position += UInt64(line.count) + 1
    }
    return block
  }

  /// Appends lines in one commit.
  @discardableResult
  func append(_ lines: [[UInt8]], kind: String = "query") throws -> Offset {
    var record = source ?? SourceRecord(id: 1, form: .standardInput, path: "standard input")
    let block = block(lines, kind: kind)
    var commit = LogCommit()
    commit.events = [try packer.pack(block)]
    let before = source?.position
    record.position += UInt64(lines.reduce(0) { $0 + $1.count + 1 })
    commit.sources = [.init(record: record, positionBefore: before)]
    let first = try writer.commit(commit)
    source = record
    self.lines += lines
    return first
  }

  /// All lines of the log, in order.
  func stored() throws -> [[UInt8]] {
    let unpacker = try BlockUnpacker()
    var all: [[UInt8]] = []
    var next: Offset = 0
    while let (entry, block) = try reader.unpack(at: next, with: unpacker) {
      for index in 0..<block.count { all.append(block.line(index)) }
      next = entry.end
    }
    return all
  }
}

/// Lines of telemetry's length, the same for the same seed.
func randomLines(_ count: Int, _ random: inout SeededRandom, sizeMax: Int = 600) -> [[UInt8]] {
  (0..<count).map { index in
    let size = Int.random(in: 1...sizeMax, using: &random)
    return Array("{\"n\":\(index),\"x\":\"".utf8)
      + (0..<size).map { _ in UInt8.random(in: 97...122, using: &random) } + Array("\"}".utf8)
  }
}
