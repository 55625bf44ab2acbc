internal import Events
internal import Provenance

/// Files that grow.
extension SourceSession {
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
    // Packed content whose line goes on is told by its length and time alone: it cannot be compared.
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
    // Compressed content is read again from its beginning.
    guard reader.isPlain != false, now.size >= end else { return false }
    guard try holds(guardBytes, endingAt: source.content.position + holeSize) else { return false }
    return try holds(lastRead, endingAt: end)
  }

  func holds(
    _ bytes: some Collection<UInt8>, endingAt end: UInt64
  ) throws(IngestError) -> Bool {
    if bytes.isEmpty { return true }
    var found: [UInt8] = []
    let read = try reader.file.read(
      at: end - UInt64(bytes.count), count: bytes.count, into: &found)
    return read == bytes.count && found.elementsEqual(bytes)
  }
}
