internal import Bytes
internal import Events
internal import Provenance

/// Opens sessions: of a known source where it was left, or of a source in a file that is its own.
struct SourceContinuation {
  let registry: SourceRegistry
  let locator: SourceLocator
  let rewrites: RewriteFinder
  /// Whether files are followed: see `SourceResolver.isFollowing`.
  let isFollowing: Bool

  // MARK: Any source

  /// The session of a source in a file; the source is of that file from now on.
  func session(
    _ source: TrackedSource, _ opened: OpenedFile, _ reader: ContentReader,
    _ beginning: SourceSession.Beginning
  ) throws -> SourceSession {
    let isOfFile = source.content.file == opened.status.id
    if !isOfFile {
      // The log must learn that it continues in this file even if that gives no line.
      source.content.device = opened.status.id.device
      source.content.inode = opened.status.id.inode
      source.content.path = opened.path
      source.content.realPath = opened.realPath
      source.mustCommit = true
    }
    if opened.status.isRegular, !isOfFile || source.committedPosition == nil {
      source.knownID = try registry.newestID(at: opened.status.id, before: source)
    }
    if opened.status.isRegular { registry.enter(source, isOfFile: isOfFile) }
    // The lines of a backup that an editor keeps belong to the file that it backs up.
    let realPath = isPassing(opened.realPath) ? source.content.realPath : opened.realPath
    return SourceSession(
      source, name: opened.path, realPath: realPath, reader: reader, status: opened.status,
      beginning: beginning, tailRule: isFollowing ? .never : .whenWhole)
  }

  /// The session of a source that is new.
  func unknown(
    _ opened: OpenedFile, knownID: SourceID?, generationAfter before: TrackedSource? = nil,
    copyOf original: String? = nil
  ) throws -> SourceSession {
    var record = opened.record
    if let before { record.generation = before.content.generation + 1 }
    let source = TrackedSource(new: record, knownID: knownID)
    // That a file was seen empty must be remembered: what it holds later is all new.
    source.mustCommit = before != nil
    // A known file that begins anew may have a hole: its writer may go on at the offset that it had.
    var beginning = SourceSession.Beginning(mayHaveHole: knownID != nil)
    beginning.warn(ofCopyOf: original)
    return try session(source, opened, opened.reader(), beginning)
  }

  /// The session of a source of which nothing was read yet.
  func unread(
    _ source: TrackedSource, _ opened: OpenedFile, _ known: [TrackedSource],
    copyOf original: String? = nil
  ) throws -> SourceSession {
    // Another file that was at this path since this one was seen empty has been read before it.
    if !isFollowing { source.content.committed = Timestamp(nanoseconds: 0) }
    let mayHaveHole = source.content.generation > 1 || known.count > 1
    var beginning = SourceSession.Beginning(mayHaveHole: mayHaveHole)
    beginning.warn(ofCopyOf: original)
    if let previous = source.previous, source.content.rewriteEnd > 0 {
      // Rewritten once more before anything was read of it.
      source.content.rewriteEnd = try opened.isPlain() ? opened.status.size : .max
      beginning.filter = try rewrites.filter(previous, passing: 0, of: opened)
    }
    return try session(source, opened, opened.reader(), beginning)
  }

  /// The session of the source that a file is after it was rewritten: lines that `before` gave are left
  /// out.
  func rewritten(
    _ before: TrackedSource, _ opened: OpenedFile, knownID: SourceID?, isRotated: Bool
  ) throws -> SourceSession {
    var record = opened.record
    record.generation = before.content.generation + 1
    // A source that gave nothing stands for the one before it, whose content continues here.
    let giver = before.history.first { $0.content.position > 0 } ?? before
    let source = TrackedSource(new: record, knownID: knownID, previous: giver)
    // The length of compressed content is not known before it was read, and a rotated file may still be
    // growing while it is copied.
    source.content.rewriteEnd = try opened.isPlain() && !isRotated ? opened.status.size : .max
    let filter = try rewrites.filter(before, passing: 0, of: opened)
    return try session(
      source, opened, opened.reader(), SourceSession.Beginning(filter: filter, mayHaveHole: true))
  }

  // MARK: A source that was read

