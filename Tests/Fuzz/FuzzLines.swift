import Bytes
import Events
import Provenance
import Ingest

/// One file in memory, whose reads are as short as the case says.
private final class MemoryFile: OpenFile, FileSystem {
  private let bytes: [UInt8]
  private let readMax: Int

  init(_ bytes: [UInt8], readMax: Int) {
    self.bytes = bytes
    self.readMax = readMax
  }

  func status() throws(IngestError) -> FileStatus { fileStatus }

  private var fileStatus: FileStatus {
    FileStatus(
      id: FileID(device: 1, inode: 1), size: UInt64(bytes.count),
      modified: Timestamp(nanoseconds: 1))
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(IngestError) -> Int {
    let start = min(Int(position), bytes.count)
    let end = min(bytes.count, start + min(count, readMax))
    buffer += bytes[start..<end]
    return end - start
  }

  var isWaiting: Bool { false }
  func status(_ path: String) -> FileStatus? { path == "f" ? fileStatus : nil }
  func names(in folder: String) throws(IngestError) -> [String] { ["f"] }
  func realPath(_ path: String) -> String? { path }
  func target(ofLink path: String) -> String? { nil }
  func open(_ path: String) throws(IngestError) -> any OpenFile { self }
  func matches(_ pattern: String) -> [String] { [] }
}

/// A log that remembers nothing.
private struct NoMemory: SourceMemory {
  func records(at file: FileID) throws -> [SourceRecord] { [] }
  func record(_ id: SourceID) throws -> SourceRecord? { nil }
  func record(named name: String) throws -> SourceRecord? { nil }
  func records(changedSince seen: inout [SourceID: Hash128]) throws -> [SourceRecord] { [] }
  func revision() throws -> UInt64 { 0 }
  func linesGiven(by ids: [SourceID]) throws -> GivenLines { GivenLines() }
}

/// The first byte says how short reads are; the rest is the file. Plain content comes out as it went
/// in, but for a last line that waits; every line is taken, refused or blank.
func fuzzLines(_ bytes: [UInt8]) {
  let readMax = 1 << Int((bytes.first ?? 0) % 21)
  let content = Array(bytes.dropFirst())
  let file = MemoryFile(content, readMax: max(1, readMax))
  for isFollowing in [false, true] {
    let resolver = SourceResolver(
      files: file, registry: SourceRegistry(NoMemory()), isFollowing: isFollowing)
    guard let session = try? resolver.open("f").session else { continue }
    let parser = ChunkParser()
    let context = SourceContext(
      givenStream: nil, nameStream: .aidb, recorded: Timestamp(nanoseconds: 0))
    var given: [UInt8] = []
    while let chunk = try? session.nextChunk() {
      precondition(chunk.position == UInt64(given.count), "chunks follow one another")
      given += chunk.bytes[..<chunk.count]
      let parsed = parser.parse(chunk, context)
      let newlines = chunk.bytes[..<chunk.count].count { $0 == UInt8(ascii: "\n") }
      let hasTail = chunk.bytes[chunk.count - 1] != UInt8(ascii: "\n")
      let lines = UInt64(parsed.events.count + parsed.rejected.count) + parsed.blank
      precondition(lines == UInt64(newlines + (hasTail ? 1 : 0)), "no line is dropped")
    }
    let isCompressed =
      content.starts(with: [0x1f, 0x8b])
      || content.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
    if !isCompressed {
      precondition(content.starts(with: given), "content comes out as it went in")
      precondition(
        !content[given.count...].contains(UInt8(ascii: "\n")), "every whole line comes out")
    }
  }
}
