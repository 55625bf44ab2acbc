/// Takes note of alerts.
package struct AlertRequest: Request {
  /// Their ids, or how these begin.
  package var alerts: [String]
  package var who: String?

  package init(alerts: [String], who: String? = nil) {
    self.alerts = alerts
    self.who = who
  }

  package struct Checked: Sendable {
    let alerts: [String]
    let who: String?

    fileprivate init(alerts: [String], who: String?) {
      self.alerts = alerts
      self.who = who
    }
  }

  /// Digits of an id that are enough where they fit one alone.
  private static let digitsMin = 4

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if alerts.isEmpty {
      throw FoldlogError(.usage, "which alert? `foldlog query alerts` lists them")
    }
    for alert in alerts where alert.utf8.count < Self.digitsMin {
      throw FoldlogError(
        .usage,
        "an alert is named by at least \(Self.digitsMin) digits of its alert_id, not `\(alert)`")
    }
    if who == "" { throw FoldlogError(.usage, "--who takes a name that is not empty") }
    return Checked(alerts: alerts, who: who)
  }
}
