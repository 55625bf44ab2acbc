package import Bytes
internal import Events
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

/// The weights of the five parts of a value score. They are meant to add up to 1.
package struct ValueWeights: Equatable, Sendable {
  package var outcome = FixedPoint(hundredths: 40)
  package var feedback = FixedPoint(hundredths: 20)
  package var reusability = FixedPoint(hundredths: 20)
  package var complexity = FixedPoint(hundredths: 10)
  package var novelty = FixedPoint(hundredths: 10)

  package init() {}
}

/// The weights of the five parts of a quality score, of which those that are given count.
package struct QualityWeights: Equatable, Sendable {
  package var satisfaction = FixedPoint(hundredths: 30)
  package var correctness = FixedPoint(hundredths: 25)
  package var codeQuality = FixedPoint(hundredths: 20)
  package var relevance = FixedPoint(hundredths: 15)
  package var efficiency = FixedPoint(hundredths: 10)

  package init() {}

  package var inOrder: [FixedPoint] {
    [satisfaction, correctness, codeQuality, relevance, efficiency]
  }
}

/// From which total on an interaction is of a tier.
package struct TierThresholds: Equatable, Sendable {
  package var highValue = FixedPoint(hundredths: 70)
  package var highQuality = FixedPoint(hundredths: 85)
  package var exceptional = FixedPoint(hundredths: 95)
  /// The adjusted threshold of high value stays within these two.
  package var lowest = FixedPoint(hundredths: 50)
  package var highest = FixedPoint(hundredths: 95)

  package init() {}
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
      Whether the threshold of high value moves with a domain: by 0.02 up while the mean \
      outcome_quality of its earlier interactions is below 0.8, by 0.01 down above 0.95.
      """)
    try visit.setting(
      "values.feedback_per_minute", &scoring.feedbackPerMinuteMax, unit: .events,
      in: 1...UInt64.max,
      "How many events of a session may carry feedback in one minute (UTC): the rest is ignored.")
    try visit.settings(
      "values.domains.NAME", &scoring.domainAdjustments,
      in: FixedPoint(hundredths: -100)...FixedPoint.one,
      "Added to `values.thresholds.high_value` for the domain of that name, within 0.5 to 0.95.")
  }
}

extension DomainAdjustment {
  /// Whether it is about that domain, byte for byte.
  func names(_ other: String) -> Bool { domain.utf8.elementsEqual(other.utf8) }
}
