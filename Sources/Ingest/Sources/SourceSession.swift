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
  /// What messages call it.
  package let name: String
  /// The path of the file without symbolic links.
  private let realPath: String
  /// Compressed content that ends early or cannot be read on; what comes before was taken.
  package var damage: String? { reader.warning }
  /// What a person should know, such as that the file was rewritten, or that its last line waits.
  package internal(set) var warnings: [String] = []
  /// Remembers how far the source's former file was read, in case that becomes reachable again.
  var leftBehind: TrackedSource?
  /// Whether more input may come, but not at once: a good moment to commit.
  package private(set) var isWaiting = false
  /// Whether nothing was handed out though there is more to read at once: a line, or a hole, goes on.
  package private(set) var isInLine = false
  /// Of the file when it was last looked at; nil for standard input.
  var status: FileStatus?

  let reader: ContentReader
  private let tailRule: TailRule
  private let tailDecoder = LineDecoder()
  private var hash: ContentHash
  /// The last bytes that were handed out: as many as tell them from others.
  private var guardBytes: [UInt8]
  private var buffer: LineBuffer
  /// Leaves out lines that were given before the file was rewritten.
  private var filter: GivenFilter?
  /// Whether NUL bytes at the beginning may be a hole: the writer of a truncated file goes on at the
  /// offset that it had, and the file system fills the gap.
  private var mayHaveHole: Bool
  /// Such bytes so far, while nothing else came.
  private var holeSize: UInt64 = 0
  /// Whether the file was seen not to hold what was read of it.
  private(set) var isRewritten = false

  /// Bytes a chunk aims at.
  static let chunkSize = 1 << 20

  /// What is known of the bytes before `source.content.position` when reading begins.
  struct Beginning {
    var hash = ContentHash()
    var guardBytes: [UInt8] = []
    var rest: [UInt8] = []
    var filter: GivenFilter?
    /// Whether a writer may have gone on at the offset that it had before the file was truncated.
    var mayHaveHole = false
    var warnings: [String] = []
  }

  init(
    _ source: TrackedSource, name: String, realPath: String, reader: ContentReader,
    status: FileStatus?, beginning: Beginning, tailRule: TailRule
  ) {
    self.source = source
    self.name = name
    self.realPath = realPath
    self.reader = reader
    self.status = status
    self.tailRule = tailRule
    hash = beginning.hash
    guardBytes = beginning.guardBytes
    buffer = LineBuffer(beginning.rest)
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
      if let end = buffer.lastNewline(),
        buffer.bytes.count >= Self.chunkSize || reader.isAtEnd || mustWait()
      {
        return handOut(upTo: end + 1)
      }
      if reader.isAtEnd { return lastLine() }
      if tailRule == .never {
        if buffer.putAsideLongLine() { warnOfLongLine() }
        isInLine = readPosition - start >= UInt64(Self.chunkSize)
        if isInLine { return nil }
      }
      guard try readMore() else { return nil }
    }
  }

  /// Passes over NUL bytes at the beginning; they count once something follows.
  private func passHole() {
    let size = buffer.bytes.prefix { $0 == 0 }.count
    hash.update(buffer.bytes.span.extracting(0..<size))
    keepGuard(of: buffer.bytes[..<size])
    buffer.bytes.removeSubrange(..<size)
    holeSize += UInt64(size)
    if buffer.bytes.isEmpty { return }
    mayHaveHole = false
    if holeSize == 0 { return }
    warnings.append(
      "begins with \(holeSize) NUL bytes, where its writer stood before it was truncated: they are "
        + "passed over")
    advance(by: holeSize)
    holeSize = 0
  }

  /// Hashes the head of the file once all of it was read. Before that, the guard is all that was read.
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

  /// Whether standard input has nothing at the moment.
  private func mustWait() -> Bool {
    isWaiting = reader.file.isWaiting
    return isWaiting
  }

  private func handOut(upTo end: Int) -> LineChunk {
    var bytes = buffer.take(upTo: end, room: LineDecoder.padding)
    let count = bytes.count
    let position = source.content.position
    hash.update(bytes.span)
    // Head and guard are of the bytes in the file, so they are taken before lines are blanked.
    takeHead(of: bytes)
    keepGuard(of: bytes)
    let skipped = blankGivenLines(in: &bytes, from: position)
    source.move(to: realPath, path: name)
    advance(by: UInt64(count))
    bytes.append(contentsOf: repeatElement(0, count: LineDecoder.padding))
    return LineChunk(bytes: bytes, count: count, position: position, skipped: skipped)
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
  private func lastLine() -> LineChunk? {
    if reader.isPlain == false, status != nil { source.content.isEndReached = true }
    // First of all: the line may have become long, byte by byte, and a look at it would cost much.
    if tailRule == .never { return nil }
    if isBlank(buffer.bytes.span) { return nil }
    if tailRule == .always || isWholeObject(buffer.bytes) {
      return handOut(upTo: buffer.bytes.count)
    }
    warnings.append(
      "the last line (\(buffer.bytes.count) bytes at \(source.content.position)) has no newline and is "
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

  // MARK: Reading on

  /// The last of the bytes that were read, as many as are compared.
  private var lastRead: ArraySlice<UInt8> {
    buffer.count > 0 ? buffer.end(atMost: KnownContent.guardSize) : guardBytes[...]
  }

  /// Where reading goes on, in the content.
  private var readPosition: UInt64 { source.content.position + holeSize + UInt64(buffer.count) }

  /// Reads enough to tell the file's content from another; it is held.
  package func readAhead() throws(IngestError) {
    while buffer.count < KnownContent.guardSize, !reader.isAtEnd {
      guard try readMore() else { return }
    }
  }

  /// Reads on; false when the bytes before those that came are others by now, so that nobody can tell
  /// what they belong to.
  private func readMore() throws(IngestError) -> Bool {
    let before = tailRule == .never ? Array(lastRead) : []
    let end = readPosition
    let held = buffer.bytes.count
    try reader.read(into: &buffer.bytes, count: Self.chunkSize)
    guard tailRule == .never, reader.isPlain == true, buffer.bytes.count > held else { return true }
    isRewritten = try !holds(before, endingAt: end)
    if isRewritten { buffer.bytes.removeSubrange(held...) }
    return !isRewritten
  }

  /// Tells once that a line is long.
  private func warnOfLongLine() {
    let position = source.content.position
    if source.longLine == position { return }
    source.longLine = position
    warnings.append(
      "the line at byte \(position) is longer than \(LineBuffer.longLineSizeMin >> 20) MiB "
        + "(\(buffer.count) bytes by now): it is held in memory until its end comes")
  }

  // MARK: Files that grow

  /// What became of a file since it was last looked at.
  enum Growth {
    case same
    case grown
    /// It does not hold what was read of it any more.
    case rewritten
  }

  /// Looks whether there is more, and whether the bytes before it are those that were read. Costs a
  /// system call when nothing changed, and 4 KiB of reading when something did.
  ///
  /// - Parameter isTouched: whether somebody saw it being written to, whatever its time says.
  func look(isTouched: Bool) throws(IngestError) -> Growth {
    if isRewritten { return .rewritten }
    let now = try reader.file.status()
    defer { status = now }
    let end = readPosition
    // Compressed content cannot be compared in the middle of a line: only its length and time tell
    // whether it changed.
    let isInPackedLine = isInLine && reader.isPlain == false
    if !isTouched || isInPackedLine, let status, status.size == now.size,
      status.modified == now.modified
    {
      if isInLine { return .grown }
      return reader.isPlain != false && now.size > end ? goOn() : .same
    }
    // While nothing was read of a rewritten file, nothing tells whether it was rewritten once more.
    let isUndecided = end == 0 && filter != nil
    isRewritten = isUndecided ? true : try !isContinued(now, from: end)
    if isRewritten { return .rewritten }
    source.content.size = now.size
    source.content.modified = now.modified
    return now.size > end ? goOn() : .same
  }

  private func goOn() -> Growth {
    reader.goOn()
    return .grown
  }

  private func isContinued(_ now: FileStatus, from end: UInt64) throws(IngestError) -> Bool {
    // Compressed content that changed is read again from its beginning.
    guard reader.isPlain != false, now.size >= end else { return false }
    guard try holds(guardBytes, endingAt: source.content.position + holeSize) else { return false }
    return try holds(lastRead, endingAt: end)
  }

  private func holds(
    _ bytes: some Collection<UInt8>, endingAt end: UInt64
  ) throws(IngestError) -> Bool {
    if bytes.isEmpty { return true }
    var found: [UInt8] = []
    let read = try reader.file.read(
      at: end - UInt64(bytes.count), count: bytes.count, into: &found)
    return read == bytes.count && found.elementsEqual(bytes)
  }

  // MARK: Lines that were given before

  /// Leaves out lines from now on that were given by another file, which replaced this one.
  func leaveOut(_ given: GivenLines) {
    filter = GivenFilter(given)
    source.content.rewriteEnd = .max
  }

  /// Makes lines blank that the file gave before it was rewritten. Returns how many.
  private func blankGivenLines(in bytes: inout [UInt8], from position: UInt64) -> UInt64 {
    guard var filter, source.content.rewriteEnd > position else { return 0 }
    let before = filter.skipped
    filter.blank(
      &bytes, upTo: Int(min(source.content.rewriteEnd - position, UInt64(bytes.count))))
    self.filter = filter
    source.content.skipped += filter.skipped - before
    return filter.skipped - before
  }

  private func endRewrite() {
    guard filter != nil else { return }
    filter = nil
    let kept = source.content.skipped
    if kept == 0 {
      // It holds nothing of what it gave: it began anew. That another file replaced it is no news.
      let isSameFile = source.previous?.content.file == source.content.file
      source.previous = nil
      if !isSameFile { return }
      warnings.append(
        "does not hold what was read of it before: all of it is taken, as generation "
          + "\(source.content.generation)")
    } else {
      warnings.append(
        "was rewritten: \(kept) of its lines had been taken before, and are not taken again")
    }
  }
}
