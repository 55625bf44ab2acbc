internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Learns what mended an error: the same command or call of a tool passing later in the same session
/// or task, the task that had it completing, or an event that says so.
///
/// The fix is what the event calls so; else the last other command or tool that succeeded in
/// between; else it is not known. When the same thing fails again in the same way after such an
/// action, the action has failed as a fix. An error is mended once, whichever of the two comes first.
///
/// What is kept grows with the things that never succeeded again and with the sessions that had
/// errors; at most 2^16 rows of each table stay in memory between checkpoints.
final class FixLearner {
  /// What became of a fix for a pattern.
  struct Result {
    let group: UInt64
    let succeeded: Bool
  }

  /// Whether two groups are one pattern by now.
  typealias Sameness = (UInt64, UInt64) throws(TableError) -> Bool

  private let fixes: KeyedTable<FixKey, Fix>
  private let open: KeyedTable<UInt64, OpenErrors>
  private let scopes: KeyedTable<UInt64, Scope>

  init(tables: FoldTables) throws(TableError) {
    fixes = try tables.open(Fix.table)
    open = try tables.open(OpenErrors.table)
    scopes = try tables.open(Scope.table)
  }

  /// Folds an event with an error.
  func error(
    _ event: Event, group: UInt64, isSame: Sameness
  ) throws(TableError) -> [Result] {
    let attempt = Attempt(event)
    let namesFix = attempt.isResolution || event.fields.text(.fix) != nil
    // What succeeded all the same had no error that needs a fix.
    if attempt.succeeded == true, !namesFix { return try other(event) }
    let project = event.fields.text(.project).map(identity) ?? 0
    let error = OpenError(group: group, event: event.id, time: event.time, project: project)
    if namesFix {
      guard try isNew(event, attempt, of: group) else { return [] }
      let worked = attempt.succeeded != false
      let result = try learn(fixText(event), of: error, from: event, worked: worked)
      if worked {
        for thing in attempt.failing { try close(group, of: thing, isSame) }
      } else if !attempt.isResolution {
        try open(error, by: attempt, isSame)
      }
      return [result]
    }
    let result = try failed(again: error, attempt, event, isSame)
    try open(error, by: attempt, isSame)
    for scope in attempt.scopes {
      try scopes.change(scope) { row in
        var changed = row ?? Scope()
        changed.error = error
        changed.reported = 0
        row = changed
      }
    }
    return result.map { [$0] } ?? []
  }

  /// Folds an event without an error.
  func other(_ event: Event) throws(TableError) -> [Result] {
    let fields = event.fields
    guard fields.has(.sessionID) || fields.has(.interactionID) else { return [] }
    // Before the rest of the attempt is read: most events say nothing of the kind.
    guard Attempt.isHopeful(event) else { return [] }
    let attempt = Attempt(event)
    guard let scope = try scopeWithError(attempt.scopes) else { return [] }
    if attempt.isResolution { return try resolved(event, attempt, in: scope) }
    var results: [Result] = []
    for thing in attempt.passing {
      guard let row = try open.row(thing) else { continue }
      try open.remove(thing)
      for error in row.errors {
        try forget(error, in: error.partner)
        let text = try fix(of: error, event, in: scope)
        results.append(try learn(text, of: error, from: event, worked: true))
      }
    }
    if results.isEmpty, let action = attempt.action {
      for scope in attempt.scopes {
        try scopes.change(scope) { row in
          row?.action = action
          row?.actionEvent = event.id
          row?.reported = 0
        }
      }
    }
    return results
  }

  /// What an event says about the last error, without naming it.
  private func resolved(
    _ event: Event, _ attempt: Attempt, in scope: UInt64
  ) throws(TableError) -> [Result] {
    guard try isNew(event, attempt, of: 0) else { return [] }
    let worked = attempt.succeeded != false
    for thing in attempt.failing {
      guard let error = try open.row(thing)?.errors.last else { continue }
      let text = try fix(of: error, event, in: scope)
      if worked {
        try forget(error, in: thing)
        try forget(error, in: error.partner)
      }
      return [try learn(text, of: error, from: event, worked: worked)]
    }
    guard let error = try scopes.row(scope)?.error else { return [] }
    return [try learn(fixText(event), of: error, from: event, worked: worked)]
  }

  private func scopeWithError(_ candidates: [UInt64]) throws(TableError) -> UInt64? {
    for scope in candidates where try scopes.row(scope)?.error != nil { return scope }
    return nil
  }

  private func action(in scope: UInt64, since event: EventID) throws(TableError) -> String? {
    guard let row = try scopes.row(scope), row.actionEvent > event else { return nil }
    return row.action
  }

  /// What the event calls the fix, else the last action since the error.
  private func fix(
    of error: OpenError, _ event: Event, in scope: UInt64
  ) throws(TableError) -> String? {
    if let text = fixText(event) { return text }
    return try action(in: scope, since: error.event)
  }

  private func fixText(_ event: Event) -> String? {
    guard let text = event.fields.text(.fix), !isOpaque(text) else { return nil }
    return text.bounded(ErrorLimits.fixSizeMax)
  }

