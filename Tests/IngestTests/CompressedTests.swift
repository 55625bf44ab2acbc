import Bytes
import Events
import Ingest
import TestSupport
import Testing
import Zstd

/// Content that comes compressed, whatever the file is called.
@Suite struct CompressedTests {
  private let lines = (0..<5_000).map { "{\"n\":\($0),\"text\":\"some words that come again\"}" }

  private func read(_ path: String) throws -> (lines: [String], damage: String?) {
    let resolver = SourceResolver(
      files: DiskFiles(), registry: SourceRegistry(MemoryLog()), isFollowing: false)
    let session = try #require(try resolver.open(path).session)
    var lines: [String] = []
    while let chunk = try session.nextChunk() {
      let text = String(decoding: chunk.bytes[..<chunk.count], as: UTF8.self)
      lines += text.split(separator: "\n").map(String.init)
    }
    return (lines, session.damage)
  }

  private func text(_ lines: [String]) -> [UInt8] {
    Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  @Test func `zstd frames, one after the other`() throws {
    let directory = try TemporaryDirectory()
    let compressor = try Compressor(level: 3)
    let frames =
      try compressor.compress(text(Array(lines[..<2_000])).span)
      + compressor.compress(text(Array(lines[2_000...])).span)
    let whole = try read(directory.write("a.jsonl.zst", frames))
    #expect(whole.lines == lines && whole.damage == nil)

    let torn = try read(directory.write("b.jsonl", Array(frames.dropLast(100))))
    #expect(torn.lines.count >= 2_000 && torn.lines == Array(lines[..<torn.lines.count]))
    #expect(torn.damage?.contains("ends early") == true)
  }

  @Test func `gzip members, one after the other, and a torn one`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("1", text(Array(lines[..<2_000])))
    try directory.write("2", text(Array(lines[2_000...])))
    let both = directory.file("a.jsonl.gz")
    let packing =
      "gzip -c \(directory.file("1")) > \(both); gzip -c \(directory.file("2")) >> \(both)"
    #expect(try run("sh", ["-c", packing]).status == 0)
    let whole = try read(both)
    #expect(whole.lines == lines && whole.damage == nil)

    let bytes = try directory.bytes("a.jsonl.gz")
    let torn = try read(directory.write("b.jsonl.gz", Array(bytes.dropLast(2_000))))
    #expect(torn.lines.count >= 2_000 && torn.lines == Array(lines[..<torn.lines.count]))
    #expect(torn.damage?.contains("ends early") == true)
  }
}
