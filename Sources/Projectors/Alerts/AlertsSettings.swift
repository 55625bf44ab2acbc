internal import Bytes
internal import Events
public import Views

/// When something is an alert.
public struct AlertsSettings: SettingGroup {
  var errorCount: UInt64 = 5
  var quietDays: UInt64 = 7
  var dailyCost = FixedPoint.zero
  var failureRise = FixedPoint(hundredths: 20)
  var failureCount: UInt64 = 20

  public init() {}

  public static func settings<Visitor: SettingVisitor>(
    _ group: inout AlertsSettings, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("alerts", "When something is an alert.")
    try visit.setting(
      "alerts.error_count", &group.errorCount, in: 1...1_000_000,
      """
      How many different lines tell of an error, without a pause of `alerts.quiet_days`, before it is an \
      alert: one that says again what an earlier one of its interaction said is none.
      """)
    try visit.setting(
      "alerts.quiet_days", &group.quietDays, in: 1...3_650,
      "After how many days without it an error is over: if it happens again, it is back.")
    try visit.setting(
      "alerts.daily_usd", &group.dailyCost, unit: .usd,
      in: FixedPoint.zero...FixedPoint(units: .max),
      "What models may cost in a day, UTC, before it is an alert; 0: whatever they cost.")
    try visit.setting(
      "alerts.failure_rise", &group.failureRise, unit: .fraction,
      in: FixedPoint.zero...FixedPoint.one,
      "By how much more of a day's interactions fail than of those of the seven days before, to be an "
        + "alert: 0.2 are 20 of 100 more.")
    try visit.setting(
      "alerts.failure_count", &group.failureCount, in: 1...1_000_000,
      "How many interactions that succeeded or failed a day needs, and the days before it, to be compared."
    )
  }
}
