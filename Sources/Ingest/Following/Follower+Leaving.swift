package import Events

/// What nobody can read once this process has ended.
extension Follower {
  /// Takes what files gained that are open and have lost their names, and commits it: of writes to
  /// them nobody told.
  ///
  /// - Parameter deadline: what was not read by then is left.
  package func takeLeave(by deadline: Timestamp) throws {
    queues = []
    let open = openTails().sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for tail in open where now() < deadline && hasLostName(tail) {
      do { try finishNameless(tail, by: deadline) } catch let error as IngestError {
        report(error)
      } catch is FollowingStopped {
        break
      }
    }
    try taker.commit()
  }

  private func hasLostName(_ tail: Tail) -> Bool {
    guard let id = tail.session?.status?.id, tails[id] === tail else { return false }
    return files.status(tail.path)?.id != id
  }

  private func finishNameless(_ tail: Tail, by deadline: Timestamp) throws {
    guard let session = tail.session, try session.look(isTouched: true) == .grown else { return }
    tail.source.isAtBase = false
    // Another process may have read what took its place.
    try registry.refresh()
    if let given = try registry.linesGiven(since: tail.source) { session.leaveOut(given) }
    while now() < deadline {
      if let chunk = try session.nextChunk() {
        try taker.take(chunk, from: session)
      } else if !session.isInLine {
        break
      }
    }
    finish(session)
  }
}
