internal import Events
internal import Provenance

extension SourceResolver {
  /// Opens standard input, named or not.
  package func openStandardInput(name: String?) throws -> SourceSession {
    let reader = ContentReader(DiskFile.standardInput, path: "standard input")
    guard let name else {
      let record = SourceRecord(id: 0, form: .standardInput, path: "standard input")
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: "standard input", realPath: "",
        reader: reader,
        status: nil, beginning: .init(), tailRule: .always)
    }
    return try openNamed(name, reader, path: "standard input")
  }

  /// Opens lines that are in memory, as standard input of that name would give them.
  package func open(lines: [UInt8], name: String) throws -> SourceSession {
    try openNamed(name, ContentReader(MemoryFile(lines), path: name), path: name)
  }

  private func openNamed(
    _ name: String, _ reader: ContentReader, path: String
  ) throws -> SourceSession {
    guard let known = try registry.source(named: name) else {
      let record = SourceRecord(id: 0, form: .named, path: name)
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: name, realPath: "", reader: reader,
        status: nil,
        beginning: .init(), tailRule: .whenWhole)
    }
    let content = try KnownContent(reader, known.content)
    if !content.matches(known.content), !reader.isAtEnd || content.isWhole {
      throw IngestError(
        .unreadable, path: path,
        reason: "it does not begin with what this --source gave before; nothing was taken. "
          + "Give it under another name to take all of it")
    }
    var beginning = SourceSession.Beginning(content)
    if !content.isWhole {
      beginning.warnings = [
        "gave less than before (\(known.content.position) bytes): nothing is new"
      ]
    }
    return SourceSession(
      known, name: name, realPath: "", reader: reader, status: nil, beginning: beginning,
      tailRule: .whenWhole)
  }
}

/// Bytes as a file that nobody changes.
private final class MemoryFile: OpenFile {
  private let bytes: [UInt8]
  let isWaiting = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func status() -> FileStatus {
    FileStatus(
      id: FileID(device: 0, inode: 0), size: UInt64(bytes.count),
      modified: Timestamp(nanoseconds: 0))
  }

  func read(at position: UInt64, count: Int, into buffer: inout [UInt8]) -> Int {
    let piece = bytes.dropFirst(Int(clamping: position)).prefix(count)
    buffer += piece
    return piece.count
  }
}
