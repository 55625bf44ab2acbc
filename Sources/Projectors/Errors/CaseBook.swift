internal import Bytes
internal import ErrorText
internal import Events
internal import Tables
internal import Views

/// The attempts of a session and its tasks, kept to be told in the order in which they happened: files
/// are read one after the other, so a line may tell of what happened long before the last.
struct Case: Row {
  /// Numbers of its attempts, as they were read.
  var attempts: [UInt64] = []
  /// Numbers of the trials that they made, and of those that were taken back.
  var trials: [UInt64] = []
  var spare: [UInt64] = []
  /// The greatest time of its attempts, of those whose lines say theirs, and where that was said.
  var newest: Timestamp?
  var newestSource: UInt64 = 0
  /// Whether any attempt is of an error: what passes matters only then.
  var hasErrors = false
  /// It grew too large: from then on its attempts are taken as they are read, and not kept.
  var isSettled = false

  static let table = StoredTable<UInt64, Case>("cases", isCounted: false, residentMax: 1 << 16)
  /// The case of a session or task.
  static let ofScope = StoredTable<UInt64, GroupNumber>(
    "cases/scopes", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Case, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("attempts", &row.attempts)
    try visit.hidden("trials", &row.trials)
    try visit.hidden("spare", &row.spare)
    try visit.hidden("newest", &row.newest)
    try visit.hidden("newest_source", &row.newestSource)
    try visit.hidden("has_errors", &row.hasErrors)
    try visit.hidden("is_settled", &row.isSettled)
  }

  /// Whether an attempt may have happened before one that is known.
  func isLate(_ attempt: Attempt) -> Bool {
    guard !attempt.isTimeInferred, let newest else { return false }
    return attempt.time < newest || attempt.time == newest && attempt.source != newestSource
  }

  mutating func note(_ attempt: Attempt) {
    if attempt.isOfError { hasErrors = true }
    if attempt.isTimeInferred { return }
    if let newest, newest > attempt.time { return }
    (newest, newestSource) = (attempt.time, attempt.source)
  }
}

/// Hands attempts to the learner so that what is learned depends on when they happened, and not on
/// when they were read: when one is read late, those of its session and tasks are told anew.
///
/// What is kept grows by the attempts that name a session or a task, at most
/// `ErrorLimits.attemptsMax` of each session with its tasks.
final class CaseBook {
  private let learner: FixLearner
  private let tree: ParseTree
  private let counters: KeyedTable<UInt64, GroupNumber>
  private let cases: KeyedTable<UInt64, Case>
  private let scopes: KeyedTable<UInt64, GroupNumber>
  private let attempts: KeyedTable<UInt64, Attempt>
  private let unknown: KeyedTable<UInt64, UnknownReports>
  @safe @exclusivity(unchecked) private var changes = ChangeMemory()

  /// Where `counters` has how many attempts were kept, and how many cases were begun.
  private static let attemptsKey: UInt64 = 2
  private static let casesKey: UInt64 = 3

  init(
    tables: FoldTables, patterns: KeyedTable<UInt64, Pattern>, tree: ParseTree,
    counters: KeyedTable<UInt64, GroupNumber>
  ) throws(TableError) {
    learner = try FixLearner(tables: tables, patterns: patterns, tree: tree, counters: counters)
    self.tree = tree
    self.counters = counters
    cases = try tables.open(Case.table)
    scopes = try tables.open(Case.ofScope)
    attempts = try tables.open(Attempt.table)
    unknown = try tables.open(UnknownReports.table)
  }

  /// Folds an error that happened.
  ///
  /// - Parameter first: its wording, where it is the first of its pattern, which a report may have named.
  func happened(_ event: Event, in group: UInt64, first: Wording?) throws(TableError) {
    try take(Attempt(event, group: group, &changes))
    if let first { try takeReports(like: first) }
  }

  /// Folds an event in which no error happened.
  ///
  /// - Parameter wording: of the error that it names again; nil when it names none.
  func other(_ event: Event, naming wording: Wording? = nil) throws(TableError) {
    // Before the rest of the attempt is read: most events say nothing of the kind.
    guard Attempt.isHopeful(event) else { return }
    let attempt = Attempt(event, naming: wording, &changes)
    try take(attempt)
    if let wording, attempt.isResolution, !attempt.isPartial, try tree.group(of: wording) == nil {
      try unknown.change(0) { row in
        var changed = row.take() ?? UnknownReports()
        if changed.all.count >= ErrorLimits.unknownReportsMax { changed.all.removeFirst() }
        changed.all.append(attempt)
        row = changed
      }
    }
  }

