package import Bytes
internal import Events
package import Facts
package import Views

/// Which formula gives an interaction its total.
package enum ScoringProfile: UInt8, NamedChoice, SettingValue {
  case value = 0
  case quality = 1

  package var name: String {
    switch self {
    case .value: "value"
    case .quality: "quality"
    }
  }
}

/// What is added to the threshold of high value for the interactions of a domain.
package struct DomainAdjustment: Equatable, NamedSetting {
  package var domain: String
  package var adjustment: FixedPoint

  package init(domain: String, adjustment: FixedPoint) {
    self.domain = domain
    self.adjustment = adjustment
  }

  package init(name: String, value: FixedPoint) { self.init(domain: name, adjustment: value) }
  package var name: String { domain }
  package var value: FixedPoint { adjustment }
}

/// How interactions are scored. It counts in the digest of every view that uses their scores.
package struct ScoringSettings: Equatable, SettingGroup {
  package var profile = ScoringProfile.value
  package var valueWeights = ValueWeights()
  package var qualityWeights = QualityWeights()
  package var thresholds = TierThresholds()
  /// Whether the threshold of high value moves with the complexity.
  package var adjustsThresholds = false
  /// Whether the threshold of high value moves with how a domain's interactions ended so far.
  package var learnsThresholds = false
  /// By domain, whether `adjustsThresholds` is set or not. Of one domain twice, the first counts.
  package var domainAdjustments: [DomainAdjustment] = []
  /// How many events of a session may carry feedback in one minute (UTC, of event time).
  package var feedbackPerMinuteMax: UInt64 = 20

  /// Begins the bytes that a digest covers.
  private static let bytesVersion: UInt8 = 2

  package init() {}

  package static func settings<Visitor: SettingVisitor>(
    _ scoring: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("values", "How interactions are scored, whatever view uses the scores.")
    visit.section(
      "values.weights", "What the parts of a value score count.", rule: .addUpToOne)
    visit.section(
      "values.quality_weights",
      "What the parts of a quality score count: only those that an interaction has do.",
      rule: .someAboveZero)
    visit.section("values.thresholds", "From which score on an interaction is of a tier.")
    visit.section("values.domains", "Thresholds of high value, moved for one field of work.")

    var version = bytesVersion
    visit.constant(&version)
    try visit.setting(
      "values.profile", &scoring.profile,
      "Which formula gives an interaction its score: what it was worth, or how good it was.")

    let share = FixedPoint.zero...FixedPoint.one
    try visit.setting(
      "values.weights.outcome", &scoring.valueWeights.outcome, in: share, "How it ended.")
    try visit.setting(
      "values.weights.feedback", &scoring.valueWeights.feedback, in: share, "What people said.")
    try visit.setting(
      "values.weights.reusability", &scoring.valueWeights.reusability, in: share,
      "How many earlier prompts are alike.")
    try visit.setting(
      "values.weights.complexity", &scoring.valueWeights.complexity, in: share,
      "How much work it took.")
    try visit.setting(
      "values.weights.novelty", &scoring.valueWeights.novelty, in: share,
      "How unlike the response is to earlier good ones.")

    try visit.setting(
      "values.quality_weights.satisfaction", &scoring.qualityWeights.satisfaction, in: share,
      "What people said, and how soon they used it.")
    try visit.setting(
      "values.quality_weights.correctness", &scoring.qualityWeights.correctness, in: share,
      "Whether it compiles, passes tests and checks, and runs.")
    try visit.setting(
      "values.quality_weights.code_quality", &scoring.qualityWeights.codeQuality, in: share,
      "Style, maintainability, security and performance.")
    try visit.setting(
      "values.quality_weights.relevance", &scoring.qualityWeights.relevance, in: share,
      "How well it fits the project, its patterns and its domain.")
    try visit.setting(
      "values.quality_weights.efficiency", &scoring.qualityWeights.efficiency, in: share,
      "How fast and how simply it was done.")

    let tier = scoring.thresholds.lowest...scoring.thresholds.highest
    try visit.setting(
      "values.thresholds.high_value", &scoring.thresholds.highValue, in: tier,
      "Where high value begins.")
    try visit.setting(
      "values.thresholds.high_quality", &scoring.thresholds.highQuality, in: tier,
      "Where high quality begins, for what is of high value.")
    try visit.setting(
      "values.thresholds.exceptional", &scoring.thresholds.exceptional, in: tier,
      "Where the exceptional begins, for what is of high value.")
    visit.constant(&scoring.thresholds.lowest)
    visit.constant(&scoring.thresholds.highest)

    try visit.setting(
      "values.adjust_thresholds", &scoring.adjustsThresholds,
      "Whether the threshold of high value moves with the complexity.")
    try visit.setting(
      "values.learn_thresholds", &scoring.learnsThresholds,
      """
      Whether the threshold of high value moves with a domain: \(ScoreRules.Learned.rule).
      """)
    try visit.setting(
      "values.feedback_per_minute", &scoring.feedbackPerMinuteMax, unit: .events,
      in: 1...UInt64.max,
      "How many events of a session may carry feedback in one minute (UTC): the rest is ignored.")
    try visit.settings(
      "values.domains.NAME", &scoring.domainAdjustments,
      in: FixedPoint(hundredths: -100)...FixedPoint.one,
      """
      Added to `values.thresholds.high_value` for the domain of that name, within \
      \(scoring.thresholds.lowest) to \(scoring.thresholds.highest).
      """)
  }
}

extension DomainAdjustment {
  /// Whether it is about that domain, byte for byte.
  func names(_ other: String) -> Bool { domain.utf8.elementsEqual(other.utf8) }
}
