internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projection
internal import Tables
internal import Views

/// Alerts, as people deal with them.
package struct AlertService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Writes down that somebody has taken note of alerts, and brings the views up to date. What is noted
  /// already is not noted again.
  ///
  /// - Returns: the ids of those that were not noted before.
  @available(*, noasync)
  package func acknowledge(
    _ request: AlertRequest.Checked
  ) throws(FoldlogError) -> (alerts: [String], projection: ProjectionOutcome) {
    try store.requireLog()
    try store.requireWritable()
    let alerts = try open(request.alerts)
    let time = wallClock()
    let lines = alerts.map { alert in
      var line = JSONLineWriter()
      line.member("event", text: "alert_acknowledged")
      line.member("timestamp", text: "\(time)")
      line.member("alert_id", text: alert)
      line.member("who", text: request.who)
      return OwnLines.Line(line.bytes)
    }
    try store.reporting {
      if lines.isEmpty { return }
      try OwnLines(store.openWholeLog(), now: wallClock)
        .append(lines)
    }
    return (alerts, ViewService(store).projectTaken(progress: { _ in }))
  }

  /// The ids of the alerts that are named and not acknowledged yet.
  private func open(_ named: [String]) throws(FoldlogError) -> [String] {
    let view = "alerts"
    guard let table = store.projectors.answers.first(where: { $0.name == view }) else {
      throw FoldlogError(.noInput, "there is no view `\(view)`")
    }
    var known: [(id: String, isAcknowledged: Bool)] = []
    try store.reading.withView(TableAddress(view)) { tables, _ in
      try table.forEach(in: tables) { cells throws(TableError) in
        let row = AnswerRow(columns: table.columns, cells: cells)
        known.append((row["alert_id"].text ?? "", row["acknowledged"] == .bool(true)))
        return true
      }
    }
    var found: [String] = []
    for name in named {
      let fitting = known.filter { $0.id.hasPrefix(name) }
      guard let alert = fitting.first else {
        throw FoldlogError(
          .noInput, "there is no alert `\(name)`: `foldlog query alerts` lists them")
      }
      if fitting.count > 1 {
        throw FoldlogError(
          .usage, "`\(name)` may be any of \(fitting.count) alerts: give more of its alert_id")
      }
      if !alert.isAcknowledged, !found.contains(alert.id) { found.append(alert.id) }
    }
    return found
  }
}
