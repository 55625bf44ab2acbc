internal import Events
internal import Provenance

/// Lines that were given before.
extension SourceSession {
  /// Leaves out lines from now on that another file gave, which took this one's place.
  func leaveOut(_ given: GivenLines) {
    filter = GivenFilter(given)
    source.content.rewriteEnd = .max
  }

  /// Makes lines of the buffer blank that the file gave before it was rewritten.
  func leaveOut(from position: UInt64) -> UInt64 {
    guard var filter, source.content.rewriteEnd > position else { return 0 }
    let before = filter.skipped
    filter.blank(
      &buffer, upTo: Int(min(source.content.rewriteEnd - position, UInt64(buffer.count))))
    self.filter = filter
    source.content.skipped += filter.skipped - before
    return filter.skipped - before
  }

  func endRewrite() {
    guard filter != nil else { return }
    filter = nil
    let kept = source.content.skipped
    if kept == 0 {
      // It holds nothing of what it gave: it began anew. Another file in its place says nothing new.
      let isSameFile = source.previous?.content.file == source.content.file
      source.previous = nil
      if !isSameFile { return }
      warnings.append(
        "does not hold what was read of it before: all of it is taken, as generation "
          + "\(source.content.generation)")
    } else {
      warnings.append(
        "was rewritten: \(kept) of its lines had been taken before, and are not taken again")
    }
  }
}
