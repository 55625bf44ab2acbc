internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Learns what mended an error: the same command or call of a tool passing later in the same session
/// or task, the task that had it completing, or an event that says so.
///
/// That something passes is evidence that it was mended, not what mended it. The fix is what an event
/// calls so, also one that says it afterwards; else the last command or tool in between that changed
/// something; else it is not known. When the same thing fails again in the same way after such a
/// change, the change has failed as a fix. An error is mended once, whatever tells of it.
///
/// What is kept grows with the errors that nothing mended, with the sessions that had errors, and by a
/// row for each try of a fix; at most 2^16 rows of each table stay in memory between checkpoints.
final class FixLearner {
  let patterns: KeyedTable<UInt64, Pattern>
  let tree: ParseTree
  let trials: ChunkedTable<Trial>
  private let open: KeyedTable<UInt64, OpenError>
  let places: KeyedTable<UInt64, Place>
  let counters: KeyedTable<UInt64, GroupNumber>
  let early: KeyedTable<UInt64, EarlyReport>

  /// Where `counters` has how many errors were opened.
  private static let openedKey: UInt64 = 1
  /// And how many reports came before their errors.
  static let earlyKey: UInt64 = 2

  init(
    tables: FoldTables, patterns: KeyedTable<UInt64, Pattern>, tree: ParseTree,
    counters: KeyedTable<UInt64, GroupNumber>
  ) throws(TableError) {
    self.patterns = patterns
    self.tree = tree
    self.counters = counters
    trials = try tables.open(Trial.table)
    open = try tables.open(OpenError.table)
    places = try tables.open(Place.table)
    early = try tables.open(EarlyReport.table)
  }

  /// Folds an error that happened.
  func happened(_ event: Event, in group: UInt64) throws(TableError) {
    let attempt = Attempt(event)
    // A fix that went half-way neither worked nor failed.
    let namesFix = event.fields.text(.fix) != nil && !attempt.isPartial
    // What succeeded all the same had no error that needs a fix.
    if attempt.succeeded == true, !namesFix { return try other(event) }
    try places.note(event, in: attempt.task)
    if namesFix, try isNew(event, attempt, of: group) {
      let isMended = attempt.succeeded != false
      let trial = try learn(
        fixText(event), of: OpenError(event, group), from: event, worked: isMended)
      if isMended {
        try remember(trial, in: attempt.scopes)
        for number in try waiting(at: attempt.failing, in: group) { try close(number) }
        return
      }
    } else if namesFix, attempt.succeeded != false {
      return
    } else if !namesFix {
      if try wasReported(event, attempt, in: group) { return }
      try failedAgain(event, attempt, in: group)
    }
    try change(group) { $0.unresolved += 1 }
    try wait(event, attempt, in: group)
  }

  /// Remembers when an error happened that does not wait to be mended: told again, it is no later one.
  private func noteTime(of event: Event, _ attempt: Attempt) throws(TableError) {
    guard let task = attempt.task, !event.envelope.isTimeInferred else { return }
    try places.change(task) { row in
      var place = row ?? Place()
      place.newest = max(place.newest ?? event.time, event.time)
      row = place
    }
  }

  /// Whether an event that says the same as one before is of an error that happened since: its line
  /// says that it was later than every error that its own writer told of in the task; of another
  /// writer, than every one that is known, by more than two writers of one event differ. A line that is
  /// copied is not.
  func isLater(_ event: Event) throws(TableError) -> Bool {
    if event.envelope.isTimeInferred || !event.fields.has(.errorMessage) { return false }
    guard let task = Attempt(event).task, let place = try places.row(task),
      let newest = place.newest
    else { return false }
    let writer = Writer.id(of: event)
    if let own = place.writers.first(where: { $0.id == writer }) { return event.time > own.last }
    let (gap, isTooLong) = event.time.nanoseconds.subtractingReportingOverflow(newest.nanoseconds)
    return event.time > newest && (isTooLong || gap > ErrorLimits.copiesApartMax)
  }

