internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Learns what mended an error: the same command or call of a tool passing later in the same session
/// or task, the task that had it completing (not the end of an agent's turn), or an event that says so.
///
/// That something passes is evidence that it was mended, not what mended it. The fix is what an event
/// calls so, also one that says it afterwards; else the last command or tool in between that changed
/// something; else it is not known. When the same thing fails again in the same way after such a
/// change, the change has failed as a fix. An error is mended once, whatever tells of it.
///
/// Takes attempts in the order in which they happened: `CaseBook` sees to that.
///
/// What is kept grows with the errors that nothing mended, with the sessions that had errors, and by a
/// row for each try of a fix; at most 2^16 rows of each table stay in memory between checkpoints.
final class FixLearner {
  let patterns: KeyedTable<UInt64, Pattern>
  let tree: ParseTree
  let trials: ChunkedTable<Trial>
  private let open: OpenErrors
  /// The numbers of the trials that were learned since it was emptied.
  @safe @exclusivity(unchecked) var learned: [UInt64] = []
  /// Numbers of trials that were taken back, to be used again, the next one last.
  @safe @exclusivity(unchecked) var spare: [UInt64] = []

  init(
    tables: FoldTables, patterns: KeyedTable<UInt64, Pattern>, tree: ParseTree,
    counters: KeyedTable<UInt64, GroupNumber>
  ) throws(TableError) {
    self.patterns = patterns
    self.tree = tree
    trials = try tables.open(Trial.table)
    open = try OpenErrors(tables: tables, tree: tree, counters: counters)
  }

  func take(_ attempt: Attempt) throws(TableError) {
    if let group = attempt.group { return try happened(attempt, in: group) }
    try other(attempt)
  }

  /// An error that happened.
  private func happened(_ attempt: Attempt, in group: UInt64) throws(TableError) {
    let namesFix = attempt.namesFix
    // What succeeded all the same had no error that needs a fix.
    if attempt.succeeded == true, !namesFix { return try other(attempt) }
    if namesFix, try open.isNew(attempt, of: group) {
      let isMended = attempt.succeeded != false
      let trial = try learn(
        attempt.fix, of: OpenError(attempt, group), from: attempt, worked: isMended)
      if isMended {
        try open.remember(trial, in: attempt.scopes)
        for number in try open.waiting(at: attempt.failing, in: group) { try close(number) }
        return
      }
    } else if namesFix, attempt.succeeded != false {
      return
    } else if !namesFix {
      try failedAgain(attempt, in: group)
    }
    if try wasMended(attempt, in: group) { return }
    try change(group) { $0.unresolved += 1 }
    try open.wait(attempt, in: group)
  }

  /// Whether an error of no task or session happened before its pattern was last said to be mended,
  /// and was read later.
  private func wasMended(_ attempt: Attempt, in group: UInt64) throws(TableError) -> Bool {
    guard attempt.scopes.isEmpty, !attempt.isTimeInferred else { return false }
    guard let number = try open.place(open.place(ofGroup: group))?.mended.last,
      let trial = try trials.row(number)
    else { return false }
    return attempt.time < trial.time
  }

  /// Two patterns became one: so do those of their errors that are of no task or session.
  func merged(_ group: UInt64, into root: UInt64) throws(TableError) {
    for trial in try open.move(from: group, to: root) { try noteLast(trial, of: root) }
  }

  /// Where a report's error may wait, the narrowest place first.
  private func places(_ attempt: Attempt, _ group: UInt64?) throws(TableError) -> [UInt64] {
    guard attempt.scopes.isEmpty, let group else { return attempt.failing + attempt.scopes }
    return [try open.place(ofGroup: group)]
  }

  private func other(_ attempt: Attempt) throws(TableError) {
    if attempt.isResolution { return try report(attempt) }
    // Of errors of one pattern that it mends, the last is the one that the fix counts for.
    var mended: Set<UInt64> = []
    for number in try open.waiting(at: attempt.passing, before: attempt).reversed() {
      guard let error = try open.row(number) else { continue }
      if mended.insert(try tree.root(error.group)).inserted {
        let fix = try fix(of: error, number, attempt)
        let trial = try learn(fix, of: error, from: attempt, worked: true)
        try open.remember(trial, in: attempt.scopes)
      }
      try close(number)
    }
    if let action = attempt.action { try open.note(action, in: attempt.scopes) }
  }