  /// Takes in which call failed, of an error that was told before that was known. Where it grew too
  /// large, its errors stay as they were told.
  func complete(_ told: EventID, by event: Event) throws(TableError) {
    let call = Attempt(event, &changes)
    guard let number = try number(of: call.scopes),
      var known = try cases.change(number, { $0.take() })
    else { return }
    for place in known.attempts {
      guard let error = try attempts.row(place), error.event == told, error.group != nil else {
        continue
      }
      try attempts.put(place, error.completed(by: call))
      try tellAnew(&known, forgetting: [error])
      break
    }
    try cases.put(number, known)
  }

  /// Two patterns became one.
  func merged(_ group: UInt64, into root: UInt64) throws(TableError) {
    try learner.merged(group, into: root)
  }

  private func take(_ attempt: Attempt) throws(TableError) {
    guard attempt.matters else { return }
    guard let number = try number(of: attempt.scopes) else { return try learner.take(attempt) }
    // Out of its table, so that its lists are not copied when they grow.
    guard var known = try cases.change(number, { $0.take() }) else { return }
    if !known.isSettled, known.attempts.count >= ErrorLimits.attemptsMax { try settle(&known) }
    let isLate = known.isLate(attempt)
    if isLate, try isKnown(attempt, in: known) { return }
    known.note(attempt)
    if !known.isSettled {
      var kept = attempt
      // What does not say when happened after all that was read before.
      if attempt.isTimeInferred { kept.time = known.newest ?? Timestamp(nanoseconds: .min) }
      known.attempts.append(try keep(kept))
      if isLate {
        // What passed before any error, or among none, mends none.
        if known.hasErrors { try tellAnew(&known) }
        return try cases.put(number, known)
      }
    }
    try learn(attempt, &known)
    try cases.put(number, known)
  }

  /// Whether another source told of the same already: what was done once is not done again, after
  /// what followed it.
  private func isKnown(_ attempt: Attempt, in known: Case) throws(TableError) -> Bool {
    guard !attempt.isOfError, !attempt.isTimeInferred else { return false }
    for number in known.attempts {
      if let other = try attempts.row(number), attempt.tellsTheSame(as: other) { return true }
    }
    return false
  }

  private func learn(_ attempt: Attempt, _ known: inout Case) throws(TableError) {
    (learner.learned, learner.spare) = ([], known.spare)
    try learner.take(attempt)
    known.spare = learner.spare
    if !known.isSettled { known.trials += learner.learned }
    (learner.learned, learner.spare) = ([], [])
  }

  private func keep(_ attempt: Attempt) throws(TableError) -> UInt64 {
    let number = try counters.row(Self.attemptsKey)?.number ?? 0
    try counters.put(Self.attemptsKey, GroupNumber(number + 1))
    try attempts.put(number, attempt)
    return number
  }

  /// - Parameter old: attempts that are not among its own any more.
  private func tellAnew(
    _ known: inout Case, forgetting old: [Attempt] = []
  ) throws(TableError) {
    var all: [Attempt] = []
    for number in known.attempts {
      if let attempt = try attempts.row(number) { all.append(attempt) }
    }
    learner.spare = known.spare + known.trials.reversed()
    learner.learned = []
    try learner.forget(all + old)
    for attempt in Self.ordered(all) { try learner.take(attempt) }
    (known.trials, known.spare) = (learner.learned, learner.spare)
    (learner.learned, learner.spare) = ([], [])
  }

