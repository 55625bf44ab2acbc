/// What is still to be read, group by group. Groups take turns, so that none waits for the end of another's
/// line.
final class ReadQueues {
  /// The files of a group that are to be looked at, in their order.
  struct Queue {
    let group: FollowedPaths.Group
    /// Files of the group that were left out as copies of the base.
    var copies: [String] = []
    /// Whether files were left out because the base was as it had been read.
    var isPassedOver = false
    /// Whether a file is read only if it continues what was read of it, since nobody follows its name.
    var isUnnamed = false
    var pending: ArraySlice<String> = []
    /// What is being read.
    var current: Tail?
    /// Chunks taken since its last turn began.
    var taken = 0

    /// Whether what is being read is a line whose end was not read yet.
    fileprivate var isInLine: Bool { current?.session?.isInLine == true }

    fileprivate var isDone: Bool { current == nil && pending.isEmpty }

    fileprivate var paths: Set<String> { Set(pending + (current.map { [$0.path] } ?? [])) }
  }

  /// Chunks after which a group gives way to those that wait.
  static let turnLength = 16

  var all: [Queue] = []
  /// Groups that are read side by side. The others wait for their turn, without a descriptor.
  private let sideBySideMax: Int

  /// - Parameter openMax: descriptors that may be kept open between turns.
  init(openMax: Int) { sideBySideMax = max(2, min(32, openMax / 3)) }

  /// The queues whose turn it is.
  var active: Range<Int> { all.indices.prefix(sideBySideMax) }

  /// Whether nothing is left to read but lines whose ends were not read yet.
  var holdsOnlyLines: Bool { all.allSatisfy(\.isInLine) }

  /// The files that are being read.
  var beingRead: [Tail] { all.compactMap(\.current) }

  /// Goes on with lines that were left when the last turn ended, beside what is queued since.
  func goOn(with left: [Queue]) {
    // Files that wait behind such a line must not be read before it: their new queues are dropped.
    all =
      left
      + all.filter { queue in
        !left.contains { !$0.paths.isDisjoint(with: queue.paths) }
      }
  }

  /// Lets those who waited go on instead of those who had their turn.
  func giveWay() {
    let unfinished = all.prefix(sideBySideMax).filter { !$0.isDone }
    let waiting = all.dropFirst(sideBySideMax)
    if waiting.isEmpty {
      all = Array(unfinished)
      return
    }
    // Files in the middle of a line stay open while there is room: what was read of the line would have
    // to be read again at every turn.
    var openLeft = sideBySideMax - waiting.count { $0.isInLine }
    var hadTurn: [Queue] = []
    var inTurn: [Queue] = []
    for var queue in unfinished {
      guard queue.taken >= Self.turnLength else {
        inTurn.append(queue)
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
      hadTurn.append(queue)
    }
    all = inTurn + waiting + hadTurn
  }
}