  /// The session that goes on behind what was read, if the file still holds that.
  func continued(_ source: TrackedSource, _ opened: OpenedFile) throws -> SourceSession? {
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
      beginning.filter = try rewrites.filter(previous, passing: record.position, of: opened)
    }
    return try session(source, opened, reader, beginning)
  }

  /// Sources that were read at a file, in the order in which they are tried: first those that continued
  /// in another folder since, the furthest first, in case they came back.
  func inOrder(_ known: ArraySlice<TrackedSource>, _ opened: OpenedFile) -> [TrackedSource] {
    let away = known.filter { isElsewhere($0, opened) }
    if away.isEmpty { return Array(known) }
    return away.sorted { $0.content.position > $1.content.position }
      + known.filter { !isElsewhere($0, opened) }
  }

  private func isElsewhere(_ source: TrackedSource, _ opened: OpenedFile) -> Bool {
    source.content.file != opened.status.id && source.content.folder != opened.folder
  }

  /// The session of a source that was read at this file before, if it continues here.
  func resumed(_ source: TrackedSource, _ opened: OpenedFile) throws -> SourceSession? {
    guard isElsewhere(source, opened) else { return try continuedOrReturned(source, opened) }
    let location = try locator.location(of: source, besides: opened)
    switch location {
    case .present: return nil
    case .gone:
      // The file has had a source of its own since.
      if try registry.sources(at: opened.status.id).contains(where: { $0.previous === source }) {
        return nil
      }
    case .unreachable: break
    }
    return try takenOver(source, opened, location)
  }

  /// The session of a source that continues in another file than before, if that holds what was read of
  /// it. If the former file is only unreachable, how far it was read is remembered, so that lines which
  /// both files hold are taken once.
  func takenOver(
    _ source: TrackedSource, _ opened: OpenedFile, _ location: SourceLocation
  ) throws -> SourceSession? {
    let before = source.content
    guard let session = try continuedOrReturned(source, opened) else { return nil }
    guard case .unreachable(let error) = location, before.file != opened.status.id else {
      return session
    }
    session.leftBehind = try leftBehind(before, by: source)
    if let error {
      session.warnings.append(
        "holds what was read of \(shownPath(before.realPath)), and goes on for it: that cannot be "
          + "looked at (\(error.reason))")
    }
    return session
  }

  private func continuedOrReturned(
    _ source: TrackedSource, _ opened: OpenedFile
  ) throws -> SourceSession? {
    if source.isLeftBehind, let elsewhere = source.previous {
      return try returned(source, elsewhere, opened)
    }
    return try continued(source, opened)
  }

  /// The session of a file that is reachable again, while its source has continued in another: it begins
  /// behind the lines that both files hold at the same positions.
  private func returned(
    _ source: TrackedSource, _ elsewhere: TrackedSource, _ opened: OpenedFile
  ) throws -> SourceSession? {
    guard try locator.holds(opened, source.content) else { return nil }
    let given = try registry.linesGiven(by: elsewhere)
    let reader = opened.reader()
    var position: UInt64 = 0
    var buffer: [UInt8] = []
    var isSame = true
    while isSame, !reader.isAtEnd {
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      let whole = buffer.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      forEachLine(buffer.span.extracting(0..<whole)) { start, line in
        let lineStart = position + UInt64(start)
        if lineStart < source.content.position { return }
        isSame = isSame && given.holds(Hash128(of: line), at: lineStart)
        if isSame { source.content.position = lineStart + UInt64(line.count) + 1 }
      }
      buffer.removeSubrange(..<whole)
      position += UInt64(whole)
    }
    let known = try KnownContent(opened.reader(), source.content)
    source.setPrefix(of: known)
    source.mustCommit = true
    return try continued(source, opened)
  }

  private func leftBehind(
    _ record: SourceRecord, by source: TrackedSource
  ) throws -> TrackedSource {
    var record = record
    // Size and time of 0 say that the file was not opened as this source: see `isLeftBehind`.
    record.size = 0
    record.modified = Timestamp(nanoseconds: 0)
    record.skipped = 0
    let known = try registry.sources(at: record.file)
    let before = known.first { $0.isLeftBehind && $0.previous === source }
    let left = before ?? TrackedSource(new: record, knownID: nil, previous: source)
    left.content = record
    if left.isNew { left.knownID = try registry.newestID(at: record.file, before: left) }
    registry.enter(left, isOfFile: before != nil)
    return left
  }
}

extension SourceSession.Beginning {
  fileprivate mutating func warn(ofCopyOf original: String?) {
    guard let original else { return }
    warnings.append(
      "is a copy of \(shownPath(original)): another source, of which what a transcript tells again "
        + "counts once")
  }

  init(_ content: KnownContent) {
    self.init(
      hash: content.hash.segmented, guardBytes: content.guardBytes, rest: content.rest)
  }
}
