internal import Bytes
internal import Events
internal import Provenance

/// A file that does not hold what was read of it any more.
extension SourceResolver {
  /// The source that gave lines of this file, or of one that stood in its place, before it was
  /// rewritten.
  func rewritten(
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
    guard let base else {
      // Names and numbers of files come again at once; what they hold says more.
      return candidates.count > 1
        ? try nearest(to: opened, candidates, unless: candidates.first) : candidates.first
    }
    // A rotated file may be anybody's, unless it holds lines of theirs.
    candidates += try stoodBefore(at: files.realPath(base) ?? base, not: candidates)
    return try nearest(to: opened, candidates, unless: nil)
  }

  /// How many of those that stood at a place, one after the other, a rotated file is compared with.
  private static let formerMax = 4

  /// Sources whose files stood at a place and are nowhere any more, the newest first: while nobody
  /// looked, several may have stood there, and only one of them is known to be another's rewrite.
  private func stoodBefore(
    at place: String, not known: [TrackedSource]
  ) throws -> [TrackedSource] {
    var found: [TrackedSource] = []
    for source in try book.sources(at: place) where found.count < Self.formerMax {
      guard source.content.position > 0, !known.contains(where: { $0 === source }) else { continue }
      if try holder(of: source) == nil { found.append(source) }
    }
    return found
  }

  /// Whether what a source was read from is nowhere any more, and no other source goes on for it.
  private func isGone(_ source: TrackedSource) throws -> Bool {
    if try book.hasSuccessor(source) { return false }
    if try holder(of: source) == nil {
      try book.finish(source)
      if source.content.position > 0 { return true }
    } else if source.content.position > 0 {
      return false
    }
    // Nothing of it was read yet: what its file held may stand elsewhere by now.
    return source.previous != nil
  }

  /// The source that gave most of the lines at the beginning of a file, the first of several; another
  /// if none gave any.
  private func nearest(
    to opened: Opened, _ candidates: [TrackedSource], unless none: TrackedSource?
  ) throws -> TrackedSource? {
    let reader = opened.reader()
    var beginning: [UInt8] = []
    while beginning.count < SourceSession.chunkSize, !reader.isAtEnd {
      try reader.read(into: &beginning, count: SourceSession.chunkSize)
    }
    var nearest = none
    var most: UInt64 = 0
    for candidate in candidates {
      var filter = GivenFilter(try book.linesGiven(by: candidate))
      var bytes = beginning
      filter.blank(&bytes, upTo: bytes.count)
      // Where nothing was found of what its file held before, that is nearer than itself.
      let isOlder = nearest.map { $0.content.skipped == 0 && $0.previous === candidate } ?? false
      if filter.skipped > most || (isOlder && filter.skipped == most && most > 0) {
        (nearest, most) = (candidate, filter.skipped)
      }
    }
    return nearest
  }

  func rewritten(
    _ before: TrackedSource, _ opened: Opened, knownID: SourceID?, isRotated: Bool
  ) throws -> SourceSession {
    var record = opened.record
    record.generation = before.content.generation + 1
    // Of one that gave nothing, what its file held before goes on here: it may begin anew itself.
    let giver = before.history.first { $0.content.position > 0 } ?? before
    let source = TrackedSource(new: record, knownID: knownID, previous: giver)
    // Compressed content has no end that is known before it was read, and what was rotated may still be
    // on its way to where it is copied.
    source.content.rewriteEnd = try opened.isPlain() && !isRotated ? opened.status.size : .max
    let filter = try filter(before, passing: 0, of: opened)
    return try session(
      source, opened, opened.reader(),
      SourceSession.Beginning(filter: filter, mayHaveHole: true))
  }

  /// What is left out of a rewritten file, behind what was decided about before.
  func filter(
    _ previous: TrackedSource, passing position: UInt64, of opened: Opened
  ) throws -> GivenFilter {
    var filter = GivenFilter(try book.linesGiven(by: previous))
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

/// Whether one of two paths is the other with something behind it, as rotation leaves them.
func areOfOneName(_ left: String, _ right: String) -> Bool {
  left.utf8.starts(with: right.utf8) || right.utf8.starts(with: left.utf8)
}
