internal import Bytes
internal import Events

/// Files that hold what another file held when it was read.
extension SourceResolver {
  /// The source that goes on in this file, if there is one; else the place of a file that it copies.
  func moved(
    to opened: Opened, except known: [TrackedSource]
  ) throws -> (session: SourceSession?, original: String?) {
    var original: String?
    for candidate in try matching(opened) where !known.contains(where: { $0 === candidate }) {
      if arePackedAlike(candidate.content.place, opened.place) {
        return (try continued(candidate, opened), nil)
      }
      guard let holder = try holder(of: candidate) else {
        return (try continued(candidate, opened), nil)
      }
      original = original ?? holder
    }
    return (nil, original)
  }

  /// The place of a file that was read further than another goes, which holds its beginning and nothing
  /// else; nil if there is none, or they are too short to be told from any others.
  func longerOriginal(of opened: Opened) throws -> String? {
    guard let head = try opened.head() else { return nil }
    let index = try book.prefixes(in: splitPath(opened.place).folder)
    let longer = index.positions(beginningWith: head).filter { $0 > opened.status.size }
      .flatMap { index.sources(beginningWith: head, readTo: $0) }
    for source in longer where source.content.hasHead {
      if let place = try holder(of: source), try files.isCopy(opened.path, of: place) {
        return place
      }
    }
    return nil
  }

  /// Whether a file that was never read holds what another held, that does not any more.
  func goesOn(_ path: String) throws -> Bool {
    let opened = try Opened(path, files)
    // What nobody here can read is an old archive.
    return try !opened.isUnread() && goesOn(opened)
  }

  func goesOn(_ opened: Opened) throws -> Bool {
    try matching(opened).contains { try holder(of: $0) == nil }
  }

  /// Sources of its folder that the content begins with, the one that was read furthest first. Of other
  /// folders, those of its name that were long enough to be told from any others: files are rotated to
  /// where old ones are kept.
  private func matching(_ opened: Opened) throws -> [TrackedSource] {
    if opened.status.size == 0 { return [] }
    let (folder, name) = splitPath(opened.place)
    let head = try opened.head()
    let near = try matching(opened, head, in: book.prefixes(in: folder))
    guard let head else { return near }
    let far = try matching(opened, head, in: book.prefixesEverywhere()).filter { source in
      let (other, otherName) = splitPath(source.content.place)
      let stem = otherName.utf8.prefix { $0 != UInt8(ascii: ".") }
      return other != folder && !stem.isEmpty && name.utf8.starts(with: stem)
    }
    return far.isEmpty
      ? near : (near + far).sorted { $0.content.position > $1.content.position }
  }

  private func matching(
    _ opened: Opened, _ head: Hash128?, in index: PrefixIndex
  ) throws -> [TrackedSource] {
    let end = try opened.isPlain() ? opened.status.size : .max
    let positions = index.positions(beginningWith: head).filter { $0 <= end }
    let hashes = try prefixHashes(of: opened, at: positions, withPlain: index.hasPlainPrefixes)
    return hashes.reversed().flatMap { position, digests in
      index.sources(beginningWith: head, readTo: position, prefix: digests)
        .filter { digests.matches($0.content) }
    }
  }

  /// Of the content up to each of these positions at which a line may end, as far as it goes.
  private func prefixHashes(
    of opened: Opened, at positions: [UInt64], withPlain: Bool
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

  /// Whether a file may have been read up to a place: behind a newline, a hole, or an object that had
  /// no newline yet.
  private func mayHaveEnded(at end: Int, _ buffer: [UInt8]) -> Bool {
    end == 0 || "\n\r\t }\0".utf8.contains(buffer[end - 1])
  }

  /// Where the file that a source was read from stands, if it still holds what was read.
  func holder(of source: TrackedSource) throws -> String? {
    let record = source.content
    if let path = try holding(record, [record.place]) { return path }
    // A file may be renamed while its folder is looked through: nothing counts until that stood still.
    let folder = splitPath(record.place).folder
    var before: [String: FileID]?
    while true {
      let standing = try standing(in: folder)
      let paths = standing.filter { $0.value == record.file }.keys
      if let path = try holding(record, paths.sorted()) { return path }
      if standing == before { return nil }
      before = standing
    }
  }

  /// The files of a folder, by their paths.
  private func standing(in folder: String) throws -> [String: FileID] {
    var all: [String: FileID] = [:]
    for name in try files.names(in: folder) {
      let path = joinPath(folder, name)
      if let status = files.status(path) {
        all[path] = status.id
      } else if files.target(ofLink: path) == nil {
        // Gone meanwhile; or not to be looked at, and then nobody knows. A link that leads nowhere, or
        // to where nobody may look, is no file.
        _ = try files.openIfThere(path)
      }
    }
    return all
  }

  /// The first of these paths at which a record's file stands with what was read of it.
  private func holding(_ record: SourceRecord, _ paths: [String]) throws -> String? {
    for path in paths where files.status(path)?.id == record.file {
      // A backup that an editor keeps is read nowhere: what is edited goes on in another file.
      if isPassing(path), path != record.place { continue }
      do {
        let opened = try Opened(path, files)
        if opened.status.id == record.file, try holds(opened, record) { return path }
      } catch let error as IngestError where error.code == .absent {
        continue
      }
    }
    return nil
  }

  private func holds(_ opened: Opened, _ record: SourceRecord) throws -> Bool {
    if record.position == 0 { return true }
    if !record.isPrefixPlain, try opened.isPlain() {
      return try opened.status.size >= record.position && KnownTail(opened.file, record) != nil
    }
    return try KnownContent(opened.reader(), record).matches(record)
  }
}

/// Whether one of two paths is the other with `.gz` or `.zst` behind it.
func arePackedAlike(_ left: String, _ right: String) -> Bool {
  isPacked(left, of: right) || isPacked(right, of: left)
}

/// Whether a path is another with `.gz` or `.zst` behind it.
func isPacked(_ path: String, of original: String) -> Bool {
  packedSuffixes.contains { (original + $0) == path }
}

func isPackedName(_ path: String) -> Bool { packedSuffixes.contains(where: path.hasSuffix) }

let packedSuffixes = [".gz", ".zst"]
