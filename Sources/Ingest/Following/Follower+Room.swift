import Events

/// Descriptors: how many are held, and what becomes of a file when there is none left.
extension Follower {
  /// Descriptors that a look at a file needs for a moment, beside that of the file itself: of others
  /// that it is compared with, and of their folder.
  package static let passingMax = 3
  /// Descriptors kept open between turns, however many there are.
  package static let openLimit = 100
  /// With fewer, files that lost their names would not be kept open.
  package static let openMin = 8

  /// How long is waited for a descriptor of which others have let go.
  static let retryInterval_ns: Int64 = 1_000_000_000

  /// Groups that are read side by side: the others wait for their turn, without a descriptor.
  var turnsMax: Int { max(2, min(32, openMax / 3)) }

  /// Closes descriptors beyond the number that may stay open, those first that were not used longest.
  func closeLeastUsed(room: Int = 0) {
    guard opened.count + room > openMax else { return }
    let open = openTails()
    guard open.count + room > openMax else { return }
    let idle = idle(open).sorted { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
    // Some at once: to look for them costs more than to open them again.
    for tail in idle.prefix(open.count + room - openMax * 3 / 4) { tail.session = nil }
  }

  /// Whether a file may be opened after all, though there was no descriptor: some are closed, or will
  /// be when other files have had their turn.
  func makeRoom() -> Bool {
    let open = openTails()
    // What lost its name could not be opened again.
    let idle = idle(open).filter { tail in
      files.status(tail.path).map { tails[$0.id] === tail } ?? false
    }
    for tail in idle { tail.session = nil }
    return !idle.isEmpty || queues.contains { $0.current?.session != nil }
  }

  /// What is followed, as it is now.
  func currentGroups() -> [FollowedPaths.Group] {
    var failures: [IngestError] = []
    var groups = paths.groups { failures.append($0) }
    if failures.contains(where: { $0.code == .noDescriptor }), makeRoom() {
      failures = []
      groups = paths.groups { failures.append($0) }
    }
    failures.forEach(report)
    return groups
  }

  func openTails() -> [Tail] {
    opened.removeAll { $0.tail?.session == nil }
    return opened.compactMap(\.tail)
  }

  private func idle(_ open: [Tail]) -> [Tail] {
    let busy = queues.compactMap(\.current)
    return open.filter { tail in !busy.contains { $0 === tail } }
  }

  func report(_ error: IngestError) {
    if error.code == .absent { return }
    if error.code == .noDescriptor {
      _ = makeRoom()
      retry = Timestamp(nanoseconds: now().nanoseconds + Self.retryInterval_ns)
    }
    tell(error, isLasting: false)
  }

  /// - Parameter isLasting: whether nobody meets it again before the file changes.
  func tell(_ error: IngestError, isLasting: Bool) {
    if reportedErrors.enter(error, isLasting: isLasting, look: looks) {
      taker.tell("\(error)", isFailure: true)
    }
  }
}
