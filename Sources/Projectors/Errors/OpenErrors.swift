internal import Bytes
internal import ErrorText
internal import Events
internal import Tables
internal import Views

/// The errors that wait for a call, a task or a session to pass, and what is known of these places.
final class OpenErrors {
  private let open: KeyedTable<UInt64, OpenError>
  private let places: KeyedTable<UInt64, WaitingErrors>
  private let counters: KeyedTable<UInt64, GroupNumber>
  private let tree: ParseTree

  /// Where `counters` has how many errors were opened.
  private static let openedKey: UInt64 = 1
  /// Mixed with a pattern: no task or session.
  private static let nowhere: UInt64 = 0x6e6f_7768_6572_6521

  init(
    tables: FoldTables, tree: ParseTree, counters: KeyedTable<UInt64, GroupNumber>
  ) throws(TableError) {
    self.tree = tree
    self.counters = counters
    open = try tables.open(OpenError.table)
    places = try tables.open(WaitingErrors.table)
  }

  func row(_ number: UInt64) throws(TableError) -> OpenError? { try open.row(number) }

  func place(_ key: UInt64) throws(TableError) -> WaitingErrors? { try places.row(key) }

  func forget(place key: UInt64) throws(TableError) { try places.remove(key) }

  /// The numbers of the errors that wait at some places, each once, in the order of their events.
  ///
  /// - Parameters:
  ///   - group: of which they are; nil for any.
  ///   - end: after which they did not happen.
  func waiting(
    at places: [UInt64], in group: UInt64? = nil, before end: Attempt? = nil
  ) throws(TableError) -> [UInt64] {
    var numbers: Set<UInt64> = []
    let root = try group.map { group throws(TableError) in try tree.root(group) }
    for place in places {
      for number in try self.places.row(place)?.waiting ?? [] {
        guard let error = try open.row(number) else { continue }
        if let end, error.happened(after: end) { continue }
        if let root, try tree.root(error.group) != root { continue }
        numbers.insert(number)
      }
    }
    return numbers.sorted()
  }

  /// Lets an error wait wherever it may be mended; together with those of the same pattern that wait
  /// at the same places.
  func wait(
    _ attempt: Attempt, in group: UInt64
  ) throws(TableError) {
    var error = OpenError(attempt, group)
    if error.places.isEmpty { return try waitAnywhere(error) }
    for number in try waiting(at: [error.places[0]], in: group) {
      guard let before = try open.row(number), before.places == error.places else { continue }
      error.count += before.count
      try remove(number, before)
    }
    let number = try add(error)
    for key in error.places {
      if let first = try places.row(key)?.waiting, first.count >= ErrorLimits.openErrorsMax,
        let oldest = try open.row(first[0])
      {
        try remove(first[0], oldest)
      }
      try places.change(key) { row in
        var place = row.take() ?? WaitingErrors()
        place.waiting.append(number)
        place.reported = 0
        row = place
      }
    }
  }

  private func add(_ error: OpenError) throws(TableError) -> UInt64 {
    let number = try counters.row(Self.openedKey)?.number ?? 0
    try counters.put(Self.openedKey, GroupNumber(number + 1))
    try open.put(number, error)
    return number
  }

  /// The place where errors of a pattern wait that are of no task or session.
  func place(ofGroup group: UInt64) throws(TableError) -> UInt64 {
    mix(Self.nowhere, try tree.root(group))
  }

  /// Lets an error wait that is of no task or session. The newest wait each for itself, since what
  /// mends them may be said between them and read later; the others together.
  private func waitAnywhere(_ error: OpenError) throws(TableError) {
    var error = error
    error.places = [try place(ofGroup: error.group)]
    let number = try add(error)
    let numbers = (try places.row(error.places[0])?.waiting ?? []) + [number]
    try put(waiting: numbers, at: error.places[0])
  }

  private func put(waiting numbers: [UInt64], at key: UInt64) throws(TableError) {
    var left = numbers[...]
    while left.count > ErrorLimits.separateErrorsMax, let oldest = left.popFirst() {
      guard let before = try open.row(oldest), let next = left.first else { continue }
      try open.remove(oldest)
      try open.change(next) { $0?.count += before.count }
    }
    try places.change(key) { row in
      var place = row.take() ?? WaitingErrors()
      place.waiting = Array(left)
      row = place.isEmpty ? nil : place
    }
  }

  /// Lets errors of no task or session wait with those of another pattern. Returns what mended such.
  func move(from group: UInt64, to root: UInt64) throws(TableError) -> [UInt64] {
    let (old, new) = (mix(Self.nowhere, group), mix(Self.nowhere, root))
    guard let from = try places.row(old) else { return [] }
    try places.remove(old)
    for number in from.waiting { try open.change(number) { $0?.places = [new] } }
    let waiting = (try places.row(new)?.waiting ?? []) + from.waiting
    try put(waiting: waiting.sorted(), at: new)
    return from.mended
  }

  /// Takes an error from all places; returns what it was, nil when it does not wait.
  func remove(_ number: UInt64) throws(TableError) -> OpenError? {
    guard let error = try open.row(number) else { return nil }
    try remove(number, error)
    return error
  }

  private func remove(_ number: UInt64, _ error: OpenError) throws(TableError) {
    try open.remove(number)
    for place in error.places {
      try places.change(place) { row in
        row?.waiting.removeAll { $0 == number }
        if row?.waiting.isEmpty == true { row?.action = nil }
        if row?.isEmpty == true { row = nil }
      }
    }
  }

  /// Notes a change at places where an error waits.
  func note(_ action: String, in scopes: [UInt64]) throws(TableError) {
    let opened = try counters.row(Self.openedKey)?.number ?? 0
    for scope in scopes {
      try places.change(scope) { place in
        guard place?.waiting.isEmpty == false else { return }
        place?.action = action
        place?.actionNumber = opened
        place?.reported = 0
      }
    }
  }

  /// The last change in any of some scopes since an error was opened.
  func change(since number: UInt64, in scopes: [UInt64]) throws(TableError) -> String? {
    for scope in scopes {
      if let place = try places.row(scope), let action = place.action, place.actionNumber > number {
        return action
      }
    }
    return nil
  }

  /// Remembers that something mended an error, so that what is said of it again changes no number.
  func remember(_ trial: UInt64, in scopes: [UInt64]) throws(TableError) {
    for scope in scopes {
      try places.change(scope) { row in
        var place = row.take() ?? WaitingErrors()
        if place.mended.count >= ErrorLimits.openErrorsMax { place.mended.removeFirst() }
        place.mended.append(trial)
        row = place
      }
    }
  }

  /// The same of one place, and forgets what mended another there.
  func remember(only trial: UInt64, at key: UInt64) throws(TableError) {
    try places.change(key) { row in
      var place = row.take() ?? WaitingErrors()
      place.mended = [trial]
      row = place
    }
  }

  /// Whether the event is not what was last said in its task or session, told again. An error or a
  /// change in between makes it new, and without a task or session nothing is known to be told twice.
  func isNew(
    _ attempt: Attempt, of group: UInt64?
  ) throws(TableError) -> Bool {
    guard let scope = attempt.scopes.last else { return true }
    let report = mix(attempt.reported, group.map { $0 + 1 } ?? 0) | 1
    return try places.change(scope) { row in
      if row?.reported == report { return false }
      var place = row.take() ?? WaitingErrors()
      place.reported = report
      row = place
      return true
    }
  }
}
