internal import Bytes
internal import Scoring

extension ScoringSettings {
  /// Each setting by its name in `foldlog.toml`: see schemas/settings.md.
  var named: [(name: String, value: String)] {
    let profileName = profile == .value ? "value" : "quality"
    var all: [(name: String, value: String)] = [
      ("values.profile", profileName), ("values.adjust_thresholds", "\(adjustsThresholds)"),
      ("values.feedback_per_minute", "\(feedbackPerMinuteMax)"),
    ]
    func add(_ section: String, _ values: [(String, FixedPoint)]) {
      all += values.map { ("values.\(section).\($0)", "\($1)") }
    }
    add(
      "weights",
      [
        ("outcome", valueWeights.outcome), ("feedback", valueWeights.feedback),
        ("reusability", valueWeights.reusability), ("complexity", valueWeights.complexity),
        ("novelty", valueWeights.novelty),
      ])
    add(
      "quality_weights",
      [
        ("satisfaction", qualityWeights.satisfaction), ("correctness", qualityWeights.correctness),
        ("code_quality", qualityWeights.codeQuality), ("relevance", qualityWeights.relevance),
        ("efficiency", qualityWeights.efficiency),
      ])
    add(
      "thresholds",
      [
        ("high_value", thresholds.highValue), ("high_quality", thresholds.highQuality),
        ("exceptional", thresholds.exceptional),
      ])
    add("domains", domainAdjustments.map { ($0.domain, $0.adjustment) })
    return all
  }
}