  /// An event that says of an error that it was resolved, or that it was not. Where its error is not
  /// among those of its task and session, it counts once its pattern is known.
  private func report(_ attempt: Attempt) throws(TableError) {
    let group = try attempt.wording.flatMap { wording throws(TableError) in
      try tree.group(of: wording)
    }
    if attempt.isPartial { return }
    guard try open.isNew(attempt, of: group) else { return }
    let isMended = attempt.succeeded != false
    let numbers = try meant(by: attempt, group)
    if let last = numbers.last, let error = try open.row(last) {
      let trial = try learn(
        try fix(of: error, last, attempt), of: error, from: attempt, worked: isMended)
      if isMended {
        try remember(trial, attempt, error.group)
        for number in numbers { try close(number) }
      }
    } else if let number = try mended(by: attempt, group) {
      guard isMended else { return try deny(number, attempt) }
      try name(number, attempt)
    } else if let group {
      let error = OpenError(attempt, group)
      let trial = try learn(attempt.fix, of: error, from: attempt, worked: isMended)
      if isMended { try remember(trial, attempt, group) }
    }
  }

  private func remember(
    _ trial: UInt64, _ attempt: Attempt, _ group: UInt64
  ) throws(TableError) {
    if !attempt.scopes.isEmpty { return try open.remember(trial, in: attempt.scopes) }
    if !attempt.isTimeInferred { try noteLast(trial, of: group) }
  }

  /// Of what mended errors of a pattern that are of no task or session, the last by its time is known.
  private func noteLast(_ number: UInt64, of group: UInt64) throws(TableError) {
    let key = try open.place(ofGroup: group)
    if let known = try open.place(key)?.mended.last, let last = try trials.row(known),
      let trial = try trials.row(number), trial.time < last.time
    {
      return
    }
    try open.remember(only: number, at: key)
  }

  /// The open errors that a report is about: those of its message, else of its type, else the only
  /// one of its task or session. One that says neither is about the last.
  private func meant(
    by attempt: Attempt, _ group: UInt64?
  ) throws(TableError) -> [UInt64] {
    let places = try self.places(attempt, group)
    for place in places {
      let numbers = try open.waiting(at: [place], in: group, before: attempt)
      if numbers.isEmpty { continue }
      if group != nil { return numbers }
      if let type = attempt.type {
        var alike: [UInt64] = []
        for number in numbers {
          guard let error = try open.row(number) else { continue }
          if try self.type(of: error.group) == type { alike.append(number) }
        }
        if !alike.isEmpty { return alike }
      } else if !attempt.hasMessage {
        return numbers.suffix(1)
      }
    }
    if group != nil { return [] }
    for place in places {
      let numbers = try open.waiting(at: [place], before: attempt)
      if numbers.isEmpty { continue }
      var groups: Set<UInt64> = []
      for number in numbers {
        if let error = try open.row(number) { groups.insert(try tree.root(error.group)) }
      }
      if groups.count == 1 { return numbers }
    }
    return []
  }

  private func type(of group: UInt64) throws(TableError) -> String? {
    try patterns.row(try tree.root(group))?.errorType
  }

  /// Names what mended an error, if only that it was mended is known: it is mended once.
  private func name(_ number: UInt64, _ attempt: Attempt) throws(TableError) {
    guard let text = attempt.fix else { return }
    try trials.change(number) { trial in
      if trial.isNamed { return }
      trial.fix = text
      trial.isNamed = true
      trial.event = attempt.event
      if trial.project == 0 { trial.project = attempt.project }
    }
  }

  /// That a named fix did not mend what passed in the meantime.
  private func deny(_ number: UInt64, _ attempt: Attempt) throws(TableError) {
    guard let trial = try trials.row(number) else { return }
    var error = OpenError(attempt, trial.group)
    error.event = trial.error
    try learn(attempt.fix, of: error, from: attempt, worked: false)
  }

