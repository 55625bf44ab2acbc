internal import Bytes
package import Events
internal import JSON
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// What the log knows of sources, asked by a session that opens one.
package struct SourceLookup {
  /// Sources that were read at a file's device and inode, the newest first.
  package let file: (FileStatus) throws -> [SourceRecord]
  /// The named standard source of a name.
  package let named: (String) throws -> SourceRecord?

  package init(
    file: @escaping (FileStatus) throws -> [SourceRecord],
    named: @escaping (String) throws -> SourceRecord?
  ) {
    self.file = file
    self.named = named
  }
}

/// One reading of one source: from where it was left, chunk by chunk, to its end.
package final class SourceSession {
  /// The source as it is after the chunks given out so far. New ones have id 0.
  package var record: SourceRecord
  /// How far it was read before this session; nil when it is new.
  package let positionBefore: UInt64?
  /// The newest source that the log knew of this file or name; nil for none.
  package let knownID: SourceID?
  /// Of the file when it was opened; nil for standard input.
  package let status: FileStatus?
  /// Compressed content that ends early or cannot be read on; what comes before was taken.
  package var damage: String? { reader.warning }
  /// What a person should know: rewritten, torn, or a last line that waits.
  package private(set) var warnings: [String] = []
  /// Whether more input may come, but not at once: a good moment to commit.
  package private(set) var isWaiting = false
  /// Bytes read so far, those that were known included; of the file as it lies, for progress.
  package private(set) var contentRead: UInt64 = 0

  private let reader: ContentReader
  private let descriptor: FileDescriptor
  private let input: Input
  private let tailDecoder = LineDecoder()
  private let hash: Hash128Stream
  private var guardBytes: [UInt8] = []
  private var buffer: [UInt8] = []
  /// Where the search for a newline in `buffer` goes on.
  private var searched = 0

  /// Bytes a chunk aims at.
  static let chunkSize = 1 << 20

  /// Opens a source, and reads again what was taken from it before, to know it by its content.
  package convenience init(_ input: Input, lookup: SourceLookup) throws {
    switch input {
    case .file(let path): try self.init(file: path, lookup: lookup)
    case .standardInput(let name): try self.init(standardInput: name, lookup: lookup)
    }
  }

  private convenience init(file path: String, lookup: SourceLookup) throws {
    let descriptor: FileDescriptor
    do { descriptor = try FileDescriptor.open(FilePath(path), .readOnly) } catch {
      throw IngestError(path: path, errno: error as? Errno ?? .ioError)
    }
    guard let status = FileStatus(descriptor: descriptor.rawValue) else {
      throw IngestError(path: path, errno: .ioError)
    }
    let known = status.isRegular ? try lookup.file(status).first : nil
    let reader = ContentReader(descriptor: descriptor, path: path, ownsDescriptor: true)
    var fresh = SourceRecord(
      id: 0, form: .file, path: path, device: status.device, inode: status.inode)
    fresh.size = status.size
    fresh.modified = status.modified
    try self.init(
      input: .file(path: path), descriptor: descriptor, reader: reader, fresh: fresh, known: known,
      status: status)
  }

  private convenience init(standardInput name: String?, lookup: SourceLookup) throws {
    let known = try name.flatMap { try lookup.named($0) }
    let fresh = SourceRecord(
      id: 0, form: name == nil ? .standardInput : .named, path: name ?? "standard input")
    let reader = ContentReader(
      descriptor: .standardInput, path: "standard input", ownsDescriptor: false)
    try self.init(
      input: .standardInput(name: name), descriptor: .standardInput, reader: reader, fresh: fresh,
      known: known, status: nil)
  }

  private init(
    input: Input, descriptor: FileDescriptor, reader: ContentReader, fresh: SourceRecord,
    known: SourceRecord?, status: FileStatus?
  ) throws {
    self.status = status
    knownID = known?.id
    self.input = input
    self.descriptor = descriptor
    guard let known, known.position > 0 else {
      self.reader = reader
      record = fresh
      record.id = known?.id ?? 0
      positionBefore = known?.position
      hash = Hash128Stream()
      return
    }
    let replay = try KnownContent(reader, upTo: known.position)
    if replay.digest == known.prefix {
      self.reader = reader
      record = known
      record.path = fresh.path
      record.size = fresh.size
      record.modified = fresh.modified
      positionBefore = known.position
      hash = replay.hash
      guardBytes = replay.guardBytes
      buffer = replay.rest
      contentRead = known.position
    } else if case .standardInput = input, replay.digest == nil {
      self.reader = reader
      record = known
      positionBefore = known.position
      hash = replay.hash
      warnings.append("gave less than before (\(known.position) bytes): nothing is new")
    } else {
      (self.reader, buffer) = try Self.restart(input, descriptor, reader, replay)
      record = fresh
      record.generation = known.generation + 1
      positionBefore = nil
      hash = Hash128Stream()
      warnings.append(
        "does not begin with what was read before (\(known.position) bytes): all of it is taken, "
          + "as generation \(record.generation)")
    }
  }

  /// A reader at the beginning of content that is not what was known.
  private static func restart(
    _ input: Input, _ descriptor: FileDescriptor, _ reader: ContentReader, _ replay: KnownContent
  ) throws -> (ContentReader, [UInt8]) {
    guard case .file(let path) = input else {
      throw IngestError(
        .unreadable, path: "standard input",
        reason: "it does not begin with what this --source gave before; nothing was taken. "
          + "Give it under another name to take all of it")
    }
    do {
      // The reader that is given up closes its own.
      let again = try descriptor.duplicate()
      try again.seek(offset: 0, from: .start)
      return (ContentReader(descriptor: again, path: path, ownsDescriptor: true), [])
    } catch {
      throw IngestError(path: path, errno: error as? Errno ?? .ioError)
    }
  }

  /// The next whole lines; nil at the end.
  package func nextChunk() throws(IngestError) -> LineChunk? {
    isWaiting = false
    while true {
      if let end = lastNewline(), buffer.count >= Self.chunkSize || reader.isAtEnd || mustWait() {
        return give(end + 1)
      }
      if reader.isAtEnd { return giveTail() }
      try reader.read(into: &buffer, count: Self.chunkSize)
    }
  }

  /// The last newline in the buffer, looked for where nobody looked yet.
  private var newestNewline: Int?

  private func lastNewline() -> Int? {
    var index = buffer.count - 1
    while index >= searched {
      if buffer[index] == UInt8(ascii: "\n") {
        newestNewline = index
        break
      }
      index -= 1
    }
    searched = buffer.count
    return newestNewline
  }

  /// Whether standard input has nothing at the moment.
  private func mustWait() -> Bool {
    guard case .standardInput = input else { return false }
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    isWaiting = unsafe poll(&request, 1, 0) == 0
    return isWaiting
  }

  private func give(_ count: Int) -> LineChunk {
    let rest = Array(buffer[count...])
    buffer.removeSubrange(count...)
    let position = record.position
    hash.update(buffer.span)
    remember(buffer)
    record.position += UInt64(count)
    record.prefix = hash.digest
    record.guardSize = UInt64(guardBytes.count)
    record.guard = Hash128(of: guardBytes)
    contentRead = record.position
    buffer.append(contentsOf: repeatElement(0, count: LineDecoder.padding))
    let chunk = LineChunk(bytes: buffer, count: count, position: position)
    buffer = rest
    searched = rest.count
    newestNewline = nil
    return chunk
  }

  private func remember(_ bytes: [UInt8]) {
    guardBytes.append(contentsOf: bytes.suffix(KnownContent.guardSize))
    if guardBytes.count > KnownContent.guardSize {
      guardBytes.removeFirst(guardBytes.count - KnownContent.guardSize)
    }
  }

  /// The last line, when it has no newline: taken if it is a whole object, or if nothing can follow.
  private func giveTail() -> LineChunk? {
    let tail = buffer
    if isBlank(tail.span) { return nil }
    if input == .standardInput(name: nil) || isWholeObject(buffer) { return give(buffer.count) }
    warnings.append(
      "the last line (\(buffer.count) bytes at \(record.position)) has no newline and is no whole "
        + "object: it waits for its end")
    return nil
  }

  private func isWholeObject(_ line: [UInt8]) -> Bool {
    do throws(JSONError) {
      _ = try tailDecoder.envelope(of: line.span, isPadded: false, given: nil, fileName: nil)
      return true
    } catch {
      return false
    }
  }
}
