internal import Bytes
internal import Events
internal import Provenance

/// Files that go on nothing which was read where they stand.
extension SourceResolver {
  /// Finds out what such a file is: begun before, moved, a copy, rewritten, or new.
  func openNew(
    _ opened: Opened, base: String?, _ mayBegin: (Beginner) throws -> Bool
  ) throws -> Resolution {
    // Whoever appended meanwhile may have read it, or what stood there before.
    try book.refresh()
    let known = try book.sources(at: opened.status.id)
    for source in inOrder(sinceEmpty(known), opened) {
      if let session = try resumed(source, opened) { return .session(session) }
      // Unless it is the newest that stood there, it may be another file with a number that was free
      // again.
      if base == nil, source.content.position == 0, try book.newest(at: opened.place) === source {
        return try openBegun(source, opened, known, mayBegin)
      }
    }
    if opened.status.size == 0, !isPackedName(opened.place) {
      return try openEmpty(opened, known, isRotated: base != nil, mayBegin)
    }
    return try openUnknown(opened, known, base: base, mayBegin)
  }

  /// A file of which nothing was read yet, or that was seen empty: what it holds is all new, unless it
  /// was about to be filled with lines of another.
  private func openBegun(
    _ source: TrackedSource, _ opened: Opened, _ known: [TrackedSource],
    _ mayBegin: (Beginner) throws -> Bool
  ) throws -> Resolution {
    // Rewritten once more.
    if source.previous != nil, let beginner = try resting(opened, mayBegin) {
      return .unsettled(beginner)
    }
    if try wasRead(opened.place) { return .session(try begun(source, opened, known)) }
    let (moved, original) = try moved(to: opened, except: known)
    if let moved { return .session(moved) }
    if let original, try isLeftOut(opened, base: nil, original) { return .copy(of: original) }
    if original == nil, let arriving = try openArriving(opened) { return arriving }
    return .session(try begun(source, opened, known, copyOf: original))
  }

  private func openEmpty(
    _ opened: Opened, _ known: [TrackedSource], isRotated: Bool,
    _ mayBegin: (Beginner) throws -> Bool
  ) throws -> Resolution {
    // Perhaps about to be rewritten.
    if !isRotated, try rewritten(opened, known: known, base: nil) != nil,
      let beginner = try resting(opened, mayBegin)
    {
      return .unsettled(beginner)
    }
    if let empty = emptyBefore(opened, known) {
      return .session(try begun(empty, opened, known))
    }
    return .session(
      try fresh(opened, knownID: known.first?.record.id, generationAfter: known.first))
  }

  private func openUnknown(
    _ opened: Opened, _ known: [TrackedSource], base: String?,
    _ mayBegin: (Beginner) throws -> Bool
  ) throws -> Resolution {
    let knownID = known.first?.record.id
    // Where nothing was read, what came there from elsewhere goes on at the path that is followed.
    if let base, try book.newest(at: files.realPath(base) ?? base) == nil,
      try files.isCopy(opened.path, of: base)
    {
      return .copy(of: base)
    }
    let (moved, original) = try moved(to: opened, except: known)
    if let moved { return .session(moved) }
    if let original {
      if try isLeftOut(opened, base: base, original) { return .copy(of: original) }
      // What was copied may have been emptied just now.
      if let moved = try self.moved(to: opened, except: known).session { return .session(moved) }
      return .session(try fresh(opened, knownID: knownID, copyOf: original))
    }
    if let base, try files.isCopy(opened.path, of: base) { return .copy(of: base) }
    if let shorter = try openShorterPacked(opened) {
      return shorter.session.map { .session($0) } ?? .blank(opened.status)
    }
    if let arriving = try openArriving(opened) { return arriving }
    if let before = try rewritten(opened, known: known, base: base) {
      if base == nil, let beginner = try resting(opened, mayBegin) { return .unsettled(beginner) }
      return .session(try rewritten(before, opened, knownID: knownID, isRotated: base != nil))
    }
    if let empty = emptyBefore(opened, known) {
      return .session(try begun(empty, opened, known))
    }
    let longer = try longerOriginal(of: opened)
    return .session(try fresh(opened, knownID: knownID, copyOf: longer))
  }

  /// Whether a copy that stands beside the original is not read: one that rotation makes, or that is
  /// packed.
  private func isLeftOut(_ opened: Opened, base: String?, _ original: String) throws -> Bool {
    guard try base != nil || (isFollowing && !opened.isPlain()) else { return false }
    return try files.isCopy(opened.path, of: original)
  }

  /// What was emptied or rewritten, while it may not be read yet; else nil.
  private func resting(
    _ opened: Opened, _ mayBegin: (Beginner) throws -> Bool
  ) throws -> Beginner? {
    let beginner = Beginner(status: opened.status, kind: .rewritten)
    return try mayBegin(beginner) ? nil : beginner
  }

  /// What a file was when it was seen empty; one of another name only had its number.
  private func emptyBefore(_ opened: Opened, _ known: [TrackedSource]) -> TrackedSource? {
    guard let newest = known.first, newest.content.position == 0,
      areOfOneName(newest.content.place, opened.place)
    else { return nil }
    return newest
  }
}
