internal import Bytes
internal import Events
internal import Provenance

/// Finds the source that a file was before it was rewritten, and the lines of it that were given before.
struct RewriteFinder {
  let files: any FileSystem
  let registry: SourceRegistry
  let locator: SourceLocator

  /// How many of the sources that were read at a path, one after the other, a rotated file is compared
  /// with.
  private static let formerMax = 4

  /// The source that gave lines of this file, or of another that was at its path, before it was
  /// rewritten.
  ///
  /// - Parameter base: the followed path at which the file may have been before it was rotated.
  func previousSource(
    of opened: OpenedFile, known: [TrackedSource], base: String?
  ) throws -> TrackedSource? {
    var candidates = known.prefix(1).filter {
      // It may have gone on in another file, as when its content was copied and then truncated; or its
      // file was removed, and the inode number was given to a file of another name.
      $0.content.file == opened.status.id && $0.content.position > 0
        && areOfOneName($0.content.realPath, opened.realPath)
    }
    for path in [opened.realPath] + (base.map { [files.realPath($0) ?? $0] } ?? []) {
      guard let before = try registry.newest(at: path),
        !candidates.contains(where: { $0 === before }), try isGone(before)
      else { continue }
      candidates.append(before)
    }
    guard let base else {
      // Names and inode numbers are used again at once, so that only content decides between several.
      return candidates.count > 1
        ? try nearest(to: opened, candidates, unless: candidates.first) : candidates.first
    }
    // A rotated file may belong to any source that was read at the path, or to none.
    candidates += try formerSources(at: files.realPath(base) ?? base, except: candidates)
    return try nearest(to: opened, candidates, unless: nil)
  }

  /// Sources that were read at a path and whose files are nowhere any more, the newest first. While no
  /// process followed the path, several files may have been there, of which only the last is known as
  /// rewritten by another.
  private func formerSources(
    at realPath: String, except known: [TrackedSource]
  ) throws -> [TrackedSource] {
    var found: [TrackedSource] = []
    for source in try registry.sources(at: realPath) where found.count < Self.formerMax {
      guard source.content.position > 0, !known.contains(where: { $0 === source }) else { continue }
      if try locator.currentPath(of: source) == nil { found.append(source) }
    }
    return found
  }

  /// Whether no file holds what was read of a source any more, and no other source continues it.
  private func isGone(_ source: TrackedSource) throws -> Bool {
    if try registry.hasSuccessor(source) { return false }
    if try locator.currentPath(of: source) == nil {
      try registry.finish(source)
      if source.content.position > 0 { return true }
    } else if source.content.position > 0 {
      return false
    }
    // Nothing of it was read yet. If it is itself a rewrite, what it held before may be in another file
    // by now.
    return source.previous != nil
  }

  /// The candidate that gave most of the lines at the beginning of a file, the first of several; `none`
  /// if no candidate gave any.
  private func nearest(
    to opened: OpenedFile, _ candidates: [TrackedSource], unless none: TrackedSource?
  ) throws -> TrackedSource? {
    let reader = opened.reader()
    var beginning: [UInt8] = []
    while beginning.count < SourceSession.chunkSize, !reader.isAtEnd {
      try reader.read(into: &beginning, count: SourceSession.chunkSize)
    }
    var nearest = none
    var most: UInt64 = 0
    for candidate in candidates {
      var filter = GivenFilter(try registry.linesGiven(by: candidate))
      var bytes = beginning
      filter.blank(&bytes, upTo: bytes.count)
      // A rewrite that kept no line of the candidate before it began anew: with as many lines in common,
      // that older candidate is nearer.
      let isOlder = nearest.map { $0.content.skipped == 0 && $0.previous === candidate } ?? false
      if filter.skipped > most || (isOlder && filter.skipped == most && most > 0) {
        (nearest, most) = (candidate, filter.skipped)
      }
    }
    return nearest
  }

  /// A filter that leaves out of a rewritten file the lines that its previous source gave, after the
  /// lines before `position`, about which was decided earlier.
  func filter(
    _ previous: TrackedSource, passing position: UInt64, of opened: OpenedFile
  ) throws -> GivenFilter {
    var filter = GivenFilter(try registry.linesGiven(by: previous))
    if position == 0 { return filter }
    let reader = opened.reader()
    var left = position
    var isInHole = true
    var buffer: [UInt8] = []
    while left > 0, !reader.isAtEnd {
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      if isInHole {
        // NUL bytes at the beginning are no part of the first line.
        let hole = buffer.prefix(Int(min(left, UInt64(buffer.count)))).prefix { $0 == 0 }.count
        isInHole = hole == buffer.count
        buffer.removeSubrange(..<hole)
        left -= UInt64(hole)
      }
      let end = Int(min(left, UInt64(buffer.count)))
      // Up to the last whole line, or to the position that was reached.
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
