internal import Bytes
internal import Events
internal import Provenance

/// Files that are the compressed form of one that was read.
extension SourceResolver {
  /// Bytes at the beginning that tell whether a file is the compressed form of the one of its name.
  private static let beginningSize = 1 << 20

  /// Where the file stands of which another is the compressed form, or the beginning of it, if it
  /// stands beside it and is read itself.
  func unpacked(_ opened: Opened) throws -> String? {
    guard let suffix = packedSuffixes.first(where: opened.place.hasSuffix) else { return nil }
    let path = String(decoding: opened.place.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    guard try files.openIfThere(path) != nil else { return nil }
    let original = try Opened(path, files)
    guard original.status.isRegular,
      try book.sources(at: original.status.id).contains(where: { $0.content.position > 0 }),
      try opened.status.size == 0 || !opened.isPlain()
    else { return nil }
    let packed = try beginning(of: opened)
    return try beginning(of: original).starts(with: packed) ? path : nil
  }

  private func beginning(of opened: Opened) throws(IngestError) -> ArraySlice<UInt8> {
    let reader = opened.reader()
    var bytes: [UInt8] = []
    while bytes.count < Self.beginningSize, !reader.isAtEnd {
      try reader.read(into: &bytes, count: Self.beginningSize - bytes.count)
    }
    return bytes.prefix(Self.beginningSize)
  }

  /// What becomes of a file that holds less than what was read of its content.
  struct Shorter {
    /// Nil when there is nothing to be done with it.
    let session: SourceSession?
  }

  /// Looks whether a file is the compressed form of one that was read in its folder, but ends before
  /// what was read: torn, or older.
  ///
  /// - Returns: nil when it is a file as any other.
  func openShorterPacked(_ opened: Opened) throws -> Shorter? {
    guard isPackedName(opened.place) else { return nil }
    if opened.status.size > 0, try opened.isPlain() { return nil }
    let originals = try book.sources(in: splitPath(opened.place).folder).filter { source in
      source.content.position > 0 && opened.place.utf8.starts(with: source.content.place.utf8)
    }
    // The one that was read furthest first: others may have begun alike.
    for original in originals.sorted(by: { $0.content.position > $1.content.position }) {
      guard let form = try shorterForm(of: original, opened) else { continue }
      return Shorter(session: try ended(original, opened, form))
    }
    return nil
  }

  /// What a file holds of a source's lines when it holds nothing else, and ends before the place that
  /// was reached: its reader, at the end.
  func shorterForm(
    of source: TrackedSource, _ opened: Opened
  ) throws -> (reader: ContentReader, lines: Int)? {
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
      let known = try given ?? book.linesGiven(by: source)
      given = known
      var isSame = true
      forEachLine(buffer.span.extracting(0..<whole)) { start, line in
        lines += 1
        let hash = Hash128(of: line)
        // Of a rewritten file, and of one that was left behind, lines may have been given before.
        let mayBeOlder = source.content.skipped > 0 || source.previous != nil
        isSame =
          isSame
          && (known.holds(hash, at: position + UInt64(start))
            || (mayBeOlder && known.counts[hash] != nil))
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
