internal import Bytes
internal import Events
internal import Provenance

/// Finds the known sources whose content a file holds, whatever its name and number.
struct ContentMatcher {
  let files: any FileSystem
  let registry: SourceRegistry
  let locator: SourceLocator

  /// How many short sources of other folders a file is compared with: more that begin alike would tell
  /// nothing.
  static let alikeMax = 16

  // MARK: Files that hold all that was read

  /// The source that the file at a path holds and no other file does any more; nil when it continues
  /// none.
  func sourceContinued(by path: String) throws -> TrackedSource? {
    let opened = try OpenedFile(path, files)
    // What cannot be read is an old archive.
    return try opened.isUnsupported() ? nil : sourceContinued(by: opened)
  }

  /// The source that a file holds and no other file does any more; nil when it continues none.
  func sourceContinued(by opened: OpenedFile) throws -> TrackedSource? {
    try matching(opened).first { source in
      if case .present = try locator.location(of: source, besides: opened) { return false }
      return true
    }
  }

  /// Sources whose bytes the content begins with, the one that was read furthest first.
  ///
  /// Sources of the file's own folder are compared by all that was read of them. In other folders many
  /// unrelated files may begin alike: of those only sources count that are long enough to have a head
  /// hash, and shorter ones that have the file's name.
  func matching(_ opened: OpenedFile) throws -> [TrackedSource] {
    if opened.status.size == 0 { return [] }
    let head = try opened.head()
    let near = try matching(opened, head, in: registry.prefixes(in: opened.folder))
    var far: [TrackedSource] = []
    if head != nil { far += try matching(opened, head, in: registry.prefixesEverywhere()) }
    far += try matching(
      opened, nil, in: registry.shortPrefixes(named: opened.name), atMost: Self.alikeMax)
    far = far.filter { $0.content.folder != opened.folder }
    if far.isEmpty { return near }
    let all = near + far
    let nearness = all.map { commonSuffixCount($0.content.realPath, opened.realPath) }
    return zip(all, nearness).enumerated().sorted { left, right in
      (right.element.0.content.position, right.element.1, left.offset)
        < (left.element.0.content.position, left.element.1, right.offset)
    }.map(\.element.0)
  }

  private func matching(
    _ opened: OpenedFile, _ head: Hash128?, in index: PrefixIndex, atMost limit: Int = .max
  ) throws -> [TrackedSource] {
    let end = try opened.isPlain() ? opened.status.size : .max
    let positions = index.positions(beginningWith: head).filter { $0 <= end }
    let hashes = try prefixHashes(of: opened, at: positions, withPlain: index.hasPlainPrefixes)
    return hashes.reversed().flatMap { position, digests in
      index.sources(beginningWith: head, readTo: position, prefix: digests, atMost: limit)
        .filter { digests.matches($0.content) }
    }
  }

  /// The hashes of the content up to each of these positions at which a line may end, in one reading.
  private func prefixHashes(
    of opened: OpenedFile, at positions: [UInt64], withPlain: Bool
  ) throws -> [(position: UInt64, digests: PrefixHash.Digests)] {
    let reader = opened.reader()
    var hash = PrefixHash(withPlain: withPlain)
    var found: [(position: UInt64, digests: PrefixHash.Digests)] = []
    var position: UInt64 = 0
    var rest = positions[...]
    var buffer: [UInt8] = []
    while !rest.isEmpty, !reader.isAtEnd {
      buffer.removeAll(keepingCapacity: true)
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      var start = 0
      while let next = rest.first, next <= position + UInt64(buffer.count - start) {
        let end = start + Int(next - position)
        rest = rest.dropFirst()
        if !mayHaveEnded(at: end, buffer) { continue }
        hash.update(buffer.span.extracting(start..<end))
        position = next
        start = end
        found.append((next, hash.digests))
      }
      hash.update(buffer.span.extracting(start..<buffer.count))
      position += UInt64(buffer.count - start)
    }
    return found
  }

  /// Whether a file may have been read up to a position: behind a newline, a hole, or an object that had
  /// no newline yet. Other positions cost no hash.
  private func mayHaveEnded(at end: Int, _ buffer: [UInt8]) -> Bool {
    end == 0 || "\n\r\t }\0".utf8.contains(buffer[end - 1])
  }

