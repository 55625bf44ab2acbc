internal import Bytes
internal import Events
internal import Provenance

/// What a file that was opened turns out to be.
package enum Resolution {
  /// A source, and its reading.
  case session(SourceSession)
  /// Only a copy of a file that is read itself, and stands at this path.
  case copy(of: String)
  /// A compressed file that holds nothing yet.
  case blank(FileStatus)
  /// A file that holds only the beginning of what was read of another, which is gone: it may be on its
  /// way here.
  case arriving(FileStatus, from: String)
  /// A file that goes on nothing, and may not be read yet.
  case unsettled(Beginner)

  package var session: SourceSession? {
    if case .session(let session) = self { session } else { nil }
  }
}

/// A file that holds nothing which was read before as it stands there.
package struct Beginner {
  package enum Kind {
    /// Nothing was read where it stands.
    case newcomer
    /// Lines were taken from a file that stood where it stands.
    case successor
    /// It begins with what was read of another file, which does not hold that any more.
    case moved
    /// Lines were taken of what it held, and that is nowhere any more: it was emptied, or rewritten.
    case rewritten
  }

  package let status: FileStatus
  package let kind: Kind
}

/// Finds out which source a file is, by what it is and what it holds, and opens it there.
///
/// A known source is the same file with the bytes before its position as they were; or, only when its
/// old file no longer holds them where it stood, a file that begins with them: one in its folder, one in
/// another that is long enough to be told from any others, or one of its name.
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

  var tailRule: SourceSession.TailRule { isFollowing ? .never : .whenWhole }

  /// Opens a file where it was left.
  ///
  /// - Parameters:
  ///   - base: the followed path at which the file may have stood before.
  ///   - mayBegin: whether a file that goes on nothing may be read now.
  package func open(
    _ path: String, rotatedFrom base: String? = nil,
    mayBegin: (Beginner) throws -> Bool = { _ in true }
  ) throws -> Resolution {
    let opened = try Opened(path, files)
    if !opened.status.isRegular { return .session(try fresh(opened, knownID: nil)) }
    if isFollowing, let original = try unpacked(opened) { return .copy(of: original) }
    let known = try book.sources(at: opened.status.id)
    for source in known where try hasFolderMoved(source, opened) {
      source.stand(at: opened.place, path: opened.path)
      source.mustCommit = true
    }
    for source in inOrder(sinceEmpty(known), opened) {
      if let session = try resumed(source, opened) { return .session(session) }
    }
    let beginner = Beginner(status: opened.status, kind: try kind(of: opened))
    guard try mayBegin(beginner) else { return .unsettled(beginner) }
    return try openNew(opened, base: base, mayBegin)
  }

  /// The sources that a file may go on as: what it gave before it was seen empty is over, though it may
  /// hold the same again.
  func sinceEmpty(_ known: [TrackedSource]) -> ArraySlice<TrackedSource> {
    let empty = known.firstIndex {
      $0.content.position == 0 && $0.content.generation > 1 && $0.previous == nil
    }
    return empty.map { known[...$0] } ?? known[...]
  }

  private func kind(of opened: Opened) throws -> Beginner.Kind {
    if try wasRead(opened.place) { return .successor }
    return try goesOn(opened) ? .moved : .newcomer
  }

  /// Whether lines were taken from a file that stood at a place.
  func wasRead(_ place: String) throws -> Bool {
    try book.sources(at: place).contains { $0.content.position > 0 }
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
  func begun(
    _ source: TrackedSource, _ opened: Opened, _ known: [TrackedSource],
    copyOf original: String? = nil
  ) throws -> SourceSession {
    // What stood here since it was seen empty was read before it.
    if !isFollowing { source.content.committed = Timestamp(nanoseconds: 0) }
    let mayHaveHole = source.content.generation > 1 || known.count > 1
    var beginning = SourceSession.Beginning(mayHaveHole: mayHaveHole)
    beginning.warn(ofCopyOf: original)
    if let previous = source.previous, source.content.rewriteEnd > 0 {
      // Rewritten once more before anything was read of it.
      source.content.rewriteEnd = try opened.isPlain() ? opened.status.size : .max
      beginning.filter = try filter(previous, passing: 0, of: opened)
    }
    return try session(source, opened, opened.reader(), beginning)
  }

  func session(
    _ source: TrackedSource, _ opened: Opened, _ reader: ContentReader,
    _ beginning: SourceSession.Beginning
  ) throws -> SourceSession {
    let isOfFile = source.content.file == opened.status.id
    if !isOfFile {
      // It goes on in this file from now on, also when it gives no line.
      source.content.device = opened.status.id.device
      source.content.inode = opened.status.id.inode
      source.content.path = opened.path
      source.content.place = opened.place
      source.mustCommit = true
    }
    if opened.status.isRegular, !isOfFile || source.committedPosition == nil {
      source.knownID = try book.newestID(at: opened.status.id, before: source)
    }
    if opened.status.isRegular { book.enter(source, isOfFile: isOfFile) }
    // Of a backup that an editor keeps, the lines are those of what it backs up.
    let place = isPassing(opened.place) ? source.content.place : opened.place
    return SourceSession(
      source, name: opened.path, place: place, reader: reader, status: opened.status,
      beginning: beginning, tailRule: tailRule)
  }

  /// Whether a file stands in another folder than before, and that is there no more: it was renamed, and
  /// another may come to be in its place.
  private func hasFolderMoved(_ source: TrackedSource, _ opened: Opened) throws -> Bool {
    let folder = source.content.folder
    return try source.content.file == opened.status.id && folder != opened.folder
      && source.content.position > 0 && !isPassing(opened.place) && files.status(folder) == nil
      && holds(opened, source.content)
  }

  /// A source that is new, of a file that nobody opened yet.
  func unread(_ path: String, _ status: FileStatus) -> TrackedSource {
    TrackedSource(
      new: Opened.record(path, place: files.realPath(path) ?? path, status), knownID: nil)
  }

  /// A source that is new.
  func fresh(
    _ opened: Opened, knownID: SourceID?, generationAfter before: TrackedSource? = nil,
    copyOf original: String? = nil
  ) throws -> SourceSession {
    var record = opened.record
    if let before { record.generation = before.content.generation + 1 }
    let source = TrackedSource(new: record, knownID: knownID)
    // That it was seen empty must be remembered: what comes is all new.
    source.mustCommit = before != nil
    // Of a file that is known, another beginning: a writer may have gone on where it was.
    var beginning = SourceSession.Beginning(mayHaveHole: knownID != nil)
    beginning.warn(ofCopyOf: original)
    return try session(source, opened, opened.reader(), beginning)
  }
}

extension SourceSession.Beginning {
  fileprivate mutating func warn(ofCopyOf original: String?) {
    guard let original else { return }
    warnings.append("is a copy of \(shownPath(original)): taken as another source")
  }

  init(_ content: KnownContent) {
    self.init(
      hash: content.hash.segmented, guardBytes: content.guardBytes, rest: content.rest)
  }
}
