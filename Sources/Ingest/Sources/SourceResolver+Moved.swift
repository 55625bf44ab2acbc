internal import Bytes
internal import Events
internal import Provenance

/// Files that hold what another file held when it was read.
extension SourceResolver {
  /// The source that goes on in this file, if there is one; else the place of a file that it copies.
  func moved(
    to opened: Opened, except known: [TrackedSource]
  ) throws -> (session: SourceSession?, original: String?) {
    var original: String?
    var alikeCount = 0
    let current = sinceEmpty(known)
    for candidate in try matching(opened) {
      // Those that were read at this file were tried; unless they went on elsewhere before it was empty.
      if current.contains(where: { $0 === candidate }) { continue }
      if candidate.content.file == opened.status.id, known.contains(where: { $0 === candidate }) {
        continue
      }
      // What it was left behind by stands here: the file may be on its way from there.
      if candidate.isLeftBehind, candidate.previous?.content.folder == opened.folder { continue }
      if arePackedAlike(candidate.content.place, opened.place) {
        return (try continued(candidate, opened), nil)
      }
      let isTelling = isTelling(candidate, opened)
      // What many files begin with tells none of them from the others.
      if !isTelling, alikeCount == Self.alikeMax { continue }
      let whereabouts = try whereabouts(of: candidate, besides: opened)
      guard case .standing(let holder) = whereabouts else {
        return (try takenUp(candidate, opened, whereabouts), nil)
      }
      if isTelling { original = original ?? holder } else { alikeCount += 1 }
    }
    return (nil, original)
  }

  /// How many short files of other folders are looked for that a file begins with.
  private static let alikeMax = 16

  /// Whether a file that stands is the original of another that begins with what was read of it: of
  /// another folder, only one of a like name that is long enough to be told from any others.
  private func isTelling(_ source: TrackedSource, _ opened: Opened) -> Bool {
    let (folder, name) = splitPath(source.content.place)
    if folder == opened.folder { return true }
    let stem = name.utf8.prefix { $0 != UInt8(ascii: ".") }
    return source.content.hasHead && !stem.isEmpty && opened.name.utf8.starts(with: stem)
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

  /// What becomes of a file that holds the beginning of what was read of another, which is gone, and
  /// nothing else: it may be on its way here, and gives nothing before it holds more. Nil for any other
  /// file, and for one too short to be told from any others.
  func openArriving(_ opened: Opened) throws -> Resolution? {
    guard let head = try opened.head(), try opened.isPlain() else { return nil }
    let index = try book.prefixesEverywhere()
    let longer = index.positions(beginningWith: head).filter { $0 > opened.status.size }
      .flatMap { index.sources(beginningWith: head, readTo: $0) }
      .filter { $0.content.folder != opened.folder }
    for source in longer.prefix(Self.alikeMax) {
      if case .standing = try whereabouts(of: source, besides: opened) { continue }
      guard let form = try shorterForm(of: source, opened) else { continue }
      let original = source.content
      if isFollowing { return .arriving(opened.status, from: original.place) }
      let session = SourceSession(
        source, name: opened.path, place: opened.place, reader: form.reader, status: nil,
        beginning: .init(), tailRule: .never)
      session.warnings.append(arrivingNote(from: original.place))
      return .session(session)
    }
    return nil
  }

  /// Whether a file that was never read holds what another held, that does not any more.
  func goesOn(_ path: String) throws -> Bool { try whatGoesOn(path) != nil }

  func goesOn(_ opened: Opened) throws -> Bool { try whatGoesOn(opened) != nil }

  func whatGoesOn(_ path: String) throws -> TrackedSource? {
    let opened = try Opened(path, files)
    // What nobody here can read is an old archive.
    return try opened.isUnread() ? nil : whatGoesOn(opened)
  }

  /// The source that a file holds and no other does any more.
  func whatGoesOn(_ opened: Opened) throws -> TrackedSource? {
    try matching(opened).first { source in
      if case .standing = try whereabouts(of: source, besides: opened) { return false }
      return true
    }
  }

  /// Sources that the content begins with, the one that was read furthest first: those of its folder;
  /// of other folders, those that are long enough to be told from any others, and shorter ones of its
  /// name.
  private func matching(_ opened: Opened) throws -> [TrackedSource] {
    if opened.status.size == 0 { return [] }
    let head = try opened.head()
    let near = try matching(opened, head, in: book.prefixes(in: opened.folder))
    var far: [TrackedSource] = []
    if head != nil { far += try matching(opened, head, in: book.prefixesEverywhere()) }
    far += try matching(
      opened, nil, in: book.shortPrefixes(named: opened.name), atMost: Self.alikeMax)
    far = far.filter { $0.content.folder != opened.folder }
    if far.isEmpty { return near }
    let all = near + far
    let nearness = all.map { commonEnd($0.content.place, opened.place) }
    return zip(all, nearness).enumerated().sorted { left, right in
      (right.element.0.content.position, right.element.1, left.offset)
        < (left.element.0.content.position, left.element.1, right.offset)
    }.map(\.element.0)
  }

  private func matching(
    _ opened: Opened, _ head: Hash128?, in index: PrefixIndex, atMost limit: Int = .max
  ) throws -> [TrackedSource] {
    let end = try opened.isPlain() ? opened.status.size : .max
    let positions = index.positions(beginningWith: head).filter { $0 <= end }
    let hashes = try prefixHashes(of: opened, at: positions, withPlain: index.hasPlainPrefixes)
    return hashes.reversed().flatMap { position, digests in
      index.sources(beginningWith: head, readTo: position, prefix: digests, atMost: limit)
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
}

/// What a person should know of a file that holds less than was read of it elsewhere.
func arrivingNote(from place: String) -> String {
  "holds only the beginning of what was read of \(shownPath(place)): nothing of it is new"
}

/// How many steps two paths have in common at their ends.
private func commonEnd(_ left: String, _ right: String) -> Int {
  let slash = UInt8(ascii: "/")
  return zip(
    left.utf8.split(separator: slash).reversed(), right.utf8.split(separator: slash).reversed()
  )
  .prefix { $0.elementsEqual($1) }.count
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
