internal import Bytes
internal import Events
public import Views

/// From where on a measurement is unlike others, or has changed.
public struct MetricsSettings: SettingGroup, Equatable {
  var anomalyLow = FixedPoint(hundredths: 200)
  var anomalyMedium = FixedPoint(hundredths: 250)
  var anomalyHigh = FixedPoint(hundredths: 300)
  var trend = FixedPoint(hundredths: 5)

  public init() {}

  public static func settings<Visitor: SettingVisitor>(
    _ group: inout MetricsSettings, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    let distances = FixedPoint(hundredths: 10)...FixedPoint(hundredths: 100_000)
    visit.section("metrics", "From where on a measurement is unlike others, or has changed.")
    try visit.setting(
      "metrics.anomaly_low", &group.anomalyLow, in: distances,
      "Above how many deviations from the mean of the hours before an hour is an anomaly.")
    try visit.setting(
      "metrics.anomaly_medium", &group.anomalyMedium, in: distances,
      "Above how many its severity is medium.")
    try visit.setting(
      "metrics.anomaly_high", &group.anomalyHigh, in: distances,
      "Above how many its severity is high.")
    try visit.setting(
      "metrics.trend", &group.trend, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "Above which change, up or down, a metric is rising or falling: 0.05 are 5 of 100.")
  }
}

extension MetricsSettings {
  /// From which distance on a severity is one, in deviations.
  func deviations(of severity: Severity) -> FixedPoint {
    switch severity {
    case .low: anomalyLow
    case .medium: anomalyMedium
    case .high: anomalyHigh
    }
  }
}

extension MetricsSettings: Row {
  public static func columns<Visitor: ColumnVisitor>(
    _ row: inout MetricsSettings, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("anomaly_low", &row.anomalyLow)
    try visit.hidden("anomaly_medium", &row.anomalyMedium)
    try visit.hidden("anomaly_high", &row.anomalyHigh)
    try visit.hidden("trend", &row.trend)
  }
}
