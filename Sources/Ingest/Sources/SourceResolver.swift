internal import Events

/// Finds out which source a file is, by what it is and what it holds, and opens it there.
///
/// A known source is the same file with the bytes before its position as they were; or, only when its
/// old file no longer holds them, a file in its folder that begins with them.
package struct SourceResolver {
  let files: any FileSystem
  let book: SourceBook
  /// Whether files are followed: then what was read before is known by its last segment, and last
  /// lines wait for their newline. Else all of it is hashed again.
  let isFollowing: Bool

  package init(files: any FileSystem, book: SourceBook, isFollowing: Bool) {
    self.files = files
    self.book = book
    self.isFollowing = isFollowing
  }

  private var tailRule: SourceSession.TailRule { isFollowing ? .never : .whenWhole }

  /// Opens standard input, named or not.
  package func openStandardInput(name: String?) throws -> SourceSession {
    let file = DiskFile.standardInput
    let reader = ContentReader(file, path: "standard input")
    guard let name else {
      let record = SourceRecord(id: 0, form: .standardInput, path: "standard input")
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: "standard input", place: "", reader: reader,
        status: nil, beginning: .init(), tailRule: .always)
    }
    guard let known = try book.source(named: name) else {
      let record = SourceRecord(id: 0, form: .named, path: name)
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: name, place: "", reader: reader,
        status: nil,
        beginning: .init(), tailRule: .whenWhole)
    }
    let content = try KnownContent(reader, known.content)
    if !content.matches(known.content), !reader.isAtEnd || content.isWhole {
      throw IngestError(
        .unreadable, path: "standard input",
        reason: "it does not begin with what this --source gave before; nothing was taken. "
          + "Give it under another name to take all of it")
    }
    var beginning = SourceSession.Beginning(content)
    if !content.isWhole {
      beginning.warnings = [
        "gave less than before (\(known.content.position) bytes): nothing is new"
      ]
    }
    return SourceSession(
      known, name: name, place: "", reader: reader, status: nil, beginning: beginning,
      tailRule: .whenWhole)
  }

  /// Opens a file where it was left.
  ///
  /// - Parameter base: the followed path at which the file may have stood before.
  /// - Returns: nil when it is only a copy of such a file, which is read itself.
  package func open(_ path: String, rotatedFrom base: String? = nil) throws -> SourceSession? {
    let opened = try Opened(path, files)
    if !opened.status.isRegular { return try fresh(opened, knownID: nil) }
    if isFollowing, try isReadUnpacked(opened) { return nil }
    let known = try book.sources(at: opened.status.id)
    for source in known {
      if let session = try continued(source, opened) { return session }
      // Nothing was read of it yet, or it was seen empty: what it holds is all new. Unless it is the
      // newest that stood there, it may be another file with a number that was free again.
      if base == nil, source.content.position == 0, try book.newest(at: opened.place) === source {
        return try begun(source, opened, known)
      }
    }
    if opened.status.size == 0, !isPackedName(opened.place) {
      if let empty = known.first, empty.content.position == 0 {
        return try begun(empty, opened, known)
      }
      return try fresh(opened, knownID: known.first?.record.id, generationAfter: known.first)
    }
    return try openUnknown(opened, known: known, base: base)
  }

  private func openUnknown(
    _ opened: Opened, known: [TrackedSource], base: String?
  ) throws -> SourceSession? {
    let knownID = known.first?.record.id
    let (moved, original) = try moved(to: opened, except: known)
    if let moved { return moved }
    if let original {
      if base != nil { return nil }
      return try fresh(
        opened, knownID: knownID, warning: "is a copy of \(original): taken as another source")
    }
    if let base, files.isCopy(opened.path, of: base) { return nil }
    if let shorter = try openShorterPacked(opened) { return shorter.session }
    if let before = try rewritten(opened, known: known, base: base) {
      return try rewritten(before, opened, knownID: knownID)
    }
    if let empty = known.first, empty.content.position == 0 {
      return try begun(empty, opened, known)
    }
    return try fresh(opened, knownID: knownID)
  }
}

// MARK: The same file

extension SourceResolver {
  /// The session that goes on behind what was read, if the file still holds that.
  func continued(_ source: TrackedSource, _ opened: Opened) throws -> SourceSession? {
    let record = source.content
    guard record.position > 0 else { return nil }
    var beginning: SourceSession.Beginning
    let reader: ContentReader
    if isFollowing, !record.isPrefixPlain, try opened.isPlain() {
      guard opened.status.size >= record.position,
        let tail = try KnownTail(opened.file, record)
      else { return nil }
      reader = ContentReader(opened.file, path: opened.path, from: record.position)
      beginning = SourceSession.Beginning(hash: tail.hash, guardBytes: tail.guardBytes)
    } else {
      reader = ContentReader(opened.file, path: opened.path)
      let content = try KnownContent(reader, record)
      guard content.matches(record) else { return nil }
      beginning = SourceSession.Beginning(content)
    }
    if record.rewriteEnd > record.position, let previous = source.previous {
      beginning.filter = try filter(previous, passing: record.position, of: opened)
    }
    return try session(source, opened, reader, beginning)
  }

  /// A source of which nothing was read yet.
  private func begun(
    _ source: TrackedSource, _ opened: Opened, _ known: [TrackedSource]
  ) throws -> SourceSession {
    let mayHaveHole = source.content.generation > 1 || known.count > 1
    return try session(source, opened, opened.reader(), .init(mayHaveHole: mayHaveHole))
  }