  /// What the event calls the fix, else the last change since the error.
  private func fix(
    of error: OpenError, _ number: UInt64, _ attempt: Attempt
  ) throws(TableError) -> String? {
    if let text = attempt.fix { return text }
    return try open.change(since: number, in: attempt.scopes)
  }

  @discardableResult
  private func learn(
    _ fix: String?, of error: OpenError, from attempt: Attempt, worked: Bool
  ) throws(TableError) -> UInt64 {
    var trial = Trial()
    trial.group = error.group
    trial.fix = fix
    trial.event = attempt.event
    trial.error = error.event
    (trial.time, trial.isTimeInferred) = (attempt.time, attempt.isTimeInferred)
    trial.worked = worked
    trial.isNamed = attempt.fix != nil
    trial.project = attempt.project == 0 ? error.project : attempt.project
    trial.session = attempt.sessionName
    trial.subject = error.subject
    if worked, error.event != attempt.event { trial.nanoseconds = error.span(until: attempt) }
    try change(trial.group) { pattern in
      if trial.worked { pattern.successes += 1 } else { pattern.failures += 1 }
    }
    let number: UInt64
    if let old = spare.popLast() {
      try trials.change(old) { $0 = trial }
      number = old
    } else {
      number = try trials.append(trial)
    }
    learned.append(number)
    return number
  }

  /// Takes back all that was learned of attempts, whose trials are in `spare`.
  func forget(_ attempts: [Attempt]) throws(TableError) {
    for number in spare {
      guard let trial = try trials.row(number), !trial.isTakenBack else { continue }
      try change(trial.group) { pattern in
        if trial.worked { pattern.successes -= 1 } else { pattern.failures -= 1 }
      }
      try trials.change(number) { $0.isTakenBack = true }
    }
    for key in Set(attempts.flatMap { $0.places }).sorted() {
      for number in try open.place(key)?.waiting ?? [] { try close(number) }
      try open.forget(place: key)
    }
  }

  private func change(
    _ group: UInt64, _ body: (inout Pattern) -> Void
  ) throws(TableError) {
    try patterns.change(try tree.root(group)) { pattern in
      guard var changed = pattern.take() else { return }
      body(&changed)
      pattern = changed
    }
  }

  /// Counts the change since the same error of the same thing, if there was one, as no fix of it.
  private func failedAgain(
    _ attempt: Attempt, in group: UInt64
  ) throws(TableError) {
    guard let number = try open.waiting(at: attempt.failing, in: group).last,
      let error = try open.row(number),
      let action = try open.change(since: number, in: attempt.scopes)
    else { return }
    try learn(action, of: error, from: attempt, worked: false)
  }

  /// What was mended in a task or session and is spoken of again: of a pattern, else of a type, else
  /// the last, or the only one where a message is of no known pattern. Of several, one of which nothing
  /// says yet what the fix was comes first, then the last.
  private func mended(
    by attempt: Attempt, _ group: UInt64?
  ) throws(TableError) -> UInt64? {
    let root = try group.map { group throws(TableError) in try tree.root(group) }
    let type = attempt.type
    for scope in attempt.scopes.reversed() {
      var known: [(number: UInt64, group: UInt64, isNamed: Bool, isOfType: Bool)] = []
      for number in (try open.place(scope)?.mended ?? []).reversed() {
        guard let trial = try trials.row(number) else { continue }
        let group = try tree.root(trial.group)
        if let root, group != root { continue }
        let typeOfGroup = try self.type(of: group)
        known.append((number, group, trial.isNamed, type != nil && typeOfGroup == type))
      }
      if root == nil, known.contains(where: \.isOfType) { known.removeAll { !$0.isOfType } }
      let isVague = root == nil && (type != nil || attempt.hasMessage)
      if isVague, known.first?.isOfType != true, Set(known.map(\.group)).count > 1 { continue }
      if let found = known.first(where: { !$0.isNamed }) ?? known.first { return found.number }
    }
    return nil
  }

  /// An error that was mended waits no more.
  private func close(_ number: UInt64) throws(TableError) {
    guard let error = try open.remove(number) else { return }
    try change(error.group) { $0.unresolved -= error.count }
  }
}
