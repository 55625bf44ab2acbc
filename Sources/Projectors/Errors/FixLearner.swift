internal import Bytes
internal import Events
internal import Facts
internal import Views

/// Learns what mended an error: the same command, tool or task succeeding later in the same session
/// or task, or an event that says so.
///
/// The fix is what the event calls so; else the last other command or tool that succeeded in
/// between; else it is not known. When the same thing fails again in the same way after such an
/// action, the action has failed as a fix.
///
/// What is kept grows with the things that never succeeded again and with the sessions that had
/// errors; at most 2^16 rows of each table stay in memory between checkpoints.
final class FixLearner {
  /// What became of a fix for a pattern.
  struct Verdict {
    let group: UInt64
    let succeeded: Bool
  }

  private let fixes: KeyedTable<FixKey, Fix>
  private let open: KeyedTable<UInt64, OpenError>
  private let scopes: KeyedTable<UInt64, ScopeRow>

  init(tables: TableSet) throws(TableError) {
    fixes = try Tables.fixes(tables)
    open = try tables.keyed(
      "open", key: UInt64.self, row: OpenError.self, isCounted: false, residentMax: 1 << 16)
    scopes = try tables.keyed(
      "scopes", key: UInt64.self, row: ScopeRow.self, isCounted: false, residentMax: 1 << 16)
  }

  /// Folds an event with an error. `isSame` tells whether two groups are one pattern by now.
  func error(
    _ event: Event, group: UInt64, isSame: (UInt64, UInt64) throws(TableError) -> Bool
  ) throws(TableError) -> Verdict? {
    let attempt = Attempt(event)
    let project = event.fields.text(.project).map(identity) ?? 0
    let error = OpenError(group: group, offset: event.offset, time: event.time, project: project)
    if attempt.isResolution || event.fields.text(.fix) != nil {
      let worked = !attempt.isResolution || attempt.succeeded != false
      return try learn(fixText(event), of: error, from: event, worked: worked)
    }
    var verdict: Verdict?
    if let thing = attempt.thing {
      if let before = try open.row(thing), let scope = attempt.scopes.first,
        let action = try action(in: scope, since: before.offset),
        try isSame(before.group, group)
      {
        verdict = try learn(action, of: before, from: event, worked: false)
      }
      try open.put(thing, error)
    }
    for scope in attempt.scopes { try scopes.put(scope, ScopeRow(error: error)) }
    return verdict
  }

  /// Folds an event without an error.
  func other(_ event: Event) throws(TableError) -> Verdict? {
    let fields = event.fields
    guard fields.has(.sessionID) || fields.has(.interactionID) else { return nil }
    // Before the rest of the attempt is read: most events say nothing of the kind.
    guard Attempt.isHopeful(event) else { return nil }
    let attempt = Attempt(event)
    guard let scope = try scopeWithError(attempt.scopes) else { return nil }
    if let thing = attempt.thing, let error = try open.row(thing) {
      let worked = attempt.succeeded != false
      let action = try action(in: scope, since: error.offset)
      let text = fixText(event) ?? action
      if worked { try open.remove(thing) }
      return try learn(text, of: error, from: event, worked: worked)
    }
    if attempt.isResolution, let row = try scopes.row(scope) {
      return try learn(
        fixText(event), of: row.error, from: event, worked: attempt.succeeded != false)
    }
    if let action = attempt.action {
      for scope in attempt.scopes {
        try scopes.change(scope) { row in
          row?.action = action
          row?.actionOffset = event.offset
        }
      }
    }
    return nil
  }

  private func scopeWithError(_ candidates: [UInt64]) throws(TableError) -> UInt64? {
    for scope in candidates where try scopes.row(scope) != nil { return scope }
    return nil
  }

  private func action(in scope: UInt64, since offset: Offset) throws(TableError) -> String? {
    guard let row = try scopes.row(scope), row.actionOffset > offset else { return nil }
    return row.action
  }

  private func fixText(_ event: Event) -> String? {
    guard let text = event.fields.text(.fix), !isOpaque(text) else { return nil }
    return text.bounded(Limits.fixSizeMax)
  }

  private func learn(
    _ text: String?, of error: OpenError, from event: Event, worked: Bool
  ) throws(TableError) -> Verdict {
    let key = FixKey(group: error.group, fix: text.map(identity) ?? 0)
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