  /// Whether a file that begins with what was read of a source is likely to be a copy of that source's
  /// file: one of its own folder is; one of another folder only when their names are alike and the source
  /// is long enough to have a head hash.
  func isDistinctive(_ source: TrackedSource, _ opened: OpenedFile) -> Bool {
    let (folder, name) = splitPath(source.content.realPath)
    if folder == opened.folder { return true }
    let stem = name.utf8.prefix { $0 != UInt8(ascii: ".") }
    return source.content.hasHead && !stem.isEmpty && opened.name.utf8.starts(with: stem)
  }

  // MARK: Files that hold less than was read

  /// The path of a file in the same folder that was read further than another is long, and of which that
  /// other is a copy of the beginning. Nil if there is none, or they are too short to be told from others.
  func longerOriginal(of opened: OpenedFile) throws -> String? {
    guard let head = try opened.head() else { return nil }
    let index = try registry.prefixes(in: splitPath(opened.realPath).folder)
    for source in longer(than: opened, head, in: index) where source.content.hasHead {
      if let path = try locator.currentPath(of: source), try files.isCopy(opened.path, of: path) {
        return path
      }
    }
    return nil
  }

  /// The source of another folder of which a file holds the beginning and nothing else, while the file
  /// that the source was read from is gone: it may be just being copied here. With the reader, at the
  /// end. Nil for any other file, and for one that is too short to be told from others.
  func sourceBegun(
    by opened: OpenedFile
  ) throws -> (source: TrackedSource, reader: ContentReader)? {
    guard let head = try opened.head(), try opened.isPlain() else { return nil }
    let longer = try longer(than: opened, head, in: registry.prefixesEverywhere())
      .filter { $0.content.folder != opened.folder }
    for source in longer.prefix(Self.alikeMax) {
      if case .present = try locator.location(of: source, besides: opened) { continue }
      if let part = try partialContent(of: source, opened) { return (source, part.reader) }
    }
    return nil
  }

  private func longer(
    than opened: OpenedFile, _ head: Hash128, in index: PrefixIndex
  ) -> [TrackedSource] {
    index.positions(beginningWith: head).filter { $0 > opened.status.size }
      .flatMap { index.sources(beginningWith: head, readTo: $0) }
  }

  /// Reads a file that may hold lines of a source and nothing else, and ends before the position that was
  /// reached in it. Returns its reader, at the end, and the number of its lines; nil for any other file.
  func partialContent(
    of source: TrackedSource, _ opened: OpenedFile
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
      let known = try given ?? registry.linesGiven(by: source)
      given = known
      var isSame = true
      forEachLine(buffer.span.extracting(0..<whole)) { start, line in
        lines += 1
        let hash = Hash128(of: line)
        // Lines of a file that was rewritten, or that was unreachable for a while, may have been given by
        // an older source, at other positions.
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

  // MARK: Compressed files

  /// Bytes at the beginning that tell whether a file is the compressed form of the one of its name.
  private static let beginningSize = 1 << 20

  /// The path of the uncompressed file beside a compressed one, of which that is the compressed form, or
  /// the beginning of it, if the uncompressed file is read itself.
  func uncompressedOriginal(of opened: OpenedFile) throws -> String? {
    guard let suffix = packedSuffixes.first(where: opened.realPath.hasSuffix) else { return nil }
    let path = String(decoding: opened.realPath.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    guard try files.openIfThere(path) != nil else { return nil }
    let original = try OpenedFile(path, files)
    guard original.status.isRegular,
      try registry.sources(at: original.status.id).contains(where: { $0.content.position > 0 }),
      try opened.status.size == 0 || !opened.isPlain()
    else { return nil }
    let packed = try opened.beginning(upTo: Self.beginningSize)
    return try original.beginning(upTo: Self.beginningSize).starts(with: packed) ? path : nil
  }

  /// The source in the same folder of which a compressed file holds the beginning, when that ends before
  /// what was read: it is torn, or older. With the reader, at the end, and the number of its lines.
  func sourceWithLonger(
    than opened: OpenedFile
  ) throws -> (source: TrackedSource, reader: ContentReader, lines: Int)? {
    guard isPackedName(opened.realPath) else { return nil }
    if opened.status.size > 0, try opened.isPlain() { return nil }
    let originals = try registry.sources(in: splitPath(opened.realPath).folder).filter { source in
      source.content.position > 0
        && opened.realPath.utf8.starts(with: source.content.realPath.utf8)
    }
    // Several may have begun alike: the one that was read furthest is the most likely original.
    for original in originals.sorted(by: { $0.content.position > $1.content.position }) {
      if let part = try partialContent(of: original, opened) {
        return (original, part.reader, part.lines)
      }
    }
    return nil
  }
}