  /// Folds an event in which no error happened.
  ///
  /// - Parameter wording: of the error that it names again; nil when it names none.
  func other(_ event: Event, naming wording: Wording? = nil) throws(TableError) {
    // Before the rest of the attempt is read: most events say nothing of the kind.
    guard Attempt.isHopeful(event) else { return }
    let attempt = Attempt(event)
    if attempt.isResolution { return try report(event, attempt, wording) }
    // Of errors of one pattern that it mends, the last is the one that the fix counts for.
    var mended: Set<UInt64> = []
    for number in try waiting(at: attempt.passing).reversed() {
      guard let error = try open.row(number) else { continue }
      if mended.insert(try tree.root(error.group)).inserted {
        let fix = try fix(of: error, event, attempt)
        let trial = try learn(fix, of: error, from: event, worked: true)
        try remember(trial, in: attempt.scopes)
      }
      try close(number)
    }
    guard let action = attempt.action else { return }
    for scope in attempt.scopes {
      try places.change(scope) { place in
        guard place?.waiting.isEmpty == false else { return }
        place?.action = action
        place?.actionEvent = event.id
        place?.reported = 0
      }
    }
  }

  /// An event that says of an error that it was resolved, or that it was not.
  private func report(
    _ event: Event, _ attempt: Attempt, _ wording: Wording?
  ) throws(TableError) {
    let group = try wording.flatMap { wording throws(TableError) in try tree.group(of: wording) }
    if attempt.isPartial { return }
    guard try isNew(event, attempt, of: group) else { return }
    let isMended = attempt.succeeded != false
    let numbers = try meant(by: event, attempt, group)
    if let last = numbers.last, let error = try open.row(last) {
      let trial = try learn(
        try fix(of: error, event, attempt), of: error, from: event, worked: isMended)
      if isMended {
        try remember(trial, in: attempt.scopes)
        for number in numbers { try close(number) }
      }
    } else if let number = try mended(by: event, attempt, group) {
      guard isMended else { return try deny(number, event) }
      try name(number, event)
    } else {
      var report = EarlyReport(event, wording, type: typeText(event), fix: fixText(event))
      (report.worked, report.scopes) = (isMended, attempt.scopes)
      try keep(&report, naming: group)
    }
  }

  /// The open errors that a report is about: those of its message, else of its type, else the only
  /// one of its task or session. One that says neither is about the last.
  private func meant(
    by event: Event, _ attempt: Attempt, _ group: UInt64?
  ) throws(TableError) -> [UInt64] {
    let places = attempt.failing + attempt.scopes
    let type = typeText(event)
    for place in places {
      let numbers = try waiting(at: [place], in: group)
      if numbers.isEmpty { continue }
      if group != nil { return numbers }
      if let type {
        var alike: [UInt64] = []
        for number in numbers {
          guard let error = try open.row(number) else { continue }
          if try self.type(of: error.group) == type { alike.append(number) }
        }
        if !alike.isEmpty { return alike }
      } else if !event.fields.has(.errorMessage) {
        return numbers.suffix(1)
      }
    }
    if group != nil { return [] }
    for place in places {
      let numbers = try waiting(at: [place])
      if numbers.isEmpty { continue }
      var groups: Set<UInt64> = []
      for number in numbers {
        if let error = try open.row(number) { groups.insert(try tree.root(error.group)) }
      }
      if groups.count == 1 { return numbers }
    }
    return []
  }

  func typeText(_ event: Event) -> String? {
    event.fields.text(.errorType)?.bounded(ErrorLimits.wordSizeMax)
  }

  func type(of group: UInt64) throws(TableError) -> String? {
    try patterns.row(try tree.root(group))?.errorType
  }