  func session(
    _ source: TrackedSource, _ opened: Opened, _ reader: ContentReader,
    _ beginning: SourceSession.Beginning
  ) throws -> SourceSession {
    if source.content.file != opened.status.id {
      // It goes on in this file from now on, also when it gives no line.
      source.content.device = opened.status.id.device
      source.content.inode = opened.status.id.inode
      source.content.path = opened.path
      source.content.place = opened.place
      source.knownID = try book.sources(at: opened.status.id).first?.record.id
      source.mustCommit = true
    }
    if opened.status.isRegular { book.enter(source) }
    return SourceSession(
      source, name: opened.path, place: opened.place, reader: reader, status: opened.status,
      beginning: beginning, tailRule: tailRule)
  }

  /// A source that is new.
  func fresh(
    _ opened: Opened, knownID: SourceID?, generationAfter before: TrackedSource? = nil,
    warning: String? = nil
  ) throws -> SourceSession {
    var record = opened.record
    if let before { record.generation = before.content.generation + 1 }
    let source = TrackedSource(new: record, knownID: knownID)
    // That it was seen empty must be remembered: what comes is all new.
    source.mustCommit = before != nil
    // Of a file that is known, another beginning: a writer may have gone on where it was.
    var beginning = SourceSession.Beginning(mayHaveHole: knownID != nil)
    if let warning { beginning.warnings = [warning] }
    return try session(source, opened, opened.reader(), beginning)
  }
}

// MARK: A file that was rewritten

extension SourceResolver {
  /// The source that gave lines of this file, or of one that stood in its place, before it was
  /// rewritten.
  private func rewritten(
    _ opened: Opened, known: [TrackedSource], base: String?
  ) throws -> TrackedSource? {
    var candidates = known.prefix(1).filter {
      // It may have gone on in another file, as when its content was copied and then truncated; or
      // the file that it was is gone, and its number was given to one of another name.
      $0.content.file == opened.status.id && $0.content.position > 0
        && areOfOneName($0.content.place, opened.place)
    }
    for place in [opened.place] + (base.map { [files.realPath($0) ?? $0] } ?? []) {
      guard let before = try book.newest(at: place),
        !candidates.contains(where: { $0 === before }), try isGone(before)
      else { continue }
      candidates.append(before)
    }
    // Names and numbers of files come again at once; what they hold says more.
    return candidates.count > 1 ? try nearest(to: opened, candidates) : candidates.first
  }

  /// Whether one of two paths is the other with something behind it, as rotation leaves them.
  private func areOfOneName(_ left: String, _ right: String) -> Bool {
    left.utf8.starts(with: right.utf8) || right.utf8.starts(with: left.utf8)
  }

  /// Whether what a source was read from is nowhere any more, and no other source goes on for it.
  private func isGone(_ source: TrackedSource) throws -> Bool {
    if try book.hasSuccessor(source) { return false }
    // Nothing of it was read yet: what its file held may stand elsewhere by now.
    if source.content.position == 0 { return source.previous != nil }
    return try holder(of: source) == nil
  }

  /// The source that gave most of the lines at the beginning of a file; the first of several.
  private func nearest(
    to opened: Opened, _ candidates: [TrackedSource]
  ) throws -> TrackedSource? {
    let reader = opened.reader()
    var beginning: [UInt8] = []
    while beginning.count < SourceSession.chunkSize, !reader.isAtEnd {
      try reader.read(into: &beginning, count: SourceSession.chunkSize)
    }
    var nearest = candidates.first
    var most: UInt64 = 0
    for candidate in candidates {
      var filter = GivenFilter(try book.linesGiven(by: candidate.history))
      var bytes = beginning
      filter.blank(&bytes, upTo: bytes.count)
      if filter.skipped > most { (nearest, most) = (candidate, filter.skipped) }
    }
    return nearest
  }

  private func rewritten(
    _ before: TrackedSource, _ opened: Opened, knownID: SourceID?
  ) throws -> SourceSession {
    var record = opened.record
    record.generation = before.content.generation + 1
    let source = TrackedSource(new: record, knownID: knownID, previous: before)
    // Compressed content has no end that is known before it was read.
    source.content.rewriteEnd = try opened.isPlain() ? opened.status.size : .max
    let filter = try filter(before, passing: 0, of: opened)
    return try session(
      source, opened, opened.reader(),
      SourceSession.Beginning(filter: filter, mayHaveHole: true))
  }

  /// What is left out of a rewritten file, behind what was decided about before.
  private func filter(
    _ previous: TrackedSource, passing position: UInt64, of opened: Opened
  ) throws -> GivenFilter {
    var filter = GivenFilter(try book.linesGiven(by: previous.history))
    if position == 0 { return filter }
    let reader = opened.reader()
    var left = position
    var isInHole = true
    var buffer: [UInt8] = []
    while left > 0, !reader.isAtEnd {
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      if isInHole {
        // A hole at the beginning is no part of the first line.
        let hole = buffer.prefix(Int(min(left, UInt64(buffer.count)))).prefix { $0 == 0 }.count
        isInHole = hole == buffer.count
        buffer.removeSubrange(..<hole)
        left -= UInt64(hole)
      }
      let end = Int(min(left, UInt64(buffer.count)))
      // Up to the last whole line, or to the place that was reached.
      let whole =
        UInt64(end) == left
        ? end : (buffer[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
      filter.pass(buffer.span.extracting(0..<whole))
      buffer.removeSubrange(..<whole)
      left -= UInt64(whole)
    }
    return filter
  }
}

extension SourceSession.Beginning {
  init(_ content: KnownContent) {
    self.init(
      hash: content.hash.segmented, guardBytes: content.guardBytes, rest: content.rest)
  }
}
