public import Views

/// When a deployment is to be left alone.
public struct DeploymentsSettings: SettingGroup {
  var failuresInRow: UInt64 = 5

  public init() {}

  public static func settings<Visitor: SettingVisitor>(
    _ group: inout DeploymentsSettings, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("deployments", "When a deployment is to be left alone.")
    try visit.setting(
      "deployments.failures_in_row", &group.failuresInRow, in: 1...1_000_000,
      "After how many checks in a row that went wrong no requests should go to a deployment.")
  }
}
