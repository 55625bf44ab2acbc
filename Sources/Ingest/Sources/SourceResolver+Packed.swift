internal import Bytes
internal import Events

/// Files that are the compressed form of one that was read.
extension SourceResolver {
  /// What becomes of a file that is such a form.
  struct Packed {
    /// Nil when there is nothing to be done with it.
    let session: SourceSession?
  }

  /// Looks whether a file is the compressed form, whole or torn, of one that was read in its folder.
  ///
  /// - Returns: nil when it is a file as any other.
  func openPacked(_ opened: Opened) throws -> Packed? {
    guard packedSuffixes.contains(where: opened.place.hasSuffix) else { return nil }
    let originals = try book.sources(in: splitPath(opened.place).folder).filter { source in
      source.content.position > 0 && !source.content.place.utf8.elementsEqual(opened.place.utf8)
        && opened.place.utf8.starts(with: source.content.place.utf8)
    }
    if originals.isEmpty { return nil }
    if isFollowing, try originals.contains(where: { try isRead($0, packedAt: opened) }) {
      return Packed(session: nil)
    }
    // The newest first: an older one may have begun alike.
    for original in originals.sorted(by: { $0.content.position > $1.content.position }) {
      guard let beginning = try shorterForm(of: original, opened) else { continue }
      return Packed(session: try ended(original, opened, beginning))
    }
    return nil
  }

  /// Whether the original stands beside its compressed form, and so is read itself.
  private func isRead(_ source: TrackedSource, packedAt opened: Opened) throws -> Bool {
    guard isPacked(opened.place, of: source.content.place) else { return false }
    return try holder(of: source) != nil
  }

  /// What a compressed file holds of a source's lines when it holds nothing else, and ends before the
  /// place that was reached: its reader, at the end.
  private func shorterForm(
    of source: TrackedSource, _ opened: Opened
  ) throws -> (reader: ContentReader, lines: Int)? {
    if opened.status.size > 0, try opened.isPlain() { return nil }
    let reader = opened.reader()
    var given: GivenLines?
    var lines = 0
    var position: UInt64 = 0
    var buffer: [UInt8] = []
    while !reader.isAtEnd {
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      if position + UInt64(buffer.count) >= source.content.position { return nil }
      let whole = buffer.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if whole == 0 { continue }
      let known = try given ?? book.linesGiven(by: source.history)
      given = known
      var isSame = true
      forEachLine(buffer.span.extracting(0..<whole)) { start, line in
        lines += 1
        let hash = Hash128(of: line)
        // Of a rewritten file, lines may have been given before it was.
        isSame =
          isSame
          && (known.holds(hash, at: position + UInt64(start))
            || (source.content.skipped > 0 && known.counts[hash] != nil))
      }
      if !isSame { return nil }
      buffer.removeSubrange(..<whole)
      position += UInt64(whole)
    }
    return (reader, lines)
  }

  /// A session of a source with nothing to give: what the file holds was taken.
  private func ended(
    _ source: TrackedSource, _ opened: Opened, _ form: (reader: ContentReader, lines: Int)
  ) throws -> SourceSession? {
    if isFollowing, form.lines == 0 { return nil }
    guard isFollowing else {
      return SourceSession(
        source, name: opened.path, place: opened.place, reader: form.reader, status: nil,
        beginning: .init(), tailRule: .never)
    }
    let session = try session(source, opened, form.reader, .init())
    source.content.isEndReached = true
    return session
  }
}