  /// Names what mended an error, if only that it was mended is known: it is mended once.
  private func name(_ number: UInt64, _ event: Event) throws(TableError) {
    guard let text = fixText(event) else { return }
    try trials.change(number) { trial in
      if trial.isNamed { return }
      trial.fix = text
      trial.isNamed = true
      trial.event = event.id
      if trial.project == 0 { trial.project = OpenError(event, trial.group).project }
    }
  }

  /// That a named fix did not mend what passed in the meantime.
  private func deny(_ number: UInt64, _ event: Event) throws(TableError) {
    guard let trial = try trials.row(number) else { return }
    var error = OpenError(event, trial.group)
    error.event = trial.error
    try learn(fixText(event), of: error, from: event, worked: false)
  }

  /// What the event calls the fix, else the last change since the error.
  private func fix(
    of error: OpenError, _ event: Event, _ attempt: Attempt
  ) throws(TableError) -> String? {
    if let text = fixText(event) { return text }
    return try change(since: error.event, in: attempt.scopes)
  }

  private func change(since event: EventID, in scopes: [UInt64]) throws(TableError) -> String? {
    for scope in scopes {
      if let place = try places.row(scope), place.actionEvent > event { return place.action }
    }
    return nil
  }

  private func fixText(_ event: Event) -> String? {
    guard let text = event.fields.text(.fix), !isOpaque(text) else { return nil }
    return text.bounded(ErrorLimits.fixSizeMax)
  }

  @discardableResult
  private func learn(
    _ fix: String?, of error: OpenError, from event: Event, worked: Bool
  ) throws(TableError) -> UInt64 {
    var trial = Trial()
    trial.group = error.group
    trial.fix = fix
    trial.event = event.id
    trial.error = error.event
    trial.worked = worked
    trial.isNamed = fixText(event) != nil
    trial.project = event.fields.text(.project).map(identity) ?? error.project
    trial.session = event.fields.text(.sessionID).map(identity) ?? 0
    // A time that its line does not say measures nothing.
    if worked, error.event != event.id, !error.isTimeInferred, !event.envelope.isTimeInferred {
      trial.nanoseconds = error.span(until: event.time)
    }
    return try append(trial)
  }

  func append(_ trial: Trial) throws(TableError) -> UInt64 {
    try change(trial.group) { pattern in
      if trial.worked { pattern.successes += 1 } else { pattern.failures += 1 }
    }
    return try trials.append(trial)
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
}

// The errors that wait for a call, a task or a session.
extension FixLearner {
  /// Counts the change since the same error of the same thing, if there was one, as no fix of it.
  private func failedAgain(
    _ event: Event, _ attempt: Attempt, in group: UInt64
  ) throws(TableError) {
    guard let number = try waiting(at: attempt.failing, in: group).last,
      let error = try open.row(number),
      let action = try change(since: error.event, in: attempt.scopes)
    else { return }
    try learn(action, of: error, from: event, worked: false)
  }

  /// The numbers of the errors that wait at some places, each once, in the order of their events.
  ///
  /// - Parameter group: of which they are; nil for any.
  private func waiting(
    at places: [UInt64], in group: UInt64? = nil
  ) throws(TableError) -> [UInt64] {
    var numbers: Set<UInt64> = []
    let root = try group.map { group throws(TableError) in try tree.root(group) }
    for place in places {
      for number in try self.places.row(place)?.waiting ?? [] {
        if let root {
          guard let error = try open.row(number), try tree.root(error.group) == root else {
            continue
          }
        }
        numbers.insert(number)
      }
    }
    return numbers.sorted()
  }

