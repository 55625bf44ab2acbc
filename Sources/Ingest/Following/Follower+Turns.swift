internal import Events

/// Files take turns: none waits for the end of another's line.
extension Follower {
  /// Chunks after which a group gives way to those that wait.
  private static let turnLength = 16

  /// Whether there is more to read at once, though a turn ended: lines go on whose ends were not read.
  package var isReading: Bool { !queues.isEmpty }

  /// Reads what is queued, in turns. Returns whether it was asked to stop meanwhile.
  ///
  /// - Parameter isLeavingLines: whether it ends, too, when nothing is left but lines that go on: what
  ///   others gave can be committed then, and who was written to meanwhile has a turn.
  func drain(leavingLines isLeavingLines: Bool = false) throws -> Bool {
    var rounds = 0
    while !queues.isEmpty {
      for index in queues.indices.prefix(turnsMax) {
        if isStopping() { return true }
        var queue = queues[index]
        try advance(&queue)
        queues[index] = queue
      }
      giveWay()
      rounds = queues.allSatisfy(\.isInLine) ? rounds + 1 : 0
      if isLeavingLines, rounds >= Self.turnLength { return false }
    }
    return false
  }

  /// Goes on with lines that were left when the last turn ended, beside what is queued since.
  func goOn(with left: [Queue]) {
    // What waits behind such a line is not read before it.
    queues =
      left
      + queues.filter { queue in
        !left.contains { !$0.paths.isDisjoint(with: queue.paths) }
      }
  }

  /// Lets those who waited go on instead of those who had their turn.
  private func giveWay() {
    let active = queues.prefix(turnsMax).filter { $0.current != nil || !$0.pending.isEmpty }
    let waiting = queues.dropFirst(turnsMax)
    if waiting.isEmpty {
      queues = Array(active)
      return
    }
    // What was read of a line would have to be read again, and again.
    var openLeft = turnsMax - waiting.count { $0.isInLine }
    var tired: [Queue] = []
    var fresh: [Queue] = []
    for var queue in active {
      guard queue.taken >= Self.turnLength else {
        fresh.append(queue)
        continue
      }
      if queue.isInLine, openLeft > 0 {
        openLeft -= 1
      } else if let tail = queue.current {
        tail.session = nil
        queue.pending = [tail.path] + queue.pending
        queue.current = nil
      }
      queue.taken = 0
      tired.append(queue)
    }
    queues = fresh + waiting + tired
  }
}

extension Follower.Queue {
  /// Whether what is being read is a line whose end was not read yet.
  fileprivate var isInLine: Bool { current?.session?.isInLine == true }

  fileprivate var paths: Set<String> { Set(pending + (current.map { [$0.path] } ?? [])) }
}