  /// In the order of their times. Of one time, each source's as they were read, and a source first
  /// that tells of an error first.
  ///
  /// Places are put in order, rather than attempts, of which each move costs a score of counts.
  private static func ordered(_ attempts: [Attempt]) -> [Attempt] {
    var keys = attempts.indices.map { place in
      Key(
        time: attempts[place].time, source: attempts[place].source, event: attempts[place].event,
        place: place)
    }
    keys.sort { $0.event < $1.event }
    var ranks: [TimeOfSource: Int] = [:]
    for (place, key) in keys.enumerated() {
      let source = TimeOfSource(time: key.time, source: key.source)
      if ranks[source] == nil { ranks[source] = attempts[key.place].group == nil ? 1 : 0 }
      keys[place].rank = ranks[source] ?? 1
    }
    keys.sort { left, right in
      if left.time != right.time { return left.time < right.time }
      if left.rank != right.rank { return left.rank < right.rank }
      if left.source != right.source { return left.source < right.source }
      return left.event < right.event
    }
    return keys.map { attempts[$0.place] }
  }

  /// What the order of attempts depends on, and where one stands.
  private struct Key {
    let time: Timestamp
    let source: UInt64
    let event: EventID
    let place: Int
    /// 0 where its source tells of an error first, at that time.
    var rank = 1
  }

  /// Keeps no more of a case than what it has come to.
  private func settle(_ known: inout Case) throws(TableError) {
    for number in known.attempts { try attempts.remove(number) }
    (known.attempts, known.trials, known.isSettled) = ([], [], true)
  }

  /// The case of a session and a task; nil of none. Where they had one each, the two become one.
  private func number(of names: [UInt64]) throws(TableError) -> UInt64? {
    var found: UInt64?
    for name in names {
      guard let number = try scopes.row(name)?.number else { continue }
      if let first = found, first != number {
        try join(number, to: first)
      } else {
        found = number
      }
    }
    guard !names.isEmpty else { return nil }
    let number: UInt64
    if let found {
      number = found
    } else {
      number = try counters.row(Self.casesKey)?.number ?? 0
      try counters.put(Self.casesKey, GroupNumber(number + 1))
      try cases.put(number, Case())
    }
    for name in names where try scopes.row(name)?.number != number {
      try scopes.put(name, GroupNumber(number))
    }
    return number
  }

  private func join(_ number: UInt64, to first: UInt64) throws(TableError) {
    guard var known = try cases.row(first), var other = try cases.row(number) else { return }
    let isTooLarge = known.attempts.count + other.attempts.count > ErrorLimits.attemptsMax
    if known.isSettled || other.isSettled || isTooLarge {
      // What is settled has no list of its sessions and tasks: the two stay as they are.
      try settle(&known)
      try settle(&other)
      try cases.put(first, known)
      return try cases.put(number, other)
    }
    for attempt in other.attempts {
      for name in try attempts.row(attempt)?.scopes ?? [] {
        try scopes.put(name, GroupNumber(first))
      }
    }
    known.attempts += other.attempts
    known.trials += other.trials
    known.spare += other.spare
    known.hasErrors = known.hasErrors || other.hasErrors
    if let newest = other.newest, known.newest.map({ $0 < newest }) ?? true {
      (known.newest, known.newestSource) = (newest, other.newestSource)
    }
    try cases.remove(number)
    if known.hasErrors { try tellAnew(&known) }
    try cases.put(first, known)
  }

  /// Takes the reports again whose pattern has come to be known.
  ///
  /// - Parameter wording: of the message that began a pattern.
  private func takeReports(like wording: Wording) throws(TableError) {
    guard let all = try unknown.row(0)?.all, !all.isEmpty else { return }
    var places: Set<Int> = []
    for place in all.indices {
      guard let named = all[place].wording, named.mayShareGroup(with: wording),
        try tree.group(of: named) != nil
      else { continue }
      places.insert(place)
    }
    if places.isEmpty { return }
    let known = all.indices.filter(places.contains).map { all[$0] }
    let left = all.indices.filter { !places.contains($0) }.map { all[$0] }
    try unknown.put(0, UnknownReports(all: left))
    for report in known {
      guard let number = try number(of: report.scopes), var told = try cases.row(number) else {
        try learner.take(report)
        continue
      }
      if told.isSettled { try learn(report, &told) } else { try tellAnew(&told) }
      try cases.put(number, told)
    }
  }
}

private struct TimeOfSource: Hashable {
  let time: Timestamp
  let source: UInt64
}

/// Reports of errors of no pattern that is known yet, in the order in which they were read.
private struct UnknownReports: Row {
  var all: [Attempt] = []

  static let table = StoredTable<UInt64, UnknownReports>(
    "reports", isCounted: false, residentMax: 1)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout UnknownReports, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("all", &row.all) }
}
