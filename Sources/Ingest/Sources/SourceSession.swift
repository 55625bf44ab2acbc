internal import Bytes
internal import Events
internal import Provenance
internal import JSON

/// One reading of one source: from where it was left, chunk by chunk, to its end, and on when it grows.
package final class SourceSession {
  /// When a last line without a newline is taken.
  package enum TailRule: Sendable {
    /// When it is a whole object: nobody waits for its end.
    case whenWhole
    /// Always: nothing can follow.
    case always
    /// Never: its end will be seen.
    case never
  }

  package let source: TrackedSource
  /// How it is called in messages.
  package let name: String
  /// Where the file stands, without symbolic links.
  private let place: String
  /// Compressed content that ends early or cannot be read on; what comes before was taken.
  package var damage: String? { reader.warning }
  /// What a person should know: rewritten, torn, or a last line that waits.
  package internal(set) var warnings: [String] = []
  /// Says how far the source's file was read before it went on in this one, should that come back.
  var leftBehind: TrackedSource?
  /// Whether more input may come, but not at once: a good moment to commit.
  package private(set) var isWaiting = false
  /// Whether nothing was handed out though there is more to read at once: a line, or a hole, goes on.
  package private(set) var isInLine = false
  /// Of the file when it was last looked at; nil for standard input.
  var status: FileStatus?

  let reader: ContentReader
  let tailRule: TailRule
  private let tailDecoder = LineDecoder()
  private var hash: ContentHash
  var guardBytes: [UInt8]
  /// Read, and not handed out yet.
  var buffer: [UInt8]
  /// What was read before that, of a line that is long.
  var longLine = LongLine()
  var filter: GivenFilter?
  /// Whether NUL bytes at the beginning stand for nothing that anybody wrote.
  private var mayHaveHole: Bool
  /// Such bytes so far, while nothing else came.
  var holeSize: UInt64 = 0
  /// Where the search for a newline in `buffer` goes on.
  private var searched = 0
  private var newestNewline: Int?
  /// Whether the file was seen not to hold what was read of it.
  var isRewritten = false

  /// Bytes a chunk aims at.
  static let chunkSize = 1 << 20

  /// What was found out about the bytes before `source.content.position`.
  struct Beginning {
    var hash = ContentHash()
    var guardBytes: [UInt8] = []
    var rest: [UInt8] = []
    var filter: GivenFilter?
    /// Whether a writer may have gone on where it was before the file was truncated.
    var mayHaveHole = false
    var warnings: [String] = []
  }

  init(
    _ source: TrackedSource, name: String, place: String, reader: ContentReader,
    status: FileStatus?, beginning: Beginning, tailRule: TailRule
  ) {
    self.source = source
    self.name = name
    self.place = place
    self.reader = reader
    self.status = status
    self.tailRule = tailRule
    hash = beginning.hash
    guardBytes = beginning.guardBytes
    buffer = beginning.rest
    filter = beginning.filter
    mayHaveHole = beginning.mayHaveHole
    warnings = beginning.warnings
    if let status {
      source.content.size = status.size
      source.content.modified = status.modified
    }
    // A rewritten file may end where it began.
    if source.content.rewriteEnd > 0, source.content.position >= source.content.rewriteEnd {
      endRewrite()
    }
  }

  /// What the log must learn of though it gives no line, in one commit.
  package var sourcesToCommit: [TrackedSource] {
    (source.mustCommit ? [source] : []) + (leftBehind.map { [$0] } ?? [])
  }

  /// The next whole lines; nil when there are none at the moment, or when those who follow have read
  /// about a chunk and no line ended: then `isInLine`, and others should have their turn.
  package func nextChunk() throws(IngestError) -> LineChunk? {
    isWaiting = false
    isInLine = false
    let start = readPosition
    while true {
      if mayHaveHole { passHole() }
      if let end = lastNewline(),
        buffer.count >= Self.chunkSize || reader.isAtEnd || mustWait()
      {
        return give(end + 1)
      }
      if reader.isAtEnd { return giveTail() }
      if tailRule == .never {
        if newestNewline == nil { keepLongLine() }
        isInLine = readPosition - start >= UInt64(Self.chunkSize)
        if isInLine { return nil }
      }
      guard try readMore() else { return nil }
    }
  }

  /// Passes over NUL bytes at the beginning; they count once something follows.
  private func passHole() {
    let size = buffer.prefix { $0 == 0 }.count
    hash.update(buffer.span.extracting(0..<size))
    keepGuard(of: buffer[..<size])
    buffer.removeSubrange(..<size)
    holeSize += UInt64(size)
    if buffer.isEmpty { return }
    mayHaveHole = false
    if holeSize == 0 { return }
    warnings.append(
      "begins with \(holeSize) NUL bytes, where its writer stood before it was truncated: they are "
        + "passed over")
    advance(by: holeSize)
    holeSize = 0
  }

  /// Before these bytes the guard is all that was read, while that is less than a head.
  private func takeHead(of bytes: [UInt8]) {
    let position = Int(clamping: source.content.position)
    guard !source.content.hasHead, position < KnownContent.headSize,
      guardBytes.count == position, position + bytes.count >= KnownContent.headSize
    else { return }
    source.content.head = Hash128(
      of: guardBytes + bytes.prefix(KnownContent.headSize - position))
  }

  private func keepGuard(of bytes: some Collection<UInt8>) {
    guardBytes.append(contentsOf: bytes.suffix(KnownContent.guardSize))
    guardBytes.removeFirst(max(0, guardBytes.count - KnownContent.guardSize))
  }

  /// Warnings since they were last asked for.
  package func takeWarnings() -> [String] {
    defer { warnings = [] }
    return warnings
  }

  /// The last newline in the buffer, looked for where nobody looked yet.
  private func lastNewline() -> Int? {
    if firstIndex(of: UInt8(ascii: "\n"), in: buffer.span, from: searched) == nil {
      searched = buffer.count
      return newestNewline
    }
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
    isWaiting = reader.file.isWaiting
    return isWaiting
  }

  /// Forgets where newlines were looked for: the buffer holds other bytes.
  func forgetSearch() {
    searched = 0
    newestNewline = nil
  }

  private func give(_ end: Int) -> LineChunk {
    let rest = Array(buffer[end...])
    let count = longLine.count + end
    buffer.removeSubrange(end...)
    if longLine.count > 0 { longLine.give(to: &buffer, room: LineDecoder.padding) }
    let position = source.content.position
    hash.update(buffer.span)
    // As the file has it: what is left out is blanked next.
    takeHead(of: buffer)
    keepGuard(of: buffer)
    let skipped = leaveOut(from: position)
    source.stand(at: place, path: name)
    advance(by: UInt64(count))
    buffer.append(contentsOf: repeatElement(0, count: LineDecoder.padding))
    let chunk = LineChunk(bytes: buffer, count: count, position: position, skipped: skipped)
    buffer = rest
    forgetSearch()
    searched = rest.count
    return chunk
  }

  private func advance(by count: UInt64) {
    source.content.isEndReached = false
    source.content.position += count
    source.content.prefix = hash.digest
    source.content.isPrefixPlain = false
    source.content.chain = hash.chain
    source.content.guardSize = UInt64(guardBytes.count)
    source.content.guard = Hash128(of: guardBytes)
    if source.content.position >= source.content.rewriteEnd { endRewrite() }
    source.didAdvance(source)
  }

  /// The last line, when it has no newline: taken if it is a whole object, or if nothing can follow.
  private func giveTail() -> LineChunk? {
    if reader.isPlain == false, status != nil { source.content.isEndReached = true }
    // Before a look at it: it may have become long, byte by byte.
    if tailRule == .never { return nil }
    if isBlank(buffer.span) { return nil }
    if tailRule == .always || isWholeObject(buffer) { return give(buffer.count) }
    warnings.append(
      "the last line (\(buffer.count) bytes at \(source.content.position)) has no newline and is "
        + "no whole object: it waits for its end")
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
