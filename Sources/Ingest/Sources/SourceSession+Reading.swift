internal import Events
internal import Provenance

/// Reading on, with what was read and not handed out yet.
extension SourceSession {
  /// Bytes that were read and not handed out yet.
  var heldSize: Int { longLine.count + buffer.count }

  /// The last of the bytes that were read, as many as are compared.
  var lastRead: ArraySlice<UInt8> {
    if !buffer.isEmpty { return buffer.suffix(KnownContent.guardSize) }
    return longLine.count > 0 ? longLine.end : guardBytes[...]
  }

  /// Where reading goes on, in the content.
  var readPosition: UInt64 { source.content.position + holeSize + UInt64(heldSize) }

  /// Reads enough to tell the file's content from another; it is held.
  package func readAhead() throws(IngestError) {
    while heldSize < KnownContent.guardSize, !reader.isAtEnd {
      guard try readMore() else { return }
    }
  }

  /// Reads on; false when the bytes before those that came are others by now, so that nobody can tell
  /// what they belong to.
  func readMore() throws(IngestError) -> Bool {
    let before = tailRule == .never ? Array(lastRead) : []
    let end = readPosition
    let held = buffer.count
    try reader.read(into: &buffer, count: Self.chunkSize)
    guard tailRule == .never, reader.isPlain == true, buffer.count > held else { return true }
    isRewritten = try !holds(before, endingAt: end)
    if isRewritten { buffer.removeSubrange(held...) }
    return !isRewritten
  }

  /// Puts aside what was read of a line whose end has not come, once it is long, and tells of it.
  func keepLongLine() {
    guard buffer.count >= LongLine.sizeMin else { return }
    longLine.take(&buffer)
    forgetSearch()
    let position = source.content.position
    if source.longLine == position { return }
    source.longLine = position
    warnings.append(
      "the line at byte \(position) is longer than \(LongLine.sizeMin >> 20) MiB (\(longLine.count) "
        + "bytes by now): it is held in memory until its end comes")
  }
}
