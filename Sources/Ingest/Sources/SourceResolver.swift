internal import Bytes
internal import Events
internal import Provenance

/// Finds out which source a file is, by its device and inode and by what it holds, and opens it there.
///
/// A known source continues in the same file, if the bytes before its position are as they were. Only
/// when its old file does not hold them any more, it continues in another that begins with them: one in
/// its folder; one in another folder, if it is long enough to be told from others; or one of its name.
package struct SourceResolver {
  let files: any FileSystem
  let registry: SourceRegistry
  /// Whether files are followed: then what was read before is compared by its last segment only, and a
  /// last line waits for its newline. Otherwise all that was read is hashed again.
  let isFollowing: Bool
  let locator: SourceLocator
  let matcher: ContentMatcher
  private let rewrites: RewriteFinder
  private let sessions: SourceContinuation

  package init(files: any FileSystem, registry: SourceRegistry, isFollowing: Bool) {
    self.files = files
    self.registry = registry
    self.isFollowing = isFollowing
    locator = SourceLocator(files: files)
    matcher = ContentMatcher(files: files, registry: registry, locator: locator)
    rewrites = RewriteFinder(files: files, registry: registry, locator: locator)
    sessions = SourceContinuation(
      registry: registry, locator: locator, rewrites: rewrites, isFollowing: isFollowing)
  }

  /// Opens a file where it was left.
  ///
  /// - Parameters:
  ///   - base: the followed path at which the file may have been before.
  ///   - mayBegin: whether a file that continues no source may be read now.
  package func open(
    _ path: String, rotatedFrom base: String? = nil,
    mayBegin: (NewFile) throws -> Bool = { _ in true }
  ) throws -> Resolution {
    let opened = try OpenedFile(path, files)
    if !opened.status.isRegular { return .session(try sessions.unknown(opened, knownID: nil)) }
    if isFollowing, let original = try matcher.uncompressedOriginal(of: opened) {
      return .copy(of: original)
    }
    let known = try registry.sources(at: opened.status.id)
    for source in known where try hasFolderMoved(source, opened) {
      source.move(to: opened.realPath, path: opened.path)
      source.mustCommit = true
    }
    for source in sessions.inOrder(sinceEmpty(known), opened) {
      if let session = try sessions.resumed(source, opened) { return .session(session) }
    }
    let newFile = NewFile(status: opened.status, kind: try kind(of: opened))
    guard try mayBegin(newFile) else { return .pending(newFile) }
    return try openNew(opened, base: base, mayBegin)
  }

  /// A source that is new, of a file that could not be opened yet.
  func unopenedSource(_ path: String, _ status: FileStatus) -> TrackedSource {
    TrackedSource(
      new: OpenedFile.record(path, realPath: files.realPath(path) ?? path, status), knownID: nil)
  }

  /// The sources that a file may continue: what it gave before it was seen empty is over, even if it
  /// comes to hold the same again.
  private func sinceEmpty(_ known: [TrackedSource]) -> ArraySlice<TrackedSource> {
    let empty = known.firstIndex {
      $0.content.position == 0 && $0.content.generation > 1 && $0.previous == nil
    }
    return empty.map { known[...$0] } ?? known[...]
  }

  /// Whether the folder that a source's file was in does not exist any more, and the file is in another
  /// now: the folder was renamed, and a new one may take its old name.
  private func hasFolderMoved(_ source: TrackedSource, _ opened: OpenedFile) throws -> Bool {
    let folder = source.content.folder
    return try source.content.file == opened.status.id && folder != opened.folder
      && source.content.position > 0 && !isPassing(opened.realPath) && files.status(folder) == nil
      && locator.holds(opened, source.content)
  }

  private func kind(of opened: OpenedFile) throws -> NewFile.Kind {
    if try wasRead(opened.realPath) { return .replacement }
    return try matcher.sourceContinued(by: opened) != nil ? .moved : .unknown
  }

  /// Whether lines were taken from a file at a path.
  private func wasRead(_ realPath: String) throws -> Bool {
    try registry.sources(at: realPath).contains { $0.content.position > 0 }
  }

  // MARK: Files that continue no source of their own

  /// Finds out what such a file is: started before, moved, a copy, rewritten, or new.
  private func openNew(
    _ opened: OpenedFile, base: String?, _ mayBegin: (NewFile) throws -> Bool
  ) throws -> Resolution {
    // Another process may meanwhile have read this file, or the one that was at its path before.
    try registry.refresh()
    let known = try registry.sources(at: opened.status.id)
    for source in sessions.inOrder(sinceEmpty(known), opened) {
      if let session = try sessions.resumed(source, opened) { return .session(session) }
      // If it is not the newest source at its path, this may be another file that was given the same
      // inode number.
      if base == nil, source.content.position == 0,
        try registry.newest(at: opened.realPath) === source
      {
        return try openUnread(source, opened, known, mayBegin)
      }
    }
    if opened.status.size == 0, !isPackedName(opened.realPath) {
      return try openEmpty(opened, known, isRotated: base != nil, mayBegin)
    }
    return try openUnknown(opened, known, base: base, mayBegin)
  }

  /// A file of which nothing was read yet, or that was seen empty: what it holds is all new, unless it
  /// was filled with lines of another.
  private func openUnread(
    _ source: TrackedSource, _ opened: OpenedFile, _ known: [TrackedSource],
    _ mayBegin: (NewFile) throws -> Bool
  ) throws -> Resolution {
    // Rewritten once more.
    if source.previous != nil, let newFile = try pendingRewrite(opened, mayBegin) {
      return .pending(newFile)
    }
    if try wasRead(opened.realPath) {
      return .session(try sessions.unread(source, opened, known))
    }
    let (moved, original) = try moved(to: opened, except: known)
    if let moved { return .session(moved) }
    if let original, try isLeftOut(opened, base: nil, original) { return .copy(of: original) }
    if original == nil, let partial = try openPartial(opened) { return partial }
    return .session(try sessions.unread(source, opened, known, copyOf: original))
  }

  private func openEmpty(
    _ opened: OpenedFile, _ known: [TrackedSource], isRotated: Bool,
    _ mayBegin: (NewFile) throws -> Bool
  ) throws -> Resolution {
    // Who rewrites a file in place empties it first.
    if !isRotated,
      try rewrites.previousSource(of: opened, known: known, base: nil) != nil,
      let newFile = try pendingRewrite(opened, mayBegin)
    {
      return .pending(newFile)
    }
    if let empty = emptyBefore(opened, known) {
      return .session(try sessions.unread(empty, opened, known))
    }
    return .session(
      try sessions.unknown(
        opened, knownID: known.first?.record.id, generationAfter: known.first))
  }

  private func openUnknown(
    _ opened: OpenedFile, _ known: [TrackedSource], base: String?,
    _ mayBegin: (NewFile) throws -> Bool
  ) throws -> Resolution {
    let knownID = known.first?.record.id
    // When nothing was read at the followed path, a source that moved there continues there, and not in
    // a copy beside it.
    if let base, try registry.newest(at: files.realPath(base) ?? base) == nil,
      try files.isCopy(opened.path, of: base)
    {
      return .copy(of: base)
    }
    let (moved, original) = try moved(to: opened, except: known)
    if let moved { return .session(moved) }
    if let original {
      if try isLeftOut(opened, base: base, original) { return .copy(of: original) }
      // The original may have been emptied since.
      if let moved = try self.moved(to: opened, except: known).session { return .session(moved) }
      return .session(try sessions.unknown(opened, knownID: knownID, copyOf: original))
    }
    if let base, try files.isCopy(opened.path, of: base) { return .copy(of: base) }
    if let shorter = try openShorterCompressed(opened) { return shorter }
    if let partial = try openPartial(opened) { return partial }
    if let before = try rewrites.previousSource(of: opened, known: known, base: base) {
      if base == nil, let newFile = try pendingRewrite(opened, mayBegin) {
        return .pending(newFile)
      }
      return .session(
        try sessions.rewritten(before, opened, knownID: knownID, isRotated: base != nil))
    }
    if let empty = emptyBefore(opened, known) {
      return .session(try sessions.unread(empty, opened, known))
    }
    let longer = try matcher.longerOriginal(of: opened)
    return .session(try sessions.unknown(opened, knownID: knownID, copyOf: longer))
  }

  /// Whether a copy of a file that exists is not read: one that rotation makes, or that is compressed.
  private func isLeftOut(_ opened: OpenedFile, base: String?, _ original: String) throws -> Bool {
    guard try base != nil || (isFollowing && !opened.isPlain()) else { return false }
    return try files.isCopy(opened.path, of: original)
  }

  /// A file that was emptied or rewritten, if it may not be read yet; else nil.
  private func pendingRewrite(
    _ opened: OpenedFile, _ mayBegin: (NewFile) throws -> Bool
  ) throws -> NewFile? {
    let newFile = NewFile(status: opened.status, kind: .rewritten)
    return try mayBegin(newFile) ? nil : newFile
  }

  /// The source that a file was when it was seen empty; not that of a file of another name, which only
  /// had the same inode number.
  private func emptyBefore(_ opened: OpenedFile, _ known: [TrackedSource]) -> TrackedSource? {
    guard let newest = known.first, newest.content.position == 0,
      areOfOneName(newest.content.realPath, opened.realPath)
    else { return nil }
    return newest
  }

  // MARK: Files that hold what another held

  /// The session of the source that continues in this file, if there is one; else the path of a file
  /// that it is a copy of.
  private func moved(
    to opened: OpenedFile, except known: [TrackedSource]
  ) throws -> (session: SourceSession?, original: String?) {
    var original: String?
    var alikeCount = 0
    let current = sinceEmpty(known)
    for candidate in try matcher.matching(opened) {
      // Sources of this file were tried before, but for those that continued in another file before this
      // one was seen empty.
      if current.contains(where: { $0 === candidate }) { continue }
      if candidate.content.file == opened.status.id, known.contains(where: { $0 === candidate }) {
        continue
      }
      // The source that continued for it has its file in this folder: this one may be a copy of that.
      if candidate.isLeftBehind, candidate.previous?.content.folder == opened.folder { continue }
      if arePackedAlike(candidate.content.realPath, opened.realPath) {
        return (try sessions.continued(candidate, opened), nil)
      }
      let isDistinctive = matcher.isDistinctive(candidate, opened)
      // A beginning that many files have in common identifies none of them.
      if !isDistinctive, alikeCount == ContentMatcher.alikeMax { continue }
      let location = try locator.location(of: candidate, besides: opened)
      guard case .present(let path) = location else {
        return (try sessions.takenOver(candidate, opened, location), nil)
      }
      if isDistinctive { original = original ?? path } else { alikeCount += 1 }
    }
    return (nil, original)
  }

  /// What becomes of a file that holds the beginning of what was read of another, which is gone, and
  /// nothing else: it gives nothing before it holds more, since that may be just being copied here. Nil
  /// for any other file.
  private func openPartial(_ opened: OpenedFile) throws -> Resolution? {
    guard let (source, reader) = try matcher.sourceBegun(by: opened) else { return nil }
    let originalPath = source.content.realPath
    if isFollowing { return .partial(opened.status, from: originalPath) }
    let session = finishedSession(source, opened, reader)
    session.warnings.append(partialNote(from: originalPath))
    return .session(session)
  }

  /// What becomes of a file that is the compressed form of one that was read in its folder, but ends
  /// before what was read. Nil for any other file.
  private func openShorterCompressed(_ opened: OpenedFile) throws -> Resolution? {
    guard let (source, reader, lines) = try matcher.sourceWithLonger(than: opened) else {
      return nil
    }
    guard isFollowing else { return .session(finishedSession(source, opened, reader)) }
    if lines == 0 { return .empty(opened.status) }
    let session = try sessions.session(source, opened, reader, .init())
    source.content.isEndReached = true
    return .session(session)
  }

  /// A session of a source with nothing to give: what the file holds was taken before.
  private func finishedSession(
    _ source: TrackedSource, _ opened: OpenedFile, _ reader: ContentReader
  ) -> SourceSession {
    SourceSession(
      source, name: opened.path, realPath: opened.realPath, reader: reader, status: nil,
      beginning: .init(), tailRule: .never)
  }
}