  private func learn(
    _ text: String?, of error: OpenError, from event: Event, worked: Bool
  ) throws(TableError) -> Result {
    let key = FixKey(group: error.group, text)
    let project = event.fields.text(.project).map(identity) ?? error.project
    try fixes.change(key) { row in
      var fix = row ?? Fix()
      fix.evidence.add(event.offset)
      fix.add(Trial(event: event.id, error: error.event.offset, worked: worked))
      if worked {
        fix.successes += 1
        fix.nanosecondsToFix += WideInteger(
          max(0, event.time.nanoseconds.subtractingReportingOverflow(error.time.nanoseconds).0))
        if project != 0 { fix.add(project: project) }
      } else {
        fix.failures += 1
      }
      row = fix
    }
    return Result(group: error.group, succeeded: worked)
  }
}

// The errors that wait for a call or a task to succeed.
extension FixLearner {
  /// What became of the action since the same error of the same thing, if there was one.
  private func failed(
    again error: OpenError, _ attempt: Attempt, _ event: Event, _ isSame: Sameness
  ) throws(TableError) -> Result? {
    guard let scope = attempt.scopes.first else { return nil }
    for thing in attempt.failing {
      for before in try open.row(thing)?.errors ?? [] where try isSame(before.group, error.group) {
        guard let action = try action(in: scope, since: before.event) else { continue }
        return try learn(action, of: before, from: event, worked: false)
      }
    }
    return nil
  }

  private func open(
    _ error: OpenError, by attempt: Attempt, _ isSame: Sameness
  ) throws(TableError) {
    for thing in attempt.failing {
      var error = error
      error.partner = attempt.failing.first { $0 != thing } ?? 0
      try close(error.group, of: thing, isSame)
      var row = try open.row(thing) ?? OpenErrors()
      if row.errors.count >= ErrorLimits.openErrorsMax { row.errors.removeFirst() }
      row.errors.append(error)
      try open.put(thing, row)
    }
  }

  /// Takes away the errors of a thing that are of one pattern.
  private func close(
    _ group: UInt64, of thing: UInt64, _ isSame: Sameness
  ) throws(TableError) {
    for error in try open.row(thing)?.errors ?? [] where try isSame(error.group, group) {
      try forget(error, in: thing)
    }
  }

  private func forget(_ error: OpenError, in thing: UInt64) throws(TableError) {
    guard var row = try open.row(thing) else { return }
    row.errors.removeAll { $0.event == error.event }
    if row.errors.isEmpty { try open.remove(thing) } else { try open.put(thing, row) }
  }

  /// Whether the event is not what was last said in its task or session, told again. An error or an
  /// action in between makes it new, and without a task or session nothing is known to be told twice.
  private func isNew(
    _ event: Event, _ attempt: Attempt, of group: UInt64
  ) throws(TableError) -> Bool {
    guard let scope = attempt.scopes.last else { return true }
    let fields = event.fields
    var report = mix(identity(event.kind), group)
    for text in [fields.text(.sessionID), fields.text(.interactionID), fields.text(.fix)] {
      report = mix(report, text.map(identity) ?? 0)
    }
    report = mix(report, fields.number(.iterations).map { UInt64(bitPattern: $0.units) } ?? 0)
    report = mix(report, attempt.succeeded.map { $0 ? 1 : 2 } ?? 0) | 1
    return try scopes.change(scope) { row in
      if row?.reported == report { return false }
      var changed = row ?? Scope()
      changed.reported = report
      row = changed
      return true
    }
  }
}

/// An error that waits for the same thing to succeed.
struct OpenError: ByteCodable {
  var group: UInt64
  var event: EventID
  var time: Timestamp
  /// A hash; 0 for none.
  var project: UInt64
  /// The other thing that waits with it, the task of a call or the call of a task; 0 for none.
  var partner: UInt64 = 0

  init(group: UInt64, event: EventID, time: Timestamp, project: UInt64) {
    self.group = group
    self.event = event
    self.time = time
    self.project = project
  }

  func encode(into writer: inout ByteWriter) {
    group.encode(into: &writer)
    event.encode(into: &writer)
    time.encode(into: &writer)
    project.encode(into: &writer)
    partner.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    group = try UInt64(from: &reader)
    event = try EventID(from: &reader)
    time = try Timestamp(from: &reader)
    project = try UInt64(from: &reader)
    partner = try UInt64(from: &reader)
  }
}

/// The errors of a thing that wait for it to succeed, one for each pattern, in the order of their
/// events; at most `ErrorLimits.openErrorsMax`.
struct OpenErrors: Row {
  var errors: [OpenError] = []

  static let table = StoredTable<UInt64, OpenErrors>(
    "open", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout OpenErrors, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("errors", &row.errors) }
}

/// A task or session: its last error, and the last thing that succeeded in it since it had one.
struct Scope: Row {
  var error: OpenError?
  var action: String?
  var actionEvent = EventID(0)
  /// A hash of what was last reported of a fix, until something else happens; 0 for nothing.
  var reported: UInt64 = 0

  static let table = StoredTable<UInt64, Scope>("scopes", isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Scope, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("error", &row.error)
    try visit.hidden("action", &row.action)
    try visit.hidden("action_event", &row.actionEvent)
    try visit.hidden("reported", &row.reported)
  }
}
