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
  struct Verdict {
    let group: UInt64
    let succeeded: Bool
  }

  /// Whether two groups are one pattern by now.
  typealias Sameness = (UInt64, UInt64) throws(TableError) -> Bool

  private let fixes: KeyedTable<FixKey, Fix>
  private let open: KeyedTable<UInt64, OpenRow>
  private let scopes: KeyedTable<UInt64, ScopeRow>
  private let notes: FoldNotes?

  init(tables: TableSet) throws(TableError) {
    notes = tables.notes
    fixes = try tables.open(ErrorTables.fixes)
    open = try tables.keyed(
      "open", key: UInt64.self, row: OpenRow.self, isCounted: false, residentMax: 1 << 16)
    scopes = try tables.keyed(
      "scopes", key: UInt64.self, row: ScopeRow.self, isCounted: false, residentMax: 1 << 16)
  }

  /// Folds an event with an error.
  func error(
    _ event: Event, group: UInt64, isSame: Sameness
  ) throws(TableError) -> [Verdict] {
    let attempt = Attempt(event)
    let namesFix = attempt.isResolution || event.fields.text(.fix) != nil
    // What succeeded all the same had no error that needs a fix.
    if attempt.succeeded == true, !namesFix { return try other(event) }
    let project = event.fields.text(.project).map(identity) ?? 0
    let error = OpenError(group: group, offset: event.offset, time: event.time, project: project)
    if namesFix {
      guard try isNew(event, attempt, of: group) else { return [] }
      let worked = attempt.succeeded != false
      let verdict = try learn(fixText(event), of: error, from: event, worked: worked)
      if worked {
        for thing in attempt.failing { try close(group, of: thing, isSame) }
      } else if !attempt.isResolution {
        try open(error, by: attempt, isSame)
      }
      return [verdict]
    }
    let verdict = try failed(again: error, attempt, event, isSame)
    try open(error, by: attempt, isSame)
    for scope in attempt.scopes {
      try scopes.change(scope) { row in
        var changed = row ?? ScopeRow()
        changed.error = error
        changed.told = 0
        row = changed
      }
    }
    return verdict.map { [$0] } ?? []
  }

  /// Folds an event without an error.
  func other(_ event: Event) throws(TableError) -> [Verdict] {
    let fields = event.fields
    guard fields.has(.sessionID) || fields.has(.interactionID) else { return [] }
    // Before the rest of the attempt is read: most events say nothing of the kind.
    guard Attempt.isHopeful(event) else { return [] }
    let attempt = Attempt(event)
    guard let scope = try scopeWithError(attempt.scopes) else { return [] }
    if attempt.isResolution { return try resolved(event, attempt, in: scope) }
    var verdicts: [Verdict] = []
    for thing in attempt.passing {
      guard let row = try open.row(thing) else { continue }
      try open.remove(thing)
      for error in row.errors {
        try forget(error, in: error.partner)
        let text = try fix(of: error, event, in: scope)
        verdicts.append(try learn(text, of: error, from: event, worked: true))
      }
    }
    if verdicts.isEmpty, let action = attempt.action {
      for scope in attempt.scopes {
        try scopes.change(scope) { row in
          row?.action = action
          row?.actionOffset = event.offset
          row?.told = 0
        }
      }
    }
    return verdicts
  }

  /// What an event says about the last error, without naming it.
  private func resolved(
    _ event: Event, _ attempt: Attempt, in scope: UInt64
  ) throws(TableError) -> [Verdict] {
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

  private func action(in scope: UInt64, since offset: Offset) throws(TableError) -> String? {
    guard let row = try scopes.row(scope), row.actionOffset > offset else { return nil }
    return row.action
  }

  /// What the event calls the fix, else the last action since the error.
  private func fix(
    of error: OpenError, _ event: Event, in scope: UInt64
  ) throws(TableError) -> String? {
    if let text = fixText(event) { return text }
    return try action(in: scope, since: error.offset)
  }

  private func fixText(_ event: Event) -> String? {
    guard let text = event.fields.text(.fix), !isOpaque(text) else { return nil }
    return text.bounded(Limits.fixSizeMax)
  }

  private func learn(
    _ text: String?, of error: OpenError, from event: Event, worked: Bool
  ) throws(TableError) -> Verdict {
    let key = FixKey(group: error.group, fix: text.map(identity) ?? 0)
    notes?.add(
      "\(error.group)", at: event.offset, after: error.offset, isGood: worked, text ?? "")
    let project = event.fields.text(.project).map(identity) ?? error.project
    try fixes.change(key) { row in
      var fix = row ?? Fix(text: text, evidence: Evidence(event.offset))
      fix.evidence.add(event.offset)
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
    return Verdict(group: error.group, succeeded: worked)
  }
}

// The errors that wait for a call or a task to succeed.
extension FixLearner {
  /// The verdict on the action since the same error of the same thing, if there was one.
  private func failed(
    again error: OpenError, _ attempt: Attempt, _ event: Event, _ isSame: Sameness
  ) throws(TableError) -> Verdict? {
    guard let scope = attempt.scopes.first else { return nil }
    for thing in attempt.failing {
      for before in try open.row(thing)?.errors ?? [] where try isSame(before.group, error.group) {
        guard let action = try action(in: scope, since: before.offset) else { continue }
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
      var row = try open.row(thing) ?? OpenRow()
      if row.errors.count >= Limits.openErrorsMax { row.errors.removeFirst() }
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
    row.errors.removeAll { $0.offset == error.offset }
    if row.errors.isEmpty { try open.remove(thing) } else { try open.put(thing, row) }
  }

  /// Whether the event is not what was last said in its task or session, told again. An error or an
  /// action in between makes it new, and without a task or session nothing is known to be told twice.
  private func isNew(
    _ event: Event, _ attempt: Attempt, of group: UInt64
  ) throws(TableError) -> Bool {
    guard let scope = attempt.scopes.last else { return true }
    let fields = event.fields
    var told = mix(identity(event.kind), group)
    for text in [fields.text(.sessionID), fields.text(.interactionID), fields.text(.fix)] {
      told = mix(told, text.map(identity) ?? 0)
    }
    told = mix(told, fields.number(.iterations).map { UInt64(bitPattern: $0.units) } ?? 0)
    told = mix(told, attempt.succeeded.map { $0 ? 1 : 2 } ?? 0) | 1
    return try scopes.change(scope) { row in
      if row?.told == told { return false }
      var changed = row ?? ScopeRow()
      changed.told = told
      row = changed
      return true
    }
  }
}
