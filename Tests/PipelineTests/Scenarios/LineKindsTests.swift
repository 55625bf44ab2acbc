import EventLog
import Provenance
import Events
import Pipeline
import TestSupport
import Testing

/// Lines as they come in the field: scenario 28. Whatever a line is, its bytes are kept as they are: in
/// the log when it is an event, else in quarantine.
@Suite struct LineKindsTests {
  private struct Kept: Equatable {
    var events: [[UInt8]] = []
    var refused: [[UInt8]] = []
    var blank: UInt64 = 0
  }

  /// Takes bytes from a file, followed or once, and returns what became of them.
  private func take(_ bytes: [UInt8], isFollowed: Bool = false) throws -> Kept {
    let folder = try TailedFolder("a.jsonl")
    try folder.directory.write("in/a.jsonl", bytes)
    if isFollowed { try folder.follow() }
    let report = try folder.ingest("a.jsonl")
    let source = try #require(try folder.sources().first)
    #expect(source.position <= UInt64(bytes.count))
    #expect(isFollowed || report.blank == source.blank)
    return Kept(
      events: try rawLines(folder, .events), refused: try rawLines(folder, .quarantine),
      blank: source.blank)
  }

  private func rawLines(_ folder: TailedFolder, _ part: LogPart) throws -> [[UInt8]] {
    let reader = LogReader(folder.log)
    let unpacker = try BlockUnpacker()
    var all: [[UInt8]] = []
    while let (_, block) = try reader.unpack(part, at: UInt64(all.count), with: unpacker) {
      for index in 0..<block.count { all.append(Array(block.raw[block.range(index)])) }
    }
    return all
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test(arguments: [false, true])
  func `lines of 0, 1, 1 MiB and 100 MiB come whole`(_ isFollowed: Bool) throws {
    let large = bytes("{\"x\":\"") + [UInt8](repeating: 0x79, count: 1 << 20) + bytes("\"}")
    // The largest once: it takes its time.
    let size = isFollowed ? 3 << 20 : 100 << 20
    let largest = bytes("{\"x\":\"") + [UInt8](repeating: 0x7a, count: size) + bytes("\"}")
    var file = bytes("\n7\n{}\n")
    for line in [large, largest] {
      file += line
      file += bytes("\n")
    }
    file += bytes("{\"n\":1}\n")
    let kept = try take(file, isFollowed: isFollowed)
    #expect(kept.blank == 1)
    #expect(kept.refused == [bytes("7")])
    #expect(kept.events.map(\.count) == [2, large.count, largest.count, 7])
    #expect(kept.events.elementsEqual([bytes("{}"), large, largest, bytes("{\"n\":1}")]))
  }

  @Test func `100,000 blank lines are counted, and are no lines of the log`() throws {
    let kept = try take(
      bytes("{\"n\":1}\n" + String(repeating: "\n", count: 99_998) + " \t\r\n \n{\"n\":2}\n"))
    #expect(kept.events == [bytes("{\"n\":1}"), bytes("{\"n\":2}")])
    #expect(kept.refused == [] && kept.blank == 100_000)
  }

  @Test func `carriage returns before newlines, and alone`() throws {
    let kept = try take(bytes("{\"n\":1}\r\n\r\n{\"n\":2}\r{\"n\":3}\n\r\n{\"n\":4}\r\n"))
    #expect(kept.events == [bytes("{\"n\":1}\r"), bytes("{\"n\":4}\r")])
    // A carriage return alone ends no line.
    #expect(kept.refused == [bytes("{\"n\":2}\r{\"n\":3}")])
    #expect(kept.blank == 2)
  }

  @Test func `a byte-order mark at the start, and in the middle`() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let kept = try take(
      mark + bytes("{\"n\":1}\n{\"n\":2}\n") + mark + bytes("{\"n\":3}\n{\"n\":")
        + mark + bytes("4}\n{\"t\":\"") + mark + bytes("\"}\n"))
    #expect(kept.events.contains(bytes("{\"n\":2}")))
    #expect(kept.events.contains(bytes("{\"t\":\"") + mark + bytes("\"}")))
    #expect(kept.refused.contains(bytes("{\"n\":") + mark + bytes("4}")))
    #expect(kept.events.count + kept.refused.count == 5)
    #expect((kept.events + kept.refused).contains(mark + bytes("{\"n\":1}")))
    #expect((kept.events + kept.refused).contains(mark + bytes("{\"n\":3}")))
  }

  @Test(arguments: [false, true])
  func `UTF-16 is kept in quarantine, byte for byte`(_ isBigEndian: Bool) throws {
    var file: [UInt8] = isBigEndian ? [0xfe, 0xff] : [0xff, 0xfe]
    for unit in "{\"n\":1}\n{\"n\":2}\n".utf16 {
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xff)]
      file += isBigEndian ? pair : pair.reversed()
    }
    let kept = try take(file)
    #expect(kept.events == [])
    let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    #expect(kept.refused == lines.prefix(kept.refused.count).map { Array($0) })
    #expect(kept.refused.count >= 2)
  }

  @Test func `NUL bytes, alone, in a line, and in a text`() throws {
    let nul: [UInt8] = [0, 0, 0]
    let kept = try take(
      nul + bytes("\n{\"n\":1}\n{\"n\":") + nul + bytes("2}\n{\"t\":\"") + nul
        + bytes("\"}\n{\"t\":\"\\u0000\"}\n") + nul + bytes("{\"n\":3}\n"))
    #expect(kept.events == [bytes("{\"n\":1}"), bytes("{\"t\":\"\\u0000\"}")])
    #expect(
      kept.refused == [
        nul, bytes("{\"n\":") + nul + bytes("2}"), bytes("{\"t\":\"") + nul + bytes("\"}"),
        nul + bytes("{\"n\":3}"),
      ])
  }

  @Test func `torn UTF-8 at the end waits, and is whole later`() throws {
    let folder = try TailedFolder("a.jsonl")
    let line = bytes("{\"t\":\"caf\u{e9}, \u{20ac}\"}\n")
    let start = bytes("{\"n\":1}\n")
    for size in [10, 11, 14, 15] {
      try folder.directory.write("in/a.jsonl", start + line[..<size])
      try folder.ingest("a.jsonl")
      try folder.restart()
      folder.kill()
    }
    #expect(try folder.lines() == ["{\"n\":1}"])
    try folder.directory.write("in/a.jsonl", start + line)
    try folder.follow()
    #expect(try rawLines(folder, .events) == [bytes("{\"n\":1}"), Array(line.dropLast())])
    #expect(try folder.lines(.quarantine) == [])
    // Torn for good: kept as it is.
    let torn = line[..<10] + bytes("\"}")
    try folder.directory.append("in/a.jsonl", "")
    let other = try take(start + torn + bytes("\n"))
    #expect(other.events == [bytes("{\"n\":1}")] && other.refused == [Array(torn)])
  }
}