  /// Lets an error wait wherever it may be mended; together with those of the same pattern that wait
  /// at the same places.
  private func wait(
    _ event: Event, _ attempt: Attempt, in group: UInt64
  ) throws(TableError) {
    var error = OpenError(event, group)
    error.places = attempt.failing + attempt.scopes.filter { !attempt.failing.contains($0) }
    if error.places.isEmpty { return }
    for number in try waiting(at: [error.places[0]], in: group) {
      guard let before = try open.row(number), before.places == error.places else { continue }
      error.count += before.count
      try forget(number, before)
    }
    let number = try counters.row(Self.openedKey)?.number ?? 0
    try counters.put(Self.openedKey, GroupNumber(number + 1))
    try open.put(number, error)
    for key in error.places {
      try places.change(key) { row in
        var place = row ?? Place()
        if place.waiting.count >= ErrorLimits.openErrorsMax { place.waiting.removeFirst() }
        place.waiting.append(number)
        place.reported = 0
        row = place
      }
    }
  }

  /// An error that was mended waits no more.
  private func close(_ number: UInt64) throws(TableError) {
    guard let error = try open.row(number) else { return }
    try forget(number, error)
    try change(error.group) { $0.unresolved -= error.count }
  }

  private func forget(_ number: UInt64, _ error: OpenError) throws(TableError) {
    try open.remove(number)
    for place in error.places {
      try places.change(place) { row in
        row?.waiting.removeAll { $0 == number }
        if row?.waiting.isEmpty == true { row?.action = nil }
        if row?.isEmpty == true { row = nil }
      }
    }
  }

  /// Remembers that something mended an error, so that what is said of it again changes no number.
  func remember(_ trial: UInt64, in scopes: [UInt64]) throws(TableError) {
    for scope in scopes {
      try places.change(scope) { row in
        var place = row ?? Place()
        if place.mended.count >= ErrorLimits.openErrorsMax { place.mended.removeFirst() }
        place.mended.append(trial)
        row = place
      }
    }
  }

  /// What was mended in a task or session and is spoken of again: of a pattern, else of a type, else
  /// the last, or the only one where a message is of no known pattern. Of several, one of which nothing
  /// says yet what the fix was comes first, then the last.
  private func mended(
    by event: Event, _ attempt: Attempt, _ group: UInt64?
  ) throws(TableError) -> UInt64? {
    let root = try group.map { group throws(TableError) in try tree.root(group) }
    let type = typeText(event)
    for scope in attempt.scopes.reversed() {
      var known: [(number: UInt64, group: UInt64, isNamed: Bool, isOfType: Bool)] = []
      for number in (try places.row(scope)?.mended ?? []).reversed() {
        guard let trial = try trials.row(number) else { continue }
        let group = try tree.root(trial.group)
        if let root, group != root { continue }
        let typeOfGroup = try self.type(of: group)
        known.append((number, group, trial.isNamed, type != nil && typeOfGroup == type))
      }
      if root == nil, known.contains(where: \.isOfType) { known.removeAll { !$0.isOfType } }
      let isVague = root == nil && (type != nil || event.fields.has(.errorMessage))
      if isVague, known.first?.isOfType != true, Set(known.map(\.group)).count > 1 { continue }
      if let found = known.first(where: { !$0.isNamed }) ?? known.first { return found.number }
    }
    return nil
  }

  /// Whether the event is not what was last said in its task or session, told again. An error or a
  /// change in between makes it new, and without a task or session nothing is known to be told twice.
  private func isNew(
    _ event: Event, _ attempt: Attempt, of group: UInt64?
  ) throws(TableError) -> Bool {
    guard let scope = attempt.scopes.last else { return true }
    let fields = event.fields
    var report = mix(identity(event.kind), group.map { $0 + 1 } ?? 0)
    for text in [fields.text(.sessionID), fields.text(.interactionID), fields.text(.fix)] {
      report = mix(report, text.map(identity) ?? 0)
    }
    report = mix(report, fields.number(.iterations).map { UInt64(bitPattern: $0.units) } ?? 0)
    report = mix(report, attempt.succeeded.map { $0 ? 1 : 2 } ?? 0) | 1
    return try places.change(scope) { row in
      if row?.reported == report { return false }
      var place = row ?? Place()
      place.reported = report
      row = place
      return true
    }
  }
}
