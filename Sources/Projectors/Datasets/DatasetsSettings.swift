public import Views

/// What counts as something to train on.
public struct DatasetsSettings: SettingGroup {
  /// Whether what failed is no example, however high its score.
  public var isOutcomeGated = true

  public init() {}

  public static func settings<Visitor: SettingVisitor>(
    _ group: inout DatasetsSettings, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("datasets", "What counts as something to train on.")
    try visit.setting(
      "datasets.outcome_gate", &group.isOutcomeGated,
      """
      Whether only successes become examples: a failure that people praised can be of high value too.
      """)
  }
}
